//! `lapwing rules new` and `fmt`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lapwing_engine::{format_files, new_rule, schemas, write_schemas};
use serde_json::json;

use crate::commands::{print, print_json};
use crate::terminal;

pub(super) fn new(folders: &[PathBuf], id: &str, family: Option<&str>) -> anyhow::Result<ExitCode> {
    let path = new_rule(folders, id, family)?;
    print(&format!("{}\n", path.display()))?;
    eprintln!("write its examples first, then `lapwing rules test {id} --rules DIR`");
    Ok(ExitCode::SUCCESS)
}

pub(super) fn fmt(folders: &[PathBuf], files: &[PathBuf], check: bool, as_json: bool) -> anyhow::Result<ExitCode> {
    let report = format_files(folders, files, check)?;
    let shown = |path: &PathBuf| terminal::clean(&path.display().to_string());
    if as_json {
        let refused: Vec<_> =
            report.refused.iter().map(|(path, reason)| json!({"file": path, "reason": reason})).collect();
        print_json(&json!({"changed": report.changed, "unchanged": report.unchanged, "refused": refused}))?;
    } else {
        for path in &report.changed {
            print(&format!("{}\n", shown(path)))?;
        }
        for (path, reason) in &report.refused {
            eprintln!("{}: {}", shown(path), terminal::clean(reason));
        }
    }
    let done = if check { "would change" } else { "changed" };
    eprintln!("{} {done}, {} stay, {} left alone", report.changed.len(), report.unchanged, report.refused.len());
    let is_clean = report.refused.is_empty() && (!check || report.changed.is_empty());
    Ok(ExitCode::from(u8::from(!is_clean)))
}

pub(super) fn schema(folder: Option<&Path>) -> anyhow::Result<ExitCode> {
    let Some(folder) = folder else {
        let all: serde_json::Map<String, serde_json::Value> =
            schemas().into_iter().map(|(name, schema)| (name.to_string(), schema)).collect();
        print_json(&all)?;
        return Ok(ExitCode::SUCCESS);
    };
    for path in write_schemas(folder)? {
        print(&format!("{}\n", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}
