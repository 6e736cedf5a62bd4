//! What the matcher must find, said as plainly as possible: every term at every border, letter by letter, and every
//! expression by the `regex` crate over the whole text. Slow, and compared with the matcher on all kinds of text.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::borders::{is_border, is_gap, next_word, word_end};
use super::*;
use crate::rules::term::Piece;
use crate::text::{is_spaceless, is_word};

/// Where a piece that stands at a place ends.
fn piece_ends(text: &str, at: usize, piece: &Piece) -> Option<usize> {
    let last = piece.letters.chars().next_back()?;
    text[at..].starts_with(&piece.letters).then_some(())?;
    let behind = at + piece.letters.len();
    if is_spaceless(last) || !is_word(last) {
        return Some(behind);
    }
    let end = word_end(text, behind);
    (piece.open || end == behind).then_some(end)
}

fn sequences(text: &str, at: usize, is_first: bool, pieces: &[Piece], ends: &mut BTreeSet<usize>) {
    let Some((piece, rest)) = pieces.split_first() else {
        ends.insert(at);
        return;
    };
    let place = if is_first { Some(at) } else { next_word(text, at) };
    if let Some(end) = place.and_then(|place| piece_ends(text, place, piece)) {
        sequences(text, end, false, rest, ends);
    }
}

/// The ends of a term whose first `part` parts have been read up to `at`.
fn term_ends(text: &str, at: usize, begun: bool, parts: &[Vec<Vec<Piece>>], ends: &mut BTreeSet<usize>) {
    let Some((choices, rest)) = parts.split_first() else {
        ends.extend(begun.then_some(at));
        return;
    };
    for choice in choices {
        if choice.is_empty() {
            term_ends(text, at, begun, rest, ends);
            continue;
        }
        let mut middles = BTreeSet::new();
        sequences(text, at, !begun, choice, &mut middles);
        middles.into_iter().for_each(|middle| term_ends(text, middle, true, rest, ends));
    }
}

fn naive_terms(written: &str, text: &str) -> BTreeSet<(usize, usize)> {
    let parts = term::read(written).unwrap();
    let mut found = BTreeSet::new();
    for (start, first) in text.char_indices() {
        if is_border(text, start) && !is_gap(first) {
            let mut ends = BTreeSet::new();
            term_ends(text, start, false, &parts, &mut ends);
            found.extend(ends.into_iter().map(|end| (start, end)));
        }
    }
    found
}

fn naive_expression(written: &str, text: &str) -> BTreeSet<(usize, usize)> {
    let places = regex::Regex::new(&written.replace(r"\d", "[0-9]")).unwrap();
    places.find_iter(text).filter(|place| !place.is_empty()).map(|place| (place.start(), place.end())).collect()
}

fn check(terms: &[&str], expressions: &[&str], text: &str) {
    let text = &crate::text::fold(text).text;
    let mut builder = MatcherBuilder::default();
    for (number, written) in (0u32..).zip(terms) {
        builder.term(written, PatternId(number), LanguageId(0)).unwrap();
    }
    for (number, written) in (1_000u32..).zip(expressions) {
        builder.expression(written, PatternId(number), &[LanguageId(0)]).unwrap();
    }
    let mut found = BTreeSet::new();
    builder.build().for_each(text, &|_| true, &mut |place| {
        found.insert((place.pattern.0, place.start, place.end));
    });
    let mut expected = BTreeSet::new();
    for (number, written) in (0u32..).zip(terms) {
        expected.extend(naive_terms(written, text).into_iter().map(|(start, end)| (number, start, end)));
    }
    for (number, written) in (1_000u32..).zip(expressions) {
        expected.extend(naive_expression(written, text).into_iter().map(|(start, end)| (number, start, end)));
    }
    assert_eq!(found, expected, "{text:?}");
}

const TERMS: [&str; 22] = [
    "fee*",
    "fees",
    "no fee*",
    "(we|you) (will)? (keep*|hold*) (your|the)? pass*",
    "in advance",
    "a",
    "recruitment agenc*",
    "recruitmentagencyoffice",
    "паспорт*",
    "не",
    "мы заберем паспорт",
    "护照",
    "扣 (你|您)? 护照",
    "包(吃|食)住",
    "加qq群",
    "जमा",
    "पासपोर्ट जमा",
    "جواز (سفر)?",
    "ที่พัก",
    "$ 50",
    "100%",
    "up-front pay*",
];

const EXPRESSIONS: [&str; 14] = [
    r"\bfees?\b",
    r"\bpay (?:us |only )?(?:[$€]|usd )?\d+",
    r"(?:\byou|[,.;]) ?(?:pay|send) \d",
    r"\b\d{1,2} ?%",
    r"[$€] ?\d{2,}",
    r"\bpass[^.!?]{0,20}kept\b",
    r"\b(?:паспорт|документ)[а-я]* (?:у нас|забираем)",
    r"护照.{0,4}扣",
    r"no fee",
    r"[a-z]{2,6}, [a-z]{2,6}",
    r"\w+@\w+",
    r"\b[a-z]*ee\b",
    r"(?:a|ab)(?:c|bcd)?",
    r"\bказ[а-я]*|\bk",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn finds_what_the_plain_reading_finds(words in proptest::collection::vec(prop_oneof![
        proptest::sample::select(vec![
            "fee", "fees", "Feeling", "no", "we", "you", "will", "keep", "keeps", "your", "passport", "pass", "in",
            "advance", "a", "recruitment", "agency", "recruitmentagencyoffice", "pay", "send", "50", "100%", "$", "€",
            "паспорт", "паспорта", "не", "мы", "заберем", "у", "нас", "护照", "扣", "你", "包吃住", "加", "qq", "群", "जमा",
            "पासपोर्ट", "جواز", "سفر", "ที่พัก", "kept", ".", ",", "ab", "abcd", "@", "é", "казах", "up", "front", "us",
        ]).prop_map(str::to_string),
        "[a-z]{1,9}",
        any::<char>().prop_map(String::from),
    ], 0..40), separators in proptest::collection::vec(proptest::sample::select(vec!["", " ", "  ", "-", "\n", ". ", "', "]), 40)) {
        let text: String = words.iter().zip(&separators).flat_map(|(word, separator)| [word, *separator]).collect();
        check(&TERMS, &EXPRESSIONS, &text);
    }

    #[test]
    fn finds_the_same_in_any_text(text in any::<String>()) {
        check(&TERMS, &EXPRESSIONS, &text);
    }
}

#[derive(serde::Deserialize)]
struct Lexicon {
    concepts: std::collections::BTreeMap<String, Concept>,
}

#[derive(serde::Deserialize)]
struct Concept {
    terms: Vec<String>,
}

#[test]
fn the_shipped_terms_find_the_same_in_the_shipped_listings() {
    let mut terms: Vec<String> = Vec::new();
    for (path, bytes) in lapwing_rules::default_pack() {
        if path.starts_with("lexicons/") {
            let lexicon: Lexicon = serde_saphyr::from_str(std::str::from_utf8(&bytes).unwrap()).unwrap();
            terms.extend(lexicon.concepts.into_values().flat_map(|concept| concept.terms));
        }
    }
    let some: Vec<&str> = terms.iter().map(String::as_str).step_by(61).collect();
    assert!(some.len() > 100);
    for set in lapwing_fixtures::listing_sets().unwrap() {
        for labelled in set.listings.iter().step_by(29) {
            check(&some, &EXPRESSIONS, &labelled.body);
        }
    }
}
