//! `lapwing rules diff`, `coverage`, `catalogue` and `bench`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lapwing_engine::{Change, Changes, IndicatorCoverage, PackDiff, bench, coverage_of, diff_packs};
use serde_json::{Value, json};

use crate::commands::{print, print_json};
use crate::terminal;

pub(super) fn diff(before: &Path, after: &Path, as_json: bool) -> anyhow::Result<ExitCode> {
    let diff = diff_packs(before, after)?;
    let hidden = diff.versions_not_raised().count();
    if as_json {
        let mut value = serde_json::to_value(&diff)?;
        value["versions_not_raised"] = json!(diff.versions_not_raised().map(|one| &one.id).collect::<Vec<_>>());
        print_json(&value)?;
    } else {
        print(&terminal::clean(&diff_text(&diff)))?;
    }
    if hidden > 0 {
        eprintln!("{hidden} rule(s) decide otherwise under the version that they had; raise `version`");
    }
    Ok(ExitCode::from(u8::from(hidden > 0)))
}

fn diff_text(diff: &PackDiff) -> String {
    let mut text = String::new();
    push_changes(&mut text, "pack", &diff.pack);
    for (name, changes) in [("rule", &diff.rules), ("filter", &diff.filters), ("indicator", &diff.indicators)] {
        push_entries(&mut text, name, changes);
    }
    for change in &diff.concepts {
        text.push_str(&format!(
            "concept {} ({}): {} terms added, {} removed\n",
            change.concept,
            change.language,
            change.added.len(),
            change.removed.len()
        ));
        for (sign, terms) in [('+', &change.added), ('-', &change.removed)] {
            terms.iter().for_each(|term| text.push_str(&format!("    {sign} {}\n", terminal::line(term, 120))));
        }
    }
    if text.is_empty() { "nothing changed\n".to_string() } else { text }
}

fn push_entries(text: &mut String, name: &str, changes: &Changes) {
    for (done, ids) in [("added", &changes.added), ("removed", &changes.removed)] {
        ids.iter().for_each(|id| text.push_str(&format!("{name} {id}: {done}\n")));
    }
    for changed in &changes.changed {
        let version = match (name, changed.hides_its_change(), changed.version_raised) {
            ("rule", true, _) => ", version NOT raised",
            ("rule", _, true) => ", version raised",
            _ => "",
        };
        text.push_str(&format!("{name} {}: changed{version}\n", changed.id));
        push_changes(text, "", &changed.changes);
    }
}

fn push_changes(text: &mut String, name: &str, changes: &[Change]) {
    for change in changes {
        let (before, after) = (short(&change.before), short(&change.after));
        let what = if name.is_empty() { format!("    {}", change.what) } else { format!("{name} {}", change.what) };
        text.push_str(&format!("{what}: {before} -> {after}\n"));
    }
}

fn short(value: &Value) -> String {
    match value {
        Value::Null => "(none)".to_string(),
        Value::String(text) => terminal::line(text, 160),
        other => terminal::line(&other.to_string(), 160),
    }
}

pub(super) fn coverage(folders: &[PathBuf], as_json: bool) -> anyhow::Result<ExitCode> {
    let coverage = coverage_of(folders)?;
    let gaps: Vec<&IndicatorCoverage> = coverage.gaps().collect();
    if as_json {
        let mut value = serde_json::to_value(&coverage)?;
        value["gaps"] = json!(gaps.iter().map(|gap| &gap.indicator).collect::<Vec<_>>());
        print_json(&value)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut header = vec!["concept", "rules"];
    header.extend(coverage.languages.iter().map(String::as_str));
    let rows: Vec<Vec<String>> = coverage
        .concepts
        .iter()
        .map(|concept| {
            let count = |language: &String| concept.terms.get(language).map_or("·".to_string(), usize::to_string);
            let mut row = vec![concept.concept.clone(), concept.rules.len().to_string()];
            row.extend(coverage.languages.iter().map(count));
            row
        })
        .collect();
    let mut text = terminal::table(&header, &rows);
    if !gaps.is_empty() {
        text.push_str("\nindicators that a text can show and for which no rule in force looks:\n");
        gaps.iter()
            .for_each(|gap| text.push_str(&format!("{}  {}\n", gap.indicator, terminal::line(&gap.sentence, 100))));
    }
    print(&text)?;
    eprintln!(
        "{} concepts, {} languages, {} indicators, {} without a rule",
        coverage.concepts.len(),
        coverage.languages.len(),
        coverage.indicators.len(),
        gaps.len()
    );
    Ok(ExitCode::SUCCESS)
}

pub(super) fn catalogue(folders: &[PathBuf], as_json: bool) -> anyhow::Result<ExitCode> {
    let coverage = coverage_of(folders)?;
    if as_json {
        print_json(&coverage.indicators)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = String::new();
    for indicator in &coverage.indicators {
        let word = |value: Value| value.as_str().unwrap_or_default().to_string();
        text.push_str(&format!(
            "{}  {}, {}{}  {}\n",
            indicator.indicator,
            word(serde_json::to_value(indicator.role)?),
            word(serde_json::to_value(indicator.evidence)?),
            if indicator.in_text { "" } else { ", not in the text" },
            terminal::line(&indicator.sentence, 120)
        ));
        indicator.rules.iter().for_each(|rule| text.push_str(&format!("      {rule}\n")));
        indicator.resting.iter().for_each(|rule| text.push_str(&format!("      {rule} (not in force)\n")));
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn cost(folders: &[PathBuf], files: &[PathBuf], top: usize, as_json: bool) -> anyhow::Result<ExitCode> {
    let bar = terminal::bar(None, "{spinner} {pos} listings  {per_sec}");
    let report = bench(folders, files, &mut |done| bar.set_position(done));
    bar.finish_and_clear();
    let report = report?;
    for bad in &report.bad {
        eprintln!("{}: record {}: {}", terminal::clean(&bad.file), bad.number, terminal::clean(&bad.reason));
    }
    if as_json {
        print_json(&report)?;
    } else {
        let shown = if top == 0 { report.rules.len() } else { top };
        let row = |name: String, micros: [f64; 3], hits: String| {
            let figures = micros.map(|figure| format!("{figure:.2}"));
            [vec![name], figures.to_vec(), vec![hits]].concat()
        };
        let mut rows = vec![row("(shared by all)".to_string(), [report.shared, 0.0, 0.0], String::new())];
        rows.extend(
            report.rules.iter().take(shown).map(|rule| {
                row(rule.rule.clone(), [rule.micros, rule.asking, rule.expressions], rule.hits.to_string())
            }),
        );
        print(&terminal::table(&["rule", "µs/listing", "asking", "regexes", "hits"], &rows))?;
    }
    eprintln!("{} listings, {} rules", report.listings, report.rules.len());
    Ok(ExitCode::from(u8::from(!report.bad.is_empty())))
}
