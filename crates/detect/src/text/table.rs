//! What each character is and folds to, worked out once for each page of 256 characters that a text touches.

use std::sync::OnceLock;

use unicode_normalization::char::canonical_combining_class;

use super::fold::{fold_cluster, is_dropped, is_fancy, is_invisible};
use super::script::{Script, is_joining_mark, script_of};

/// A bit for each thing that matters of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Traits(u8);

impl Traits {
    const WORD: u8 = 1;
    const LATIN: u8 = 2;
    /// Cyrillic or Greek: scripts that share letters' looks with Latin.
    const OTHER_ALPHABET: u8 = 4;
    /// May change the character before it when folded together.
    const MARK: u8 = 8;
    /// A mark that changes no character before it unless another mark follows.
    const QUIET_MARK: u8 = 16;
    /// Needs a look at its neighbours: invisible, or an imitation of a letter.
    const DISGUISE: u8 = 32;

    fn of(c: char) -> Self {
        let script = script_of(c);
        let quiet = is_quiet_mark(c);
        let bit = |holds: bool, bit: u8| if holds { bit } else { 0 };
        Self(
            bit(c.is_alphanumeric() || is_joining_mark(c), Self::WORD)
                | bit(script == Script::Latin, Self::LATIN)
                | bit(matches!(script, Script::Cyrillic | Script::Greek), Self::OTHER_ALPHABET)
                | bit(is_mark(c) && !quiet, Self::MARK)
                | bit(quiet, Self::QUIET_MARK)
                | bit(is_invisible(c) || is_fancy(c), Self::DISGUISE),
        )
    }

    const fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    /// Whether the character is part of a word.
    pub(super) const fn is_word(self) -> bool {
        self.has(Self::WORD)
    }

    pub(super) const fn is_latin(self) -> bool {
        self.has(Self::LATIN)
    }

    pub(super) const fn is_other_alphabet(self) -> bool {
        self.has(Self::OTHER_ALPHABET)
    }

    pub(super) const fn is_mark(self) -> bool {
        self.has(Self::MARK)
    }

    pub(super) const fn is_quiet_mark(self) -> bool {
        self.has(Self::QUIET_MARK)
    }

    /// Whether the character folds by itself, whatever stands before it.
    pub(super) const fn stands_alone(self) -> bool {
        !self.has(Self::MARK | Self::DISGUISE)
    }
}

/// What a character folds to, where that is short.
#[derive(Debug, Clone, Copy)]
pub(super) struct Folding {
    bytes: [u8; LONGEST],
    length: u8,
    pub(super) traits: Traits,
}

const LONGEST: usize = 10;
const TOO_LONG: u8 = u8::MAX;

impl Folding {
    fn of(c: char) -> Self {
        let mut folded = String::new();
        fold_cluster(c.encode_utf8(&mut [0; 4]), &mut folded);
        let mut folding = Self { bytes: [0; LONGEST], length: TOO_LONG, traits: Traits::of(c) };
        if folded.len() <= LONGEST {
            folding.bytes[..folded.len()].copy_from_slice(folded.as_bytes());
            folding.length = folded.len() as u8;
        }
        folding
    }

    /// The folded text; `None` where it is too long for the table.
    pub(super) fn text(&self) -> Option<&str> {
        let bytes = self.bytes.get(..usize::from(self.length))?;
        std::str::from_utf8(bytes).ok()
    }
}

const PAGE: usize = 256;
static PAGES: [OnceLock<Box<[Folding; PAGE]>>; 0x11_0000 / PAGE] = [const { OnceLock::new() }; 0x11_0000 / PAGE];

/// What a character folds to by itself, and what it is.
#[inline]
pub(super) fn folding(c: char) -> &'static Folding {
    let code = c as usize;
    let page = PAGES[code / PAGE].get_or_init(|| make_page(code / PAGE));
    &page[code % PAGE]
}

#[cold]
fn make_page(page: usize) -> Box<[Folding; PAGE]> {
    let character = |index: usize| {
        let code = u32::try_from(page * PAGE + index).unwrap_or_default();
        // Surrogates are no characters; nobody asks for them.
        char::from_u32(code).unwrap_or(' ')
    };
    Box::new(std::array::from_fn(|index| Folding::of(character(index))))
}

/// Whether a character belongs to the one before it when folded.
pub(super) fn is_mark(c: char) -> bool {
    is_dropped(c) || canonical_combining_class(c) != 0 || matches!(c, '\u{1160}'..='\u{11ff}' | '\u{3099}' | '\u{309a}')
}

/// Vowel killers and tone marks of Indic and South-East Asian scripts that compose with no letter.
fn is_quiet_mark(c: char) -> bool {
    matches!(c, '\u{094d}' | '\u{0e38}'..='\u{0e3a}' | '\u{0e48}'..='\u{0e4b}' | '\u{1039}' | '\u{103a}' | '\u{17d2}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_say_what_the_plain_functions_say() {
        for c in ['a', 'é', 'ß', 'Я', 'ё', '护', '\u{200b}', '𝓥', 'ﷲ', 'ผ', 'क', '\u{94d}', '\u{10ffff}']
        {
            let mut folded = String::new();
            fold_cluster(&c.to_string(), &mut folded);
            if let Some(text) = folding(c).text() {
                assert_eq!(text, folded, "{c:?}");
            }
            assert_eq!(folding(c).traits, Traits::of(c), "{c:?}");
        }
        assert_eq!(folding('ﷲ').text(), Some("الله"));
        assert_eq!(folding('ﷺ').text(), None);
    }
}
