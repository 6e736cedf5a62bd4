//! A text as the rules read it: folded so that spellings meet, with a way back to every original byte.

mod deobfuscate;
mod fold;
mod folded;
pub(crate) mod language;
mod offsets;
mod script;
pub(crate) mod starts;
mod table;
mod tokens;

pub use folded::{Folded, fold};
pub use language::{Language, identify};
pub use script::is_spaceless;
pub(crate) use script::is_word;
pub use tokens::{Token, Tokens};

use deobfuscate::deobfuscate;

/// One field of a listing in its two readings.
#[derive(Debug, Clone)]
pub struct Text {
    /// Normalised: case, width, accents, fancy letters, homoglyphs in mixed words, invisible characters.
    pub plain: Folded,
    /// With spaced, dotted and leetspeak words read as words; `None` where that changes nothing.
    pub deobfuscated: Option<Folded>,
}

impl Text {
    /// Reads a text. Never fails; costs time and memory linear in its length.
    pub fn read(original: &str) -> Self {
        let plain = fold(original);
        let deobfuscated = deobfuscate(&plain);
        Self { plain, deobfuscated }
    }

    /// Whether the advertiser disguised letters somewhere, in either reading.
    pub fn is_disguised(&self) -> bool {
        self.deobfuscated.is_some() || !self.plain.disguises.is_empty()
    }
}
