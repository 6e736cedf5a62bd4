//! A crawl as a use-case: the frontier in the store, each answer kept before it is judged, resumable at any moment.

mod adopt;
mod frontier;
mod settings;

use std::sync::Arc;

use lapwing_crawl::{HostPort, Progress, Summary};
use lapwing_detect::{Detector, Profile};
use lapwing_evidence::Recovery;
use lapwing_store::{Budget, CrawlRecord, NewTarget};
use lapwing_types::CrawlId;
use serde::Serialize;
use tokio::sync::watch;
use url::Url;

use crate::clock;
use crate::error::{EngineError, Result};
use crate::judge::{Counts, Totals};
use crate::workspace::Workspace;
use frontier::StoreFrontier;
use settings::CrawlSettings;

/// What a crawl is asked for.
#[derive(Debug, Clone, Default)]
pub struct CrawlRequest {
    /// Where it begins. Empty: go on with the crawl that did not end.
    pub seeds: Vec<Url>,
    /// The text of a site's profile.
    pub profile: Option<String>,
    /// Private addresses that may be visited.
    pub allow_private: Vec<HostPort>,
    /// How many pages it may fetch, in place of the setting.
    pub max_pages: Option<u64>,
    /// Begin anew even where a crawl of the same seeds did not end.
    pub fresh: bool,
}

/// How far a crawl is.
#[derive(Debug, Clone)]
pub struct CrawlState {
    /// What the crawler counts.
    pub progress: Progress,
    /// What was read from its answers.
    pub counts: Counts,
    /// How many addresses wait.
    pub waiting: u64,
}

/// What came of a crawl.
#[derive(Debug, Serialize)]
pub struct CrawlOutcome {
    /// Its id.
    pub crawl: CrawlId,
    /// Whether it went on with an earlier one.
    pub resumed: bool,
    /// What the crawler counted, by host.
    pub summary: Summary,
    /// What was read from its answers.
    pub counts: Counts,
    /// Captures that had been kept and not judged when an earlier run was ended.
    pub adopted: u64,
    /// What a crash had left in the evidence, and was mended.
    pub recovered: Vec<Recovery>,
    /// How many addresses still wait.
    pub waiting: u64,
}

/// Starts a crawl, or goes on with one that did not end. `stop` set to true lets it end after the requests under way.
///
/// # Errors
/// Where the request makes no sense, another process works on the evidence, or the crawl fails.
pub async fn start_or_resume(
    workspace: &Workspace,
    detector: Arc<Detector>,
    request: &CrawlRequest,
    observer: impl Fn(CrawlState) + Send + Sync,
    stop: watch::Receiver<bool>,
) -> Result<CrawlOutcome> {
    let (archive, recovered) = workspace.archive()?;
    let (record, resumed) = find_or_start(workspace, request).await?;
    let settings = CrawlSettings::read(&record.settings)?;
    let profile = settings.profile()?;
    let pace = profile.as_ref().and_then(|profile| profile.delay_ms.map(|delay| (host_name(&profile.host), delay)));
    let policy = workspace.config().policy(&settings.allow_private(&request.allow_private)?, pace)?;
    let totals = Arc::new(Totals::default());
    let frontier = Arc::new(StoreFrontier::new(
        workspace.clone(),
        archive,
        detector,
        record.id,
        settings,
        profile,
        Arc::clone(&totals),
    ));
    workspace.store().reset_claimed(record.id, clock::now()).await?;
    let adopted = adopt::unjudged_captures(&frontier).await?;
    let waiting = frontier.waiting_counter();
    let observe = |progress: Progress| {
        let waiting = waiting.load(std::sync::atomic::Ordering::Relaxed);
        observer(CrawlState { progress, counts: totals.counts(), waiting });
    };
    let summary =
        lapwing_crawl::crawl(policy, Arc::clone(&frontier) as Arc<dyn lapwing_crawl::Frontier>, observe, stop);
    let summary = summary.await?;
    let (ready, later, _) = workspace.store().frontier_pending(record.id, clock::now()).await?;
    if ready + later == 0 {
        workspace.store().finish_crawl(record.id, clock::now()).await?;
    }
    frontier.checkpoint()?;
    let counts = totals.counts();
    Ok(CrawlOutcome { crawl: record.id, resumed, summary, counts, adopted, recovered, waiting: ready + later })
}

fn host_name(host: &str) -> &str {
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

async fn find_or_start(workspace: &Workspace, request: &CrawlRequest) -> Result<(CrawlRecord, bool)> {
    let store = workspace.store();
    let profile = request.profile.as_deref().map(Profile::parse).transpose().map_err(|error| {
        EngineError::Settings { place: "the site's profile".to_string(), message: error.to_string() }
    })?;
    let seeds = all_seeds(request, profile.as_ref())?;
    let mut unfinished = store.unfinished_crawls().await?;
    let same = |record: &CrawlRecord| {
        seeds.is_empty() || CrawlSettings::read(&record.settings).is_ok_and(|settings| settings.seeds == seeds)
    };
    if !request.fresh
        && let Some(index) = unfinished.iter().rposition(same)
    {
        return Ok((unfinished.swap_remove(index), true));
    }
    if seeds.is_empty() {
        let message = "there is no crawl to go on with; name a URL, or a profile with `--site`";
        return Err(EngineError::Request(message.to_string()));
    }
    let config = &workspace.config().crawl;
    let settings = CrawlSettings::new(seeds, request, config.max_depth);
    let targets: Vec<NewTarget> =
        settings.seeds.iter().map(|seed| frontier::new_target(seed.clone(), 0, 100)).collect();
    let pages = Some(request.max_pages.unwrap_or(config.max_pages)).filter(|pages| *pages > 0);
    let (id, now) = (clock::crawl_id(), clock::now());
    store.start_crawl(id, &targets, &settings.to_json(), Budget { pages, pages_per_host: None }, now).await?;
    let record = store.crawl(id).await?;
    record.map(|record| (record, false)).ok_or(EngineError::Stage)
}

/// The seeds that were named, or those of the profile.
fn all_seeds(request: &CrawlRequest, profile: Option<&Profile>) -> Result<Vec<Url>> {
    if !request.seeds.is_empty() {
        return Ok(request.seeds.clone());
    }
    let Some(profile) = profile else { return Ok(Vec::new()) };
    let wrong = |seed: &str| EngineError::Settings {
        place: "the site's profile".to_string(),
        message: format!("the seed `{seed}` is no path and no URL"),
    };
    let base = Url::parse(&format!("https://{}/", profile.host)).map_err(|_| wrong(&profile.host))?;
    let seeds: Vec<&str> =
        if profile.seeds.is_empty() { vec!["/"] } else { profile.seeds.iter().map(String::as_str).collect() };
    seeds.into_iter().map(|seed| base.join(seed).map_err(|_| wrong(seed))).collect()
}
