//! Years of birth: `born in 2010`, `год рождения 2009`, `2010年出生`, `05后`, `เกิดปี 2553`.

use std::sync::LazyLock;

use super::lexicon::{Lexicon, after, before};
use super::money::range_mark;
use super::scan::Marks;
use super::{Detail, FoldedEntity, overlaps};

/// Words before the year.
static BEFORE: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "born born_in birth year_of_birth birth_year date_of_birth dob d.o.b birthday yob nacida nacido nacidas nacidos nacida_en nacido_en nacimiento ano_de_nacimiento nascida \
         nascido nascidas nascidos nascimento nascida_em nascido_em nee ne nes nees nee_en ne_en nes_en nees_en naissance geboren geb geb. geburtsjahr jahrgang geburtsdatum рождения рождение \
         год_рождения года_рождения родилась родился рожден рождена рожденн* народження народилася народився рік_народження года_рожд г.р гр lahir kelahiran tahun_lahir kelahiran_tahun \
         ipinanganak kapanganakan sinh sinh_nam nam_sinh sn nam_sn dogum dogumlu dogum_yili dogum_tarihi مواليد مواليد_عام مواليد_سنه ولدت ولد تاريخ_الميلاد الميلاد जन्म जन्मतिथि जन्म_वर्ष 出生 生于 出生于 出生年份 \
         生日 เกิด เกิดปี ปีเกิด เกิดเมื่อปี",
        (),
    )])
});

/// Words after the year.
static AFTER: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "г.р гр г.рождения года_рождения год_рождения г/р гр.рождения р.н року_народження року_народж 年出生 年生 年生人 年的 出生 dogumlu dogumlular میلادی مواليد में_जन्म में_जन्मी में_जन्मे को_जन्मी",
        (),
    )])
});

/// Words that may stand between the word and the year.
static FILLER: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "in the year en em el im jahr in_the_year в году у році on of from between entre de since after before zwischen от с до tahun pada noong nam thang ngay عام سنه في वर्ष सन ปี พ.ศ ค.ศ or later around ano annee l'annee",
        (),
    )])
});

const YEARS: std::ops::RangeInclusive<u32> = 1930..=2030;
/// The Buddhist era of Thai years.
const BUDDHIST: u32 = 543;

pub(super) fn find(text: &str, marks: &Marks, found: &mut Vec<FoldedEntity>) {
    let mut read_until = 0;
    for (start, end) in &marks.digits {
        if *start < read_until || overlaps(found, *start, *end) {
            continue;
        }
        let read = match end - start {
            4 => year(text, *start, *end),
            2 => generation(text, *start, *end),
            _ => None,
        };
        if let Some((birth_end, least, most)) = read {
            let detail = Detail::BirthYear { least: f64::from(least.min(most)), most: f64::from(least.max(most)) };
            found.push(FoldedEntity { start: *start, end: birth_end, detail });
            read_until = birth_end;
        }
    }
}

fn year(text: &str, start: usize, end: usize) -> Option<(usize, u32, u32)> {
    let first = four_digits(text, start)?;
    let range =
        range_mark(&text[end..]).and_then(|mark| four_digits(text, end + mark).map(|last| (last, end + mark + 4)));
    let (last, end) = range.unwrap_or((first, end));
    let rest = after(text, end, 40);
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let word_after = AFTER.starts(rest.trim_start_matches([' ', '(']));
    (word_after.is_some() || is_announced(before(text, start, 48))).then_some((end, first, last))
}

/// Whether the words before a year say that somebody was born in it; a day and a month may stand between.
fn is_announced(head: &str) -> bool {
    let mut rest = head;
    for _ in 0..4 {
        rest = rest.trim_end_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, ' ' | ':' | '：' | '-' | '.' | '/' | '(' | ',' | '年')
        });
        if BEFORE.ends(rest).is_some() {
            return true;
        }
        let filler = FILLER.ends(rest).map(|(begin, ())| begin);
        let Some(begin) = filler.or_else(|| super::date::month_at_end(rest)) else { return false };
        rest = &rest[..begin];
    }
    false
}

