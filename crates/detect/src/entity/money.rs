//! Amounts of money with currency and period, and a rough monthly value in US dollars for comparison.

use std::sync::LazyLock;

use super::currency::{self, Named};
use super::lexicon::{Lexicon, after, before, word_before};
use super::number::{self, Number};
use super::scan::{Marks, Sense};
use super::{Detail, FoldedEntity, Locale, overlaps};

/// A word that multiplies an amount, and the currency that it implies where none is written.
#[derive(Debug, Clone, Copy)]
struct Scale {
    factor: f64,
    implies: Option<Named>,
}

const fn by(factor: f64) -> Scale {
    Scale { factor, implies: None }
}

const fn implying(factor: f64, currency: &'static str) -> Scale {
    Scale { factor, implies: Some(Named::Is(currency)) }
}

const SCALES: &[(&str, Scale)] = &[
    ("k mil mille tausend tsd thousand bin الف الاف", by(1e3)),
    (
        "к тыс тыс. тысяч тысячи тысяча тыщ тис тисяч тисячі",
        Scale { factor: 1e3, implies: Some(Named::Shared(currency::THOUSANDS)) },
    ),
    (
        "million millions mio mln millones millon milhoes milhao millionen milyon млн миллион* мільйон* مليون ملايين",
        by(1e6),
    ),
    ("ngan nghin", implying(1e3, "VND")),
    ("trieu tr cu", implying(1e6, "VND")),
    ("ribu rb", implying(1e3, "IDR")),
    ("juta jt", implying(1e6, "IDR")),
    ("libo libong", implying(1e3, "PHP")),
    ("हजार hazar hazaar", implying(1e3, "INR")),
    ("लाख lakh lakhs lac lacs", implying(1e5, "INR")),
    ("करोड crore", implying(1e7, "INR")),
    ("พัน", implying(1e3, "THB")),
    ("หมื่น", implying(1e4, "THB")),
    ("แสน", implying(1e5, "THB")),
    ("ล้าน", implying(1e6, "THB")),
    ("千", implying(1e3, "CNY")),
    ("万 萬 w", implying(1e4, "CNY")),
    ("十万", implying(1e5, "CNY")),
];
static SCALE: LazyLock<Lexicon<Scale>> = LazyLock::new(|| Lexicon::new(SCALES));

/// For what a pay is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Period {
    Hour,
    Shift,
    Day,
    Night,
    Week,
    Fortnight,
    Month,
    Year,
    /// A client, piece, contract or job.
    Job,
}

impl Period {
    /// The name in rules.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Shift => "shift",
            Self::Day => "day",
            Self::Night => "night",
            Self::Week => "week",
            Self::Fortnight => "fortnight",
            Self::Month => "month",
            Self::Year => "year",
            Self::Job => "job",
        }
    }

    /// How many of them a month of work has, at 22 days of 8 hours.
    const fn a_month(self) -> Option<f64> {
        Some(match self {
            Self::Hour => 174.0,
            Self::Shift | Self::Day | Self::Night => 22.0,
            Self::Week => 4.3,
            Self::Fortnight => 2.2,
            Self::Month => 1.0,
            Self::Year => 1.0 / 12.0,
            Self::Job => return None,
        })
    }
}

const PERIODS: &[(&str, Period)] = &[
    (
        "hour hours hr hrs h hora horas heure heures stunde stunden std час часа часов часу година годину години год. 小时 每小时 一小时 钟头 gio tieng jam oras ساعه الساعه घंटा घंटे ชั่วโมง ชม ชม. saat saatlik hourly stundlich",
        Period::Hour,
    ),
    ("shift shifts schicht смена смену смены смен зміна зміну зміни turno turnos ca vardiya 班", Period::Shift),
    (
        "day days daily dia dias diarios diario diaria diarias jour jours tag tage taglich день дня дней дні днів сутки добу ежедневно щодня 天 每天 一天 日 每日 日结 ngay moi_ngay hari sehari harian araw يوم يوميا اليوم दिन रोज प्रतिदिन วัน gun gunluk gunde",
        Period::Day,
    ),
    (
        "night nights nightly noche noches noite noites nuit nacht ночь ночи ніч 晚 夜 dem malam gabi ليله रात คืน gece",
        Period::Night,
    ),
    (
        "week weeks weekly wk semana semanas semanal semanales semanais semanalmente semaine hebdomadaire woche wochen wochentlich недел* тиждень тижня тижні 周 每周 一周 星期 礼拜 tuan minggu seminggu mingguan linggo اسبوع اسبوعيا الاسبوع हफ्ता हफ्ते सप्ताह สัปดาห์ อาทิตย์ hafta haftalik haftada",
        Period::Week,
    ),
    ("fortnight fortnightly biweekly quincena quincenal quinzaine quinzena", Period::Fortnight),
    (
        "month months monthly mth mo pm mes meses mensual mensuales mensualmente mensais mensal mois mensuel mensuels monat monate monatlich monats месяц месяца месяцев мес мес. місяць місяця міс ежемесячно щомісяця 月 每月 一个月 个月 每个月 thang moi_thang bulan sebulan bulanan buwan buwanan kada_buwan شهر شهريا الشهر شهري महीना महीने माह मासिक เดือน ต่อเดือน ay ayda aylik",
        Period::Month,
    ),
    (
        "year years yearly annum annual annually pa ano anos anual anuales anuais par_an l'an annuel jahr jahre jahrlich год рік года річно годовых 年 每年 一年 mot_nam moi_nam tahun setahun taon سنه سنويا साल वर्ष ปี yil yillik",
        Period::Year,
    ),
    (
        "client clients cliente clientes kunde клиент* клієнт* contract contrato piece pieza stuck visit заказ* 单 每单 proje",
        Period::Job,
    ),
];
static PERIOD: LazyLock<Lexicon<Period>> = LazyLock::new(|| Lexicon::new(PERIODS));

