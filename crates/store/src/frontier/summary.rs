//! The frontier in numbers, for progress and for the report.

use lapwing_types::CrawlId;

use crate::codec::from_bigint;
use crate::db::Store;
use crate::error::{During, Result};

/// How many targets are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FrontierCounts {
    /// Wait.
    pub pending: u64,
    /// Are being fetched.
    pub claimed: u64,
    /// An answer was kept.
    pub fetched: u64,
    /// Were not asked for.
    pub refused: u64,
    /// Were asked for without an answer worth keeping.
    pub failed: u64,
}

impl FrontierCounts {
    /// All together.
    pub const fn total(&self) -> u64 {
        self.pending + self.claimed + self.fetched + self.refused + self.failed
    }

    fn add(&mut self, state: &str, count: i64) {
        let field = match state {
            "pending" => &mut self.pending,
            "claimed" => &mut self.claimed,
            "fetched" => &mut self.fetched,
            "refused" => &mut self.refused,
            _ => &mut self.failed,
        };
        *field += from_bigint(count);
    }
}

/// The targets of one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostCounts {
    /// The host.
    pub host: String,
    /// How many are in which state.
    pub counts: FrontierCounts,
}

impl Store {
    /// How many targets of a crawl are in which state.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn frontier_counts(&self, crawl: CrawlId) -> Result<FrontierCounts> {
        let select = "select state, count(*) from targets where crawl_id = $1 group by state";
        let select = sqlx::query_as(select).bind(crawl.to_string());
        let rows: Vec<(String, i64)> = select.fetch_all(self.readers()).await.during("counting targets")?;
        let mut counts = FrontierCounts::default();
        for (state, count) in rows {
            counts.add(&state, count);
        }
        Ok(counts)
    }

    /// The same for each host, in the order of their names.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn frontier_hosts(&self, crawl: CrawlId) -> Result<Vec<HostCounts>> {
        let select = "select host, state, count(*) from targets where crawl_id = $1 group by host, state order by host";
        let select = sqlx::query_as(select).bind(crawl.to_string());
        let rows: Vec<(String, String, i64)> = select.fetch_all(self.readers()).await.during("counting targets")?;
        let mut hosts: Vec<HostCounts> = Vec::new();
        for (host, state, count) in rows {
            if hosts.last().is_none_or(|last| last.host != host) {
                hosts.push(HostCounts { host, counts: FrontierCounts::default() });
            }
            if let Some(last) = hosts.last_mut() {
                last.counts.add(&state, count);
            }
        }
        Ok(hosts)
    }
}
