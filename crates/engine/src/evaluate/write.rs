//! The folder of a run. It is written beside its place and then moved there, so that it is whole or not there at all.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::cases::{Case, Cases};
use super::compare::short;
use super::document::{RuleRow, Run};
use crate::error::{EngineError, Result};
use crate::export::defused;
use lapwing_detect::Detector;

pub(super) const RUN_FILE: &str = "run.json";
pub(super) const LISTINGS_FILE: &str = "listings.csv";
pub(super) const RULES_FILE: &str = "rules.csv";
pub(super) const REPORT_FILE: &str = "report.html";

/// Refuses a place where something else stands; asked before the work begins.
pub(super) fn check_place(folder: &Path, force: bool) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let is_empty = folder.is_dir() && fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    let is_run = folder.join(RUN_FILE).is_file();
    match (is_empty, is_run, force) {
        (true, _, _) | (_, true, true) => Ok(()),
        (_, true, false) => {
            let message =
                format!("`{}` holds an earlier run; name another folder, or replace it by `--force`", folder.display());
            Err(EngineError::Request(message))
        }
        _ => {
            let message =
                format!("`{}` stands there and is not the folder of a run; name another folder", folder.display());
            Err(EngineError::Request(message))
        }
    }
}

/// Writes the files of a run.
pub(super) fn write_run(folder: &Path, files: &[(&str, Vec<u8>)]) -> Result<()> {
    let parent = match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    fs::create_dir_all(&parent).map_err(|error| EngineError::file("make the folder", &parent, error))?;
    let beside = tempfile::Builder::new()
        .prefix(".lapwing-evaluate-")
        .tempdir_in(&parent)
        .map_err(|error| EngineError::file("make a folder in", &parent, error))?;
    let made = beside.path().join("run");
    fs::create_dir(&made).map_err(|error| EngineError::file("make the folder", &made, error))?;
    for (name, bytes) in files {
        let path = made.join(name);
        fs::write(&path, bytes).map_err(|error| EngineError::file("write", &path, error))?;
    }
    let earlier = beside.path().join("earlier");
    if folder.exists() {
        fs::rename(folder, &earlier).map_err(|error| EngineError::file("move away", folder, error))?;
    }
    fs::rename(&made, folder).map_err(|error| {
        // What stood there goes back.
        let _ = fs::rename(&earlier, folder);
        EngineError::file("write", folder, error)
    })
}

/// The document as text; numbers have nine digits that count, so that machines do not differ in the last.
pub fn run_json(run: &impl Serialize) -> String {
    let mut value = serde_json::to_value(run).unwrap_or_default();
    round(&mut value);
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

fn round(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            let rounded = number.as_f64().and_then(|number| format!("{number:.8e}").parse::<f64>().ok());
            *value = rounded.map_or(Value::Null, Value::from);
        }
        Value::Array(list) => list.iter_mut().for_each(round),
        Value::Object(object) => object.values_mut().for_each(round),
        _ => {}
    }
}

/// A row a listing: what was said of it, and nothing of its text.
pub(super) fn listings_csv(detector: &Detector, cases: &Cases, attributes: &[String]) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let plain = [
        "external_id",
        "label",
        "flagged",
        "band",
        "points",
        "calibrated",
        "rules_band",
        "child_risk",
        "language",
        "kind",
        "slice",
        "cluster",
        "families",
        "rules",
        "text",
    ];
    let columns = attributes.iter().map(|attribute| defused(&format!("column:{attribute}")));
    // Writing into memory does not fail.
    let _ = table.write_record(plain.into_iter().map(str::to_string).chain(columns));
    for case in &cases.list {
        let _ = table.write_record(listing_row(detector, cases, case));
    }
    table.into_inner().unwrap_or_default()
}

fn listing_row(detector: &Detector, cases: &Cases, case: &Case) -> Vec<String> {
    let flag = |flag: bool| u8::from(flag).to_string();
    let outcome = &case.outcome;
    let rules: Vec<&str> = outcome
        .hits
        .iter()
        .filter_map(|hit| detector.pack().rules.get(hit.rule as usize))
        .map(|rule| rule.id.as_str())
        .collect();
    let families: Vec<&str> = case.families.iter().map(|family| family.as_str()).collect();
    let mut row = vec![
        defused(&case.id),
        flag(case.label),
        flag(case.flagged),
        outcome.band.to_string(),
        outcome.points.to_string(),
        outcome.calibrated().map_or_else(String::new, |number| number.to_string()),
        outcome.rules_band.to_string(),
        flag(outcome.child_risk),
        cases.langs.name(case.lang).to_string(),
        case.kind.to_string(),
        defused(cases.slices.name(case.slice)),
        defused(cases.clusters.name(case.cluster)),
        families.join(" "),
        rules.join(" "),
        short(&outcome.fingerprint.to_hex()),
    ];
    row.extend(case.attributes.iter().map(|value| defused(cases.values.name(*value))));
    row
}

/// A row a rule.
pub(super) fn rules_csv(run: &Run) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let header = [
        "rule",
        "version",
        "family",
        "strength",
        "status",
        "state",
        "hits",
        "scored",
        "labelled",
        "precision",
        "precision_low",
        "precision_high",
        "recall",
        "lift",
        "alone",
        "lost_without",
        "spared_without",
        "gained_without",
        "added_wrong_without",
    ];
    let _ = table.write_record(header);
    for row in &run.rules {
        let _ = table.write_record(rule_row(run, row));
    }
    table.into_inner().unwrap_or_default()
}

fn rule_row(run: &Run, row: &RuleRow) -> Vec<String> {
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.6}"));
    let word = |value: &dyn Fn() -> serde_json::Result<Value>| {
        value().ok().and_then(|value| value.as_str().map(str::to_string)).unwrap_or_default()
    };
    let without = run.ablation.without_rule.iter().find(|without| without.without == row.rule.as_str());
    let count = |of: fn(&super::document::WithoutRow) -> u64| {
        without.map_or_else(String::new, |without| of(without).to_string())
    };
    vec![
        row.rule.to_string(),
        row.version.to_string(),
        row.family.to_string(),
        word(&|| serde_json::to_value(row.strength)),
        word(&|| serde_json::to_value(row.status)),
        row.state.as_str().to_string(),
        row.hits.to_string(),
        row.scored.to_string(),
        row.precision.count.to_string(),
        number(row.precision.value),
        number(row.precision.low),
        number(row.precision.high),
        number(row.recall.value),
        number(row.lift),
        row.alone.to_string(),
        count(|without| without.lost),
        count(|without| without.spared),
        count(|without| without.gained),
        count(|without| without.added_wrong),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_rounded_where_machines_differ() {
        let text = run_json(&json!({"a": 0.1 + 0.2, "b": [1e-15, 3], "c": 123_456.789_012_345}));
        assert!(text.contains("\"a\": 0.3,") && text.contains("1e-15") && text.contains("123456.789"), "{text}");
    }

    #[test]
    fn a_folder_is_whole_or_not_there() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("runs/one");
        write_run(&folder, &[(RUN_FILE, b"{}".to_vec())]).unwrap();
        assert!(check_place(&folder, false).unwrap_err().to_string().contains("--force"));
        check_place(&folder, true).unwrap();
        write_run(&folder, &[(RUN_FILE, b"{1}".to_vec())]).unwrap();
        assert_eq!(fs::read(folder.join(RUN_FILE)).unwrap(), b"{1}");
        assert_eq!(fs::read_dir(folder.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
        assert!(check_place(home.path(), true).is_err(), "another folder is never replaced");
    }
}
