//! `lapwing report`: the workspace as one HTML file.

use std::process::ExitCode;

use lapwing_engine::{ReportData, stats, write_report};

use super::Context;
use crate::arguments::ReportArguments;

pub(crate) async fn run(context: &Context, arguments: &ReportArguments) -> anyhow::Result<ExitCode> {
    let workspace = context.workspace().await?;
    let (stats, _) = stats(&workspace).await?;
    let facts = vec![
        ("Captures kept".to_string(), stats.captures.to_string()),
        ("Listings".to_string(), stats.listings.to_string()),
        ("Assessments".to_string(), stats.assessments.to_string()),
    ];
    let data = ReportData::read(&workspace, "Lapwing report", facts).await?;
    let path = arguments.out.clone().unwrap_or_else(|| workspace.folder().join("report.html"));
    write_report(&data, &path)?;
    eprintln!("wrote `{}`", path.display());
    workspace.store().close().await;
    Ok(ExitCode::SUCCESS)
}
