//! How long the shipped pack takes to load, and how much memory the program has then used at most.
#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::hint::black_box;

use lapwing_benches::clock::median;
use lapwing_benches::pack::{files, load};
use lapwing_detect::Pack;

fn main() -> anyhow::Result<()> {
    let files = [files()];
    let pack = load()?;
    let after_one = most_memory();
    let time = median(|| {
        black_box(Pack::load(&files).is_ok());
    });
    println!(
        "{}",
        serde_json::json!({
            "rules": pack.rules.len(),
            "languages": pack.languages.len(),
            "seconds": time.as_secs_f64(),
            "peak_mb_after_one_load": after_one,
        })
    );
    Ok(())
}

/// The most memory that was resident so far, in megabytes, as Linux tells it.
fn most_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1_024.0 / 1e6)
}
