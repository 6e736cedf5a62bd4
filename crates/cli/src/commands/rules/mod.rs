//! `lapwing rules`: what a rule author needs, one file a group of commands.

mod author;
mod check;
mod figures;
mod junit;
mod sarif;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use lapwing_engine::{Clause, DetectSettings, detector, explain_rule, load_pack};
use lapwing_types::Listing;
use serde_json::json;

use crate::arguments::{LintFormat, RulesCommand, TestFormat};
use crate::commands::{Context, print, print_json, print_json_line};
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
        RulesCommand::Explain { listing, why_not, rules, output } => {
            explain(listing, why_not.as_deref(), &folders(rules), output.is_json())
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

fn explain(path: &Path, why_not: Option<&str>, folders: &[PathBuf], json: bool) -> anyhow::Result<ExitCode> {
    let listing = read_listing(path)?;
    let detector = detector(&DetectSettings::default(), folders, None)?;
    if let Some(rule) = why_not {
        let clause = explain_rule(&detector, rule, &listing)?;
        if json {
            print_json(&clause)?
        } else {
            print(&tree(&clause, 0))?
        }
        return Ok(ExitCode::SUCCESS);
    }
    let assessment = detector.assess(&listing, &[]);
    if json {
        print_json(&assessment)?;
        return Ok(ExitCode::SUCCESS);
    }
    let lang = assessment.lang.as_deref().unwrap_or("unknown");
    let mut lines = vec![format!("band {}, {} points, language {lang}", assessment.band, assessment.points)];
    for (name, hits) in [("scored", &assessment.hits), ("shown only", &assessment.context)] {
        for hit in hits {
            lines.push(format!("{name}: {:+} {} — {}", hit.points, hit.rule, terminal::line(&hit.explain, 200)));
        }
    }
    for missing in &assessment.not_evaluated {
        lines.push(format!("not evaluated: {} — {}", missing.rule, missing.why));
    }
    print(&(lines.join("\n") + "\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn read_listing(path: &Path) -> anyhow::Result<Listing> {
    let mut text = String::new();
    if path.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text).context("failed to read standard input")?;
    } else {
        text = std::fs::read_to_string(path).with_context(|| format!("failed to read `{}`", path.display()))?;
    }
    let value: serde_json::Value =
        serde_json::from_str(text.trim()).with_context(|| format!("`{}` is not one JSON object", path.display()))?;
    let (listing, notices) = Listing::from_json(&value).with_context(|| format!("in `{}`", path.display()))?;
    for notice in notices {
        eprintln!("notice: {notice}");
    }
    Ok(listing)
}

fn tree(clause: &Clause, depth: usize) -> String {
    let verdict = serde_json::to_value(clause.verdict).ok().and_then(|value| value.as_str().map(str::to_string));
    let own = format!("{}{:13} {}\n", "  ".repeat(depth), verdict.unwrap_or_default().replace('_', " "), clause.text);
    clause.parts.iter().fold(own, |text, part| text + &tree(part, depth + 1))
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