/// Words that say a pay's period before the amount.
static PERIOD_BEFORE: LazyLock<Lexicon<Period>> = LazyLock::new(|| {
    Lexicon::new(&[
        (
            "月薪 每月 月入 月收入 月 monthly mensual mensuel mensal monatlich monatslohn bulanan aylik شهري الشهري شهريا मासिक เดือนละ เงินเดือน luong_thang ежемесячно щомісячно месяц місяць",
            Period::Month,
        ),
        ("日薪 每日 每天 日结 一天 daily diario journalier harian gunluk วันละ ngay", Period::Day),
        ("时薪 hourly stundenlohn taux_horaire ชั่วโมงละ saatlik", Period::Hour),
        ("周薪 每周 weekly semanal hebdomadaire wochenlohn mingguan haftalik", Period::Week),
        ("年薪 年收入 annual anual annuel jahresgehalt yillik", Period::Year),
    ])
});

/// Words for pay: near them an amount needs no currency of its own.
static PAY: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "salary salaries pay pays paid wage wages earn earning earnings income зарплат* зп оклад* доход* заработ* зароб* \
         дохід оплат* ставка sueldo salario salarios pago gana ganas ganar ingresos salaire salaires gehalt lohn verdienst \
         remuneracao ganhe ganhos luong thu_nhap luong_cung gaji upah penghasilan bayaran sahod sweldo kita maas maasi ucret kazanc \
         راتب الراتب براتب اجر वेतन सैलरी कमाई तनख्वाह तनखा เงินเดือน รายได้ ค่าจ้าง ค่าแรง 月薪 月入 收入 工资 薪资 薪水 \
         底薪 年薪 日薪 时薪 周薪 待遇 报酬 月收入 保底",
        (),
    )])
});

static RANGE: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[("- ~ ～ to a до bis 至 到 den sampai hanggang s/d sd الى से ถึง ile и und and y e i et و -до", ())])
});

/// The Han characters at which an amount without digits may end.
pub(super) const HAN_UNITS: &[&str] = &["万", "千"];

/// The currency that stands before a number, where the text ends; for others who must know that it is money.
pub(super) fn currency_before(text: &str) -> Option<usize> {
    currency::ends(text).map(|(start, _)| start)
}

/// The currency or multiplier that stands after a number, where the text starts.
pub(super) fn currency_after(text: &str) -> Option<usize> {
    let large = SCALE.starts(text).filter(|(_, scale)| scale.factor >= 1e3).map(|(length, _)| length);
    currency::starts(text).map(|(length, _)| length).or(large)
}

/// The word that joins two ends of a range, at the start of a text, spaces around it included.
pub(super) fn range_mark(text: &str) -> Option<usize> {
    let trimmed = text.strip_prefix(' ').unwrap_or(text);
    let (length, ()) = RANGE.starts(trimmed)?;
    let rest = trimmed[length..].strip_prefix(' ').unwrap_or(&trimmed[length..]);
    Some(text.len() - rest.len())
}

pub(super) fn find(text: &str, marks: &Marks, locale: &Locale, found: &mut Vec<FoldedEntity>) {
    let mut read_until = 0;
    for (start, _) in &marks.digits {
        if *start < read_until || overlaps(found, *start, start + 1) {
            continue;
        }
        if let Some(amount) = amount(text, *start, read_until) {
            read_until = amount.end;
            push(text, amount, locale, found);
        }
    }
    for mark in marks.of(Sense::HAN_AMOUNT) {
        if let Some(amount) = in_han(text, mark.start, mark.end).filter(|_| !overlaps(found, mark.start, mark.end)) {
            push(text, amount, locale, found);
        }
    }
}

