//! What a crash leaves behind, and how it is mended: nothing is dropped, and every deed is reported and recorded.
//!
//! - A torn last line of the log, or a torn last WARC member, is moved to `recovered/`.
//! - Whole records without a leaf: where they are a whole capture whose manifest fits, the leaf is written now; others
//!   stay where they are, and the `recovered` event answers for them.
//! - Files left in `spool/` are moved to `recovered/`.
//!
//! What no crash can cause (a broken chain, a log shorter than its checkpoint, a missing record) is an error instead:
//! mending it would hide it.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Seek as _, SeekFrom};
use std::path::Path;

use lapwing_types::{Capture, CaptureId, Digest};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::canonical::canonical_json;
use crate::error::{Error, IoContext as _, Result};
use crate::keys::Keys;
use crate::layout::{Layout, sync_dir, warc_name, warc_number};
use crate::leaf::{CustodyEvent, MAX_LEAF, RECOVERED, SignedLeaf, manifest_value};
use crate::lines::{Line, Lines};
use crate::log::{TEMPORARY_CHECKPOINT, put_in_place};
use crate::member::{Record, read_record};
use crate::merkle::CompactRange;
use crate::note::{Checkpoint, VerifierKey};
use crate::warc::{Measure, Measuring, RecordKind, RecordPlace};

/// What was mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// What kind of leftover.
    pub kind: RecoveryKind,
    /// Where it was.
    pub place: String,
    /// What was done, in words.
    pub message: String,
    /// Which capture, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<CaptureId>,
    /// Where the bytes are now, where they were moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<KeptBytes>,
}

/// What kind of leftover was mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RecoveryKind {
    /// The last line of the log was cut.
    TornLeaf,
    /// The last WARC member was cut.
    TornRecord,
    /// A whole capture had no leaf; it has one now.
    AdoptedCapture,
    /// A whole record had no leaf and is no whole capture; it stays where it is.
    OrphanRecord,
    /// A file had not been kept yet.
    UnfinishedFile,
    /// `log/checkpoint` was not the latest checkpoint.
    StaleCheckpoint,
    /// An earlier mending was itself interrupted.
    InterruptedRecovery,
}

/// A file in `recovered/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptBytes {
    /// Its name, relative to the archive.
    pub file: String,
    /// Its length.
    pub length: u64,
    /// Its digest.
    pub digest: Digest,
}

/// An archive's state after mending, and what is still to be written into the log.
pub(crate) struct Mended {
    pub(crate) tree: CompactRange,
    pub(crate) last_checkpoint: u64,
    pub(crate) warc_number: u32,
    pub(crate) adopted: Vec<(Capture, Vec<RecordPlace>)>,
    pub(crate) orphans: Vec<RecordPlace>,
    pub(crate) recoveries: Vec<Recovery>,
}

/// Mends an archive whose lock is held.
pub(crate) fn mend(layout: &Layout, keys: &Keys) -> Result<Mended> {
    let log = read_log(layout, &keys.verifier())?;
    let mut salvage = Salvage::new(layout)?;
    salvage.adopt_unlisted(&log.listed)?;
    if let Some(from) = log.torn_from {
        salvage.cut_off(RecoveryKind::TornLeaf, &layout.leaves(), "log/leaves.jsonl", from)?;
    }
    salvage.mend_latest_checkpoint(log.last_checkpoint)?;
    for name in layout.names_in("spool")? {
        salvage.move_away(&format!("spool/{name}"))?;
    }
    if layout.path(TEMPORARY_CHECKPOINT).exists() {
        salvage.move_away(TEMPORARY_CHECKPOINT)?;
    }
    let loose = salvage.loose_records(log.warc_end)?;
    let warc_number = layout.warc_numbers()?.0.last().copied().unwrap_or(1);
    let (adopted, orphans) = salvage.sort_out(loose);
    let recoveries = salvage.recoveries;
    Ok(Mended { tree: log.tree, last_checkpoint: log.last_checkpoint, warc_number, adopted, orphans, recoveries })
}

/// The event that records what was mended.
pub(crate) fn event(recoveries: &[Recovery]) -> CustodyEvent {
    CustodyEvent {
        kind: RECOVERED.to_string(),
        actor: "lapwing".to_string(),
        details: json!({ "recoveries": recoveries }),
    }
}

/// The files that an event of that kind answers for.
pub(crate) fn kept_in(event: &CustodyEvent) -> Vec<KeptBytes> {
    #[derive(Deserialize)]
    struct Details {
        recoveries: Vec<Recovery>,
    }
    if event.kind != RECOVERED {
        return Vec::new();
    }
    let details: Option<Details> = serde_json::from_value(event.details.clone()).ok();
    details.into_iter().flat_map(|details| details.recoveries).filter_map(|recovery| recovery.kept).collect()
}

