//! The crawl frontier: which addresses wait, which are being fetched, which are done. It outlives the process: after
//! a kill, [`Store::unfinished_crawls`] and [`Store::reset_claimed`] lead back to where the crawl was.
//!
//! The order is by priority (the higher first), then depth, then the order in which the addresses were found, so a
//! crawl of the same pages takes the same way. Within a crawl an address is known once, whatever became of it.
//! Pace is the crawler's affair: it names the hosts that may not be asked now.

mod claim;
mod summary;

use std::fmt;

use jiff::Timestamp;
use lapwing_types::{CrawlId, Digest};
use serde_json::Value;
use url::Url;

use crate::codec::{from_bigint, from_json, parse_id, parse_time, time_text, to_bigint, to_json, to_micros};
use crate::db::{Connection, Store, commit};
use crate::error::{During, Result, StoreError};

pub use claim::NextTarget;
pub use summary::{FrontierCounts, HostCounts};

/// A target by its crawl and its number there, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TargetId {
    /// The crawl.
    pub crawl: CrawlId,
    /// The place in the order in which the crawl's addresses were found.
    pub number: u64,
}

impl fmt::Display for TargetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.crawl, self.number)
    }
}

/// An address to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTarget {
    /// The address, normalised by whoever found it; a fragment is cut off here.
    pub url: Url,
    /// The name under which the crawler keeps the host's pace.
    pub host: String,
    /// How many links from a seed.
    pub depth: u32,
    /// The higher, the sooner.
    pub priority: i32,
    /// The target on which it was found.
    pub found_on: Option<u64>,
    /// The addresses that led here by redirect, the first first.
    pub redirected_from: Vec<Url>,
}

impl NewTarget {
    /// An address whose host is that of the URL, with the port where it is not the usual one.
    pub fn new(url: Url, depth: u32, priority: i32) -> Self {
        let name = url.host_str().unwrap_or_default();
        let host = url.port().map_or_else(|| name.to_string(), |port| format!("{name}:{port}"));
        Self { url, host, depth, priority, found_on: None, redirected_from: Vec::new() }
    }
}

/// A claimed address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its id.
    pub id: TargetId,
    /// The address.
    pub url: Url,
    /// The name under which the crawler keeps the host's pace.
    pub host: String,
    /// How many links from a seed.
    pub depth: u32,
    /// The higher, the sooner.
    pub priority: i32,
    /// The target on which it was found.
    pub found_on: Option<u64>,
    /// The addresses that led here by redirect, the first first.
    pub redirected_from: Vec<Url>,
    /// How often it was tried before, as the crawl said when it put the target back.
    pub attempts: u32,
}

/// How a target ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TargetOutcome {
    /// An answer was kept.
    Fetched,
    /// It was not asked for: robots.txt, scope, guard. Costs nothing of the budget.
    Refused,
    /// It was asked for without an answer worth keeping.
    Failed,
}

impl TargetOutcome {
    /// The outcome's name as it stands in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fetched => "fetched",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// How many requests a crawl may cost; `None` sets no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Budget {
    /// In all.
    pub pages: Option<u64>,
    /// Of each host.
    pub pages_per_host: Option<u64>,
}

/// A crawl.
#[derive(Debug, Clone, PartialEq)]
pub struct CrawlRecord {
    /// Its id.
    pub id: CrawlId,
    /// The settings with which it was started.
    pub settings: Value,
    /// How many requests it may cost.
    pub budget: Budget,
    /// How many it has cost, with those under way.
    pub spent: u64,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it ended, if it has.
    pub finished_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct CrawlRow {
    id: String,
    settings: String,
    page_budget: Option<i64>,
    host_budget: Option<i64>,
    spent: i64,
    started_at: String,
    finished_at: Option<String>,
}

impl Store {
    /// Starts a crawl with its seeds.
    ///
    /// # Errors
    /// Where the id is taken.
    pub async fn start_crawl(
        &self,
        id: CrawlId,
        seeds: &[NewTarget],
        settings: &Value,
        budget: Budget,
        now: Timestamp,
    ) -> Result<()> {
        let doing = "starting a crawl";
        let now = to_micros(now);
        let mut transaction = self.begin(doing).await?;
        let insert = "insert into crawls (id, settings, page_budget, host_budget, started_at)
                      values ($1, $2, $3, $4, $5)";
        let insert = sqlx::query(insert)
            .bind(id.to_string())
            .bind(to_json("settings", settings)?)
            .bind(budget.pages.map(to_bigint))
            .bind(budget.pages_per_host.map(to_bigint))
            .bind(time_text(now));
        insert.execute(&mut *transaction).await.during(doing)?;
        add_targets(&mut transaction, id, seeds, now).await?;
        commit(transaction, doing).await
    }

