//! `lapwing rules`: what a rule author needs, one file a group of commands.

mod author;
mod check;
mod explain;
mod figures;
mod junit;
mod sarif;

use std::path::PathBuf;
use std::process::ExitCode;

use lapwing_engine::load_pack;
use serde_json::json;

use crate::arguments::{LintFormat, RulesCommand, TestFormat};
use crate::commands::{Context, print, print_json_line};
use crate::terminal;

pub(crate) fn run(context: &Context, command: &RulesCommand) -> anyhow::Result<ExitCode> {
    let own: Vec<PathBuf> = context.settings()?.config.detect.rules.iter().map(PathBuf::from).collect();
    let folders = |named: &[PathBuf]| if named.is_empty() { own.clone() } else { named.to_vec() };
    match command {
        RulesCommand::New { id, family, rules } => author::new(&folders(rules), id, family.as_deref()),
        RulesCommand::Fmt { files, check, rules, output } => {
            author::fmt(&folders(rules), files, *check, output.is_json())
        }
        RulesCommand::Lint { rules, base, format, json } => {
            check::lint(&folders(rules), base.as_deref(), if *json { LintFormat::Json } else { *format })
        }
        RulesCommand::Test { prefix, rules, format, json } => {
            let format = if *json { TestFormat::Json } else { *format };
            check::test(&folders(rules), prefix.as_deref().unwrap_or_default(), format)
        }
        RulesCommand::Explain { listing, rule, why_not, rules, output } => {
            let asked = explain::Asked { rule: rule.as_deref(), why_not: why_not.as_deref(), json: output.is_json() };
            explain::run(listing, &asked, &folders(rules))
        }
        RulesCommand::List { rules, output } => list(&folders(rules), output.is_json()),
        RulesCommand::Diff { before, after, output } => figures::diff(before, after, output.is_json()),
        RulesCommand::Coverage { rules, output } => figures::coverage(&folders(rules), output.is_json()),
        RulesCommand::Catalogue { rules, output } => figures::catalogue(&folders(rules), output.is_json()),
        RulesCommand::Schema { out } => author::schema(out.as_deref()),
        RulesCommand::Bench { files, top, rules, output } => {
            figures::cost(&folders(rules), files, *top, output.is_json())
        }
    }
}

fn list(folders: &[PathBuf], as_json: bool) -> anyhow::Result<ExitCode> {
    let pack = load_pack(folders)?;
    if as_json {
        for rule in &pack.rules {
            print_json_line(&json!({
                "rule": rule.id, "version": rule.version, "title": rule.title, "status": rule.status, "family": rule.family,
                "strength": rule.strength, "points": rule.points, "indicators": rule.indicators, "evidence": rule.evidence,
                "references": rule.references, "false_positives": rule.false_positives,
            }))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let row = |rule: &lapwing_engine::Rule| {
        vec![
            rule.id.to_string(),
            rule.family.to_string(),
            rule.points.to_string(),
            rule.indicators.join(","),
            terminal::line(&rule.title, 60),
        ]
    };
    let rows: Vec<Vec<String>> = pack.rules.iter().map(row).collect();
    print(&terminal::table(&["rule", "family", "points", "indicators", "title"], &rows))?;
    eprintln!("pack {} {}, {} rules, {}", pack.name, pack.version, pack.rules.len(), pack.digest);
    Ok(ExitCode::SUCCESS)
}
