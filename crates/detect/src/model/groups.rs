//! Which labelled listings belong together: by cluster, by contact, by text. A split never goes through a group.

use std::collections::BTreeMap;

use lapwing_types::Digest;

use super::corpus::Example;

/// A contact on more listings than this says nothing about who wrote them (a switchboard, a placeholder).
const HUB: usize = 8;

/// The group of each example: the index of its first member.
pub(super) fn groups(examples: &[Example]) -> Vec<usize> {
    let mut sets = DisjointSets::new(examples.len());
    join_clusters(examples, &mut sets);
    join_contacts(examples, &mut sets);
    join_near_duplicates(examples, &mut sets);
    (0..examples.len()).map(|index| sets.find(index)).collect()
}

fn join_clusters(examples: &[Example], sets: &mut DisjointSets) {
    let mut first: BTreeMap<u64, usize> = BTreeMap::new();
    for (index, example) in examples.iter().enumerate() {
        sets.join(*first.entry(example.cluster).or_insert(index), index);
    }
}

fn join_contacts(examples: &[Example], sets: &mut DisjointSets) {
    let mut members: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (index, example) in examples.iter().enumerate() {
        for contact in &example.contacts {
            members.entry(*contact).or_default().push(index);
        }
    }
    for members in members.values().filter(|members| members.len() <= HUB) {
        for pair in members.windows(2) {
            sets.join(pair[0], pair[1]);
        }
    }
}

fn join_near_duplicates(examples: &[Example], sets: &mut DisjointSets) {
    let mut first: BTreeMap<(usize, [u32; 4]), usize> = BTreeMap::new();
    for (index, example) in examples.iter().enumerate() {
        for band in example.sketch.bands() {
            let earlier = *first.entry(band).or_insert(index);
            if earlier != index && example.sketch.is_near(&examples[earlier].sketch) {
                sets.join(earlier, index);
            }
        }
    }
}

/// Sets joined by their smallest member (Tarjan 1975, with path halving).
struct DisjointSets {
    parents: Vec<usize>,
}

impl DisjointSets {
    fn new(count: usize) -> Self {
        Self { parents: (0..count).collect() }
    }

    fn find(&mut self, mut index: usize) -> usize {
        while self.parents[index] != index {
            self.parents[index] = self.parents[self.parents[index]];
            index = self.parents[index];
        }
        index
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.find(one), self.find(other));
        self.parents[one.max(other)] = one.min(other);
    }
}

/// The fold of each example, 0 to `folds - 1`: groups whole, those with a positive and those without spread evenly, by a
/// hash of the group and the seed.
pub(super) fn folds(examples: &[Example], groups: &[usize], folds: usize, seed: u64) -> Vec<usize> {
    let mut labels: BTreeMap<usize, bool> = BTreeMap::new();
    for (example, group) in examples.iter().zip(groups) {
        *labels.entry(*group).or_default() |= example.label;
    }
    let mut fold_of: BTreeMap<usize, usize> = BTreeMap::new();
    for class in [false, true] {
        let of_class = labels.iter().filter(|(_, label)| **label == class).map(|(group, _)| *group);
        let key = |group: usize| Digest::of_parts([&seed.to_be_bytes()[..], &examples[group].cluster.to_be_bytes()]);
        let mut ordered: Vec<(Digest, usize)> = of_class.map(|group| (key(group), group)).collect();
        ordered.sort_unstable();
        fold_of.extend(ordered.into_iter().enumerate().map(|(rank, (_, group))| (group, rank % folds)));
    }
    groups.iter().map(|group| fold_of[group]).collect()
}
