//! Terms of several words: the first literal by Aho-Corasick, the words after it along a small graph.
//!
//! Each term has nodes of its own, one behind each of its parts, so that alternatives meet again and a term costs the
//! sum of its alternatives, not their product. Terms that begin with the same word share one table of second words.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{Found, LanguageId, PatternId};
use crate::rules::term::{Piece, Term};
use crate::text::is_spaceless;
use crate::text::is_word;

type End = (PatternId, LanguageId);

/// What may follow after some words of a term.
#[derive(Debug, Default)]
struct Node {
    /// Whether a term ends here.
    end: Option<End>,
    /// Next words, whole or their beginning, and where they lead.
    next: Vec<(Piece, usize)>,
}

/// All terms that begin with one literal.
#[derive(Debug, Default)]
struct First {
    ends: Vec<End>,
    whole: HashMap<String, Vec<usize>>,
    stems: HashMap<[u8; 2], Vec<(String, usize)>>,
    spaceless: Vec<(String, usize)>,
}

#[derive(Debug)]
pub(super) struct TermGraph {
    automaton: Option<AhoCorasick>,
    /// By number of the literal: as a whole word, and as the beginning of one.
    firsts: Vec<[First; 2]>,
    nodes: Vec<Node>,
}

/// The most characters that may stand between two words of a term.
const WIDEST_GAP: usize = 3;

impl TermGraph {
    pub(super) fn build(terms: &[(Term, PatternId, LanguageId)]) -> Self {
        let mut graph = Self { automaton: None, firsts: Vec::new(), nodes: Vec::new() };
        let mut literals: Vec<String> = Vec::new();
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut reached: Vec<[Vec<usize>; 2]> = Vec::new();
        for (term, pattern, language) in terms {
            for (piece, node) in graph.add(term, (*pattern, *language)) {
                let number = *numbers.entry(piece.letters.clone()).or_insert_with(|| {
                    literals.push(piece.letters.clone());
                    reached.push(Default::default());
                    literals.len() - 1
                });
                reached[number][usize::from(piece.open)].push(node);
            }
        }
        graph.firsts = reached.into_iter().map(|nodes| nodes.map(|nodes| graph.first(nodes))).collect();
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&literals);
        graph.automaton = automaton.ok().filter(|_| !literals.is_empty());
        graph
    }

    /// Adds a term; returns its first words and the nodes behind them.
    fn add(&mut self, term: &Term, end: End) -> Vec<(Piece, usize)> {
        let behind: Vec<usize> = term.iter().map(|_| self.new_node()).collect();
        let is_optional = |part: usize| term[part].iter().any(Vec::is_empty);
        for part in (0..term.len()).rev() {
            if (part + 1..term.len()).all(is_optional) {
                self.nodes[behind[part]].end = Some(end);
            }
        }
        let mut firsts = Vec::new();
        for part in 0..term.len() {
            let reachable_first = (0..part).all(is_optional);
            for choice in &term[part] {
                let Some((piece, rest)) = choice.split_first() else { continue };
                let node = self.chain(rest, behind[part]);
                if reachable_first {
                    firsts.push((piece.clone(), node));
                }
                // From behind every earlier part that only optional ones separate from this.
                for before in (0..part).rev() {
                    self.nodes[behind[before]].next.push((piece.clone(), node));
                    if !is_optional(before) {
                        break;
                    }
                }
            }
        }
        firsts
    }

    /// Nodes for the further words of a choice, up to a node that is there.
    fn chain(&mut self, rest: &[Piece], to: usize) -> usize {
        rest.iter().rev().fold(to, |next, piece| {
            let node = self.new_node();
            self.nodes[node].next.push((piece.clone(), next));
            node
        })
    }

    fn new_node(&mut self) -> usize {
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }

    fn first(&self, mut nodes: Vec<usize>) -> First {
        nodes.sort_unstable();
        nodes.dedup();
        let mut first = First::default();
        for node in nodes {
            first.ends.extend(self.nodes[node].end);
            for (piece, next) in &self.nodes[node].next {
                if piece.letters.starts_with(is_spaceless) {
                    first.spaceless.push((piece.letters.clone(), *next));
                } else if piece.open {
                    let key = beginning(&piece.letters);
                    first.stems.entry(key).or_default().push((piece.letters.clone(), *next));
                } else {
                    first.whole.entry(piece.letters.clone()).or_default().push(*next);
                }
            }
        }
        first.ends.sort_unstable();
        first.ends.dedup();
        first
    }

    pub(super) fn for_each(&self, text: &str, visit: &mut dyn FnMut(Found)) {
        let Some(automaton) = &self.automaton else { return };
        for place in automaton.find_overlapping_iter(text) {
            if !is_border(text, place.start()) {
                continue;
            }
            let [whole, stem] = &self.firsts[place.pattern().as_usize()];
            if is_border(text, place.end()) {
                self.begin(text, whole, place.start(), place.end(), visit);
            }
            self.begin(text, stem, place.start(), word_end(text, place.end()), visit);
        }
    }

    fn begin(&self, text: &str, first: &First, start: usize, end: usize, visit: &mut dyn FnMut(Found)) {
        for (pattern, language) in &first.ends {
            visit(Found { pattern: *pattern, language: *language, start, end });
        }
        if first.whole.is_empty() && first.stems.is_empty() && first.spaceless.is_empty() {
            return;
        }
        let Some(next) = next_word(text, end) else { return };
        let word = &text[next..word_end(text, next)];
        for node in first.whole.get(word).into_iter().flatten() {
            self.walk(text, *node, start, next + word.len(), visit);
        }
        for (stem, node) in first.stems.get(&beginning(word)).into_iter().flatten() {
            if word.starts_with(stem.as_str()) {
                self.walk(text, *node, start, next + word.len(), visit);
            }
        }
        for (letters, node) in &first.spaceless {
            if text[next..].starts_with(letters.as_str()) {
                self.walk(text, *node, start, next + letters.len(), visit);
            }
        }
    }

    /// Follows the words after `end`; the depth is bounded by the longest term.
    fn walk(&self, text: &str, node: usize, start: usize, end: usize, visit: &mut dyn FnMut(Found)) {
        let node = &self.nodes[node];
        if let Some((pattern, language)) = node.end {
            visit(Found { pattern, language, start, end });
        }
        if node.next.is_empty() {
            return;
        }
        let Some(next) = next_word(text, end) else { return };
        let word = &text[next..word_end(text, next)];
        for (piece, child) in &node.next {
            let length = if piece.letters.starts_with(is_spaceless) {
                text[next..].starts_with(piece.letters.as_str()).then_some(piece.letters.len())
            } else if piece.open {
                word.starts_with(piece.letters.as_str()).then_some(word.len())
            } else {
                (word == piece.letters).then_some(word.len())
            };
            if let Some(length) = length {
                self.walk(text, *child, start, next + length, visit);
            }
        }
    }
}

