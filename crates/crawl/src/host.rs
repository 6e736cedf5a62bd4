//! One object per host: its pace, its rest after failures, and what its robots.txt says.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Clock};

use governor::clock::MonotonicClock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

use crate::HostKey;
use crate::access::Access;

type Limiter = RateLimiter<NotKeyed, InMemoryState, MonotonicClock, NoOpMiddleware<Clock>>;

/// A host that is visited.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) key: HostKey,
    /// Visits at the same time.
    pub(crate) slots: Arc<Semaphore>,
    /// What robots.txt said, and when; held while it is being asked, so that it is asked once.
    pub(crate) access: tokio::sync::Mutex<Option<(Access, Instant)>>,
    pace: Mutex<Pace>,
}

/// When the next request may start.
#[derive(Debug)]
struct Pace {
    delay: Duration,
    /// Keeps starts a delay apart, also where several requests are in flight; `None` without delay.
    limiter: Option<Limiter>,
    /// The end of the last answer. A delay counted from there also holds at the server, which sees a request later
    /// than we start it.
    last_end: Option<Instant>,
    rests_until: Option<Instant>,
    failures: u32,
    given_up: bool,
}

/// The answer to a wish to send a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Now; so long did the pace hold it back.
    Now(Duration),
    /// The host rests until then.
    Rests(Instant),
}

impl Host {
    pub(crate) fn new(key: HostKey, delay: Duration, concurrency: usize) -> Self {
        let pace =
            Pace { delay, limiter: limiter(delay), last_end: None, rests_until: None, failures: 0, given_up: false };
        let slots = Arc::new(Semaphore::new(concurrency));
        Self { key, slots, access: tokio::sync::Mutex::new(None), pace: Mutex::new(pace) }
    }

    /// Waits for the turn to send one request. The caller sends it at once and calls [`Host::finished`].
    pub(crate) async fn turn(&self) -> Turn {
        let asked = Instant::now();
        loop {
            let wait_until = match self.pace().try_turn(asked) {
                Ok(turn) => return turn,
                Err(wait_until) => wait_until,
            };
            sleep_until(wait_until).await;
        }
    }

    /// An answer has ended, or there was none.
    pub(crate) fn finished(&self) {
        self.pace().last_end = Some(Instant::now());
    }

    /// Slows the host down; never speeds it up.
    pub(crate) fn slow_to(&self, delay: Duration) {
        let mut pace = self.pace();
        if delay > pace.delay {
            pace.delay = delay;
            pace.limiter = limiter(delay);
            // A fresh limiter knows of no request; let this moment count as one.
            let _ = pace.limiter.as_ref().map(Limiter::check);
        }
    }

    /// The host answers as it should.
    pub(crate) fn recovered(&self) {
        self.pace().failures = 0;
    }

    /// Counts a failure and says how many there have been in a row.
    pub(crate) fn failed(&self) -> u32 {
        let mut pace = self.pace();
        pace.failures = pace.failures.saturating_add(1);
        pace.failures
    }

    /// Lets the host rest from now on.
    pub(crate) fn rest(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut pace = self.pace();
        pace.rests_until = pace.rests_until.max(Some(until));
    }

    /// Leaves the host alone for good.
    pub(crate) fn give_up(&self) {
        self.pace().given_up = true;
    }

    /// The failures after which it was given up, if it was.
    pub(crate) fn given_up(&self) -> Option<u32> {
        let pace = self.pace();
        pace.given_up.then_some(pace.failures)
    }

    /// When a request may start, as far as is known: `None` for at once. A host that was given up is always ready, since
    /// nothing will be sent.
    pub(crate) fn ready_at(&self) -> Option<Instant> {
        let pace = self.pace();
        if pace.given_up { None } else { pace.earliest() }
    }

    /// Whether a visit would have to wait.
    pub(crate) fn is_busy(&self, now: Instant) -> bool {
        self.slots.available_permits() == 0 || self.ready_at().is_some_and(|ready_at| ready_at > now)
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        // The fields are set one by one and are valid in every combination.
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pace {
    fn earliest(&self) -> Option<Instant> {
        let paced = self.last_end.map(|end| end + self.delay);
        paced.max(self.rests_until)
    }

    fn try_turn(&self, asked: Instant) -> Result<Turn, Instant> {
        let now = Instant::now();
        if let Some(until) = self.rests_until.filter(|until| *until > now) {
            return Ok(Turn::Rests(until));
        }
        if let Some(earliest) = self.earliest().filter(|earliest| *earliest > now) {
            return Err(earliest);
        }
        if let Some(limiter) = &self.limiter
            && let Err(not_yet) = limiter.check()
        {
            return Err(now + not_yet.wait_time_from(Clock::now()));
        }
        let since_the_last = self.last_end.map_or(Duration::ZERO, |end| (now - end).min(self.delay));
        Ok(Turn::Now(since_the_last.max(now - asked)))
    }
}

fn limiter(delay: Duration) -> Option<Limiter> {
    let quota = Quota::with_period(delay)?.allow_burst(NonZeroU32::MIN);
    Some(RateLimiter::direct_with_clock(quota, MonotonicClock))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(delay: u64) -> Host {
        let key = "http://a.example".parse().unwrap();
        Host::new(key, Duration::from_millis(delay), 1)
    }

    #[tokio::test]
    async fn starts_are_a_delay_apart_even_if_no_answer_ends() {
        let host = host(20);
        let begun = Clock::now();
        for _ in 0..4 {
            assert!(matches!(host.turn().await, Turn::Now(_)));
        }
        assert!(begun.elapsed() >= Duration::from_millis(60));
    }

    #[tokio::test]
    async fn a_delay_counts_from_the_end_of_the_last_answer() {
        let host = host(20);
        host.turn().await;
        let ended = Clock::now();
        host.finished();
        assert!(host.is_busy(Instant::now()));
        let Turn::Now(waited) = host.turn().await else { panic!("the host does not rest") };
        assert!(ended.elapsed() >= Duration::from_millis(20));
        assert!(waited >= Duration::from_millis(20));
    }

    #[tokio::test]
    async fn a_resting_host_says_until_when() {
        let host = host(0);
        assert!(matches!(host.turn().await, Turn::Now(_)));
        host.rest(Duration::from_secs(60));
        host.rest(Duration::from_secs(1));
        assert!(matches!(host.turn().await, Turn::Rests(until) if until > Instant::now() + Duration::from_secs(50)));
    }

    #[test]
    fn a_host_is_slowed_and_never_hurried() {
        let host = host(20);
        host.slow_to(Duration::from_millis(10));
        assert_eq!(host.pace().delay, Duration::from_millis(20));
        host.slow_to(Duration::from_millis(30));
        assert_eq!(host.pace().delay, Duration::from_millis(30));
    }

    #[test]
    fn failures_in_a_row_are_counted() {
        let host = host(0);
        assert_eq!((host.failed(), host.failed()), (1, 2));
        host.recovered();
        assert_eq!(host.failed(), 1);
        host.give_up();
        assert_eq!(host.given_up(), Some(1));
        assert_eq!(host.ready_at(), None);
    }
}
