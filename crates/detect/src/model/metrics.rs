//! The figures that stand in a model's file.

use serde::{Deserialize, Serialize};

use crate::evaluation::average_precision;

/// Figures of a model on listings that it was not trained on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Listings in the training, calibration and test parts.
    pub parts: [usize; 3],
    /// Labelled for a look, in the test part.
    pub positives: usize,
    /// Average precision on the test part.
    pub average_precision: f64,
    /// Share of the test part labelled for a look: what average precision a random order has.
    pub base_rate: f64,
    /// Precision at `raise_at`.
    pub precision: f64,
    /// Recall at `raise_at`.
    pub recall: f64,
    /// Mean squared difference between calibrated score and label (Brier 1950).
    pub brier: f64,
}

impl Metrics {
    /// The figures for calibrated scores and labels at a threshold.
    pub(super) fn of(scored: &[(f64, bool)], threshold: f64, parts: [usize; 3]) -> Self {
        let positives = scored.iter().filter(|(_, label)| *label).count();
        let raised = scored.iter().filter(|(score, _)| *score >= threshold).count();
        let right = scored.iter().filter(|(score, label)| *score >= threshold && *label).count();
        let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        let squares = scored.iter().map(|(score, label)| (score - f64::from(u8::from(*label))).powi(2));
        Self {
            parts,
            positives,
            average_precision: average_precision(scored),
            base_rate: share(positives, scored.len()),
            precision: share(right, raised),
            recall: share(right, positives),
            brier: squares.sum::<f64>() / scored.len().max(1) as f64,
        }
    }
}
