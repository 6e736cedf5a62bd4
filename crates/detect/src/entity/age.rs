//! Ages of persons, stated or asked for. Years of experience, of a contract or of a firm are none.

use std::sync::LazyLock;

use super::lexicon::{Lexicon, after, before, is_letter, word_at, word_before};
use super::money::range_mark;
use super::scan::Marks;
use super::{Detail, FoldedEntity, currency, overlaps};
use crate::text::is_spaceless;

/// What follows an age.
static UNIT: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "years_old year_old yrs_old yr_old yo y.o y/o y.o. years_of_age jahre jahren jahre_alt jahrige jahriger anos ano ans an \
         лет год года годов летн* річн* рок* років 岁 歲 周岁 tuoi tahun thn taong_gulang taon_gulang سنه سنوات عاما عام اعوام साल वर्ष बरस ปี ขวบ yas* \
         anni lat letni",
        (),
    )])
});

/// What precedes an age.
static WORD: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "age aged ages age_group age_range age_limit edad edades mayores_de mayor_de idade alter возраст* віком вік віку 年龄 年齡 年纪 usia umur edad العمر عمر عمرها عمره \
         اعمارهم اعمار उम्र आयु อายุ yas yasi do_tuoi tuoi tuoi_tu i'm i_am im",
        (),
    )])
});

/// Persons; with a word for "from" after them a bare number is their age.
static PERSON: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "girl girls boy boys teen teens woman women lady ladies female females male males student students guys men candidates kids chica chicas chico chicos \
         nina ninas nino ninos muchacha muchachas joven jovenes mujer mujeres senorita senoritas moca mocas menina meninas mulher mulheres jovem jovens fille filles \
         garcon garcons femme femmes jeune jeunes madchen frau frauen junge jungen damen девушк* девочк* девчон* женщин* парн* мальчик* юнош* студент* подрост* ребят* \
         дівчат* дівчин* жінк* хлопц* хлопчик* підлітк* perempuan wanita gadis cewek laki pria remaja babae dalaga lalaki kabataan kiz kizlar bayan bayanlar erkek genc \
         gadis nu nam_nu co_gai ban_nu em_gai بنات فتيات فتاه بنت شباب لڑکیاں लड़की लडकी लड़कियां लडकियां लडके युवती महिला 女孩 女生 妹子 女 男 男女 美女 หญิง ชาย สาว ผู้หญิง เด็กสาว",
        (),
    )])
});

static FROM: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "from over above de desde a_partir_de des ab von uber от с з від dari mulai mula mula_sa usia umur min minimum mindestens minimal aged age ages between entre \
         zwischen лет років from_age from_the_age_of mayores_de edad tu tren من فوق से तीव्र 从 满 年满 ตั้งแต่ อายุ is are",
        (),
    )])
});

/// Fillers between a word for age and the number.
static FILLER: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "лет років years is of from between de desde entre od от c с von ab ist min min. minimum range group limit dari mula tu من بين antara the must be \
         mindestens а partir a_partir_de du des to zwischen от_: até до від з only just now over above tren duoi under below bis at_least по",
        (),
    )])
});

/// What makes a number of years a length of time, among the next words.
static TIME_AFTER: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "experien* experiencia* experienz* erfahrung* berufserfahrung опыт* досвід* стаж* antig* business industry market sector guarantee warranty garantie garantia contract \
         contrat* vertrag ago kinh_nghiem pengalaman خبره अनुभव ประสบการณ์ deneyim* tecrube* 工作经验 经验 以上经验 рынк* работ* mercado ramo karanasan visa visas residence aufenthalt lease \
         назад тому passport pasaporte warranty history geschichte",
        (),
    )])
});
const TIME_AFTER_WORDS: usize = 4;

/// What makes it one, right before the number.
static TIME_BEFORE: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "for over than nearly almost past last since within experience experiencia erfahrung seit durante hace ultimos depuis pendant ha mas_de mais_de plus_de \
         more_than более больше опыт* досвід* стаж* уже рынк* ринк* market contract contrato garantia warranty hon selama lebih in grade year 经验 contract: last",
        (),
    )])
});

/// Nouns that a number counts after a word for "from": then it is no age.
static COUNTED: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "countries cities nations states places different districts towns schools provinces villages hours hrs hour minutes min mins days day weeks week months month people \
         persons rooms am pm uhr h km miles percent st nd rd th stran стран стр* город* час* день дня дней дні месяц* недел* тыс* человек paises pais ciudades horas hora dias \
         meses personas pays villes heures jours mois personnes lander landern stadten stunden tage wochen monate personen 个 小时 天 月 号 日 点 negara kota jam hari bulan orang",
        (),
    )])
});

