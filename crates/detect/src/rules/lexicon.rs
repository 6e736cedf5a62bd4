//! Lexicons: for one language, the terms of each concept.

use std::collections::BTreeMap;

use super::diagnostic::{Place, Reporter};
use super::raw::RawLexicon;
use super::term::{self, Term};
use super::yaml;

/// The terms of one language.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    pub(super) language: String,
    pub(super) concepts: BTreeMap<String, Vec<Term>>,
    /// Concept and example sentence with its place and line, for the test that each example holds a term.
    pub(super) examples: Vec<(String, String, Place, String)>,
    /// Findings that are silenced in this language, with the reason.
    pub(super) suppress: BTreeMap<String, String>,
}

/// Reads a lexicon file; the file's name must be its language.
pub(super) fn read(reporter: &mut Reporter<'_>) -> Option<Lexicon> {
    let raw = yaml::read::<RawLexicon>(reporter)?;
    if raw.format.value != 1 {
        reporter.error(
            "unknown-format",
            Place::of(&raw.format),
            "this lexicon has another format than 1",
            "write `format: 1`",
        );
    }
    let stem = reporter.file.rsplit('/').next().unwrap_or_default().trim_end_matches(".yaml");
    if raw.language.value != stem {
        let message = format!("the language is `{}` but the file is named `{stem}.yaml`", raw.language.value);
        reporter.error("misplaced-file", Place::of(&raw.language), message, "one language is one file of its name");
    }
    let mut lexicon = Lexicon { language: raw.language.value, ..Lexicon::default() };
    lexicon.suppress = raw.suppress.into_iter().map(|(code, reason)| (code, reason.value)).collect();
    for (concept, entry) in raw.concepts {
        let mut terms = Vec::new();
        for term in &entry.terms {
            match term::read(&term.value) {
                Ok(read) => terms.push(read),
                Err(message) => {
                    let message = format!("term `{}` of `{concept}`: {message}", term.value);
                    reporter.error("bad-term", Place::of(term), message, "see docs/RULES.md, Terms");
                }
            }
        }
        if let Some(example) = entry.example {
            let place = Place::of(&example);
            let line = reporter.line(place);
            lexicon.examples.push((concept.clone(), example.value, place, line));
        }
        lexicon.concepts.insert(concept, terms);
    }
    Some(lexicon)
}
