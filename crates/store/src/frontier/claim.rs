//! Taking the next address, putting one back, and what each costs of the budget.

use jiff::Timestamp;
use lapwing_types::CrawlId;

use super::{Target, TargetId};
use crate::codec::{damaged, from_bigint, from_json, parse_time, time_text, to_bigint, to_micros};
use crate::db::{Connection, Query, Store, commit};
use crate::error::{During, Result, StoreError};

/// What a crawl can do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextTarget {
    /// Fetch this.
    Fetch(Target),
    /// Nothing now: some hosts are busy or postponed, or fetches under way may find more.
    Wait {
        /// The earliest time at which a postponed address of a host that is not busy may be asked for.
        until: Option<Timestamp>,
    },
    /// Addresses wait, and the budget is spent.
    BudgetSpent,
    /// All addresses are done.
    Done,
}

impl NextTarget {
    /// The target, where there is one.
    pub fn target(self) -> Option<Target> {
        match self {
            Self::Fetch(target) => Some(target),
            Self::Wait { .. } | Self::BudgetSpent | Self::Done => None,
        }
    }
}

#[derive(sqlx::FromRow)]
struct TargetRow {
    number: i64,
    url: String,
    host: String,
    depth: u32,
    priority: i32,
    found_on: Option<i64>,
    redirected_from: String,
    attempts: u32,
}

/// The crawl's budget as its row tells it.
struct Purse {
    pages: Option<i64>,
    per_host: Option<i64>,
    spent: i64,
}

impl Purse {
    fn is_empty(&self) -> bool {
        self.pages.is_some_and(|pages| self.spent >= pages)
    }
}

impl Store {
    /// Claims the next address of a crawl whose host is not busy, whose time has come, and for which the budget
    /// lasts; or says why there is none.
    ///
    /// # Errors
    /// Where there is no such crawl.
    pub async fn claim_target(&self, crawl: CrawlId, busy_hosts: &[String], now: Timestamp) -> Result<NextTarget> {
        let doing = "claiming a target";
        let now = to_micros(now);
        let mut transaction = self.begin(doing).await?;
        let purse = purse(&mut transaction, crawl).await?;
        let found =
            if purse.is_empty() { None } else { first_due(&mut transaction, crawl, &purse, busy_hosts, now).await? };
        let Some(row) = found else {
            return why_none(&mut transaction, crawl, &purse, busy_hosts).await;
        };
        let update = "update targets set state = 'claimed', changed_at = $1
                      where crawl_id = $2 and number = $3";
        let update = sqlx::query(update).bind(time_text(now)).bind(crawl.to_string()).bind(row.number);
        update.execute(&mut *transaction).await.during(doing)?;
        spend(&mut transaction, crawl, &row.host, 1).await?;
        let target = claimed(crawl, row)?;
        commit(transaction, doing).await?;
        Ok(NextTarget::Fetch(target))
    }

    /// What waits for a crawl: how many targets may be asked for now, how many later, and the earliest time of those.
    /// Nothing waits where the budget is spent.
    ///
    /// # Errors
    /// Where there is no such crawl.
    pub async fn frontier_pending(&self, crawl: CrawlId, now: Timestamp) -> Result<(u64, u64, Option<Timestamp>)> {
        let doing = "looking at what waits";
        let mut connection = self.readers().acquire().await.during(doing)?;
        let purse = purse(&mut connection, crawl).await?;
        if purse.is_empty() {
            return Ok((0, 0, None));
        }
        let now = time_text(to_micros(now));
        let mut query = Query::new("select coalesce(sum(case when not_before is null or not_before <= ");
        query.push_bind(now.clone()).push(" then 1 else 0 end), 0), count(*), min(case when not_before > ");
        query.push_bind(now).push(" then not_before end) from targets");
        push_pending(&mut query, crawl, &purse, &[]);
        let row: (i64, i64, Option<String>) = query.build_query_as().fetch_one(&mut *connection).await.during(doing)?;
        let next_at = row.2.map(|text| parse_time("target", &crawl.to_string(), &text)).transpose()?;
        Ok((from_bigint(row.0), from_bigint(row.1 - row.0), next_at))
    }

