//! What lies at the top of the repository, exactly.

use std::collections::BTreeSet;

use crate::fault::{Fault, assert_none, places};
use crate::tree;

const TOP_LEVEL: [&str; 11] = [
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "crates",
    "models",
    "rules",
    "fixtures",
    "benches",
    "docs",
];

fn top_level_faults(paths: &[String]) -> Vec<Fault> {
    let found: BTreeSet<&str> = paths.iter().filter_map(|path| path.split('/').next()).collect();
    let mut faults = Vec::new();
    for name in found.iter().filter(|name| !name.starts_with('.') && !TOP_LEVEL.contains(name)) {
        faults.push(Fault::new(name, 1, "does not belong to the top level"));
    }
    for name in TOP_LEVEL.iter().filter(|name| !found.contains(*name)) {
        faults.push(Fault::new(name, 1, "is missing from the top level"));
    }
    faults
}

#[test]
fn the_top_level_is_as_described() {
    assert_none(&top_level_faults(&tree::paths()));
}

fn faults_with(change: impl Fn(&mut Vec<String>)) -> Vec<String> {
    let mut paths: Vec<String> = TOP_LEVEL.iter().map(|name| (*name).to_string()).collect();
    change(&mut paths);
    places(&top_level_faults(&paths))
}

#[test]
fn dotfiles_and_what_is_listed_pass() {
    assert!(faults_with(|paths| paths.push(".ci/run".into())).is_empty());
}

#[test]
fn a_stray_file_is_found() {
    assert_eq!(faults_with(|paths| paths.push("scripts/a.sh".into())), ["scripts:1"]);
}

#[test]
fn a_missing_file_is_found() {
    assert_eq!(faults_with(|paths| paths.retain(|path| path != "README.md")), ["README.md:1"]);
}
