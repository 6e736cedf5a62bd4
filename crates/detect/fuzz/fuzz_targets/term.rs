//! Any text as a term, tried on itself.
#![no_main]

use lapwing_detect::Detector;
use lapwing_types::{Kind, Listing};
use libfuzzer_sys::fuzz_target;

mod shared;

fuzz_target!(|term: &str| {
    let Some(pack) = shared::load(&shared::quoted(term), "a or near(a, b, 5)") else { return };
    let listing = Listing { body: format!("{term} fee {term}"), kind: Kind::JobAd, ..Listing::default() };
    Detector::new(pack, None).assess(&listing, &[]);
});
