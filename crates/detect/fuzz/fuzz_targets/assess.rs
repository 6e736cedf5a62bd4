//! Any listing against a small pack: an assessment whose spans stand in the text, the same twice.
#![no_main]

use std::sync::LazyLock;

use lapwing_detect::Detector;
use lapwing_types::{Kind, Listing};
use libfuzzer_sys::fuzz_target;

mod shared;

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
    let condition = "a and (near(a, b, 9) or entity.age.min < 18 or entity.phone.country != entity.place.country)";
    let pack = shared::load("job, work, паспорт, 护照", &shared::quoted(condition)).expect("a rule that loads");
    Detector::new(pack, None)
});

fuzz_target!(|text: (&str, &str, Option<&str>, Option<&str>)| {
    let (title, body, location, posted_at) = text;
    let listing = Listing {
        title: title.into(),
        body: body.into(),
        location: location.map(str::to_string),
        posted_at: posted_at.map(str::to_string),
        kind: Kind::JobAd,
        ..Listing::default()
    };
    let assessment = DETECTOR.assess(&listing, &[]);
    for span in assessment.hits.iter().chain(&assessment.context).flat_map(|hit| &hit.spans) {
        let text = listing.text(span.span.field);
        assert!(text.get(span.span.start..span.span.end).is_some());
    }
    assert_eq!(assessment, DETECTOR.assess(&listing, &[]));
});
