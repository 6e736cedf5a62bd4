//! Whether two runs over the same listings differ by more than chance: only those listings count on which one is right
//! and the other is not.
//!
//! McNemar (1947). For up to 1,000 such listings the two-sided binomial test is computed exactly; beyond that the
//! statistic with Edwards' correction (1948) is referred to the chi-square distribution with one degree of freedom.

use serde::{Deserialize, Serialize};

/// The outcome of the test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct McNemar {
    /// The first is right and the second wrong.
    pub only_first_right: u64,
    /// The second is right and the first wrong.
    pub only_second_right: u64,
    /// How likely so uneven a split, or a more uneven one, is where both err alike.
    pub p: f64,
    /// Whether `p` was computed exactly.
    pub exact: bool,
}

const MOST_EXACT: u64 = 1_000;

/// Compares two runs by the listings on which one alone is right.
pub fn mcnemar(only_first_right: u64, only_second_right: u64) -> McNemar {
    let discordant = only_first_right + only_second_right;
    let exact = discordant <= MOST_EXACT;
    let p = if exact {
        two_sided_binomial(only_first_right.min(only_second_right), discordant)
    } else {
        let distance = (only_first_right.abs_diff(only_second_right) as f64 - 1.0).max(0.0);
        chi_square_tail(distance * distance / discordant as f64)
    };
    McNemar { only_first_right, only_second_right, p, exact }
}

/// Twice the chance of at most `least` heads in `throws`, never more than 1.
fn two_sided_binomial(least: u64, throws: u64) -> f64 {
    let mut logarithm = -(throws as f64) * std::f64::consts::LN_2;
    let mut sum = 0.0;
    for heads in 0..=least {
        if heads > 0 {
            logarithm += ((throws - heads + 1) as f64).ln() - (heads as f64).ln();
        }
        sum += logarithm.exp();
    }
    (2.0 * sum).min(1.0)
}

/// The upper tail of the chi-square distribution with one degree of freedom: `erfc(√(x/2))`.
fn chi_square_tail(x: f64) -> f64 {
    complementary_error((x / 2.0).sqrt())
}

/// The complementary error function: the series of Abramowitz and Stegun 7.1.6 near 0, Lentz' continued fraction of
/// 7.1.14 beyond.
fn complementary_error(x: f64) -> f64 {
    let scale = (-x * x).exp() / std::f64::consts::PI.sqrt();
    if x < 2.5 {
        let (mut term, mut sum) = (x, x);
        for n in 1..200 {
            term *= 2.0 * x * x / f64::from(2 * n + 1);
            sum += term;
        }
        return 1.0 - 2.0 * scale * sum;
    }
    let mut fraction = x;
    for n in (1..200).rev() {
        fraction = x + f64::from(n) / 2.0 / fraction;
    }
    scale / fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_values_agree_with_scipy() {
        // scipy.stats.binomtest(b, b + c, 0.5).pvalue
        for (first, second, p) in [
            (0, 0, 1.0),
            (1, 0, 1.0),
            (5, 5, 1.0),
            (0, 6, 0.031_25),
            (3, 12, 0.035_156_25),
            (40, 60, 0.056_887_933_640_980_89),
            (480, 510, 0.356_701_401_637_522_3),
        ] {
            let found = mcnemar(first, second);
            assert!((found.p - p).abs() < 1e-9 && found.exact, "{first} {second}: {}", found.p);
            assert!((mcnemar(second, first).p - p).abs() < 1e-9);
        }
    }

    #[test]
    fn the_tail_agrees_with_scipy() {
        // scipy.stats.chi2.sf(x, 1)
        for (x, p) in [
            (0.0, 1.0),
            (3.841_458_820_694_124, 0.05),
            (10.0, 0.001_565_402_258_002_549),
            (14.0, 0.000_182_810_632_981_835_15),
            (60.0, 9.485_737_571_073_857e-15),
        ] {
            assert!((chi_square_tail(x) - p).abs() < 1e-10 * (1.0 + p), "{x}: {}", chi_square_tail(x));
        }
    }

    #[test]
    fn many_discordant_listings_are_approximated() {
        let found = mcnemar(900, 1_100);
        // chi2.sf((|900 - 1100| - 1)² / 2000, 1)
        assert!(!found.exact && (found.p - 8.596_018_738_181_874e-6).abs() < 1e-12, "{}", found.p);
        assert_eq!(mcnemar(1_000, 1_000).p, 1.0);
    }
}
