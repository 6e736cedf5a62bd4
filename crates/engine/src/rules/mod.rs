//! Use-cases of a rule author: lint, test, explain; new rules, layout, comparison, coverage and cost beside.

mod author;
mod bench;
mod compare;

pub use author::{FormatReport, format_files, new_rule, write_schemas};
pub use bench::{BenchReport, BenchRow, bench};
pub use compare::{coverage_of, diff_packs};

use std::path::{Path, PathBuf};

use lapwing_detect::rules::{ExampleReport, Explanation, lint, lint_versions, run_examples};
use lapwing_detect::{Detector, Diagnostic, PackFile, Severity};
use lapwing_types::Listing;

use crate::clock;
use crate::error::{EngineError, Result};
use crate::packs::{load_pack, load_packs, pack_files, read_pack_folder};

/// Every finding about the packs, errors and warnings, in the order of the files.
///
/// With a `base`, a pack's folder as it was, also rules that changed under the version that they had.
///
/// # Errors
/// Where a folder cannot be read, or the base is no pack.
pub fn lint_packs(folders: &[PathBuf], base: Option<&Path>) -> Result<Vec<Diagnostic>> {
    let mut found = match load_packs(folders) {
        Ok((pack, mut warnings)) => {
            let today = clock::now().strftime("%Y-%m-%d").to_string();
            warnings.extend(lint(&pack, &today));
            if let Some(base) = base {
                let now: Vec<PackFile> = pack_files(folders)?.into_iter().flatten().collect();
                warnings.extend(lint_versions(&read_pack_folder(base)?, &now).map_err(EngineError::Pack)?);
            }
            warnings
        }
        Err(EngineError::Pack(found)) => found,
        Err(other) => return Err(other),
    };
    found.sort_by(|a, b| (&a.file, a.line, a.column, &a.code).cmp(&(&b.file, b.line, b.column, &b.code)));
    found.sort_by_key(|diagnostic| diagnostic.severity != Severity::Error);
    Ok(found)
}

/// Runs the examples of the rules whose id begins with `prefix`.
///
/// # Errors
/// Where the packs cannot be loaded.
pub fn test_packs(folders: &[PathBuf], prefix: &str) -> Result<ExampleReport> {
    let pack = load_pack(folders)?;
    Ok(run_examples(&pack, &|id| id.starts_with(prefix)))
}

/// What a rule says of a listing, clause by clause.
///
/// # Errors
/// Where there is no such rule.
pub fn explain_rule(detector: &Detector, rule: &str, listing: &Listing) -> Result<Explanation> {
    let unknown =
        || EngineError::Unknown { what: "rule", id: rule.to_string(), help: "`lapwing rules list` names the rules" };
    detector.explain(rule, listing, &[]).ok_or_else(unknown)
}
