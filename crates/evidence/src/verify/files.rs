//! What lies in the archive's folders: nothing that does not belong there, nothing missing, no links.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;

use crate::keys::{PUBLIC_FILE, SECRET_FILE};
use crate::layout::{FOLDERS, LOCK_FILE, Layout, README, README_FILE};
use crate::log::TEMPORARY_CHECKPOINT;
use crate::recovery::KeptBytes;
use crate::report::{FindingCode, Report};
use crate::warc::Measuring;

/// Checks names and kinds; the contents of log and WARC files are checked by those who read them.
pub(super) fn check(layout: &Layout, is_being_written: bool, report: &mut Report) {
    check_folders(layout, report);
    let strange = |report: &mut Report, name: &str, message: &str| {
        report.find(FindingCode::UnknownFile, name, None, message);
    };
    for name in names(layout, "") {
        match name.as_str() {
            README_FILE | PUBLIC_FILE | LOCK_FILE => must_be_file(layout, &name, report),
            "log" | "warc" | "recovered" | "spool" => {}
            SECRET_FILE => {
                let note =
                    "the signing key lies in the archive: keep it elsewhere, and never hand it out with the archive";
                report.notes.push(note.to_string());
            }
            _ => strange(report, &name, "the file does not belong to an archive"),
        }
    }
    for name in names(layout, "log") {
        let path = format!("log/{name}");
        match name.as_str() {
            "leaves.jsonl" | "checkpoint" => must_be_file(layout, &path, report),
            "checkpoints" => {}
            _ if path == TEMPORARY_CHECKPOINT && is_being_written => {}
            _ => strange(report, &path, "the file does not belong to a log"),
        }
    }
    if !is_being_written {
        for name in names(layout, "spool") {
            strange(
                report,
                &format!("spool/{name}"),
                "a file that was not kept; opening the archive for writing moves it",
            );
        }
    }
    check_strangers(layout, report);
    check_readme_and_lock(layout, report);
}

/// Compares the files in `recovered/` with what the log says of them.
pub(super) fn check_recovered(
    layout: &Layout,
    listed: &BTreeMap<String, KeptBytes>,
    is_being_written: bool,
    report: &mut Report,
) {
    for name in names(layout, "recovered") {
        let file = format!("recovered/{name}");
        if !listed.contains_key(&file) && !is_being_written {
            report.find(FindingCode::UnknownFile, file, None, "no event in the log names this file");
        }
    }
    for kept in listed.values() {
        let mut measuring = Measuring::new(io::sink());
        let copied = File::open(layout.path(&kept.file)).and_then(|mut file| io::copy(&mut file, &mut measuring));
        let measure = measuring.measure();
        if copied.is_err() || (measure.length, measure.digest) != (kept.length, kept.digest) {
            let message = "the file is gone or is not the one that was put there";
            report.find(FindingCode::RecoveredChanged, kept.file.clone(), None, message);
        }
    }
}

fn check_folders(layout: &Layout, report: &mut Report) {
    for folder in FOLDERS {
        if !fs::symlink_metadata(layout.path(folder)).is_ok_and(|data| data.is_dir()) {
            report.find(FindingCode::FileMissing, folder, None, "the folder is missing, or is no folder");
        }
    }
}

fn check_strangers(layout: &Layout, report: &mut Report) {
    let strangers = [
        ("warc", layout.warc_numbers().map(|found| found.1)),
        ("log/checkpoints", layout.checkpoint_sizes().map(|found| found.1)),
    ];
    for (folder, names) in strangers {
        for name in names.unwrap_or_default() {
            let place = format!("{folder}/{name}");
            report.find(FindingCode::UnknownFile, place, None, "the file does not belong there");
        }
    }
}

fn check_readme_and_lock(layout: &Layout, report: &mut Report) {
    match fs::read(layout.path(README_FILE)) {
        Ok(bytes) if bytes == README.as_bytes() => {}
        Ok(_) => report.find(FindingCode::FileChanged, README_FILE, None, "the text is not the one of this format"),
        Err(error) => report.find(FindingCode::FileMissing, README_FILE, None, error.to_string()),
    }
    if fs::metadata(layout.lock()).is_ok_and(|data| data.len() > 0) {
        report.find(FindingCode::FileChanged, LOCK_FILE, None, "the file should be empty");
    }
}

fn must_be_file(layout: &Layout, name: &str, report: &mut Report) {
    if !fs::symlink_metadata(layout.path(name)).is_ok_and(|data| data.is_file()) {
        report.find(FindingCode::UnknownFile, name, None, "it is a link or a folder, not a file");
    }
}

fn names(layout: &Layout, folder: &str) -> Vec<String> {
    layout.names_in(folder).unwrap_or_default()
}