struct Amount {
    start: usize,
    end: usize,
    value: f64,
    named: Named,
}

fn push(text: &str, amount: Amount, locale: &Locale, found: &mut Vec<FoldedEntity>) {
    let period = period(text, amount.start, amount.end);
    let currency = currency::code(amount.named, locale);
    let in_dollars = currency.and_then(currency::in_dollars);
    let a_month = period.and_then(Period::a_month);
    let monthly_usd = in_dollars.zip(a_month).map(|(value, a_month)| amount.value * value * a_month);
    let detail = Detail::Money { amount: amount.value, currency, period, monthly_usd };
    found.push(FoldedEntity { start: amount.start, end: amount.end, detail });
}

/// Reads an amount, or a range of which the larger end counts, around the number at `start`.
fn amount(text: &str, start: usize, not_before: usize) -> Option<Amount> {
    let (first, first_scale) = scaled(text, start)?;
    let mut end = first_scale.map_or(first.end, |(end, _)| end);
    let mut value = first.value * first_scale.map_or(1.0, |(_, scale)| scale.factor);
    let mut implied = first_scale.and_then(|(_, scale)| scale.implies);
    let leading = leading_currency(text, start, not_before);
    let mut trailing = trailing_currency(text, end);
    let from = trailing.map_or(end, |(end, _)| end);
    if let Some((second_end, second_value, second_implied)) = second_of_range(text, from, first.value) {
        end = second_end;
        value = value.max(second_value);
        implied = second_implied.or(implied);
        trailing = trailing_currency(text, end).or(trailing.map(|(_, named)| (end, named)));
    }
    let stands_alone = !text[..start].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    let (begin, end, named) = match (leading, trailing) {
        (Some((begin, named)), None) => (begin, end, named),
        (Some((begin, named)), Some((_, other)))
            if named == other || !text[begin..].starts_with(|c: char| c.is_ascii_lowercase()) =>
        {
            (begin, end, named)
        }
        (_, Some((trailing_end, named))) if stands_alone => (start, trailing_end, named),
        (None, None) if stands_alone => (start, end, implied.filter(|_| is_pay(text, start, end))?),
        _ => return None,
    };
    Some(Amount { start: begin, end, value, named })
}

/// A number with the word that multiplies it.
fn scaled(text: &str, start: usize) -> Option<(Number, Option<(usize, Scale)>)> {
    let number = number::read(text, start)?;
    let rest = &text[number.end..];
    let spaced = rest.strip_prefix(' ').unwrap_or(rest);
    let scale = SCALE.starts(spaced).map(|(length, scale)| (text.len() - spaced.len() + length, scale));
    // A final dot of `тыс.` belongs to the word.
    let scale = scale
        .map(|(end, scale)| (end + usize::from(text[..end].ends_with("тыс") && text[end..].starts_with('.')), scale));
    Some((number, scale))
}

fn second_of_range(text: &str, from: usize, first: f64) -> Option<(usize, f64, Option<Named>)> {
    let mark = range_mark(&text[from..])?;
    let mut start = from + mark;
    if let Some((length, _)) = currency::starts(&text[start..]) {
        start += length;
        start += usize::from(text[start..].starts_with(' '));
    }
    let (number, scale) = scaled(text, start)?;
    let value = number.value * scale.map_or(1.0, |(_, scale)| scale.factor);
    let end = scale.map_or(number.end, |(end, _)| end);
    (value >= first).then_some((end, value, scale.and_then(|(_, scale)| scale.implies)))
}

fn leading_currency(text: &str, start: usize, not_before: usize) -> Option<(usize, Named)> {
    let head = &text[text.ceil_char_boundary(start.saturating_sub(32)).max(not_before)..start];
    let offset = start - head.len();
    let trimmed = head.strip_suffix(' ').unwrap_or(head);
    let trimmed = trimmed.strip_suffix([':', '.']).unwrap_or(trimmed);
    currency::ends(trimmed).map(|(begin, named)| (offset + begin, named))
}

