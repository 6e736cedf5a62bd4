//! Where words begin and end, and what may stand between two words of a term.

use crate::text::{is_spaceless, is_word};

/// The most characters that may stand between two words of a term.
const WIDEST_GAP: usize = 3;

/// Whether a term may begin or end at an offset: not between two characters of one word, unless one of them belongs
/// to a script without spaces.
pub(crate) fn is_border(text: &str, offset: usize) -> bool {
    let bytes = text.as_bytes();
    if let (Some(before), Some(after)) = (offset.checked_sub(1).map(|index| bytes[index]), bytes.get(offset))
        && before.is_ascii()
        && after.is_ascii()
    {
        return !(before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric());
    }
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
pub(super) fn word_end(text: &str, offset: usize) -> usize {
    let ascii = text.as_bytes()[offset..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let rest = &text[offset + ascii..];
    if rest.as_bytes().first().is_none_or(u8::is_ascii) {
        return offset + ascii;
    }
    offset + ascii + rest.find(|c| !is_word(c) || is_spaceless(c)).unwrap_or(rest.len())
}

/// Where the next word or symbol begins, if no more than separators stand before it.
pub(super) fn next_word(text: &str, offset: usize) -> Option<usize> {
    let mut characters = text[offset..].char_indices();
    for _ in 0..=WIDEST_GAP {
        let (index, c) = characters.next()?;
        if is_word(c) || !is_gap(c) {
            return Some(offset + index);
        }
    }
    None
}

/// Whether a character may stand between two words of a term.
pub(super) fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '/' | '\'' | '_' | ',')
}
