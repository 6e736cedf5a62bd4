//! Rule packs and models: from folders, or from the program itself.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use lapwing_detect::{Detector, Diagnostic, Model, Pack, PackFile};

use crate::config::DetectSettings;
use crate::error::{EngineError, Result};

/// More files than this are no rule pack but a mistaken folder.
const MOST_FILES: usize = 20_000;

#[derive(rust_embed::RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../models/lapwing-1"]
#[include = "model.json"]
struct DefaultModel;

/// A larger file is no part of a pack: it is not read to its end, and loading refuses it by its size.
const LARGEST_READ: u64 = (1 << 20) + 1;

/// The files of a pack's folder.
///
/// # Errors
/// Where the folder or a file in it cannot be read.
pub fn read_pack_folder(folder: &Path) -> Result<Vec<PackFile>> {
    let mut files = Vec::new();
    for (inside, path) in yaml_files(folder)? {
        let mut bytes = Vec::new();
        let read = fs::File::open(&path).and_then(|file| file.take(LARGEST_READ).read_to_end(&mut bytes));
        read.map_err(|error| EngineError::file("read", &path, error))?;
        files.push(PackFile { path: inside, bytes });
    }
    Ok(files)
}

/// The YAML files below a folder: the path inside, with `/`, and the path outside.
pub(crate) fn yaml_files(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(current) = folders.pop() {
        let entries = fs::read_dir(&current).map_err(|error| EngineError::file("read the folder", &current, error))?;
        for entry in entries {
            let path = entry.map_err(|error| EngineError::file("read the folder", &current, error))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.starts_with('.') {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".yaml") {
                let inside = path.strip_prefix(folder).unwrap_or(&path);
                let parts = inside.components().map(|part| part.as_os_str().to_string_lossy());
                files.push((parts.collect::<Vec<_>>().join("/"), path.clone()));
            }
            if files.len() > MOST_FILES {
                let message =
                    format!("`{}` holds more than {MOST_FILES} YAML files; is it a rule pack?", folder.display());
                return Err(EngineError::Request(message));
            }
        }
    }
    Ok(files)
}

/// The files of the packs: of the folders, or of the program's own pack where none is named.
pub(crate) fn pack_files(folders: &[PathBuf]) -> Result<Vec<Vec<PackFile>>> {
    if folders.is_empty() {
        let own = lapwing_rules::default_pack();
        return Ok(vec![own.into_iter().map(|(path, bytes)| PackFile { path, bytes: bytes.into_owned() }).collect()]);
    }
    folders.iter().map(|folder| read_pack_folder(folder)).collect()
}

/// Compiles packs and gives the warnings beside.
///
/// # Errors
/// Where a folder cannot be read, or the pack has errors.
pub fn load_packs(folders: &[PathBuf]) -> Result<(Pack, Vec<Diagnostic>)> {
    Pack::load(&pack_files(folders)?).map_err(EngineError::Pack)
}

/// Compiles packs; warnings are for `rules lint`.
///
/// # Errors
/// As [`load_packs`].
pub fn load_pack(folders: &[PathBuf]) -> Result<Pack> {
    load_packs(folders).map(|(pack, _)| pack)
}

/// A detector by the settings, or by folders that were named instead.
///
/// # Errors
/// Where the pack or the model cannot be loaded.
pub fn detector(settings: &DetectSettings, rules: &[PathBuf], model: Option<&Path>) -> Result<Detector> {
    let own: Vec<PathBuf> = settings.rules.iter().map(PathBuf::from).collect();
    let pack = load_pack(if rules.is_empty() { &own } else { rules })?;
    let model = match model.map_or_else(|| settings.model.clone(), |path| path.display().to_string()).as_str() {
        "none" => None,
        "" => default_model()?,
        folder => Some(load_model(Path::new(folder))?),
    };
    Ok(Detector::new(pack, model))
}

fn default_model() -> Result<Option<Model>> {
    let Some(file) = DefaultModel::get("model.json") else { return Ok(None) };
    let read = Model::from_json(&file.data);
    read.map(Some).map_err(|source| EngineError::Model { path: "models/lapwing-1/model.json".into(), source })
}

/// Loads the model of a folder, or the file itself.
pub(crate) fn load_model(path: &Path) -> Result<Model> {
    let file = if path.is_dir() { path.join("model.json") } else { path.to_path_buf() };
    let bytes = fs::read(&file).map_err(|error| EngineError::file("read the model", &file, error))?;
    Model::from_json(&bytes).map_err(|source| EngineError::Model { path: file, source })
}
