//! What precision becomes where listings that deserve a look are rare.
//!
//! Recall and the false-positive rate do not depend on how many listings are labelled for a look; precision does (Bayes'
//! rule; Altman and Bland 1994). A set for evaluation holds far more of them than a board, so its own precision is not
//! what a reviewer will see.

use serde::{Deserialize, Serialize};

use super::confusion::{Confusion, ratio, wilson};

/// Precision at another share of labelled listings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Restated {
    /// The share of listings that deserve a look.
    pub prevalence: f64,
    /// Of the flagged, the share that deserves it; absent where nothing would be flagged or a class is empty.
    pub precision: Option<f64>,
    /// The least of it that the data allow: recall at the lower and false positives at the upper end of their intervals.
    pub low: Option<f64>,
    /// The most.
    pub high: Option<f64>,
    /// Listings flagged in a thousand.
    pub flagged_per_thousand: Option<f64>,
    /// Listings read for each one found.
    pub read_per_found: Option<f64>,
}

/// Both intervals hold together with 95 %, each holding with 97.5 %.
const Z_97_5: f64 = 2.241_402_727_604_947;

/// Restates the precision of some counts.
pub fn restated(counts: &Confusion, prevalence: f64) -> Restated {
    let recall = ratio(counts.true_positive as f64, counts.positives() as f64);
    let false_rate = ratio(counts.false_positive as f64, counts.negatives() as f64);
    let both = recall.zip(false_rate);
    let precision = |(recall, false_rate): (f64, f64)| {
        ratio(recall * prevalence, recall * prevalence + false_rate * (1.0 - prevalence))
    };
    let recall_ends = wilson(counts.true_positive, counts.positives(), Z_97_5);
    let false_ends = wilson(counts.false_positive, counts.negatives(), Z_97_5);
    let ends = recall_ends.zip(false_ends);
    Restated {
        prevalence,
        precision: both.and_then(precision),
        low: ends.and_then(|((recall, _), (_, false_rate))| precision((recall, false_rate))),
        high: ends.and_then(|((_, recall), (false_rate, _))| precision((recall, false_rate))),
        flagged_per_thousand: both
            .map(|(recall, false_rate)| 1_000.0 * (recall * prevalence + false_rate * (1.0 - prevalence))),
        read_per_found: both.and_then(precision).filter(|precision| *precision > 0.0).map(|precision| 1.0 / precision),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bayes_by_hand() {
        let counts = Confusion { true_positive: 80, false_positive: 5, false_negative: 20, true_negative: 95 };
        let found = restated(&counts, 0.01);
        let expected = 0.8 * 0.01 / (0.8 * 0.01 + 0.05 * 0.99);
        assert!((found.precision.unwrap() - expected).abs() < 1e-12);
        assert!((found.flagged_per_thousand.unwrap() - 57.5).abs() < 1e-9);
        assert!((found.read_per_found.unwrap() - 1.0 / expected).abs() < 1e-9);
        assert!(found.low.unwrap() < expected && expected < found.high.unwrap());
    }

    #[test]
    fn the_own_share_gives_the_own_precision() {
        let counts = Confusion { true_positive: 8, false_positive: 2, false_negative: 4, true_negative: 86 };
        let found = restated(&counts, 12.0 / 100.0);
        assert!((found.precision.unwrap() - 0.8).abs() < 1e-12);
    }

    #[test]
    fn no_false_positive_seen_is_not_none_at_all() {
        let counts = Confusion { true_positive: 10, false_positive: 0, false_negative: 0, true_negative: 100 };
        let found = restated(&counts, 0.01);
        assert_eq!((found.precision, found.high), (Some(1.0), Some(1.0)));
        assert!(found.low.unwrap() < 0.2, "a hundred honest listings do not show a rate below one in a hundred");
    }

    #[test]
    fn an_empty_class_has_no_answer() {
        let found = restated(&Confusion::of([(true, true)]), 0.01);
        assert_eq!((found.precision, found.low, found.flagged_per_thousand), (None, None, None));
    }
}
