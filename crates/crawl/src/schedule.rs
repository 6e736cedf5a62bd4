//! The loop: claim what may start now, visit it, and wait for what may start next.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};
use tracing::info;

use crate::host::Host;
use crate::hosts::Hosts;
use crate::summary::Tally;
use crate::visit::{Crawler, stopped, visit};
use crate::{
    CrawlError, Ended, Fetch, Frontier, FrontierError, Guard, GuardError, HostKey, HttpFetch, Pending, Policy,
    Progress, Refusal, Summary, Target,
};

/// While visits run, the frontier is asked at least so often, since postponed targets become due.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// While nothing runs although something is due, the frontier is asked so often: another process may hold it.
const ASK_AGAIN_IDLE: Duration = Duration::from_millis(200);

/// Crawls over HTTP until the frontier is empty, what is left is due too late, or `stop` becomes true.
///
/// A stopped crawl ends its running requests, which the policy's timeout bounds, and puts back what still waits.
///
/// # Errors
/// Where the policy makes no sense, the client cannot be built or the frontier fails.
pub async fn crawl(
    policy: Policy,
    frontier: Arc<dyn Frontier>,
    observer: impl Fn(Progress) + Send + Sync,
    stop: watch::Receiver<bool>,
) -> Result<Summary, CrawlError> {
    let fetch = Arc::new(HttpFetch::new(&policy)?);
    crawl_with(policy, fetch, frontier, observer, stop).await
}

/// Crawls as [`crawl`] does, through another transport.
///
/// # Errors
/// Where the policy makes no sense or the frontier fails.
pub async fn crawl_with(
    policy: Policy,
    fetch: Arc<dyn Fetch>,
    frontier: Arc<dyn Frontier>,
    observer: impl Fn(Progress) + Send + Sync,
    stop: watch::Receiver<bool>,
) -> Result<Summary, CrawlError> {
    policy.validate()?;
    let guard = Guard::new(policy.allow_private.iter().cloned());
    let crawler = Arc::new(Crawler { policy, guard, fetch, frontier, hosts: Hosts::default(), stop });
    let mut schedule = Schedule::begin(crawler, observer);
    schedule.summary.ended = schedule.run().await?;
    schedule.summary.finished_at = Timestamp::now();
    let Tally { fetched, requests, bytes, .. } = schedule.summary.totals;
    info!(fetched, requests, bytes, "crawl ended");
    Ok(schedule.summary)
}

struct Schedule<O> {
    crawler: Arc<Crawler>,
    observer: O,
    running: JoinSet<Result<Visited, FrontierError>>,
    /// Hosts that are being visited or must not be visited yet.
    engaged: HashMap<HostKey, Arc<Host>>,
    summary: Summary,
}

struct Visited {
    host: Arc<Host>,
    tally: Tally,
}

enum Rest {
    Until(Instant),
    Over(Ended),
}

impl<O: Fn(Progress) + Send + Sync> Schedule<O> {
    fn begin(crawler: Arc<Crawler>, observer: O) -> Self {
        let summary = Summary::begin(Timestamp::now());
        Self { crawler, observer, running: JoinSet::new(), engaged: HashMap::new(), summary }
    }

    async fn run(&mut self) -> Result<Ended, CrawlError> {
        let mut idle_since = Instant::now();
        while !self.is_stopped() {
            self.start_what_may_start().await?;
            if self.running.is_empty() {
                let pending = self.crawler.frontier.pending().await?;
                match self.rest(pending, idle_since) {
                    Rest::Over(ended) => return Ok(ended),
                    Rest::Until(wake) => self.sleep(wake).await,
                }
            } else {
                self.wait_for_a_visit().await?;
                idle_since = Instant::now();
            }
        }
        while let Some(joined) = self.running.join_next().await {
            self.count(joined)?;
        }
        Ok(Ended::Stopped)
    }

    fn is_stopped(&self) -> bool {
        *self.crawler.stop.borrow()
    }

    async fn start_what_may_start(&mut self) -> Result<(), CrawlError> {
        while self.running.len() < self.crawler.policy.hosts_at_once && !self.is_stopped() {
            let busy = self.busy_hosts();
            let Some(target) = self.crawler.frontier.claim(&busy).await? else { break };
            match self.crawler.hosts.of(&target.url, &self.crawler.policy) {
                Some(host) => self.start(host, target),
                None => self.refuse_without_host(&target).await?,
            }
        }
        Ok(())
    }

