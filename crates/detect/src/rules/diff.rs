//! What changed between two states of a pack: rules, filters, indicators, concepts, and whether a rule whose logic
//! changed raised its version. It compares values as written, so a new layout is no change.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::diagnostic::{Diagnostic, Place, Reporter};
use super::pack::PackFile;
use super::yaml;

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// What: `condition`, `score.points`, `patterns.fee`, `title`, …
    pub what: String,
    /// How it was; `null` where it was not there.
    pub before: Value,
    /// How it is; `null` where it is gone.
    pub after: Value,
}

/// A rule, filter or indicator that is in both states and not the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    /// Its id.
    pub id: String,
    /// Its file in the second state.
    pub file: String,
    /// What changed.
    pub changes: Vec<Change>,
    /// Whether it decides otherwise: its condition, patterns, points, scope or sensitivity changed.
    pub logic: bool,
    /// Whether its version is higher than before.
    pub version_raised: bool,
    /// Whether the rule says why its version stays, by `suppress: {version-not-raised: …}`.
    pub suppressed: bool,
}

impl Changed {
    /// Whether the rule decides otherwise under the version that it had.
    pub fn hides_its_change(&self) -> bool {
        self.logic && !self.version_raised && !self.suppressed
    }
}

/// The terms of a concept that came and went in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConceptChange {
    /// The language.
    pub language: String,
    /// The concept.
    pub concept: String,
    /// Terms that came.
    pub added: Vec<String>,
    /// Terms that went.
    pub removed: Vec<String>,
}

/// Ids that came and went, and what stayed and changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Changes {
    /// In the second state only.
    pub added: Vec<String>,
    /// In the first state only.
    pub removed: Vec<String>,
    /// In both.
    pub changed: Vec<Changed>,
}

/// All that changed between two states of a pack.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PackDiff {
    /// Name, version, bands and families.
    pub pack: Vec<Change>,
    /// Rules.
    pub rules: Changes,
    /// Filters.
    pub filters: Changes,
    /// Indicators.
    pub indicators: Changes,
    /// Terms by language and concept.
    pub concepts: Vec<ConceptChange>,
}