/// The target of a capture's metadata record.
pub(crate) fn manifest_target(id: CaptureId) -> String {
    format!("urn:capture:{id}")
}

/// The capture whose metadata record has this target.
pub(crate) fn capture_of_target(target: &str) -> Option<CaptureId> {
    target.strip_prefix("urn:capture:")?.parse().ok()
}

/// What a reading of the whole log tells.
struct LogState {
    tree: CompactRange,
    last_checkpoint: u64,
    /// Up to where leaves answer for WARC bytes: file number and offset.
    warc_end: Option<(u32, u64)>,
    /// The files in `recovered/` that events name.
    listed: BTreeSet<String>,
    /// Where the torn last line begins.
    torn_from: Option<u64>,
}

#[derive(Deserialize)]
struct LeafSummary {
    n: u64,
    #[serde(default)]
    records: Vec<RecordPlace>,
    event: Option<CustodyEvent>,
}

/// Reads the log through. What a checkpoint covers is compared with it by its root, what comes after leaf by leaf.
fn read_log(layout: &Layout, key: &VerifierKey) -> Result<LogState> {
    let checkpoint = newest_checkpoint(layout, key)?;
    let path = layout.leaves();
    let mut lines = Lines::open(&path).context("open", &path)?;
    let (tree, last_checkpoint) = (CompactRange::new(), checkpoint.size);
    let mut state = LogState { tree, last_checkpoint, warc_end: None, listed: BTreeSet::new(), torn_from: None };
    let mut line = Vec::new();
    loop {
        if state.tree.size() == checkpoint.size && state.tree.root() != checkpoint.root {
            return Err(damaged_log("its leaves are not those that its latest checkpoint signs"));
        }
        let begin = lines.position;
        let Some(found) = lines.next_line(&mut line).context("read", &path)? else { break };
        let is_last = lines.position == lines.total;
        match judge(&line, found, &state, key) {
            Ok(summary) => state.add(&line, summary),
            Err(Fault::Torn) if is_last && state.tree.size() >= checkpoint.size => {
                state.torn_from = Some(begin);
                break;
            }
            Err(Fault::Torn) => return Err(damaged_leaf(state.tree.size(), "it is no leaf")),
            Err(Fault::Wrong(what)) => return Err(damaged_leaf(state.tree.size(), what)),
        }
    }
    if state.tree.size() < checkpoint.size {
        return Err(damaged_log("it has fewer leaves than its latest checkpoint signs"));
    }
    Ok(state)
}

enum Fault {
    Torn,
    Wrong(&'static str),
}

fn judge(line: &[u8], found: Line, state: &LogState, key: &VerifierKey) -> std::result::Result<LeafSummary, Fault> {
    if found != Line::Whole {
        return Err(Fault::Torn);
    }
    let summary: LeafSummary = serde_json::from_slice(line).map_err(|_| Fault::Torn)?;
    if summary.n != state.tree.size() {
        return Err(Fault::Wrong("it has the number of another"));
    }
    if state.tree.size() >= state.last_checkpoint {
        let signed = SignedLeaf::parse(line).map_err(|_| Fault::Wrong("it is not canonical"))?;
        if !signed.is_signed_by(key) {
            return Err(Fault::Wrong("the key did not sign it"));
        }
        if signed.leaf.previous_root != state.tree.root() {
            return Err(Fault::Wrong("the leaves before it are not those after which it was written"));
        }
    }
    Ok(summary)
}

impl LogState {
    fn add(&mut self, line: &[u8], summary: LeafSummary) {
        self.tree.push(line);
        for record in summary.records {
            let end = warc_number(&record.file).map(|number| (number, record.offset.saturating_add(record.length)));
            self.warc_end = self.warc_end.max(end);
        }
        let kept = summary.event.iter().flat_map(kept_in);
        self.listed.extend(kept.map(|kept| kept.file));
    }
}

fn newest_checkpoint(layout: &Layout, key: &VerifierKey) -> Result<Checkpoint> {
    let (sizes, _) = layout.checkpoint_sizes()?;
    let size = *sizes.last().ok_or_else(|| damaged_log("it has no checkpoint"))?;
    let path = layout.checkpoint_of(size);
    let note = fs::read_to_string(&path).context("read", &path)?;
    let place = format!("log/checkpoints/{size}");
    let checkpoint =
        Checkpoint::open(&note, key).map_err(|what| Error::Damaged { place: place.clone(), what: what.into() })?;
    if checkpoint.size != size {
        return Err(Error::Damaged { place, what: "it signs another size than its name says".into() });
    }
    Ok(checkpoint)
}

fn damaged_log(what: &str) -> Error {
    Error::Damaged { place: "log/leaves.jsonl".into(), what: what.into() }
}

fn damaged_leaf(index: u64, what: &str) -> Error {
    Error::Damaged { place: format!("log/leaves.jsonl, leaf {index}"), what: what.into() }
}

/// A whole record for which no leaf answers.
struct Loose {
    place: RecordPlace,
    record: Record,
}

/// Moves leftovers to `recovered/` and keeps account.
struct Salvage<'a> {
    layout: &'a Layout,
    next: u32,
    recoveries: Vec<Recovery>,
}

