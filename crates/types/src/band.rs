//! How much a listing asks for a human look.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The band of an assessment, from the lowest to the highest. `Review` and above enter the queue.
///
/// A band orders work. It says nothing of what is true of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Nothing that scores was seen.
    #[default]
    None,
    /// Something was seen, too little to ask for a look.
    Low,
    /// Deserves a human look.
    Review,
    /// Deserves a look before others.
    High,
    /// Deserves a look now.
    Urgent,
}

impl Band {
    /// All bands, lowest first.
    pub const ALL: [Self; 5] = [Self::None, Self::Low, Self::Review, Self::High, Self::Urgent];

    /// Whether a listing of this band enters the review queue.
    pub fn is_flagged(self) -> bool {
        self >= Self::Review
    }

    /// The band's name as it stands in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Review => "review",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
