//! The weights of a model, and the quick way from the features of a listing to those that have one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::feature::{FeatureId, id_of_name};
use super::features::Observed;

/// Weights by feature name. In a file they are an object; in memory, a table sorted by the features' numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, f64>", into = "BTreeMap<String, f64>")]
pub(super) struct Weights {
    entries: Vec<Entry>,
    /// A bit for each value of the low sixteen bits of a number: most features of a listing have no weight.
    gate: Vec<u64>,
}

#[derive(Debug, Clone, PartialEq)]
struct Entry {
    id: FeatureId,
    name: String,
    weight: f64,
}

const GATE_BITS: usize = 1 << 16;

fn gate_bit(id: FeatureId) -> (usize, u64) {
    let bit = id as usize % GATE_BITS;
    (bit / 64, 1 << (bit % 64))
}

impl From<BTreeMap<String, f64>> for Weights {
    fn from(weights: BTreeMap<String, f64>) -> Self {
        let entry = |(name, weight): (String, f64)| Entry { id: id_of_name(&name), name, weight };
        let mut entries: Vec<Entry> = weights.into_iter().map(entry).collect();
        entries.sort_by_key(|entry| entry.id);
        let mut gate = vec![0; GATE_BITS / 64];
        for entry in &entries {
            let (word, bit) = gate_bit(entry.id);
            gate[word] |= bit;
        }
        Self { entries, gate }
    }
}

impl From<Weights> for BTreeMap<String, f64> {
    fn from(weights: Weights) -> Self {
        weights.entries.into_iter().map(|entry| (entry.name, entry.weight)).collect()
    }
}

impl Weights {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.entries.iter().map(|entry| (entry.name.as_str(), entry.weight))
    }

    fn position(&self, id: FeatureId) -> Option<usize> {
        let (word, bit) = gate_bit(id);
        if self.gate.get(word)? & bit == 0 {
            return None;
        }
        self.entries.binary_search_by_key(&id, |entry| entry.id).ok()
    }

    /// The features of a listing that have a weight, each once, with weight times value.
    pub(super) fn terms(&self, observed: &Observed<'_>) -> Vec<(&str, f64)> {
        let mut found: Vec<(usize, f32)> = Vec::with_capacity(64);
        observed.for_each_feature(&mut |feature, value| {
            if let Some(position) = self.position(feature.id()) {
                found.push((position, value));
            }
        });
        found.sort_unstable_by_key(|(position, _)| *position);
        found.dedup_by_key(|(position, _)| *position);
        let term = |(position, value): (usize, f32)| {
            let entry = &self.entries[position];
            (entry.name.as_str(), entry.weight * f64::from(value))
        };
        found.into_iter().map(term).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_found_by_name_and_go_back_to_the_same_file() {
        let map = BTreeMap::from([("word:a".to_string(), 1.5), ("rule:b".to_string(), -0.25)]);
        let weights = Weights::from(map.clone());
        assert!(weights.position(id_of_name("word:a")).is_some());
        assert_eq!(weights.position(id_of_name("word:c")), None);
        assert_eq!(BTreeMap::from(weights), map);
    }

    #[test]
    fn no_weights_are_no_weights() {
        assert_eq!(Weights::default().position(7), None);
    }
}
