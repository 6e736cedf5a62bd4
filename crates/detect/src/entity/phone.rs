//! Telephone numbers: in digits, in words of six languages, split or spelled so that a search does not find them.

use std::sync::LazyLock;

use regex::Regex;

use super::{Detail, FoldedEntity};
use crate::text::Folded;

/// Seven to fifteen digits (ITU-T E.164 allows fifteen) with the usual marks between them.
static DIGITS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\+|\b00)?\(?\d(?:[ \u{a0}]?[().\-/][ ]?\d|[ \u{a0}]?\d|\)[ ]?\d){6,18}")
        .expect("a valid expression")
});

/// Digits one by one, or in pairs, with marks that no telephone number needs.
static SPLIT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b[\doil]{1,3}(?:[ ]?[*_~|,:;'•·.=\-][ ]?[\doil]{1,3}){4,14}\b").expect("a valid expression")
});

pub(super) fn find(text: &Folded, found: &mut Vec<FoldedEntity>) {
    if text.text.bytes().any(|byte| byte.is_ascii_digit()) {
        in_digits(text, found);
        split(text, found);
    }
    in_words(&text.text, found);
}

fn in_digits(text: &Folded, found: &mut Vec<FoldedEntity>) {
    for place in DIGITS.find_iter(&text.text) {
        let (start, end) = (place.start(), place.end());
        let written = place.as_str();
        let digits = written.bytes().filter(u8::is_ascii_digit).count();
        if !(7..=15).contains(&digits)
            || !looks_like_phone(&text.text, start, end, digits)
            || overlaps(found, start, end)
        {
            continue;
        }
        let obscured = text.is_disguised(start, end);
        found.push(FoldedEntity { start, end, detail: Detail::Phone { obscured, country: country(written) } });
    }
}

fn looks_like_phone(text: &str, start: usize, end: usize, digits: usize) -> bool {
    let written = &text[start..end];
    let before = text[..start].trim_end();
    let after = text[end..].trim_start();
    let beside_letters = text[..start].ends_with(|c: char| c.is_alphanumeric())
        || text[end..].starts_with(|c: char| c.is_alphanumeric() && !c.is_ascii_alphabetic())
        || text[..start].ends_with(['/', '=', '#']) && text[..start].contains("://");
    let is_money = before.ends_with(['$', '€', '£', '¥', '₹', '₽'])
        || after.starts_with(['$', '€', '£', '¥', '₹', '₽', '%'])
        || ["usd", "eur", "dong", "vnd", "rub", "руб", "idr", "rp", "php", "inr", "万", "元"]
            .iter()
            .any(|unit| after.starts_with(unit));
    let groups: Vec<&str> = written.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let is_date = groups.len() == 3
        && digits == 8
        && groups.iter().any(|group| group.len() == 4)
        && groups.iter().filter(|group| group.len() == 2).count() == 2;
    let is_range = groups.len() == 2
        && digits == 8
        && groups[0].starts_with(['1', '2'])
        && groups[1].starts_with(['1', '2'])
        && written.contains('-');
    let is_thousands = groups.len() >= 2
        && (written.contains('.') || written.contains(' '))
        && !written.starts_with(['+', '0', '('])
        && groups[1..].iter().all(|group| group.len() == 3)
        && groups[0].len() <= 3;
    let leads = written.starts_with(['+', '0', '('])
        || digits >= 10
        || groups.len() >= 2 && groups.last().is_some_and(|last| last.len() >= 3);
    !beside_letters && !is_money && !is_date && !is_range && !is_thousands && leads
}

fn split(text: &Folded, found: &mut Vec<FoldedEntity>) {
    for place in SPLIT.find_iter(&text.text) {
        let digits = place.as_str().bytes().filter(u8::is_ascii_digit).count();
        let groups = place.as_str().split(|c: char| !c.is_ascii_alphanumeric()).filter(|group| !group.is_empty());
        let short_groups = groups.filter(|group| group.len() <= 2).count();
        if (7..=15).contains(&digits) && short_groups >= 4 && !overlaps(found, place.start(), place.end()) {
            let detail = Detail::Phone { obscured: true, country: None };
            found.push(FoldedEntity { start: place.start(), end: place.end(), detail });
        }
    }
}

/// Number words, folded: English, Spanish, French, German, Portuguese, Russian.
const DIGIT_WORDS: [&[&str]; 10] = [
    &["zero", "oh", "cero", "null", "ноль", "нуль", "нол"],
    &["one", "uno", "una", "un", "une", "eins", "ein", "um", "uma", "один"],
    &["two", "dos", "deux", "zwei", "zwo", "dois", "duas", "два"],
    &["three", "tres", "trois", "drei", "три"],
    &["four", "cuatro", "quatre", "vier", "quatro", "четыре"],
    &["five", "cinco", "cinq", "funf", "fuenf", "пять"],
    &["six", "seis", "sechs", "шесть", "meia"],
    &["seven", "siete", "sept", "sieben", "sete", "семь"],
    &["eight", "ocho", "huit", "acht", "oito", "восемь"],
    &["nine", "nueve", "neuf", "neun", "nove", "девять"],
];

fn in_words(text: &str, found: &mut Vec<FoldedEntity>) {
    let mut run: Option<(usize, usize, usize, usize)> = None; // start, end, digits, words
    for (start, word) in words(text) {
        let end = start + word.len();
        let digits = if word.bytes().all(|byte| byte.is_ascii_digit()) && word.len() <= 4 { word.len() } else { 0 };
        let is_word = DIGIT_WORDS.iter().any(|words| words.contains(&word));
        if digits == 0 && !is_word {
            close(run.take(), found);
            continue;
        }
        let near = run.as_ref().is_some_and(|(_, last, _, _)| start - last <= 4);
        if !near {
            close(run.take(), found);
        }
        let (first, _, sum, spelled) = run.unwrap_or((start, end, 0, 0));
        run = Some((first, end, sum + digits.max(1), spelled + usize::from(is_word)));
    }
    close(run, found);
}

