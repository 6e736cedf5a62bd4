//! Which features a model may weigh: chosen on the training part alone.
//!
//! Most features are counted in 2^20 buckets of their numbers' high bits, so that memory does not grow with the number
//! of distinct word pairs; of each chosen bucket the one feature that says most is kept. So a weight belongs to one
//! feature, never to several that met in a bucket (feature hashing: Weinberger et al. 2009).

use std::collections::{BTreeMap, BTreeSet};

use super::corpus::Example;
use super::feature::FeatureId;

/// With and without the label, where a feature stands: (label 0, label 1).
type Counts = [u32; 2];

const BUCKETS: usize = 1 << 20;
/// A feature must stand in so many listings of the training part.
const LEAST: u32 = 2;

const fn bucket(short: u32) -> usize {
    (short >> 12) as usize
}

/// The chosen features, and the column of each.
#[derive(Debug, Default)]
pub(super) struct Columns {
    kept: BTreeMap<FeatureId, u32>,
    others: BTreeMap<u32, u32>,
}

/// A listing as columns with values, sorted.
pub(super) type Row = Vec<(u32, f32)>;

impl Columns {
    /// Chooses by χ² with the label, at most `most`; features that are always kept come first.
    pub(super) fn chosen(training: &[&Example], most: usize) -> Self {
        let mut kept: BTreeMap<FeatureId, Counts> = BTreeMap::new();
        let mut buckets = vec![[0u32; 2]; BUCKETS];
        let mut totals = [0u32; 2];
        for example in training {
            let label = usize::from(example.label);
            totals[label] += 1;
            for (id, _) in &example.kept {
                kept.entry(*id).or_default()[label] += 1;
            }
            for short in &example.others {
                buckets[bucket(*short)][label] += 1;
            }
        }
        let mut columns = Self::default();
        let kept = best(kept.into_iter(), totals, most);
        columns.kept = kept.iter().zip(0..).map(|(id, column)| (*id, column)).collect();
        let room = most - columns.kept.len();
        let counted = buckets.iter().enumerate().map(|(bucket, counts)| (bucket, *counts));
        let chosen: BTreeSet<usize> = best(counted, totals, room).into_iter().collect();
        let first = columns.kept.len() as u32;
        let others = one_a_bucket(training, &chosen, totals);
        columns.others = others.into_iter().zip(first..).collect();
        columns
    }

    pub(super) fn put_kept(&mut self, id: FeatureId, column: u32) {
        self.kept.insert(id, column);
    }

    pub(super) fn put_other(&mut self, short: u32, column: u32) {
        self.others.insert(short, column);
    }

    pub(super) fn len(&self) -> usize {
        self.kept.len() + self.others.len()
    }

    pub(super) fn of_kept(&self, id: FeatureId) -> Option<u32> {
        self.kept.get(&id).copied()
    }

    pub(super) fn of_other(&self, short: u32) -> Option<u32> {
        self.others.get(&short).copied()
    }

    /// A listing as columns.
    pub(super) fn row(&self, example: &Example) -> Row {
        let kept = example.kept.iter().filter_map(|(id, value)| Some((self.of_kept(*id)?, *value)));
        let others = example.others.iter().filter_map(|short| Some((self.of_other(*short)?, 1.0)));
        let mut row: Row = kept.chain(others).collect();
        row.sort_unstable_by_key(|(column, _)| *column);
        row
    }
}

/// The `most` of what was counted that say most about the label, sorted by themselves.
fn best<T: Ord + Copy>(counted: impl Iterator<Item = (T, Counts)>, totals: Counts, most: usize) -> Vec<T> {
    let mut scored: Vec<(f64, T)> = counted
        .filter(|(_, [negative, positive])| negative + positive >= LEAST)
        .map(|(what, counts)| (chi_square(counts, totals), what))
        .collect();
    scored.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    scored.truncate(most);
    let mut best: Vec<T> = scored.into_iter().map(|(_, what)| what).collect();
    best.sort_unstable();
    best
}

/// Of the features that meet in each chosen bucket, the one that says most.
fn one_a_bucket(training: &[&Example], chosen: &BTreeSet<usize>, totals: Counts) -> BTreeSet<u32> {
    let mut counts: BTreeMap<u32, Counts> = BTreeMap::new();
    for example in training {
        for short in example.others.iter().filter(|short| chosen.contains(&bucket(**short))) {
            counts.entry(*short).or_default()[usize::from(example.label)] += 1;
        }
    }
    let mut best: BTreeMap<usize, (f64, u32)> = BTreeMap::new();
    for (short, counts) in counts {
        let score = chi_square(counts, totals);
        let entry = best.entry(bucket(short)).or_insert((score, short));
        if score > entry.0 {
            *entry = (score, short);
        }
    }
    best.into_values().map(|(_, short)| short).collect()
}

/// Pearson's χ² of a two by two table (1900).
fn chi_square([negative, positive]: Counts, [negatives, positives]: Counts) -> f64 {
    let [negative, positive, negatives, positives] = [negative, positive, negatives, positives].map(f64::from);
    let all = negatives + positives;
    let with = negative + positive;
    let cells = [
        (positive, with * positives / all),
        (negative, with * negatives / all),
        (positives - positive, (all - with) * positives / all),
        (negatives - negative, (all - with) * negatives / all),
    ];
    let squares = cells.into_iter().filter(|(_, expected)| *expected > 0.0);
    squares.map(|(seen, expected)| (seen - expected).powi(2) / expected).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chi_square_by_hand() {
        // 10 of 10 positives and 0 of 10 negatives: n = 20.
        assert!((chi_square([0, 10], [10, 10]) - 20.0).abs() < 1e-9);
        assert!(chi_square([5, 5], [10, 10]).abs() < 1e-9);
    }

    #[test]
    fn the_best_are_kept_and_what_stands_once_is_not() {
        let counted = [(1, [0, 9]), (2, [5, 5]), (3, [0, 1]), (4, [9, 0])];
        assert_eq!(best(counted.into_iter(), [10, 10], 2), [1, 4]);
        assert_eq!(best(counted.into_iter(), [10, 10], 9), [1, 2, 4]);
    }
}
