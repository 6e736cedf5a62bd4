//! Terms of one language: their first words by a vocabulary of their own, the words after them along a small graph.
//!
//! Each term has nodes of its own, one behind each of its parts, so that alternatives meet again and a term costs the
//! sum of its alternatives, not their product. Terms that begin with the same word share one table of second words.

use std::collections::HashMap;

use super::borders::{is_border, next_word};
use super::vocabulary::{Extent, PieceId, Vocabulary, extent_of};
use super::{Found, PatternId};
use crate::rules::term::{Piece, Term};
use crate::text::starts::Start;
use crate::text::{is_spaceless, is_word};

/// What may follow after some words of a term.
#[derive(Debug, Default, Clone)]
struct Node {
    /// Which terms end here.
    ends: Vec<PatternId>,
    /// Next words and where they lead, sorted by word.
    edges: Vec<(PieceId, u32)>,
}

#[derive(Debug, Default)]
pub(super) struct TermGraph {
    /// Words with which terms begin.
    firsts: Vocabulary,
    /// Words that follow others.
    seconds: Vocabulary,
    /// By number of the first word: the node behind it in `nodes`; `u32::MAX` where no term begins with it.
    roots: Vec<u32>,
    nodes: Vec<Node>,
}

/// What stands at a start.
#[derive(Debug, Clone, Copy)]
pub(super) enum Begun {
    /// A word with which terms begin.
    Terms { node: u32, end: usize },
    /// A literal that guards a group of expressions, by its number.
    Expressions(usize),
}

/// Numbers of pieces from here on stand for groups of expressions.
const EXPRESSIONS: u32 = 1 << 31;

/// Words found at one place while a text is searched; many terms ask for the same place.
#[derive(Debug, Default)]
pub(super) struct Seen {
    places: Vec<(usize, Vec<(PieceId, usize)>)>,
}

const REMEMBERED: usize = 16;

/// Collects terms.
#[derive(Debug, Default)]
pub(super) struct GraphBuilder {
    numbers: HashMap<(String, bool), PieceId>,
    pieces: Vec<(String, Extent)>,
    nodes: Vec<Node>,
    /// By number of a first word: the nodes behind it.
    begun: Vec<Vec<u32>>,
    /// Literals that guard groups of expressions, and the numbers of these.
    openings: Vec<(Vec<u8>, u32)>,
}

impl GraphBuilder {
    /// Adds a literal that guards a group of expressions.
    pub(super) fn add_opening(&mut self, literal: &[u8], group: usize) {
        self.openings.push((literal.to_vec(), u32::try_from(group).unwrap_or(u32::MAX) | EXPRESSIONS));
    }

    /// Adds a term: nodes behind each of its parts, the last backwards to the first.
    pub(super) fn add(&mut self, term: &Term, end: PatternId) {
        let behind: Vec<u32> = term.iter().map(|_| self.new_node()).collect();
        let is_optional = |part: usize| term[part].iter().any(Vec::is_empty);
        for part in (0..term.len()).rev() {
            self.nodes[behind[part] as usize].ends.push(end);
            if !is_optional(part) {
                break;
            }
        }
        let mut reachable_first = true;
        for part in 0..term.len() {
            for choice in &term[part] {
                let pieces: Vec<Piece> = choice.iter().flat_map(split_scripts).collect();
                let Some((piece, rest)) = pieces.split_first() else { continue };
                let piece = self.number(piece);
                let node = self.chain(rest, behind[part]);
                if reachable_first {
                    self.begun[piece.0 as usize].push(node);
                }
                // From behind every earlier part that only optional ones separate from this.
                for before in (0..part).rev() {
                    self.nodes[behind[before] as usize].edges.push((piece, node));
                    if !is_optional(before) {
                        break;
                    }
                }
            }
            reachable_first &= is_optional(part);
        }
    }

