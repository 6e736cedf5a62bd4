//! The one pass over a folded text by which all entities are found: it notes where digits, at signs, links and words
//! that begin an entity stand. Everything else is read from those places, so that a text without them costs no more
//! than the pass.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::gazetteer::GAZETTEER;
use super::lexicon::{FIRST_SPACELESS, is_letter, is_spaced_letter};
use super::{handle, money, name, phone_words};
use crate::text::is_spaceless;

/// What a word may begin. A word may be several things; each reader looks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sense(u8);

impl Sense {
    pub(super) const DIGIT: Self = Self(1);
    pub(super) const PLATFORM: Self = Self(2);
    pub(super) const SPELLED_AT: Self = Self(4);
    pub(super) const NAME: Self = Self(8);
    pub(super) const PLACE: Self = Self(16);
    pub(super) const HAN_AMOUNT: Self = Self(32);

    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A word at which something may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WordMark {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) sense: Sense,
}

/// What the pass noted.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Runs of digits.
    pub(super) digits: Vec<(usize, usize)>,
    /// At signs.
    pub(super) ats: Vec<usize>,
    /// Words, in order.
    pub(super) words: Vec<WordMark>,
    /// Slashes and `www`, where web addresses are.
    pub(super) links: Vec<usize>,
}

impl Marks {
    /// The words that may begin something of one sort.
    pub(super) fn of(&self, sense: Sense) -> impl Iterator<Item = &WordMark> {
        self.words.iter().filter(move |word| word.sense.has(sense))
    }
}

/// More places than this of one sort are not noted.
const MOST_MARKS: usize = 4096;

/// Reads a folded text once.
pub(super) fn scan(text: &str) -> Marks {
    let vocabulary = &*VOCABULARY;
    let bytes = text.as_bytes();
    let mut marks = Marks::default();
    let mut position = 0;
    while position < bytes.len() {
        let byte = bytes[position];
        let start = position;
        match byte {
            b'a'..=b'z' => position = word(text, position, vocabulary, &mut marks),
            b'0'..=b'9' => {
                position += bytes[position..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                push(&mut marks.digits, (start, position));
            }
            0x80.. => {
                let Some(first) = text[position..].chars().next() else { break };
                position = if first >= FIRST_SPACELESS && is_spaceless(first) {
                    spaceless(text, position, vocabulary, &mut marks)
                } else if is_letter(first) {
                    word(text, position, vocabulary, &mut marks)
                } else {
                    position + first.len_utf8()
                };
            }
            b'@' => {
                push(&mut marks.ats, position);
                position += 1;
            }
            b'/' => {
                push(&mut marks.links, position);
                position += 1;
            }
            _ => position += 1,
        }
    }
    marks
}

fn push<T>(list: &mut Vec<T>, item: T) {
    if list.len() < MOST_MARKS {
        list.push(item);
    }
}

/// Reads one word of a script with spaces; gives its end.
fn word(text: &str, start: usize, vocabulary: &Vocabulary, marks: &mut Marks) -> usize {
    let bytes = text.as_bytes();
    let mut position = start;
    let mut hash = HASH_SEED;
    while position < bytes.len() {
        let byte = bytes[position];
        if byte.is_ascii_lowercase() {
            hash = mix(hash, byte);
            position += 1;
        } else if byte >= 0x80 {
            let Some(c) = text[position..].chars().next() else { break };
            if !is_spaced_letter(c) {
                break;
            }
            for byte in &bytes[position..position + c.len_utf8()] {
                hash = mix(hash, *byte);
            }
            position += c.len_utf8();
        } else {
            break;
        }
    }
    if let Some(sense) = vocabulary.sense(finish(hash)) {
        push(&mut marks.words, WordMark { start, end: position, sense });
    }
    if position - start == 3 && bytes.get(position) == Some(&b'.') && &bytes[start..position] == b"www" {
        push(&mut marks.links, start);
    }
    position
}

/// Reads a stretch of a script without spaces; gives its end.
fn spaceless(text: &str, start: usize, vocabulary: &Vocabulary, marks: &mut Marks) -> usize {
    let rest = &text[start..];
    let length = rest.find(|c: char| !is_spaceless(c)).unwrap_or(rest.len());
    if let Some(automaton) = &vocabulary.automaton {
        for found in automaton.find_iter(&rest[..length]) {
            let sense = vocabulary.spaceless[found.pattern().as_usize()];
            push(&mut marks.words, WordMark { start: start + found.start(), end: start + found.end(), sense });
        }
    }
    start + length
}

const HASH_SEED: u64 = 0xcbf2_9ce4_8422_2325;

const fn mix(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3)
}

