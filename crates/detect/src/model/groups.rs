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

#[cfg(test)]
mod tests {
    use lapwing_types::Listing;

    use super::*;
    use crate::{Detector, Labelled, Pack, PackFile};

    const ADVERT: &str = "cleaners wanted for a hotel by the sea the season begins in may and ends in october rooms are \
                          provided at no cost and pay is by the hour with overtime paid double on sundays please write";

    fn example(body: &str, cluster: &str) -> Example {
        let pack = PackFile {
            path: "pack.yaml".into(),
            bytes: b"{format: 1, name: p, version: '1', licence: CC0-1.0, bands: {low: 10, review: 30, high: 55, \
                     urgent: 85}, families: {LB: {cap: 70}}}"
                .to_vec(),
        };
        let (pack, _) = Pack::load(&[vec![pack]]).unwrap();
        let labelled = Labelled {
            listing: Listing { body: body.into(), ..Listing::default() },
            label: false,
            families: Vec::new(),
            cluster: cluster.into(),
            slice: String::new(),
        };
        Detector::new(pack, None).example(&labelled)
    }

    #[test]
    fn a_cluster_is_one_group() {
        assert_eq!(
            groups(&[example("one text", "x"), example("other words", "y"), example("a third", "x")]),
            [0, 1, 0]
        );
    }

    #[test]
    fn a_shared_contact_ties_however_it_is_written() {
        let written =
            ["call +44 20 7946 0958 for a room", "a bicycle is sold, ring +44 (0)20 7946-0958", "ring nobody"];
        let examples: Vec<Example> = written.iter().map(|text| example(text, text)).collect();
        assert_eq!(groups(&examples), [0, 0, 2]);
    }

    #[test]
    fn a_contact_of_many_ties_nobody() {
        let things = ["bicycle", "lamp", "table", "piano", "boat", "ladder", "oven", "saddle", "clock"];
        let texts: Vec<String> =
            things.iter().map(|thing| format!("{thing} of {thing} wood: write to desk@board.example")).collect();
        let examples: Vec<Example> = texts.iter().map(|text| example(text, text)).collect();
        assert_eq!(examples.len(), HUB + 1);
        assert_eq!(groups(&examples), (0..=HUB).collect::<Vec<_>>());
        assert_eq!(groups(&examples[..HUB]), vec![0; HUB]);
    }

    #[test]
    fn near_duplicates_are_one_group() {
        let examples = [
            example(ADVERT, "a"),
            example("a bicycle is for sale with two new tyres", "b"),
            example(&ADVERT.replace("hotel", "hostel"), "c"),
        ];
        assert_eq!(groups(&examples), [0, 1, 0]);
    }

    #[test]
    fn folds_keep_groups_whole_and_spread_labels() {
        let examples: Vec<Example> = (0..60)
            .map(|index| {
                let mut example = example("words", &format!("c{}", index / 2));
                example.label = index % 6 < 2;
                example
            })
            .collect();
        let groups = groups(&examples);
        let folds = folds(&examples, &groups, 5, 7);
        for pair in folds.chunks(2) {
            assert_eq!(pair[0], pair[1]);
        }
        for fold in 0..5 {
            let own: Vec<&Example> =
                examples.iter().zip(&folds).filter(|(_, own)| **own == fold).map(|(example, _)| example).collect();
            assert_eq!((own.len(), own.iter().filter(|example| example.label).count()), (12, 4));
        }
    }
}
