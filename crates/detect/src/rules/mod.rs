//! The rule language: files of a pack in, compiled rules or diagnostics out.

mod catalogue;
mod compile;
pub(crate) mod condition;
mod diagnostic;
mod examples;
mod filter;
mod lexicon;
mod lint;
mod pack;
mod raw;
mod rule;
pub(crate) mod term;
mod yaml;

pub use catalogue::Indicator;
pub use condition::{Clause, Verdict};
pub use diagnostic::{Diagnostic, Severity};
pub use examples::{ExampleFailure, ExampleReport, run_examples};
pub use filter::Filter;
pub use lint::lint;
pub use pack::{Bands, Pack, PackFile};
pub use rule::{Example, Reference, Rule};

pub(crate) use rule::{RulePattern, Source};
