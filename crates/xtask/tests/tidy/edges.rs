//! Which crate may depend on which: the diamond of docs/ARCHITECTURE.md, read from `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::fault::{Fault, assert_none, places};
use crate::tree;

/// Each crate of the drawing with exactly what it depends on in the workspace, lowest first.
const DRAWN: [(&str, &[&str]); 9] = [
    ("lapwing-types", &[]),
    ("lapwing-rules", &[]),
    ("lapwing-fixtures", &[]),
    ("lapwing-detect", &["lapwing-types"]),
    ("lapwing-crawl", &["lapwing-types"]),
    ("lapwing-evidence", &["lapwing-types"]),
    ("lapwing-store", &["lapwing-types"]),
    (
        "lapwing-engine",
        &["lapwing-types", "lapwing-detect", "lapwing-crawl", "lapwing-evidence", "lapwing-store", "lapwing-rules"],
    ),
    ("lapwing", &["lapwing-types", "lapwing-engine", "lapwing-fixtures"]),
];

/// Outside the drawing: they may depend on all, and nothing depends on them.
const FREE: [&str; 2] = ["xtask", "lapwing-benches"];

/// What tests may take beside what lies below them.
const FOR_TESTS: [&str; 2] = ["lapwing-rules", "lapwing-fixtures"];

/// A crate as far as this check reads it.
struct Crate {
    name: String,
    manifest: String,
    manifest_text: String,
    /// Dependencies in the workspace, each with whether it is for tests alone.
    dependencies: Vec<(String, bool)>,
}

fn crates() -> Vec<Crate> {
    let metadata = MetadataCommand::new().current_dir(tree::root()).no_deps().exec().unwrap();
    let names: BTreeSet<String> = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    let mut crates = Vec::new();
    for package in &metadata.packages {
        let manifest = package.manifest_path.strip_prefix(tree::root()).unwrap_or(&package.manifest_path);
        let in_workspace = package.dependencies.iter().filter(|dependency| names.contains(&dependency.name));
        crates.push(Crate {
            name: package.name.to_string(),
            manifest: manifest.to_string(),
            manifest_text: std::fs::read_to_string(&package.manifest_path).unwrap(),
            dependencies: in_workspace
                .map(|dependency| (dependency.name.clone(), dependency.kind == DependencyKind::Development))
                .collect(),
        });
    }
    crates
}

fn edge_faults(crates: &[Crate]) -> Vec<Fault> {
    let drawn: BTreeMap<&str, &[&str]> = DRAWN.into_iter().collect();
    let mut faults = Vec::new();
    for each in crates.iter().filter(|each| !FREE.contains(&each.name.as_str())) {
        let fault = |line, what: String| Fault::new(&each.manifest, line, what);
        let Some(allowed) = drawn.get(each.name.as_str()) else {
            faults.push(fault(1, format!("crate `{}` is not in the drawing", each.name)));
            continue;
        };
        for (dependency, for_tests) in &each.dependencies {
            let line = line_naming(&each.manifest_text, dependency);
            if *for_tests && !may_test_with(&each.name, dependency, &drawn) {
                faults.push(fault(line, format!("tests of `{}` may not depend on `{dependency}`", each.name)));
            } else if !for_tests && !allowed.contains(&dependency.as_str()) {
                faults.push(fault(line, format!("`{}` may not depend on `{dependency}`", each.name)));
            }
        }
        for missing in allowed.iter().filter(|name| !each.dependencies.contains(&((**name).to_string(), false))) {
            faults.push(fault(1, format!("`{}` is drawn to depend on `{missing}` and does not", each.name)));
        }
    }
    let present: BTreeSet<&str> = crates.iter().map(|each| each.name.as_str()).collect();
    for (missing, _) in DRAWN.iter().filter(|(name, _)| !present.contains(name)) {
        faults.push(Fault::new("Cargo.toml", 1, format!("crate `{missing}` is drawn and does not exist")));
    }
    faults
}

/// Tests may look downwards, however far, and at rules and fixtures.
fn may_test_with(from: &str, to: &str, drawn: &BTreeMap<&str, &[&str]>) -> bool {
    let below = drawn.get(from).copied().unwrap_or_default();
    FOR_TESTS.contains(&to) || below.contains(&to) || below.iter().any(|next| may_test_with(next, to, drawn))
}

fn line_naming(manifest: &str, dependency: &str) -> usize {
    let names_it = |line: &str| line.strip_prefix(dependency).is_some_and(|rest| rest.starts_with(['.', ' ', '=']));
    manifest.lines().position(names_it).map_or(1, |index| index + 1)
}

#[test]
fn crates_depend_as_drawn() {
    assert_none(&edge_faults(&crates()));
}

/// The drawing itself, for counter-tests to spoil.
fn made_up() -> Vec<Crate> {
    let of = |name: &str| name.trim_start_matches("lapwing-").to_string();
    let build = |(name, dependencies): &(&str, &[&str])| Crate {
        name: (*name).to_string(),
        manifest: format!("crates/{}/Cargo.toml", of(name)),
        manifest_text: "[dependencies]\nlapwing-store.workspace = true\n".to_string(),
        dependencies: dependencies.iter().map(|dependency| ((*dependency).to_string(), false)).collect(),
    };
    DRAWN.iter().map(build).collect()
}

fn spoiled(name: &str, spoil: impl Fn(&mut Crate)) -> Vec<String> {
    let mut crates = made_up();
    spoil(crates.iter_mut().find(|each| each.name == name).unwrap());
    places(&edge_faults(&crates))
}

#[test]
fn the_drawing_passes() {
    assert_none(&edge_faults(&made_up()));
}

#[test]
fn a_sideways_edge_is_found() {
    let faults = spoiled("lapwing-crawl", |each| each.dependencies.push(("lapwing-store".into(), false)));
    assert_eq!(faults, ["crates/crawl/Cargo.toml:2"]);
}

#[test]
fn a_missing_edge_is_found() {
    let faults = spoiled("lapwing-engine", |each| each.dependencies.retain(|(name, _)| name != "lapwing-rules"));
    assert_eq!(faults, ["crates/engine/Cargo.toml:1"]);
}

#[test]
fn an_upward_edge_of_tests_is_found() {
    let faults = spoiled("lapwing-detect", |each| each.dependencies.push(("lapwing-engine".into(), true)));
    assert_eq!(faults, ["crates/detect/Cargo.toml:1"]);
}

#[test]
fn tests_may_look_down_and_at_fixtures() {
    let downwards = |each: &mut Crate| {
        each.dependencies.extend([("lapwing-store".into(), true), ("lapwing-fixtures".into(), true)]);
    };
    assert!(spoiled("lapwing", downwards).is_empty());
}

#[test]
fn a_crate_outside_the_drawing_is_found() {
    assert_eq!(spoiled("lapwing-store", |each| each.name = "lapwing-shop".into()).len(), 2);
}