    /// The number of a crawl's target by its address, where it is not done yet.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn open_target(&self, crawl: CrawlId, url: &url::Url) -> Result<Option<(TargetId, u32)>> {
        let select = "select number, depth from targets where crawl_id = $1 and url_digest = $2
                      and state in ('pending', 'claimed')";
        let digest = lapwing_types::Digest::of(url.as_str().as_bytes()).to_hex();
        let select = sqlx::query_as(select).bind(crawl.to_string()).bind(digest);
        let row: Option<(i64, u32)> = select.fetch_optional(self.readers()).await.during("looking for a target")?;
        Ok(row.map(|(number, depth)| (TargetId { crawl, number: from_bigint(number) }, depth)))
    }

    /// Puts a claimed target back, not to be asked for before a time (`Retry-After`, a backoff). What it cost of the
    /// budget is given back, and how often it was tried so far is kept. Returns whether it was claimed.
    ///
    /// # Errors
    /// Where there is no such target.
    pub async fn postpone_target(
        &self,
        target: TargetId,
        until: Timestamp,
        attempts: u32,
        now: Timestamp,
    ) -> Result<bool> {
        let doing = "postponing a target";
        let mut transaction = self.begin(doing).await?;
        let (state, host) = state_of(&mut transaction, target).await?;
        if state != "claimed" {
            return Ok(false);
        }
        let update = "update targets set state = 'pending', not_before = $1, changed_at = $2, attempts = $5
                      where crawl_id = $3 and number = $4";
        let update = sqlx::query(update)
            .bind(time_text(to_micros(until)))
            .bind(time_text(to_micros(now)))
            .bind(target.crawl.to_string())
            .bind(to_bigint(target.number))
            .bind(attempts);
        update.execute(&mut *transaction).await.during(doing)?;
        spend(&mut transaction, target.crawl, &host, -1).await?;
        commit(transaction, doing).await?;
        Ok(true)
    }

    /// Lets all claimed targets of a crawl wait again, after the process that had claimed them was ended; returns how
    /// many. Their cost is given back.
    ///
    /// # Errors
    /// Where there is no such crawl.
    pub async fn reset_claimed(&self, crawl: CrawlId, now: Timestamp) -> Result<u64> {
        let doing = "resuming a crawl";
        let mut transaction = self.begin(doing).await?;
        purse(&mut transaction, crawl).await?;
        let select = "select host, count(*) from targets where crawl_id = $1 and state = 'claimed' group by host";
        let select = sqlx::query_as(select).bind(crawl.to_string());
        let claimed: Vec<(String, i64)> = select.fetch_all(&mut *transaction).await.during(doing)?;
        for (host, count) in &claimed {
            spend(&mut transaction, crawl, host, -count).await?;
        }
        let update = "update targets set state = 'pending', changed_at = $1 where crawl_id = $2 and state = 'claimed'";
        let update = sqlx::query(update).bind(time_text(to_micros(now))).bind(crawl.to_string());
        let done = update.execute(&mut *transaction).await.during(doing)?;
        commit(transaction, doing).await?;
        Ok(done.rows_affected())
    }
}

/// What a target in that state costs: one for each request that was or is being made.
pub(crate) fn cost(state: &str) -> i64 {
    i64::from(matches!(state, "claimed" | "fetched" | "failed"))
}

/// Adds to what the crawl and the host have cost.
pub(crate) async fn spend(connection: &mut Connection, crawl: CrawlId, host: &str, cost: i64) -> Result<()> {
    let doing = "counting the pages of a crawl";
    if cost == 0 {
        return Ok(());
    }
    let update = sqlx::query("update crawls set spent = spent + $1 where id = $2").bind(cost).bind(crawl.to_string());
    update.execute(&mut *connection).await.during(doing)?;
    let upsert = "insert into crawl_hosts (crawl_id, host, spent) values ($1, $2, $3)
                  on conflict (crawl_id, host) do update set spent = crawl_hosts.spent + excluded.spent";
    let upsert = sqlx::query(upsert).bind(crawl.to_string()).bind(host).bind(cost);
    upsert.execute(connection).await.during(doing)?;
    Ok(())
}

