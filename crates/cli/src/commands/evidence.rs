//! `lapwing evidence`: what was kept, and whether it is whole.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use lapwing_engine::{EvidenceReport, Workspace, show_capture, verify_evidence};
use lapwing_types::CaptureId;

use super::{Context, print, print_json, print_json_line};
use crate::arguments::EvidenceCommand;
use crate::terminal;

pub(crate) async fn run(context: &Context, command: &EvidenceCommand) -> anyhow::Result<ExitCode> {
    let workspace = context.workspace().await?;
    match command {
        EvidenceCommand::List { json } => list(&workspace, *json),
        EvidenceCommand::Show { capture, body } => {
            let id = capture.parse::<CaptureId>().context("`lapwing evidence list` shows the ids")?;
            let (capture, bytes) = show_capture(&workspace, id)?;
            if *body {
                std::io::stdout().lock().write_all(&bytes)?;
            } else {
                print_json(&capture)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        EvidenceCommand::Verify { json } => {
            let bar = terminal::bar(Some(0), "{bar:24.cyan} {bytes}/{total_bytes}  verifying");
            let report = tokio::task::block_in_place(|| {
                verify_evidence(&workspace, &mut |progress| {
                    bar.set_length(progress.total);
                    bar.set_position(progress.done);
                })
            });
            bar.finish_and_clear();
            let report = report?;
            if *json {
                print_json(&report)?
            } else {
                tell(&report)
            }
            Ok(ExitCode::from(u8::from(!report.is_clean())))
        }
    }
}

fn list(workspace: &Workspace, json: bool) -> anyhow::Result<ExitCode> {
    for row in workspace.captures()? {
        let row = row?;
        if json {
            print_json_line(&row)?;
            continue;
        }
        let status = row.capture.status().map_or("file".to_string(), |status| status.to_string());
        let address = terminal::line(row.capture.address(), 100);
        print(&format!(
            "{}  {}  {status:4}  {}  {address}\n",
            row.capture.id, row.capture.captured_at, row.capture.payload
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(report: &EvidenceReport) {
    for finding in &report.findings {
        let capture = finding.capture.map_or(String::new(), |capture| format!(" (capture {capture})"));
        eprintln!("{}: {}{capture}", terminal::clean(&finding.place), terminal::clean(&finding.message));
    }
    if report.findings_left_out > 0 {
        eprintln!("and {} findings more", report.findings_left_out);
    }
    for note in &report.notes {
        eprintln!("note: {}", terminal::clean(note));
    }
    let verdict = if report.is_clean() { "whole" } else { "NOT whole" };
    eprintln!(
        "{verdict}: {} captures, {} events, {} checkpoints, {} bytes, {} findings",
        report.captures,
        report.events,
        report.checkpoints,
        report.bytes,
        report.findings.len()
    );
}
