//! The shipped pack and model on the invented listings: what they must reach, what they must not touch, and that who is
//! meant in an advert changes nothing. These figures flatter, since the listings are the project's own; they stand here
//! so that no change loses what was won.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::BTreeMap;

use lapwing_engine::{DetectSettings, Detector, detector};
use lapwing_fixtures::{LabelledListing, Slice, SwapAttribute, SwapPair, held_out, listing_sets, listings, swap_pairs};
use lapwing_types::{Band, Listing};

fn shipped(model: &str) -> Detector {
    let settings = DetectSettings { model: model.into(), ..DetectSettings::default() };
    detector(&settings, &[], None).unwrap()
}

fn band(detector: &Detector, listing: serde_json::Value) -> Band {
    let (listing, _) = Listing::from_json(&listing).unwrap();
    detector.assess(&listing, &[]).band
}

/// By slice: how many reach `review`, and how many there are.
fn reached(detector: &Detector) -> BTreeMap<Slice, (usize, usize)> {
    let sets = listing_sets().unwrap().into_iter().flat_map(|set| set.listings);
    let all: Vec<LabelledListing> = sets.chain(listings()).collect();
    assert!(all.len() >= 1_400, "{} listings", all.len());
    reached_of(detector, all)
}

fn reached_of(detector: &Detector, all: Vec<LabelledListing>) -> BTreeMap<Slice, (usize, usize)> {
    let mut reached: BTreeMap<Slice, (usize, usize)> = BTreeMap::new();
    for labelled in all {
        let (up, of) = reached.entry(labelled.slice).or_default();
        *up += usize::from(band(detector, serde_json::to_value(&labelled).unwrap()) >= Band::Review);
        *of += 1;
    }
    reached
}

fn share(reached: &BTreeMap<Slice, (usize, usize)>, slices: &[Slice]) -> f64 {
    let (up, of) = slices.iter().fold((0, 0), |sum, slice| (sum.0 + reached[slice].0, sum.1 + reached[slice].1));
    up as f64 / of as f64
}

#[test]
fn the_rules_alone_hold_their_bars() {
    let reached = reached(&shipped("none"));
    let recall = share(&reached, &[Slice::Obvious, Slice::Subtle, Slice::Obfuscated]);
    assert!(recall >= RULES_RECALL, "recall {recall:.3}: {reached:?}");
    assert!(share(&reached, &[Slice::HardNegative]) <= 0.05, "{reached:?}");
    assert!(share(&reached, &[Slice::Benign]) <= 0.01, "{reached:?}");
}

#[test]
fn rules_and_model_hold_their_bars() {
    let reached = reached(&shipped(""));
    let recall = share(&reached, &[Slice::Obvious, Slice::Subtle, Slice::Obfuscated]);
    assert!(recall >= BOTH_RECALL, "recall {recall:.3}: {reached:?}");
    assert!(share(&reached, &[Slice::HardNegative]) <= 0.05, "{reached:?}");
    assert!(share(&reached, &[Slice::Benign]) <= 0.01, "{reached:?}");
}

/// The one set to which nothing was fitted: what it says of a text by somebody else is the least flattering.
#[test]
fn what_nothing_was_fitted_to_holds_its_bars() {
    let positive = [Slice::Obvious, Slice::Subtle, Slice::Obfuscated];
    let rules = reached_of(&shipped("none"), held_out().unwrap());
    assert!(share(&rules, &positive) >= 0.78, "{rules:?}");
    let both = reached_of(&shipped(""), held_out().unwrap());
    assert!(share(&both, &positive) >= 0.9, "{both:?}");
    for reached in [rules, both] {
        assert!(share(&reached, &[Slice::HardNegative]) <= 0.05, "{reached:?}");
        assert!(share(&reached, &[Slice::Benign]) <= 0.01, "{reached:?}");
    }
}

fn swapped_bands(detector: &Detector, pair: &SwapPair) -> (Band, Band) {
    let spelled = |title: &str, body: &str| {
        let listing = serde_json::json!({"kind": pair.kind, "lang": pair.lang, "title": title, "body": body});
        band(detector, listing)
    };
    (spelled(&pair.title.a, &pair.body.a), spelled(&pair.title.b, &pair.body.b))
}

/// The pairs of an attribute of a person whose bands differ.
fn differing(detector: &Detector) -> Vec<String> {
    let pairs = swap_pairs().unwrap();
    assert!(pairs.len() >= 200, "{} pairs", pairs.len());
    let differ = |pair: &SwapPair| {
        let (one, other) = swapped_bands(detector, pair);
        pair.attribute != SwapAttribute::LanguageQuality && one != other
    };
    pairs.into_iter().filter(differ).map(|pair| pair.id).collect()
}

#[test]
fn who_is_meant_changes_nothing_for_the_rules() {
    assert_eq!(differing(&shipped("none")), Vec::<String>::new());
}

#[test]
fn who_is_meant_changes_nothing_for_rules_and_model() {
    assert_eq!(differing(&shipped("")), Vec::<String>::new());
}

#[test]
fn mistakes_in_writing_never_raise_a_listing() {
    let detector = shipped("none");
    let pairs = swap_pairs().unwrap();
    let poor: Vec<&SwapPair> = pairs.iter().filter(|pair| pair.attribute == SwapAttribute::LanguageQuality).collect();
    let mut lowered = 0;
    for pair in &poor {
        let (correct, poor) = swapped_bands(&detector, pair);
        assert!(poor <= correct, "{} rises from {correct:?} to {poor:?}", pair.id);
        lowered += usize::from(poor < correct);
    }
    // A known gap: mistakes in the very words of a sign hide it. It may only shrink.
    assert!(lowered <= MOST_LOWERED, "{lowered} of {} are lowered", poor.len());
}

const RULES_RECALL: f64 = 0.93;
const BOTH_RECALL: f64 = 0.95;
const MOST_LOWERED: usize = 14;
