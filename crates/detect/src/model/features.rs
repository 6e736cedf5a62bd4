//! What the classifier sees of a listing: named features, version 2.
//!
//! `rule:<id>` and `family:<XX>` from the rules, `concept:<name>` and `concepts:<name> <name>` from the terms of the
//! lexicons in whatever language they stand, `structure:…` from the shape of the listing, `word:…` and `words:… …`
//! from the folded text. Digits are masked, and words and concepts that name a nationality, an ethnicity, a gender, a
//! religion or a person are left out before anything is counted, so that no weight can stand on them.

use std::collections::BTreeMap;

use lapwing_types::{Field, Listing};

use super::demographic::{is_demographic, is_demographic_concept};
use crate::reading::Reading;
use crate::score::Score;

/// The version of this list of features; a model of another version is refused.
pub(crate) const FEATURES_VERSION: u32 = 2;

/// A listing as the rules left it.
pub(crate) struct Observed<'a> {
    pub(crate) listing: &'a Listing,
    pub(crate) reading: &'a Reading<'a>,
    pub(crate) score: &'a Score,
    /// The concepts with a term in the listing, sorted.
    pub(crate) concepts: &'a [&'a str],
}

/// Features with their values, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Features {
    pub(crate) values: BTreeMap<String, f32>,
}

/// Only so many words of a listing are counted.
const MOST_WORDS: usize = 2_000;

impl Features {
    pub(crate) fn of(observed: &Observed<'_>) -> Self {
        let mut features = Self::default();
        features.add_rules(observed.score);
        features.add_concepts(observed.concepts);
        features.add_structure(observed);
        for field in [Field::Title, Field::Body] {
            features.add_words(observed.reading, field);
        }
        features
    }

    fn set(&mut self, name: String, value: f32) {
        self.values.insert(name, value);
    }

    fn add_rules(&mut self, score: &Score) {
        for hit in score.hits.iter().chain(&score.context) {
            self.set(format!("rule:{}", hit.rule), 1.0);
        }
        for family in &score.families {
            self.set(format!("family:{}", family.family), family.points as f32 / 30.0);
        }
    }

    fn add_concepts(&mut self, concepts: &[&str]) {
        let concepts: Vec<&str> = concepts.iter().copied().filter(|concept| !is_demographic_concept(concept)).collect();
        for (index, concept) in concepts.iter().enumerate() {
            self.set(format!("concept:{concept}"), 1.0);
            for other in &concepts[index + 1..] {
                self.set(format!("concepts:{concept} {other}"), 1.0);
            }
        }
    }

    fn add_structure(&mut self, observed: &Observed<'_>) {
        let words = observed.reading.tokens(Field::Body).as_slice().len();
        let length = match words {
            0..20 => "structure:short",
            20..120 => "structure:medium",
            _ => "structure:long",
        };
        self.set(length.to_string(), 1.0);
        let disguised = observed.reading.texts().any(|(_, text)| text.is_disguised());
        for (name, present) in [
            ("structure:disguised-letters", disguised),
            ("structure:price", observed.listing.price.is_some()),
            ("structure:location", observed.listing.location.is_some()),
            ("structure:contacts", !observed.listing.contacts.is_empty()),
        ] {
            if present {
                self.set(name.to_string(), 1.0);
            }
        }
    }

    fn add_words(&mut self, reading: &Reading<'_>, field: Field) {
        let text = &reading.text(field).plain.text;
        let mut before: Option<String> = None;
        for token in crate::text::Tokens::of(text).as_slice().iter().take(MOST_WORDS) {
            let word = mask_digits(&text[token.start as usize..token.end as usize]);
            if is_demographic(&word) {
                before = None;
                continue;
            }
            if let Some(before) = before {
                self.set(format!("words:{before} {word}"), 1.0);
            }
            self.set(format!("word:{word}"), 1.0);
            before = Some(word);
        }
    }
}

fn mask_digits(word: &str) -> String {
    word.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}
