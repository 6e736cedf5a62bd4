//! Counts of right and wrong, and the shares made of them with Wilson's interval.
//!
//! Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22. It keeps its coverage
//! for few listings and for shares near 0 and 1, where the textbook interval fails (Brown, Cai and DasGupta 2001).

use serde::{Deserialize, Serialize};

/// The quantile of the normal distribution for intervals of 95 %.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// How flags and labels meet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// Flagged, and labelled for a look.
    pub true_positive: u64,
    /// Flagged, and not labelled.
    pub false_positive: u64,
    /// Not flagged, and labelled for a look.
    pub false_negative: u64,
    /// Neither.
    pub true_negative: u64,
}

/// A share with its Wilson interval; the value is absent where nothing is divided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// The one by the other.
    pub value: Option<f64>,
    /// The lower end of the interval of 95 %.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

impl Share {
    /// A share with its interval.
    pub fn new(count: u64, of: u64) -> Self {
        let interval = wilson(count, of, Z_95);
        Self {
            count,
            of,
            value: ratio(count as f64, of as f64),
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
        }
    }
}

/// Wilson's score interval for `count` of `of`; `None` where `of` is 0.
pub fn wilson(count: u64, of: u64, z: f64) -> Option<(f64, f64)> {
    if of == 0 {
        return None;
    }
    let (n, share) = (of as f64, count.min(of) as f64 / of as f64);
    let scale = 1.0 + z * z / n;
    let centre = (share + z * z / (2.0 * n)) / scale;
    let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt() / scale;
    // At 0 and 1 the ends are exact; rounding must not move them.
    let low = if count == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if count >= of { 1.0 } else { (centre + half).min(1.0) };
    Some((low, high))
}

impl Confusion {
    /// Counts one listing.
    pub fn add(&mut self, flagged: bool, label: bool) {
        self.add_times(flagged, label, 1);
    }

    /// Counts a listing several times.
    pub fn add_times(&mut self, flagged: bool, label: bool, times: u64) {
        match (flagged, label) {
            (true, true) => self.true_positive += times,
            (true, false) => self.false_positive += times,
            (false, true) => self.false_negative += times,
            (false, false) => self.true_negative += times,
        }
    }

    /// The counts of pairs of flag and label.
    pub fn of(pairs: impl IntoIterator<Item = (bool, bool)>) -> Self {
        let mut counts = Self::default();
        for (flagged, label) in pairs {
            counts.add(flagged, label);
        }
        counts
    }

    /// All listings.
    pub fn listings(&self) -> u64 {
        self.positives() + self.negatives()
    }

    /// Labelled for a look.
    pub fn positives(&self) -> u64 {
        self.true_positive + self.false_negative
    }

    /// Not labelled.
    pub fn negatives(&self) -> u64 {
        self.false_positive + self.true_negative
    }

    /// Flagged, rightly or not.
    pub fn flagged(&self) -> u64 {
        self.true_positive + self.false_positive
    }

    /// Of the flagged, the share labelled for a look.
    pub fn precision(&self) -> Share {
        Share::new(self.true_positive, self.flagged())
    }

    /// Of those labelled for a look, the share flagged.
    pub fn recall(&self) -> Share {
        Share::new(self.true_positive, self.positives())
    }

    /// Of those not labelled, the share flagged.
    pub fn false_positive_rate(&self) -> Share {
        Share::new(self.false_positive, self.negatives())
    }

    /// van Rijsbergen's measure (1979): precision and recall as one, recall weighing `beta` times as much.
    pub fn f_measure(&self, beta: f64) -> Option<f64> {
        let square = beta * beta;
        let right = (1.0 + square) * self.true_positive as f64;
        ratio(right, right + square * self.false_negative as f64 + self.false_positive as f64)
    }

    /// Matthews' correlation coefficient (1975) between flag and label.
    pub fn matthews(&self) -> Option<f64> {
        let [right, wrong, missed, left] =
            [self.true_positive, self.false_positive, self.false_negative, self.true_negative].map(|n| n as f64);
        let product = (right + wrong) * (right + missed) * (left + wrong) * (left + missed);
        ratio(right * left - wrong * missed, product.sqrt())
    }
}

/// A quotient, where there is one.
pub(super) fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-12
    }

    fn example() -> Confusion {
        Confusion { true_positive: 8, false_positive: 2, false_negative: 4, true_negative: 86 }
    }

    #[test]
    fn wilson_agrees_with_scipy() {
        // scipy.stats.binomtest(k, n).proportion_ci(method="wilson")
        for (count, of, low, high) in [
            (8, 10, 0.490_162_471_536_641_8, 0.943_317_848_545_624_8),
            (0, 20, 0.0, 0.161_125_158_052_819_35),
            (20, 20, 0.838_874_841_947_180_6, 1.0),
            (1, 1000, 0.000_176_546_370_626_078_07, 0.005_642_558_597_957_935_5),
        ] {
            let (found_low, found_high) = wilson(count, of, Z_95).unwrap();
            assert!((found_low - low).abs() < 1e-9 && (found_high - high).abs() < 1e-9, "{found_low} {found_high}");
        }
        assert_eq!(wilson(0, 0, Z_95), None);
    }

    #[test]
    fn shares_by_hand() {
        let counts = example();
        assert!(close(counts.precision().value.unwrap(), 0.8));
        assert!(close(counts.recall().value.unwrap(), 8.0 / 12.0));
        assert!(close(counts.false_positive_rate().value.unwrap(), 2.0 / 88.0));
        assert!(close(counts.f_measure(1.0).unwrap(), 16.0 / 22.0));
        assert!(close(counts.f_measure(2.0).unwrap(), 40.0 / (40.0 + 16.0 + 2.0)));
        assert!(close(counts.matthews().unwrap(), (8.0 * 86.0 - 8.0) / (10.0f64 * 12.0 * 88.0 * 90.0).sqrt()));
    }

    #[test]
    fn what_cannot_be_divided_has_no_value() {
        let counts = Confusion::of([(false, false), (false, false)]);
        assert_eq!((counts.precision().value, counts.recall().value, counts.matthews()), (None, None, None));
        assert_eq!(counts.f_measure(1.0), None);
        assert_eq!(counts.false_positive_rate().value, Some(0.0));
    }
}
