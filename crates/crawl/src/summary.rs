//! What a crawl did: counts while it runs and afterwards.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::HostKey;

/// Where a crawl stands; given to the observer whenever a target is done with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The counts over all hosts.
    pub totals: Tally,
    /// Hosts seen.
    pub hosts: usize,
    /// Targets in work.
    pub in_work: usize,
}

/// What a crawl did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// Why it ended.
    pub ended: Ended,
    /// The counts over all hosts.
    pub totals: Tally,
    /// The counts by host; targets without one stand under `-`.
    pub hosts: BTreeMap<String, Tally>,
}

/// Why a crawl ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum Ended {
    /// Nothing is left.
    Done,
    /// It was stopped; what is left waits for the next crawl.
    Stopped,
    /// What is left is due later than the crawl cares to wait.
    Waiting {
        /// When the first of it is due, where that is known.
        next_at: Option<Timestamp>,
    },
}

/// Counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Requests made, for robots.txt too.
    pub requests: u64,
    /// Answers that settled their target.
    pub fetched: u64,
    /// Those answers by status code.
    pub by_status: BTreeMap<u16, u64>,
    /// Those of them whose body is not whole.
    pub truncated: u64,
    /// Bytes of all bodies as transferred.
    pub bytes: u64,
    /// Targets that robots.txt disallows.
    pub refused_by_robots: u64,
    /// All refused targets by kind, those too.
    pub refused: BTreeMap<&'static str, u64>,
    /// Requests without an answer, by kind.
    pub errors: BTreeMap<&'static str, u64>,
    /// How often a target was put back.
    pub postponed: u64,
}

impl Tally {
    /// All refused targets.
    pub fn refused_in_all(&self) -> u64 {
        self.refused.values().sum()
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.fetched += other.fetched;
        self.truncated += other.truncated;
        self.bytes += other.bytes;
        self.refused_by_robots += other.refused_by_robots;
        self.postponed += other.postponed;
        add_counts(&mut self.by_status, &other.by_status);
        add_counts(&mut self.refused, &other.refused);
        add_counts(&mut self.errors, &other.errors);
    }
}

impl Summary {
    pub(crate) fn begin(now: Timestamp) -> Self {
        let (totals, hosts) = (Tally::default(), BTreeMap::new());
        Self { started_at: now, finished_at: now, ended: Ended::Done, totals, hosts }
    }

    pub(crate) fn add(&mut self, host: Option<&HostKey>, tally: &Tally) {
        let name = host.map_or("-", HostKey::as_str);
        self.totals.add(tally);
        self.hosts.entry(name.to_string()).or_default().add(tally);
    }
}

fn add_counts<K: Ord + Copy>(to: &mut BTreeMap<K, u64>, from: &BTreeMap<K, u64>) {
    for (key, count) in from {
        *to.entry(*key).or_default() += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn a_summary_reads_well_as_json() {
        let mut summary = Summary::begin(Timestamp::UNIX_EPOCH);
        let tally = Tally { requests: 2, fetched: 1, by_status: [(200, 1)].into(), bytes: 7, ..Tally::default() };
        summary.add(None, &tally);
        summary.add(None, &Tally { refused: [("guard", 1)].into(), ..Tally::default() });
        assert_eq!(summary.totals.refused_in_all(), 1);
        let json = serde_json::to_string(&summary.hosts["-"]).unwrap();
        expect![[r#"{"requests":2,"fetched":1,"by_status":{"200":1},"truncated":0,"bytes":7,"refused_by_robots":0,"refused":{"guard":1},"errors":{},"postponed":0}"#]]
            .assert_eq(&json);
        assert_eq!(serde_json::to_string(&summary.ended).unwrap(), r#"{"because":"done"}"#);
    }
}
