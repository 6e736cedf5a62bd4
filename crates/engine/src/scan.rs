//! Scan: listings in, assessments out, one line each, in the order of the input. No workspace, constant memory.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use lapwing_detect::{Detector, Extracted};
use lapwing_types::{Assessment, Band};
use rayon::prelude::*;
use serde::Serialize;

use crate::error::{EngineError, Result};
use crate::input::{BadRecord, InputFormat, Numbered, listings, open};

/// What a scan is asked for.
#[derive(Debug, Clone, Default)]
pub struct ScanOptions {
    /// The files, in order; `-` is standard input.
    pub files: Vec<PathBuf>,
    /// Their format; by their names where it is not said.
    pub format: Option<InputFormat>,
    /// Stop at the first bad record.
    pub strict: bool,
}

/// What a scan came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ScanSummary {
    /// Listings that were assessed.
    pub listings: u64,
    /// Records that were not read.
    pub bad: u64,
    /// Listings of band `review` or higher.
    pub flagged: u64,
}

/// So many records are assessed side by side before they are written.
const CHUNK: usize = 256;

/// Assesses every listing of the files and writes one assessment a line. A bad record is given to `tell`.
///
/// # Errors
/// Where a file cannot be read, the output cannot be written, or a record is bad and `strict` is set.
pub fn scan(
    detector: &Detector,
    options: &ScanOptions,
    out: &mut dyn Write,
    tell: &mut dyn FnMut(&BadRecord),
    progress: &mut dyn FnMut(u64),
) -> Result<ScanSummary> {
    let mut summary = ScanSummary::default();
    for file in &options.files {
        let name = file.display().to_string();
        let format = options.format.unwrap_or_else(|| InputFormat::of_name(&name));
        let reader: Box<dyn BufRead> = match name.as_str() {
            "-" => Box::new(BufReader::new(std::io::stdin())),
            _ => open(file)?,
        };
        let mut records = listings(reader, format, &name);
        loop {
            let chunk = next_chunk(&mut records, file)?;
            if chunk.is_empty() {
                break;
            }
            scan_chunk(detector, chunk, &name, options.strict, out, tell, &mut summary)?;
            progress(summary.listings);
        }
    }
    out.flush().map_err(|error| EngineError::file("write", "-", error))?;
    Ok(summary)
}

fn next_chunk(
    records: &mut dyn Iterator<Item = std::io::Result<Numbered<Extracted>>>,
    file: &Path,
) -> Result<Vec<Numbered<Extracted>>> {
    let mut chunk = Vec::with_capacity(CHUNK);
    // A chunk is also bounded in bytes, so that many large listings do not pile up.
    let mut bytes = 0;
    while chunk.len() < CHUNK && bytes < 16 << 20 {
        match records.next() {
            None => break,
            Some(Err(error)) => return Err(EngineError::file("read", file, error)),
            Some(Ok(record)) => {
                bytes += record.1.as_ref().map_or(0, |extracted| extracted.listing.body.len());
                chunk.push(record);
            }
        }
    }
    Ok(chunk)
}

fn scan_chunk(
    detector: &Detector,
    chunk: Vec<Numbered<Extracted>>,
    name: &str,
    strict: bool,
    out: &mut dyn Write,
    tell: &mut dyn FnMut(&BadRecord),
    summary: &mut ScanSummary,
) -> Result<()> {
    let assess = |(number, record): Numbered<Extracted>| {
        (number, record.map(|extracted| line(&detector.assess(&extracted.listing, &extracted.notices))))
    };
    let lines: Vec<Numbered<(String, Band)>> = chunk.into_par_iter().map(assess).collect();
    for (number, line) in lines {
        match line {
            Ok((line, band)) => {
                summary.listings += 1;
                summary.flagged += u64::from(band.is_flagged());
                out.write_all(line.as_bytes()).map_err(|error| EngineError::file("write", "-", error))?;
            }
            Err(reason) => {
                summary.bad += 1;
                let bad = BadRecord { file: name.to_string(), number, reason };
                if strict {
                    let BadRecord { file, number, reason } = bad;
                    return Err(EngineError::BadRecord { file, number, reason });
                }
                tell(&bad);
            }
        }
    }
    Ok(())
}

/// An assessment as it leaves the program. `decision` is always null: a person decides.
fn line(assessment: &Assessment) -> (String, Band) {
    let mut value = serde_json::to_value(assessment).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        object.insert("decision".to_string(), serde_json::Value::Null);
    }
    (format!("{value}\n"), assessment.band)
}
