//! The store in numbers, all of one moment.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lapwing_types::{Band, Family, Kind, Lane, Outcome};

use crate::codec::{from_bigint, parse_band, to_micros};
use crate::db::{Connection, Query, Store};
use crate::error::{During, Result};
use crate::queue::{ItemStatus, status_at_sql};

/// The store in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// Captures, judged or not.
    pub captures: u64,
    /// Listings.
    pub listings: u64,
    /// Assessments, all that were ever made.
    pub assessments: u64,
    /// Listings by source.
    pub by_source: BTreeMap<String, u64>,
    /// Listings by kind.
    pub by_kind: BTreeMap<Kind, u64>,
    /// Listings by stated language; `None` where the source does not say.
    pub by_lang: BTreeMap<Option<String>, u64>,
    /// Listings by the band of their newest assessment.
    pub by_band: BTreeMap<Band, u64>,
    /// Flagged listings by the families that scored; a listing counts once in each.
    pub flagged_by_family: BTreeMap<Family, u64>,
    /// Items by lane, status and band, at the time of asking.
    pub queue: BTreeMap<(Lane, ItemStatus, Band), u64>,
    /// When the item that waits longest was flagged.
    pub oldest_open: Option<Timestamp>,
    /// Decisions in force, by outcome.
    pub decisions: BTreeMap<Outcome, u64>,
    /// Decisions that were taken back.
    pub reversed: u64,
}

impl Stats {
    /// How long the item that waits longest has waited, in seconds; never below zero.
    pub fn oldest_open_seconds(&self, now: Timestamp) -> Option<i64> {
        self.oldest_open.map(|since| now.duration_since(since).as_secs().max(0))
    }

    /// How many items have that status.
    pub fn items(&self, status: ItemStatus) -> u64 {
        self.queue.iter().filter(|((_, found, _), _)| *found == status).map(|(_, count)| count).sum()
    }
}

impl Store {
    /// Counts everything.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn stats(&self, now: Timestamp) -> Result<Stats> {
        let mut snapshot = self.readers().begin().await.during("counting")?;
        let connection = &mut *snapshot;
        let mut stats = Stats {
            captures: count(connection, "select count(*) from captures").await?,
            listings: count(connection, "select count(*) from listings").await?,
            assessments: count(connection, "select count(*) from assessments").await?,
            reversed: count(connection, "select count(*) from events where action = 'reversed'").await?,
            ..Stats::default()
        };
        for (source, number) in groups(connection, "select source, count(*) from listings group by source").await? {
            stats.by_source.insert(source.unwrap_or_default(), number);
        }
        count_listings(connection, &mut stats).await?;
        stats.flagged_by_family = flagged_by_family(connection).await?;
        let decided = "select outcome, count(*) from items where status = 'decided' group by outcome";
        for (outcome, number) in groups(connection, decided).await? {
            if let Some(outcome) = outcome.and_then(|name| name.parse().ok()) {
                stats.decisions.insert(outcome, number);
            }
        }
        count_queue(connection, &mut stats, now).await?;
        Ok(stats)
    }
}

async fn count(connection: &mut Connection, select: &'static str) -> Result<u64> {
    let number: i64 = sqlx::query_scalar(select).fetch_one(connection).await.during("counting")?;
    Ok(from_bigint(number))
}

async fn groups(connection: &mut Connection, select: &'static str) -> Result<BTreeMap<Option<String>, u64>> {
    let rows: Vec<(Option<String>, i64)> = sqlx::query_as(select).fetch_all(connection).await.during("counting")?;
    Ok(rows.into_iter().map(|(name, number)| (name, from_bigint(number))).collect())
}

/// One pass over the listings, which may be many.
async fn count_listings(connection: &mut Connection, stats: &mut Stats) -> Result<()> {
    let select = "select kind, lang, band, count(*) from listings group by kind, lang, band";
    let rows: Vec<(String, Option<String>, String, i64)> =
        sqlx::query_as(select).fetch_all(connection).await.during("counting")?;
    for (kind, lang, band, number) in rows {
        let kind = Kind::ALL.into_iter().find(|known| known.as_str() == kind).unwrap_or_default();
        let number = from_bigint(number);
        *stats.by_kind.entry(kind).or_default() += number;
        *stats.by_lang.entry(lang).or_default() += number;
        *stats.by_band.entry(parse_band(&band).unwrap_or_default()).or_default() += number;
    }
    Ok(())
}

async fn flagged_by_family(connection: &mut Connection) -> Result<BTreeMap<Family, u64>> {
    let select = "select families, count(*) from listings where band in ('review', 'high', 'urgent') group by families";
    let mut families = BTreeMap::new();
    for (list, number) in groups(connection, select).await? {
        for family in list.unwrap_or_default().split(',').filter_map(|name| name.parse().ok()) {
            *families.entry(family).or_default() += number;
        }
    }
    Ok(families)
}

async fn count_queue(connection: &mut Connection, stats: &mut Stats, now: Timestamp) -> Result<()> {
    let mut query = Query::new("select lane, status_now, band, count(*), min(created_at) from (select lane, band, ");
    query.push("created_at, ");
    status_at_sql(&mut query, to_micros(now));
    query.push(" as status_now from items) at_that_time group by lane, status_now, band");
    let rows: Vec<(String, String, String, i64, String)> =
        query.build_query_as().fetch_all(connection).await.during("counting the queue")?;
    for (lane, status, band, number, oldest) in rows {
        // What cannot be read is counted where `Store::item` shows it.
        let lane = lane.parse().unwrap_or(Lane::ChildRisk);
        let status = ItemStatus::ALL.into_iter().find(|known| known.as_str() == status).unwrap_or(ItemStatus::Open);
        let band = parse_band(&band).unwrap_or(Band::Review);
        *stats.queue.entry((lane, status, band)).or_default() += from_bigint(number);
        let oldest = oldest.parse::<Timestamp>().ok().filter(|_| status == ItemStatus::Open);
        stats.oldest_open = [stats.oldest_open, oldest].into_iter().flatten().min();
    }
    Ok(())
}
