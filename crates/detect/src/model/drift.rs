//! Whether what a model is asked about still looks like what it was trained on.
//!
//! The population stability index, Σ (aᵢ − eᵢ) ln(aᵢ / eᵢ) over bins, compares shares now with shares then; 0.1 and 0.25
//! are the customary marks (Siddiqi 2006, Credit Risk Scorecards). The calibration error is the mean distance between
//! the calibrated number and the share of label 1, by bins of a tenth (Naeini, Cooper and Hauskrecht 2015).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::evaluation::calibration;

/// Bins of the calibrated number.
const BINS: usize = 10;
/// No share counts as less than this, so that an empty bin is not infinitely far.
const LEAST_SHARE: f64 = 0.001;
/// From here on a shift is worth a look, and from there on it is an alarm.
const NOTABLE: f64 = 0.1;
const ALARMING: f64 = 0.25;
/// A calibration error from here on is an alarm.
const MISCALIBRATED: f64 = 0.1;
/// Fewer listings than this say nothing.
const LEAST_LISTINGS: usize = 50;

/// What the training part looked like.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The share of listings in each tenth of the calibrated number.
    pub scores: Vec<f64>,
    /// The share of listings in which the features with the largest weights stand.
    pub features: BTreeMap<String, f64>,
}

/// How far a set of listings is from the training part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drift {
    /// How many listings were compared.
    pub listings: usize,
    /// The population stability index of the calibrated number.
    pub score: f64,
    /// The index of each feature that moved notably, the largest first.
    pub features: Vec<FeatureDrift>,
    /// The expected calibration error on the labels.
    pub calibration_error: f64,
    /// What a person should know, in sentences; empty where nothing moved.
    pub alarms: Vec<String>,
}

/// How far one feature moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeatureDrift {
    /// The feature.
    pub feature: String,
    /// The share of listings in which it stood.
    pub before: f64,
    /// The share of listings in which it stands.
    pub now: f64,
    /// The population stability index.
    pub index: f64,
}

/// The share of numbers in each tenth.
pub(super) fn shares(calibrated: &[f64]) -> Vec<f64> {
    let mut counts = [0usize; BINS];
    for number in calibrated {
        counts[((number * BINS as f64) as usize).min(BINS - 1)] += 1;
    }
    counts.iter().map(|count| *count as f64 / calibrated.len().max(1) as f64).collect()
}

fn stability(before: &[f64], now: &[f64]) -> f64 {
    let term = |(before, now): (&f64, &f64)| {
        let (before, now) = (before.max(LEAST_SHARE), now.max(LEAST_SHARE));
        (now - before) * (now / before).ln()
    };
    before.iter().zip(now).map(term).sum()
}

impl Reference {
    /// Compares listings with the training part: calibrated numbers with labels, and the share of each feature.
    pub(super) fn compare(&self, scored: &[(f64, bool)], features: &BTreeMap<String, f64>) -> Drift {
        let numbers: Vec<f64> = scored.iter().map(|(number, _)| *number).collect();
        let mut moved: Vec<FeatureDrift> = Vec::new();
        for (feature, before) in &self.features {
            let now = features.get(feature).copied().unwrap_or_default();
            let index = stability(&[*before, 1.0 - before], &[now, 1.0 - now]);
            if index >= NOTABLE {
                moved.push(FeatureDrift { feature: feature.clone(), before: *before, now, index });
            }
        }
        moved.sort_by(|a, b| b.index.total_cmp(&a.index).then_with(|| a.feature.cmp(&b.feature)));
        let mut drift = Drift {
            listings: scored.len(),
            score: stability(&self.scores, &shares(&numbers)),
            features: moved,
            calibration_error: calibration(scored).map_or(0.0, |found| found.expected_error),
            alarms: Vec::new(),
        };
        drift.alarms = drift.in_words();
        drift
    }
}

impl Drift {
    fn in_words(&self) -> Vec<String> {
        if self.listings < LEAST_LISTINGS {
            let few = format!("{} listings are too few to tell drift; {LEAST_LISTINGS} are the least", self.listings);
            return vec![few];
        }
        let mut alarms = Vec::new();
        if self.score >= ALARMING {
            alarms.push(format!(
                "the model's numbers are spread otherwise than in training (population stability index {:.2}, alarm \
                 from {ALARMING}); evaluate it on listings of today and train again",
                self.score
            ));
        }
        let alarming: Vec<&FeatureDrift> = self.features.iter().filter(|feature| feature.index >= ALARMING).collect();
        if let Some(first) = alarming.first() {
            alarms.push(format!(
                "{} of the features with the largest weights stand in other shares of listings than in training, first \
                 `{}` ({:.0} % then, {:.0} % now)",
                alarming.len(),
                first.feature,
                first.before * 100.0,
                first.now * 100.0
            ));
        }
        if self.calibration_error >= MISCALIBRATED {
            alarms.push(format!(
                "the calibrated number is off by {:.2} on average (alarm from {MISCALIBRATED}); it orders listings and \
                 does not say how many deserve a look",
                self.calibration_error
            ));
        }
        alarms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stability_by_hand() {
        // (0.6 − 0.5) ln(0.6 / 0.5) + (0.4 − 0.5) ln(0.4 / 0.5) = 0.018232 + 0.022314
        assert!((stability(&[0.5, 0.5], &[0.6, 0.4]) - 0.040_546).abs() < 1e-5);
        assert!(stability(&[0.2, 0.8], &[0.2, 0.8]).abs() < 1e-12);
    }

    fn reference() -> Reference {
        Reference { scores: shares(&[0.05, 0.05, 0.05, 0.95]), features: BTreeMap::from([("word:a".into(), 0.1)]) }
    }

    fn scored(number: f64, label: impl Fn(usize) -> bool) -> Vec<(f64, bool)> {
        (0..100).map(|index| (number, label(index))).collect()
    }

    #[test]
    fn what_moved_is_told() {
        let drift = reference().compare(&scored(0.95, |_| false), &BTreeMap::from([("word:a".into(), 0.9)]));
        assert_eq!(drift.alarms.len(), 3, "{:?}", drift.alarms);
        assert!(drift.alarms[1].contains("`word:a` (10 % then, 90 % now)"), "{}", drift.alarms[1]);
    }

    #[test]
    fn the_same_is_no_drift() {
        let numbers = [0.05, 0.05, 0.05, 0.95];
        let same: Vec<(f64, bool)> = (0..200).map(|index| (numbers[index % 4], index % 4 == 3)).collect();
        let drift = reference().compare(&same, &BTreeMap::from([("word:a".into(), 0.1)]));
        assert!(drift.alarms.is_empty() && drift.features.is_empty(), "{drift:?}");
    }

    #[test]
    fn few_listings_tell_nothing() {
        let drift = reference().compare(&scored(0.95, |_| false)[..9], &BTreeMap::new());
        assert!(drift.alarms[0].contains("too few"), "{:?}", drift.alarms);
    }
}
