//! `lapwing crawl`: a polite visit, resumable at any moment.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use lapwing_engine::{CrawlOutcome, CrawlRequest, CrawlState, HostPort, detector, start_or_resume};
use tokio::sync::watch;
use url::Url;

use super::{Context, print_json};
use crate::arguments::CrawlArguments;
use crate::terminal;

pub(crate) async fn run(context: &Context, arguments: &CrawlArguments) -> anyhow::Result<ExitCode> {
    let workspace = context.workspace().await?;
    let detector = Arc::new(detector(&workspace.config().detect, &[], None)?);
    let request = request(arguments)?;
    let bar = terminal::bar(Some(0), "{bar:24.cyan} {pos}/{len} pages  {msg}");
    let observe = |state: CrawlState| {
        bar.set_length(state.progress.totals.fetched + state.waiting);
        bar.set_position(state.progress.totals.fetched);
        bar.set_message(describe(&state));
    };
    let outcome = start_or_resume(&workspace, detector, &request, observe, stop_on_interrupt()).await;
    bar.finish_and_clear();
    let outcome = outcome?;
    if arguments.json {
        print_json(&outcome)?;
    } else {
        tell(&outcome);
    }
    workspace.store().close().await;
    Ok(ExitCode::SUCCESS)
}

fn request(arguments: &CrawlArguments) -> anyhow::Result<CrawlRequest> {
    let parse = |written: &String| {
        let url =
            Url::parse(written).with_context(|| format!("`{written}` is not a URL, such as https://board.example/"))?;
        anyhow::ensure!(matches!(url.scheme(), "http" | "https"), "`{written}` is neither http nor https");
        Ok(url)
    };
    let profile = arguments.site.as_ref().map(|path| {
        std::fs::read_to_string(path).with_context(|| format!("failed to read the profile `{}`", path.display()))
    });
    let pair = |written: &String| written.parse::<HostPort>().map_err(anyhow::Error::from);
    Ok(CrawlRequest {
        seeds: arguments.urls.iter().map(parse).collect::<anyhow::Result<_>>()?,
        profile: profile.transpose()?,
        allow_private: arguments.allow_private.iter().map(pair).collect::<anyhow::Result<_>>()?,
        max_pages: arguments.max_pages,
        fresh: arguments.fresh,
    })
}

/// Ctrl-C lets the requests under way end; what waits is kept for the next run.
fn stop_on_interrupt() -> watch::Receiver<bool> {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            eprintln!("stopping after the requests under way; `lapwing crawl` goes on later");
            // The receiver lives as long as the crawl.
            let _ = stop.send(true);
            std::future::pending::<()>().await;
        }
    });
    stopped
}

pub(crate) fn describe(state: &CrawlState) -> String {
    let counts = &state.counts;
    let errors: u64 = state.progress.totals.errors.values().sum();
    let listings = counts.new + counts.updated + counts.unchanged;
    format!("{listings} listings, {} flagged, {} waiting, {errors} errors", counts.flagged, state.waiting)
}

fn tell(outcome: &CrawlOutcome) {
    for recovery in &outcome.recovered {
        eprintln!("mended: {}", terminal::clean(&recovery.message));
    }
    if outcome.adopted > 0 {
        eprintln!("judged {} capture(s) that an interrupted run had kept", outcome.adopted);
    }
    for (host, tally) in &outcome.summary.hosts {
        let errors: u64 = tally.errors.values().sum();
        eprintln!(
            "{}: {} fetched, {} closed by robots.txt, {} refused, {errors} errors, {} bytes",
            terminal::clean(host),
            tally.fetched,
            tally.refused_by_robots,
            tally.refused_in_all() - tally.refused_by_robots.min(tally.refused_in_all()),
            tally.bytes
        );
    }
    let counts = &outcome.counts;
    eprintln!(
        "{} new listings, {} changed, {} unchanged; {} entered the queue",
        counts.new, counts.updated, counts.unchanged, counts.flagged
    );
    if outcome.waiting > 0 {
        eprintln!("{} addresses wait; `lapwing crawl` goes on with them", outcome.waiting);
    }
}
