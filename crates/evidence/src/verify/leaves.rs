//! Checking the custody log: each leaf for itself, the chain, the tree, and every checkpoint.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use lapwing_types::CaptureId;

use super::records::{Owner, RecordCheck};
use crate::layout::Layout;
use crate::leaf::{Content, SignedLeaf};
use crate::lines::{Line, Lines};
use crate::merkle::CompactRange;
use crate::note::{Checkpoint, VerifierKey};
use crate::recovery::{self, KeptBytes};
use crate::report::{FindingCode, Progress, Report};

/// The state of a reading of the log.
pub(super) struct LogCheck<'a> {
    layout: &'a Layout,
    key: Option<VerifierKey>,
    is_being_written: bool,
    /// Each checkpoint on disk by its size; `None` where it could not be trusted.
    checkpoints: BTreeMap<u64, Option<Checkpoint>>,
    missing_checkpoints: BTreeSet<u64>,
    tree: CompactRange,
    /// Until the first leaf whose chain does not fit; roots say nothing after it.
    chain_is_whole: bool,
    expected: u64,
    records: RecordCheck<'a>,
    /// The files that `recovered` events answer for.
    pub(super) recovered: BTreeMap<String, KeptBytes>,
    log_bytes: u64,
}

impl<'a> LogCheck<'a> {
    pub(super) fn new(
        layout: &'a Layout,
        key: Option<VerifierKey>,
        is_being_written: bool,
        report: &mut Report,
    ) -> Self {
        let checkpoints = read_checkpoints(layout, key.as_ref(), report);
        Self {
            layout,
            key,
            is_being_written,
            checkpoints,
            missing_checkpoints: BTreeSet::new(),
            tree: CompactRange::new(),
            chain_is_whole: true,
            expected: 0,
            records: RecordCheck::new(layout),
            recovered: BTreeMap::new(),
            log_bytes: 0,
        }
    }

    /// Reads every leaf, and every record on the way.
    pub(super) fn read_log(&mut self, mut lines: Lines, progress: &mut dyn FnMut(Progress), report: &mut Report) {
        let total = lines.total + self.records.total_bytes();
        let mut line = Vec::new();
        self.compare_root(report);
        loop {
            match lines.next_line(&mut line) {
                Ok(None) => break,
                Ok(Some(Line::Whole)) => self.judge(&line, report),
                Ok(Some(Line::TooLong)) => self.unreadable(&line, "it is longer than any leaf", report),
                Ok(Some(Line::Torn)) if self.is_being_written => break,
                Ok(Some(Line::Torn)) => {
                    let message = "the last line has no end; opening the archive for writing moves it away";
                    report.find(FindingCode::LogTorn, place_of(self.expected), None, message);
                    break;
                }
                Err(error) => {
                    report.find(FindingCode::LeafUnreadable, place_of(self.expected), None, error.to_string());
                    break;
                }
            }
            self.log_bytes = lines.position;
            progress(Progress { done: lines.position + self.records.bytes(), total });
        }
        progress(Progress { done: total, total });
    }

    /// What can be said once everything was read.
    pub(super) fn finish(&mut self, is_being_written: bool, report: &mut Report) {
        self.is_being_written = is_being_written;
        self.records.finish(is_being_written, report);
        report.bytes = self.log_bytes + self.records.bytes();
        let size = self.tree.size();
        let beyond: Vec<u64> = self.checkpoints.range(size + 1..).map(|(size, _)| *size).collect();
        for checkpoint in beyond.into_iter().filter(|_| !self.is_being_written) {
            let message = format!("it signs {checkpoint} leaves, the log has {size}: the newest leaves were removed");
            report.find(FindingCode::CheckpointBeyondLog, format!("log/checkpoints/{checkpoint}"), None, message);
        }
        if !self.chain_is_whole {
            report.notes.push(
                "after the first leaf whose chain does not fit, checkpoints were not compared with the log".into(),
            );
        }
        let covered = self.checkpoints.range(..=size).next_back().map_or(0, |(size, _)| *size);
        if covered < size {
            report
                .notes
                .push(format!("no checkpoint covers the newest {} leaves; each is signed by itself", size - covered));
        }
        self.check_latest(report);
    }

    fn judge(&mut self, line: &[u8], report: &mut Report) {
        let signed = match SignedLeaf::parse(line) {
            Ok(signed) => signed,
            Err(why) => return self.unreadable(line, &why, report),
        };
        let leaf = &signed.leaf;
        let capture = match &leaf.content {
            Content::Capture(capture) => Some(capture.as_ref()),
            Content::Event(_) => None,
        };
        let id = capture.map(|capture| capture.id);
        let place = place_of(leaf.index);
        self.judge_number(leaf.index, id, report);
        if self.key.as_ref().is_some_and(|key| !signed.is_signed_by(key)) {
            let message = "the key did not sign this leaf: it was edited, or somebody else wrote it";
            report.find(FindingCode::LeafSignature, place.as_str(), id, message);
        }
        if self.chain_is_whole && leaf.previous_root != self.tree.root() {
            let message = "the leaves before it are not those after which it was written";
            report.find(FindingCode::LeafPrevious, place.as_str(), id, message);
            self.chain_is_whole = false;
        }
        self.judge_checkpoint(leaf.checkpoint, leaf.index, id, report);
        match &leaf.content {
            Content::Capture(_) => report.captures += 1,
            Content::Event(event) => {
                report.events += 1;
                self.recovered.extend(recovery::kept_in(event).into_iter().map(|kept| (kept.file.clone(), kept)));
            }
        }
        let owner = Owner { leaf: leaf.index, capture, manifest: signed.manifest.as_deref() };
        self.records.check_leaf(&leaf.records, &owner, report);
        self.add(line, report);
    }

