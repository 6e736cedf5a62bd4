//! What is wrong with a rule file: a product of its own, since analysts read it more often than the code.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::codes;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The pack can be used; somebody should look.
    Warning,
    /// The pack cannot be used.
    Error,
}

/// A finding in a file of a pack: a stable code, the place, what is there, how to mend it.
///
/// ```text
/// error[unknown-name]: `fees` is not a pattern of this rule
///   --> labour/labour.recruitment-fee.upfront.yaml:18:9
///    |
/// 18 |   job and near(fees, pay, 12)
///    |                ^ no pattern has this name
///    = help: the patterns are: fee, job, pay
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Kebab-case, stable.
    pub code: String,
    /// How grave.
    pub severity: Severity,
    /// The file, relative to the pack.
    pub file: String,
    /// From 1; 0 where the whole file is meant.
    pub line: u32,
    /// From 1, in characters; 0 where the whole line is meant.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What stands at the place.
    pub label: String,
    /// How to mend it.
    pub help: String,
    /// The line itself.
    pub excerpt: String,
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Place {
    pub(crate) fn of<T>(value: &serde_saphyr::Spanned<T>) -> Self {
        Self::at(value.referenced)
    }

    /// The place of a byte.
    pub(crate) fn of_offset(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            line: narrow(before.matches('\n').count() + 1),
            column: narrow(before[line_start..].chars().count() + 1),
        }
    }

    /// The place of a character of a value that begins at a place: the value is read along the text as YAML folds it.
    /// Where the text has escapes, the beginning of the value must do.
    pub(crate) fn inside(text: &str, start: Self, value: &str, position: usize) -> Self {
        let mut source = Walk {
            rest: text.lines().skip(start.line.saturating_sub(1) as usize),
            line: start.line,
            column: 1,
            here: Vec::new(),
        };
        source.here = source.rest.next().unwrap_or_default().chars().collect();
        source.column = start.column.max(1) as usize;
        match source.peek() {
            Some('>' | '|') => source.next_line(),
            Some('"' | '\'') => source.column += 1,
            _ => {}
        }
        source.skip_blanks();
        for (index, c) in value.chars().enumerate() {
            if c.is_whitespace() {
                source.skip_blanks();
                continue;
            }
            if index >= position {
                break;
            }
            if source.peek() != Some(c) {
                return start;
            }
            source.column += 1;
        }
        Self { line: source.line, column: u32::try_from(source.column).unwrap_or(u32::MAX) }
    }

    pub(crate) fn at(location: serde_saphyr::Location) -> Self {
        let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Self { line: narrow(location.line()), column: narrow(location.column()) }
    }
}

/// A walk along the characters of a text.
struct Walk<'a> {
    rest: std::iter::Skip<std::str::Lines<'a>>,
    here: Vec<char>,
    line: u32,
    column: usize,
}

impl Walk<'_> {
    fn peek(&self) -> Option<char> {
        self.here.get(self.column - 1).copied()
    }

    fn next_line(&mut self) {
        if let Some(line) = self.rest.next() {
            self.here = line.chars().collect();
            self.line += 1;
            self.column = 1;
        }
    }

    /// Goes to the next character that is no white space, on a later line where this one has none left.
    fn skip_blanks(&mut self) {
        loop {
            while self.peek().is_some_and(char::is_whitespace) {
                self.column += 1;
            }
            let line = self.line;
            if self.peek().is_some() {
                return;
            }
            self.next_line();
            if self.line == line {
                return;
            }
        }
    }
}

/// More of a line is not shown.
const LONGEST_EXCERPT: usize = 160;
/// More findings of one file are not told.
const MOST_FINDINGS: usize = 100;

/// The first character of a line that is shown, where something stands at a column.
fn excerpt_start(column: u32) -> usize {
    let before = (column as usize).saturating_sub(1);
    if before < LONGEST_EXCERPT - 40 { 0 } else { before - LONGEST_EXCERPT / 2 }
}

/// Collects the findings in one file.
pub(crate) struct Reporter<'a> {
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
    pub(crate) found: Vec<Diagnostic>,
}

impl<'a> Reporter<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, found: Vec::new() }
    }

    pub(crate) fn error(&mut self, code: &str, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.push(Severity::Error, code, place, message.into(), help.into());
    }

    pub(crate) fn warning(&mut self, code: &str, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.push(Severity::Warning, code, place, message.into(), help.into());
    }

    /// The line of a place; of a long line the part around the place.
    pub(crate) fn line(&self, place: Place) -> String {
        let line = place.line.checked_sub(1).and_then(|index| self.text.lines().nth(index as usize));
        line.unwrap_or_default().chars().skip(excerpt_start(place.column)).take(LONGEST_EXCERPT).collect()
    }

    fn push(&mut self, severity: Severity, code: &str, place: Place, message: String, help: String) {
        if self.found.len() > MOST_FINDINGS {
            return;
        }
        if self.found.len() == MOST_FINDINGS {
            let help = "mend these first";
            let message = format!("more than {MOST_FINDINGS} findings in this file");
            return self.add(severity, "too-many-findings", Place::default(), message, help.to_string());
        }
        self.add(severity, code, place, message, help);
    }

    fn add(&mut self, severity: Severity, code: &str, place: Place, message: String, help: String) {
        let known = codes::entry(code);
        debug_assert!(known.is_some(), "`{code}` is not in the table of codes");
        let excerpt = self.line(place);
        self.found.push(Diagnostic {
            code: code.to_string(),
            severity,
            file: self.file.to_string(),
            line: place.line,
            column: place.column,
            label: known.map_or(String::new(), |known| known.label.to_string()),
            message,
            help,
            excerpt,
        });
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        writeln!(f, "{severity}[{}]: {}", self.code, self.message)?;
        write!(f, "  --> {}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column.max(1))?;
            let gutter = self.line.to_string();
            let blank = " ".repeat(gutter.len());
            writeln!(f, "\n{blank} |\n{gutter} | {}", self.excerpt)?;
            let before = (self.column.saturating_sub(1) as usize).saturating_sub(excerpt_start(self.column));
            let before = self.excerpt.chars().count().min(before);
            write!(f, "{blank} | {}^ {}", " ".repeat(before), self.label)?;
        }
        if !self.help.is_empty() {
            write!(f, "\n   = help: {}", self.help)?;
        }
        Ok(())
    }
}
