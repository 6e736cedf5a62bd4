//! One type for each kind of identifier, so that none is taken for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {what}")]
pub struct IdParseError {
    text: String,
    what: &'static str,
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that the shell made (version 7, RFC 9562).
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID itself.
            pub const fn uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text)
                    .map(Self)
                    .map_err(|_| IdParseError { text: text.chars().take(80).collect(), what: $what })
            }
        }
    };
}

uuid_id!(
    /// One kept answer of a server, or one kept file.
    CaptureId,
    "the id of a capture (a UUID)"
);
uuid_id!(
    /// One advert as the workspace knows it, across its versions.
    ListingId,
    "the id of a listing (a UUID)"
);
uuid_id!(
    /// One entry of the review queue.
    ItemId,
    "the id of a queue item (a UUID)"
);
uuid_id!(
    /// One event in the life of a queue item.
    EventId,
    "the id of an event (a UUID)"
);
uuid_id!(
    /// One crawl: its seeds, its frontier, its captures.
    CrawlId,
    "the id of a crawl (a UUID)"
);

/// The name of a rule: lower-case words joined by `.` and `-`, such as `labour.recruitment-fee.upfront`.
///
/// At most 120 characters, at least one dot. A name is never used again for another meaning.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RuleId(String);

impl RuleId {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RuleId({})", self.0)
    }
}

impl FromStr for RuleId {
    type Err = IdParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let word = |part: &str| {
            !part.is_empty()
                && !part.starts_with('-')
                && !part.ends_with('-')
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if text.len() <= 120 && text.contains('.') && text.split('.').all(word) {
            return Ok(Self(text.to_string()));
        }
        let what =
            "the id of a rule (lower-case words joined by `.` and `-`, at least one dot, 120 characters at most)";
        Err(IdParseError { text: text.chars().take(80).collect(), what })
    }
}

impl TryFrom<String> for RuleId {
    type Error = IdParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<RuleId> for String {
    fn from(id: RuleId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_id_is_words_joined_by_dots() {
        assert!("labour.recruitment-fee.upfront".parse::<RuleId>().is_ok());
        for wrong in ["labour", "Labour.fee", "labour..fee", "labour.-fee", "labour.fee ", ""] {
            assert!(wrong.parse::<RuleId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_wrong_id_is_quoted_in_the_error() {
        let error = "item-7".parse::<ItemId>().unwrap_err();
        assert_eq!(error.to_string(), "`item-7` is not the id of a queue item (a UUID)");
    }
}
