//! Words and concepts that say who somebody is rather than what is offered: no weight of a model may stand on them.
//!
//! The lists are text files beside this one, folded as rules read text, one entry a line, sorted by bytes.

use std::sync::LazyLock;

/// Beginnings of words that name a nationality, an ethnicity or a religion.
static STEMS: LazyLock<Vec<&'static str>> = LazyLock::new(|| include_str!("demographic-stems.txt").lines().collect());

/// Words that name a gender, a kinship or a person, and pronouns.
static WORDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| include_str!("demographic-words.txt").lines().collect());

/// Concepts of the lexicons that ask for an attribute of a person, or are only about one.
const CONCEPTS: [&str; 9] = [
    "age-limit",
    "body-measure",
    "client-restriction",
    "ethnicity-stated",
    "men-only",
    "third-person",
    "unmarried-only",
    "women-only",
    "youth-language",
];

/// Whether a folded word names who somebody is rather than what is offered.
pub(super) fn is_demographic(word: &str) -> bool {
    WORDS.binary_search(&word).is_ok() || begins_with_stem(word)
}

/// Only the stems with the word's first byte, which stand side by side, can begin it.
fn begins_with_stem(word: &str) -> bool {
    let Some(first) = word.bytes().next() else { return false };
    let from = STEMS.partition_point(|stem| stem.as_bytes()[0] < first);
    STEMS[from..].iter().take_while(|stem| stem.as_bytes()[0] == first).any(|stem| word.starts_with(stem))
}

/// Whether a concept of the lexicons is about who somebody is.
pub(super) fn is_demographic_concept(concept: &str) -> bool {
    CONCEPTS.contains(&concept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted_for_the_search() {
        assert!(WORDS.is_sorted());
        assert!(WORDS.len() > 300);
    }

    #[test]
    fn the_stems_are_sorted_and_none_is_empty() {
        assert!(STEMS.is_sorted());
        assert!(STEMS.iter().all(|stem| stem.chars().count() > 1), "an empty stem would leave out every word");
    }

    #[test]
    fn who_somebody_is_is_not_a_feature() {
        for word in ["girls", "nigerian", "muslim", "женщины", "ukrainian", "she", "хлопець", "kadin", "wanita", "女"]
        {
            assert!(is_demographic(word), "{word}");
        }
        assert!(!is_demographic("passport"));
    }
}
