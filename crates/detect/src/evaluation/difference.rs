//! The difference of two shares of different listings, with an interval: whether one group is flagged more often than
//! the others.
//!
//! Newcombe (1998), Interval estimation for the difference between independent proportions, method 10: the two Wilson
//! intervals joined.

use serde::{Deserialize, Serialize};

use super::confusion::Share;

/// A difference of two shares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The first minus the second.
    pub value: f64,
    /// The lower end of the interval of 95 %.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Whether the interval leaves 0 out.
    pub clear: bool,
}

/// The first share minus the second; `None` where one of them has no value.
pub fn newcombe(first: &Share, second: &Share) -> Option<Difference> {
    let (one, one_low, one_high) = (first.value?, first.low?, first.high?);
    let (other, other_low, other_high) = (second.value?, second.low?, second.high?);
    let value = one - other;
    let low = value - ((one - one_low).powi(2) + (other_high - other).powi(2)).sqrt();
    let high = value + ((one_high - one).powi(2) + (other - other_low).powi(2)).sqrt();
    Some(Difference { value, low, high, clear: low > 0.0 || high < 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_paper() {
        // Newcombe (1998), table II: 56/70 - 48/80 and 9/10 - 3/10, method 10.
        for (first, second, low, high) in [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090)] {
            let found = newcombe(&Share::new(first.0, first.1), &Share::new(second.0, second.1)).unwrap();
            assert!((found.low - low).abs() < 5e-5 && (found.high - high).abs() < 5e-5, "{found:?}");
            assert!(found.clear);
        }
    }

    #[test]
    fn nothing_compared_is_no_difference() {
        assert_eq!(newcombe(&Share::new(0, 0), &Share::new(1, 2)), None);
        assert!(!newcombe(&Share::new(1, 2), &Share::new(1, 2)).unwrap().clear);
    }
}
