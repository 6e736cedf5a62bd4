//! What leaves the workspace: listings, assessments, decisions, as JSON lines or CSV, row by row.

use std::io::Write;

use lapwing_store::ListingFilter;
use lapwing_types::Listing;
use serde_json::{Map, Value, json};

use crate::custody::note;
use crate::error::{EngineError, Result};
use crate::queue::masked_listing;
use crate::workspace::Workspace;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// One JSON object a line.
    Jsonl,
    /// A table with a header row; lists and objects stand in a cell as JSON.
    Csv,
}

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exported {
    /// The listings in their current version.
    Listings,
    /// Every assessment that was ever made.
    Assessments,
    /// Every decision, with those that were reversed.
    Decisions,
}

/// That contacts are to be shown in the clear, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reveal {
    /// The purpose, which is written to the custody log.
    pub purpose: String,
}

/// What an export is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRequest {
    /// What.
    pub what: Exported,
    /// How.
    pub format: ExportFormat,
    /// Whether contacts are shown; listings only.
    pub reveal: Option<Reveal>,
}

/// Writes the rows; returns how many. The export is an event of the custody log before the first row is written.
///
/// # Errors
/// Where the purpose of a reveal is empty, the store refuses, or the output cannot be written.
pub async fn export(workspace: &Workspace, request: &ExportRequest, out: &mut (dyn Write + Send)) -> Result<u64> {
    if request.reveal.as_ref().is_some_and(|reveal| reveal.purpose.trim().is_empty()) {
        return Err(EngineError::Request(
            "contacts are shown only for a purpose; give it with `--purpose`".to_string(),
        ));
    }
    if request.reveal.is_some() && request.what != Exported::Listings {
        return Err(EngineError::Request("only an export of listings holds contacts to reveal".to_string()));
    }
    let purpose = request.reveal.as_ref().map(|reveal| reveal.purpose.trim());
    let details = json!({"what": name(request.what), "contacts": if purpose.is_some() { "clear" } else { "masked" }, "purpose": purpose});
    note(workspace, if purpose.is_some() { "revealed" } else { "exported" }, details)?;
    let mut rows = Rows { format: request.format, header: None, out, written: 0 };
    match request.what {
        Exported::Listings => listings(workspace, request.reveal.is_some(), &mut rows).await?,
        Exported::Assessments => assessments(workspace, &mut rows).await?,
        Exported::Decisions => decisions(workspace, &mut rows).await?,
    }
    rows.out.flush().map_err(|error| EngineError::file("write", "-", error))?;
    Ok(rows.written)
}

const fn name(what: Exported) -> &'static str {
    match what {
        Exported::Listings => "listings",
        Exported::Assessments => "assessments",
        Exported::Decisions => "decisions",
    }
}

async fn listings(workspace: &Workspace, reveal: bool, rows: &mut Rows<'_>) -> Result<()> {
    let mut records = workspace.store().listings(ListingFilter::default());
    while let Some(record) = records.next().await? {
        let full = if reveal { clear_listing(&record.listing) } else { masked_listing(&record.listing) };
        let mut row = Map::new();
        for field in ["url", "title", "body", "price", "location", "posted_at", "contacts"] {
            row.insert(field.to_string(), full[field].clone());
        }
        for field in ["external_id", "source", "kind", "lang"] {
            row.insert(field.to_string(), full[field].clone());
        }
        row.insert("id".to_string(), json!(record.id));
        row.insert("version".to_string(), json!(record.version));
        row.insert("band".to_string(), json!(record.band));
        row.insert("points".to_string(), json!(record.points));
        row.insert("first_seen".to_string(), json!(record.created_at));
        row.insert("last_seen".to_string(), json!(record.seen_at));
        rows.write(&row)?;
    }
    Ok(())
}

fn clear_listing(listing: &Listing) -> Value {
    listing.to_stored_json()
}

