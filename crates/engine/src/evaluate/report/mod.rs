//! The report of a run.

use super::document::Run;

/// The page.
pub(super) fn page(_run: &Run, _show_text: bool) -> String {
    String::new()
}
