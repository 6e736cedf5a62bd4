//! How well an order puts the listings labelled for a look first: precision-recall and ROC curves, their areas, and
//! precision and recall among the first k.
//!
//! Ties are never broken in anybody's favour: listings of one score enter together, and where k cuts through them the
//! expected count over all their orders is taken (McSherry and Najork 2008). Average precision is the sum over scores
//! of precision times the recall gained there, without interpolation (Davis and Goadrich 2006; Boyd et al. 2013). The
//! area under the ROC curve is the chance that a labelled listing stands before an unlabelled one (Hanley and McNeil
//! 1982), a tie counting half.

use serde::{Deserialize, Serialize};

use super::confusion::ratio;

/// A listing order as its distinct scores, the highest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranking {
    /// For each distinct score: labelled, unlabelled.
    steps: Vec<[u64; 2]>,
    positives: u64,
    negatives: u64,
}

/// A point of both curves: what holds when everything down to one score is flagged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// How many are flagged.
    pub flagged: u64,
    /// Of these, the share labelled.
    pub precision: f64,
    /// Of the labelled, the share flagged; the true-positive rate of ROC.
    pub recall: f64,
    /// Of the unlabelled, the share flagged.
    pub false_positive_rate: f64,
}

/// Precision and recall among the first k.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AtK {
    /// So many are read.
    pub k: u64,
    /// How many labelled ones are among them; expected, where k cuts through a tie.
    pub found: f64,
    /// Of the k, the share labelled.
    pub precision: f64,
    /// Of the labelled, the share among the k; absent where none is labelled.
    pub recall: Option<f64>,
}

impl Ranking {
    /// Orders keys with labels, the highest key first.
    pub fn of<K: Ord>(keyed: impl IntoIterator<Item = (K, bool)>) -> Self {
        let mut keyed: Vec<(K, bool)> = keyed.into_iter().collect();
        keyed.sort_unstable_by(|one, other| other.0.cmp(&one.0));
        let mut ranking = Self::default();
        for tied in keyed.chunk_by(|one, other| one.0 == other.0) {
            let positives = tied.iter().filter(|(_, label)| *label).count() as u64;
            ranking.steps.push([positives, tied.len() as u64 - positives]);
        }
        ranking.positives = ranking.steps.iter().map(|step| step[0]).sum();
        ranking.negatives = ranking.steps.iter().map(|step| step[1]).sum();
        ranking
    }

    /// All listings.
    pub fn listings(&self) -> u64 {
        self.positives + self.negatives
    }

    /// Average precision; absent where none is labelled.
    pub fn average_precision(&self) -> Option<f64> {
        self.average_precision_at(1.0)
    }

    /// Average precision had the unlabelled been `weight` times as many: what a deployment's prevalence makes of it.
    pub fn average_precision_at(&self, weight: f64) -> Option<f64> {
        let (mut right, mut wrong, mut sum) = (0.0, 0.0, 0.0);
        for [positives, negatives] in &self.steps {
            right += *positives as f64;
            wrong += *negatives as f64 * weight;
            sum += if *positives > 0 { *positives as f64 * right / (right + wrong) } else { 0.0 };
        }
        ratio(sum, self.positives as f64)
    }

    /// The area under the ROC curve; absent where a class is empty.
    pub fn roc_auc(&self) -> Option<f64> {
        let (mut before, mut sum) = (0.0, 0.0);
        for [positives, negatives] in &self.steps {
            sum += *negatives as f64 * (before + *positives as f64 / 2.0);
            before += *positives as f64;
        }
        ratio(sum, self.positives as f64 * self.negatives as f64)
    }

    /// The curve, a point a distinct score, thinned to at most so many points with both ends kept. Empty where none is
    /// labelled.
    pub fn curve(&self, most: usize) -> Vec<CurvePoint> {
        let (mut right, mut wrong) = (0u64, 0u64);
        let mut points = Vec::new();
        if self.positives == 0 {
            return points;
        }
        for [positives, negatives] in &self.steps {
            right += positives;
            wrong += negatives;
            points.push(CurvePoint {
                flagged: right + wrong,
                precision: right as f64 / (right + wrong) as f64,
                recall: right as f64 / self.positives as f64,
                false_positive_rate: ratio(wrong as f64, self.negatives as f64).unwrap_or(0.0),
            });
        }
        thinned(points, most)
    }

