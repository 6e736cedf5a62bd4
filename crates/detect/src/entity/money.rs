//! Amounts of money with currency and period, and a rough monthly value in US dollars for comparison.

use std::sync::LazyLock;

use regex::Regex;

use super::{Detail, FoldedEntity};

/// How currencies are written, folded; the ISO 4217 code; a rough value of one unit in US dollars (mid-2026, two
/// digits: good enough to tell "far above", not for accounts).
const CURRENCIES: [(&str, &str, f64); 32] = [
    (r"us\$|usd|\$|dollars?|dolares|доллар\w*|\bбакс\w*|美元|美金|刀|do la|dolar|ดอลลาร์|دولار|डॉलर", "USD", 1.0),
    (r"€|euros?|eur|евро|欧元|يورو", "EUR", 1.1),
    (r"£|gbp|pounds?|libras?", "GBP", 1.3),
    (r"rmb|cny|yuan|元|块|人民币|¥", "CNY", 0.14),
    (r"₽|rub|руб\w*|р\.", "RUB", 0.011),
    (r"uah|грн|гривен\w*|гривн\w*|₴", "UAH", 0.024),
    (r"vnd|dong|vnđ|₫", "VND", 0.000_039),
    (r"php|pesos?|piso|₱", "PHP", 0.018),
    (r"idr|rp\.?|rupiah", "IDR", 0.000_062),
    (r"inr|rs\.?|rupees?|₹|रुपये|रुपए|रु", "INR", 0.012),
    (r"thb|baht|บาท|฿", "THB", 0.029),
    (r"aed|dirhams?|dhs?|درهم", "AED", 0.27),
    (r"sar|riyals?|riyal|ريال", "SAR", 0.27),
    (r"kwd|dinars?|دينار", "KWD", 3.2),
    (r"qar", "QAR", 0.27),
    (r"egp|جنيه", "EGP", 0.02),
    (r"try|tl|lira|₺", "TRY", 0.025),
    (r"brl|r\$|reais", "BRL", 0.18),
    (r"mxn", "MXN", 0.055),
    (r"pln|zl|zlotych", "PLN", 0.26),
    (r"chf|franken", "CHF", 1.15),
    (r"sgd|s\$", "SGD", 0.75),
    (r"myr|ringgit|rm", "MYR", 0.23),
    (r"hkd|hk\$|港币", "HKD", 0.13),
    (r"twd|nt\$|台币", "TWD", 0.031),
    (r"jpy|yen|日元|円", "JPY", 0.0067),
    (r"krw|won", "KRW", 0.000_72),
    (r"aud|a\$", "AUD", 0.66),
    (r"cad|c\$", "CAD", 0.73),
    (r"usdt|泰达币|u币", "USDT", 1.0),
    (r"ngn|naira", "NGN", 0.000_65),
    (r"kes|ksh", "KES", 0.0077),
];

/// Words that multiply an amount.
const MULTIPLIERS: [(&str, f64); 16] = [
    ("k", 1e3),
    ("mil", 1e3),
    ("тыс", 1e3),
    ("тысяч", 1e3),
    ("тис", 1e3),
    ("thousand", 1e3),
    ("ngan", 1e3),
    ("ribu", 1e3),
    ("rb", 1e3),
    ("万", 1e4),
    ("w", 1e4),
    ("lakh", 1e5),
    ("trieu", 1e6),
    ("tr", 1e6),
    ("juta", 1e6),
    ("jt", 1e6),
];

