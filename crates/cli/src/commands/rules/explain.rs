//! `lapwing rules explain`: what each rule says of a listing, or one rule clause by clause.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use lapwing_engine::{Clause, DetectSettings, Detector, Explanation, Verdict, detector, explain_rule};
use lapwing_types::Listing;

use crate::commands::{print, print_json};
use crate::terminal;

/// What is to be explained, and how.
pub(super) struct Asked<'a> {
    /// All of this rule.
    pub(super) rule: Option<&'a str>,
    /// Only what keeps this rule from hitting.
    pub(super) why_not: Option<&'a str>,
    pub(super) json: bool,
}

pub(super) fn run(path: &Path, asked: &Asked<'_>, folders: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let listing = read_listing(path)?;
    let Some(rule) = asked.rule.or(asked.why_not) else {
        let detector = detector(&DetectSettings::default(), folders, None)?;
        return overview(&detector, &listing, asked.json);
    };
    // A rule's own answer needs no model.
    let detector = detector(&DetectSettings { model: "none".into(), ..DetectSettings::default() }, folders, None)?;
    let explanation = explain_rule(&detector, rule, &listing)?;
    if asked.json {
        print_json(&explanation)?;
    } else {
        print(&terminal::clean(&told(&explanation, asked.why_not.is_some())))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn overview(detector: &Detector, listing: &Listing, json: bool) -> anyhow::Result<ExitCode> {
    let assessment = detector.assess(listing, &[]);
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
        lines.push(format!("not evaluated: {} — {}", missing.rule, terminal::line(&missing.why, 200)));
    }
    print(&(lines.join("\n") + "\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn told(explanation: &Explanation, only_failures: bool) -> String {
    let rule = format!("{} version {}", explanation.rule, explanation.version);
    let mut text = match (&explanation.not_asked, explanation.points) {
        (Some(why), _) => format!("{rule} is not asked: {why}\n"),
        (None, Some(points)) => format!("{rule} hits with {points:+} points before families and caps\n"),
        (None, None) => format!("{rule} does not hit\n"),
    };
    for filter in &explanation.left_out_by {
        text.push_str(&format!("its hit is left out by the filter {filter}\n"));
    }
    let only_failures = only_failures && !explanation.holds;
    push_clause(&mut text, &explanation.condition, 0, only_failures.then_some(false));
    let denied = explanation.patterns.iter().filter(|pattern| pattern.denied > 0);
    for pattern in denied {
        text.push_str(&format!("`unless` took {} place(s) from {}\n", pattern.denied, pattern.pattern));
    }
    text
}

/// A clause and its parts; with `wanted`, only those parts that say it, which under a `not` is the opposite.
fn push_clause(text: &mut String, clause: &Clause, depth: usize, wanted: Option<bool>) {
    let (holds, verdict) = match clause.verdict {
        Verdict::True => (true, "true"),
        Verdict::False => (false, "false"),
        Verdict::NotAvailable => (false, "not available"),
    };
    if wanted.is_some_and(|wanted| wanted != holds) {
        return;
    }
    let found = if clause.found.is_empty() { String::new() } else { format!("   ({})", clause.found) };
    text.push_str(&format!("{verdict:13} {}{}{found}\n", "  ".repeat(depth), clause.text));
    let below = if clause.text == "not" { wanted.map(|wanted| !wanted) } else { wanted };
    clause.parts.iter().for_each(|part| push_clause(text, part, depth + 1, below));
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
