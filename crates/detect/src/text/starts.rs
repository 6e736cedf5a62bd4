//! The places of a text at which a word, a symbol or a character beyond ASCII begins, found 64 bytes at a time: where
//! terms, expressions and disguised words are sought.
//!
//! A start is an ASCII letter or digit behind something else, a chosen ASCII symbol, or the first byte of a character
//! beyond ASCII (inside a Cyrillic word only the word's own). Whoever is offered a start still checks the border.

use wide::u8x16;

/// ASCII symbols, other than white space, with which patterns begin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Symbols(Vec<u8>);

/// Expressions that begin with further symbols than this take the side path.
const MOST_SYMBOLS: usize = 8;

impl Symbols {
    /// The given symbols.
    pub(crate) fn of(symbols: &[u8]) -> Self {
        Self(symbols.to_vec())
    }

    /// Adds a symbol with which a term begins.
    pub(crate) fn require(&mut self, symbol: u8) {
        if !self.0.contains(&symbol) {
            self.0.push(symbol);
        }
    }

    /// Adds a symbol with which an expression begins; says whether there was room for it.
    pub(crate) fn admit(&mut self, symbol: u8) -> bool {
        let fits = symbol.is_ascii() && !symbol.is_ascii_alphanumeric() && !symbol.is_ascii_whitespace();
        if !fits || (!self.0.contains(&symbol) && self.0.len() >= MOST_SYMBOLS) {
            return false;
        }
        self.require(symbol);
        true
    }
}

/// What each of 64 bytes is, a bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Classes {
    letters: u64,
    leads: u64,
    cyrillic: u64,
    symbols: u64,
}

/// A place at which something may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) at: usize,
    /// How many ASCII letters and digits stand there; 64 stands for 64 or more.
    pub(crate) letters: usize,
}

const BLOCK: usize = 64;

/// Calls a function for every start, in order.
pub(crate) fn for_each_start(text: &[u8], symbols: &Symbols, mut visit: impl FnMut(Start)) {
    let block = |index: usize| -> Classes {
        let from = index * BLOCK;
        match text.get(from..from + BLOCK).and_then(|bytes| bytes.try_into().ok()) {
            Some(bytes) => classify(bytes, &symbols.0),
            None if from < text.len() => {
                let mut padded = [b' '; BLOCK];
                padded[..text.len() - from].copy_from_slice(&text[from..]);
                classify(&padded, &symbols.0)
            }
            None => Classes::default(),
        }
    };
    let (mut before, mut here) = (Classes::default(), block(0));
    for index in 0..text.len().div_ceil(BLOCK) {
        let after = block(index + 1);
        let inside_word = here.letters << 1 | before.letters >> 63;
        let inside_cyrillic = here.cyrillic << 2 | before.cyrillic >> 62;
        let mut starts = here.letters & !inside_word | here.leads & !(here.cyrillic & inside_cyrillic) | here.symbols;
        while starts != 0 {
            let bit = starts.trailing_zeros();
            starts &= starts - 1;
            let run = here.letters >> bit | after.letters.checked_shl(64 - bit).unwrap_or(0);
            visit(Start { at: index * BLOCK + bit as usize, letters: run.trailing_ones() as usize });
        }
        (before, here) = (here, after);
    }
}

/// Classifies a block, 16 bytes at a time.
#[inline(always)]
fn classify(bytes: &[u8; BLOCK], symbols: &[u8]) -> Classes {
    let mut classes = Classes::default();
    let (quarters, _) = bytes.as_chunks::<16>();
    for (quarter, bytes) in quarters.iter().enumerate() {
        let vector = u8x16::new(*bytes);
        let shift = 16 * quarter;
        let letters = is_within(vector | u8x16::splat(0x20), b'a', 26) | is_within(vector, b'0', 10);
        classes.letters |= mask(letters) << shift;
        classes.leads |= mask(vector.simd_ge(u8x16::splat(0xc0))) << shift;
        classes.cyrillic |= mask((vector & u8x16::splat(0xfe)).simd_eq(u8x16::splat(0xd0))) << shift;
        for symbol in symbols {
            classes.symbols |= mask(vector.simd_eq(u8x16::splat(*symbol))) << shift;
        }
    }
    classes
}

/// Which bytes are among the `count` from `first` on.
#[inline(always)]
fn is_within(vector: u8x16, first: u8, count: u8) -> u8x16 {
    (vector - u8x16::splat(first)).simd_lt(u8x16::splat(count))
}

#[inline(always)]
fn mask(vector: u8x16) -> u64 {
    u64::from(vector.to_bitmask())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same, byte by byte.
    fn classify_plainly(bytes: &[u8; BLOCK], symbols: &[u8]) -> Classes {
        let mask =
            |is_one: &dyn Fn(u8) -> bool| bytes.iter().rev().fold(0, |mask, byte| mask << 1 | u64::from(is_one(*byte)));
        Classes {
            letters: mask(&|byte| byte.is_ascii_alphanumeric()),
            leads: mask(&|byte| byte >= 0xc0),
            cyrillic: mask(&|byte| byte & 0xfe == 0xd0),
            symbols: mask(&|byte| symbols.contains(&byte)),
        }
    }

    fn starts(text: &str, symbols: &[u8]) -> Vec<Start> {
        let mut set = Symbols::default();
        symbols.iter().for_each(|symbol| assert!(set.admit(*symbol)));
        let mut found = Vec::new();
        for_each_start(text.as_bytes(), &set, |start| found.push(start));
        found
    }

    #[test]
    fn words_symbols_and_other_scripts_begin() {
        let at = |text, symbols| starts(text, symbols).iter().map(|start| start.at).collect::<Vec<_>>();
        assert_eq!(at("we pay $50, now", b"$"), [0, 3, 7, 8, 12]);
        assert_eq!(at("мама мыла", b""), [0, 9]);
        assert_eq!(at("包吃住", b""), [0, 3, 6]);
        assert!(at("", b"").is_empty());
        assert_eq!(starts("passport", b"")[0].letters, 8);
    }

    #[test]
    fn words_reach_over_blocks() {
        let text = format!("{} passport", " ".repeat(58));
        assert_eq!(starts(&text, b""), [Start { at: 59, letters: 8 }]);
        assert_eq!(starts(&"a".repeat(200), b""), [Start { at: 0, letters: 64 }]);
    }

    #[test]
    fn room_for_symbols_ends() {
        let mut symbols = Symbols::default();
        assert!("$+@#%&*!".bytes().all(|symbol| symbols.admit(symbol)));
        assert!(symbols.admit(b'$') && !symbols.admit(b'(') && !symbols.admit(b' ') && !symbols.admit(b'a'));
    }

    proptest! {
        #[test]
        fn every_byte_is_classified_alike(bytes in proptest::array::uniform32(any::<u8>())) {
            let block: [u8; BLOCK] = std::array::from_fn(|index| bytes[index % 32]);
            prop_assert_eq!(classify(&block, b"$#"), classify_plainly(&block, b"$#"));
        }
    }
}