const fn finish(hash: u64) -> u64 {
    (hash ^ (hash >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn hash_of(word: &str) -> u64 {
    finish(word.bytes().fold(HASH_SEED, mix))
}

/// A small table of senses by hash, a larger set of bits for the first words of places, and an automaton for what
/// stands in scripts without spaces. A word that only shares its hash is sorted out by whoever reads the mark.
struct Vocabulary {
    senses: Vec<u8>,
    places: Vec<u64>,
    automaton: Option<AhoCorasick>,
    spaceless: Vec<Sense>,
}

const SENSE_BITS: u32 = 14;
const PLACE_BITS: u32 = 20;

impl Vocabulary {
    fn sense(&self, hash: u64) -> Option<Sense> {
        let senses = self.senses[(hash >> (64 - SENSE_BITS)) as usize];
        let place = hash >> (64 - PLACE_BITS);
        let is_place = self.places[(place >> 6) as usize] >> (place & 63) & 1 == 1;
        let sense = senses | if is_place { Sense::PLACE.0 } else { 0 };
        (sense != 0).then_some(Sense(sense))
    }

    fn add(&mut self, word: &str, sense: Sense) {
        self.senses[(hash_of(word) >> (64 - SENSE_BITS)) as usize] |= sense.0;
    }

    fn add_place(&mut self, word: &str) {
        let place = hash_of(word) >> (64 - PLACE_BITS);
        self.places[(place >> 6) as usize] |= 1 << (place & 63);
    }
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut vocabulary = Vocabulary {
        senses: vec![0; 1 << SENSE_BITS],
        places: vec![0; 1 << (PLACE_BITS - 6)],
        automaton: None,
        spaceless: Vec::new(),
    };
    let mut patterns: Vec<&str> = Vec::new();
    let lists = [
        (phone_words::words().collect::<Vec<_>>(), Sense::DIGIT),
        (handle::words().collect(), Sense::PLATFORM),
        (super::email::AT_WORDS.to_vec(), Sense::SPELLED_AT),
        (name::words().collect(), Sense::NAME),
        (money::HAN_UNITS.to_vec(), Sense::HAN_AMOUNT),
    ];
    for (words, sense) in lists {
        for word in words {
            if word.starts_with(is_spaceless) {
                patterns.push(word);
                vocabulary.spaceless.push(sense);
            } else {
                vocabulary.add(word, sense);
            }
        }
    }
    for name in GAZETTEER.names() {
        if name.starts_with(is_spaceless) {
            patterns.push(name);
            vocabulary.spaceless.push(Sense::PLACE);
        } else {
            vocabulary.add_place(super::lexicon::word_at(name));
        }
    }
    let automaton = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .match_kind(MatchKind::LeftmostLongest)
        .build(patterns);
    vocabulary.automaton = automaton.ok();
    vocabulary
});

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_begins_something_is_noted() {
        let marks = scan("call zero 77 at a@b on telegram, 微信 /x");
        assert_eq!(marks.digits, [(10, 12)]);
        assert_eq!((marks.ats.len(), marks.links.len()), (1, 1));
        assert_eq!(marks.of(Sense::PLATFORM).count(), 2);
        assert!(marks.of(Sense::DIGIT).count() >= 1 && marks.of(Sense::SPELLED_AT).count() >= 1);
    }

    proptest! {
        #[test]
        fn marks_stand_on_borders_and_in_order(text in any::<String>()) {
            let folded = crate::text::fold(&text).text;
            let mut last = 0;
            for word in &scan(&folded).words {
                prop_assert!(word.start >= last && folded.get(word.start..word.end).is_some());
                last = word.end;
            }
        }
    }
}
