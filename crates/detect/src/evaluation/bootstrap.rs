//! Intervals by resampling clusters: near-duplicates stand or fall together, so whole clusters are drawn with
//! replacement and everything is counted anew.
//!
//! Efron (1979) for the percentile interval, Field and Welsh (2007) for clusters. A resample is a weight a cluster,
//! which follows from a seed and the resample's number alone.

use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::{RngCore as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

use super::confusion::{Confusion, ratio};

/// From fewer clusters nothing is learned by drawing among them.
pub const LEAST_CLUSTERS: usize = 10;

/// How often each cluster is drawn in one resample.
pub fn cluster_weights(seed: u64, resample: u64, clusters: usize) -> Vec<u32> {
    let stream = seed.wrapping_add((resample + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut random = Xoshiro256Plus::seed_from_u64(stream);
    let mut weights = vec![0; clusters];
    for _ in 0..clusters {
        let drawn = (u128::from(random.next_u64()) * clusters as u128) >> 64;
        weights[drawn as usize] += 1;
    }
    weights
}

/// A listing as far as resampling needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleItem {
    /// Its place in the order; the highest comes first.
    pub key: u64,
    /// Whether it is labelled for a look.
    pub label: bool,
    /// Whether it was flagged.
    pub flagged: bool,
    /// The number of its cluster.
    pub cluster: u32,
}

/// Listings in their order, to be weighed again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    items: Vec<SampleItem>,
}

/// What a sample comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Point {
    /// Flags and labels.
    pub counts: Confusion,
    /// Average precision of the order.
    pub average_precision: Option<f64>,
    /// The area under its ROC curve.
    pub roc_auc: Option<f64>,
}

/// The middle 95 % of what resamples gave.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Intervals of the figures; one is absent where more than half of the resamples could not be divided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Intervals {
    /// Of precision.
    pub precision: Option<Interval>,
    /// Of recall.
    pub recall: Option<Interval>,
    /// Of the F-measure with equal weights.
    pub f1: Option<Interval>,
    /// Of average precision.
    pub average_precision: Option<Interval>,
    /// Of the area under the ROC curve.
    pub roc_auc: Option<Interval>,
}

impl Point {
    /// Precision, recall, F1, average precision and area, each where it exists.
    pub fn figures(&self) -> [Option<f64>; 5] {
        let counts = &self.counts;
        let right = counts.true_positive as f64;
        [
            ratio(right, counts.flagged() as f64),
            ratio(right, counts.positives() as f64),
            counts.f_measure(1.0),
            self.average_precision,
            self.roc_auc,
        ]
    }
}

impl Intervals {
    /// The intervals of what resamples gave.
    pub fn of(points: &[Point]) -> Self {
        let figures: Vec<[Option<f64>; 5]> = points.iter().map(Point::figures).collect();
        Self::of_figures(&figures)
    }

    /// The same from figures, or differences of figures.
    pub fn of_figures(figures: &[[Option<f64>; 5]]) -> Self {
        let interval = |which: usize| {
            let values: Vec<f64> = figures.iter().filter_map(|figures| figures[which]).collect();
            if values.len() * 2 <= figures.len() { None } else { percentile_interval(values) }
        };
        Self {
            precision: interval(0),
            recall: interval(1),
            f1: interval(2),
            average_precision: interval(3),
            roc_auc: interval(4),
        }
    }
}

/// The percentiles 2.5 and 97.5, between neighbours linearly (type 7 of Hyndman and Fan 1996).
pub fn percentile_interval(mut values: Vec<f64>) -> Option<Interval> {
    if values.is_empty() {
        return None;
    }
    values.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| {
        let place = share * (values.len() - 1) as f64;
        let (below, above) = (values[place.floor() as usize], values[place.ceil() as usize]);
        below + (above - below) * place.fract()
    };
    Some(Interval { low: at(0.025), high: at(0.975) })
}

impl Sample {
    /// Orders listings once, so that every resample can walk through them.
    pub fn new(mut items: Vec<SampleItem>) -> Self {
        items.sort_unstable_by_key(|item| (std::cmp::Reverse(item.key), item.cluster, item.label, item.flagged));
        Self { items }
    }

    /// Each listing once.
    pub fn point(&self) -> Point {
        self.walk(|_| 1)
    }

    /// Each listing as often as its cluster was drawn.
    pub fn resampled(&self, weights: &[u32]) -> Point {
        self.walk(|item| u64::from(weights.get(item.cluster as usize).copied().unwrap_or(0)))
    }