impl<'a> Salvage<'a> {
    fn new(layout: &'a Layout) -> Result<Self> {
        let number = |name: &String| name.split('-').next().and_then(|digits| digits.parse::<u32>().ok());
        let highest = layout.names_in("recovered")?.iter().filter_map(number).max().unwrap_or(0);
        Ok(Self { layout, next: highest.saturating_add(1), recoveries: Vec::new() })
    }

    /// Files that an interrupted mending put into `recovered/` before it could record them.
    fn adopt_unlisted(&mut self, listed: &BTreeSet<String>) -> Result<()> {
        for name in self.layout.names_in("recovered")? {
            let file = format!("recovered/{name}");
            if listed.contains(&file) {
                continue;
            }
            let path = self.layout.path(&file);
            let mut reader = File::open(&path).context("open", &path)?;
            let kept = copy_measured(&mut reader, io::sink(), &path)?.0;
            let message = "an earlier mending was interrupted after it put this file there";
            self.report(RecoveryKind::InterruptedRecovery, &file, message, Some(kept_bytes(file.clone(), kept)));
        }
        Ok(())
    }

    /// Moves the end of a file to `recovered/`.
    fn cut_off(&mut self, kind: RecoveryKind, path: &Path, name: &str, from: u64) -> Result<()> {
        let kept = self.copy(path, name, from)?;
        let file = OpenOptions::new().write(true).open(path).context("open", path)?;
        file.set_len(from).context("shorten", path)?;
        file.sync_all().context("shorten", path)?;
        let message = format!("the end from byte {from} on is torn; its {} bytes were moved", kept.length);
        self.report(kind, name, &message, Some(kept));
        Ok(())
    }

    /// Moves a whole file to `recovered/`.
    fn move_away(&mut self, name: &str) -> Result<()> {
        let path = self.layout.path(name);
        let kept = self.copy(&path, name, 0)?;
        fs::remove_file(&path).context("remove", &path)?;
        self.report(RecoveryKind::UnfinishedFile, name, "it was not finished; its bytes were moved", Some(kept));
        Ok(())
    }

    fn copy(&mut self, path: &Path, name: &str, from: u64) -> Result<KeptBytes> {
        let base = name.rsplit('/').next().unwrap_or(name);
        let target = format!("recovered/{:08}-{base}", self.next);
        self.next = self.next.saturating_add(1);
        let mut reader = File::open(path).context("open", path)?;
        reader.seek(SeekFrom::Start(from)).context("read", path)?;
        let place = self.layout.path(&target);
        let writer = OpenOptions::new().write(true).create_new(true).open(&place).context("create", &place)?;
        let (measure, writer) = copy_measured(&mut reader, writer, &place)?;
        writer.sync_all().context("write", &place)?;
        sync_dir(&self.layout.path("recovered"))?;
        Ok(kept_bytes(target, measure))
    }

    fn mend_latest_checkpoint(&mut self, size: u64) -> Result<()> {
        let path = self.layout.checkpoint_of(size);
        let newest = fs::read_to_string(&path).context("read", &path)?;
        if fs::read_to_string(self.layout.checkpoint()).is_ok_and(|latest| latest == newest) {
            return Ok(());
        }
        put_in_place(self.layout, &newest, &self.layout.checkpoint())?;
        let message = format!("it was not the checkpoint over {size} leaves, which is the newest; it is now");
        self.report(RecoveryKind::StaleCheckpoint, "log/checkpoint", &message, None);
        Ok(())
    }

    /// Reads what lies in the WARC files behind the last leaf's records; a torn end is cut off.
    fn loose_records(&mut self, warc_end: Option<(u32, u64)>) -> Result<Vec<Loose>> {
        let (numbers, _) = self.layout.warc_numbers()?;
        if let Some((number, end)) = warc_end {
            let path = self.layout.warc(number);
            let length = fs::metadata(&path).context("read the length of", &path)?.len();
            if length < end {
                let what = "it is shorter than the custody log says".to_string();
                return Err(Error::Damaged { place: warc_name(number), what });
            }
        }
        let (last, end) = warc_end.unwrap_or((0, 0));
        let mut loose = Vec::new();
        for number in numbers.into_iter().filter(|number| *number >= last) {
            let start = if number == last { end } else { 0 };
            self.read_loose(number, start, &mut loose)?;
        }
        Ok(loose)
    }

