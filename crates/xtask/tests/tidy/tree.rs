//! The files of the repository: what git would commit, or, where git is missing, what lies there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file as text; `path` is below the root, with `/`.
#[derive(Debug, Clone)]
pub(crate) struct TextFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl TextFile {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_string(), text: text.to_string() }
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

/// Paths of all files, sorted.
pub(crate) fn paths() -> Vec<String> {
    let mut paths = paths_by_git().unwrap_or_else(paths_by_walking);
    paths.retain(|path| root().join(path).is_file());
    paths.sort();
    paths.dedup();
    paths
}

/// All files whose path is accepted and whose bytes are text.
pub(crate) fn text_files(accept: impl Fn(&str) -> bool) -> Vec<TextFile> {
    let mut files = Vec::new();
    for path in paths() {
        if !accept(&path) {
            continue;
        }
        if let Ok(text) = fs::read_to_string(root().join(&path)) {
            files.push(TextFile { path, text });
        }
    }
    files
}

fn paths_by_git() -> Option<Vec<String>> {
    let output = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .ok()?;
    let listed = String::from_utf8(output.stdout).ok()?;
    let paths: Vec<String> = listed.split('\0').filter(|path| !path.is_empty()).map(str::to_string).collect();
    (output.status.success() && !paths.is_empty()).then_some(paths)
}

/// Without git: all files but those that `.gitignore` names.
fn paths_by_walking() -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let below = path.strip_prefix(root()).unwrap().to_str().unwrap().to_string();
            if is_ignored(&below) {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(below);
            }
        }
    }
    found
}

fn is_ignored(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(path, "target" | ".git") || matches!(name, "node_modules" | "__pycache__") || name.ends_with(".profraw")
}

#[test]
fn both_ways_find_this_file() {
    let this = "crates/xtask/tests/tidy/tree.rs".to_string();
    assert!(paths().contains(&this));
    assert!(paths_by_walking().contains(&this));
}

#[test]
fn what_is_built_is_not_listed() {
    assert!(paths_by_walking().iter().all(|path| !path.starts_with("target/") && !path.starts_with(".git/")));
}
