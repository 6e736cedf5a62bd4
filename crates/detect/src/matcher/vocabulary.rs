//! Which words and beginnings of words stand at a place: a bit table that says no at once, and a table of keys.
//!
//! A whole ASCII word is known by its first eight bytes and its length, everything else by its first 6, 4, 3, 2 or 1
//! bytes; what is left of it is compared. Both tables fit the nearest caches for a language of the pack.

use super::borders::word_end;
use super::starts::Start;
use crate::text::is_spaceless;

/// A word of a term as the graph knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct PieceId(pub(super) u32);

/// How much of a text a piece asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Extent {
    /// A word with nothing behind it.
    Whole,
    /// A word that may go on.
    Stem,
    /// Just these characters: scripts without spaces, and symbols.
    Characters,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    piece: PieceId,
    extent: Extent,
    letters: (u32, u32),
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    key: u64,
    tag: u8,
    count: u16,
    first: u32,
}

/// Pieces, to be found by the text at a place.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    gate: Vec<u64>,
    gate_shift: u32,
    slots: Vec<Slot>,
    slot_shift: u32,
    entries: Vec<Entry>,
    letters: String,
    /// Which prefix lengths are in use, a bit each.
    prefixes: u8,
}

const PREFIX_LENGTHS: [usize; 5] = [6, 4, 3, 2, 1];
/// Tags of whole words: their length above this, so that they never meet the tags of prefixes.
const WHOLE: u8 = 8;
const LONGEST_TAGGED: usize = 200;

impl Vocabulary {
    pub(super) fn build(pieces: impl IntoIterator<Item = (PieceId, String, Extent)>) -> Self {
        let mut vocabulary = Self::default();
        let mut keyed: Vec<((u64, u8), Entry)> = Vec::new();
        for (piece, letters, extent) in pieces {
            let from = vocabulary.letters.len();
            vocabulary.letters.push_str(&letters);
            let entry = Entry { piece, extent, letters: (narrow(from), narrow(letters.len())) };
            keyed.push((key_of(letters.as_bytes(), extent), entry));
        }
        keyed.sort_by_key(|(key, entry)| (*key, entry.piece));
        vocabulary.make_tables(keyed.len());
        for group in keyed.chunk_by(|(one, _), (other, _)| one == other) {
            let ((key, tag), _) = group[0];
            vocabulary.prefixes |= if tag < WHOLE { 1 << tag } else { 0 };
            vocabulary.insert(Slot {
                key,
                tag,
                count: u16::try_from(group.len()).unwrap_or(u16::MAX),
                first: narrow(vocabulary.entries.len()),
            });
            vocabulary.entries.extend(group.iter().map(|(_, entry)| *entry));
        }
        vocabulary
    }

    fn make_tables(&mut self, pieces: usize) {
        let gate_bits = (pieces * 32).next_power_of_two().clamp(1 << 10, 1 << 18);
        self.gate = vec![0; gate_bits / 64];
        self.gate_shift = 64 - gate_bits.trailing_zeros();
        let slots = (pieces * 2).next_power_of_two().max(16);
        self.slots = vec![Slot::default(); slots];
        self.slot_shift = 64 - slots.trailing_zeros();
    }

    fn insert(&mut self, slot: Slot) {
        let hash = hash(slot.key, slot.tag);
        let bit = (hash >> self.gate_shift) as usize;
        self.gate[bit / 64] |= 1 << (bit % 64);
        let mut index = (hash >> self.slot_shift) as usize;
        while self.slots[index].count != 0 {
            index = (index + 1) % self.slots.len();
        }
        self.slots[index] = slot;
    }

    /// Calls a function for every piece that stands at a start, with the place where it ends.
    #[inline]
    pub(super) fn for_each(&self, text: &str, start: Start, mut visit: impl FnMut(PieceId, usize)) {
        let eight = load(text.as_bytes(), start.at);
        if start.letters > 0 {
            let behind = text.as_bytes().get(start.at + start.letters);
            // A letter beyond ASCII may continue the word; then its length is found character by character.
            let end = if start.letters < 64 && behind.is_none_or(u8::is_ascii) {
                start.at + start.letters
            } else {
                word_end(text, start.at)
            };
            let length = end - start.at;
            let masked = if length >= 8 { eight } else { eight & low_bytes(length) };
            self.look_up(masked, whole_tag(length), text, start.at, end, &mut visit);
            for prefix in PREFIX_LENGTHS {
                if self.prefixes & 1 << prefix != 0 && prefix <= length {
                    self.look_up(eight & low_bytes(prefix), prefix as u8, text, start.at, end, &mut visit);
                }
            }
        } else {
            for prefix in PREFIX_LENGTHS {
                if self.prefixes & 1 << prefix != 0 {
                    self.look_up(eight & low_bytes(prefix), prefix as u8, text, start.at, usize::MAX, &mut visit);
                }
            }
        }
    }

