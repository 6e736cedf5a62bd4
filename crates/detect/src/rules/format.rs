//! The canonical layout of a pack's files. It moves white space and opens lists of terms, and nothing else: order,
//! quotes and comments stay. A layout that would change a value or lose a comment is refused, so the worst that this
//! can do is nothing.

use super::scan::{Piece, PieceKind, pieces};
use super::yaml;

/// Lays out a file of a pack; `path` is its path below the pack's folder.
///
/// # Errors
/// A sentence, where the file is no YAML that a pack may hold, or cannot be laid out without changing its meaning.
pub fn format(path: &str, text: &str) -> Result<String, String> {
    let plain = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let meaning = yaml::value(path, text).map_err(|found| found.to_string())?;
    let opened = if path.starts_with("lexicons/") { open_terms(&plain) } else { plain };
    let spaced = space_lists(&opened);
    let aligned = if path.starts_with("lexicons/") { spaced } else { align_patterns(&spaced) };
    let laid_out = lines(&aligned);
    if laid_out == text {
        return Ok(laid_out);
    }
    let is_same = yaml::value(path, &laid_out).is_ok_and(|other| other == meaning);
    if !is_same || comments(&laid_out) != comments(text) {
        return Err("it cannot be laid out without changing what it says; it is left as it is".to_string());
    }
    Ok(laid_out)
}

fn comments(text: &str) -> Vec<&str> {
    pieces(text).iter().filter(|piece| piece.kind == PieceKind::Comment).map(|piece| piece.text(text)).collect()
}

/// Writes every `terms: […]` as one term a line.
fn open_terms(text: &str) -> String {
    let all = pieces(text);
    let mut written = String::with_capacity(text.len() * 2);
    let mut copied = 0;
    let mut index = 0;
    while index + 2 < all.len() {
        let is_list = all[index].depth == 0
            && all[index].text(text) == "terms"
            && all[index + 1].is(text, ":")
            && all[index + 2].is(text, "[");
        let close = if is_list { closing(&all, index + 2) } else { None };
        let items = close.and_then(|close| items(text, &all[index + 3..close]));
        let (Some(close), Some(items)) = (close, items.filter(|items| !items.is_empty())) else {
            index += 1;
            continue;
        };
        let column = all[index].start - text[..all[index].start].rfind('\n').map_or(0, |at| at + 1);
        written.push_str(&text[copied..all[index + 1].end]);
        let indent = " ".repeat(column + 2);
        let ends_in_comment = items.last().is_some_and(|item| item.starts_with('#'));
        copied = all[close].end;
        for item in items {
            written.push('\n');
            written.push_str(&indent);
            written.push_str(&item);
        }
        let goes_on = all.get(close + 1).is_some_and(|next| !text[copied..next.start].contains('\n'));
        if ends_in_comment && goes_on {
            written.push('\n');
            written.push_str(&indent);
        }
        index = close + 1;
    }
    written.push_str(&text[copied..]);
    written
}