/// The bytes by which stems are told apart at a glance; a stem has three at least.
fn beginning(word: &str) -> [u8; 2] {
    let bytes = word.as_bytes();
    [bytes.first().copied().unwrap_or(0), bytes.get(1).copied().unwrap_or(0)]
}

/// Whether a term may begin or end at an offset: not between two characters of one word, unless one of them belongs
/// to a script without spaces.
pub(crate) fn is_border(text: &str, offset: usize) -> bool {
    let before = text[..offset].chars().next_back();
    let after = text[offset..].chars().next();
    match (before, after) {
        (Some(before), Some(after)) => {
            !(is_word(before) && is_word(after)) || is_spaceless(before) || is_spaceless(after)
        }
        _ => true,
    }
}

/// Where the word that holds or ends at an offset ends.
fn word_end(text: &str, offset: usize) -> usize {
    let rest = &text[offset..];
    offset + rest.find(|c| !is_word(c) || is_spaceless(c)).unwrap_or(rest.len())
}

/// Where the next word begins, if no more than separators stand before it.
fn next_word(text: &str, offset: usize) -> Option<usize> {
    let mut characters = text[offset..].char_indices();
    for _ in 0..=WIDEST_GAP {
        let (index, c) = characters.next()?;
        if is_word(c) {
            return Some(offset + index);
        }
        if !is_gap(c) {
            return None;
        }
    }
    None
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '/' | '\'' | '_' | ',')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::term;
    use proptest::prelude::*;

    fn found(terms: &[&str], text: &str) -> Vec<String> {
        let read = |term: &&str| (term::read(term).unwrap(), PatternId(0), LanguageId(0));
        let graph = TermGraph::build(&terms.iter().map(read).collect::<Vec<_>>());
        let mut places = Vec::new();
        let folded = crate::text::fold(text).text;
        graph.for_each(&folded, &mut |place| places.push(folded[place.start..place.end].to_string()));
        places.sort_unstable();
        places.dedup();
        places
    }

    #[test]
    fn words_stems_and_optional_parts() {
        let terms = ["(we|company) (will)? (keep*|hold*) (your|the)? passport*"];
        assert_eq!(
            found(&terms, "We will keep your passports. The company holds passport"),
            ["company holds passport", "we will keep your passports"]
        );
        assert!(found(&terms, "we keep nice passports; awe keep passport").is_empty());
        assert_eq!(found(&["(no)? fee*"], "no fees"), ["fees", "no fees"]);
    }

    #[test]
    fn borders_and_gaps() {
        assert_eq!(found(&["in advance"], "pay in-advance, in\nadvance; inadvance"), ["in\nadvance", "in-advance"]);
        assert!(found(&["spa"], "space wordspa").is_empty());
        assert_eq!(found(&["包吃住", "扣 护照"], "我们包吃住，扣护照"), ["包吃住", "扣护照"]);
    }

    proptest! {
        #[test]
        fn a_term_finds_what_it_says(first in "[b-z]{3,8}", second in "[b-z]{3,8}", before in "[a-z ]{0,12}") {
            let term = format!("{first} (a)? {second}*");
            let text = format!("{before} {first} {second}ing");
            let places = found(&[&term], &text);
            prop_assert!(places.contains(&format!("{first} {second}ing")), "{:?}", places);
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = found(&["no (se)? fee*", "护照", "паспорт*"], &text);
        }
    }
}
