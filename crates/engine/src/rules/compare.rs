//! What changed between two packs, and what a pack covers.

use std::path::{Path, PathBuf};

use lapwing_detect::rules::{Coverage, PackDiff, coverage, diff};

use crate::error::{EngineError, Result};
use crate::packs::{load_pack, read_pack_folder};

/// What changed from one pack's folder to another.
///
/// # Errors
/// Where a folder cannot be read, or holds a file that is no YAML.
pub fn diff_packs(before: &Path, after: &Path) -> Result<PackDiff> {
    diff(&read_pack_folder(before)?, &read_pack_folder(after)?).map_err(EngineError::Pack)
}

/// What the packs cover: terms by concept and language, rules by indicator.
///
/// # Errors
/// Where the packs cannot be loaded.
pub fn coverage_of(folders: &[PathBuf]) -> Result<Coverage> {
    Ok(coverage(&load_pack(folders)?))
}