    /// Nodes for the further words of a choice, up to a node that is there.
    fn chain(&mut self, rest: &[Piece], to: u32) -> u32 {
        rest.iter().rev().fold(to, |next, piece| {
            let piece = self.number(piece);
            let node = self.new_node();
            self.nodes[node as usize].edges.push((piece, next));
            node
        })
    }

    fn number(&mut self, piece: &Piece) -> PieceId {
        let next = PieceId(u32::try_from(self.pieces.len()).unwrap_or(u32::MAX));
        *self.numbers.entry((piece.letters.clone(), piece.open)).or_insert_with(|| {
            self.pieces.push((piece.letters.clone(), extent_of(&piece.letters, piece.open)));
            self.begun.push(Vec::new());
            next
        })
    }

    fn new_node(&mut self) -> u32 {
        self.nodes.push(Node::default());
        u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX)
    }

    /// ASCII symbols with which terms begin.
    pub(super) fn first_symbols(&self) -> impl Iterator<Item = u8> {
        let begins = self.pieces.iter().zip(&self.begun).filter(|(_, nodes)| !nodes.is_empty());
        let firsts = begins.filter_map(|((letters, _), _)| letters.bytes().next());
        firsts.filter(|first| first.is_ascii() && !first.is_ascii_alphanumeric())
    }

    pub(super) fn build(mut self) -> TermGraph {
        self.openings.sort_unstable();
        self.openings.dedup();
        let mut follows = vec![false; self.pieces.len()];
        for (piece, _) in self.nodes.iter().flat_map(|node| &node.edges) {
            follows[piece.0 as usize] = true;
        }
        let begun = std::mem::take(&mut self.begun);
        let roots: Vec<u32> = begun.iter().map(|nodes| self.merge(nodes)).collect();
        for node in &mut self.nodes {
            node.edges.sort_unstable();
            node.edges.dedup();
            node.ends.sort_unstable();
            node.ends.dedup();
        }
        let numbered = || (0u32..).map(PieceId).zip(&self.pieces);
        let entries = |is_wanted: &dyn Fn(usize) -> bool| {
            let wanted = numbered().filter(|(piece, _)| is_wanted(piece.0 as usize));
            wanted.map(|(piece, (letters, extent))| (piece, letters.as_bytes(), *extent)).collect::<Vec<_>>()
        };
        let mut firsts = entries(&|piece| roots[piece] != u32::MAX);
        firsts.extend(
            self.openings.iter().map(|(literal, number)| (PieceId(*number), literal.as_slice(), Extent::Beginning)),
        );
        let seconds = entries(&|piece| follows[piece]);
        TermGraph { firsts: Vocabulary::build(firsts), seconds: Vocabulary::build(seconds), roots, nodes: self.nodes }
    }

    /// One node in the place of several.
    fn merge(&mut self, nodes: &[u32]) -> u32 {
        match nodes {
            [] => u32::MAX,
            [one] => *one,
            several => {
                let mut merged = Node::default();
                for node in several {
                    let node = &self.nodes[*node as usize];
                    merged.ends.extend(&node.ends);
                    merged.edges.extend(&node.edges);
                }
                self.nodes.push(merged);
                u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX)
            }
        }
    }
}

/// A word in which scripts with and without spaces or symbols meet stands as several: the borders lie between them.
fn split_scripts(piece: &Piece) -> Vec<Piece> {
    let sort = |c: char| (is_spaceless(c), is_word(c));
    let mut parts: Vec<String> = Vec::new();
    for c in piece.letters.chars() {
        match parts.last_mut().filter(|part| part.chars().next_back().is_some_and(|last| sort(last) == sort(c))) {
            Some(part) => part.push(c),
            // A vowel sign of a spaceless script belongs to what stands before it.
            None => parts.push(c.to_string()),
        }
    }
    let last = parts.len().saturating_sub(1);
    parts.into_iter().enumerate().map(|(index, letters)| Piece { letters, open: piece.open && index == last }).collect()
}

