//! The rule language: files of a pack in, compiled rules or diagnostics out.

mod catalogue;
mod codes;
mod compile;
pub(crate) mod condition;
mod coverage;
mod diagnostic;
mod diff;
mod examples;
mod explanation;
mod filter;
mod format;
mod lexicon;
mod lint;
mod measure;
mod pack;
mod raw;
mod rule;
mod satisfy;
mod scan;
mod schema;
mod skeleton;
pub(crate) mod term;
mod yaml;

pub use catalogue::Indicator;
pub use codes::{CODES, Code};
pub use condition::{Clause, Verdict};
pub use coverage::{ConceptCoverage, Coverage, IndicatorCoverage, coverage};
pub use diagnostic::{Diagnostic, Severity};
pub use diff::{Change, Changed, Changes, ConceptChange, PackDiff, diff};
pub use examples::{ExampleCase, ExampleFailure, ExampleReport, run_examples};
pub use explanation::{Explanation, PatternPlaces};
pub use filter::Filter;
pub use format::format;
pub use lint::{lint, lint_versions};
pub use measure::{Measured, RuleCost};
pub use pack::{Bands, Pack, PackFile};
pub use rule::{Example, Reference, Rule};
pub use schema::schemas;
pub use skeleton::{folder_for, skeleton};

pub(crate) use rule::{RulePattern, Source};
