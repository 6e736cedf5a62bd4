//! The detector as a whole, with the default pack: it cannot fail, says the same twice, points into the text, and
//! does on the fixtures what the fixtures ask.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use lapwing_detect::{Detector, Pack, PackFile};
use lapwing_types::{Assessment, Band, Contact, ContactKind, Field, Kind, Listing, Private};
use proptest::prelude::*;

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
    let files = lapwing_rules::default_pack();
    let files = files.into_iter().map(|(path, bytes)| PackFile { path, bytes: bytes.into_owned() }).collect();
    let (pack, warnings) = Pack::load(&[files]).unwrap_or_else(|found| panic!("{}", found[0]));
    assert!(warnings.is_empty(), "{}", warnings[0]);
    Detector::new(pack, None)
});

fn of_fixture(labelled: &lapwing_fixtures::LabelledListing) -> Listing {
    let json = serde_json::to_value(labelled).expect("a fixture is JSON");
    Listing::from_json(&json).expect("a fixture is a listing").0
}

fn is_flagged(assessment: &Assessment) -> bool {
    assessment.band.is_flagged() || assessment.child_risk
}

#[test]
fn every_fixture_has_spans_inside_its_own_text_and_says_the_same_twice() {
    for set in lapwing_fixtures::listing_sets().unwrap() {
        for labelled in &set.listings {
            let listing = of_fixture(labelled);
            let once = DETECTOR.assess(&listing, &[]);
            for hit in once.hits.iter().chain(&once.context) {
                for span in &hit.spans {
                    let text = listing.text(span.span.field);
                    let inside = text.get(span.span.start..span.span.end);
                    assert!(inside.is_some_and(|inside| !inside.is_empty()), "{} {}", labelled.external_id, hit.rule);
                }
            }
            let twice = DETECTOR.assess(&listing, &[]);
            assert_eq!(serde_json::to_string(&once).unwrap(), serde_json::to_string(&twice).unwrap());
        }
    }
}

/// One's own fixtures flatter; these bars only keep what was reached.
#[test]
fn honest_fixtures_stay_out_of_the_queue_and_most_obvious_ones_enter_it() {
    let mut counted: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for set in lapwing_fixtures::listing_sets().unwrap() {
        for labelled in &set.listings {
            let slice = serde_json::to_value(labelled.slice).unwrap().as_str().unwrap().to_string();
            let entry = counted.entry(slice).or_default();
            entry.0 += usize::from(is_flagged(&DETECTOR.assess(&of_fixture(labelled), &[])));
            entry.1 += 1;
        }
    }
    let share = |slice: &str| counted[slice].0 as f64 / counted[slice].1 as f64;
    assert!(share("hard_negative") <= 0.05, "{counted:?}");
    assert!(share("benign") <= 0.02, "{counted:?}");
    assert!(share("obvious") >= 0.60, "{counted:?}");
}

#[test]
fn who_somebody_is_does_not_change_the_band() {
    let body = |who: &str| {
        format!(
            "Job in a packing hall abroad for {who}. You must pay a registration fee of 350 euros in advance, \
             the flight is arranged and paid back from your wages."
        )
    };
    let band = |who: &str| {
        let listing = Listing { body: body(who), kind: Kind::JobAd, ..Listing::default() };
        DETECTOR.assess(&listing, &[]).band
    };
    let expected = band("workers");
    assert!(expected.is_flagged());
    for who in
        ["Nigerian workers", "Polish workers", "Muslim workers", "Filipino workers", "men", "Roma workers", "migrants"]
    {
        assert_eq!(band(who), expected, "{who}");
    }
}

#[test]
fn an_independent_adult_advert_is_no_matter_for_the_queue() {
    let listing = Listing {
        kind: Kind::AdultAd,
        title: "Independent companion, visiting this week".into(),
        body: "I am an independent companion with my own website and eight years of reviews. New in town this week, incall only. \
               My rules: protection always, no is no, references asked from new clients."
            .into(),
        ..Listing::default()
    };
    let assessment = DETECTOR.assess(&listing, &[]);
    assert!(!is_flagged(&assessment), "{assessment:?}");
}

#[test]
fn quotes_mask_contacts() {
    let listing = Listing {
        kind: Kind::JobAd,
        body: "Packers wanted. Pay a registration fee in advance to +44 7700 900123 before you start.".into(),
        contacts: vec![Contact { kind: ContactKind::Phone, value: Private::new("+44 7700 900123".into()) }],
        ..Listing::default()
    };
    let assessment = DETECTOR.assess(&listing, &[]);
    assert!(assessment.band > Band::None);
    assert!(!serde_json::to_string(&assessment).unwrap().contains("900123"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_assessed(title in any::<String>(), body in any::<String>(), lang in proptest::option::of("[a-z]{2}")) {
        let listing = Listing { title, body, lang, ..Listing::default() };
        let assessment = DETECTOR.assess(&listing, &[]);
        for span in assessment.hits.iter().flat_map(|hit| &hit.spans) {
            prop_assert!(listing.text(span.span.field).get(span.span.start..span.span.end).is_some());
        }
    }

    #[test]
    fn likely_words_in_any_order_are_assessed(
        words in proptest::collection::vec(
            prop_oneof![
                Just("passport"), Just("p a s s p o r t"), Just("pаsspоrt"), Just("fee"), Just("in advance"), Just("护照"), Just("паспорт"),
                Just("+44 7700 900123"), Just("16 years old"), Just("$5,000 a month"), Just("\u{202e}"), Just("."), Just("\n"), Just("no"),
            ],
            0..60,
        )
    ) {
        let listing = Listing { body: words.join(" "), kind: Kind::JobAd, ..Listing::default() };
        let assessment = DETECTOR.assess(&listing, &[]);
        for span in assessment.hits.iter().chain(&assessment.context).flat_map(|hit| &hit.spans) {
            let text = listing.text(Field::Body);
            prop_assert!(text.get(span.span.start..span.span.end).is_some());
        }
    }
}
