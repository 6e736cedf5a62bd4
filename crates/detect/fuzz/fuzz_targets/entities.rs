//! Any text in body and location: entities stand inside it.
#![no_main]

use lapwing_detect::{contact_spans, phone_numbers, places};
use lapwing_types::{Field, Listing};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for span in contact_spans(Field::Body, text) {
        assert!(text.get(span.start..span.end).is_some_and(|piece| !piece.is_empty()));
    }
    let location = text.lines().next().map(str::to_string);
    let listing = Listing { body: text.into(), location, posted_at: Some("2026-11-21".into()), ..Listing::default() };
    for place in places(&listing) {
        assert!(listing.text(place.span.field).get(place.span.start..place.span.end).is_some());
    }
    for number in phone_numbers(&listing) {
        assert!(number.reveal().starts_with('+'));
    }
});
