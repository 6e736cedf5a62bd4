//! The `lapwing` command: reads what is asked, calls the engine, prints what came of it. No logic of its own.
//!
//! stdout carries data, stderr carries talk. Exit status: 0 done, 1 done with findings (a bad record, a failed
//! example, damaged evidence), 2 not done.
#![expect(clippy::print_stderr, reason = "this is the one crate that talks")]

mod arguments;
mod commands;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_log();
    match run(arguments) {
        Ok(code) => code,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", terminal::clean(&sentence(&error)));
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let Arguments { data, set, command } = arguments;
        let context = commands::Context::new(data, set);
        match command {
            Command::Demo(arguments) => commands::demo::run(&context, &arguments).await,
            Command::Init(arguments) => commands::init::run(&context, &arguments).await,
            Command::Crawl(arguments) => commands::crawl::run(&context, &arguments).await,
            Command::Scan(arguments) => commands::scan::run(&context, &arguments),
            Command::Ingest(arguments) => commands::ingest::run(&context, &arguments).await,
            Command::Queue(command) => commands::queue::run(&context, &command).await,
            Command::Export(arguments) => commands::export::run(&context, &arguments).await,
            Command::Evidence(command) => commands::evidence::run(&context, &command).await,
            Command::Rules(command) => commands::rules::run(&context, &command),
            Command::Fixtures(command) => commands::fixtures::run(&command),
            Command::Train(arguments) => commands::train::run(&context, &arguments).await,
            Command::Evaluate(arguments) => commands::evaluate::run(&context, &arguments),
            Command::Report(arguments) => commands::report::run(&context, &arguments).await,
            Command::Config(arguments) => commands::config::run(&context, &arguments),
        }
    })
}

/// An error with its causes, those left out that it already tells.
fn sentence(error: &anyhow::Error) -> String {
    error
        .chain()
        .skip(1)
        .map(ToString::to_string)
        .fold(error.to_string(), |text, cause| if text.contains(&cause) { text } else { format!("{text}: {cause}") })
}

/// Warnings go to stderr; `LAPWING_LOG=debug` shows more.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("LAPWING_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time().init();
}

/// `lapwing scan … | head` is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
