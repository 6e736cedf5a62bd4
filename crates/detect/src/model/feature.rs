//! One feature: its name, and the number by which it is counted.
//!
//! A feature's number is the hash of its name, so that counting a corpus needs no text; a model holds names, and its
//! numbers are made from them when it is loaded.

use std::fmt;

/// A feature of a listing. Words are folded; their digits count as `#`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Feature<'a> {
    /// A rule that hit, shown hits included.
    Rule(&'a str),
    /// A family with points.
    Family(&'a str),
    /// A concept of the lexicons with a term in the listing, in whatever language.
    Concept(&'a str),
    /// Two of them.
    Concepts(&'a str, &'a str),
    /// The shape of the listing.
    Structure(&'a str),
    /// A word.
    Word(&'a str),
    /// Two words side by side.
    Words(&'a str, &'a str),
    /// Three letters in a row of a word whose letters are disguised.
    Letters(&'a str),
}

/// What features are counted by.
pub(super) type FeatureId = u64;

impl Feature<'_> {
    /// Whether selection keeps it whatever the labels say.
    pub(super) const fn is_always_kept(&self) -> bool {
        matches!(self, Self::Rule(_) | Self::Family(_) | Self::Concept(_) | Self::Structure(_))
    }

    /// The hash of its name.
    pub(super) fn id(&self) -> FeatureId {
        let mut hash = Fnv::new();
        match self {
            Self::Rule(id) => hash.add("rule:").add(id),
            Self::Family(family) => hash.add("family:").add(family),
            Self::Concept(concept) => hash.add("concept:").add(concept),
            Self::Concepts(one, other) => hash.add("concepts:").add(one).add(" ").add(other),
            Self::Structure(what) => hash.add("structure:").add(what),
            Self::Word(word) => hash.add("word:").add_masked(word),
            Self::Words(one, other) => hash.add("words:").add_masked(one).add(" ").add_masked(other),
            Self::Letters(letters) => hash.add("letters:").add_masked(letters),
        };
        hash.finish()
    }
}

impl fmt::Display for Feature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(id) => write!(f, "rule:{id}"),
            Self::Family(family) => write!(f, "family:{family}"),
            Self::Concept(concept) => write!(f, "concept:{concept}"),
            Self::Concepts(one, other) => write!(f, "concepts:{one} {other}"),
            Self::Structure(what) => write!(f, "structure:{what}"),
            Self::Word(word) => write!(f, "word:{}", masked(word)),
            Self::Words(one, other) => write!(f, "words:{} {}", masked(one), masked(other)),
            Self::Letters(letters) => write!(f, "letters:{}", masked(letters)),
        }
    }
}

/// Whether selection keeps the feature with a name whatever the labels say.
pub(super) fn is_always_kept_name(name: &str) -> bool {
    ["rule:", "family:", "concept:", "structure:"].iter().any(|kind| name.starts_with(kind))
}

/// The number of the feature with a name.
pub(super) fn id_of_name(name: &str) -> FeatureId {
    Fnv::new().add(name).finish()
}

fn masked(word: &str) -> String {
    word.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

/// FNV-1a of 64 bits (Fowler, Noll and Vo, <http://www.isthe.com/chongo/tech/comp/fnv/>): the same on every machine.
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, text: &str) -> &mut Self {
        self.add_bytes(text.bytes())
    }

    fn add_masked(&mut self, word: &str) -> &mut Self {
        self.add_bytes(word.bytes().map(|byte| if byte.is_ascii_digit() { b'#' } else { byte }))
    }

    fn add_bytes(&mut self, bytes: impl Iterator<Item = u8>) -> &mut Self {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        self
    }

    /// The high bits of FNV depend on all bytes, the low ones less so; both are used.
    const fn finish(&self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ (mixed >> 29)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_that_of_the_name() {
        let features = [
            Feature::Rule("labour.x"),
            Feature::Family("LB"),
            Feature::Concept("debt"),
            Feature::Concepts("debt", "visa"),
            Feature::Structure("short"),
            Feature::Word("x100"),
            Feature::Words("паспорт", "2"),
            Feature::Letters("a1b"),
        ];
        for feature in features {
            assert_eq!(feature.id(), id_of_name(&feature.to_string()), "{feature}");
            assert_eq!(feature.is_always_kept(), is_always_kept_name(&feature.to_string()), "{feature}");
        }
    }

    #[test]
    fn digits_are_masked() {
        assert_eq!(Feature::Word("x100").to_string(), "word:x###");
        assert_eq!(Feature::Word("x100").id(), Feature::Word("x999").id());
    }
}
