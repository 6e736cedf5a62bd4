//! The folder of a model: read what stands there, write what was learned, all files or none.

use std::fs;
use std::path::Path;

use lapwing_detect::{LearnerState, Model};

use crate::error::{EngineError, Result};
use crate::packs::load_model;

const STATE_FILE: &str = "learner.json";

/// The model that stands in a folder; `None` where there is none, or one that this program no longer reads.
pub(super) fn standing_model(folder: &Path) -> Result<Option<Model>> {
    if !folder.join("model.json").exists() {
        return Ok(None);
    }
    match load_model(folder) {
        Ok(model) => Ok(Some(model)),
        Err(EngineError::Model { source: lapwing_detect::ModelError::Version { .. }, .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The learner's state beside a model.
pub(super) fn standing_state(folder: &Path) -> Result<LearnerState> {
    let path = folder.join(STATE_FILE);
    let bytes = fs::read(&path).map_err(|error| EngineError::file("read the learner's state", &path, error))?;
    LearnerState::from_json(&bytes).map_err(|error| EngineError::Request(format!("`{}`: {error}", path.display())))
}

/// Writes each file beside its place and then moves it there, the model last: a crash leaves the old model in force.
pub(super) fn write(folder: &Path, model: &Model, state: Option<&LearnerState>, card: &str) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| EngineError::file("make the folder", folder, error))?;
    let metrics = serde_json::to_string_pretty(model.metrics()).unwrap_or_default() + "\n";
    let mut files = vec![("CARD.md", card.to_string()), ("metrics.json", metrics)];
    match state {
        Some(state) => files.push((STATE_FILE, state.to_json())),
        None => remove_state(folder)?,
    }
    files.push(("model.json", model.to_json()));
    for (name, text) in &files {
        let path = folder.join(format!("{name}.new"));
        fs::write(&path, text).map_err(|error| EngineError::file("write", &path, error))?;
    }
    for (name, _) in &files {
        let (from, to) = (folder.join(format!("{name}.new")), folder.join(name));
        fs::rename(&from, &to).map_err(|error| EngineError::file("write", &to, error))?;
    }
    Ok(())
}

/// A model that cannot go on learning must not stand beside the state of another.
fn remove_state(folder: &Path) -> Result<()> {
    let path = folder.join(STATE_FILE);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(EngineError::file("remove", &path, error)),
        _ => Ok(()),
    }
}
