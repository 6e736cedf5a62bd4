//! How well a model does on listings that it was not trained on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::evaluation::{Intervals, average_precision, calibration};

/// Figures of a model on its test part.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Listings from which it was learned.
    pub training: usize,
    /// Listings of the test part.
    pub test: usize,
    /// Groups of listings that belong together, in both.
    pub groups: usize,
    /// Labelled for a look, in the test part.
    pub positives: usize,
    /// Share of the test part labelled for a look: what average precision a random order has.
    pub base_rate: f64,
    /// Average precision on the test part.
    pub average_precision: f64,
    /// Average precision over the training part, each listing scored by a model that did not see its group.
    pub cross_validated_average_precision: f64,
    /// Mean squared difference between calibrated number and label (Brier 1950).
    pub brier: f64,
    /// The expected calibration error.
    pub calibration_error: f64,
    /// What reaches `review` of the test part by the rules alone.
    pub rules: Reached,
    /// What the model alone puts at one half or above.
    pub classifier: Reached,
    /// What reaches `review` by rules and model together.
    pub both: Reached,
    /// 95 % of resamples of the test part's groups: precision and recall of `both`, average precision and area of the
    /// model's order.
    pub intervals: Intervals,
    /// The same as `both` by slice.
    pub slices: BTreeMap<String, Reached>,
    /// The same by language.
    pub languages: BTreeMap<String, Reached>,
}

/// What of a set of listings was put before a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reached {
    /// Listings.
    pub listings: usize,
    /// Labelled for a look.
    pub positives: usize,
    /// Put before a person.
    pub flagged: usize,
    /// Both.
    pub right: usize,
}

impl Reached {
    /// The share of what was flagged that deserved it; 0 where nothing was.
    pub fn precision(&self) -> f64 {
        share(self.right, self.flagged)
    }

    /// The share of what deserved it that was flagged; 0 where nothing did.
    pub fn recall(&self) -> f64 {
        share(self.right, self.positives)
    }

    pub(super) fn add(&mut self, label: bool, flagged: bool) {
        self.listings += 1;
        self.positives += usize::from(label);
        self.flagged += usize::from(flagged);
        self.right += usize::from(label && flagged);
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

impl Metrics {
    /// The figures that calibrated numbers and labels of the test part give by themselves.
    pub(super) fn of_scores(scored: &[(f64, bool)]) -> Self {
        let positives = scored.iter().filter(|(_, label)| *label).count();
        let found = calibration(scored);
        Self {
            test: scored.len(),
            positives,
            base_rate: share(positives, scored.len()),
            average_precision: average_precision(scored),
            brier: found.as_ref().map_or(0.0, |found| found.brier),
            calibration_error: found.as_ref().map_or(0.0, |found| found.expected_error),
            ..Self::default()
        }
    }
}
