//! `lapwing ingest`: files of listings into the queue.

use std::process::ExitCode;

use lapwing_engine::{detector, ingest};

use super::{Context, print_json};
use crate::arguments::IngestArguments;
use crate::terminal;

pub(crate) async fn run(context: &Context, arguments: &IngestArguments) -> anyhow::Result<ExitCode> {
    let workspace = context.workspace().await?;
    let detector = detector(&workspace.config().detect, &[], None)?;
    let mut bad = 0;
    let mut outcomes = Vec::new();
    for path in &arguments.files {
        let bar = terminal::bar(None, "{spinner} {pos} listings  {per_sec}");
        let format = arguments.format.map(Into::into);
        let source = arguments.source.as_deref();
        let outcome = ingest(&workspace, &detector, path, format, source, &mut |done| bar.set_position(done)).await;
        bar.finish_and_clear();
        let outcome = outcome?;
        for record in &outcome.bad {
            eprintln!(
                "{}: record {}: {}",
                terminal::clean(&record.file),
                record.number,
                terminal::clean(&record.reason)
            );
        }
        bad += outcome.bad.len();
        if !arguments.json {
            let counts = &outcome.counts;
            eprintln!(
                "{}: {} new, {} changed, {} unchanged; {} entered the queue; kept as capture {}",
                path.display(),
                counts.new,
                counts.updated,
                counts.unchanged,
                counts.flagged,
                outcome.capture
            );
        }
        outcomes.push(outcome);
    }
    if arguments.json {
        print_json(&outcomes)?;
    }
    workspace.store().close().await;
    Ok(ExitCode::from(u8::from(bad > 0)))
}