/// The state and the host of a target.
pub(crate) async fn state_of(connection: &mut Connection, target: TargetId) -> Result<(String, String)> {
    let select = sqlx::query_as("select state, host from targets where crawl_id = $1 and number = $2");
    let select = select.bind(target.crawl.to_string()).bind(to_bigint(target.number));
    let row = select.fetch_optional(connection).await.during("reading a target")?;
    row.ok_or(StoreError::NoSuchTarget { crawl: target.crawl, number: target.number })
}

async fn purse(connection: &mut Connection, crawl: CrawlId) -> Result<Purse> {
    let select = sqlx::query_as("select page_budget, host_budget, spent from crawls where id = $1");
    let row = select.bind(crawl.to_string()).fetch_optional(connection).await.during("reading a crawl")?;
    let (pages, per_host, spent) = row.ok_or(StoreError::NoSuchCrawl(crawl))?;
    Ok(Purse { pages, per_host, spent })
}

async fn first_due(
    connection: &mut Connection,
    crawl: CrawlId,
    purse: &Purse,
    busy_hosts: &[String],
    now: Timestamp,
) -> Result<Option<TargetRow>> {
    let mut query =
        Query::new("select number, url, host, depth, priority, found_on, redirected_from, attempts from targets");
    push_pending(&mut query, crawl, purse, busy_hosts);
    query.push(" and (not_before is null or not_before <= ").push_bind(time_text(now)).push(")");
    query.push(" order by priority desc, depth, number limit 1");
    query.build_query_as().fetch_optional(connection).await.during("looking for the next target")
}

/// Nothing can be fetched now; why?
async fn why_none(
    connection: &mut Connection,
    crawl: CrawlId,
    purse: &Purse,
    busy_hosts: &[String],
) -> Result<NextTarget> {
    let doing = "looking for the next target";
    let under_way = "select count(*) from targets where crawl_id = $1 and state = 'claimed'";
    let under_way = sqlx::query_scalar(under_way).bind(crawl.to_string()).fetch_one(&mut *connection);
    let under_way: i64 = under_way.await.during(doing)?;
    let mut left = Query::new("select count(*) from targets");
    push_pending(&mut left, crawl, purse, &[]);
    let left: i64 = left.build_query_scalar().fetch_one(&mut *connection).await.during(doing)?;
    if purse.is_empty() || left == 0 {
        let waiting = "select count(*) from targets where crawl_id = $1 and state = 'pending'";
        let waiting = sqlx::query_scalar(waiting).bind(crawl.to_string()).fetch_one(connection);
        let waiting: i64 = waiting.await.during(doing)?;
        return Ok(match (under_way, waiting) {
            (0, 0) => NextTarget::Done,
            (0, _) => NextTarget::BudgetSpent,
            _ => NextTarget::Wait { until: None },
        });
    }
    let mut earliest = Query::new("select min(not_before) from targets");
    push_pending(&mut earliest, crawl, purse, busy_hosts);
    let earliest: Option<String> = earliest.build_query_scalar().fetch_one(connection).await.during(doing)?;
    let until = earliest.map(|text| parse_time("target", &crawl.to_string(), &text)).transpose()?;
    Ok(NextTarget::Wait { until })
}

/// Adds `where …`: pending targets of hosts that are not busy and for which the budget lasts.
fn push_pending(query: &mut Query, crawl: CrawlId, purse: &Purse, busy_hosts: &[String]) {
    query.push(" where crawl_id = ").push_bind(crawl.to_string()).push(" and state = 'pending'");
    if !busy_hosts.is_empty() {
        query.push(" and host not in (");
        let mut list = query.separated(", ");
        for host in busy_hosts {
            list.push_bind(host.clone());
        }
        query.push(")");
    }
    if let Some(per_host) = purse.per_host {
        query.push(" and host not in (select host from crawl_hosts where crawl_id = ").push_bind(crawl.to_string());
        query.push(" and spent >= ").push_bind(per_host).push(")");
    }
}

fn claimed(crawl: CrawlId, row: TargetRow) -> Result<Target> {
    let id = TargetId { crawl, number: from_bigint(row.number) };
    Ok(Target {
        id,
        url: row.url.parse().map_err(|_| damaged("target", &id.to_string(), "its address is not a URL"))?,
        host: row.host,
        depth: row.depth,
        priority: row.priority,
        found_on: row.found_on.map(from_bigint),
        redirected_from: from_json("target", &id.to_string(), &row.redirected_from)?,
        attempts: row.attempts,
    })
}
