//! One file a command. Each returns the exit status, or the error that `main` prints.

pub(crate) mod config;
pub(crate) mod crawl;
pub(crate) mod demo;
pub(crate) mod evaluate;
pub(crate) mod evidence;
pub(crate) mod export;
pub(crate) mod fixtures;
pub(crate) mod ingest;
pub(crate) mod init;
pub(crate) mod queue;
pub(crate) mod report;
pub(crate) mod rules;
pub(crate) mod scan;
pub(crate) mod train;

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use lapwing_engine::{InputFormat, Layered, SETTINGS_FILE, Workspace};
use serde::Serialize;

use crate::arguments::InputFormatArgument;

/// What every command is given: where the workspace is, and the settings of the command line.
pub(crate) struct Context {
    data: Option<PathBuf>,
    set: Vec<String>,
}

impl Context {
    pub(crate) fn new(data: Option<PathBuf>, set: Vec<String>) -> Self {
        Self { data, set }
    }

    /// The settings of all layers; those of the workspace's file where a workspace is named.
    pub(crate) fn settings(&self) -> anyhow::Result<Layered> {
        let mut flags = Vec::new();
        for written in &self.set {
            let Some((key, value)) = written.split_once('=') else {
                bail!("`--set {written}` is not KEY=VALUE, such as `--set crawl.delay_ms=500`");
            };
            flags.push((key.trim().to_string(), value.to_string()));
        }
        let file = self.data.as_ref().map(|folder| folder.join(SETTINGS_FILE));
        Ok(Layered::load(file.as_deref(), std::env::vars(), &flags)?)
    }

    /// The same for the workspace in another folder.
    pub(crate) fn at(&self, folder: PathBuf) -> Self {
        Self { data: Some(folder), set: self.set.clone() }
    }

    /// The named workspace, opened.
    pub(crate) async fn workspace(&self) -> anyhow::Result<Workspace> {
        let Some(folder) = &self.data else {
            bail!("no workspace is named; give `--data DIR` or set LAPWING_DATA (`lapwing init DIR` makes one)");
        };
        Ok(Workspace::open(folder, &self.settings()?.config).await?)
    }
}

impl From<InputFormatArgument> for InputFormat {
    fn from(argument: InputFormatArgument) -> Self {
        match argument {
            InputFormatArgument::Jsonl => Self::Jsonl,
            InputFormatArgument::Csv => Self::Csv,
            InputFormatArgument::Parquet => Self::Parquet,
            InputFormatArgument::Html => Self::Html,
        }
    }
}

/// Prints a value as JSON, with line ends, to stdout.
pub(crate) fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    use std::io::Write as _;
    let text = serde_json::to_string_pretty(value).context("failed to write JSON")?;
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}

/// Prints a value as one line of JSON to stdout.
pub(crate) fn print_json_line(value: &impl Serialize) -> anyhow::Result<()> {
    use std::io::Write as _;
    let text = serde_json::to_string(value).context("failed to write JSON")?;
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}

/// Prints text to stdout; a closed pipe is an error that `main` forgives.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(())
}
