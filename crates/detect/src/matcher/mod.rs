//! Finds every term and regular expression of a pack in a folded text, in one pass over its words.
//!
//! Nearly all of an advert's words begin nothing, so the work is to say no quickly: starts are found 64 bytes at a
//! time, a bit table refuses most of them, and only what is left is compared and followed. Each language has tables
//! of its own, small enough for the nearest caches, and only those of a text's languages are asked.

mod aside;
mod borders;
mod expressions;
mod graph;
mod opening;
#[cfg(test)]
mod oracle;
mod vocabulary;

pub(crate) use expressions::{EXPRESSION_SIZE, Expression, check_length, last_line};

use crate::rules::term::{self, Term};
use crate::text::starts::{Symbols, for_each_start};
use expressions::{Expressions, Tried};
use graph::{Begun, GraphBuilder, Seen, TermGraph};

/// Which pattern of a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PatternId(pub u32);

/// Which language of a pack, as a number into its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LanguageId(pub u8);

/// A place in a folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Found {
    /// Whose place it is.
    pub pattern: PatternId,
    /// Its first byte.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

/// All patterns of a pack, ready to be searched for.
#[derive(Debug)]
pub struct Matcher {
    /// By language number.
    terms: Vec<TermGraph>,
    expressions: Expressions,
    symbols: Symbols,
}

/// Collects patterns for a [`Matcher`].
#[derive(Debug, Default)]
pub struct MatcherBuilder {
    terms: Vec<GraphBuilder>,
    expressions: Vec<(Expression, PatternId, Vec<LanguageId>)>,
}

impl MatcherBuilder {
    /// Adds a term as lexicons write it: words, `stem*`, `(one|other)`, `(maybe)?`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the term.
    pub fn term(&mut self, written: &str, pattern: PatternId, language: LanguageId) -> Result<(), String> {
        self.add_term(&term::read(written)?, pattern, language);
        Ok(())
    }

    /// Adds a regular expression, in the syntax of the `regex` crate, for the texts of some languages.
    ///
    /// # Errors
    /// What is wrong with the expression, or that it is too large.
    pub fn expression(&mut self, written: &str, pattern: PatternId, languages: &[LanguageId]) -> Result<(), String> {
        self.add_expression(Expression::compile(written)?, pattern, languages.to_vec());
        Ok(())
    }

    pub(crate) fn add_term(&mut self, term: &Term, pattern: PatternId, language: LanguageId) {
        self.of_language(language).add(term, pattern);
    }

    fn of_language(&mut self, language: LanguageId) -> &mut GraphBuilder {
        let number = usize::from(language.0);
        if self.terms.len() <= number {
            self.terms.resize_with(number + 1, GraphBuilder::default);
        }
        &mut self.terms[number]
    }

    pub(crate) fn add_expression(&mut self, expression: Expression, pattern: PatternId, languages: Vec<LanguageId>) {
        self.expressions.push((expression, pattern, languages));
    }

    /// Builds the tables.
    pub fn build(mut self) -> Matcher {
        let mut symbols = Symbols::default();
        self.terms.iter().flat_map(GraphBuilder::first_symbols).for_each(|symbol| symbols.require(symbol));
        let expressions = std::mem::take(&mut self.expressions);
        let expressions = Expressions::build(expressions, &mut symbols, &mut |literal, group, language| {
            self.of_language(language).add_opening(literal, group);
        });
        let terms: Vec<TermGraph> = self.terms.into_iter().map(GraphBuilder::build).collect();
        Matcher { terms, expressions, symbols }
    }
}

impl Matcher {
    /// Calls a function for every place of every pattern of the admitted languages in a folded text. The order is by
    /// the places' first bytes, but for expressions that are tried over the whole text, which come last.
    ///
    /// Terms may overlap; the places of one expression do not, and are those of the `regex` crate's `find_iter`.
    pub fn for_each(&self, text: &str, admits: &dyn Fn(LanguageId) -> bool, visit: &mut dyn FnMut(Found)) {
        let languages = (0u8..).map(LanguageId).zip(&self.terms);
        let mut admitted: Vec<(&TermGraph, Seen)> =
            languages.filter(|(language, _)| admits(*language)).map(|(_, terms)| (terms, Seen::default())).collect();
        let mut tried = Tried::new(admits);
        for_each_start(text.as_bytes(), &self.symbols, |start| {
            for (terms, seen) in &mut admitted {
                terms.for_each_begun(text, start, |begun| match begun {
                    Begun::Terms { node, end } => terms.walk(text, node, start.at, end, seen, visit),
                    Begun::Expressions(group) => {
                        self.expressions.for_each_guarded(group, text, start.at, &mut tried, visit);
                    }
                });
            }
            self.expressions.for_each(text, start.at, &mut tried, visit);
        });
        self.expressions.for_each_aside(text, &tried, visit);
    }

    /// The patterns whose expressions cannot be found by their beginning and are tried over every text.
    pub fn aside(&self) -> impl Iterator<Item = PatternId> {
        self.expressions.aside()
    }
}