fn closing(all: &[Piece], open: usize) -> Option<usize> {
    let depth = all[open].depth;
    let close = all[open + 1..].iter().position(|piece| piece.kind == PieceKind::Symbol && piece.depth == depth + 1)?;
    // The first symbol at the list's own depth may be a comma; go on to the bracket.
    let mut at = open + 1 + close;
    while at < all.len() {
        let next_is_outside = all.get(at + 1).is_none_or(|next| next.depth == depth);
        if all[at].kind == PieceKind::Symbol && all[at].depth == depth + 1 && next_is_outside {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// The lines that stand for the items of a list: `- item`, and comments on their own. `None` where one is no text.
fn items(text: &str, inside: &[Piece]) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    let mut item: Vec<String> = Vec::new();
    let mut held: Vec<String> = Vec::new();
    for piece in inside {
        match piece.kind {
            PieceKind::Comment if item.is_empty() => lines.push(piece.text(text).to_string()),
            PieceKind::Comment => held.push(piece.text(text).to_string()),
            PieceKind::Quoted | PieceKind::Plain => item.push(on_one_line(piece.text(text))),
            PieceKind::Symbol if piece.text(text) == "," && !item.is_empty() => {
                lines.push(format!("- {}", item.join(" ")));
                item.clear();
                lines.append(&mut held);
            }
            _ => return None,
        }
    }
    if !item.is_empty() {
        lines.push(format!("- {}", item.join(" ")));
    }
    lines.append(&mut held);
    Some(lines)
}

/// YAML reads a line break inside a text as one space.
fn on_one_line(text: &str) -> String {
    text.split('\n').map(str::trim).collect::<Vec<_>>().join(" ")
}

/// Writes lists and mappings in brackets that stand on one line with one space after `,` and `:` and none inside.
fn space_lists(text: &str) -> String {
    let all = pieces(text);
    let mut written = String::with_capacity(text.len());
    let mut copied = 0;
    let mut index = 0;
    while index < all.len() {
        let opens = all[index].depth == 0 && (all[index].is(text, "[") || all[index].is(text, "{"));
        let close = if opens { closing(&all, index) } else { None };
        let Some(close) = close.filter(|close| !text[all[index].start..all[*close].end].contains('\n')) else {
            index += 1;
            continue;
        };
        written.push_str(&text[copied..all[index].start]);
        written.push_str(&spaced(text, &all[index..=close]));
        copied = all[close].end;
        index = close + 1;
    }
    written.push_str(&text[copied..]);
    written
}

fn spaced(text: &str, inside: &[Piece]) -> String {
    let mut written = String::new();
    for piece in inside {
        let own = piece.text(text);
        let closes = matches!(own, "]" | "}" | "," | ":") && piece.kind == PieceKind::Symbol;
        let last = written.chars().last();
        if !closes && !written.is_empty() && !matches!(last, Some('[' | '{')) {
            written.push(' ');
        }
        written.push_str(own);
    }
    written
}

/// Brings the values of the entries of `patterns:` into one column.
fn align_patterns(text: &str) -> String {
    let all = pieces(text);
    let Some(start) = all.iter().position(|piece| {
        piece.depth == 0 && piece.text(text) == "patterns" && (piece.start == 0 || text[..piece.start].ends_with('\n'))
    }) else {
        return text.to_string();
    };
    // Each entry: where its colon ends and where its value begins, on one line.
    let mut entries: Vec<(usize, usize, usize)> = Vec::new();
    let mut index = start + 2;
    while index + 2 < all.len() {
        let (key, colon, value) = (all[index], all[index + 1], all[index + 2]);
        let line_start = text[..key.start].rfind('\n').map_or(0, |at| at + 1);
        let is_entry = key.depth == 0
            && key.start > line_start
            && text[line_start..key.start].bytes().all(|byte| byte == b' ')
            && colon.is(text, ":");
        if key.depth == 0 && key.start == line_start && key.kind != PieceKind::Comment {
            break;
        }
        if is_entry && value.is(text, "{") && !text[colon.end..value.start].contains('\n') {
            entries.push((colon.end, value.start, text[line_start..colon.end].chars().count()));
            index = closing(&all, index + 2).unwrap_or(index + 2);
        }
        index += 1;
    }
    let width = entries.iter().map(|(_, _, width)| *width).max().unwrap_or(0);
    let mut written = String::with_capacity(text.len());
    let mut copied = 0;
    for (colon_end, value_start, own) in entries {
        written.push_str(&text[copied..colon_end]);
        written.push_str(&" ".repeat(width + 1 - own));
        copied = value_start;
    }
    written.push_str(&text[copied..]);
    written
}

/// Strips white space at line ends and blank lines beyond one, outside quotes and block texts; one line end at the end.
fn lines(text: &str) -> String {
    let kept: Vec<Piece> =
        pieces(text).into_iter().filter(|piece| matches!(piece.kind, PieceKind::Quoted | PieceKind::Block)).collect();
    let mut kept = kept.into_iter().peekable();
    let mut written = String::with_capacity(text.len());
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content_end = start + line.trim_end_matches('\n').len();
        while kept.next_if(|piece| piece.end < content_end).is_some() {}
        // A line whose end lies inside a quote or a block text is part of that text.
        let is_inside = kept.peek().is_some_and(|piece| piece.start < content_end);
        start += line.len();
        if is_inside {
            written.push_str(line);
            continue;
        }
        let stripped = line.trim_end();
        if stripped.is_empty() && (written.is_empty() || written.ends_with("\n\n")) {
            continue;
        }
        written.push_str(stripped);
        written.push('\n');
    }
    let last_block =
        pieces(&written).last().filter(|piece| piece.kind == PieceKind::Block).map_or(0, |piece| piece.end);
    written.truncate(written.trim_end().len().max(last_block));
    if !written.ends_with('\n') || last_block == written.len() {
        written.push('\n');
    }
    written
}

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
