//! Ingest: a file of listings into the workspace's queue. The file is kept as evidence first and judged from there.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use lapwing_detect::{Detector, Extracted};
use lapwing_evidence::Recovery;
use lapwing_store::Batch;
use lapwing_types::{Capture, CaptureId};
use serde::Serialize;

use crate::clock;
use crate::error::{EngineError, Result};
use crate::input::{BadRecord, InputFormat, Numbered, listings};
use crate::judge::{Counts, Totals, assess, record};
use crate::workspace::Workspace;

/// What came of a file.
#[derive(Debug, Serialize)]
pub struct Ingested {
    /// The capture that holds the file.
    pub capture: CaptureId,
    /// What became of its listings.
    pub counts: Counts,
    /// Records that were not read.
    pub bad: Vec<BadRecord>,
    /// What a crash had left in the evidence, and was mended.
    pub recovered: Vec<Recovery>,
}

/// Listings that are written in one transaction.
const BATCH: usize = 200;

/// Keeps a file and judges its listings; `source` names where they come from, where they do not say it themselves.
///
/// # Errors
/// Where the file cannot be read, or another process works on the evidence.
pub async fn ingest(
    workspace: &Workspace,
    detector: &Detector,
    path: &Path,
    format: Option<InputFormat>,
    source: Option<&str>,
    progress: &mut dyn FnMut(u64),
) -> Result<Ingested> {
    let name = path.file_name().map_or_else(|| "file".into(), |name| name.to_string_lossy().into_owned());
    let format = format.unwrap_or_else(|| InputFormat::of_name(&name));
    let (archive, recovered) = workspace.archive()?;
    let (leaf, capture) = {
        let mut file = File::open(path).map_err(|error| EngineError::file("read", path, error))?;
        let mut archive = archive.lock();
        let id = clock::capture_id();
        let capture = archive.keep_file_from(id, &name, format.as_str(), &mut file, clock::now(), &workspace.tool())?;
        (archive.size() - 1, capture)
    };
    // Judged from the evidence, so that what was judged is what was kept.
    let body = archive.lock().body_reader(&capture)?;
    let mut records = listings(Box::new(BufReader::new(body)), format, &name);
    let totals = Totals::default();
    let mut bad = Vec::new();
    let mut number = 0;
    loop {
        let batch = next_batch(&mut records, path, &name, source, &mut bad)?;
        let last = batch.len() < BATCH;
        write(workspace, detector, (leaf, &capture), batch, Batch { number, last }, &totals).await?;
        let counts = totals.counts();
        progress(counts.new + counts.updated + counts.unchanged);
        number += 1;
        if last {
            break;
        }
    }
    archive.lock().checkpoint()?;
    Ok(Ingested { capture: capture.id, counts: totals.counts(), bad, recovered })
}

async fn write(
    workspace: &Workspace,
    detector: &Detector,
    kept: (u64, &Capture),
    batch: Vec<Extracted>,
    place: Batch,
    totals: &Totals,
) -> Result<()> {
    let assessed = tokio::task::block_in_place(|| assess(detector, batch));
    let judgement = record(workspace.store(), kept, &assessed, place, None).await?;
    totals.add(&judgement);
    Ok(())
}

fn next_batch(
    records: &mut dyn Iterator<Item = std::io::Result<Numbered<Extracted>>>,
    path: &Path,
    name: &str,
    source: Option<&str>,
    bad: &mut Vec<BadRecord>,
) -> Result<Vec<Extracted>> {
    let mut batch = Vec::with_capacity(BATCH);
    while batch.len() < BATCH {
        let Some(entry) = records.next() else { break };
        let (number, read) = entry.map_err(|error| EngineError::file("read", path, error))?;
        match read {
            Ok(mut extracted) => {
                if extracted.listing.source.is_empty() {
                    extracted.listing.source = source.unwrap_or(name).to_string();
                }
                batch.push(extracted);
            }
            Err(reason) => bad.push(BadRecord { file: name.to_string(), number, reason }),
        }
    }
    Ok(batch)
}
