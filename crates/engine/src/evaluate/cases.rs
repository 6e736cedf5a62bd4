//! The labelled listings of an evaluation, assessed: read in pieces, assessed on all cores, and kept as little more than
//! their outcomes, so that a hundred thousand of them fit into memory.

use std::collections::HashMap;
use std::path::Path;

use lapwing_detect::evaluation::{Outcome, SampleItem, rank_key};
use lapwing_detect::{Detector, Model};
use lapwing_types::{Band, Digest, Family, Kind};
use rayon::prelude::*;
use serde::Serialize;

use super::EvaluateRequest;
use super::document::RankBy;
use crate::error::{EngineError, Result};
use crate::input::{BadRecord, Columns, LabelledRecord, Numbered, digest_of_file, labelled_records};

/// So many records are assessed side by side.
const CHUNK: usize = 512;
/// And no more text than this.
const CHUNK_BYTES: usize = 16 << 20;
/// So much of a title is kept for those who look at mistakes.
const LONGEST_TITLE: usize = 120;

/// One labelled listing after it was assessed.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) label: bool,
    /// The families that the labeller named.
    pub(super) families: Vec<Family>,
    pub(super) kind: Kind,
    pub(super) cluster: u32,
    pub(super) slice: u32,
    pub(super) lang: u32,
    pub(super) attributes: Vec<u32>,
    pub(super) flagged: bool,
    pub(super) outcome: Outcome,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DataFile {
    /// Its name without its folder.
    pub name: String,
    /// The SHA-256 of its bytes.
    pub digest: Digest,
    /// How many bytes it has.
    pub bytes: u64,
    /// Listings that were read from it.
    pub listings: u64,
    /// Records that were not read.
    pub bad: u64,
}

/// Names as numbers, in the order in which they were met.
#[derive(Debug, Default)]
pub(super) struct Names {
    numbers: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    pub(super) fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.numbers.insert(name.to_string(), number);
        self.names.push(name.to_string());
        number
    }

    pub(super) fn name(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", String::as_str)
    }

    pub(super) fn find(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }
}

/// All of them, with what they have in common.
#[derive(Debug, Default)]
pub(super) struct Cases {
    pub(super) list: Vec<Case>,
    pub(super) clusters: Names,
    pub(super) slices: Names,
    pub(super) langs: Names,
    /// The values of the columns, all columns in one.
    pub(super) values: Names,
    pub(super) files: Vec<DataFile>,
    pub(super) bad: Vec<BadRecord>,
    /// Ids that stood more than once; the later ones have a number added.
    pub(super) repeated_ids: u64,
    /// Texts that stand under both labels.
    pub(super) contradictory_texts: u64,
    ids: HashMap<String, u32>,
}

