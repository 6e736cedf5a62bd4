//! Any text as the condition of a rule: it is parsed or refused, and what is parsed is judged.
#![no_main]

use lapwing_detect::Detector;
use lapwing_types::{Kind, Listing};
use libfuzzer_sys::fuzz_target;

mod shared;

fuzz_target!(|condition: &str| {
    let Some(pack) = shared::load("job", &shared::quoted(condition)) else { return };
    let body = "a job with a fee, $5 a day, girls from 16, Dubai, +44 20 7946 0958".to_string();
    let listing = Listing { body, kind: Kind::JobAd, ..Listing::default() };
    Detector::new(pack, None).assess(&listing, &[]);
});
