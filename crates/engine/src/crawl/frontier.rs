//! The crawl's frontier over the store: claims come from it, answers go through evidence and judgement into it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use lapwing_crawl::{
    Frontier, FrontierError, HostKey, Pending, Postponement, Purpose, Refusal, Target, redirect_location,
};
use lapwing_detect::{Detector, Extraction, Page, Profile, extract};
use lapwing_evidence::content_decoded;
use lapwing_store::{Batch, FrontierStep, NewTarget, NextTarget, TargetId, TargetOutcome};
use lapwing_types::{Capture, CrawlId, Exchange};
use url::Url;

use super::settings::CrawlSettings;
use crate::clock;
use crate::error::{EngineError, Result};
use crate::judge::{Assessed, Totals, assess, record};
use crate::workspace::{SharedArchive, Workspace};

/// A page larger than this when decoded is read up to here.
const LARGEST_DECODED: usize = 16 << 20;

pub(super) struct StoreFrontier {
    pub(super) workspace: Workspace,
    pub(super) archive: SharedArchive,
    detector: Arc<Detector>,
    pub(super) crawl: CrawlId,
    settings: CrawlSettings,
    profile: Option<Arc<Profile>>,
    totals: Arc<Totals>,
    waiting: Arc<AtomicU64>,
}

/// A page read and judged, not yet written.
struct Read {
    assessed: Vec<Assessed>,
    follow: Vec<(Url, bool)>,
}

impl StoreFrontier {
    pub(super) fn new(
        workspace: Workspace,
        archive: SharedArchive,
        detector: Arc<Detector>,
        crawl: CrawlId,
        settings: CrawlSettings,
        profile: Option<Profile>,
        totals: Arc<Totals>,
    ) -> Self {
        let profile = profile.map(Arc::new);
        Self { workspace, archive, detector, crawl, settings, profile, totals, waiting: Arc::default() }
    }

    pub(super) fn waiting_counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.waiting)
    }

    /// Signs the custody log as it stands.
    pub(super) fn checkpoint(&self) -> Result<()> {
        self.archive.lock().checkpoint()?;
        Ok(())
    }

    /// Keeps an answer; when this returns it is on disk.
    async fn keep_bytes(&self, exchange: Arc<Exchange>) -> Result<(u64, Capture)> {
        let (archive, tool) = (self.archive.clone(), self.workspace.tool());
        let kept = tokio::task::spawn_blocking(move || {
            let mut archive = archive.lock();
            let capture = archive.keep_exchange(clock::capture_id(), &exchange, &tool)?;
            Ok((archive.size() - 1, capture))
        });
        kept.await.map_err(|_| EngineError::Stage)?
    }

    /// Judges a kept page and writes what came of it, with the links to follow, in one transaction.
    pub(super) async fn judge_page(
        &self,
        (leaf, capture): (u64, &Capture),
        exchange: Arc<Exchange>,
        target: Option<(TargetId, u32)>,
    ) -> Result<()> {
        let redirect = redirect_location(&exchange);
        let mut redirects = exchange.redirected_from.clone();
        redirects.push(exchange.url.clone());
        let status = exchange.status;
        let read = self.read(exchange).await?;
        let Some((done, depth)) = target else {
            return self.write((leaf, capture), &read.assessed, None).await;
        };
        let mut follow: Vec<NewTarget> = Vec::new();
        if let Some(url) = redirect.filter(|url| self.settings.is_in_scope(url)) {
            follow.push(NewTarget { redirected_from: redirects, ..new_target(url, depth, 50) });
        }
        for (url, is_next) in read.follow.into_iter().filter(|(url, _)| self.settings.is_in_scope(url)) {
            // The next page of a list is as near as its first; the budget bounds how many there may be.
            if is_next {
                follow.push(new_target(url, depth, 20));
            } else if depth < self.settings.max_depth {
                follow.push(new_target(url, depth + 1, 10));
            }
        }
        for target in &mut follow {
            target.found_on = Some(done.number);
        }
        let detail = status.to_string();
        let done = Some((done, TargetOutcome::Fetched, Some(detail.as_str())));
        let step = FrontierStep { done, follow: &follow, crawl: self.crawl };
        self.write((leaf, capture), &read.assessed, Some(step)).await
    }

    pub(super) async fn write(
        &self,
        kept: (u64, &Capture),
        assessed: &[Assessed],
        step: Option<FrontierStep<'_>>,
    ) -> Result<()> {
        let judgement = record(self.workspace.store(), kept, assessed, Batch::WHOLE, step).await?;
        self.totals.add(&judgement);
        Ok(())
    }

    /// Extraction and assessment, on a thread for work that computes.
    async fn read(&self, exchange: Arc<Exchange>) -> Result<Read> {
        let (detector, profile) = (Arc::clone(&self.detector), self.profile.clone());
        let read = tokio::task::spawn_blocking(move || {
            let extraction = extraction_of(&exchange, &detector, profile.as_deref());
            let follow = extraction.links.into_iter().map(|link| (link.url, link.is_next)).collect();
            Read { assessed: assess(&detector, extraction.listings), follow }
        });
        read.await.map_err(|_| EngineError::Stage)
    }

    async fn claim_next(&self, busy: &[HostKey]) -> Result<Option<Target>> {
        let busy: Vec<String> = busy.iter().map(|host| host.as_str().to_string()).collect();
        let next = self.workspace.store().claim_target(self.crawl, &busy, clock::now()).await?;
        let NextTarget::Fetch(target) = next else { return Ok(None) };
        Ok(Some(Target {
            id: i64::try_from(target.id.number).unwrap_or(i64::MAX),
            url: target.url,
            depth: target.depth,
            redirected_from: target.redirected_from,
            attempt: target.attempts,
        }))
    }

    async fn keep_answer(&self, target: &Target, purpose: Purpose, exchange: Exchange) -> Result<()> {
        let exchange = Arc::new(exchange);
        let (leaf, capture) = self.keep_bytes(Arc::clone(&exchange)).await?;
        match purpose {
            Purpose::Page => self.judge_page((leaf, &capture), exchange, Some((self.id(target), target.depth))).await,
            // Evidence of how the site was visited; nothing is read from it.
            Purpose::Robots | Purpose::Deferral => self.write((leaf, &capture), &[], None).await,
        }
    }

    fn id(&self, target: &Target) -> TargetId {
        TargetId { crawl: self.crawl, number: u64::try_from(target.id).unwrap_or_default() }
    }
}