async fn assessments(workspace: &Workspace, rows: &mut Rows<'_>) -> Result<()> {
    let mut records = workspace.store().assessments();
    while let Some(record) = records.next().await? {
        let mut row = Map::new();
        row.insert("listing".to_string(), json!(record.listing));
        row.insert("version".to_string(), json!(record.version));
        row.insert("leaf".to_string(), json!(record.leaf));
        row.insert("assessed_at".to_string(), json!(record.assessed_at));
        if let Value::Object(fields) = serde_json::to_value(&record.assessment).unwrap_or_default() {
            row.extend(fields);
        }
        rows.write(&row)?;
    }
    Ok(())
}

async fn decisions(workspace: &Workspace, rows: &mut Rows<'_>) -> Result<()> {
    let mut records = workspace.store().decisions();
    while let Some(record) = records.next().await? {
        let mut row = Map::new();
        row.insert("item".to_string(), json!(record.item));
        row.insert("listing".to_string(), json!(record.listing));
        row.insert("source".to_string(), json!(record.source));
        row.insert("external_id".to_string(), json!(record.key));
        row.insert("lane".to_string(), json!(record.lane));
        row.insert("in_force".to_string(), json!(record.in_force));
        row.insert("reversed_by".to_string(), json!(record.reversed_by));
        row.insert("event".to_string(), json!(record.event.id));
        row.insert("at".to_string(), json!(record.event.at));
        row.insert("by".to_string(), json!(record.event.actor.to_string()));
        if let lapwing_types::Action::Decided { decision } = &record.event.action {
            row.insert("outcome".to_string(), json!(decision.outcome));
            row.insert("reason".to_string(), json!(decision.reason));
            row.insert("indicators".to_string(), json!(decision.indicators));
        }
        rows.write(&row)?;
    }
    Ok(())
}

/// Writes objects as JSON lines, or as a table whose columns are those of the first.
struct Rows<'a> {
    format: ExportFormat,
    header: Option<Vec<String>>,
    out: &'a mut (dyn Write + Send),
    written: u64,
}

impl Rows<'_> {
    fn write(&mut self, row: &Map<String, Value>) -> Result<()> {
        let text = match self.format {
            ExportFormat::Jsonl => format!("{}\n", Value::Object(row.clone())),
            ExportFormat::Csv => self.csv_line(row)?,
        };
        self.written += 1;
        self.out.write_all(text.as_bytes()).map_err(|error| EngineError::file("write", "-", error))
    }

    fn csv_line(&mut self, row: &Map<String, Value>) -> Result<String> {
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        let failed = |error: csv::Error| EngineError::Request(format!("a row cannot be written as CSV: {error}"));
        let columns = match &self.header {
            Some(columns) => columns.clone(),
            None => {
                let columns: Vec<String> = row.keys().cloned().collect();
                writer.write_record(&columns).map_err(failed)?;
                self.header = Some(columns.clone());
                columns
            }
        };
        let cells = columns.iter().map(|column| cell(row.get(column).unwrap_or(&Value::Null)));
        writer.write_record(cells).map_err(failed)?;
        let bytes = writer
            .into_inner()
            .map_err(|error| EngineError::Request(format!("a row cannot be written as CSV: {error}")))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// A text for a cell: one that a spreadsheet would run as a formula gets an apostrophe in front.
pub(crate) fn defused(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_string() }
}

/// A cell.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => defused(text),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_lists_stand_as_json() {
        assert_eq!(cell(&json!("=HYPERLINK(1)")), "'=HYPERLINK(1)");
        assert_eq!(cell(&json!(["a"])), "[\"a\"]");
        let mut out = Vec::new();
        let mut rows = Rows { format: ExportFormat::Csv, header: None, out: &mut out, written: 0 };
        let row = json!({"a": "x,y", "b": null});
        rows.write(row.as_object().unwrap()).unwrap();
        rows.write(row.as_object().unwrap()).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a,b\n\"x,y\",\n\"x,y\",\n");
    }
}