impl PackDiff {
    /// Rules that decide otherwise under the version that they had.
    pub fn versions_not_raised(&self) -> impl Iterator<Item = &Changed> {
        self.rules.changed.iter().filter(|changed| changed.hides_its_change())
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Compares two states of a pack.
///
/// # Errors
/// The findings, where a file of either is no YAML that a pack may hold.
pub fn diff(before: &[PackFile], after: &[PackFile]) -> Result<PackDiff, Vec<Diagnostic>> {
    let (before, after) = (State::read(before)?, State::read(after)?);
    Ok(PackDiff {
        pack: changes_of(&before.pack, &after.pack, 1),
        rules: compare(&before.rules, &after.rules),
        filters: compare(&before.filters, &after.filters),
        indicators: compare(&before.indicators, &after.indicators),
        concepts: compare_terms(&before.terms, &after.terms),
    })
}

/// By id: the file and the value.
type Entries = BTreeMap<String, (String, Value)>;
/// By language and concept: the terms.
type Terms = BTreeMap<(String, String), BTreeSet<String>>;

#[derive(Default)]
struct State {
    pack: Value,
    rules: Entries,
    filters: Entries,
    indicators: Entries,
    terms: Terms,
}

impl State {
    fn read(files: &[PackFile]) -> Result<Self, Vec<Diagnostic>> {
        let mut state = Self::default();
        let mut found = Vec::new();
        for file in files.iter().filter(|file| file.path.ends_with(".yaml")) {
            let value = match std::str::from_utf8(&file.bytes) {
                Ok(text) => yaml::value(&file.path, text),
                Err(_) => Err(not_utf8(&file.path)),
            };
            match value {
                Ok(value) => state.add(&file.path, value),
                Err(finding) => found.push(*finding),
            }
        }
        if found.is_empty() { Ok(state) } else { Err(found) }
    }

    fn add(&mut self, path: &str, value: Value) {
        let id = |value: &Value| value["id"].as_str().unwrap_or(path).to_string();
        match path.split('/').collect::<Vec<_>>().as_slice() {
            ["pack.yaml"] => self.pack = value,
            ["indicators.yaml"] => {
                for (id, entry) in value["indicators"].as_object().into_iter().flatten() {
                    self.indicators.insert(id.clone(), (path.to_string(), entry.clone()));
                }
            }
            ["sites", _] => {}
            ["lexicons", _] => self.add_terms(&value),
            ["filters", ..] => drop(self.filters.insert(id(&value), (path.to_string(), value))),
            _ => drop(self.rules.insert(id(&value), (path.to_string(), value))),
        }
    }

    fn add_terms(&mut self, lexicon: &Value) {
        let language = lexicon["language"].as_str().unwrap_or_default();
        for (concept, entry) in lexicon["concepts"].as_object().into_iter().flatten() {
            let terms = entry["terms"].as_array().into_iter().flatten().map(plain);
            self.terms.entry((language.to_string(), concept.clone())).or_default().extend(terms);
        }
    }
}

fn not_utf8(path: &str) -> Box<Diagnostic> {
    let mut reporter = Reporter::new(path, "");
    reporter.error("not-utf8", Place::default(), "the file is not UTF-8", "save it as UTF-8");
    Box::new(reporter.found.remove(0))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

fn compare(before: &Entries, after: &Entries) -> Changes {
    let only = |one: &Entries, other: &Entries| one.keys().filter(|id| !other.contains_key(*id)).cloned().collect();
    let mut changed = Vec::new();
    for (id, (file, new)) in after {
        let Some((_, old)) = before.get(id) else { continue };
        let changes = changes_of(old, new, 0);
        if !changes.is_empty() {
            let logic = changes.iter().any(|change| is_logic(&change.what));
            let version = |value: &Value| value["version"].as_i64().unwrap_or(0);
            let version_raised = version(new) > version(old);
            let suppressed =
                new["suppress"]["version-not-raised"].as_str().is_some_and(|reason| !reason.trim().is_empty());
            let file = file.clone();
            changed.push(Changed { id: id.clone(), file, changes, logic, version_raised, suppressed });
        }
    }
    Changes { added: only(after, before), removed: only(before, after), changed }
}

/// What makes a rule decide otherwise. Its status, words and examples do not.
fn is_logic(what: &str) -> bool {
    matches!(what.split('.').next(), Some("condition" | "patterns" | "score" | "scope" | "sensitive"))
}

/// The fields of two mappings that differ; those of `patterns`, `score` and `scope`, one by one. `depth` 1 looks into all.
fn changes_of(before: &Value, after: &Value, depth: usize) -> Vec<Change> {
    let mut changes = Vec::new();
    for key in keys(before, after) {
        let (old, new) = (&before[&key], &after[&key]);
        let is_opened = depth > 0 || matches!(key.as_str(), "patterns" | "score" | "scope");
        if is_opened && (old.is_object() || new.is_object()) {
            for inner in keys(old, new) {
                push(&mut changes, format!("{key}.{inner}"), &old[&inner], &new[&inner]);
            }
        } else {
            push(&mut changes, key, old, new);
        }
    }
    changes
}

fn push(changes: &mut Vec<Change>, what: String, before: &Value, after: &Value) {
    let is_same = match (before.as_str(), after.as_str()) {
        // A condition may be broken into lines otherwise.
        (Some(before), Some(after)) => before.split_whitespace().eq(after.split_whitespace()),
        _ => before == after,
    };
    if !is_same {
        changes.push(Change { what, before: before.clone(), after: after.clone() });
    }
}

fn keys(one: &Value, other: &Value) -> BTreeSet<String> {
    let of = |value: &Value| value.as_object().map(|object| object.keys().cloned().collect::<Vec<_>>());
    of(one).into_iter().chain(of(other)).flatten().collect()
}

fn compare_terms(before: &Terms, after: &Terms) -> Vec<ConceptChange> {
    let none = BTreeSet::new();
    let mut changes = Vec::new();
    for key in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let (old, new) = (before.get(key).unwrap_or(&none), after.get(key).unwrap_or(&none));
        if old != new {
            changes.push(ConceptChange {
                language: key.0.clone(),
                concept: key.1.clone(),
                added: new.difference(old).cloned().collect(),
                removed: old.difference(new).cloned().collect(),
            });
        }
    }
    changes
}
