//! Regular expressions of site profiles: compiled within limits, so that a hostile profile cannot take the memory.

use regex::{Regex, RegexBuilder};

use crate::matcher::{EXPRESSION_SIZE, check_length, last_line};

/// Compiles an expression within the size that is allowed.
///
/// # Errors
/// The regex crate's own words for what is wrong.
pub(super) fn compile_regex(source: &str) -> Result<Regex, String> {
    check_length(source)?;
    let built =
        RegexBuilder::new(source).size_limit(EXPRESSION_SIZE).dfa_size_limit(EXPRESSION_SIZE).nest_limit(50).build();
    built.map_err(|error| last_line(&error.to_string()))
}