/// What a page held: only whole, successful answers are read as pages.
fn extraction_of(exchange: &Exchange, detector: &Detector, profile: Option<&Profile>) -> Extraction {
    if !(200..300).contains(&exchange.status) {
        return Extraction::default();
    }
    let decoded = content_decoded(&exchange.body, exchange.response_header("content-encoding"), LARGEST_DECODED);
    let Ok(decoded) = decoded else { return Extraction::default() };
    let page =
        Page { url: &exchange.url, content_type: exchange.response_header("content-type"), body: &decoded.bytes };
    let of_pack = || detector.pack().profiles.iter().find(|profile| profile.is_for(&exchange.url));
    extract(page, profile.filter(|profile| profile.is_for(&exchange.url)).or_else(of_pack))
}

/// A target under the name by which the crawler keeps its host's pace.
pub(super) fn new_target(url: Url, depth: u32, priority: i32) -> NewTarget {
    let host = HostKey::of(&url).map(|host| host.as_str().to_string());
    let target = NewTarget::new(url, depth, priority);
    NewTarget { host: host.unwrap_or(target.host), ..target }
}

#[async_trait]
impl Frontier for StoreFrontier {
    async fn claim(&self, busy: &[HostKey]) -> std::result::Result<Option<Target>, FrontierError> {
        self.claim_next(busy).await.map_err(FrontierError::new)
    }

    async fn keep(
        &self,
        target: &Target,
        purpose: Purpose,
        exchange: Exchange,
    ) -> std::result::Result<(), FrontierError> {
        self.keep_answer(target, purpose, exchange).await.map_err(FrontierError::new)
    }

    async fn refuse(&self, target: &Target, refusal: Refusal) -> std::result::Result<(), FrontierError> {
        let outcome = match refusal {
            Refusal::Failed { .. } | Refusal::HostGivenUp { .. } => TargetOutcome::Failed,
            _ => TargetOutcome::Refused,
        };
        let store = self.workspace.store();
        let done = store.finish_target(self.id(target), outcome, Some(&refusal.to_string()), clock::now()).await;
        done.map(|_| ()).map_err(FrontierError::new)
    }

    async fn postpone(&self, target: &Target, postponement: Postponement) -> std::result::Result<(), FrontierError> {
        let (store, id) = (self.workspace.store(), self.id(target));
        let done = store.postpone_target(id, postponement.until, postponement.attempt, clock::now()).await;
        done.map(|_| ()).map_err(FrontierError::new)
    }

    async fn pending(&self) -> std::result::Result<Pending, FrontierError> {
        let pending = self.workspace.store().frontier_pending(self.crawl, clock::now()).await;
        let (ready, later, next_at) = pending.map_err(FrontierError::new)?;
        self.waiting.store(ready + later, Ordering::Relaxed);
        Ok(Pending { ready, later, next_at })
    }
}
