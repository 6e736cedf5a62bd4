//! How many listings a second one thread assesses, on generated adverts of 1 kB and on the invented listings.
//!
//! Prints one JSON object a line: what was assessed, listings a second, the median and the 99th percentile.
#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::hint::black_box;
use std::time::Duration;

use cpu_time::ThreadTime;
use lapwing_benches::corpus::adverts;
use lapwing_benches::pack::load;
use lapwing_detect::{Detector, Model};
use lapwing_types::Listing;

fn main() -> anyhow::Result<()> {
    let detector = Detector::new(load()?, None);
    let generated: Vec<Listing> = adverts(2026, 3_000_000).map(|body| Listing { body, ..Listing::default() }).collect();
    tell("generated adverts", &detector, &generated);
    tell("generated adverts, language stated", &detector, &in_english(generated));
    let invented = invented()?;
    tell("invented listings", &detector, &invented);
    let model = Model::from_json(include_bytes!("../../models/lapwing-1/model.json"))?;
    tell("invented listings, with the model", &Detector::new(load()?, Some(model)), &invented);
    Ok(())
}

fn in_english(listings: Vec<Listing>) -> Vec<Listing> {
    listings.into_iter().map(|listing| Listing { lang: Some("en".into()), ..listing }).collect()
}

fn invented() -> anyhow::Result<Vec<Listing>> {
    let mut listings = Vec::new();
    for set in lapwing_fixtures::listing_sets()? {
        for labelled in set.listings {
            listings.push(Listing::from_json(&serde_json::to_value(&labelled)?)?.0);
        }
    }
    Ok(listings)
}

const ROUNDS: usize = 5;

fn tell(what: &str, detector: &Detector, listings: &[Listing]) {
    let bytes: usize = listings.iter().map(|listing| listing.title.len() + listing.body.len()).sum();
    let mut times: Vec<Duration> = Vec::new();
    for round in 0..=ROUNDS {
        for listing in listings {
            let begun = ThreadTime::now();
            black_box(detector.assess(listing, &[]));
            if round > 0 {
                times.push(begun.elapsed());
            }
        }
    }
    let total: Duration = times.iter().sum();
    times.sort_unstable();
    let microseconds = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e6;
    println!(
        "{}",
        serde_json::json!({
            "what": what,
            "listings": listings.len(),
            "bytes_each": bytes / listings.len().max(1),
            "per_second": (times.len() as f64 / total.as_secs_f64()).round(),
            "median_us": microseconds(0.5),
            "p99_us": microseconds(0.99),
        })
    );
}
