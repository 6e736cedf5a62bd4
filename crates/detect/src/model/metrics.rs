//! How well scores order labels.

use serde::{Deserialize, Serialize};

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
