//! `lapwing demo`: the bundled boards are served on loopback ports and the whole way is gone once.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use lapwing_engine::{CrawlState, Demo, DemoSite, ItemStatus, Layered, run_demo};
use lapwing_types::{Band, Family};
use url::Url;

use super::crawl::describe;
use super::{Context, print, print_json};
use crate::arguments::DemoArguments;
use crate::terminal;

pub(crate) async fn run(_context: &Context, arguments: &DemoArguments) -> anyhow::Result<ExitCode> {
    let temporary = tempfile::tempdir().context("failed to make a temporary folder")?;
    let keep = arguments.keep || arguments.dir.is_some();
    let folder = match &arguments.dir {
        Some(folder) => folder.clone(),
        None => temporary.path().join("demo"),
    };
    // Quick enough to watch, and still one request at a time with a pause between.
    let flags = [("crawl.delay_ms".to_string(), "100".to_string())];
    let config = Layered::load(None, [], &flags)?.config;
    let mut running = Vec::new();
    let mut sites = Vec::new();
    for board in lapwing_fixtures::boards() {
        let (name, profile) = (board.title.to_string(), board.profile.to_string());
        let server = lapwing_fixtures::serve(board).await.context("failed to serve a board on a loopback port")?;
        sites.push(DemoSite { name, url: Url::parse(&server.url())?, profile });
        running.push(server);
    }
    eprintln!("three invented boards are served on this machine; crawling them politely");
    let bar = terminal::bar(Some(0), "{prefix:24} {bar:24.cyan} {pos}/{len} pages  {msg}");
    let observe = |site: &str, state: CrawlState| {
        bar.set_prefix(site.to_string());
        bar.set_length(state.progress.totals.fetched + state.waiting);
        bar.set_position(state.progress.totals.fetched);
        bar.set_message(describe(&state));
    };
    let demo = run_demo(&folder, &config, &sites, &observe).await;
    bar.finish_and_clear();
    for server in running {
        server.stop().await;
    }
    let demo = demo?;
    let folder = if keep { kept(&folder, arguments, temporary)? } else { folder };
    if arguments.json {
        print_json(&demo)?;
    } else {
        print(&summary(&demo, &folder, keep))?;
    }
    Ok(if demo.evidence.is_clean() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// With `--keep` alone the temporary folder stays where it is.
fn kept(folder: &Path, arguments: &DemoArguments, temporary: tempfile::TempDir) -> anyhow::Result<PathBuf> {
    if arguments.dir.is_none() {
        let _stays = temporary.keep();
    }
    Ok(folder.to_path_buf())
}

fn summary(demo: &Demo, folder: &Path, keep: bool) -> String {
    let mut lines = vec![
        format!("pages      {} fetched, {} closed by robots.txt and left alone", demo.pages, demo.refused_by_robots),
        format!("listings   {} read", demo.counts.new),
        format!("flagged    {} wait for a person", demo.stats.items(ItemStatus::Open)),
    ];
    let bands = Band::ALL
        .into_iter()
        .rev()
        .filter_map(|band| demo.stats.by_band.get(&band).map(|count| format!("{count} {band}")));
    lines.push(format!("  by band    {}", bands.collect::<Vec<_>>().join(", ")));
    let families = Family::ALL.into_iter().filter_map(|family| {
        demo.stats.flagged_by_family.get(&family).map(|count| format!("{count} {family} ({})", family.title()))
    });
    for (index, family) in families.enumerate() {
        lines.push(format!("  {}{family}", if index == 0 { "by family  " } else { "           " }));
    }
    let evidence = &demo.evidence;
    lines.push(if evidence.is_clean() {
        format!("evidence   {} captures verified against a signed log, nothing changed", evidence.captures)
    } else {
        format!("evidence   {} FINDINGS in {} captures", evidence.findings.len(), evidence.captures)
    });
    lines.push(format!("elapsed    {:.1} s", demo.seconds));
    lines.push(String::new());
    let at = folder.display();
    if keep {
        lines.push(format!("report     {}", folder.join("report.html").display()));
        lines.push(String::new());
        lines.push("try next:".to_string());
        for next in ["queue list", "queue claim", "evidence verify", "export listings --format csv"] {
            lines.push(format!("  lapwing --data {at} {next}"));
        }
    } else {
        lines.push("The workspace was temporary. To look around in it:".to_string());
        lines.push("  lapwing demo --dir demo      then open demo/report.html".to_string());
        lines.push("  lapwing --data demo queue list".to_string());
        lines.push("  lapwing --data demo evidence verify".to_string());
    }
    lines.push(
        "  echo '{\"text\":\"Cleaner wanted abroad, pay a fee of 300 euros in advance\"}' | lapwing scan -".to_string(),
    );
    lines.join("\n") + "\n"
}
