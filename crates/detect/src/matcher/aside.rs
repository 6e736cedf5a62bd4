//! Expressions that may begin in the middle of a word: one Aho-Corasick pass over their literal beginnings says which
//! are worth a search of the whole text.

use aho_corasick::AhoCorasick;
use regex_syntax::hir::Hir;
use regex_syntax::hir::literal::Extractor;

/// Expressions by number, and the literals without which they cannot match.
#[derive(Debug, Default)]
pub(super) struct Aside {
    literals: Option<AhoCorasick>,
    /// By number of the literal: the place in `guarded`.
    owners: Vec<usize>,
    guarded: Vec<usize>,
    /// Expressions that begin with nothing in particular.
    always: Vec<usize>,
}

impl Aside {
    pub(super) fn build(expressions: &[(usize, Hir)]) -> Self {
        let mut aside = Self::default();
        let mut literals: Vec<Vec<u8>> = Vec::new();
        for (number, hir) in expressions {
            let prefixes = Extractor::new().extract(hir);
            match prefixes.literals().filter(|found| !found.is_empty() && found.iter().all(|one| one.len() > 1)) {
                Some(found) => {
                    literals.extend(found.iter().map(|literal| literal.as_bytes().to_vec()));
                    aside.owners.resize(literals.len(), aside.guarded.len());
                    aside.guarded.push(*number);
                }
                None => aside.always.push(*number),
            }
        }
        // Where the automaton cannot be built, nothing is left out: all are tried.
        match AhoCorasick::new(&literals) {
            Ok(automaton) if !literals.is_empty() => aside.literals = Some(automaton),
            _ => aside.always.append(&mut aside.guarded),
        }
        aside
    }

    /// All expressions that stand aside.
    pub(super) fn members(&self) -> impl Iterator<Item = usize> {
        self.guarded.iter().chain(&self.always).copied()
    }

    /// Those that may match a text.
    pub(super) fn that_may_match(&self, text: &str) -> Vec<usize> {
        let mut numbers = self.always.clone();
        if let Some(automaton) = &self.literals {
            let mut begun = vec![false; self.guarded.len()];
            for place in automaton.find_overlapping_iter(text) {
                begun[self.owners[place.pattern().as_usize()]] = true;
            }
            numbers.extend(self.guarded.iter().zip(begun).filter(|(_, begun)| *begun).map(|(number, _)| *number));
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_whose_literals_stand_in_the_text_are_tried() {
        let expressions = ["no fee", "(?:ab|cd)+x", r"\w+@", "gratis$"];
        let parsed = expressions.iter().map(|written| regex_syntax::parse(written).unwrap());
        let aside = Aside::build(&parsed.enumerate().collect::<Vec<_>>());
        assert_eq!(aside.members().count(), 4);
        assert_eq!(aside.that_may_match("there is no fee, cdx"), [2, 0, 1]);
        assert_eq!(aside.that_may_match(""), [2]);
    }
}
