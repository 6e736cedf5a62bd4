//! Events of the custody log from commands that run beside a crawl.
//!
//! One process writes the log at a time. A command that comes while another works (a decision during a crawl) puts its
//! event into a spool file, durably, and whoever opens the log next writes it there with its own time.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use lapwing_evidence::Archive;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock;
use crate::error::{EngineError, Result};
use crate::operator::operator;
use crate::workspace::Workspace;

/// The folder of events that wait; a file each, so that writers never meet.
const SPOOL: &str = "pending-events";

#[derive(Debug, Serialize, Deserialize)]
struct Waiting {
    kind: String,
    at: Timestamp,
    actor: String,
    details: Value,
}

/// Writes an event of the custody log, now or, while another process has the log, as soon as that is done.
pub(crate) fn note(workspace: &Workspace, kind: &str, details: Value) -> Result<()> {
    let actor = operator(workspace)?.pseudonym().to_string();
    let event = Waiting { kind: kind.to_string(), at: clock::now(), actor, details };
    match workspace.archive() {
        Ok((archive, _)) => {
            archive.lock().record_event(&event.kind, event.at, &event.actor, event.details)?;
            Ok(())
        }
        Err(EngineError::Evidence(lapwing_evidence::Error::Locked { .. })) => spool(workspace.folder(), &event),
        Err(other) => Err(other),
    }
}

fn spool(folder: &Path, event: &Waiting) -> Result<()> {
    let spool = folder.join(SPOOL);
    fs::create_dir_all(&spool).map_err(|error| EngineError::file("make the folder", &spool, error))?;
    let name = uuid::Uuid::now_v7().to_string();
    let (unfinished, path) = (spool.join(format!("{name}.part")), spool.join(format!("{name}.json")));
    let text = serde_json::to_string(event).unwrap_or_default();
    let write = || {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)
    };
    write().map_err(|error| EngineError::file("write", &path, error))
}

/// Writes the events that waited into the log, in the order of their time.
pub(crate) fn absorb(folder: &Path, archive: &mut Archive) -> Result<()> {
    let spool = folder.join(SPOOL);
    let Ok(entries) = fs::read_dir(&spool) else { return Ok(()) };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    files.sort_unstable();
    for path in files {
        let text = fs::read_to_string(&path).map_err(|error| EngineError::file("read", &path, error))?;
        let Ok(event) = serde_json::from_str::<Waiting>(&text) else {
            let message = format!("`{}` is not an event; look at it and move it away", path.display());
            return Err(EngineError::Request(message));
        };
        archive.record_event(&event.kind, event.at, &event.actor, event.details)?;
        fs::remove_file(&path).map_err(|error| EngineError::file("remove", &path, error))?;
    }
    Ok(())
}