/// `05后`, `00后`: those born from that year on, in Chinese.
fn generation(text: &str, start: usize, end: usize) -> Option<(usize, u32, u32)> {
    let rest = text[end..].strip_prefix('后').or_else(|| text[end..].strip_prefix('後'))?;
    if text[..start].ends_with(|c: char| c.is_ascii_alphanumeric()) || rest.starts_with(['天', '台', '来', '面', '勤'])
    {
        return None;
    }
    let short: u32 = text[start..end].parse().ok().filter(|short: &u32| short.is_multiple_of(5))?;
    let year = if short < 30 { 2000 + short } else { 1900 + short };
    let span = if short.is_multiple_of(10) { 9 } else { 4 };
    YEARS.contains(&year).then_some((text.len() - rest.len(), year, year + span))
}

fn four_digits(text: &str, start: usize) -> Option<u32> {
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    let year: u32 = text.get(start..start + 4).filter(|_| digits == 4)?.parse().ok()?;
    [year, year.saturating_sub(BUDDHIST)].into_iter().find(|year| YEARS.contains(year))
}

/// The age of somebody born in a year, at the end of another: less by one before the birthday.
pub(super) fn ages_in(year_now: f64, least: f64, most: f64) -> Option<(f64, f64)> {
    let (youngest, oldest) = (year_now - most - 1.0, year_now - least);
    (0.0..=110.0).contains(&oldest).then_some((youngest.max(0.0), oldest))
}

/// The year of a date as sources write it, `2026-11-21T…` or `21 Nov 2026`.
pub(super) fn year_of(posted_at: &str) -> Option<f64> {
    let digits = posted_at.split(|c: char| !c.is_ascii_digit());
    let year = digits
        .filter(|run| run.len() == 4)
        .find_map(|run| run.parse::<u32>().ok().filter(|year| (1990..=2100).contains(year)));
    year.map(f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::tests::seen_by;

    fn seen(text: &str) -> Vec<(f64, f64)> {
        let found = seen_by(text, |around, marks, found| find(&around.folded.text, marks, found));
        let read = |(_, detail): &(String, Detail)| match *detail {
            Detail::BirthYear { least, most } => (least, most),
            _ => unreachable!("only years of birth are found here"),
        };
        found.iter().map(read).collect()
    }

    #[test]
    fn years_of_birth_in_all_languages() {
        for text in [
            "born in 2010",
            "DOB: 12/03/2010",
            "date of birth 12 March 2010",
            "nacida en 2010",
            "año de nacimiento: 2010",
            "nascida em 2010",
            "née en 2010",
            "geboren 2010",
            "Jahrgang 2010",
            "geb. 2010",
            "год рождения 2010",
            "2010 г.р.",
            "девушка 2010 года рождения",
            "родилась в 2010 году",
            "2010 року народження",
            "народилася у 2010",
            "2010年出生",
            "生于2010年",
            "出生于 2010",
            "sinh năm 2010",
            "SN 2010",
            "kelahiran 2010",
            "lahir tahun 2010",
            "ipinanganak noong 2010",
            "doğum yılı 2010",
            "2010 doğumlu",
            "مواليد 2010",
            "ولدت عام ٢٠١٠",
            "जन्म 2010",
            "2010 में जन्मी",
            "เกิดปี 2553",
            "เกิด พ.ศ. 2553",
            "ปีเกิด 2010",
        ] {
            assert_eq!(seen(text), [(2010.0, 2010.0)], "{text}");
        }
        assert_eq!(seen("born between 2005 and 2008"), [(2005.0, 2008.0)]);
        assert_eq!(seen("招05后女生"), [(2005.0, 2009.0)]);
        assert_eq!(seen("00后"), [(2000.0, 2009.0)]);
    }

    #[test]
    fn other_years_are_none() {
        for text in [
            "since 2010",
            "in 2010 we opened",
            "founded 1995",
            "10后天",
            "born 20100",
            "+44 7700 2010",
            "2010 visitors",
            "30 days 后",
        ] {
            assert_eq!(seen(text), [], "{text}");
        }
    }

    #[test]
    fn an_age_needs_the_date_of_the_advert() {
        assert_eq!(year_of("2026-11-21T10:00:00Z"), Some(2026.0));
        assert_eq!(year_of("21 Nov 2026"), Some(2026.0));
        assert_eq!(year_of("yesterday"), None);
        assert_eq!(ages_in(2026.0, 2010.0, 2010.0), Some((15.0, 16.0)));
        assert_eq!(ages_in(2026.0, 2030.0, 2030.0), None);
    }
}
