//! Labelled listings as numbers: what training keeps of each.

use std::collections::BTreeMap;

use lapwing_types::{Band, Digest};

use super::feature::{Feature, FeatureId};
use super::features::Observed;
use super::labelled::Labelled;
use super::near::Sketch;

/// What training keeps of a labelled listing: numbers, no text.
#[derive(Debug, Clone)]
pub struct Example {
    /// Features that selection always keeps, with their values, by number.
    pub(super) kept: Box<[(FeatureId, f32)]>,
    /// The others, by the high half of their numbers, sorted; each counts 1.
    pub(super) others: Box<[u32]>,
    pub(super) label: bool,
    /// What the rules alone came to.
    pub(super) band: Band,
    pub(super) points: i32,
    /// The name that its near-duplicates share, hashed.
    pub(super) cluster: u64,
    /// Its contacts, hashed.
    pub(super) contacts: Box<[u64]>,
    pub(super) sketch: Sketch,
    pub(super) slice: Box<str>,
    pub(super) lang: Box<str>,
}

/// The high half of a number, which is what counting keeps of most features.
pub(super) fn short(id: FeatureId) -> u32 {
    (id >> 32) as u32
}

impl Example {
    pub(crate) fn of(observed: &Observed<'_>, labelled: &Labelled, lang: Option<&str>, contacts: &[String]) -> Self {
        let mut kept: BTreeMap<FeatureId, f32> = BTreeMap::new();
        let mut others: Vec<u32> = Vec::new();
        observed.for_each_feature(&mut |feature: Feature<'_>, value| {
            if feature.is_always_kept() {
                kept.insert(feature.id(), value);
            } else {
                others.push(short(feature.id()));
            }
        });
        others.sort_unstable();
        others.dedup();
        Self {
            kept: kept.into_iter().collect(),
            others: others.into(),
            label: labelled.label,
            band: observed.score.band,
            points: observed.score.points,
            cluster: hash(&labelled.cluster),
            contacts: contacts.iter().map(|contact| hash(contact)).collect(),
            sketch: Sketch::of(observed.reading),
            slice: labelled.slice.as_str().into(),
            lang: lang.unwrap_or("unknown").into(),
        }
    }
}

fn hash(text: &str) -> u64 {
    let digest = Digest::of(text.as_bytes());
    u64::from_be_bytes(digest.as_bytes()[..8].try_into().expect("a digest has 32 bytes"))
}
