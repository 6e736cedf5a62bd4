//! Compares the matcher with a plain loop of regular expressions over many megabytes of generated adverts.
//!
//! `differential [MEGABYTES]` (100 unless told) ends with an error and the advert at the first difference.
#![expect(clippy::print_stdout, reason = "the count is the result")]

use std::collections::BTreeSet;

use lapwing_benches::corpus::adverts;
use lapwing_benches::patterns::{matcher, patterns};
use lapwing_detect::text::fold;
use regex::Regex;

fn main() -> anyhow::Result<()> {
    let megabytes: usize = std::env::args().nth(1).and_then(|number| number.parse().ok()).unwrap_or(100);
    let (mut bytes, mut places) = (0, 0);
    // Another vocabulary and other patterns for each part, so that no choice of words hides a fault.
    const PARTS: u64 = 4;
    for seed in 0..PARTS {
        let patterns = patterns(seed);
        let matcher = matcher(&patterns).map_err(anyhow::Error::msg)?;
        let regexes: Vec<Regex> =
            patterns.iter().map(|pattern| Regex::new(&pattern.regex)).collect::<Result<_, _>>()?;
        for advert in adverts(seed, megabytes * 1_000_000 / PARTS as usize) {
            let text = fold(&advert).text;
            let mut found = BTreeSet::new();
            matcher.for_each(&text, &|_| true, &mut |place| {
                found.insert((place.pattern.0 as usize, place.start, place.end));
            });
            let mut expected = BTreeSet::new();
            for (number, regex) in regexes.iter().enumerate() {
                let overlapping = patterns[number].term.is_some();
                expected.extend(places_of(regex, &text, overlapping).map(|(start, end)| (number, start, end)));
            }
            if found != expected {
                let difference: Vec<_> = found.symmetric_difference(&expected).take(5).collect();
                anyhow::bail!("seed {seed}: {difference:?} differ in {text:?}");
            }
            bytes += text.len();
            places += found.len();
        }
    }
    println!("{bytes} bytes, {places} places, no difference");
    Ok(())
}

/// The places of an expression; those of a term may overlap ("is is" twice in "is is is").
fn places_of(regex: &Regex, text: &str, overlapping: bool) -> impl Iterator<Item = (usize, usize)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let place = regex.find_at(text, from)?;
        from = if overlapping { text.ceil_char_boundary(place.start() + 1) } else { place.end() };
        Some((place.start(), place.end()))
    })
}