impl Cases {
    /// Reads and assesses everything that was asked for.
    pub(super) fn read(
        detector: &Detector,
        further: &[Model],
        request: &EvaluateRequest,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Self> {
        let mut cases = Self::default();
        for path in request.data.files()? {
            cases.read_file(detector, further, request, &path, &request.data.columns, None, progress)?;
        }
        let plain = Columns::default();
        for path in &request.benign {
            cases.read_file(detector, further, request, path, &plain, Some(false), progress)?;
        }
        cases.count_contradictions();
        cases.ids = HashMap::new();
        Ok(cases)
    }

    #[expect(clippy::too_many_arguments, reason = "what is read, by what, and how stand apart")]
    fn read_file(
        &mut self,
        detector: &Detector,
        further: &[Model],
        request: &EvaluateRequest,
        path: &Path,
        columns: &Columns,
        label: Option<bool>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<()> {
        let (digest, bytes) = digest_of_file(path)?;
        let name = file_name(path);
        let before = self.list.len();
        let bad_before = self.bad.len();
        let mut records = labelled_records(path, columns, &request.attributes, label)?;
        loop {
            let chunk = next_chunk(&mut records, path)?;
            if chunk.is_empty() {
                break;
            }
            let assessed: Vec<Numbered<(LabelledRecord, Outcome)>> = chunk
                .into_par_iter()
                .map(|(number, record)| {
                    let assess = |record: LabelledRecord| {
                        let outcome = detector.outcome(&record.labelled.listing, further);
                        (record, outcome)
                    };
                    (number, record.map(assess))
                })
                .collect();
            for (number, record) in assessed {
                match record {
                    Ok((record, outcome)) => self.add(record, outcome, &name, number, request.at),
                    Err(reason) => self.bad.push(BadRecord { file: path.display().to_string(), number, reason }),
                }
            }
            progress(self.list.len() as u64);
        }
        let (listings, bad) = ((self.list.len() - before) as u64, (self.bad.len() - bad_before) as u64);
        self.files.push(DataFile { name, digest, bytes, listings, bad });
        Ok(())
    }

    fn add(&mut self, record: LabelledRecord, outcome: Outcome, file: &str, number: u64, at: Band) {
        let LabelledRecord { labelled, attributes } = record;
        let listing = labelled.listing;
        let written = if listing.external_id.is_empty() { format!("{file}:{number}") } else { listing.external_id };
        let id = self.unique(written);
        let text = if listing.title.trim().is_empty() { &listing.body } else { &listing.title };
        let slice = if labelled.slice.is_empty() { "(none)" } else { &labelled.slice };
        let case = Case {
            id,
            title: text.trim().chars().take(LONGEST_TITLE).collect(),
            label: labelled.label,
            families: labelled.families.iter().filter_map(|name| name.trim().parse().ok()).collect(),
            kind: listing.kind,
            cluster: self.clusters.number(&labelled.cluster),
            slice: self.slices.number(slice),
            lang: self.langs.number(outcome.lang.as_deref().unwrap_or("unknown")),
            attributes: attributes
                .iter()
                .map(|value| self.values.number(if value.is_empty() { "(none)" } else { value }))
                .collect(),
            flagged: outcome.band >= at,
            outcome,
        };
        self.list.push(case);
    }

    fn unique(&mut self, id: String) -> String {
        let seen = self.ids.entry(id.clone()).or_default();
        *seen += 1;
        if *seen == 1 {
            return id;
        }
        self.repeated_ids += 1;
        format!("{id}#{seen}")
    }

    fn count_contradictions(&mut self) {
        let mut labels: HashMap<Digest, [bool; 2]> = HashMap::new();
        for case in &self.list {
            labels.entry(case.outcome.fingerprint).or_default()[usize::from(case.label)] = true;
        }
        self.contradictory_texts = labels.values().filter(|seen| seen[0] && seen[1]).count() as u64;
    }
}

impl Case {
    /// Its place in the order that was asked for.
    pub(super) fn key(&self, by: RankBy) -> u64 {
        match by {
            RankBy::Default => rank_key(self.outcome.band, self.outcome.points, self.outcome.calibrated()),
            RankBy::Points => rank_key(Band::None, self.outcome.points, None),
            RankBy::Classifier => rank_key(Band::None, 0, self.outcome.calibrated()),
        }
    }

    pub(super) fn item(&self, by: RankBy) -> SampleItem {
        SampleItem { key: self.key(by), label: self.label, flagged: self.flagged, cluster: self.cluster }
    }
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn next_chunk(
    records: &mut dyn Iterator<Item = std::io::Result<Numbered<LabelledRecord>>>,
    path: &Path,
) -> Result<Vec<Numbered<LabelledRecord>>> {
    let (mut chunk, mut bytes) = (Vec::with_capacity(CHUNK), 0);
    while chunk.len() < CHUNK && bytes < CHUNK_BYTES {
        match records.next() {
            None => break,
            Some(Err(error)) => return Err(EngineError::file("read", path, error)),
            Some(Ok(record)) => {
                bytes += record.1.as_ref().map_or(0, |record| record.labelled.listing.body.len());
                chunk.push(record);
            }
        }
    }
    Ok(chunk)
}
