//! How well a model does on listings that it was not trained on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::drift::calibration_error;

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
    /// The same by slice.
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

/// Average precision: the mean, over the positives, of the precision at each one's rank. Ties count as one rank.
/// 0 where there is no positive.
pub fn average_precision(scored: &[(f64, bool)]) -> f64 {
    let mut sorted: Vec<&(f64, bool)> = scored.iter().collect();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let positives = scored.iter().filter(|(_, label)| *label).count();
    if positives == 0 {
        return 0.0;
    }
    let (mut seen, mut found, mut sum) = (0usize, 0usize, 0.0);
    let mut rest = sorted.as_slice();
    while let Some(first) = rest.first() {
        let tied = rest.iter().take_while(|(score, _)| *score == first.0).count();
        let hits = rest[..tied].iter().filter(|(_, label)| *label).count();
        seen += tied;
        found += hits;
        sum += hits as f64 * found as f64 / seen as f64;
        rest = &rest[tied..];
    }
    sum / positives as f64
}

impl Metrics {
    /// The figures that calibrated numbers and labels of the test part give by themselves.
    pub(super) fn of_scores(scored: &[(f64, bool)]) -> Self {
        let positives = scored.iter().filter(|(_, label)| *label).count();
        let squares = scored.iter().map(|(score, label)| (score - f64::from(u8::from(*label))).powi(2));
        Self {
            test: scored.len(),
            positives,
            base_rate: share(positives, scored.len()),
            average_precision: average_precision(scored),
            brier: squares.sum::<f64>() / scored.len().max(1) as f64,
            calibration_error: calibration_error(scored),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn average_precision_by_hand() {
        let scored = [(0.9, true), (0.8, false), (0.7, true), (0.1, false)];
        assert!((average_precision(&scored) - (1.0 + 2.0 / 3.0) / 2.0).abs() < 1e-12);
        assert_eq!(average_precision(&[(0.5, false)]), 0.0);
        assert!((average_precision(&[(0.5, false), (0.5, true)]) - 0.5).abs() < 1e-12);
    }
}