fn close(run: Option<(usize, usize, usize, usize)>, found: &mut Vec<FoldedEntity>) {
    if let Some((start, end, digits, spelled)) = run
        && (7..=15).contains(&digits)
        && spelled >= 3
    {
        found.retain(|entity| entity.end <= start || entity.start >= end);
        found.push(FoldedEntity { start, end, detail: Detail::Phone { obscured: true, country: None } });
    }
}

fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

fn overlaps(found: &[FoldedEntity], start: usize, end: usize) -> bool {
    found.iter().any(|entity| entity.start < end && start < entity.end)
}

/// Country codes of ITU-T E.164 to ISO 3166-1, for countries that the pack's languages and routes touch; the longest
/// code that fits wins. `+1` and `+7` stand for their largest country.
const COUNTRIES: [(&str, &str); 66] = [
    ("1", "US"),
    ("7", "RU"),
    ("20", "EG"),
    ("27", "ZA"),
    ("30", "GR"),
    ("31", "NL"),
    ("32", "BE"),
    ("33", "FR"),
    ("34", "ES"),
    ("36", "HU"),
    ("39", "IT"),
    ("40", "RO"),
    ("41", "CH"),
    ("43", "AT"),
    ("44", "GB"),
    ("45", "DK"),
    ("46", "SE"),
    ("47", "NO"),
    ("48", "PL"),
    ("49", "DE"),
    ("51", "PE"),
    ("52", "MX"),
    ("54", "AR"),
    ("55", "BR"),
    ("56", "CL"),
    ("57", "CO"),
    ("58", "VE"),
    ("60", "MY"),
    ("61", "AU"),
    ("62", "ID"),
    ("63", "PH"),
    ("64", "NZ"),
    ("65", "SG"),
    ("66", "TH"),
    ("81", "JP"),
    ("82", "KR"),
    ("84", "VN"),
    ("86", "CN"),
    ("90", "TR"),
    ("91", "IN"),
    ("92", "PK"),
    ("94", "LK"),
    ("95", "MM"),
    ("98", "IR"),
    ("212", "MA"),
    ("213", "DZ"),
    ("216", "TN"),
    ("234", "NG"),
    ("251", "ET"),
    ("254", "KE"),
    ("256", "UG"),
    ("351", "PT"),
    ("353", "IE"),
    ("359", "BG"),
    ("380", "UA"),
    ("375", "BY"),
    ("852", "HK"),
    ("855", "KH"),
    ("856", "LA"),
    ("880", "BD"),
    ("886", "TW"),
    ("961", "LB"),
    ("965", "KW"),
    ("966", "SA"),
    ("971", "AE"),
    ("974", "QA"),
];

/// The country of an international number; `None` where it is written nationally.
pub(super) fn country(written: &str) -> Option<&'static str> {
    let trimmed = written.trim_start();
    let digits: String = trimmed.chars().filter(char::is_ascii_digit).collect();
    let international = if trimmed.starts_with('+') { digits.as_str() } else { digits.strip_prefix("00")? };
    let fits = COUNTRIES.iter().filter(|(code, _)| international.starts_with(code));
    fits.max_by_key(|(code, _)| code.len()).map(|(_, country)| *country)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    fn check(text: &str, expected: &[(&str, bool)]) {
        let folded = fold(text);
        let mut found = Vec::new();
        find(&folded, &mut found);
        let seen: Vec<(&str, bool)> = found
            .iter()
            .map(|entity| {
                let (start, end) = folded.original(entity.start, entity.end);
                (&text[start..end], matches!(entity.detail, Detail::Phone { obscured: true, .. }))
            })
            .collect();
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn numbers_in_digits() {
        check("call +44 20 7946 0958 now", &[("+44 20 7946 0958", false)]);
        check("(202) 555-0143 or 06 39 98 12 34", &[("(202) 555-0143", false), ("06 39 98 12 34", false)]);
    }

    #[test]
    fn prices_dates_and_years_are_no_numbers() {
        for text in
            ["salary 2.500.000 dong", "on 2024-05-12", "2019-2024", "$1,200 a week", "12/05/2024", "1 200 000 rub"]
        {
            check(text, &[]);
        }
    }

    #[test]
    fn disguised_numbers_are_found_and_told() {
        check(
            "call seven seven zero zero nine 0 0 1 two three",
            &[("seven seven zero zero nine 0 0 1 two three", true)],
        );
        check("0️⃣7️⃣7️⃣0️⃣0️⃣9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣", &[("0️⃣7️⃣7️⃣0️⃣0️⃣9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣", true)]);
        check("7*7*0*0*9*0*0*1*2", &[("7*7*0*0*9*0*0*1*2", true)]);
        check("siete siete cero cero nueve cero cero", &[("siete siete cero cero nueve cero cero", true)]);
    }

    #[test]
    fn counting_words_are_no_number() {
        check("one or two years, three rooms, four beds", &[]);
    }

    #[test]
    fn the_longest_country_code_wins() {
        assert_eq!(country("+380 44 000"), Some("UA"));
        assert_eq!(country("0044 20 7946 0958"), Some("GB"));
        assert_eq!(country("020 7946 0958"), None);
    }
}