const AGES: std::ops::RangeInclusive<u32> = 10..=99;

pub(super) fn find(text: &str, marks: &Marks, found: &mut Vec<FoldedEntity>) {
    let mut read_until = 0;
    for (start, end) in &marks.digits {
        if *start < read_until || end - start != 2 || overlaps(found, *start, *end) {
            continue;
        }
        if let Some((age_end, detail)) = age(text, *start, *end) {
            found.push(FoldedEntity { start: *start, end: age_end, detail });
            read_until = age_end;
        }
    }
}

fn age(text: &str, start: usize, first_end: usize) -> Option<(usize, Detail)> {
    let head = before(text, start, 40);
    if head.ends_with(|c: char| matches!(c, '.' | ',' | '/' | '+' | '$' | '€' | '@' | '_') || c.is_ascii_alphanumeric())
        && !head.ends_with(". ")
    {
        return None;
    }
    let first = two_digits(text, start)?;
    let (last, end) = range_end(text, first_end).unwrap_or((first, first_end));
    let detail = Detail::Age { least: f64::from(first.min(last)), most: f64::from(first.max(last)) };
    let rest = after(text, end, 60);
    let rest_after_plus = rest.strip_prefix('+').unwrap_or(rest);
    let unit = UNIT.starts(rest_after_plus.trim_start_matches([' ', '-']));
    if let Some((length, ())) = unit {
        let gap = rest_after_plus.len() - rest_after_plus.trim_start_matches([' ', '-']).len();
        let unit_end = end + (rest.len() - rest_after_plus.len()) + gap + length;
        return (!is_time(text, head, unit_end)).then_some((unit_end, detail));
    }
    if rest_after_plus.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '%' | ':' | '/' | '°' | '€' | '$'))
        || rest_after_plus.starts_with(['.', ',']) && rest_after_plus[1..].starts_with(|c: char| c.is_ascii_digit())
        || currency::starts(rest_after_plus.trim_start()).is_some()
    {
        return None;
    }
    let counted = COUNTED.starts(rest_after_plus.trim_start_matches([' ', '-'])).is_some();
    let years = word_at(rest_after_plus.trim_start()).starts_with("year");
    if years && is_time(text, head, end + 6) {
        return None;
    }
    (!counted && is_announced(head, rest.starts_with('+') || last != first)).then_some((end, detail))
}

/// Whether the words before a number say that it is an age.
fn is_announced(head: &str, open_or_range: bool) -> bool {
    let mut rest = head;
    for step in 0..4 {
        rest = rest.trim_end_matches([' ', ':', '：', '-', '=', '(', '~', '"', '是', '为', '在']);
        if WORD.ends(rest).is_some_and(|(begin, ())| !is_verb_alone(&rest[begin..])) {
            return true;
        }
        let from = FROM.ends(rest);
        let person = |rest: &str| PERSON.ends(rest.trim_end_matches([' ', ',', '('])).is_some();
        if from.is_some_and(|(begin, ())| person(&rest[..begin])) || step == 0 && open_or_range && person(rest) {
            return true;
        }
        let Some((begin, ())) = FILLER.ends(rest) else { return false };
        rest = &rest[..begin];
    }
    false
}

/// `I am 25` is an age, `I am 25 minutes away` is caught by the counted nouns.
fn is_verb_alone(word: &str) -> bool {
    word == "tuoi"
}

/// Whether a number of years is a length of time.
fn is_time(text: &str, head: &str, unit_end: usize) -> bool {
    let mut rest = head.trim_end_matches([' ', ':', '(', '+', '~']);
    if TIME_BEFORE.ends(rest).is_some_and(|(begin, ())| {
        !(rest[begin..] == *"for" || rest[begin..] == *"over") || PERSON.ends(rest[..begin].trim_end()).is_none()
    }) {
        return true;
    }
    // `de 18`, `от 18`: what stands before the preposition decides.
    if let Some((begin, ())) = FILLER.ends(rest) {
        rest = rest[..begin].trim_end_matches([' ', ':']);
        if TIME_BEFORE.ends(rest).is_some() && !matches!(word_before(rest), "in" | "for" | "ha" | "over" | "hon") {
            return true;
        }
    }
    let mut rest = after(text, unit_end, 60);
    for _ in 0..TIME_AFTER_WORDS {
        let gap = rest.find(|c: char| is_letter(c) || is_spaceless(c)).unwrap_or(rest.len());
        if rest[..gap].contains(['.', ';', '!', '?', '\n', '。', '，', ','])
            || rest[..gap].contains(|c: char| c.is_ascii_digit())
        {
            return false;
        }
        rest = &rest[gap..];
        if TIME_AFTER.starts(rest).is_some() {
            return true;
        }
        let Some(first) = rest.chars().next() else { return false };
        let step = if is_spaceless(first) { first.len_utf8() } else { word_at(rest).len() };
        rest = &rest[step.max(first.len_utf8())..];
    }
    false
}

