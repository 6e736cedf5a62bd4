//! How values become text in columns, and back. Times have six digits after the second, always, so that their order
//! as text is their order in time in every database.

use jiff::Timestamp;
use lapwing_types::Band;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Result, StoreError};

/// The time cut to whole microseconds: what a column can hold, so that events and columns stay equal.
pub(crate) fn to_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

/// The time as it stands in a column.
pub(crate) fn time_text(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// A time from a column.
pub(crate) fn parse_time(what: &'static str, id: &str, text: &str) -> Result<Timestamp> {
    text.parse().map_err(|_| damaged(what, id, "a date in it is not RFC 3339"))
}

/// An identifier from a column.
pub(crate) fn parse_id<T: std::str::FromStr>(what: &'static str, text: &str) -> Result<T> {
    text.parse().map_err(|_| damaged(what, text, "an identifier in it is not a UUID"))
}

/// A value as JSON text.
pub(crate) fn to_json<T: Serialize>(what: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|source| StoreError::Unwritable { what, source })
}

/// A value from JSON text. The error names the place, not the content.
pub(crate) fn from_json<T: DeserializeOwned>(what: &'static str, id: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| {
        let why = format!("its JSON is wrong at line {}, column {}", error.line(), error.column());
        damaged(what, id, &why)
    })
}

/// A band from its name.
pub(crate) fn parse_band(text: &str) -> Option<Band> {
    Band::ALL.into_iter().find(|band| band.as_str() == text)
}

/// A count for a `bigint` column. Leaf and target numbers never come near the limit.
pub(crate) fn to_bigint(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A count from a `bigint` column; what is below zero was never written and reads as zero.
pub(crate) fn from_bigint(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A row that does not hold what it should.
pub(crate) fn damaged(what: &'static str, id: &str, why: &str) -> StoreError {
    StoreError::Damaged { what, id: id.chars().take(80).collect(), why: why.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_sort_as_text() {
        let whole: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        let later: Timestamp = "2026-01-02T03:04:05.000001999Z".parse().unwrap();
        assert_eq!(time_text(whole), "2026-01-02T03:04:05.000000Z");
        assert_eq!(time_text(later), "2026-01-02T03:04:05.000001Z");
        assert_eq!(time_text(to_micros(later)).parse::<Timestamp>().unwrap(), to_micros(later));
    }

    #[test]
    fn broken_json_is_told_without_its_content() {
        let error = from_json::<Vec<u8>>("listing", "7", "[1, \"call me\"]").unwrap_err();
        assert_eq!(error.to_string(), "the stored listing `7` cannot be read: its JSON is wrong at line 1, column 13");
    }
}