    fn judge_number(&mut self, index: u64, id: Option<CaptureId>, report: &mut Report) {
        let expected = self.expected;
        if index > expected {
            let message =
                format!("leaf {index} stands where leaf {expected} should: {} missing or moved", index - expected);
            report.find(FindingCode::LeafNumber, place_of(expected), id, message);
        } else if index < expected {
            let message = format!("leaf {index} stands where leaf {expected} should: moved or doubled");
            report.find(FindingCode::LeafNumber, place_of(index), id, message);
        }
        self.expected = index.saturating_add(1);
    }

    fn judge_checkpoint(&mut self, size: u64, index: u64, id: Option<CaptureId>, report: &mut Report) {
        if size > index {
            let message = format!("it names a checkpoint over {size} leaves, more than there were");
            report.find(FindingCode::LeafInvalid, place_of(index), id, message);
        } else if !self.checkpoints.contains_key(&size) && self.missing_checkpoints.insert(size) {
            let message = format!("leaf {index} was written after this checkpoint, which is gone");
            report.find(FindingCode::CheckpointMissing, format!("log/checkpoints/{size}"), None, message);
        }
    }

    fn unreadable(&mut self, line: &[u8], why: &str, report: &mut Report) {
        let capture = id_in(line);
        report.find(FindingCode::LeafUnreadable, place_of(self.expected), capture, why);
        self.expected += 1;
        self.add(line, report);
    }

    fn add(&mut self, line: &[u8], report: &mut Report) {
        self.tree.push(line);
        self.compare_root(report);
    }

    /// Compares the tree with the checkpoint of its size, if there is one.
    fn compare_root(&self, report: &mut Report) {
        let size = self.tree.size();
        let Some(Some(checkpoint)) = self.checkpoints.get(&size) else { return };
        if !self.chain_is_whole {
            return;
        }
        report.checkpoints += 1;
        if checkpoint.root != self.tree.root() {
            let message = format!("the first {size} leaves are not those that this checkpoint signs");
            report.find(FindingCode::CheckpointRoot, format!("log/checkpoints/{size}"), None, message);
        }
    }

    fn check_latest(&self, report: &mut Report) {
        let Some(size) = self.checkpoints.last_key_value().map(|(size, _)| *size) else {
            return report.find(FindingCode::CheckpointMissing, "log/checkpoints", None, "there is no checkpoint");
        };
        let latest = fs::read(self.layout.checkpoint());
        let largest = fs::read(self.layout.checkpoint_of(size));
        let same = matches!((&latest, &largest), (Ok(latest), Ok(largest)) if latest == largest);
        if !same && !self.is_being_written {
            let message =
                format!("it is not the same as `log/checkpoints/{size}`, the largest: one was removed or edited");
            report.find(FindingCode::CheckpointLatest, "log/checkpoint", None, message);
        }
    }
}

fn read_checkpoints(
    layout: &Layout,
    key: Option<&VerifierKey>,
    report: &mut Report,
) -> BTreeMap<u64, Option<Checkpoint>> {
    let sizes = match layout.checkpoint_sizes() {
        Ok((sizes, _)) => sizes,
        Err(error) => {
            report.find(FindingCode::FileMissing, "log/checkpoints", None, error.to_string());
            Vec::new()
        }
    };
    let mut checkpoints = BTreeMap::new();
    for size in sizes {
        let place = format!("log/checkpoints/{size}");
        let checkpoint = key.and_then(|key| match read_checkpoint(layout, size, key) {
            Ok(checkpoint) => Some(checkpoint),
            Err(why) => {
                report.find(FindingCode::CheckpointInvalid, place, None, why);
                None
            }
        });
        checkpoints.insert(size, checkpoint);
    }
    checkpoints
}

fn read_checkpoint(layout: &Layout, size: u64, key: &VerifierKey) -> Result<Checkpoint, String> {
    let path = layout.checkpoint_of(size);
    let is_short = fs::symlink_metadata(&path).is_ok_and(|data| data.is_file() && data.len() <= 1 << 20);
    if !is_short {
        return Err("it is no file, or far too long".into());
    }
    let note = fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let checkpoint = Checkpoint::open(&note, key)?;
    if checkpoint.size != size {
        return Err(format!("it signs {} leaves, its name says {size}", checkpoint.size));
    }
    Ok(checkpoint)
}

fn place_of(leaf: u64) -> String {
    format!("log/leaves.jsonl, leaf {leaf}")
}

/// The capture of a line that cannot be read, as far as it can be guessed.
fn id_in(line: &[u8]) -> Option<CaptureId> {
    let text = String::from_utf8_lossy(line);
    let (_, after) = text.split_once("\"id\":\"")?;
    after.get(..36)?.parse().ok()
}