impl TermGraph {
    /// Calls a function for everything that may begin at a start.
    #[inline]
    pub(super) fn for_each_begun(&self, text: &str, start: Start, mut visit: impl FnMut(Begun)) {
        self.firsts.for_each(text, start, |piece, end| {
            if piece.0 >= EXPRESSIONS {
                visit(Begun::Expressions((piece.0 & !EXPRESSIONS) as usize));
            } else if is_border(text, start.at) && is_border(text, end) {
                visit(Begun::Terms { node: self.roots[piece.0 as usize], end });
            }
        });
    }

    /// Follows the words after `end`; the depth is bounded by the longest term.
    pub(super) fn walk(
        &self,
        text: &str,
        node: u32,
        start: usize,
        end: usize,
        seen: &mut Seen,
        visit: &mut dyn FnMut(Found),
    ) {
        let node = &self.nodes[node as usize];
        for pattern in &node.ends {
            visit(Found { pattern: *pattern, start, end });
        }
        if node.edges.is_empty() {
            return;
        }
        let Some(next) = next_word(text, end) else { return };
        let mut index = 0;
        while let Some((piece, end)) = seen.word(&self.seconds, text, next, index) {
            index += 1;
            let first = node.edges.partition_point(|(known, _)| *known < piece);
            for (_, child) in node.edges[first..].iter().take_while(|(known, _)| *known == piece) {
                self.walk(text, *child, start, end, seen, visit);
            }
        }
    }
}

impl Seen {
    /// The word number `index` of those that stand at a place.
    fn word(&mut self, vocabulary: &Vocabulary, text: &str, at: usize, index: usize) -> Option<(PieceId, usize)> {
        if self.places.is_empty() {
            self.places.resize(REMEMBERED, (usize::MAX, Vec::new()));
        }
        let (known, words) = &mut self.places[at % REMEMBERED];
        if *known != at {
            *known = at;
            words.clear();
            let letters = text.as_bytes()[at..].iter().take(64).take_while(|byte| byte.is_ascii_alphanumeric()).count();
            vocabulary.for_each(text, Start { at, letters }, |piece, end| words.push((piece, end)));
        }
        words.get(index).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::term;
    use crate::text::starts::{Symbols, for_each_start};
    use proptest::prelude::*;

    fn found(terms: &[&str], text: &str) -> Vec<String> {
        let mut builder = GraphBuilder::default();
        terms.iter().for_each(|written| builder.add(&term::read(written).unwrap(), PatternId(0)));
        let mut symbols = Symbols::default();
        builder.first_symbols().for_each(|symbol| symbols.require(symbol));
        let graph = builder.build();
        let folded = crate::text::fold(text).text;
        let (mut seen, mut places) = (Seen::default(), Vec::new());
        for_each_start(folded.as_bytes(), &symbols, |start| {
            graph.for_each_begun(&folded, start, |begun| {
                let Begun::Terms { node, end } = begun else { panic!("there are no expressions") };
                graph.walk(&folded, node, start.at, end, &mut seen, &mut |place| {
                    places.push(folded[place.start..place.end].to_string());
                });
            });
        });
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

    #[test]
    fn scripts_and_symbols_meet() {
        assert_eq!(found(&["qq群"], "加qq群聊"), ["qq群"]);
        assert_eq!(found(&["100%", "$ 50"], "100% sure, $50 now"), ["$50", "100%"]);
        assert_eq!(found(&["паспорт*", "не"], "паспорта нет, не дам; спаспорт"), ["не", "паспорта"]);
    }

    #[test]
    fn long_words_differ_behind_their_eighth_letter() {
        assert_eq!(found(&["recruitment", "recruitm*"], "recruitments recruitment"), ["recruitment", "recruitments"]);
        let long = "a".repeat(300);
        assert_eq!(found(&[&long], &long), [long.as_str()]);
        assert!(found(&[&long], &"a".repeat(299)).is_empty());
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
