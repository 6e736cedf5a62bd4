//! The whole way once: a workspace, polite crawls of some sites, evidence, judgement, queue, verification, report.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use lapwing_crawl::HostPort;
use lapwing_detect::{Detector, Profile};
use lapwing_evidence::Report;
use lapwing_store::Stats;
use serde::Serialize;
use tokio::sync::watch;
use url::Url;

use crate::config::Config;
use crate::crawl::{CrawlOutcome, CrawlRequest, CrawlState, start_or_resume};
use crate::error::{EngineError, Result};
use crate::evidence::verify_evidence;
use crate::judge::Counts;
use crate::packs::detector;
use crate::queue::stats;
use crate::report::{ReportData, write_report};
use crate::workspace::Workspace;

/// A site of the demo.
#[derive(Debug, Clone)]
pub struct DemoSite {
    /// Its name, for the progress.
    pub name: String,
    /// Where it is served: `http://127.0.0.1:PORT/`.
    pub url: Url,
    /// The text of its profile.
    pub profile: String,
}

/// What the demo came to.
#[derive(Debug, Serialize)]
pub struct Demo {
    /// The workspace.
    pub workspace: PathBuf,
    /// The report.
    pub report: PathBuf,
    /// Pages that were fetched.
    pub pages: u64,
    /// Addresses that robots.txt closed.
    pub refused_by_robots: u64,
    /// What was read.
    pub counts: Counts,
    /// The crawls, one a site.
    pub crawls: Vec<CrawlOutcome>,
    /// What verification said.
    pub evidence: Report,
    /// Flagged listings by band, lane and family.
    #[serde(skip)]
    pub stats: Stats,
    /// How long it took, seconds.
    pub seconds: f64,
}

/// Runs the demo in a new folder; `observer` hears of each site's progress.
///
/// # Errors
/// Where the folder is taken, or a step fails.
pub async fn run_demo(
    folder: &Path,
    config: &Config,
    sites: &[DemoSite],
    observer: &(dyn Fn(&str, CrawlState) + Send + Sync),
) -> Result<Demo> {
    let begun = Instant::now();
    Workspace::init(folder, config).await?;
    let workspace = Workspace::open(folder, config).await?;
    let judge = Arc::new(detector(&config.detect, &[], None)?);
    let mut crawls = Vec::new();
    for site in sites {
        crawls.push(crawl_site(&workspace, &judge, site, observer).await?);
    }
    let evidence = tokio::task::block_in_place(|| verify_evidence(&workspace, &mut |_| {}))?;
    let (stats, _) = stats(&workspace).await?;
    let pages = crawls.iter().map(|crawl| crawl.summary.totals.fetched).sum();
    let refused_by_robots = crawls.iter().map(|crawl| crawl.summary.totals.refused_by_robots).sum();
    let counts = crawls.iter().fold(Counts::default(), |sum, crawl| Counts {
        new: sum.new + crawl.counts.new,
        updated: sum.updated + crawl.counts.updated,
        unchanged: sum.unchanged + crawl.counts.unchanged,
        flagged: sum.flagged + crawl.counts.flagged,
    });
    let report = folder.join("report.html");
    let facts = facts(pages, counts, refused_by_robots, &evidence, begun.elapsed().as_secs_f64());
    write_report(&ReportData::read(&workspace, "Lapwing: what the demo found", facts).await?, &report)?;
    let seconds = begun.elapsed().as_secs_f64();
    workspace.store().close().await;
    let workspace = folder.to_path_buf();
    Ok(Demo { workspace, report, pages, refused_by_robots, counts, crawls, evidence, stats, seconds })
}

async fn crawl_site(
    workspace: &Workspace,
    detector: &Arc<Detector>,
    site: &DemoSite,
    observer: &(dyn Fn(&str, CrawlState) + Send + Sync),
) -> Result<CrawlOutcome> {
    let address = site.url.host_str().zip(site.url.port()).map(|(host, port)| format!("{host}:{port}"));
    let wrong = || EngineError::Request(format!("`{}` is not an address with a port", site.url));
    let address = address.ok_or_else(wrong)?;
    let pair = address.parse::<HostPort>().map_err(|error| EngineError::Request(error.to_string()))?;
    let profile = for_address(&site.profile, &address)?;
    let request = CrawlRequest {
        seeds: vec![site.url.clone()],
        profile: Some(profile),
        allow_private: vec![pair],
        ..CrawlRequest::default()
    };
    // Nobody stops the demo but by ending it.
    let (_running, stop) = watch::channel(false);
    start_or_resume(workspace, Arc::clone(detector), &request, |state| observer(&site.name, state), stop).await
}

/// The profile with the address at which the site is served in place of its invented host.
fn for_address(profile: &str, address: &str) -> Result<String> {
    let host = Profile::parse(profile).map_err(|error| EngineError::Settings {
        place: "the site's profile".to_string(),
        message: error.to_string(),
    })?;
    Ok(profile.replacen(&format!("host: {}", host.host), &format!("host: '{address}'"), 1))
}

fn facts(pages: u64, counts: Counts, refused: u64, evidence: &Report, seconds: f64) -> Vec<(String, String)> {
    let verified = if evidence.is_clean() { "all whole" } else { "damaged" };
    vec![
        ("Pages".to_string(), pages.to_string()),
        ("Listings".to_string(), counts.new.to_string()),
        ("Flagged".to_string(), counts.flagged.to_string()),
        ("Captures kept".to_string(), evidence.captures.to_string()),
        ("Evidence".to_string(), verified.to_string()),
        ("Closed by robots.txt".to_string(), refused.to_string()),
        ("Seconds".to_string(), format!("{seconds:.1}")),
    ]
}