    fn walk(&self, weight: impl Fn(&SampleItem) -> u64) -> Point {
        let mut counts = Confusion::default();
        let (mut right, mut wrong, mut precision_sum, mut area) = (0u64, 0u64, 0.0, 0.0);
        for tied in self.items.chunk_by(|one, other| one.key == other.key) {
            let (mut positives, mut negatives) = (0, 0);
            for item in tied {
                let times = weight(item);
                counts.add_times(item.flagged, item.label, times);
                *(if item.label { &mut positives } else { &mut negatives }) += times;
            }
            area += negatives as f64 * (right as f64 + positives as f64 / 2.0);
            right += positives;
            wrong += negatives;
            if positives > 0 {
                precision_sum += positives as f64 * right as f64 / (right + wrong) as f64;
            }
        }
        Point {
            counts,
            average_precision: ratio(precision_sum, right as f64),
            roc_auc: ratio(area, right as f64 * wrong as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ranking::Ranking;
    use super::*;
    use proptest::prelude::*;

    fn sample(listings: &[(u64, bool, u32)]) -> Sample {
        let item = |(key, label, cluster): &(u64, bool, u32)| SampleItem {
            key: *key,
            label: *label,
            flagged: *key > 5,
            cluster: *cluster,
        };
        Sample::new(listings.iter().map(item).collect())
    }

    #[test]
    fn a_resample_draws_as_many_clusters_as_there_are() {
        let weights = cluster_weights(7, 0, 100);
        assert_eq!(weights.iter().sum::<u32>(), 100);
        assert_eq!(weights, cluster_weights(7, 0, 100));
        assert_ne!(weights, cluster_weights(7, 1, 100));
        assert_ne!(weights, cluster_weights(8, 0, 100));
        assert!(cluster_weights(1, 1, 0).is_empty());
    }

    #[test]
    fn clusters_stand_or_fall_together() {
        let sample = sample(&[(9, true, 0), (8, true, 0), (3, false, 1)]);
        let point = sample.resampled(&[0, 2]);
        assert_eq!((point.counts.positives(), point.counts.true_negative), (0, 2));
        assert_eq!(point.average_precision, None);
        assert_eq!(sample.resampled(&[2, 0]).counts.true_positive, 4);
    }

    #[test]
    fn percentiles_agree_with_numpy() {
        // numpy.percentile(range(1, 11), [2.5, 97.5])
        let interval = percentile_interval((1..=10).map(f64::from).collect()).unwrap();
        assert!((interval.low - 1.225).abs() < 1e-12 && (interval.high - 9.775).abs() < 1e-12);
        assert_eq!(percentile_interval(Vec::new()), None);
    }

    #[test]
    fn an_interval_holds_the_figure_that_it_is_of() {
        let listings: Vec<(u64, bool, u32)> = (0..200).map(|n| (n % 11, n % 11 + n % 3 > 7, n as u32)).collect();
        let sample = sample(&listings);
        let points: Vec<Point> = (0..400).map(|n| sample.resampled(&cluster_weights(3, n, 200))).collect();
        let intervals = Intervals::of(&points);
        let precision = sample.point().figures()[0].unwrap();
        let interval = intervals.precision.unwrap();
        assert!(interval.low < precision && precision < interval.high, "{interval:?} {precision}");
        // The normal approximation for independent listings is near.
        let flagged = sample.point().counts.flagged() as f64;
        let expected = 1.96 * (precision * (1.0 - precision) / flagged).sqrt();
        assert!(((interval.high - interval.low) / 2.0 - expected).abs() < 0.03);
    }

    #[test]
    fn what_can_rarely_be_divided_has_no_interval() {
        let point = |label| sample(&[(9, label, 0)]).point();
        let intervals = Intervals::of(&[point(true), point(false), point(false)]);
        assert_eq!(intervals.average_precision, None);
        assert!(intervals.precision.is_some());
    }

    proptest! {
        #[test]
        fn weights_of_one_are_the_ranking(keyed in prop::collection::vec((0u64..12, any::<bool>()), 1..40)) {
            let listings: Vec<(u64, bool, u32)> = keyed.iter().map(|(key, label)| (*key, *label, 0)).collect();
            let point = sample(&listings).resampled(&[1]);
            let ranking = Ranking::of(keyed);
            prop_assert_eq!(point.average_precision.is_some(), ranking.average_precision().is_some());
            if let (Some(one), Some(other)) = (point.average_precision, ranking.average_precision()) {
                prop_assert!((one - other).abs() < 1e-12);
            }
            if let (Some(one), Some(other)) = (point.roc_auc, ranking.roc_auc()) {
                prop_assert!((one - other).abs() < 1e-12);
            }
        }
    }
}
