//! The frontier: what is still to be visited. The engine implements it over the store; the crawl only asks and reports.

use std::error::Error;

use async_trait::async_trait;
use jiff::Timestamp;
use lapwing_types::Exchange;
use serde::Serialize;

use crate::{FetchError, GuardError, HostKey, Target};

/// The list of targets, seen from the crawl.
///
/// A claimed target belongs to the crawl until it is settled by exactly one of `keep` with [`Purpose::Page`], `refuse`
/// or `postpone`. Before that, `keep` may be called for it with [`Purpose::Robots`] or [`Purpose::Deferral`]; those
/// answers are evidence and settle nothing.
///
/// An error ends the crawl. Targets that are claimed at that moment stay claimed; the frontier frees them by a lease.
#[async_trait]
pub trait Frontier: Send + Sync {
    /// Claims the next target that is due and whose host ([`HostKey::of`] its URL) is not in `busy`.
    async fn claim(&self, busy: &[HostKey]) -> Result<Option<Target>, FrontierError>;

    /// Takes an answer. For [`Purpose::Page`] the frontier keeps it as evidence, settles the target, and enqueues what is
    /// to be followed: links, and the target of a redirect ([`crate::redirect_location`]) with this URL added to its
    /// `redirected_from`. Nothing is followed otherwise.
    async fn keep(&self, target: &Target, purpose: Purpose, exchange: Exchange) -> Result<(), FrontierError>;

    /// Settles a target that was not fetched and will not be.
    async fn refuse(&self, target: &Target, refusal: Refusal) -> Result<(), FrontierError>;

    /// Puts a target back: it is due again at `until`, and its `attempt` becomes the one given.
    async fn postpone(&self, target: &Target, postponement: Postponement) -> Result<(), FrontierError>;

    /// What is left.
    async fn pending(&self) -> Result<Pending, FrontierError>;
}

/// What an answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The answer to the target; it settles it, whatever its status.
    Page,
    /// A robots.txt of the target's host, or a redirect on the way to it.
    Robots,
    /// The server asked to come later (429, 5xx); the target is postponed next.
    Deferral,
}

/// How many targets are left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pending {
    /// Due and unclaimed.
    pub ready: u64,
    /// Postponed to a later time.
    pub later: u64,
    /// When the first of those is due.
    pub next_at: Option<Timestamp>,
}

/// Until when and why a target is put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Postponement {
    /// When it is due again.
    pub until: Timestamp,
    /// The number of failed tries to store with it.
    pub attempt: u32,
    /// Why.
    pub why: Delay,
}

/// Why a target is put back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "delay", rename_all = "snake_case")]
pub enum Delay {
    /// The server asked for it, or failed.
    #[error("the server answered {status}")]
    Status {
        /// The status code.
        status: u16,
    },
    /// No answer came.
    #[error("{error}")]
    Failed {
        /// What happened.
        error: FetchError,
    },
    /// robots.txt could not be read, so nothing may be fetched yet.
    #[error("robots.txt is not to be had: {why}")]
    RobotsUnavailable {
        /// What happened.
        why: String,
    },
    /// The host rests after an earlier failure.
    #[error("the host rests after a failure")]
    HostRests,
    /// The crawl was stopped.
    #[error("the crawl was stopped")]
    Stopped,
}

/// Why a target is not fetched, for good.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    /// The guard refuses the URL, its name's addresses or the connected peer.
    #[error("{error}")]
    Guard {
        /// What it objects to.
        error: GuardError,
    },
    /// robots.txt disallows it.
    #[error("robots.txt disallows it: {rule}")]
    Robots {
        /// The line that does.
        rule: String,
    },
    /// robots.txt could not be read after all retries, so everything counts as disallowed.
    #[error("robots.txt is not to be had, so nothing may be fetched: {why}")]
    RobotsUnavailable {
        /// What happened last.
        why: String,
    },
    /// There is nobody to whom the site could complain.
    #[error("a site that is not this machine is visited only with a contact; set `crawl.contact`")]
    NoContact,
    /// Too many redirects led here.
    #[error("more than {limit} redirects led here")]
    TooManyRedirects {
        /// The cap.
        limit: usize,
    },
    /// The redirects led back to a URL that began them.
    #[error("the redirects lead in a circle")]
    RedirectLoop,
    /// No answer after all retries.
    #[error("no answer after {attempts} attempts: {error}")]
    Failed {
        /// What happened last.
        error: FetchError,
        /// How many requests were made.
        attempts: u32,
    },
    /// The host failed too often in a row; it is left alone for the rest of the crawl.
    #[error("the host was given up after {failures} failures in a row")]
    HostGivenUp {
        /// How many.
        failures: u32,
    },
}

impl Refusal {
    /// The refusal in one word, for counting.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Guard { .. } => "guard",
            Self::Robots { .. } => "robots",
            Self::RobotsUnavailable { .. } => "robots_unavailable",
            Self::NoContact => "no_contact",
            Self::TooManyRedirects { .. } => "too_many_redirects",
            Self::RedirectLoop => "redirect_loop",
            Self::Failed { .. } => "failed",
            Self::HostGivenUp { .. } => "host_given_up",
        }
    }
}

/// An error of the frontier's own, whatever lies beneath it.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct FrontierError(Box<dyn Error + Send + Sync>);

impl FrontierError {
    /// Wraps the cause.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}
