//! Labelled listings, as people bring them.

use lapwing_types::{Digest, Listing};
use serde_json::Value;

/// A listing that a person has labelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// The listing.
    pub listing: Listing,
    /// Whether a reviewer should look.
    pub label: bool,
    /// The families that the labeller names.
    pub families: Vec<String>,
    /// The name that near-duplicates share; the listing's own id where it has none.
    pub cluster: String,
    /// The slice of a report to which it belongs.
    pub slice: String,
}

/// Why a JSON value is not a labelled listing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelledError {
    /// The listing is wrong.
    #[error(transparent)]
    Listing(#[from] lapwing_types::ListingParseError),
    /// The label is missing or no label.
    #[error("`label` must be 0, 1, true or false")]
    Label,
}

impl Labelled {
    /// Reads a labelled listing: a listing with `label`, optionally `families`, `cluster`, `slice`.
    ///
    /// # Errors
    /// Where the listing cannot be read or the label is missing.
    pub fn from_json(value: &Value) -> Result<Self, LabelledError> {
        let (listing, _) = Listing::from_json(value)?;
        let label = match value.get("label") {
            Some(Value::Bool(label)) => *label,
            Some(Value::Number(number)) if number.as_f64() == Some(1.0) => true,
            Some(Value::Number(number)) if number.as_f64() == Some(0.0) => false,
            _ => return Err(LabelledError::Label),
        };
        let text =
            |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_string);
        let families = value.get("families").and_then(Value::as_array);
        let families = families.map(|list| list.iter().filter_map(Value::as_str).map(str::to_string).collect());
        let own = || {
            if listing.external_id.is_empty() {
                Digest::of(listing.body.as_bytes()).to_hex()
            } else {
                listing.external_id.clone()
            }
        };
        let cluster = text("cluster").unwrap_or_else(own);
        let slice = text("slice").unwrap_or_default();
        Ok(Self { label, families: families.unwrap_or_default(), cluster, slice, listing })
    }
}
