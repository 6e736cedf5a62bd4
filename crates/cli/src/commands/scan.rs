//! `lapwing scan`: listings in, assessments out.

use std::io::BufWriter;
use std::path::PathBuf;
use std::process::ExitCode;

use lapwing_engine::{BadRecord, ScanOptions, detector, scan};

use super::Context;
use crate::arguments::ScanArguments;
use crate::terminal;

pub(crate) fn run(context: &Context, arguments: &ScanArguments) -> anyhow::Result<ExitCode> {
    let settings = context.settings()?.config;
    let detector = detector(&settings.detect, &arguments.rules, arguments.model.as_deref())?;
    let files = if arguments.files.is_empty() { vec![PathBuf::from("-")] } else { arguments.files.clone() };
    let options = ScanOptions { files, format: arguments.format.map(Into::into), strict: arguments.strict };
    let bar = terminal::bar(None, "{spinner} {pos} listings  {per_sec}");
    let mut tell = |bad: &BadRecord| {
        bar.suspend(|| {
            eprintln!("{}: record {}: {}", terminal::clean(&bad.file), bad.number, terminal::clean(&bad.reason))
        });
    };
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let summary = scan(&detector, &options, &mut out, &mut tell, &mut |done| bar.set_position(done));
    bar.finish_and_clear();
    let summary = summary?;
    if summary.bad > 0 {
        eprintln!("{} record(s) were not read, {} listings were assessed", summary.bad, summary.listings);
        return Ok(ExitCode::from(1));
    }
    Ok(ExitCode::SUCCESS)
}
