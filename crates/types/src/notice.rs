//! What went less than well while reading hostile input, told beside the result instead of failing.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A remark on the input: a stable code and a sentence. It never holds text of the listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Stable, kebab-case, for programs.
    pub code: String,
    /// For people.
    pub message: String,
}

impl Notice {
    /// Makes a notice.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_string(), message: message.into() }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}
