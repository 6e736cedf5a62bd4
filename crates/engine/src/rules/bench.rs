//! What each rule costs on listings of one's own.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::time::Instant;

use lapwing_detect::Detector;
use serde::Serialize;

use crate::error::{EngineError, Result};
use crate::input::{BadRecord, InputFormat, listings};
use crate::packs::load_pack;

/// One rule.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct BenchRow {
    /// Its id.
    pub rule: String,
    /// Microseconds per listing, all in all.
    pub micros: f64,
    /// Of these, asking its condition.
    pub asking: f64,
    /// Of these, searching for its own regular expressions.
    pub expressions: f64,
    /// Listings that it hit.
    pub hits: u64,
}

/// What the rules cost.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct BenchReport {
    /// Listings that were measured.
    pub listings: u64,
    /// Records that were not read.
    pub bad: Vec<BadRecord>,
    /// Microseconds per listing that all rules share: reading the text, entities, the search for all patterns.
    pub shared: f64,
    /// The rules, the most expensive first.
    pub rules: Vec<BenchRow>,
}

/// Measures each rule on the listings of files; `-` is standard input. `progress` is told how many are done.
///
/// # Errors
/// Where the packs cannot be loaded, a file cannot be read, or no listing is in them.
pub fn bench(folders: &[PathBuf], files: &[PathBuf], progress: &mut dyn FnMut(u64)) -> Result<BenchReport> {
    let detector = Detector::new(load_pack(folders)?, None);
    let start = Instant::now();
    let clock = || u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
    let mut report = BenchReport::default();
    let mut rows: BTreeMap<String, BenchRow> = BTreeMap::new();
    for file in files {
        let name = file.display().to_string();
        let reader: Box<dyn BufRead> = match name.as_str() {
            "-" => Box::new(BufReader::new(std::io::stdin())),
            _ => Box::new(BufReader::new(File::open(file).map_err(|error| EngineError::file("read", file, error))?)),
        };
        for record in listings(reader, InputFormat::of_name(&name), &name) {
            let (number, read) = record.map_err(|error| EngineError::file("read", file, error))?;
            let extracted = match read {
                Ok(extracted) => extracted,
                Err(reason) => {
                    report.bad.push(BadRecord { file: name.clone(), number, reason });
                    continue;
                }
            };
            if report.listings == 0 {
                // What is built on first use, such as language profiles, is no rule's cost.
                detector.measure(&extracted.listing, &extracted.notices, &clock);
            }
            let measured = detector.measure(&extracted.listing, &extracted.notices, &clock);
            report.listings += 1;
            report.shared += measured.shared as f64;
            for cost in measured.rules {
                let row = rows.entry(cost.rule.to_string()).or_default();
                row.asking += cost.asking as f64;
                row.expressions += cost.expressions as f64;
                row.hits += u64::from(cost.hit);
            }
            progress(report.listings);
        }
    }
    if report.listings == 0 {
        return Err(EngineError::Request("the files hold no listing, so there is nothing to measure".to_string()));
    }
    let micros = |nanoseconds: f64| nanoseconds / 1_000.0 / report.listings as f64;
    report.shared = micros(report.shared);
    report.rules = rows
        .into_iter()
        .map(|(rule, row)| {
            let (asking, expressions) = (micros(row.asking), micros(row.expressions));
            BenchRow { rule, micros: asking + expressions, asking, expressions, hits: row.hits }
        })
        .collect();
    report.rules.sort_by(|one, other| other.micros.total_cmp(&one.micros));
    Ok(report)
}