    fn read_loose(&mut self, number: u32, start: u64, loose: &mut Vec<Loose>) -> Result<()> {
        let path = self.layout.warc(number);
        let mut file = File::open(&path).context("open", &path)?;
        let length = file.metadata().context("read the length of", &path)?.len();
        file.seek(SeekFrom::Start(start)).context("read", &path)?;
        let mut reader = BufReader::new(file);
        let mut offset = start;
        while offset < length {
            let read = read_record(&mut reader, MAX_LEAF).ok();
            let Some((kind, record)) = read.and_then(|record| Some((kind_of(&record)?, record))) else {
                return self.cut_off(RecoveryKind::TornRecord, &path, &warc_name(number), offset);
            };
            let Measure { length, digest } = record.member;
            loose.push(Loose { place: RecordPlace { kind, file: warc_name(number), offset, length, digest }, record });
            offset += length;
        }
        Ok(())
    }

    /// Tells whole captures from single records.
    fn sort_out(&mut self, loose: Vec<Loose>) -> (Vec<(Capture, Vec<RecordPlace>)>, Vec<RecordPlace>) {
        let (mut adopted, mut orphans, mut pending) = (Vec::new(), Vec::new(), Vec::<Loose>::new());
        for one in loose {
            let is_manifest = one.place.kind == RecordKind::Metadata;
            pending.push(one);
            if is_manifest && let Some((capture, begin)) = whole_capture(&pending) {
                let records = pending.drain(begin..).map(|one| one.place).collect();
                let place = format!("{} at {}", capture.warc.file, capture.warc.offset);
                let message = "its records were whole, but it had no leaf in the log; it has one now";
                self.report(RecoveryKind::AdoptedCapture, &place, message, None);
                self.recoveries.last_mut().expect("one was just reported").capture = Some(capture.id);
                adopted.push((capture, records));
                orphans.append(&mut pending);
            }
        }
        orphans.append(&mut pending);
        for orphan in &orphans {
            let place = format!("{} at {}", orphan.place.file, orphan.place.offset);
            let message = format!("a whole `{}` record without a leaf; it stays there", orphan.place.kind.as_str());
            self.report(RecoveryKind::OrphanRecord, &place, &message, None);
        }
        (adopted, orphans.into_iter().map(|orphan| orphan.place).collect())
    }

    fn report(&mut self, kind: RecoveryKind, place: &str, message: &str, kept: Option<KeptBytes>) {
        let (place, message) = (place.to_string(), message.to_string());
        self.recoveries.push(Recovery { kind, place, message, capture: None, kept });
    }
}

/// The capture whose manifest is the last of these records, and where its records begin, if they are all there.
fn whole_capture(records: &[Loose]) -> Option<(Capture, usize)> {
    let manifest = records.last()?;
    let block = manifest.record.kept_block.as_ref()?;
    let capture: Capture = serde_json::from_slice(block).ok()?;
    let is_canonical = canonical_json(&manifest_value(&capture)).is_ok_and(|text| text.as_bytes() == block);
    let is_ours = manifest.record.head.target == manifest_target(capture.id);
    let primary = records.iter().position(|one| {
        let place = (&one.place.file, one.place.offset, one.place.length, one.place.digest);
        one.place.kind.is_primary()
            && place == (&capture.warc.file, capture.warc.offset, capture.warc.length, capture.warc.digest)
            && one.record.payload == Measure { length: capture.payload_length, digest: capture.payload }
            && one.record.head.record_id == one.place.kind.record_id(capture.id)
    })?;
    let between: Vec<RecordKind> = records[primary + 1..].iter().map(|one| one.place.kind).collect();
    let is_whole = match records[primary].place.kind {
        RecordKind::Response => between == [RecordKind::Request, RecordKind::Metadata],
        _ => between == [RecordKind::Metadata],
    };
    let begins_file = primary > 0 && records[primary - 1].place.kind == RecordKind::Warcinfo;
    let begin = if begins_file { primary - 1 } else { primary };
    (is_canonical && is_ours && is_whole).then_some((capture, begin))
}

/// The kind that a record says it is.
pub(crate) fn kind_of(record: &Record) -> Option<RecordKind> {
    use RecordKind::{Metadata, Request, Resource, Response, Warcinfo};
    [Warcinfo, Response, Request, Resource, Metadata].into_iter().find(|kind| kind.as_str() == record.head.kind)
}

fn copy_measured<W: io::Write>(reader: &mut File, writer: W, path: &Path) -> Result<(Measure, W)> {
    let mut measuring = Measuring::new(writer);
    io::copy(reader, &mut measuring).context("copy", path)?;
    Ok(measuring.into_parts())
}

fn kept_bytes(file: String, measure: Measure) -> KeptBytes {
    KeptBytes { file, length: measure.length, digest: measure.digest }
}
