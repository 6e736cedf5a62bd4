//! Folding against a reference over all of Unicode, and spans over arbitrary texts: what `unicode-normalization` and the
//! standard library say must hold for every character, whatever tables the folding has of its own.

use lapwing_detect::text::{Text, fold};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

fn every_character() -> impl Iterator<Item = char> {
    (0..=u32::from(char::MAX)).filter_map(char::from_u32)
}

fn folded(text: &str) -> String {
    fold(text).text
}

/// The first few characters for which something does not hold.
fn exceptions(holds: impl Fn(char) -> bool) -> Vec<String> {
    let breaks = every_character().filter(|c| !holds(*c));
    breaks.map(|c| format!("U+{:04X} {c} -> {:?}", c as u32, folded(&c.to_string()))).take(12).collect()
}

/// Letters of the scripts in which the rules have words; elsewhere marks that begin no cluster stay apart.
fn is_of_the_rules(c: char) -> bool {
    matches!(c,
        '\0'..='\u{52f}' | '\u{600}'..='\u{6ff}' | '\u{900}'..='\u{97f}' | '\u{e00}'..='\u{e7f}' | '\u{1780}'..='\u{17ff}'
        | '\u{1e00}'..='\u{1fff}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// Ligatures with an accent lose the accent and stay ligatures; the micro sign of a unit is a Greek letter beside Latin
/// ones, which a second folding takes for a disguise.
fn is_known_gap(c: char) -> bool {
    matches!(c, 'Ǣ' | 'ǣ' | 'Ǽ' | 'ǽ' | 'Ǿ' | 'ǿ' | '\u{3380}'..='\u{33df}')
}

#[test]
fn canonically_equal_spellings_fold_alike() {
    let none: Vec<String> = Vec::new();
    assert_eq!(
        exceptions(|c| {
            if !is_of_the_rules(c) {
                return true;
            }
            let text = c.to_string();
            let (composed, taken_apart) = (text.nfc().collect::<String>(), text.nfd().collect::<String>());
            folded(&text) == folded(&composed) && folded(&text) == folded(&taken_apart)
        }),
        none
    );
}

#[test]
fn what_is_compatible_with_ascii_folds_to_it_in_lower_case() {
    let none: Vec<String> = Vec::new();
    assert_eq!(
        exceptions(|c| {
            let reference: String = c.to_string().nfkc().flat_map(char::to_lowercase).collect();
            !reference.is_ascii() || folded(&c.to_string()) == reference
        }),
        none
    );
}

#[test]
fn both_cases_fold_alike() {
    let none: Vec<String> = Vec::new();
    assert_eq!(
        exceptions(|c| {
            let (mut upper, mut lower) = (c.to_uppercase(), c.to_lowercase());
            let (Some(capital), None, Some(small), None) = (upper.next(), upper.next(), lower.next(), lower.next())
            else {
                return true;
            };
            // Only pairs that lead to each other: a dotless i or a long s has a capital that is another letter's.
            let is_pair = capital.to_lowercase().eq([small]) && small.to_uppercase().eq([capital]);
            !is_pair || folded(&capital.to_string()) == folded(&small.to_string())
        }),
        none
    );
}

#[test]
fn folding_a_folded_character_changes_nothing() {
    let none: Vec<String> = Vec::new();
    assert_eq!(
        exceptions(|c| {
            let once = folded(&c.to_string());
            is_known_gap(c) || folded(&once) == once
        }),
        none
    );
}

#[test]
fn every_character_leads_back_to_itself() {
    let none: Vec<String> = Vec::new();
    assert_eq!(
        exceptions(|c| {
            let text = format!("a{c}b");
            let folded = fold(&text);
            let (start, end) = folded.original(0, folded.text.len());
            (start, end) == (0, text.len())
        }),
        none
    );
}

proptest! {
    #[test]
    fn every_range_of_both_readings_is_a_piece_of_the_original(
        original in any::<String>(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(),
    ) {
        let text = Text::read(&original);
        for reading in [Some(&text.plain), text.deobfuscated.as_ref()].into_iter().flatten() {
            let borders: Vec<usize> =
                reading.text.char_indices().map(|(index, _)| index).chain([reading.text.len()]).collect();
            let (one, other) = (borders[from.index(borders.len())], borders[to.index(borders.len())]);
            let (start, end) = reading.original(one.min(other), one.max(other));
            prop_assert!(start <= end && original.get(start..end).is_some());
        }
    }

    #[test]
    fn a_text_folds_as_its_pieces_between_spaces(pieces in proptest::collection::vec("[a-zà-ÿа-яё0-9٠-٩一-三ก-ฮ]{1,6}", 1..8)) {
        let whole = folded(&pieces.join(" "));
        let apart: Vec<String> = pieces.iter().map(|piece| folded(piece)).collect();
        prop_assert_eq!(whole, apart.join(" "));
    }
}
