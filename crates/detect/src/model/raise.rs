//! When the model lifts a listing to `review`, and how the point from which it does is chosen.
//!
//! The model is heard where the rules gave fewer points than `review` asks for. It never lowers a band, never lifts
//! above `review`, and never acts on one weak feature: at least three features must speak for a look.

use lapwing_types::Band;
use serde::{Deserialize, Serialize};

/// The calibrated numbers from which listings are lifted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raise {
    /// For listings of band `low`.
    pub low: f64,
    /// For listings of band `none` that no counter-indicator speaks for.
    pub unscored: f64,
}

/// How much a team can read: what the points of [`Raise`] are chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// The share of all listings that the model may add to the queue, 0 to 1.
    pub share: f64,
    /// The share of all listings, where the model is used, that deserve a look; 0 to 1.
    pub prevalence: f64,
}

impl Default for Capacity {
    fn default() -> Self {
        Self { share: 0.03, prevalence: 0.01 }
    }
}

/// Below this the model is never heard, whatever the capacity.
const LEAST_LOW: f64 = 0.3;
const LEAST_UNSCORED: f64 = 0.8;
/// Nobody is lifted.
const NEVER: f64 = 1.0;
/// So many features must speak for a look,
const LEAST_SPEAKING: usize = 3;
/// each with log-odds of at least this.
const SPEAKING: f64 = 0.1;

/// How many of the features of a listing, by their log-odds, speak for a look.
pub(super) fn speaking(terms: impl Iterator<Item = f64>) -> usize {
    terms.filter(|log_odds| *log_odds >= SPEAKING).count()
}

/// What a model says of one listing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Said {
    /// The calibrated number, 0 to 1.
    pub calibrated: f64,
    /// How many features speak for a look.
    pub speaking: usize,
}

impl Raise {
    /// The band of a listing after the model was heard, from the band and the points of the rules.
    pub fn lift(self, scored: (Band, i32), said: Said) -> Band {
        if self.lifts(scored, said) { Band::Review } else { scored.0 }
    }

    fn lifts(self, (band, points): (Band, i32), said: Said) -> bool {
        let from = match band {
            Band::Low => self.low,
            Band::None if points >= 0 => self.unscored,
            _ => return false,
        };
        said.calibrated >= from && said.speaking >= LEAST_SPEAKING
    }

    /// The lowest points at which, by listings that the model was not trained on, no more than the capacity is lifted.
    /// Half of it goes to each of the two bands.
    pub(super) fn chosen(scored: &[Unseen], capacity: Capacity) -> Self {
        let of_band = |band: Band, least: f64| {
            let heard = |unseen: &&Unseen| unseen.band == band && unseen.points >= 0;
            let heard: Vec<&Unseen> = scored.iter().filter(heard).collect();
            lowest(&heard, scored, capacity.prevalence, capacity.share / 2.0).max(least)
        };
        Self { low: of_band(Band::Low, LEAST_LOW), unscored: of_band(Band::None, LEAST_UNSCORED) }
    }
}

/// A labelled listing with the number of a model that did not see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unseen {
    pub(super) band: Band,
    pub(super) points: i32,
    pub(super) calibrated: f64,
    pub(super) label: bool,
}

/// The lowest number at which the share of all listings that is lifted, restated at a prevalence, stays within `share`.
fn lowest(heard: &[&Unseen], all: &[Unseen], prevalence: f64, share: f64) -> f64 {
    let positives = all.iter().filter(|unseen| unseen.label).count().max(1) as f64;
    let negatives = all.iter().filter(|unseen| !unseen.label).count().max(1) as f64;
    let mut sorted: Vec<&&Unseen> = heard.iter().collect();
    sorted.sort_by(|a, b| b.calibrated.total_cmp(&a.calibrated));
    let (mut lifted, mut chosen) = (0.0, NEVER);
    for (index, unseen) in sorted.iter().enumerate() {
        lifted += if unseen.label { prevalence / positives } else { (1.0 - prevalence) / negatives };
        if lifted > share {
            break;
        }
        let next_is_equal = sorted.get(index + 1).is_some_and(|next| next.calibrated == unseen.calibrated);
        if !next_is_equal {
            chosen = unseen.calibrated;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Raise = Raise { low: 0.5, unscored: 0.8 };

    fn lifts(scored: (Band, i32), calibrated: f64, speaking: usize) -> bool {
        let band = AT.lift(scored, Said { calibrated, speaking });
        assert!(band >= scored.0, "nothing is ever lowered");
        band != scored.0
    }

    #[test]
    fn only_listings_below_review_are_lifted() {
        assert!(lifts((Band::Low, 15), 0.5, 3));
        assert!(!lifts((Band::Low, 15), 0.49, 9));
        assert!(lifts((Band::None, 0), 0.8, 3));
        assert!(!lifts((Band::None, 0), 0.79, 9));
        for band in [Band::Review, Band::High, Band::Urgent] {
            assert!(!lifts((band, 90), 1.0, 9), "{band}");
        }
    }

    #[test]
    fn one_weak_feature_never_lifts() {
        assert!(!lifts((Band::Low, 15), 0.99, speaking([4.0, 0.05, -1.0].into_iter())));
    }

    #[test]
    fn what_a_counter_indicator_speaks_for_is_not_lifted() {
        assert!(!lifts((Band::None, -10), 0.99, 9));
    }

    fn unseen(calibrated: f64, label: bool) -> Unseen {
        Unseen { band: Band::Low, points: 15, calibrated, label }
    }

    #[test]
    fn the_point_keeps_within_the_capacity() {
        let mut scored: Vec<Unseen> = (0..100).map(|index| unseen(f64::from(index) / 100.0, false)).collect();
        scored.push(unseen(0.995, true));
        let capacity = Capacity { share: 0.1, prevalence: 0.0 };
        let raise = Raise::chosen(&scored, capacity);
        assert!((raise.low - 0.95).abs() < 1e-9, "five in a hundred of the negatives: {}", raise.low);
        assert!((raise.unscored - NEVER).abs() < 1e-9, "no listing of band none was seen");
    }

    #[test]
    fn equal_numbers_are_lifted_together_or_not_at_all() {
        let scored: Vec<Unseen> = (0..100).map(|_| unseen(0.9, false)).collect();
        let raise = Raise::chosen(&scored, Capacity { share: 0.1, prevalence: 0.0 });
        assert!(raise.low > 0.9);
    }
}
