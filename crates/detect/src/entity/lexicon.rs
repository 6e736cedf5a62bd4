//! Small word lists, each word with what it means, asked at one place of a text: does a listed word stand here, or end
//! here? Hash look-ups rather than expressions, so that a question costs tens of nanoseconds however long the list.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::text::{is_spaceless, is_word};

/// The most words of a listed phrase.
const LONGEST_PHRASE: usize = 4;

/// What may stand between the words of a phrase.
const JOINTS: [char; 5] = [' ', '-', '.', '/', '\''];

/// Words with their meanings, folded as texts are. Written as a text of words between spaces: `_` joins a phrase, a final `*` makes a stem.
/// Symbols and words of scripts without spaces stand where they begin, whatever follows.
#[derive(Debug)]
pub(super) struct Lexicon<T: Copy> {
    whole: HashMap<String, T, BuildHasherDefault<WordHasher>>,
    stems: HashMap<String, T, BuildHasherDefault<WordHasher>>,
    /// The lengths of stems in bytes, from the shortest to the longest.
    stem_lengths: (usize, usize),
    direct: Vec<(String, T)>,
    /// Of `direct`, those that begin with a letter: `us$`.
    direct_letters: Vec<(String, T)>,
    phrases: usize,
    /// One bit for each first and each last character of `direct`, so that most places cost one look.
    first: u64,
    last: u64,
}

impl<T: Copy> Lexicon<T> {
    pub(super) fn new(entries: &[(&str, T)]) -> Self {
        let mut lexicon = Self {
            whole: HashMap::default(),
            stems: HashMap::default(),
            stem_lengths: (usize::MAX, 0),
            direct: Vec::new(),
            direct_letters: Vec::new(),
            phrases: 1,
            first: 0,
            last: 0,
        };
        for (words, meaning) in entries {
            for word in words.split_whitespace() {
                lexicon.add(&crate::text::fold(&word.replace('_', " ")).text, *meaning);
            }
        }
        lexicon.direct.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        let with_letter = lexicon.direct.iter().filter(|(word, _)| word.starts_with(|c: char| c.is_ascii_lowercase()));
        lexicon.direct_letters = with_letter.cloned().collect();
        lexicon
    }

    fn add(&mut self, word: &str, meaning: T) {
        let is_symbol = |c: char| !is_letter(c) && !JOINTS.contains(&c) && c != '*';
        if word.chars().any(|c| is_spaceless(c) || is_symbol(c)) || !word.starts_with(is_letter) {
            self.first |= word.chars().next().map_or(0, bit);
            self.last |= word.chars().next_back().map_or(0, bit);
            self.direct.push((word.to_string(), meaning));
        } else if let Some(stem) = word.strip_suffix('*') {
            self.stem_lengths.0 = self.stem_lengths.0.min(stem.len());
            self.stem_lengths.1 = self.stem_lengths.1.max(stem.len());
            self.stems.insert(stem.to_string(), meaning);
        } else {
            self.phrases = self.phrases.max(word.split(JOINTS).count()).min(LONGEST_PHRASE);
            self.whole.insert(word.replace(JOINTS, " ").trim_end().to_string(), meaning);
        }
    }

    /// Which listed word is the whole of a word, or begins it as a stem.
    pub(super) fn word(&self, word: &str) -> Option<T> {
        if let Some(meaning) = self.whole.get(word) {
            return Some(*meaning);
        }
        let (shortest, longest) = self.stem_lengths;
        let mut lengths = (shortest..=longest.min(word.len())).rev().filter(|length| word.is_char_boundary(*length));
        lengths.find_map(|length| self.stems.get(&word[..length])).copied()
    }

    fn phrase(&self, words: &str) -> Option<T> {
        let joined = words.contains(&JOINTS[1..]).then(|| words.replace(JOINTS, " "));
        self.whole.get(joined.as_deref().unwrap_or(words)).copied()
    }

    /// The listed word at the start of a text: how long it is there, and what it means.
    pub(super) fn starts(&self, text: &str) -> Option<(usize, T)> {
        let first = text.chars().next()?;
        let direct = if first.is_ascii_lowercase() { &self.direct_letters } else { &self.direct };
        if self.first & bit(first) != 0
            && let Some((word, meaning)) = direct.iter().find(|(word, _)| text.starts_with(word.as_str()))
        {
            return Some((word.len(), *meaning));
        }
        if !is_spaced_letter(first) {
            return None;
        }
        let mut ends = [0; LONGEST_PHRASE];
        let mut count = 0;
        let mut end = word_at(text).len();
        while count < self.phrases {
            ends[count] = end;
            count += 1;
            let next = text[end..].strip_prefix(JOINTS).map_or("", word_at);
            if next.is_empty() {
                break;
            }
            end += 1 + next.len();
        }
        let longer = ends[1..count.max(1)].iter().rev();
        let phrase = longer.filter_map(|end| self.phrase(&text[..*end]).map(|meaning| (*end, meaning))).next();
        phrase.or_else(|| self.word(&text[..ends[0]]).map(|meaning| (ends[0], meaning)))
    }

