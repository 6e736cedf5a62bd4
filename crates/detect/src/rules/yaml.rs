//! Strict YAML: unknown fields, duplicate keys, anchors, aliases, tags and merge keys are errors with their place.

use serde::de::DeserializeOwned;

use super::diagnostic::{Place, Reporter};

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
            let message = message.lines().next().unwrap_or_default().to_string();
            let code = if message.contains("unknown field") { "unknown-field" } else { "yaml" };
            reporter.error(code, place, message, "");
            None
        }
    }
}

/// Finds anchors, aliases and tags outside quotes and comments, line by line, before a parser sees them.
fn forbidden(text: &str) -> Option<(Place, &'static str)> {
    let mut block_indent: Option<usize> = None;
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        if let Some(outer) = block_indent {
            if line.trim().is_empty() || indent > outer {
                continue;
            }
            block_indent = None;
        }
        let bare = strip_quoted(line);
        if bare.trim_end().ends_with(['|', '>']) || bare.trim_end().ends_with("|-") || bare.trim_end().ends_with(">-") {
            block_indent = Some(indent);
        }
        for (index, c) in bare.char_indices() {
            let starts_value =
                bare[..index].trim_end().ends_with([':', '-', '[', '{', ',']) || bare[..index].trim().is_empty();
            let what = match c {
                '&' => "anchors",
                '*' => "aliases",
                '!' => "tags",
                _ => continue,
            };
            let goes_on =
                bare[index + 1..].starts_with(|next: char| next.is_alphanumeric() || next == '!' || next == '_');
            if starts_value && goes_on {
                let column = u32::try_from(bare[..index].chars().count() + 1).unwrap_or(0);
                return Some((Place { line: u32::try_from(number + 1).unwrap_or(0), column }, what));
            }
        }
    }
    None
}

/// The line with everything in quotes replaced by spaces, and without its comment.
fn strip_quoted(line: &str) -> String {
    let mut bare = String::with_capacity(line.len());
    let mut quote: Option<char> = None;
    let mut before = ' ';
    let mut escaped = false;
    for c in line.chars() {
        match quote {
            Some(open) => {
                if c == open && !escaped {
                    quote = None;
                }
                escaped = open == '"' && c == '\\' && !escaped;
                bare.push(' ');
            }
            None if (c == '"' || c == '\'') && !before.is_alphanumeric() => {
                quote = Some(c);
                bare.push(' ');
            }
            None if c == '#' && before.is_whitespace() => break,
            None => bare.push(c),
        }
        before = c;
    }
    bare
}
