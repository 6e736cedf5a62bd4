//! Places in the text of a listing.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The part of a listing in which a span lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The headline.
    Title,
    /// The text.
    Body,
    /// The place as written.
    Location,
    /// The price or pay as written.
    Price,
}

impl Field {
    /// All fields that are read, in reading order.
    pub const ALL: [Self; 4] = [Self::Title, Self::Body, Self::Location, Self::Price];

    /// The field's name as it stands in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Body => "body",
            Self::Location => "location",
            Self::Price => "price",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The reading of a text in which something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Normalised only.
    Plain,
    /// Obfuscation undone; that it was needed is itself an indicator.
    Deobfuscated,
}

/// A run of bytes in the original text of one field: `start..end`, UTF-8 offsets, on character borders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Which field.
    pub field: Field,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}
