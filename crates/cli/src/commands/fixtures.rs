//! `lapwing fixtures generate`: invented labelled listings for tests of scale.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use lapwing_engine::{SyntheticRequest, SyntheticSummary, check_synthetic, generate_synthetic};

use super::print_json;
use crate::arguments::{FixturesCommand, GenerateArguments};
use crate::terminal;

/// How much is gathered before it is written.
const BUFFER: usize = 1 << 18;

pub(crate) fn run(command: &FixturesCommand) -> anyhow::Result<ExitCode> {
    match command {
        FixturesCommand::Generate(arguments) => generate(arguments),
    }
}

fn generate(arguments: &GenerateArguments) -> anyhow::Result<ExitCode> {
    let request = SyntheticRequest {
        seed: arguments.seed,
        count: arguments.count,
        positives: arguments.positives,
        duplicates: arguments.duplicates,
        languages: arguments.lang.clone(),
    };
    // A request that makes no sense must not empty the file that stands there.
    check_synthetic(&request)?;
    match &arguments.out {
        Some(path) => tell(&to_file(&request, path)?, path, arguments.json)?,
        None => {
            let mut out = BufWriter::with_capacity(BUFFER, std::io::stdout().lock());
            generate_synthetic(&request, &mut out, &mut |_| ())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn to_file(request: &SyntheticRequest, path: &Path) -> anyhow::Result<SyntheticSummary> {
    let doing = || format!("failed to write `{}`", path.display());
    let mut out = BufWriter::with_capacity(BUFFER, File::create(path).with_context(doing)?);
    let bar = terminal::bar(Some(request.count), "{bar:24.cyan} {pos}/{len} listings  {per_sec}  {eta}");
    let summary = generate_synthetic(request, &mut out, &mut |done| bar.set_position(done));
    bar.finish_and_clear();
    summary.with_context(doing)
}

fn tell(summary: &SyntheticSummary, path: &Path, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        return print_json(summary);
    }
    eprintln!(
        "wrote {} invented listings to `{}`: {} labelled 1, {} near-duplicates, {} clusters",
        summary.listings,
        terminal::clean(&path.display().to_string()),
        summary.positives,
        summary.duplicates,
        summary.clusters
    );
    Ok(())
}
