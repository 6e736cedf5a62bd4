//! Which rules say the same: how often two of them hit one listing.
//!
//! The share of the listings that either hits which both hit (Jaccard 1912), and the share of the rarer one's listings
//! that the other hits too (Szymkiewicz 1934, Simpson 1943): 1 where the rarer rule adds no listing of its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Two rules that hit the same listings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Overlap {
    /// The number of the one.
    pub first: u32,
    /// The number of the other, which is higher.
    pub second: u32,
    /// Listings that both hit.
    pub both: u64,
    /// Of the listings that either hits, the share that both hit.
    pub jaccard: f64,
    /// Of the listings of the rarer rule, the share that the other hits too.
    pub contained: f64,
}

/// The pairs that share at least `least` listings, those that share most of their listings first.
pub fn overlaps<'a>(hits: impl IntoIterator<Item = &'a [u32]>, least: u64) -> Vec<Overlap> {
    let mut alone: BTreeMap<u32, u64> = BTreeMap::new();
    let mut together: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    for rules in hits {
        for (place, rule) in rules.iter().enumerate() {
            *alone.entry(*rule).or_default() += 1;
            for other in &rules[place + 1..] {
                *together.entry((*rule.min(other), *rule.max(other))).or_default() += 1;
            }
        }
    }
    let mut found: Vec<Overlap> = together
        .into_iter()
        .filter(|(_, both)| *both >= least.max(1))
        .map(|((first, second), both)| {
            let (one, other) = (alone[&first], alone[&second]);
            Overlap {
                first,
                second,
                both,
                jaccard: both as f64 / (one + other - both) as f64,
                contained: both as f64 / one.min(other) as f64,
            }
        })
        .collect();
    found.sort_by(|a, b| b.jaccard.total_cmp(&a.jaccard).then_with(|| (a.first, a.second).cmp(&(b.first, b.second))));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_hand() {
        let hits: [&[u32]; 4] = [&[1, 2], &[2, 1, 3], &[1], &[3]];
        let found = overlaps(hits, 1);
        assert_eq!((found[0].first, found[0].second, found[0].both), (1, 2, 2));
        assert!((found[0].jaccard - 2.0 / 3.0).abs() < 1e-12 && found[0].contained == 1.0);
        assert_eq!(found.len(), 3);
        assert_eq!(overlaps(hits, 2).len(), 1);
    }
}
