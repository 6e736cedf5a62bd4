//! Which words and beginnings of words stand at a place: a bit table that says no at once, and a table of keys.
//!
//! A whole ASCII word is known by its first eight bytes and its length, everything else by its first 6, 4, 3, 2 or 1
//! bytes; what is left of it is compared. Both tables fit the nearest caches for a language of the pack.

use super::borders::word_end;
use crate::text::is_spaceless;
use crate::text::starts::Start;

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
    /// The first bytes of something that is looked at more closely.
    Beginning,
}

/// A bit for each key that is kept, and by chance for some that are not: 16 KiB, so that it stays in the nearest cache.
#[derive(Debug, Clone)]
struct Gate(Box<[u64; GATE_WORDS]>);

const GATE_WORDS: usize = 2_048;

impl Default for Gate {
    fn default() -> Self {
        Self(Box::new([0; GATE_WORDS]))
    }
}

impl Gate {
    fn admit(&mut self, hash: u64) {
        self.0[(hash >> 53) as usize % GATE_WORDS] |= 1 << (hash >> 47 & 63);
    }

    #[inline(always)]
    fn admits(&self, hash: u64) -> bool {
        self.0[(hash >> 53) as usize % GATE_WORDS] >> (hash >> 47 & 63) & 1 != 0
    }
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
    gate: Gate,
    slots: Vec<Slot>,
    slot_shift: u32,
    entries: Vec<Entry>,
    letters: Vec<u8>,
    /// Which prefix lengths are in use, a bit each: of pieces that begin with an ASCII letter or digit, and of others.
    prefixes: [u8; 2],
}

const PREFIX_LENGTHS: [usize; 5] = [6, 4, 3, 2, 1];
/// Tags of whole words: their length above this, so that they never meet the tags of prefixes.
const WHOLE: u8 = 8;
const LONGEST_TAGGED: usize = 200;

impl Vocabulary {
    pub(super) fn build<'a>(pieces: impl IntoIterator<Item = (PieceId, &'a [u8], Extent)>) -> Self {
        let mut vocabulary = Self::default();
        let mut keyed: Vec<((u64, u8), Entry)> = Vec::new();
        for (piece, letters, extent) in pieces {
            let from = vocabulary.letters.len();
            vocabulary.letters.extend(letters);
            let entry = Entry { piece, extent, letters: (narrow(from), narrow(letters.len())) };
            keyed.push((key_of(letters, extent), entry));
        }
        keyed.sort_by_key(|(key, entry)| (*key, entry.piece));
        vocabulary.make_tables(keyed.len());
        for group in keyed.chunk_by(|(one, _), (other, _)| one == other) {
            let ((key, tag), _) = group[0];
            if tag == 6 {
                // Six bytes are asked for only where their first four are known.
                vocabulary.gate.admit(hash(key & low_bytes(4), 4));
            }
            let is_ascii = (key as u8).is_ascii_alphanumeric();
            vocabulary.prefixes[usize::from(is_ascii)] |= if tag < WHOLE { 1 << tag } else { 0 };
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
        let slots = (pieces * 2).next_power_of_two().max(16);
        self.slots = vec![Slot::default(); slots];
        self.slot_shift = 64 - slots.trailing_zeros();
    }

    fn insert(&mut self, slot: Slot) {
        let hash = hash(slot.key, slot.tag);
        self.gate.admit(hash);
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
            self.look_up_prefixes(eight, self.prefixes[1], length, text, start.at, end, &mut visit);
        } else {
            self.look_up_prefixes(eight, self.prefixes[0], usize::MAX, text, start.at, usize::MAX, &mut visit);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the second half of `for_each`, in two cases")]
    #[inline(always)]
    fn look_up_prefixes(
        &self,
        eight: u64,
        in_use: u8,
        length: usize,
        text: &str,
        at: usize,
        end: usize,
        visit: &mut impl FnMut(PieceId, usize),
    ) {
        if length >= 4 && in_use & (1 << 4 | 1 << 6) != 0 {
            let four = eight & low_bytes(4);
            let four_hash = hash(four, 4);
            if self.gate.admits(four_hash) {
                self.look_closer(four_hash, four, 4, text, at, end, visit);
                if length >= 6 && in_use & 1 << 6 != 0 {
                    self.look_up(eight & low_bytes(6), 6, text, at, end, visit);
                }
            }
        }
        for prefix in [3, 2, 1] {
            if in_use & 1 << prefix != 0 && prefix <= length {
                self.look_up(eight & low_bytes(prefix), prefix as u8, text, at, end, visit);
            }
        }
    }

    /// Offers the pieces under one key. `end` is the end of the word, or `usize::MAX` where nobody has looked yet.
    #[inline]
    fn look_up(&self, key: u64, tag: u8, text: &str, at: usize, end: usize, visit: &mut impl FnMut(PieceId, usize)) {
        let hash = hash(key, tag);
        if self.gate.admits(hash) {
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
            if matches!(entry.extent, Extent::Characters | Extent::Beginning) {
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
        &self.letters[from..from + entry.letters.1 as usize]
    }
}

/// The key under which a piece is kept, and the tag that says how it was made.
fn key_of(letters: &[u8], extent: Extent) -> (u64, u8) {
    let eight = load(letters, 0);
    let word = letters.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    // A beginning that reaches behind its first word, before an ASCII symbol, asks for that word as a whole.
    let ends_word = letters.get(word).is_some_and(u8::is_ascii);
    let whole = match extent {
        Extent::Whole if word > 0 => Some(letters.len()),
        Extent::Beginning if word > 0 && ends_word => Some(word),
        _ => None,
    };
    if let Some(length) = whole {
        let masked = if length >= 8 { eight } else { eight & low_bytes(length) };
        return (masked, whole_tag(length));
    }
    let known = if word > 0 { word } else { letters.len() };
    let prefix = PREFIX_LENGTHS.into_iter().find(|prefix| *prefix <= known).unwrap_or(1);
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
