//! How fast a text is normalised with its way back, beside the `unicode-normalization` crate without one.
#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::hint::black_box;

use lapwing_benches::clock::{median, megabytes_per_second};
use lapwing_benches::corpus::adverts;
use lapwing_detect::text::{Text, fold};
use unicode_normalization::UnicodeNormalization as _;

fn main() {
    let texts: Vec<String> = adverts(2026, 8_000_000).collect();
    let bytes = texts.iter().map(String::len).sum();
    let tell = |what: &str, work: &dyn Fn(&str)| {
        let time = median(|| texts.iter().for_each(|text| work(text)));
        let speed = megabytes_per_second(bytes, time);
        println!("{}", serde_json::json!({"what": what, "mb_per_s": speed}));
    };
    tell("lapwing: fold with the way back", &|text| {
        black_box(fold(text));
    });
    tell("lapwing: both readings", &|text| {
        black_box(Text::read(text));
    });
    tell("unicode-normalization: NFKC and lower case, no way back", &|text| {
        black_box(text.nfkc().flat_map(char::to_lowercase).collect::<String>());
    });
}
