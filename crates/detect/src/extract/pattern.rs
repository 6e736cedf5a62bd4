//! Regular expressions of site profiles: compiled within limits, so that a hostile profile cannot take the memory.

use regex::{Regex, RegexBuilder};

/// The compiled size that an expression may have, bytes.
const EXPRESSION_SIZE: usize = 1 << 20;
const LONGEST_EXPRESSION: usize = 4_000;

/// Compiles an expression within the size that is allowed.
///
/// # Errors
/// The regex crate's own words for what is wrong.
pub(super) fn compile_regex(source: &str) -> Result<Regex, String> {
    if source.len() > LONGEST_EXPRESSION {
        return Err(format!("the expression is {} bytes long, {LONGEST_EXPRESSION} are allowed", source.len()));
    }
    let builder =
        RegexBuilder::new(source).size_limit(EXPRESSION_SIZE).dfa_size_limit(EXPRESSION_SIZE).nest_limit(50).build();
    builder
        .map_err(|error| error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_string())
}
