//! `lapwing init`: makes a workspace.

use std::process::ExitCode;

use lapwing_engine::Workspace;

use super::Context;
use crate::arguments::InitArguments;

pub(crate) async fn run(context: &Context, arguments: &InitArguments) -> anyhow::Result<ExitCode> {
    Workspace::init(&arguments.dir, &context.settings()?.config).await?;
    let folder = arguments.dir.display();
    eprintln!(
        "made the workspace `{folder}`: lapwing.toml, lapwing.db, evidence/, keys/ (keys are yours alone, back them up)"
    );
    eprintln!("next: set `crawl.contact` in {folder}/lapwing.toml, then `lapwing --data {folder} crawl URL`");
    Ok(ExitCode::SUCCESS)
}