fn trailing_currency(text: &str, end: usize) -> Option<(usize, Named)> {
    let rest = &text[end..];
    let mut trimmed = rest.strip_prefix([' ', '-']).unwrap_or(rest);
    trimmed = trimmed.strip_prefix('+').map_or(trimmed, |after_plus| after_plus.trim_start_matches(' '));
    for filler in ["de ", "of "] {
        trimmed = trimmed.strip_prefix(filler).unwrap_or(trimmed);
    }
    let (length, named) = currency::starts(trimmed)?;
    let is_shortened =
        ["руб", "грн", "р", "тг", "rs"].contains(&&trimmed[..length]) && trimmed[length..].starts_with('.');
    Some((text.len() - trimmed.len() + length + usize::from(is_shortened), named))
}

/// Whether a word for pay stands before a place, or a period right after it.
fn is_pay(text: &str, start: usize, end: usize) -> bool {
    let head = before(text, start, 40);
    let rest = after(text, end, 24).trim_start();
    let slash = rest.starts_with('/')
        || ["per ", "a ", "al ", "par ", "pro ", "por ", "в ", "на "].iter().any(|word| rest.starts_with(word));
    let period = || period_after(text, end).is_some();
    (slash && period()) || PERIOD.starts(rest).is_some() || names_pay(head)
}

fn names_pay(head: &str) -> bool {
    let mut rest = head;
    for _ in 0..4 {
        rest = rest.trim_end_matches(|c: char| !c.is_alphanumeric() && !crate::text::is_spaceless(c));
        if rest.is_empty() {
            return false;
        }
        if PAY.ends(rest).is_some() {
            return true;
        }
        let word = word_before(rest).len();
        let last = rest.chars().next_back().map_or(0, char::len_utf8);
        let step = if rest.ends_with(crate::text::is_spaceless) || word == 0 { last } else { word };
        rest = &rest[..rest.len() - step];
    }
    false
}

fn period(text: &str, start: usize, end: usize) -> Option<Period> {
    period_after(text, end).or_else(|| period_before(text, start))
}

/// The period named within the next words (`a month`, `/hour`, `в месяц`), in the same sentence.
fn period_after(text: &str, end: usize) -> Option<Period> {
    let mut rest = after(text, end, 48);
    for _ in 0..5 {
        let gap = rest.find(|c: char| c.is_alphanumeric() || crate::text::is_spaceless(c)).unwrap_or(rest.len());
        let ends_sentence = |c: char| matches!(c, '\n' | ';' | '!' | '?' | '。' | '$' | '€');
        if rest[..gap].contains(ends_sentence) || rest[..gap].contains(". ") {
            return None;
        }
        rest = &rest[gap..];
        if let Some((_, period)) = PERIOD.starts(rest) {
            return Some(period);
        }
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let first = rest.chars().next()?;
        let step =
            if crate::text::is_spaceless(first) { first.len_utf8() } else { super::lexicon::word_at(rest).len() };
        rest = &rest[step.max(first.len_utf8())..];
    }
    None
}

/// A period named just before (`月薪 3万`, `monthly salary: 500`).
fn period_before(text: &str, start: usize) -> Option<Period> {
    let mut head = before(text, start, 40);
    for _ in 0..5 {
        head = head.trim_end_matches(|c: char| {
            !c.is_alphanumeric() && !crate::text::is_spaceless(c) && !matches!(c, '\n' | ';' | '!' | '?')
        });
        if let Some((_, period)) = PERIOD_BEFORE.ends(head) {
            return Some(period);
        }
        let last = head.chars().next_back().filter(|c| c.is_alphabetic())?;
        let word = if crate::text::is_spaceless(last) { 0 } else { word_before(head).len() };
        head = &head[..head.len() - word.max(last.len_utf8())];
    }
    None
}

/// Reads `月入过万`, `两万`, `三千元` before a Han unit; only beside a word for pay or a currency.
fn in_han(text: &str, unit: usize, unit_end: usize) -> Option<Amount> {
    let head = &text[..unit];
    let first = head.chars().next_back()?;
    let digits = |c: char| "一二三四五六七八九".chars().position(|digit| digit == c).map(|at| at as f64 + 1.0);
    let (start, count) = match first {
        '两' => (unit - first.len_utf8(), 2.0),
        '十' => (unit - first.len_utf8(), 10.0),
        '过' | '上' | '几' | '数' | '破' => (unit - first.len_utf8(), 1.0),
        _ => (unit - first.len_utf8(), digits(first)?),
    };
    let factor = if text[unit..unit_end].starts_with('万') { 1e4 } else { 1e3 };
    let trailing = trailing_currency(text, unit_end);
    if trailing.is_none() && !names_pay(before(text, start, 40)) {
        return None;
    }
    let (end, named) = trailing.unwrap_or((unit_end, Named::Is("CNY")));
    Some(Amount { start, end, value: count * factor, named })
}

#[cfg(test)]
#[path = "money_tests.rs"]
mod tests;
