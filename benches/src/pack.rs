//! The shipped pack.

use lapwing_detect::{Pack, PackFile};

/// The files of the shipped pack.
pub fn files() -> Vec<PackFile> {
    let files = lapwing_rules::default_pack().into_iter();
    files.map(|(path, bytes)| PackFile { path, bytes: bytes.into_owned() }).collect()
}

/// The shipped pack, compiled.
///
/// # Errors
/// Where it has findings that are errors.
pub fn load() -> anyhow::Result<Pack> {
    let (pack, _) = Pack::load(&[files()]).map_err(|found| anyhow::anyhow!("the pack has {} findings", found.len()))?;
    Ok(pack)
}
