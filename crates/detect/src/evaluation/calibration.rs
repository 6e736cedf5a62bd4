//! Whether a number between 0 and 1 means what it says: of listings given 0.8, are eight in ten labelled for a look?
//!
//! Brier (1950) for the mean squared error, Murphy (1973) for its parts, Naeini, Cooper and Hauskrecht (2015) for the
//! expected calibration error over bins of equal width (Guo et al. 2017). All of it holds for the share of labelled
//! listings in the data at hand and for no other.

use serde::{Deserialize, Serialize};

use super::confusion::Share;

/// One bar of a reliability diagram.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReliabilityBin {
    /// Where the bin begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// How many listings fall into it.
    pub listings: u64,
    /// The mean of their numbers; absent for an empty bin.
    pub mean: Option<f64>,
    /// The share of them that is labelled.
    pub labelled: Share,
}

/// How well numbers and labels agree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The bins, ten of equal width.
    pub bins: Vec<ReliabilityBin>,
    /// The mean distance between number and share over the bins, weighted by their listings.
    pub expected_error: f64,
    /// The largest such distance.
    pub largest_error: f64,
    /// The mean squared distance between number and label.
    pub brier: f64,
    /// The Brier score of saying the share of all listings each time.
    pub brier_of_base_rate: f64,
    /// What of the latter the numbers save; 0 for knowing nothing, 1 for knowing all.
    pub brier_skill: Option<f64>,
    /// The part of the Brier score that is due to wrong numbers, by bins.
    pub reliability: f64,
    /// The part that is earned by telling listings apart, by bins.
    pub resolution: f64,
    /// The mean logarithmic loss, numbers kept 1e-6 away from 0 and 1.
    pub log_loss: f64,
}

const BINS: usize = 10;

/// The agreement of numbers and labels; `None` where there is no listing.
pub fn calibration(scored: &[(f64, bool)]) -> Option<Calibration> {
    if scored.is_empty() {
        return None;
    }
    let mut sums = [(0u64, 0u64, 0.0f64); BINS];
    for (score, label) in scored {
        let bin = &mut sums[((score.clamp(0.0, 1.0) * BINS as f64) as usize).min(BINS - 1)];
        *bin = (bin.0 + 1, bin.1 + u64::from(*label), bin.2 + score);
    }
    let listings = scored.len() as f64;
    let base_rate = scored.iter().filter(|(_, label)| *label).count() as f64 / listings;
    let mean_of = |value: &dyn Fn(f64, f64) -> f64| {
        scored.iter().map(|(score, label)| value(*score, f64::from(u8::from(*label)))).sum::<f64>() / listings
    };
    let brier = mean_of(&|score, label| (score - label).powi(2));
    let brier_of_base_rate = base_rate * (1.0 - base_rate);
    let mut found = Calibration {
        bins: Vec::with_capacity(BINS),
        expected_error: 0.0,
        largest_error: 0.0,
        brier,
        brier_of_base_rate,
        brier_skill: (brier_of_base_rate > 0.0).then(|| 1.0 - brier / brier_of_base_rate),
        reliability: 0.0,
        resolution: 0.0,
        log_loss: mean_of(&log_loss),
    };
    for (index, (count, labelled, sum)) in sums.into_iter().enumerate() {
        found.add(index, count, labelled, sum, listings, base_rate);
    }
    Some(found)
}

fn log_loss(score: f64, label: f64) -> f64 {
    let score = score.clamp(1e-6, 1.0 - 1e-6);
    -(label * score.ln() + (1.0 - label) * (1.0 - score).ln())
}

impl Calibration {
    fn add(&mut self, index: usize, count: u64, labelled: u64, sum: f64, listings: f64, base_rate: f64) {
        let mean = (count > 0).then(|| sum / count as f64);
        if let Some(mean) = mean {
            let (share, weight) = (labelled as f64 / count as f64, count as f64 / listings);
            self.expected_error += weight * (mean - share).abs();
            self.largest_error = self.largest_error.max((mean - share).abs());
            self.reliability += weight * (mean - share).powi(2);
            self.resolution += weight * (share - base_rate).powi(2);
        }
        self.bins.push(ReliabilityBin {
            from: index as f64 / BINS as f64,
            to: (index + 1) as f64 / BINS as f64,
            listings: count,
            mean,
            labelled: Share::new(labelled, count),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_by_hand() {
        let scored = [(0.9, true), (0.95, false), (0.2, false), (0.25, true)];
        let found = calibration(&scored).unwrap();
        // Two bins of two: means 0.925 and 0.225, shares 0.5 and 0.5.
        assert!((found.expected_error - (0.425 + 0.275) / 2.0).abs() < 1e-12);
        assert!((found.largest_error - 0.425).abs() < 1e-12);
        assert!((found.brier - (0.01 + 0.9025 + 0.04 + 0.5625) / 4.0).abs() < 1e-12);
        assert!(found.resolution.abs() < 1e-12 && found.brier_skill.unwrap() < 0.0);
        // sklearn.metrics.log_loss of the same.
        assert!((found.log_loss - 1.177_632_675_411_479_2).abs() < 1e-9, "{}", found.log_loss);
    }

    #[test]
    fn one_and_zero_fall_into_the_outer_bins() {
        let found = calibration(&[(1.0, true), (0.0, false)]).unwrap();
        assert_eq!((found.bins[9].listings, found.bins[0].listings), (1, 1));
        assert!(found.log_loss < 1e-5 && found.expected_error == 0.0);
        assert_eq!(calibration(&[]), None);
    }

    #[test]
    fn one_class_has_no_skill() {
        assert_eq!(calibration(&[(0.3, false)]).unwrap().brier_skill, None);
    }
}