    fn start(&mut self, host: Arc<Host>, target: Target) {
        self.engaged.insert(host.key.clone(), Arc::clone(&host));
        // The frontier offers no busy host; should it do so, the visit waits inside for its slot.
        let slot = Arc::clone(&host.slots).try_acquire_owned().ok();
        let crawler = Arc::clone(&self.crawler);
        self.running.spawn(async move {
            let _slot = match slot {
                Some(slot) => Some(slot),
                None => Arc::clone(&host.slots).acquire_owned().await.ok(),
            };
            let tally = visit(&crawler, &host, &target).await?;
            Ok(Visited { host, tally })
        });
    }

    async fn refuse_without_host(&mut self, target: &Target) -> Result<(), CrawlError> {
        let error = self.crawler.guard.judge(&target.url).err().unwrap_or(GuardError::NoHost);
        let refusal = Refusal::Guard { error };
        let tally = Tally { refused: [(refusal.kind(), 1)].into(), ..Tally::default() };
        self.crawler.frontier.refuse(target, refusal).await?;
        self.summary.add(None, &tally);
        self.report();
        Ok(())
    }

    /// The hosts that must not be claimed; those that are free again are forgotten.
    fn busy_hosts(&mut self) -> Vec<HostKey> {
        let now = Instant::now();
        let slots = self.crawler.policy.concurrency_per_host;
        self.engaged.retain(|_, host| host.slots.available_permits() < slots || host.is_busy(now));
        self.engaged.values().filter(|host| host.is_busy(now)).map(|host| host.key.clone()).collect()
    }

    /// When the next of the hosts that wait for nothing but time is ready.
    fn next_host_ready(&self) -> Option<Instant> {
        let now = Instant::now();
        let waiting = self.engaged.values().filter(|host| host.slots.available_permits() > 0);
        waiting.filter_map(|host| host.ready_at()).filter(|ready_at| *ready_at > now).min()
    }

    async fn wait_for_a_visit(&mut self) -> Result<(), CrawlError> {
        let ask_again = Instant::now() + ASK_AGAIN;
        let wake = self.next_host_ready().map_or(ask_again, |ready_at| ready_at.min(ask_again));
        let has_room = self.running.len() < self.crawler.policy.hosts_at_once;
        let joined = tokio::select! {
            joined = self.running.join_next() => joined,
            () = sleep_until(wake), if has_room => None,
            () = stopped(&self.crawler.stop) => None,
        };
        joined.map_or(Ok(()), |joined| self.count(joined))
    }

    async fn sleep(&self, wake: Instant) {
        tokio::select! {
            () = sleep_until(wake) => {}
            () = stopped(&self.crawler.stop) => {}
        }
    }

    /// Nothing runs and nothing could be claimed: how long to wait, or why it is over.
    fn rest(&self, pending: Pending, idle_since: Instant) -> Rest {
        if pending.ready == 0 && pending.later == 0 {
            return Rest::Over(Ended::Done);
        }
        let now = Instant::now();
        let ask_again = now + ASK_AGAIN_IDLE;
        // A host that was busy a moment ago and waits for nothing now has just become ready.
        let unknown = if self.engaged.is_empty() { ask_again } else { now };
        let ready_host = (pending.ready > 0).then(|| self.next_host_ready().unwrap_or(unknown));
        let due = (pending.later > 0).then(|| pending.next_at.map_or(ask_again, instant_of));
        let wake = ready_host.into_iter().chain(due).min().unwrap_or(ask_again).max(now + Duration::from_millis(1));
        if wake - idle_since > self.crawler.policy.patience {
            return Rest::Over(Ended::Waiting { next_at: pending.next_at });
        }
        Rest::Until(wake)
    }

    fn count(&mut self, joined: Result<Result<Visited, FrontierError>, JoinError>) -> Result<(), CrawlError> {
        let visited = joined.map_err(|fault| CrawlError::Fault(fault.to_string()))??;
        self.summary.add(Some(&visited.host.key), &visited.tally);
        self.report();
        Ok(())
    }

    fn report(&self) {
        let (hosts, in_work) = (self.crawler.hosts.count(), self.running.len());
        (self.observer)(Progress { totals: self.summary.totals.clone(), hosts, in_work });
    }
}

fn instant_of(time: Timestamp) -> Instant {
    let wait = Duration::try_from(time.duration_since(Timestamp::now())).unwrap_or(Duration::ZERO);
    // Half a century is far enough, and any clock can hold it.
    Instant::now() + wait.min(Duration::from_secs(50 * 365 * 24 * 60 * 60))
}
