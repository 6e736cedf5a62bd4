//! One target from its claim to its end: admission, robots.txt, the host's pace, one GET, and what the answer asks for.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lapwing_types::{Exchange, RobotsDecision};
use tokio::sync::watch;
use tokio::time::Instant;
use tracing::{debug, info};
use url::Url;

use crate::access::{self, Access, MAX_ROBOTS_REDIRECTS, NotNow, ROBOTS_LIFETIME, Verdict};
use crate::backoff::{pause_after, retry_after};
use crate::fetch::Answer;
use crate::guard::is_loopback;
use crate::host::{Host, Turn};
use crate::hosts::Hosts;
use crate::robots::MAX_ROBOTS_BYTES;
use crate::summary::Tally;
use crate::target::loggable;
use crate::{Delay, Fetch, FetchError, Frontier, FrontierError, Guard, Policy, Postponement, Purpose, Refusal, Target};

/// A host that keeps asking to come later gets its wish for the rest of any crawl.
const REST_OF_THE_CRAWL: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What all visits share.
pub(crate) struct Crawler {
    pub(crate) policy: Policy,
    pub(crate) guard: Guard,
    pub(crate) fetch: Arc<dyn Fetch>,
    pub(crate) frontier: Arc<dyn Frontier>,
    pub(crate) hosts: Hosts,
    pub(crate) stop: watch::Receiver<bool>,
}

/// Why a visit ends before its answer is kept as the page.
enum Obstacle {
    Refuse(Refusal),
    Postpone(Postponement),
    Broken(FrontierError),
}

impl From<FrontierError> for Obstacle {
    fn from(error: FrontierError) -> Self {
        Self::Broken(error)
    }
}

/// Visits one target and settles it. The counts are of this visit alone.
pub(crate) async fn visit(crawler: &Crawler, host: &Host, target: &Target) -> Result<Tally, FrontierError> {
    let mut visit = Visit { crawler, host, target, tally: Tally::default() };
    match visit.try_once().await {
        Ok(()) => {}
        Err(Obstacle::Refuse(refusal)) => visit.refuse(refusal).await?,
        Err(Obstacle::Postpone(postponement)) => visit.postpone(postponement).await?,
        Err(Obstacle::Broken(error)) => return Err(error),
    }
    Ok(visit.tally)
}

/// Ends when the crawl is stopped, and only then.
pub(crate) async fn stopped(stop: &watch::Receiver<bool>) {
    if stop.clone().wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

struct Visit<'a> {
    crawler: &'a Crawler,
    host: &'a Host,
    target: &'a Target,
    tally: Tally,
}

