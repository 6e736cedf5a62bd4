//! What a verification says: how much was looked at, what is wrong and where, and what it cannot prove.

use lapwing_types::CaptureId;
use serde::{Deserialize, Serialize};

/// How many findings a report holds; one damaged disk must not fill another.
const MAX_FINDINGS: usize = 1000;

/// How far a long reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub done: u64,
    /// Bytes to read.
    pub total: u64,
}

/// What kind of fault a finding is. The names do not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FindingCode {
    /// Something lies in the archive that does not belong there.
    UnknownFile,
    /// A file that belongs there does not.
    FileMissing,
    /// `README.txt` or `lock` is not what this program wrote.
    FileChanged,
    /// `custody.pub` is no key, or not the key that was asked for.
    KeyMismatch,
    /// A line of the log is no leaf.
    LeafUnreadable,
    /// A leaf stands where another should: some are missing, moved or doubled.
    LeafNumber,
    /// A leaf was not signed by the key: it was edited, or somebody else wrote it.
    LeafSignature,
    /// The leaves before a leaf are not those after which it was written.
    LeafPrevious,
    /// A leaf contradicts itself.
    LeafInvalid,
    /// The log ends inside a line.
    LogTorn,
    /// A checkpoint is malformed, or the key did not sign it.
    CheckpointInvalid,
    /// The log is not the one that a checkpoint signs.
    CheckpointRoot,
    /// A checkpoint that a leaf names is gone.
    CheckpointMissing,
    /// A checkpoint signs more leaves than there are: the log was cut.
    CheckpointBeyondLog,
    /// `log/checkpoint` is not the largest of `log/checkpoints/`.
    CheckpointLatest,
    /// The record of a leaf is not there.
    RecordMissing,
    /// The record of a leaf is there, with other bytes.
    RecordChanged,
    /// The record of a leaf is there, at another place.
    RecordMoved,
    /// A record contradicts the manifest in its leaf.
    RecordMismatch,
    /// Two leaves answer for the same bytes.
    RecordOverlap,
    /// A whole record for which no leaf answers.
    RecordWithoutLeaf,
    /// Bytes that are no record and for which no leaf answers.
    BytesWithoutLeaf,
    /// A recovered file is not the one that was put there, or is gone.
    RecoveredChanged,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind.
    pub code: FindingCode,
    /// Where: a file, with a leaf or an offset in it.
    pub place: String,
    /// Which capture, where it is known.
    pub capture: Option<CaptureId>,
    /// What is wrong, in words.
    pub message: String,
}

/// The outcome of a verification.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// How many captures the log lists.
    pub captures: u64,
    /// How many events it lists.
    pub events: u64,
    /// How many bytes of log and records were read.
    pub bytes: u64,
    /// How many checkpoints were compared with the log.
    pub checkpoints: u64,
    /// Every fault, up to a thousand.
    pub findings: Vec<Finding>,
    /// How many faults more there were.
    pub findings_left_out: u64,
    /// What the verification does not prove, and remarks that are no faults.
    pub notes: Vec<String>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn find(
        &mut self,
        code: FindingCode,
        place: impl Into<String>,
        capture: Option<CaptureId>,
        message: impl Into<String>,
    ) {
        if self.findings.len() >= MAX_FINDINGS {
            self.findings_left_out += 1;
            return;
        }
        self.findings.push(Finding { code, place: place.into(), capture, message: message.into() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_in_files_as_words() {
        assert_eq!(serde_json::to_string(&FindingCode::CheckpointBeyondLog).unwrap(), "\"checkpoint-beyond-log\"");
    }

    #[test]
    fn findings_are_bounded_and_the_rest_is_counted() {
        let mut report = Report::default();
        (0..1200).for_each(|index| report.find(FindingCode::UnknownFile, format!("{index}"), None, "x"));
        assert_eq!((report.findings.len(), report.findings_left_out), (1000, 200));
        assert!(!report.is_clean());
    }
}
