//! The little language of lexicon terms: words, `stem*`, `(one|other)`, `(maybe)?`.

use crate::text::fold;

/// A word of a term: its letters, and whether the word may go on after them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Piece {
    pub(crate) letters: String,
    pub(crate) open: bool,
}

/// One spelled-out sequence of words.
pub(crate) type Sequence = Vec<Piece>;

/// The most sequences into which one term may unfold.
const MOST_SEQUENCES: usize = 4_096;
const LONGEST_TERM: usize = 600;

/// Unfolds a term into the word sequences for which it stands.
///
/// # Errors
/// A sentence, where parentheses do not match or nest, a `*` stands elsewhere than at the end of a long enough word,
/// nothing is left, or it unfolds too far.
pub(crate) fn unfold(term: &str) -> Result<Vec<Sequence>, String> {
    if term.len() > LONGEST_TERM {
        return Err(format!("the term is {} bytes long, {LONGEST_TERM} are allowed", term.len()));
    }
    let folded = fold(term).text;
    if let Some(wrong) = folded.chars().find(|c| matches!(c, '[' | ']' | '{' | '}' | '+' | '\\' | '^')) {
        return Err(format!("`{wrong}` has no meaning in a term"));
    }
    let mut texts = vec![String::new()];
    for part in parts(&folded)? {
        let mut longer = Vec::with_capacity(texts.len() * part.len());
        for text in &texts {
            longer.extend(part.iter().map(|alternative| format!("{text}{alternative}")));
        }
        if longer.len() > MOST_SEQUENCES {
            return Err(format!("the term stands for more than {MOST_SEQUENCES} sequences; split it"));
        }
        texts = longer;
    }
    let mut sequences = Vec::with_capacity(texts.len());
    for text in texts {
        let sequence = pieces(&text)?;
        if !sequence.is_empty() {
            sequences.push(sequence);
        }
    }
    sequences.sort_unstable();
    sequences.dedup();
    if sequences.is_empty() {
        return Err("the term is empty".to_string());
    }
    Ok(sequences)
}

/// The parts of a term, each with its alternatives.
fn parts(term: &str) -> Result<Vec<Vec<String>>, String> {
    let mut parts = Vec::new();
    let mut rest = term;
    while let Some(open) = rest.find(['(', ')']) {
        if rest[open..].starts_with(')') {
            return Err("a `)` without its `(`".to_string());
        }
        parts.push(vec![rest[..open].to_string()]);
        let inside = &rest[open + 1..];
        let close = inside.find(')').ok_or("a `(` without its `)`")?;
        let group = &inside[..close];
        if group.contains('(') {
            return Err("parentheses may not nest".to_string());
        }
        let mut alternatives: Vec<String> = group.split('|').map(str::to_string).collect();
        if alternatives.iter().any(|alternative| alternative.trim().is_empty()) {
            return Err("an empty alternative; write `(…)?` for what may be missing".to_string());
        }
        rest = &inside[close + 1..];
        if let Some(after) = rest.strip_prefix('?') {
            alternatives.push(String::new());
            rest = after;
        }
        parts.push(alternatives);
    }
    parts.push(vec![rest.to_string()]);
    Ok(parts)
}

fn pieces(text: &str) -> Result<Sequence, String> {
    if let Some(wrong) = text.chars().find(|c| matches!(c, '?' | '|')) {
        return Err(format!("`{wrong}` has no meaning in a term"));
    }
    let is_separator = |c: char| c.is_whitespace() || matches!(c, '-' | '/' | '\'' | '_' | '.' | ',' | ':');
    let mut sequence = Vec::new();
    for word in text.split(is_separator).filter(|word| !word.is_empty()) {
        let (letters, open) = match word.strip_suffix('*') {
            Some(stem) => (stem, true),
            None => (word, false),
        };
        if letters.contains('*') {
            return Err(format!("in `{word}` a `*` stands elsewhere than at the end of the word"));
        }
        let least = if letters.is_ascii() { 3 } else { 2 };
        if open && letters.chars().count() < least {
            return Err(format!("in `{word}` fewer than {least} letters stand before the `*`"));
        }
        sequence.push(Piece { letters: letters.to_string(), open });
    }
    Ok(sequence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spelled(term: &str) -> Vec<String> {
        let spell = |piece: &Piece| format!("{}{}", piece.letters, if piece.open { "*" } else { "" });
        unfold(term).unwrap().iter().map(|s| s.iter().map(spell).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn alternatives_and_optional_parts_unfold() {
        assert_eq!(spelled("(pay|send) (the )?fee*"), ["pay fee*", "pay the fee*", "send fee*", "send the fee*"]);
        assert_eq!(spelled("Gebühr"), ["gebuhr"]);
        assert_eq!(spelled("包(吃|食)住"), ["包吃住", "包食住"]);
        assert_eq!(spelled("up-front"), ["up front"]);
    }

    #[test]
    fn mistakes_are_named() {
        for (term, expected) in [
            ("(a", "a `(` without its `)`"),
            ("a)", "a `)` without its `(`"),
            ("((a))", "parentheses may not nest"),
            ("(a|)", "an empty alternative; write `(…)?` for what may be missing"),
            ("fe*", "in `fe*` fewer than 3 letters stand before the `*`"),
            ("f*ee", "in `f*ee` a `*` stands elsewhere than at the end of the word"),
            (" ", "the term is empty"),
            ("a+", "`+` has no meaning in a term"),
        ] {
            assert_eq!(unfold(term).unwrap_err(), expected, "{term}");
        }
        assert!(unfold(&"(a|b)".repeat(40)).unwrap_err().contains("more than 4096"));
    }

    proptest! {
        #[test]
        fn never_panics(term in any::<String>()) {
            let _ = unfold(&term);
        }
    }
}