impl Visit<'_> {
    async fn try_once(&mut self) -> Result<(), Obstacle> {
        self.admit()?;
        let robots = self.ask_robots().await?;
        if !robots.allowed {
            return Err(Obstacle::Refuse(Refusal::Robots { rule: robots.rule }));
        }
        let waited = self.turn(self.host).await?;
        match self.get(self.host, &self.target.url, self.crawler.policy.max_body).await {
            Ok(answer) => self.settle(answer, robots, waited).await,
            Err(error) => Err(self.after_failure(error)),
        }
    }

    fn admit(&self) -> Result<(), Obstacle> {
        let Target { url, redirected_from, .. } = self.target;
        let limit = self.crawler.policy.max_redirects;
        self.may_visit(url).map_err(Obstacle::Refuse)?;
        if redirected_from.contains(url) {
            return Err(Obstacle::Refuse(Refusal::RedirectLoop));
        }
        if redirected_from.len() > limit {
            return Err(Obstacle::Refuse(Refusal::TooManyRedirects { limit }));
        }
        match self.host.given_up() {
            Some(failures) => Err(Obstacle::Refuse(Refusal::HostGivenUp { failures })),
            None => Ok(()),
        }
    }

    fn may_visit(&self, url: &Url) -> Result<(), Refusal> {
        self.crawler.guard.judge(url).map_err(|error| Refusal::Guard { error })?;
        if !self.crawler.policy.has_contact() && !is_loopback(url) {
            return Err(Refusal::NoContact);
        }
        Ok(())
    }

    /// What robots.txt says of the target; the file is fetched where it is not known yet.
    async fn ask_robots(&mut self) -> Result<RobotsDecision, Obstacle> {
        let mut known = tokio::select! {
            known = self.host.access.lock() => known,
            () = stopped(&self.crawler.stop) => return Err(self.stopped()),
        };
        if let Some((access, since)) = known.as_ref()
            && since.elapsed() < ROBOTS_LIFETIME
        {
            return Ok(access.decide(&self.target.url));
        }
        let access = self.fetch_robots().await?;
        if let Some(delay) = access.crawl_delay() {
            self.host.slow_to(delay.min(self.crawler.policy.max_crawl_delay));
        }
        let decision = access.decide(&self.target.url);
        *known = Some((access, Instant::now()));
        Ok(decision)
    }

    async fn fetch_robots(&mut self) -> Result<Access, Obstacle> {
        let mut url = self.target.url.clone();
        url.set_path("/robots.txt");
        url.set_query(None);
        url.set_fragment(None);
        let mut redirected_from = Vec::new();
        loop {
            match self.fetch_robots_at(&url, &redirected_from).await? {
                Verdict::Known(access) => {
                    self.host.recovered();
                    return Ok(access);
                }
                Verdict::NotNow(not_now) => return Err(self.without_robots(not_now)),
                Verdict::Redirect(next) => redirected_from.push(std::mem::replace(&mut url, next)),
            }
        }
    }

    /// One request for robots.txt, at the pace of the host that is asked, which a redirect may have changed.
    async fn fetch_robots_at(&mut self, url: &Url, redirected_from: &[Url]) -> Result<Verdict, Obstacle> {
        if let Err(refusal) = self.may_visit(url) {
            return Ok(NotNow::because(format!("a redirect was refused: {refusal}")));
        }
        let crawler = self.crawler;
        let own = self.host;
        let other = crawler.hosts.of(url, &crawler.policy).filter(|host| host.key != own.key);
        let asked = other.as_deref().unwrap_or(own);
        let waited = match self.turn(asked).await {
            Ok(waited) => waited,
            Err(_) if asked.key != own.key && !*crawler.stop.borrow() => {
                return Ok(NotNow::because("a redirect leads to a resting host"));
            }
            Err(obstacle) => return Err(obstacle),
        };
        let answer = match self.get(asked, url, MAX_ROBOTS_BYTES + 1).await {
            Ok(answer) => answer,
            Err(FetchError::Guard { error }) if redirected_from.is_empty() => {
                return Err(Obstacle::Refuse(Refusal::Guard { error }));
            }
            Err(error) => return Ok(NotNow::because(error.to_string())),
        };
        let policy = &crawler.policy;
        let verdict = match access::judge(url, &answer, policy.product(), policy.max_retry_after) {
            Verdict::Redirect(_) if redirected_from.len() >= MAX_ROBOTS_REDIRECTS => {
                NotNow::because("too many redirects")
            }
            verdict => verdict,
        };
        debug!(url = %loggable(url), status = answer.status, "robots.txt answered");
        let itself = RobotsDecision { allowed: true, rule: "robots.txt itself".to_string() };
        let exchange = exchange(url, redirected_from, answer, itself, waited);
        crawler.frontier.keep(self.target, Purpose::Robots, exchange).await?;
        Ok(verdict)
    }

    /// Waits for a host's turn.
    async fn turn(&self, host: &Host) -> Result<Duration, Obstacle> {
        let turn = tokio::select! {
            turn = host.turn() => turn,
            () = stopped(&self.crawler.stop) => return Err(self.stopped()),
        };
        match turn {
            Turn::Now(waited) => Ok(waited),
            Turn::Rests(until) => {
                let until = later(until.saturating_duration_since(Instant::now()));
                Err(Obstacle::Postpone(Postponement { until, attempt: self.target.attempt, why: Delay::HostRests }))
            }
        }
    }

    async fn get(&mut self, host: &Host, url: &Url, max_body: usize) -> Result<Answer, FetchError> {
        self.tally.requests += 1;
        let answer = self.crawler.fetch.get(url, max_body).await;
        host.finished();
        match &answer {
            Ok(answer) => self.tally.bytes += answer.body.len() as u64,
            Err(error) => *self.tally.errors.entry(error.kind()).or_default() += 1,
        }
        answer
    }

    /// Keeps the answer; 429 and 5xx are tried again later, as long as there are tries left.
    async fn settle(&mut self, answer: Answer, robots: RobotsDecision, waited: Duration) -> Result<(), Obstacle> {
        let status = answer.status;
        let pause = self.pause_asked_by(&answer);
        let exchange = exchange(&self.target.url, &self.target.redirected_from, answer, robots, waited);
        let frontier = &self.crawler.frontier;
        if let Some(pause) = pause
            && self.has_tries_left()
        {
            frontier.keep(self.target, Purpose::Deferral, exchange).await?;
            return Err(self.once_more(pause, Delay::Status { status }));
        }
        self.tally.fetched += 1;
        self.tally.truncated += u64::from(exchange.truncated.is_some());
        *self.tally.by_status.entry(status).or_default() += 1;
        debug!(url = %loggable(&self.target.url), status, bytes = exchange.body.len(), "page fetched");
        frontier.keep(self.target, Purpose::Page, exchange).await?;
        Ok(())
    }

    /// How long to stay away after this answer, `None` where it needs no second try. An overloaded host rests as a
    /// whole; a page that fails by itself does not hold up the others.
    fn pause_asked_by(&self, answer: &Answer) -> Option<Duration> {
        let policy = &self.crawler.policy;
        let asked = answer.header("retry-after").and_then(|v| retry_after(v, Timestamp::now(), policy.max_retry_after));
        match answer.status {
            429 | 502..=504 => Some(self.let_rest(asked, true)),
            500..=599 => {
                let own = pause_after(self.target.attempt + 1, policy.retry_base, policy.max_backoff);
                Some(asked.unwrap_or(own))
            }
            _ => {
                self.host.recovered();
                None
            }
        }
    }

    fn after_failure(&self, error: FetchError) -> Obstacle {
        debug!(url = %loggable(&self.target.url), kind = error.kind(), "no answer");
        if let FetchError::Guard { error } = error {
            return Obstacle::Refuse(Refusal::Guard { error });
        }
        let attempts = self.target.attempt.saturating_add(1);
        if !error.is_passing() {
            return Obstacle::Refuse(Refusal::Failed { error, attempts });
        }
        let pause = self.let_rest(None, false);
        if !self.has_tries_left() {
            return Obstacle::Refuse(Refusal::Failed { error, attempts });
        }
        self.once_more(pause, Delay::Failed { error })
    }

    fn without_robots(&self, NotNow { why, retry_after, asks_for_patience }: NotNow) -> Obstacle {
        let pause = self.let_rest(retry_after, asks_for_patience);
        if !self.has_tries_left() {
            return Obstacle::Refuse(Refusal::RobotsUnavailable { why });
        }
        self.once_more(pause, Delay::RobotsUnavailable { why })
    }

    /// Lets the host rest after a failure, for good after too many: a silent host is given up, one that asks for
    /// patience keeps its targets for the next crawl.
    fn let_rest(&self, asked: Option<Duration>, asks_for_patience: bool) -> Duration {
        let policy = &self.crawler.policy;
        let failures = self.host.failed();
        let pause = asked.unwrap_or_else(|| pause_after(failures, policy.retry_base, policy.max_backoff));
        self.host.rest(pause);
        if failures >= policy.give_up_after {
            info!(host = %self.host.key, failures, "host left alone after failures in a row");
            if asks_for_patience { self.host.rest(REST_OF_THE_CRAWL) } else { self.host.give_up() }
        }
        pause
    }

    fn has_tries_left(&self) -> bool {
        self.target.attempt < self.crawler.policy.retries
    }

    fn once_more(&self, pause: Duration, why: Delay) -> Obstacle {
        let attempt = self.target.attempt.saturating_add(1);
        Obstacle::Postpone(Postponement { until: later(pause), attempt, why })
    }

    fn stopped(&self) -> Obstacle {
        let attempt = self.target.attempt;
        Obstacle::Postpone(Postponement { until: Timestamp::now(), attempt, why: Delay::Stopped })
    }

    async fn refuse(&mut self, refusal: Refusal) -> Result<(), FrontierError> {
        debug!(url = %loggable(&self.target.url), kind = refusal.kind(), "target refused");
        self.tally.refused_by_robots += u64::from(matches!(refusal, Refusal::Robots { .. }));
        *self.tally.refused.entry(refusal.kind()).or_default() += 1;
        self.crawler.frontier.refuse(self.target, refusal).await
    }

    async fn postpone(&mut self, postponement: Postponement) -> Result<(), FrontierError> {
        debug!(url = %loggable(&self.target.url), until = %postponement.until, "target postponed");
        self.tally.postponed += 1;
        self.crawler.frontier.postpone(self.target, postponement).await
    }
}

fn exchange(url: &Url, redirected_from: &[Url], answer: Answer, robots: RobotsDecision, waited: Duration) -> Exchange {
    Exchange {
        url: url.clone(),
        method: "GET".to_string(),
        redirected_from: redirected_from.to_vec(),
        started_at: answer.started_at,
        first_byte_at: answer.first_byte_at,
        finished_at: answer.finished_at,
        peer: answer.peer,
        request_headers: answer.request_headers,
        version: answer.version,
        status: answer.status,
        response_headers: answer.response_headers,
        body: answer.body,
        truncated: answer.truncated,
        robots,
        waited_ms: u64::try_from(waited.as_millis()).unwrap_or(u64::MAX),
    }
}

fn later(pause: Duration) -> Timestamp {
    let pause = SignedDuration::try_from(pause).unwrap_or(SignedDuration::MAX);
    Timestamp::now().checked_add(pause).unwrap_or(Timestamp::MAX)
}
