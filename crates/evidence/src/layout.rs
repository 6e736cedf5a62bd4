//! Where things lie in an archive's folder, and the text that tells a stranger what they are.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::error::{Error, IoContext as _, Result};
use crate::keys::PUBLIC_FILE;

/// The file that says, without our software, what the folder holds.
pub(crate) const README_FILE: &str = "README.txt";
/// The file on which a writer holds its lock. It stays empty.
pub(crate) const LOCK_FILE: &str = "lock";
/// The folders of an archive.
pub(crate) const FOLDERS: [&str; 5] = ["log", "log/checkpoints", "warc", "recovered", "spool"];

/// What `README.txt` says. Its first line names the format.
pub(crate) const README: &str = "\
Lapwing evidence archive, format 1

warc/        What was captured: WARC/1.1 records, one gzip member each. A capture is a `response` and a `request`
             (or, for a file, a `resource`), then a `metadata` record on urn:capture:<id> with its manifest.
log/         leaves.jsonl: the custody log, one canonical JSON (RFC 8785) value a line: captures and events, in order.
             checkpoints/<size>: signed statements of the log's size and root; checkpoint: the latest of them.
custody.pub  The key that signs, as a signed-note verifier key (c2sp.org/signed-note, Ed25519).
recovered/   Torn ends that a crash left, cut off and kept. An event in the log names each with its digest.
spool/       Files on their way in. Empty unless a program is writing.

To check without our software:
1. Root: the Merkle tree of RFC 6962 over the lines of leaves.jsonl (without their line feeds). With the first <size>
   lines it is the third line of checkpoints/<size>, which is a c2sp.org/tlog-checkpoint.
2. Leaf: `n` counts from 0; `prev` is the root over all lines before; `checkpoint` is the size of the latest checkpoint
   when it was written; `sig` is the Ed25519 signature over `lapwing leaf v1`, a line feed and the line's value without
   `sig`, in canonical JSON.
3. Records: `records` of each leaf name file, offset, length and SHA-256 of each gzip member. Together they cover every
   byte of every file in warc/. The manifest in the leaf equals the block of the metadata record.
";

/// The paths of one archive.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    root: PathBuf,
}

impl Layout {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside the archive, from a name with `/` in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        name.split('/').fold(self.root.clone(), |path, part| path.join(part))
    }

    pub(crate) fn leaves(&self) -> PathBuf {
        self.path("log/leaves.jsonl")
    }

    pub(crate) fn checkpoint(&self) -> PathBuf {
        self.path("log/checkpoint")
    }

    pub(crate) fn checkpoint_of(&self, size: u64) -> PathBuf {
        self.path("log/checkpoints").join(size.to_string())
    }

    pub(crate) fn public_key(&self) -> PathBuf {
        self.path(PUBLIC_FILE)
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.path(LOCK_FILE)
    }

    pub(crate) fn warc(&self, number: u32) -> PathBuf {
        self.path(&warc_name(number))
    }

    /// The sizes of the checkpoints on disk, the smallest first, and the names that are none.
    pub(crate) fn checkpoint_sizes(&self) -> Result<(Vec<u64>, Vec<String>)> {
        let parse = |name: &str| name.parse().ok().filter(|size: &u64| size.to_string() == name);
        self.numbered("log/checkpoints", parse)
    }

    /// The numbers of the WARC files on disk, the smallest first, and the names that are none.
    pub(crate) fn warc_numbers(&self) -> Result<(Vec<u32>, Vec<String>)> {
        self.numbered("warc", |name| warc_number(&format!("warc/{name}")))
    }

    fn numbered<N: Ord>(&self, folder: &str, parse: impl Fn(&str) -> Option<N>) -> Result<(Vec<N>, Vec<String>)> {
        let (mut numbers, mut strangers) = (Vec::new(), Vec::new());
        for name in self.names_in(folder)? {
            match parse(&name) {
                Some(number) => numbers.push(number),
                None => strangers.push(name),
            }
        }
        numbers.sort_unstable();
        Ok((numbers, strangers))
    }

    /// The names in one of the archive's folders, sorted; a name that is no text is shown as well as it can be.
    pub(crate) fn names_in(&self, folder: &str) -> Result<Vec<String>> {
        let path = if folder.is_empty() { self.root.clone() } else { self.path(folder) };
        let mut names = Vec::new();
        for entry in fs::read_dir(&path).context("list", &path)? {
            names.push(entry.context("list", &path)?.file_name().to_string_lossy().into_owned());
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Fails where this is no archive.
    pub(crate) fn must_be_archive(&self) -> Result<()> {
        let found = self.leaves().is_file() && self.path("warc").is_dir();
        found.then_some(()).ok_or_else(|| Error::NotAnArchive(self.root.clone()))
    }
}

/// The name of a WARC file, relative to the archive.
pub(crate) fn warc_name(number: u32) -> String {
    format!("warc/{number:08}.warc.gz")
}

/// The number in a WARC file's name, where it has exactly our form. Paths from manifests pass through here, so that
/// none leads out of the archive.
pub(crate) fn warc_number(name: &str) -> Option<u32> {
    let digits = name.strip_prefix("warc/")?.strip_suffix(".warc.gz")?;
    let number = digits.parse().ok()?;
    (number > 0 && warc_name(number) == name).then_some(number)
}

/// Makes the names in a folder durable.
pub(crate) fn sync_dir(path: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(path).and_then(|folder| folder.sync_all()).context("write the folder", path)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_our_form_are_warc_files() {
        assert_eq!(warc_number("warc/00000007.warc.gz"), Some(7));
        for name in ["warc/7.warc.gz", "warc/00000000.warc.gz", "../warc/00000001.warc.gz", "warc/+0000001.warc.gz", ""]
        {
            assert_eq!(warc_number(name), None, "{name}");
        }
    }

    #[test]
    fn the_readme_names_every_folder() {
        for folder in FOLDERS {
            assert!(README.contains(&format!("{}/", folder.rsplit('/').next().unwrap())), "{folder}");
        }
    }
}
