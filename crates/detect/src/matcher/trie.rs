//! Terms of several words: the first literal by Aho-Corasick, the words after it by a trie.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{Found, LanguageId, PatternId};
use crate::rules::term::Sequence;
use crate::text::is_spaceless;
use crate::text::is_word;

/// What may follow after some words of a term.
#[derive(Debug, Default)]
struct Node {
    /// Terms that end here.
    ends: Vec<(PatternId, LanguageId)>,
    /// Next words that are given whole.
    whole: HashMap<String, usize>,
    /// Next words of which the beginning is given.
    stems: Vec<(String, usize)>,
}

/// Where a first literal leads: to one node as a whole word, to another as the beginning of a word.
#[derive(Debug, Default, Clone, Copy)]
struct First {
    whole: Option<usize>,
    stem: Option<usize>,
}

#[derive(Debug)]
pub(super) struct TermTrie {
    automaton: Option<AhoCorasick>,
    firsts: Vec<First>,
    nodes: Vec<Node>,
}

/// The most characters that may stand between two words of a term.
const WIDEST_GAP: usize = 3;

impl TermTrie {
    pub(super) fn build(terms: Vec<(Sequence, PatternId, LanguageId)>) -> Self {
        let mut trie = Self { automaton: None, firsts: Vec::new(), nodes: Vec::new() };
        let mut literals: Vec<String> = Vec::new();
        let mut numbers: HashMap<String, usize> = HashMap::new();
        for (sequence, pattern, language) in terms {
            let Some((first, rest)) = sequence.split_first() else { continue };
            let number = *numbers.entry(first.letters.clone()).or_insert_with(|| {
                literals.push(first.letters.clone());
                trie.firsts.push(First::default());
                literals.len() - 1
            });
            let mut node = trie.first_node(number, first.open);
            for piece in rest {
                node = trie.next_node(node, &piece.letters, piece.open);
            }
            let end = (pattern, language);
            if !trie.nodes[node].ends.contains(&end) {
                trie.nodes[node].ends.push(end);
            }
        }
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&literals);
        trie.automaton = automaton.ok().filter(|_| !literals.is_empty());
        trie
    }

    fn new_node(&mut self) -> usize {
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }

    fn first_node(&mut self, number: usize, open: bool) -> usize {
        let first = self.firsts[number];
        let existing = if open { first.stem } else { first.whole };
        existing.unwrap_or_else(|| {
            let node = self.new_node();
            let first = &mut self.firsts[number];
            *(if open { &mut first.stem } else { &mut first.whole }) = Some(node);
            node
        })
    }

    fn next_node(&mut self, node: usize, letters: &str, open: bool) -> usize {
        let existing = if open {
            self.nodes[node].stems.iter().find(|(stem, _)| stem == letters).map(|(_, next)| *next)
        } else {
            self.nodes[node].whole.get(letters).copied()
        };
        existing.unwrap_or_else(|| {
            let next = self.new_node();
            if open {
                self.nodes[node].stems.push((letters.to_string(), next));
            } else {
                self.nodes[node].whole.insert(letters.to_string(), next);
            }
            next
        })
    }

    pub(super) fn for_each(&self, text: &str, visit: &mut dyn FnMut(Found)) {
        let Some(automaton) = &self.automaton else { return };
        for place in automaton.find_overlapping_iter(text) {
            if !is_border(text, place.start()) {
                continue;
            }
            let first = self.firsts[place.pattern().as_usize()];
            if let Some(node) = first.whole
                && is_border(text, place.end())
            {
                self.walk(text, node, place.start(), place.end(), visit);
            }
            if let Some(node) = first.stem {
                let end = word_end(text, place.end());
                self.walk(text, node, place.start(), end, visit);
            }
        }
    }

    /// Follows the words after `end`; the depth is bounded by the longest term.
    fn walk(&self, text: &str, node: usize, start: usize, end: usize, visit: &mut dyn FnMut(Found)) {
        let node = &self.nodes[node];
        for (pattern, language) in &node.ends {
            visit(Found { pattern: *pattern, language: *language, start, end });
        }
        if node.whole.is_empty() && node.stems.is_empty() {
            return;
        }
        let Some(next) = next_word(text, end) else { return };
        let word = &text[next..word_end(text, next)];
        if let Some(child) = node.whole.get(word) {
            self.walk(text, *child, start, next + word.len(), visit);
        } else if text[next..].chars().next().is_some_and(is_spaceless) {
            for (letters, child) in &node.whole {
                if text[next..].starts_with(letters.as_str()) {
                    self.walk(text, *child, start, next + letters.len(), visit);
                }
            }
        }
        for (stem, child) in &node.stems {
            if word.starts_with(stem.as_str()) {
                self.walk(text, *child, start, next + word.len(), visit);
            }
        }
    }
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
    c.is_whitespace() || matches!(c, '-' | '/' | '\'' | '_')
}