    /// Notes that a crawl has ended.
    ///
    /// # Errors
    /// Where there is no such crawl.
    pub async fn finish_crawl(&self, id: CrawlId, now: Timestamp) -> Result<()> {
        let doing = "ending a crawl";
        let mut transaction = self.begin(doing).await?;
        let update = sqlx::query("update crawls set finished_at = $1 where id = $2");
        let update = update.bind(time_text(to_micros(now))).bind(id.to_string());
        let done = update.execute(&mut *transaction).await.during(doing)?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NoSuchCrawl(id));
        }
        commit(transaction, doing).await
    }

    /// A crawl.
    ///
    /// # Errors
    /// Where its row cannot be read.
    pub async fn crawl(&self, id: CrawlId) -> Result<Option<CrawlRecord>> {
        let select = sqlx::query_as("select * from crawls where id = $1").bind(id.to_string());
        let row = select.fetch_optional(self.readers()).await.during("reading a crawl")?;
        row.map(crawl_record).transpose()
    }

    /// Crawls that were started and have not ended, the oldest first.
    ///
    /// # Errors
    /// Where a row cannot be read.
    pub async fn unfinished_crawls(&self) -> Result<Vec<CrawlRecord>> {
        let select = sqlx::query_as("select * from crawls where finished_at is null order by started_at, id");
        let rows: Vec<CrawlRow> = select.fetch_all(self.readers()).await.during("reading crawls")?;
        rows.into_iter().map(crawl_record).collect()
    }

    /// Adds addresses that the crawl does not know yet; returns how many were new.
    ///
    /// # Errors
    /// Where there is no such crawl.
    pub async fn add_targets(&self, crawl: CrawlId, targets: &[NewTarget], now: Timestamp) -> Result<u64> {
        let mut transaction = self.begin("adding targets").await?;
        let added = add_targets(&mut transaction, crawl, targets, to_micros(now)).await?;
        commit(transaction, "adding targets").await?;
        Ok(added)
    }

    /// Marks a target as done. A target that is done already stays as it is; returns whether anything changed.
    ///
    /// # Errors
    /// Where there is no such target.
    pub async fn finish_target(
        &self,
        target: TargetId,
        outcome: TargetOutcome,
        detail: Option<&str>,
        now: Timestamp,
    ) -> Result<bool> {
        let mut transaction = self.begin("finishing a target").await?;
        let changed = finish_target(&mut transaction, target, outcome, detail, to_micros(now)).await?;
        commit(transaction, "finishing a target").await?;
        Ok(changed)
    }
}

fn crawl_record(row: CrawlRow) -> Result<CrawlRecord> {
    let finished_at = row.finished_at.as_deref().map(|text| parse_time("crawl", &row.id, text)).transpose()?;
    Ok(CrawlRecord {
        id: parse_id("crawl", &row.id)?,
        settings: from_json("crawl", &row.id, &row.settings)?,
        budget: Budget { pages: row.page_budget.map(from_bigint), pages_per_host: row.host_budget.map(from_bigint) },
        spent: from_bigint(row.spent),
        started_at: parse_time("crawl", &row.id, &row.started_at)?,
        finished_at,
    })
}

/// Adds addresses inside a transaction; returns how many were new.
pub(crate) async fn add_targets(
    connection: &mut Connection,
    crawl: CrawlId,
    targets: &[NewTarget],
    now: Timestamp,
) -> Result<u64> {
    let doing = "adding targets";
    let select = sqlx::query_scalar("select last_number from crawls where id = $1").bind(crawl.to_string());
    let last: Option<i64> = select.fetch_optional(&mut *connection).await.during(doing)?;
    let before = last.ok_or(StoreError::NoSuchCrawl(crawl))?;
    let mut last = before;
    for target in targets {
        let mut url = target.url.clone();
        url.set_fragment(None);
        let insert = "insert into targets (crawl_id, number, url, url_digest, host, depth, priority, found_on, state,
                      added_at, changed_at, redirected_from)
                      values ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', $9, $9, $10)
                      on conflict (crawl_id, url_digest) do nothing";
        let insert = sqlx::query(insert)
            .bind(crawl.to_string())
            .bind(last + 1)
            .bind(url.as_str())
            .bind(Digest::of(url.as_str().as_bytes()).to_hex())
            .bind(&target.host)
            .bind(target.depth)
            .bind(target.priority)
            .bind(target.found_on.map(to_bigint))
            .bind(time_text(now))
            .bind(to_json("redirects", &target.redirected_from)?);
        let done = insert.execute(&mut *connection).await.during(doing)?;
        last += i64::try_from(done.rows_affected()).unwrap_or(0);
    }
    let update = sqlx::query("update crawls set last_number = $1 where id = $2").bind(last).bind(crawl.to_string());
    update.execute(connection).await.during(doing)?;
    Ok(from_bigint(last - before))
}

/// Marks a target as done inside a transaction; returns whether anything changed.
pub(crate) async fn finish_target(
    connection: &mut Connection,
    target: TargetId,
    outcome: TargetOutcome,
    detail: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    let doing = "finishing a target";
    let (state, host) = claim::state_of(connection, target).await?;
    if state != "pending" && state != "claimed" {
        return Ok(false);
    }
    let update = "update targets set state = $1, detail = $2, not_before = null, changed_at = $3
                  where crawl_id = $4 and number = $5";
    let update = sqlx::query(update)
        .bind(outcome.as_str())
        .bind(detail)
        .bind(time_text(now))
        .bind(target.crawl.to_string())
        .bind(to_bigint(target.number));
    update.execute(&mut *connection).await.during(doing)?;
    let cost = claim::cost(outcome.as_str()) - claim::cost(&state);
    claim::spend(connection, target.crawl, &host, cost).await?;
    Ok(true)
}
