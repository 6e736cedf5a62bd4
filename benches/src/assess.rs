//! How fast a pack loads, a text is folded and a listing is assessed, on one thread: medians of several rounds.
//!
//! `cargo run --release -p lapwing-benches --bin judgement` prints a table; the committed ones are under `runs/`.
#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use lapwing_detect::{Detector, Pack, PackFile, text};
use lapwing_types::Listing;

const ROUNDS: usize = 9;

fn main() -> anyhow::Result<()> {
    let listings = listings()?;
    let bytes: usize = listings.iter().map(|listing| listing.title.len() + listing.body.len()).sum();
    let load = median(|| {
        black_box(load_pack().map(|pack| pack.rules.len()).unwrap_or_default());
    });
    let pack = load_pack()?;
    let rules = pack.rules.len();
    let fold = median(|| {
        for listing in &listings {
            black_box(text::fold(&listing.body));
        }
    });
    let detector = Detector::new(pack, None);
    let assess = median(|| {
        for listing in &listings {
            black_box(detector.assess(listing, &[]));
        }
    });
    let mean = bytes / listings.len().max(1);
    println!("| what | median of {ROUNDS} rounds |");
    println!("|---|---|");
    println!("| load the pack ({rules} rules) | {:.0} ms |", load.as_secs_f64() * 1e3);
    println!("| fold a text with its offset map | {:.0} MB/s |", bytes as f64 / fold.as_secs_f64() / 1e6);
    println!(
        "| assess a listing ({} fixtures, {mean} bytes on average), one thread, no model | {:.0}/s, {:.0} µs each |",
        listings.len(),
        listings.len() as f64 / assess.as_secs_f64(),
        assess.as_secs_f64() * 1e6 / listings.len() as f64
    );
    Ok(())
}

fn listings() -> anyhow::Result<Vec<Listing>> {
    let mut listings = Vec::new();
    for set in lapwing_fixtures::listing_sets()? {
        for labelled in set.listings {
            let (listing, _) = Listing::from_json(&serde_json::to_value(&labelled)?)?;
            listings.push(listing);
        }
    }
    Ok(listings)
}

fn load_pack() -> anyhow::Result<Pack> {
    let files = lapwing_rules::default_pack().into_iter();
    let files = files.map(|(path, bytes)| PackFile { path, bytes: bytes.into_owned() }).collect();
    let (pack, _) = Pack::load(&[files]).map_err(|found| anyhow::anyhow!("the pack has {} findings", found.len()))?;
    Ok(pack)
}

fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[ROUNDS / 2]
}