    /// Offers the pieces under one key. `end` is the end of the word, or `usize::MAX` where nobody has looked yet.
    #[inline]
    fn look_up(&self, key: u64, tag: u8, text: &str, at: usize, end: usize, visit: &mut impl FnMut(PieceId, usize)) {
        let hash = hash(key, tag);
        let bit = (hash >> self.gate_shift) as usize;
        if self.gate[bit / 64] & 1 << (bit % 64) != 0 {
            self.look_closer(hash, key, tag, text, at, end, visit);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the rest of `look_up`, kept out of its fast path")]
    #[inline(never)]
    fn look_closer(
        &self,
        hash: u64,
        key: u64,
        tag: u8,
        text: &str,
        at: usize,
        mut end: usize,
        visit: &mut impl FnMut(PieceId, usize),
    ) {
        let mut index = (hash >> self.slot_shift) as usize;
        let slot = loop {
            let slot = self.slots[index];
            if slot.count == 0 {
                return;
            }
            if slot.key == key && slot.tag == tag {
                break slot;
            }
            index = (index + 1) % self.slots.len();
        };
        let first = slot.first as usize;
        for entry in &self.entries[first..first + usize::from(slot.count)] {
            let letters = self.letters_of(entry);
            if !text.as_bytes()[at..].starts_with(letters) {
                continue;
            }
            let behind = at + letters.len();
            if entry.extent == Extent::Characters {
                visit(entry.piece, behind);
                continue;
            }
            if end == usize::MAX {
                end = word_end(text, at);
            }
            if entry.extent == Extent::Stem || end == behind {
                visit(entry.piece, end);
            }
        }
    }

    fn letters_of(&self, entry: &Entry) -> &[u8] {
        let from = entry.letters.0 as usize;
        &self.letters.as_bytes()[from..from + entry.letters.1 as usize]
    }
}

/// The key under which a piece is kept, and the tag that says how it was made.
fn key_of(letters: &[u8], extent: Extent) -> (u64, u8) {
    let eight = load(letters, 0);
    if extent == Extent::Whole && letters.first().is_some_and(u8::is_ascii_alphanumeric) {
        let masked = if letters.len() >= 8 { eight } else { eight & low_bytes(letters.len()) };
        return (masked, whole_tag(letters.len()));
    }
    let prefix = PREFIX_LENGTHS.into_iter().find(|prefix| *prefix <= letters.len()).unwrap_or(1);
    (eight & low_bytes(prefix), prefix as u8)
}

fn whole_tag(length: usize) -> u8 {
    WHOLE + length.min(LONGEST_TAGGED) as u8
}

const fn low_bytes(count: usize) -> u64 {
    (1 << (8 * count)) - 1
}

#[inline(always)]
fn hash(key: u64, tag: u8) -> u64 {
    (key ^ (tag as u64) << 56 ^ tag as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Eight bytes from a place on, zeros behind the end.
#[inline(always)]
fn load(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..at + 8).and_then(|eight| eight.try_into().ok()) {
        Some(eight) => u64::from_le_bytes(eight),
        None => {
            let mut padded = [0; 8];
            let rest = &bytes[at.min(bytes.len())..];
            padded[..rest.len().min(8)].copy_from_slice(&rest[..rest.len().min(8)]);
            u64::from_le_bytes(padded)
        }
    }
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// The extent that a piece's letters allow: characters of scripts without spaces and symbols stand for themselves.
pub(super) fn extent_of(letters: &str, open: bool) -> Extent {
    match letters.chars().next() {
        Some(first) if is_spaceless(first) || !crate::text::is_word(first) => Extent::Characters,
        _ if open => Extent::Stem,
        _ => Extent::Whole,
    }
}
