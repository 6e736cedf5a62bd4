//! Where an expression may begin, and what can be asked of its first bytes.

use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};

use crate::text::starts::Symbols;
use crate::text::{is_spaceless, is_word};

/// How much of an expression its opening keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// All but what looks around.
    Whole,
    /// Up to the first repetition that multiplies states.
    Cut,
}

/// The largest number of repetitions that a cut opening keeps.
const FEW: u32 = 3;
/// Work after which the question is given up, for expressions that nest choices in choices.
const MOST_STEPS: usize = 20_000;
/// A class wider than this is taken to hold letters.
const WIDE_CLASS: u32 = 4_096;

/// The same expression with `[0-9]` in the place of `\d`: a folded text has no other digits worth their states.
pub(super) fn with_ascii_digits(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) if is_every_digit(class) => {
            Hir::class(Class::Unicode(ClassUnicode::new([ClassUnicodeRange::new('0', '9')])))
        }
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => hir.clone(),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(with_ascii_digits(&repetition.sub));
            Hir::repetition(Repetition { sub, ..repetition.clone() })
        }
        HirKind::Capture(capture) => {
            Hir::capture(Capture { sub: Box::new(with_ascii_digits(&capture.sub)), ..capture.clone() })
        }
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(with_ascii_digits).collect()),
        HirKind::Alternation(choices) => Hir::alternation(choices.iter().map(with_ascii_digits).collect()),
    }
}

/// Whether a class is that of `\d`: the ASCII digits first, then those of other scripts, ten by ten.
fn is_every_digit(class: &ClassUnicode) -> bool {
    let ranges = class.ranges();
    let is_first = ranges.first().is_some_and(|range| range.start() == '0' && range.end() == '9');
    is_first && ranges.len() > 30 && ranges.iter().all(|range| range.start().is_numeric() && range.end().is_numeric())
}

/// An expression that matches wherever the given one does, or a beginning of it.
pub(super) fn opening(hir: &Hir, depth: Depth) -> Hir {
    beginning(hir, depth).0
}

/// The opening, and whether it stands for the whole.
fn beginning(hir: &Hir, depth: Depth) -> (Hir, bool) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (Hir::empty(), true),
        HirKind::Literal(_) | HirKind::Class(_) => (hir.clone(), true),
        HirKind::Capture(capture) => beginning(&capture.sub, depth),
        HirKind::Repetition(repetition) => repeated(repetition, depth),
        HirKind::Concat(parts) => {
            let mut kept = Vec::new();
            for part in parts {
                let (part, whole) = beginning(part, depth);
                kept.push(part);
                if !whole {
                    return (Hir::concat(kept), false);
                }
            }
            (Hir::concat(kept), true)
        }
        HirKind::Alternation(choices) => {
            let choices: Vec<(Hir, bool)> = choices.iter().map(|choice| beginning(choice, depth)).collect();
            let whole = choices.iter().all(|(_, whole)| *whole);
            (Hir::alternation(choices.into_iter().map(|(choice, _)| choice).collect()), whole)
        }
    }
}

fn repeated(repetition: &Repetition, depth: Depth) -> (Hir, bool) {
    let (sub, whole) = beginning(&repetition.sub, depth);
    let few = repetition.max.is_some_and(|max| max <= FEW);
    if whole && (depth == Depth::Whole || few) {
        return (Hir::repetition(Repetition { sub: Box::new(sub), ..repetition.clone() }), true);
    }
    if repetition.min == 0 { (Hir::empty(), false) } else { (sub, false) }
}

/// Whether every match begins at a start: at the first letter of a word, a symbol for which there is room, or a
/// character of a script without spaces.
pub(super) fn begins_at_starts(hir: &Hir, symbols: &mut Symbols) -> bool {
    let mut first = First { symbols: symbols.clone(), steps: 0 };
    let begins = first.follows(&[hir], false);
    if begins {
        *symbols = first.symbols;
    }
    begins
}