    /// The listed word at the end of a text: where it begins, and what it means.
    pub(super) fn ends(&self, text: &str) -> Option<(usize, T)> {
        let last = text.chars().next_back()?;
        if !last.is_ascii_lowercase()
            && self.last & bit(last) != 0
            && let Some((word, meaning)) = self.direct.iter().find(|(word, _)| text.ends_with(word.as_str()))
        {
            return Some((text.len() - word.len(), *meaning));
        }
        let mut start = text.len() - word_before(text).len();
        let single = self.word(&text[start..]).map(|meaning| (start, meaning));
        let mut phrase = None;
        for _ in 1..self.phrases {
            let before = text[..start].strip_suffix(JOINTS).map_or("", word_before);
            if before.is_empty() {
                break;
            }
            start -= before.len() + 1;
            phrase = self.phrase(&text[start..]).map(|meaning| (start, meaning)).or(phrase);
        }
        phrase.or(single)
    }
}

const fn bit(c: char) -> u64 {
    1 << (c as u32 & 63)
}

/// Hashes words of our own lists: quickly, since nobody else chooses the keys.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct WordHasher(u64);

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

/// Whether a character of a folded text is a letter or a mark on one.
pub(super) fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_lowercase(),
        // The middle of three scripts, where no table needs to be asked.
        'а'..='џ' | '\u{620}'..='\u{64a}' | '\u{904}'..='\u{94d}' => true,
        _ => is_word(c) && !c.is_numeric(),
    }
}

/// No script without spaces begins earlier in Unicode.
pub(super) const FIRST_SPACELESS: char = '\u{e00}';

/// A letter of a script with spaces: in the others a run of letters is no word, and may be as long as the text.
pub(super) fn is_spaced_letter(c: char) -> bool {
    is_letter(c) && !(c >= FIRST_SPACELESS && is_spaceless(c))
}

/// The letters at the start of a text.
pub(super) fn word_at(text: &str) -> &str {
    &text[..text.find(|c| !is_spaced_letter(c)).unwrap_or(text.len())]
}

/// The letters at the end of a text.
pub(super) fn word_before(text: &str) -> &str {
    &text[text
        .rfind(|c| !is_spaced_letter(c))
        .map_or(0, |at| at + text[at..].chars().next().map_or(0, char::len_utf8))..]
}

/// At most this many bytes around a place, on character borders.
pub(super) fn after(text: &str, at: usize, bytes: usize) -> &str {
    let from = text.floor_char_boundary(at.min(text.len()));
    &text[from..text.floor_char_boundary((from + bytes).min(text.len()))]
}

/// The bytes before a place, on character borders.
pub(super) fn before(text: &str, at: usize, bytes: usize) -> &str {
    &text[text.ceil_char_boundary(at.saturating_sub(bytes))..at]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon<u8> {
        Lexicon::new(&[("month mes* per_month", 1), ("月 每月 $", 2), ("year year_old us$", 3)])
    }

    #[test]
    fn words_phrases_stems_and_symbols_are_found_where_they_begin() {
        let lexicon = lexicon();
        for (text, expected) in [
            ("month now", Some((5, 1))),
            ("per month", Some((9, 1))),
            ("mensual", None),
            ("meses", Some((5, 1))),
            ("months", None),
            ("每月三", Some((6, 2))),
            ("$5", Some((1, 2))),
            ("us$ 5", Some((3, 3))),
            ("year-old", Some((8, 3))),
            ("year end", Some((4, 3))),
            ("", None),
        ] {
            assert_eq!(lexicon.starts(text), expected, "{text}");
        }
    }

    #[test]
    fn and_where_they_end() {
        let lexicon = lexicon();
        for (text, expected) in [
            ("a month", Some((2, 1))),
            ("per month", Some((0, 1))),
            ("三每月", Some((3, 2))),
            ("in us$", Some((3, 3))),
            ("twomonth", None),
        ] {
            assert_eq!(lexicon.ends(text), expected, "{text}");
        }
    }
}