/// Words that name a period, with how many of them make a month.
const PERIODS: [(&str, f64); 12] = [
    (r"hours?|hrs?|\bh\b|horas?|heures?|stunden?|час\w*|годин\w*|小时|时薪|gio|jam|oras|ساعه|घंटा|घंटे|ชั่วโมง|saat", 174.0),
    (
        r"days?|daily|dias?|diarios?|jours?|tag|tage|taglich|день|дня|дней|день|смен\w*|天|日薪|每日|日结|ngay|hari|araw|يوم|يوميا|दिन|วัน|gun\b|gunluk",
        22.0,
    ),
    (
        r"weeks?|weekly|semanas?|semanal\w*|semaine|woche|недел\w*|тижд\w*|周|周薪|tuan|minggu|linggo|اسبوع|हफ्ता|हफ्ते|สัปดาห์|hafta\w*",
        4.3,
    ),
    (r"fortnight", 2.2),
    (
        r"months?|monthly|mo\b|mes\b|meses|mensual\w*|mensais|mensal|mois|monat\w*|месяц\w*|мес\b|місяц\w*|міс\b|月薪|每月|个月|月|thang|bulan|buwan|شهر|شهريا|महीना|महीने|माह|เดือน|ay\b|aylik",
        1.0,
    ),
    (
        r"years?|yearly|annum|annual\w*|pa\b|p\.a|anos?\b|anual\w*|an\b|jahr\w*|год\b|год\w*|рік|年薪|年|nam\b|tahun|سنه|سنويا|साल|ปี|yil\w*",
        1.0 / 12.0,
    ),
    (r"nights?|noches?|noite|nuit|ночь|晚", 22.0),
    (r"shifts?|turno", 22.0),
    (r"contrato|contract", f64::NAN),
    (r"night", 22.0),
    (r"per client|por cliente", f64::NAN),
    (r"piece|pieza|stuck", f64::NAN),
];

static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    let currencies = CURRENCIES.iter().map(|(names, _, _)| *names).collect::<Vec<_>>().join("|");
    let multipliers = MULTIPLIERS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("|");
    let number = r"\d{1,3}(?:[ .,']\d{3})+|\d+(?:[.,]\d{1,2})?";
    let scaled = format!(r"({number})[ ]?(?:({multipliers})(?:\b|[^a-z]|$)?)?");
    let range = format!(
        r"(?:[ ]?(?:-|~|to|a|до|bis|至|到)[ ]?(?:{currencies})?[ ]?({number})[ ]?(?:({multipliers})(?:\b|[^a-z]|$)?)?)?"
    );
    Regex::new(&format!(
        r"(?:(\b(?:{currencies})|[$€£¥₽₹₱₺₴₫฿])[ ]?{scaled}{range}|{scaled}{range}[ ]?(?:de )?({currencies}))"
    ))
    .expect("a valid expression")
});

struct Period {
    names: Regex,
    a_month: f64,
}

static EACH_PERIOD: LazyLock<Vec<Period>> = LazyLock::new(|| {
    let compile = |names: &str| Regex::new(&format!(r"^(?:{names})")).expect("a valid expression");
    PERIODS.iter().map(|(names, a_month)| Period { names: compile(names), a_month: *a_month }).collect()
});

static EACH_CURRENCY: LazyLock<Vec<(Regex, &'static str, f64)>> = LazyLock::new(|| {
    let compile = |names: &str| Regex::new(&format!("^(?:{names})$")).expect("a valid expression");
    CURRENCIES.iter().map(|(names, code, value)| (compile(names), *code, *value)).collect()
});

pub(super) fn find(text: &str, found: &mut Vec<FoldedEntity>) {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return;
    }
    for captures in AMOUNT.captures_iter(text) {
        let (Some(whole), Some(first)) = (captures.get(0), captures.get(2).or(captures.get(6))) else { continue };
        let Some((_, code, value)) = captures.get(1).or(captures.get(10)).and_then(|name| currency(name.as_str()))
        else {
            continue;
        };
        if text[..first.start()].ends_with(|c: char| c.is_ascii_alphanumeric()) && captures.get(1).is_none() {
            continue;
        }
        let low = amount(first.as_str(), captures.get(3).or(captures.get(7)).map(|m| m.as_str()));
        let high = captures.get(4).or(captures.get(8));
        let high = high.and_then(|high| amount(high.as_str(), captures.get(5).or(captures.get(9)).map(|m| m.as_str())));
        let Some(amount) = high.into_iter().chain(low).reduce(f64::max) else { continue };
        let monthly_usd = a_month(text, whole.start(), whole.end()).map(|a_month| amount * value * a_month);
        found.push(FoldedEntity {
            start: whole.start(),
            end: whole.end(),
            detail: Detail::Money { amount, currency: code, monthly_usd },
        });
    }
}