    /// Precision and recall among the first k; `None` where there are not as many.
    pub fn at(&self, k: u64) -> Option<AtK> {
        if k == 0 || k > self.listings() {
            return None;
        }
        let (mut room, mut found) = (k, 0.0);
        for [positives, negatives] in &self.steps {
            let tied = positives + negatives;
            let taken = tied.min(room);
            found += *positives as f64 * taken as f64 / tied as f64;
            room -= taken;
            if room == 0 {
                break;
            }
        }
        Some(AtK { k, found, precision: found / k as f64, recall: ratio(found, self.positives as f64) })
    }
}

fn thinned(points: Vec<CurvePoint>, most: usize) -> Vec<CurvePoint> {
    let (count, most) = (points.len(), most.max(2));
    if count <= most {
        return points;
    }
    (0..most).map(|index| points[index * (count - 1) / (most - 1)]).collect()
}

/// Average precision of scores; 0 where there is no positive.
pub fn average_precision(scored: &[(f64, bool)]) -> f64 {
    let ranking = Ranking::of(scored.iter().map(|(score, label)| (Ordered(*score), *label)));
    ranking.average_precision().unwrap_or(0.0)
}

/// A score in its total order; 0 and -0 are one score.
struct Ordered(f64);

impl Ordered {
    fn plain(&self) -> f64 {
        if self.0 == 0.0 { 0.0 } else { self.0 }
    }
}

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.plain().total_cmp(&other.plain())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Ten listings with ties; the figures are those of scikit-learn 1.9.
    const SCORES: [(u32, bool); 10] = [
        (9, true),
        (8, false),
        (8, true),
        (7, true),
        (5, false),
        (5, false),
        (4, true),
        (3, false),
        (1, false),
        (1, true),
    ];

    #[test]
    fn areas_agree_with_scikit_learn() {
        let ranking = Ranking::of(SCORES);
        // average_precision_score and roc_auc_score of the same scores.
        assert!((ranking.average_precision().unwrap() - 0.697_619_047_619_047_6).abs() < 1e-12);
        assert!((ranking.roc_auc().unwrap() - 0.64).abs() < 1e-12);
    }

    #[test]
    fn average_precision_by_hand() {
        let scored = [(0.9, true), (0.8, false), (0.7, true), (0.1, false)];
        assert!((average_precision(&scored) - (1.0 + 2.0 / 3.0) / 2.0).abs() < 1e-12);
        assert_eq!(average_precision(&[(0.5, false)]), 0.0);
        assert!((average_precision(&[(0.5, false), (0.5, true)]) - 0.5).abs() < 1e-12);
        assert!((average_precision(&[(0.0, false), (-0.0, true)]) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_cut_through_a_tie_counts_the_expected() {
        let at = Ranking::of(SCORES).at(2).unwrap();
        assert!((at.found - 1.5).abs() < 1e-12 && (at.precision - 0.75).abs() < 1e-12);
        assert!((at.recall.unwrap() - 0.3).abs() < 1e-12);
        assert_eq!(Ranking::of(SCORES).at(11), None);
        assert_eq!(Ranking::of(SCORES).at(0), None);
    }

    #[test]
    fn one_class_has_no_area() {
        let ranking = Ranking::of([(1, false), (2, false)]);
        assert_eq!((ranking.average_precision(), ranking.roc_auc()), (None, None));
        assert!(ranking.curve(10).is_empty());
        assert_eq!(ranking.at(1).unwrap().recall, None);
    }

    #[test]
    fn rarer_labels_make_precision_lower() {
        let ranking = Ranking::of(SCORES);
        assert!(ranking.average_precision_at(99.0).unwrap() < ranking.average_precision().unwrap());
        // Each unlabelled listing standing for two is the same as writing it twice.
        let doubled = SCORES.into_iter().chain(SCORES.into_iter().filter(|(_, label)| !label));
        let difference = ranking.average_precision_at(2.0).unwrap() - Ranking::of(doubled).average_precision().unwrap();
        assert!(difference.abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn curves_rise_and_end_at_everything(keyed in prop::collection::vec((0u8..20, any::<bool>()), 1..60)) {
            let ranking = Ranking::of(keyed.clone());
            let curve = ranking.curve(7);
            prop_assert!(curve.len() <= 7);
            prop_assert!(curve.windows(2).all(|two| two[0].recall <= two[1].recall));
            if let Some(last) = curve.last() {
                prop_assert_eq!((last.recall, last.flagged), (1.0, keyed.len() as u64));
            }
            if let Some(area) = ranking.roc_auc() {
                prop_assert!((0.0..=1.0).contains(&area));
            }
        }
    }
}
