//! Files that a rule author would write by hand: a new rule's, and the canonical layout of all.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use lapwing_detect::rules::{folder_for, format, schemas, skeleton};
use lapwing_detect::{Pack, PackFile};
use lapwing_types::{Family, RuleId};

use crate::error::{EngineError, Result};
use crate::packs::{pack_files, yaml_files};

/// Writes the file of a new rule into the last of the packs and gives its path.
///
/// # Errors
/// Where no folder is named, the packs cannot be loaded, the id is taken or misshapen, the family cannot be told, or a
/// file stands at the place already.
pub fn new_rule(folders: &[PathBuf], id: &str, family: Option<&str>) -> Result<PathBuf> {
    let Some(folder) = folders.last() else {
        let message = "a rule needs a pack to stand in; name its folder by `--rules DIR` or in `detect.rules`";
        return Err(EngineError::Request(message.to_string()));
    };
    let request = |message: String| EngineError::Request(message);
    let id: RuleId = id.parse().map_err(|error| request(format!("{error}")))?;
    let family = family.map(str::parse::<Family>).transpose().map_err(|error| request(format!("{error}")))?;
    let mut packs = pack_files(folders)?;
    let (pack, _) = Pack::load(&packs).map_err(EngineError::Pack)?;
    let text = skeleton(&pack, &id, family).map_err(request)?;
    let inside = format!("{}/{id}.yaml", folder_for(&pack, &id));
    if let Some(last) = packs.last_mut() {
        last.push(PackFile { path: inside.clone(), bytes: text.clone().into_bytes() });
    }
    Pack::load(&packs).map_err(EngineError::Pack)?;
    let path = folder.join(&inside);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|error| EngineError::file("make the folder", parent, error))?;
    }
    let written = fs::File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| EngineError::file("write the new file", &path, error))?;
    Ok(path)
}

/// What laying out files came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormatReport {
    /// Files whose layout is (or, when only checked, would be) another.
    pub changed: Vec<PathBuf>,
    /// How many had the canonical layout.
    pub unchanged: usize,
    /// Files that were left alone, each with the reason.
    pub refused: Vec<(PathBuf, String)>,
}

/// Lays out files, or all of the packs where none is named; `check` writes nothing.
///
/// # Errors
/// Where no file and no folder is named, or one cannot be read or written.
pub fn format_files(folders: &[PathBuf], files: &[PathBuf], check: bool) -> Result<FormatReport> {
    let mut report = FormatReport::default();
    for (inside, path) in to_lay_out(folders, files)? {
        let bytes = fs::read(&path).map_err(|error| EngineError::file("read", &path, error))?;
        let Ok(text) = String::from_utf8(bytes) else {
            report.refused.push((path, "the file is not UTF-8; save it as UTF-8".to_string()));
            continue;
        };
        match format(&inside, &text) {
            Err(reason) => report.refused.push((path, reason)),
            Ok(laid_out) if laid_out == text => report.unchanged += 1,
            Ok(laid_out) => {
                if !check {
                    replace(&path, &laid_out)?;
                }
                report.changed.push(path);
            }
        }
    }
    Ok(report)
}

/// Writes the schemas of a pack's files, `<name>.schema.json` each, and gives their paths.
///
/// # Errors
/// Where the folder or a file cannot be written.
pub fn write_schemas(folder: &Path) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder).map_err(|error| EngineError::file("make the folder", folder, error))?;
    let mut written = Vec::new();
    for (name, schema) in schemas() {
        let path = folder.join(format!("{name}.schema.json"));
        let text = serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n";
        fs::write(&path, text).map_err(|error| EngineError::file("write", &path, error))?;
        written.push(path);
    }
    Ok(written)
}

/// Each file with its path inside its pack; of a named file only the folder in which it stands is known.
fn to_lay_out(folders: &[PathBuf], files: &[PathBuf]) -> Result<Vec<(String, PathBuf)>> {
    if !files.is_empty() {
        let inside = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let parent = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
            (format!("{parent}/{name}"), path.clone())
        };
        return Ok(files.iter().map(inside).collect());
    }
    if folders.is_empty() {
        let message = "name files, or a pack's folder by `--rules DIR`; the program's own pack cannot be laid out";
        return Err(EngineError::Request(message.to_string()));
    }
    let mut all = Vec::new();
    for folder in folders {
        all.append(&mut yaml_files(folder)?);
    }
    all.sort();
    Ok(all)
}

/// Writes beside the file and then takes its place, so that no half-written rule is ever read.
fn replace(path: &Path, text: &str) -> Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    let beside = path.with_file_name(name);
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| EngineError::file("write", path, error))
}