struct First {
    symbols: Symbols,
    steps: usize,
}

impl First {
    /// Whether what may come first in a sequence is a start; `border` says that a word border was asked for.
    fn follows(&mut self, parts: &[&Hir], border: bool) -> bool {
        self.steps += 1;
        let Some((first, rest)) = parts.split_first() else { return false };
        if self.steps > MOST_STEPS {
            return false;
        }
        let with = |this: &mut Self, inner: &[&Hir]| {
            let parts: Vec<&Hir> = inner.iter().chain(rest).copied().collect();
            this.follows(&parts, border)
        };
        match first.kind() {
            HirKind::Empty => self.follows(rest, border),
            HirKind::Look(Look::WordUnicode | Look::WordStartUnicode | Look::WordAscii | Look::WordStartAscii) => {
                self.follows(rest, true)
            }
            HirKind::Look(_) => false,
            HirKind::Literal(literal) => {
                match std::str::from_utf8(&literal.0).ok().and_then(|text| text.chars().next()) {
                    Some(first) => self.is_start(first, border),
                    None => false,
                }
            }
            HirKind::Class(Class::Unicode(class)) => {
                let ranges = class.ranges();
                let wide = ranges.iter().any(|range| u32::from(range.end()) - u32::from(range.start()) > WIDE_CLASS);
                !wide
                    && !ranges.is_empty()
                    && ranges.iter().all(|range| (range.start()..=range.end()).all(|c| self.is_start(c, border)))
            }
            HirKind::Class(Class::Bytes(_)) => false,
            HirKind::Capture(capture) => with(self, &[&capture.sub]),
            HirKind::Concat(inner) => with(self, &inner.iter().collect::<Vec<_>>()),
            HirKind::Alternation(choices) => choices.iter().all(|choice| with(self, &[choice])),
            HirKind::Repetition(repetition) => {
                with(self, &[&repetition.sub]) && (repetition.min > 0 || self.follows(rest, border))
            }
        }
    }

    /// Whether a match that begins with a character begins at a start.
    fn is_start(&mut self, first: char, border: bool) -> bool {
        if is_word(first) && !is_spaceless(first) {
            return border;
        }
        !first.is_ascii() || self.symbols.admit(first as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begins(expression: &str) -> bool {
        begins_at_starts(&regex_syntax::parse(expression).unwrap(), &mut Symbols::default())
    }

    #[test]
    fn what_begins_at_a_start_is_known() {
        for expression in
            [r"\bfees?\b", r"\b(?:no|any) fee", r"[$€] ?\d+", r"(?:\bpay|[,;]) ?\d", "护照", r"\b\d{2}", "\u{2708}"]
        {
            assert!(begins(expression), "{expression}");
        }
        for expression in ["fees?", r"\w+@", r"(?:no )?fee", r"(?:\bno )?fee", r" fee", r"^fee", r"\B1", ".", ""] {
            assert!(!begins(expression), "{expression}");
        }
    }

    #[test]
    fn openings_look_no_further_than_they_may() {
        let open = |expression: &str, depth| opening(&regex_syntax::parse(expression).unwrap(), depth).to_string();
        assert_eq!(open(r"\bfee\b", Depth::Whole), "(?:fee)");
        assert_eq!(open(r"\bfee[^.]{0,30}paid", Depth::Cut), "(?:fee)");
        assert_eq!(open(r"a{0,9}b", Depth::Cut), "(?:)");
    }

    #[test]
    fn digits_are_those_of_a_folded_text() {
        let ascii = |written: &str| with_ascii_digits(&regex_syntax::parse(written).unwrap()).to_string();
        assert_eq!(ascii(r"(?:a|\d{2,})x"), "(?:(?:a|[0-9]{2,})x)");
        assert_eq!(ascii(r"[a-z]"), "[a-z]");
    }
}
