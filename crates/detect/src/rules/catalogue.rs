//! The catalogue of indicators that rules refer to.

use std::collections::BTreeMap;

use lapwing_types::{EvidenceGrade, Family, Strength};
use serde::Serialize;

use super::diagnostic::{Place, Reporter};
use super::raw::{RawCatalogue, RawReference};
use super::rule::Reference;
use super::yaml;

/// One indicator: something to look for, how well it is supported, what it may do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Indicator {
    /// Such as `LB04`.
    pub id: String,
    /// Its family.
    pub family: Family,
    /// What it may do to a score.
    pub role: Strength,
    /// How well it is supported.
    pub evidence: EvidenceGrade,
    /// The indicator in one sentence.
    pub sentence: String,
    /// What looks alike.
    pub pitfall: String,
    /// Where it can be seen: text, metadata, structure, image.
    pub observe: Vec<String>,
    /// The works that name it.
    pub references: Vec<Reference>,
}

/// Reads `indicators.yaml`.
pub(super) fn read(reporter: &mut Reporter<'_>) -> BTreeMap<String, Indicator> {
    let Some(raw) = yaml::read::<RawCatalogue>(reporter) else { return BTreeMap::new() };
    if raw.format.value != 1 {
        reporter.error(
            "unknown-format",
            Place::of(&raw.format),
            "this catalogue has another format than 1",
            "write `format: 1`",
        );
    }
    let mut catalogue = BTreeMap::new();
    for (id, entry) in raw.indicators {
        let place = Place::of(&entry);
        let raw = entry.value;
        let family = match raw.family.parse::<Family>() {
            Ok(family) => family,
            Err(error) => {
                reporter.error("unknown-family", place, error.to_string(), super::compile::FAMILIES);
                continue;
            }
        };
        let shape =
            id.len() == 4 && id.starts_with(family.as_str()) && id[2..].bytes().all(|byte| byte.is_ascii_digit());
        if !shape {
            let message = format!("`{id}` is not the family's letters and two digits");
            reporter.error("bad-indicator-id", place, message, format!("write {}01 to {}99", family, family));
        }
        if raw.evidence == EvidenceGrade::Contradicted && raw.role != Strength::Context {
            let message = format!("`{id}` is contradicted by a study and must have the role `context`");
            reporter.error("contradicted-scores", place, message, "write `role: context`");
        }
        let references = raw.references.into_iter().map(RawReference::into_reference).collect();
        catalogue.insert(
            id.clone(),
            Indicator {
                id,
                family,
                role: raw.role,
                evidence: raw.evidence,
                sentence: raw.sentence,
                pitfall: raw.pitfall,
                observe: raw.observe,
                references,
            },
        );
    }
    catalogue
}