fn currency(name: &str) -> Option<(&'static Regex, &'static str, f64)> {
    EACH_CURRENCY.iter().find(|(names, _, _)| names.is_match(name)).map(|(names, code, value)| (names, *code, *value))
}

/// Reads `2,500`, `2.500`, `2 500`, `2.5 k`, `2 万`.
fn amount(number: &str, multiplier: Option<&str>) -> Option<f64> {
    let grouped = number.len() > 3
        && number.rsplit([' ', '.', ',', '\'']).next().is_some_and(|last| last.len() == 3 && last.len() < number.len());
    let plain: String =
        if grouped { number.chars().filter(char::is_ascii_digit).collect() } else { number.replace(',', ".") };
    let factor = multiplier
        .and_then(|name| MULTIPLIERS.iter().find(|(word, _)| *word == name))
        .map_or(1.0, |(_, factor)| *factor);
    plain.parse::<f64>().ok().map(|value| value * factor).filter(|value| value.is_finite())
}

/// The period named within the next words (`a month`, `/hour`, `в месяц`), or just before (`月薪 3万`).
fn a_month(text: &str, start: usize, end: usize) -> Option<f64> {
    let after = &text[end..text.floor_char_boundary((end + 40).min(text.len()))];
    let mut rest = after;
    for _ in 0..4 {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        if let Some(period) = EACH_PERIOD.iter().find(|period| period.names.is_match(rest)) {
            return Some(period.a_month).filter(|a_month| a_month.is_finite());
        }
        rest = &rest[rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())..];
    }
    let before = &text[text.floor_char_boundary(start.saturating_sub(24))..start];
    for (name, a_month) in [
        ("月薪", 1.0),
        ("每月", 1.0),
        ("月入", 1.0),
        ("日薪", 22.0),
        ("时薪", 174.0),
        ("周薪", 4.3),
        ("年薪", 1.0 / 12.0),
        ("monthly", 1.0),
        ("weekly", 4.3),
        ("daily", 22.0),
        ("hourly", 174.0),
    ] {
        if before.contains(name) {
            return Some(a_month);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<(f64, &'static str, Option<i64>)> {
        let mut found = Vec::new();
        find(text, &mut found);
        let read = |entity: &FoldedEntity| match entity.detail {
            Detail::Money { amount, currency, monthly_usd } => {
                (amount, currency, monthly_usd.map(|value| value.round() as i64))
            }
            _ => unreachable!("only money is found here"),
        };
        found.iter().map(read).collect()
    }

    #[test]
    fn amounts_in_many_spellings() {
        for (text, expected) in [
            ("$3,000 a month", (3000.0, "USD", Some(3000))),
            ("2.500 euros al mes", (2500.0, "EUR", Some(2750))),
            ("от 5000$ в месяц", (5000.0, "USD", Some(5000))),
            ("60 000 руб", (60000.0, "RUB", None)),
            ("月薪2万元", (20000.0, "CNY", Some(2800))),
            ("luong 25 trieu dong", (25e6, "VND", None)),
            ("1500-2000 eur per month", (2000.0, "EUR", Some(2200))),
            ("usd 50", (50.0, "USD", None)),
        ] {
            assert_eq!(seen(text), [expected], "{text}");
        }
    }

    #[test]
    fn other_numbers_are_no_money() {
        for text in ["12 hours", "room 101", "call 555 0100", "5 years"] {
            assert_eq!(seen(text), [], "{text}");
        }
    }
}
