//! What holds for the manifest of each crate, and for the two crates that are pure.

use crate::fault::{Fault, assert_none, places};
use crate::tree::{self, TextFile};

/// The crates that touch no file, socket, clock, environment, chance or async; clippy bans it by this file.
const PURE: [&str; 2] = ["crates/types/clippy.toml", "crates/detect/clippy.toml"];

fn lint_faults(manifests: &[TextFile]) -> Vec<Fault> {
    let takes_the_lints = |manifest: &TextFile| {
        let mut lines = manifest.text.lines().map(str::trim).skip_while(|line| *line != "[lints]").skip(1);
        lines.next() == Some("workspace = true")
    };
    let without = manifests.iter().filter(|manifest| !takes_the_lints(manifest));
    without.map(|manifest| Fault::new(&manifest.path, 1, "`[lints]` with `workspace = true` is missing")).collect()
}

/// Clippy reads one file a crate, so the same list stands twice.
fn purity_faults(one: &TextFile, other: &TextFile) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !one.text.contains("std::fs::File") {
        faults.push(Fault::new(&one.path, 1, "bans nothing that touches files"));
    }
    let length = one.text.lines().count().max(other.text.lines().count());
    let differs = |line: &usize| one.text.lines().nth(*line) != other.text.lines().nth(*line);
    if let Some(line) = (0..length).find(differs) {
        faults.push(Fault::new(&other.path, line + 1, format!("differs from {}", one.path)));
    }
    faults
}

#[test]
fn all_crates_take_the_lints_of_the_workspace() {
    let manifests = tree::text_files(|path| path.ends_with("/Cargo.toml"));
    assert!(manifests.len() > 10, "found {} manifests", manifests.len());
    assert_none(&lint_faults(&manifests));
}

#[test]
fn the_pure_crates_are_banned_from_the_same() {
    let read = |path: &str| TextFile::new(path, &std::fs::read_to_string(tree::root().join(path)).unwrap());
    assert_none(&purity_faults(&read(PURE[0]), &read(PURE[1])));
}

#[test]
fn a_manifest_without_lints_is_found() {
    let good = TextFile::new("crates/a/Cargo.toml", "[package]\n[lints]\nworkspace = true\n");
    let bad = TextFile::new("crates/b/Cargo.toml", "[package]\nworkspace = true\n");
    assert_eq!(places(&lint_faults(&[good, bad])), ["crates/b/Cargo.toml:1"]);
}

#[test]
fn different_bans_are_found() {
    let one = TextFile::new("a/clippy.toml", "# same\nstd::fs::File\n");
    let other = TextFile::new("b/clippy.toml", "# same\n");
    assert_eq!(places(&purity_faults(&one, &other)), ["b/clippy.toml:2"]);
    assert_eq!(places(&purity_faults(&other, &other)), ["b/clippy.toml:1"]);
}
