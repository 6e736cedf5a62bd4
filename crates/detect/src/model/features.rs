//! What the classifier sees of a listing: named features, version 3.
//!
//! `rule:<id>` and `family:<XX>` from the rules; `concept:<name>` and `concepts:<name> <name>` from the terms of the
//! lexicons, in whatever language they stand; `structure:…` from the shape of the listing; `word:…` and `words:… …`
//! from the folded text; `letters:…` from words whose letters are disguised. Digits are masked, and words and concepts
//! that name a nationality, an ethnicity, a gender, a religion or a person are left out before anything is counted, so
//! that no weight can stand on them.

use lapwing_types::{Field, Listing};

use super::demographic::{is_demographic, is_demographic_concept};
use super::feature::Feature;
use crate::reading::Reading;
use crate::score::Score;
use crate::text::{Folded, Token, Tokens};

/// The version of this list of features; a model of another version is refused.
pub(crate) const FEATURES_VERSION: u32 = 3;

/// A listing as the rules left it.
pub(crate) struct Observed<'a> {
    pub(crate) listing: &'a Listing,
    pub(crate) reading: &'a Reading<'a>,
    pub(crate) score: &'a Score,
    /// The concepts with a term in the listing, sorted.
    pub(crate) concepts: &'a [&'a str],
}

/// Told each feature with its value; the same feature may be told more than once.
pub(crate) type Visit<'v> = dyn FnMut(Feature<'_>, f32) + 'v;

/// Only so many words of a field are counted.
const MOST_WORDS: usize = 2_000;
/// The points of a family that count as 1.
const WHOLE_FAMILY: f32 = 30.0;

impl Observed<'_> {
    /// Tells all features of the listing.
    pub(crate) fn for_each_feature(&self, visit: &mut Visit<'_>) {
        self.rules(visit);
        self.concepts(visit);
        self.structure(visit);
        for field in [Field::Title, Field::Body] {
            let text = self.reading.text(field);
            words(&text.plain, visit);
            letters(&text.plain, visit);
            if let Some(deobfuscated) = &text.deobfuscated {
                letters(deobfuscated, visit);
            }
        }
    }

    fn rules(&self, visit: &mut Visit<'_>) {
        for hit in self.score.hits.iter().chain(&self.score.context) {
            visit(Feature::Rule(hit.rule.as_str()), 1.0);
        }
        for family in &self.score.families {
            visit(Feature::Family(family.family.as_str()), family.points as f32 / WHOLE_FAMILY);
        }
    }

    fn concepts(&self, visit: &mut Visit<'_>) {
        let concepts = self.concepts.iter().copied().filter(|concept| !is_demographic_concept(concept));
        let concepts: Vec<&str> = concepts.collect();
        for (index, concept) in concepts.iter().enumerate() {
            visit(Feature::Concept(concept), 1.0);
            for other in &concepts[index + 1..] {
                visit(Feature::Concepts(concept, other), 1.0);
            }
        }
    }

    fn structure(&self, visit: &mut Visit<'_>) {
        let length = match self.reading.tokens(Field::Body).as_slice().len() {
            0..20 => "short",
            20..120 => "medium",
            _ => "long",
        };
        visit(Feature::Structure(length), 1.0);
        let disguised = self.reading.texts().any(|(_, text)| text.is_disguised());
        for (name, present) in [
            ("disguised-letters", disguised),
            ("price", self.listing.price.is_some()),
            ("location", self.listing.location.is_some()),
            ("contacts", !self.listing.contacts.is_empty()),
        ] {
            if present {
                visit(Feature::Structure(name), 1.0);
            }
        }
    }
}

fn slice<'t>(text: &'t str, token: &Token) -> &'t str {
    &text[token.start as usize..token.end as usize]
}

fn words(folded: &Folded, visit: &mut Visit<'_>) {
    let mut before: Option<&str> = None;
    for token in Tokens::of(&folded.text).as_slice().iter().take(MOST_WORDS) {
        let word = slice(&folded.text, token);
        if is_demographic(word) {
            before = None;
            continue;
        }
        if let Some(before) = before {
            visit(Feature::Words(before, word), 1.0);
        }
        visit(Feature::Word(word), 1.0);
        before = Some(word);
    }
}

/// Three letters in a row of each disguised word: what a trick leaves when the word itself is never the same twice.
fn letters(folded: &Folded, visit: &mut Visit<'_>) {
    if folded.disguises.is_empty() {
        return;
    }
    let tokens = Tokens::of(&folded.text);
    let disguised =
        tokens.as_slice().iter().filter(|token| folded.is_disguised(token.start as usize, token.end as usize));
    for token in disguised.take(MOST_WORDS) {
        let word = slice(&folded.text, token);
        if is_demographic(word) {
            continue;
        }
        let borders: Vec<usize> = word.char_indices().map(|(index, _)| index).chain([word.len()]).collect();
        for window in borders.windows(4) {
            visit(Feature::Letters(&word[window[0]..window[3]]), 1.0);
        }
    }
}
