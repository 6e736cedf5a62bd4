//! `lapwing rules lint` and `test`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lapwing_engine::{Severity, lint_packs, test_packs};

use super::{junit::junit, sarif::sarif};
use crate::arguments::{LintFormat, TestFormat};
use crate::commands::{print, print_json, print_json_line};
use crate::terminal;

pub(super) fn lint(folders: &[PathBuf], base: Option<&Path>, format: LintFormat) -> anyhow::Result<ExitCode> {
    let found = lint_packs(folders, base)?;
    match format {
        LintFormat::Sarif => print_json(&sarif(&found, folders))?,
        LintFormat::Json => found.iter().try_for_each(print_json_line)?,
        LintFormat::Text => {
            for diagnostic in &found {
                print(&format!("{}\n\n", terminal::clean(&diagnostic.to_string())))?;
            }
        }
    }
    let errors = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    eprintln!("{errors} errors, {} warnings", found.len() - errors);
    Ok(ExitCode::from(u8::from(!found.is_empty())))
}

pub(super) fn test(folders: &[PathBuf], prefix: &str, format: TestFormat) -> anyhow::Result<ExitCode> {
    let report = test_packs(folders, prefix)?;
    anyhow::ensure!(report.rules + report.filters > 0, "no rule's id begins with `{prefix}`");
    match format {
        TestFormat::Json => print_json(&report)?,
        TestFormat::Junit => print(&junit(&report))?,
        TestFormat::Text => {
            for failure in &report.failures {
                let text = terminal::line(&failure.text, 100);
                print(&format!("{}: {} {}\n    {text}\n", failure.place, failure.rule, failure.message))?;
            }
        }
    }
    eprintln!(
        "{} rules, {} filters, {} examples, {} failed",
        report.rules,
        report.filters,
        report.examples,
        report.failures.len()
    );
    Ok(ExitCode::from(u8::from(!report.failures.is_empty())))
}
