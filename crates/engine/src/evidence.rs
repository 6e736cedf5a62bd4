//! Evidence as a use-case: what was kept, one capture, and whether all of it is still what was kept.

use lapwing_evidence::{Keys, Progress, Report, verify};
use lapwing_types::{Capture, CaptureId};
use serde::Serialize;

use crate::error::{EngineError, Result};
use crate::workspace::Workspace;

/// A capture in a list.
#[derive(Debug, Clone, Serialize)]
pub struct CaptureRow {
    /// Its place in the custody log.
    pub leaf: u64,
    /// The manifest.
    #[serde(flatten)]
    pub capture: Capture,
}

impl Workspace {
    /// All captures in the order of the custody log, read as they are asked for.
    ///
    /// # Errors
    /// Where the evidence cannot be opened; a damaged entry is an error of its own.
    pub fn captures(&self) -> Result<impl Iterator<Item = Result<CaptureRow>>> {
        let captures = self.reader()?.list()?;
        Ok(captures.map(|entry| Ok(entry.map(|(leaf, capture)| CaptureRow { leaf, capture })?)))
    }
}

/// One capture and its bytes as they were transferred.
///
/// # Errors
/// Where there is no such capture, or its bytes are not those that were kept.
pub fn show_capture(workspace: &Workspace, id: CaptureId) -> Result<(Capture, Vec<u8>)> {
    let reader = workspace.reader()?;
    let unknown =
        || EngineError::Unknown { what: "capture", id: id.to_string(), help: "`lapwing evidence list` names them" };
    let capture = reader.find(id)?.ok_or_else(unknown)?;
    let body = reader.read_body(&capture)?;
    Ok((capture, body))
}

/// Compares every kept byte with the custody log and every checkpoint with the key.
///
/// # Errors
/// Where the evidence cannot be read at all; what is wrong with it stands in the report.
pub fn verify_evidence(workspace: &Workspace, progress: &mut dyn FnMut(Progress)) -> Result<Report> {
    let key = Keys::load(&workspace.keys_folder())?.verifier();
    Ok(verify(&workspace.evidence_folder(), Some(&key), progress)?)
}
