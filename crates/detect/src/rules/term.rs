//! The little language of lexicon terms: words, `stem*`, `(one|other)`, `(maybe)?`.

use crate::text::fold;

/// A word of a term: its letters, and whether the word may go on after them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Piece {
    pub(crate) letters: String,
    pub(crate) open: bool,
}

/// One spelled-out sequence of words; empty where a part may be left out.
pub(crate) type Sequence = Vec<Piece>;

/// A term: parts that follow one another, each with the sequences among which it chooses.
pub(crate) type Term = Vec<Vec<Sequence>>;

/// The most sequences among which one part of a term may choose.
const MOST_SEQUENCES: usize = 512;
const MOST_PARTS: usize = 40;
const DEEPEST: usize = 4;
const LONGEST_TERM: usize = 1_500;

/// Reads a term.
///
/// # Errors
/// A sentence, where parentheses do not match or nest too deeply, a `*` stands elsewhere than at the end of a long enough word,
/// nothing is left, or a part chooses among too much.
pub(crate) fn read(term: &str) -> Result<Term, String> {
    if term.len() > LONGEST_TERM {
        return Err(format!("the term is {} bytes long, {LONGEST_TERM} are allowed", term.len()));
    }
    let folded = fold(term).text;
    if let Some(wrong) = folded.chars().find(|c| matches!(c, '[' | ']' | '{' | '}' | '+' | '\\' | '^')) {
        return Err(format!("`{wrong}` has no meaning in a term"));
    }
    let mut parts = Vec::new();
    for cluster in clusters(&folded) {
        let mut choices = unfold(cluster)?;
        choices.sort_unstable();
        choices.dedup();
        if choices.iter().any(|choice| !choice.is_empty()) {
            parts.push(choices);
        }
    }
    if parts.len() > MOST_PARTS {
        return Err(format!("the term has {} parts, {MOST_PARTS} are allowed", parts.len()));
    }
    if parts.iter().all(|choices| choices.iter().any(Vec::is_empty)) {
        return Err(
            if parts.is_empty() { "the term is empty" } else { "every part of the term may be left out" }.to_string()
        );
    }
    refuse_short_beginnings(&parts)?;
    Ok(parts)
}

/// A stem with which a term begins is looked for everywhere, so it must say enough; further words may be shorter.
fn refuse_short_beginnings(parts: &Term) -> Result<(), String> {
    for choices in parts {
        for piece in choices.iter().filter_map(|choice| choice.first()) {
            let least = 2;
            if piece.open && piece.letters.chars().count() < least {
                return Err(format!(
                    "the term begins with `{}*`; {least} letters are asked before the `*`",
                    piece.letters
                ));
            }
        }
        if !choices.iter().any(Vec::is_empty) {
            break;
        }
    }
    Ok(())
}

/// Splits a term at white space outside parentheses: what is written together is unfolded together.
fn clusters(term: &str) -> Vec<&str> {
    let mut clusters = split_outside_groups(term, char::is_whitespace);
    clusters.retain(|cluster| !cluster.is_empty());
    clusters
}

/// Splits a text at the characters that stand in no group.
fn split_outside_groups(text: &str, is_separator: impl Fn(char) -> bool) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0usize, 0);
    for (index, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 && is_separator(c) => {
                found.push(&text[start..index]);
                start = index + c.len_utf8();
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found
}

/// All sequences for which a cluster stands.
fn unfold(cluster: &str) -> Result<Vec<Sequence>, String> {
    spellings(cluster, 0)?.iter().map(|text| pieces(text)).collect()
}

/// All texts for which a text with groups stands.
fn spellings(written: &str, depth: usize) -> Result<Vec<String>, String> {
    if depth > DEEPEST {
        return Err(format!("parentheses nest more than {DEEPEST} deep"));
    }
    let mut texts = vec![String::new()];
    let mut rest = written;
    while let Some(open) = rest.find(['(', ')']) {
        if rest[open..].starts_with(')') {
            return Err("a `)` without its `(`".to_string());
        }
        let inside = &rest[open + 1..];
        let close = closing(inside).ok_or("a `(` without its `)`")?;
        let mut choices = Vec::new();
        for alternative in split_outside_groups(&inside[..close], |c| c == '|') {
            if alternative.trim().is_empty() {
                return Err("an empty alternative; write `(…)?` for what may be missing".to_string());
            }
            choices.extend(spellings(alternative, depth + 1)?);
        }
        let before = &rest[..open];
        rest = &inside[close + 1..];
        if let Some(after) = rest.strip_prefix('?') {
            choices.push(String::new());
            rest = after;
        }
        if texts.len() * choices.len() > MOST_SEQUENCES {
            return Err(format!("a part of the term stands for more than {MOST_SEQUENCES} sequences; split it"));
        }
        texts =
            texts.iter().flat_map(|text| choices.iter().map(move |choice| format!("{text}{before}{choice}"))).collect();
    }
    Ok(texts.into_iter().map(|text| text + rest).collect())
}

/// Where the parenthesis that is open at the start of a text closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (index, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(index),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
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
        if open && letters.is_empty() {
            return Err("a `*` stands alone".to_string());
        }
        sequence.push(Piece { letters: letters.to_string(), open });
    }
    Ok(sequence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spelled(term: &str) -> String {
        let spell = |piece: &Piece| format!("{}{}", piece.letters, if piece.open { "*" } else { "" });
        let choice = |sequence: &Sequence| sequence.iter().map(spell).collect::<Vec<_>>().join(" ");
        let part = |choices: &Vec<Sequence>| choices.iter().map(choice).collect::<Vec<_>>().join("|");
        read(term).unwrap().iter().map(part).collect::<Vec<_>>().join(" / ")
    }

    #[test]
    fn alternatives_and_optional_parts_are_read() {
        assert_eq!(spelled("(pay|send) (the )?fee*"), "pay|send / fee*|the fee*");
        assert_eq!(spelled("(pay|send money) (the)? fee*"), "pay|send money / |the / fee*");
        assert_eq!(spelled("(a (b|c)|d)"), "a b|a c|d");
        assert_eq!(spelled("Gebühr"), "gebuhr");
        assert_eq!(spelled("包(吃|食)住"), "包吃住|包食住");
        assert_eq!(spelled("up-front"), "up front");
    }

    #[test]
    fn mistakes_are_named() {
        for (term, expected) in [
            ("(a", "a `(` without its `)`"),
            ("a)", "a `)` without its `(`"),
            ("((((((a))))))", "parentheses nest more than 4 deep"),
            ("(a|)", "an empty alternative; write `(…)?` for what may be missing"),
            ("f*", "the term begins with `f*`; 2 letters are asked before the `*`"),
            ("a *", "a `*` stands alone"),
            ("f*ee", "in `f*ee` a `*` stands elsewhere than at the end of the word"),
            (" ", "the term is empty"),
            ("a+", "`+` has no meaning in a term"),
            ("(a)? (b)?", "every part of the term may be left out"),
        ] {
            assert_eq!(read(term).unwrap_err(), expected, "{term}");
        }
        assert!(read(&"(a|b)".repeat(40)).unwrap_err().contains("more than 512"));
    }

    proptest! {
        #[test]
        fn never_panics(term in any::<String>()) {
            let _ = read(&term);
        }
    }
}