fn range_end(text: &str, end: usize) -> Option<(u32, usize)> {
    // `18 лет до 25 лет` names the unit twice; the first end closes the range.
    let start = end + range_mark(&text[end..])?;
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    let last = two_digits(text, start).filter(|_| digits == 2)?;
    Some((last, start + 2))
}

fn two_digits(text: &str, start: usize) -> Option<u32> {
    text.get(start..start + 2)?.parse().ok().filter(|age| AGES.contains(age))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::tests::seen_by;

    fn seen(text: &str) -> Vec<(f64, f64)> {
        let found = seen_by(text, |around, marks, found| find(&around.folded.text, marks, found));
        let read = |(_, detail): &(String, Detail)| match *detail {
            Detail::Age { least, most } => (least, most),
            _ => unreachable!("only ages are found here"),
        };
        found.iter().map(read).collect()
    }

    #[test]
    fn ages_in_all_languages() {
        for (text, expected) in [
            ("I am 25 years old", (25.0, 25.0)),
            ("women aged 18 to 30", (18.0, 30.0)),
            ("girls from 15", (15.0, 15.0)),
            ("girls from 16 for hotel work", (16.0, 16.0)),
            ("a 19-year-old student", (19.0, 19.0)),
            ("ladies 18-25, any experience", (18.0, 25.0)),
            ("Women 18+ only", (18.0, 18.0)),
            ("chicas de 18 a 25 años", (18.0, 25.0)),
            ("edad: 16", (16.0, 16.0)),
            ("16-18 ans", (16.0, 18.0)),
            ("jeunes filles à partir de 16 ans", (16.0, 16.0)),
            ("Alter: 21", (21.0, 21.0)),
            ("Mädchen ab 16 Jahren", (16.0, 16.0)),
            ("meninas de 17 anos", (17.0, 17.0)),
            ("idade 16 a 20", (16.0, 20.0)),
            ("девушки от 18 до 30 лет", (18.0, 30.0)),
            ("от 16 лет", (16.0, 16.0)),
            ("девочку лет 13–14", (13.0, 14.0)),
            ("дівчата від 17 років", (17.0, 17.0)),
            ("年龄18-30岁", (18.0, 30.0)),
            ("18岁", (18.0, 18.0)),
            ("女 16 到 20 岁", (16.0, 20.0)),
            ("tuổi từ 16", (16.0, 16.0)),
            ("15 tuổi", (15.0, 15.0)),
            ("umur 17", (17.0, 17.0)),
            ("usia 18-25 tahun", (18.0, 25.0)),
            ("edad 17 pataas", (17.0, 17.0)),
            ("16 taong gulang", (16.0, 16.0)),
            ("อายุ 15", (15.0, 15.0)),
            ("อายุ 18-25 ปี", (18.0, 25.0)),
            ("العمر من 16", (16.0, 16.0)),
            ("عمرها ١٧ سنة", (17.0, 17.0)),
            ("उम्र 16 साल", (16.0, 16.0)),
            ("17 yaşında kız", (17.0, 17.0)),
            ("18 yaş üstü", (18.0, 18.0)),
        ] {
            assert_eq!(seen(text), [expected], "{text}");
        }
    }

    #[test]
    fn years_of_anything_else_are_no_age() {
        for text in [
            "18 years experience",
            "15 años de experiencia",
            "over 20 years in the trade",
            "опыт 15 лет",
            "for 12 years",
            "10 years in business",
            "stay 10 days",
            "girls from 15 countries",
            "from 15 May",
            "women from 10 am",
            "12 ans d'expérience",
            "seit 20 Jahren am Markt",
            "$18",
            "18.50",
            "на рынке 15 лет",
            "более 10 лет",
            "从事10年以上经验",
            "kinh nghiệm 10 năm",
            "15% off for students",
        ] {
            assert_eq!(seen(text), [], "{text}");
        }
    }
}
