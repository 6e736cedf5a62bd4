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

    pub(crate) fn at(location: serde_saphyr::Location) -> Self {
        let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Self { line: narrow(location.line()), column: narrow(location.column()) }
    }
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

    fn push(&mut self, severity: Severity, code: &str, place: Place, message: String, help: String) {
        let known = codes::entry(code);
        debug_assert!(known.is_some(), "`{code}` is not in the table of codes");
        let line = place.line.checked_sub(1).and_then(|index| self.text.lines().nth(index as usize));
        let excerpt: String = line.unwrap_or_default().chars().take(160).collect();
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
            let before = self.excerpt.chars().count().min(self.column.saturating_sub(1) as usize);
            write!(f, "{blank} | {}^ {}", " ".repeat(before), self.label)?;
        }
        if !self.help.is_empty() {
            write!(f, "\n   = help: {}", self.help)?;
        }
        Ok(())
    }
}
