//! `lapwing export`: listings, assessments, decisions.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use lapwing_engine::{ExportFormat, ExportRequest, Exported, Reveal, export};

use super::Context;
use crate::arguments::{ExportArguments, ExportFormatArgument, ExportWhat};

pub(crate) async fn run(context: &Context, arguments: &ExportArguments) -> anyhow::Result<ExitCode> {
    let workspace = context.workspace().await?;
    let request = ExportRequest {
        what: match arguments.what {
            ExportWhat::Listings => Exported::Listings,
            ExportWhat::Assessments => Exported::Assessments,
            ExportWhat::Decisions => Exported::Decisions,
        },
        format: match arguments.format {
            ExportFormatArgument::Jsonl => ExportFormat::Jsonl,
            ExportFormatArgument::Csv => ExportFormat::Csv,
        },
        reveal: arguments.reveal.then(|| Reveal { purpose: arguments.purpose.clone().unwrap_or_default() }),
    };
    let mut out: Box<dyn Write + Send> = match &arguments.out {
        Some(path) => {
            let file = File::create(path).with_context(|| format!("failed to write `{}`", path.display()))?;
            Box::new(BufWriter::new(file))
        }
        None => Box::new(BufWriter::new(std::io::stdout())),
    };
    let written = export(&workspace, &request, out.as_mut()).await?;
    eprintln!("{written} rows");
    workspace.store().close().await;
    Ok(ExitCode::SUCCESS)
}
