//! Verification: is everything that the archive claims still so? It reads only, in constant memory, without lock or
//! secret, and trusts nothing that it has not compared.
//!
//! The log drives it: every leaf is checked for itself (canonical, numbered, signed) and with the others (chain, tree,
//! checkpoints), and every leaf leads to its records, which together must cover every byte of the WARC files.

mod files;
mod leaves;
mod records;

use std::fs::{self, File};
use std::path::Path;

use crate::error::{Error, Result};
use crate::keys::PUBLIC_FILE;
use crate::layout::Layout;
use crate::lines::Lines;
use crate::note::VerifierKey;
use crate::report::{FindingCode, Progress, Report};
use leaves::LogCheck;

/// Checks the archive in `dir` against the public key `key`, or against the key that lies in it where none is given.
///
/// Faults are findings in the report, not errors. While another process writes, what it has not finished is passed over
/// and noted. `progress` is called again and again, with bytes.
///
/// # Errors
/// Where `dir` is no archive at all.
pub fn verify(dir: &Path, key: Option<&VerifierKey>, progress: &mut dyn FnMut(Progress)) -> Result<Report> {
    let layout = Layout::new(dir);
    if !layout.path("log").is_dir() && !layout.path("warc").is_dir() {
        return Err(Error::NotAnArchive(dir.to_path_buf()));
    }
    let mut report = Report::default();
    let was_being_written = is_locked(&layout);
    let key = judge_key(&layout, key, &mut report);
    // The length of the log is taken before the checkpoints are listed, so that every checkpoint that a leaf names is
    // there even while a writer goes on.
    let lines = Lines::open(&layout.leaves());
    let mut check = LogCheck::new(&layout, key, was_being_written, &mut report);
    match lines {
        Ok(lines) => check.read_log(lines, progress, &mut report),
        Err(error) => {
            let message = format!("the custody log cannot be read: {error}");
            report.find(FindingCode::FileMissing, "log/leaves.jsonl", None, message);
        }
    }
    let is_being_written = was_being_written || is_locked(&layout);
    check.finish(is_being_written, &mut report);
    files::check(&layout, is_being_written, &mut report);
    files::check_recovered(&layout, &check.recovered, is_being_written, &mut report);
    if is_being_written {
        let note = "another process is writing to the archive; what it had not finished was passed over";
        report.notes.push(note.to_string());
    }
    report.notes.extend(WHAT_IS_NOT_PROVEN.map(str::to_string));
    Ok(report)
}

/// What no verification of this kind can show.
const WHAT_IS_NOT_PROVEN: [&str; 3] = [
    "whoever holds the signing key can write another history: only a checkpoint that was kept elsewhere shows that this is not one",
    "the newest leaves after the last checkpoint can be removed, with their records, without a trace in the archive itself, and so can the newest checkpoints together with everything that they alone cover",
    "times are those of the computer's clock, and that a server sent these bytes rests on the program that recorded them",
];

/// The key to check with, and what is wrong with the one in the archive.
fn judge_key(layout: &Layout, asked: Option<&VerifierKey>, report: &mut Report) -> Option<VerifierKey> {
    let text = match fs::read_to_string(layout.public_key()) {
        Ok(text) => text,
        Err(error) => {
            report.find(FindingCode::FileMissing, PUBLIC_FILE, None, format!("the public key cannot be read: {error}"));
            return asked.cloned();
        }
    };
    let found = text.parse::<VerifierKey>().ok().filter(|key| format!("{key}\n") == text);
    match (asked, &found) {
        (_, None) => report.find(FindingCode::KeyMismatch, PUBLIC_FILE, None, "the file is no verifier key"),
        (Some(asked), Some(found)) if asked != found => {
            let message = format!("the archive's key is `{found}`, not the one to check with, `{asked}`");
            report.find(FindingCode::KeyMismatch, PUBLIC_FILE, None, message);
        }
        (None, Some(found)) => report.notes.push(format!(
            "signatures were checked with the key that lies in the archive, `{found}`: compare it with one that you had from its owner"
        )),
        (Some(_), Some(_)) => {}
    }
    asked.cloned().or(found)
}

/// Whether a writer holds the lock at this moment.
fn is_locked(layout: &Layout) -> bool {
    let Ok(file) = File::open(layout.lock()) else { return false };
    matches!(file.try_lock_shared(), Err(fs::TryLockError::WouldBlock))
}
