//! Finds every term and regular expression of a pack in a folded text, in one pass over the terms.
//!
//! Terms begin with a literal. One Aho-Corasick automaton finds the first literals; from each that stands at a word
//! border a small graph of the following words is walked. Regular expressions are tried one by one.

mod graph;

use regex::{Regex, RegexBuilder};

use crate::rules::term::Term;
use graph::TermGraph;

/// Which pattern of a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PatternId(pub(crate) u32);

/// Which language of a pack, as a number into its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct LanguageId(pub(crate) u8);

/// A place in a folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Found {
    pub(crate) pattern: PatternId,
    pub(crate) language: LanguageId,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The most places that one regular expression yields in one text.
const MOST_PLACES: usize = 256;
/// The compiled size that a regular expression may have, bytes.
const REGEX_SIZE: usize = 1 << 20;

/// All patterns of a pack, ready to be searched for.
#[derive(Debug)]
pub(crate) struct Matcher {
    terms: TermGraph,
    regexes: Vec<(Regex, PatternId, LanguageId)>,
}

/// Collects patterns for a [`Matcher`].
#[derive(Debug, Default)]
pub(crate) struct MatcherBuilder {
    terms: Vec<(Term, PatternId, LanguageId)>,
    regexes: Vec<(Regex, PatternId, LanguageId)>,
}

/// Compiles a regular expression within the size that is allowed.
///
/// # Errors
/// The regex crate's own words for what is wrong.
pub(crate) fn compile_regex(source: &str) -> Result<Regex, String> {
    if source.len() > 4_000 {
        return Err(format!("the expression is {} bytes long, 4000 are allowed", source.len()));
    }
    RegexBuilder::new(source).size_limit(REGEX_SIZE).dfa_size_limit(REGEX_SIZE).nest_limit(50).build().map_err(
        |error| {
            let text = error.to_string();
            text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_string()
        },
    )
}

impl MatcherBuilder {
    pub(crate) fn add_term(&mut self, term: Term, pattern: PatternId, language: LanguageId) {
        self.terms.push((term, pattern, language));
    }

    pub(crate) fn add_regex(&mut self, regex: Regex, pattern: PatternId, language: LanguageId) {
        self.regexes.push((regex, pattern, language));
    }

    pub(crate) fn build(self) -> Matcher {
        Matcher { terms: TermGraph::build(&self.terms), regexes: self.regexes }
    }
}

impl Matcher {
    /// Calls a function for every place of every pattern. The order is by term, not by place.
    pub(crate) fn for_each(&self, text: &str, visit: &mut dyn FnMut(Found)) {
        self.terms.for_each(text, visit);
        for (regex, pattern, language) in &self.regexes {
            for place in regex.find_iter(text).filter(|place| !place.is_empty()).take(MOST_PLACES) {
                visit(Found { pattern: *pattern, language: *language, start: place.start(), end: place.end() });
            }
        }
    }
}
