//! Strict YAML: unknown fields, duplicate keys, anchors, aliases, tags and merge keys are errors with their place.

use serde::de::DeserializeOwned;

use super::compile::nearest;
use super::diagnostic::{Diagnostic, Place, Reporter};
use super::pack::without_place;
use super::scan::{PieceKind, pieces};

/// The largest file of a pack.
const LARGEST_FILE: usize = 1 << 20;

/// Reads a file into its raw form, or reports why that is not possible.
pub(crate) fn read<T: DeserializeOwned>(reporter: &mut Reporter<'_>) -> Option<T> {
    let text = reporter.text.strip_prefix('\u{feff}').unwrap_or(reporter.text);
    if text.len() > LARGEST_FILE {
        let message = format!("the file has {} bytes, {LARGEST_FILE} are allowed", text.len());
        reporter.error("file-too-large", Place::default(), message, "split it");
        return None;
    }
    if let Some((place, what)) = forbidden(text) {
        reporter.error("yaml-feature", place, format!("{what} are not accepted in a pack"), "write the value out");
        return None;
    }
    let options = serde_saphyr::options! {
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::Error,
        merge_keys: serde_saphyr::MergeKeyPolicy::Error,
        strict_booleans: true,
        no_schema: false,
        with_snippet: false,
    };
    match serde_saphyr::from_str_with_options(text, options) {
        Ok(raw) => Some(raw),
        Err(error) => {
            let place = error.location().map(Place::at).unwrap_or_default();
            let message = error.without_snippet().to_string();
            let message = without_place(message.lines().next().unwrap_or_default());
            let (code, help) = match message.split_once(", expected ") {
                Some((field, _)) if field.contains("unknown field") => ("unknown-field", nearest_name(message)),
                _ => ("yaml", "docs/RULES.md, YAML, says what is accepted".to_string()),
            };
            reporter.error(code, place, message, help);
            None
        }
    }
}

/// The expected name most like the wrong one: `unknown field `a`, expected one of b, c`.
fn nearest_name(message: &str) -> String {
    let wrong = message.split('`').nth(1).unwrap_or_default();
    let expected = message.split_once("expected one of ").map_or("", |(_, names)| names);
    let names: Vec<String> = expected.split(", ").map(|name| name.trim_matches('`').to_string()).collect();
    match nearest(wrong, names.iter()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => "remove it, or write one of the names that are expected".to_string(),
    }
}

/// A file as a bare value, for comparing meanings.
///
/// # Errors
/// The first finding, where the file is no YAML that a pack may hold.
pub(crate) fn value(path: &str, text: &str) -> Result<serde_json::Value, Box<Diagnostic>> {
    let mut reporter = Reporter::new(path, text);
    let value = read::<serde_json::Value>(&mut reporter);
    value.ok_or_else(|| Box::new(reporter.found.remove(0)))
}

/// Finds anchors, aliases and tags outside quotes, comments and block texts, before a parser sees them.
fn forbidden(text: &str) -> Option<(Place, &'static str)> {
    for piece in pieces(text).into_iter().filter(|piece| piece.kind == PieceKind::Plain) {
        let mut characters = piece.text(text).chars();
        let what = match characters.next() {
            Some('&') => "anchors",
            Some('*') => "aliases",
            Some('!') => "tags",
            _ => continue,
        };
        if characters.next().is_some_and(|next| next.is_alphanumeric() || next == '!' || next == '_' || next == '<') {
            return Some((Place::of_offset(text, piece.start), what));
        }
    }
    None
}
