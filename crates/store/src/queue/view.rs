//! What the queue looks like: its rows in order, and one item with all that belongs to it.

use jiff::Timestamp;
use lapwing_types::{Band, Event, ItemId, ItemState, Kind, Lane, ListingId, Notice};
use sqlx::Row as _;

use super::state::{self, push_lease_ended, stored_item};
use crate::codec::{from_json, to_micros};
use crate::db::{Query, Row, Store};
use crate::error::{During, Result, StoreError};
use crate::records::{AssessmentRecord, ListingRecord, assessment_record, listing_record, push_any, read_content};

const MOST_ROWS: u32 = 500;

/// The status of an item in one word, at the time of asking: a lease that has ended leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemStatus {
    /// Waits for a reviewer.
    Open,
    /// A reviewer works on it.
    Claimed,
    /// Decided.
    Decided,
    /// Its content was deleted by retention.
    Purged,
}

impl ItemStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Claimed, Self::Decided, Self::Purged];

    /// The status's name as it stands in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Claimed => "claimed",
            Self::Decided => "decided",
            Self::Purged => "purged",
        }
    }
}

/// Which items are asked for; an empty list asks for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// In these lanes. Whoever may not see child risk names the others.
    pub lanes: Vec<Lane>,
    /// With these statuses.
    pub statuses: Vec<ItemStatus>,
    /// Of these bands.
    pub bands: Vec<Band>,
    /// How many at most, up to 500; zero asks for 50.
    pub limit: u32,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

/// A page of the queue, by priority, then age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemPage {
    /// The items.
    pub items: Vec<QueueRow>,
    /// Where the next page begins; `None` on the last.
    pub next_cursor: Option<String>,
}

/// An item in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRow {
    /// Where it stands.
    pub state: ItemState,
    /// The listing that it is about.
    pub listing: ListingId,
    /// That listing's source.
    pub source: String,
    /// Its natural key there.
    pub key: String,
    /// What sort of advert it is.
    pub kind: Kind,
    /// Its language, as its source states it.
    pub lang: Option<String>,
    /// Its headline as written: to be masked before it is shown.
    pub title: String,
    /// What of the item could not be read.
    pub notices: Vec<Notice>,
}

/// An item with all that belongs to it. What cannot be read is left out and noted: the item can still be closed.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemView {
    /// Where it stands.
    pub state: ItemState,
    /// The listing that it is about.
    pub listing_id: ListingId,
    /// Its current version.
    pub listing: Option<ListingRecord>,
    /// The newest assessment of it.
    pub assessment: Option<AssessmentRecord>,
    /// The item's life so far.
    pub events: Vec<Event>,
    /// What could not be read.
    pub notices: Vec<Notice>,
}

impl Store {
    /// A page of the queue, the highest priority first, then the oldest.
    ///
    /// # Errors
    /// Where the cursor is none of this store's.
    pub async fn items(&self, filter: &ItemFilter, now: Timestamp) -> Result<ItemPage> {
        let doing = "reading the queue";
        let limit = if filter.limit == 0 { 50 } else { filter.limit.min(MOST_ROWS) };
        let mut query = Query::new(
            "select items.*, listings.source as source, listings.external_id as external_id, listings.kind as kind,
             listings.lang as lang, listings.content as content
             from items join listings on listings.id = items.listing_id where 1 = 1",
        );
        push_any(&mut query, "items.lane", filter.lanes.iter().map(|lane| lane.as_str()));
        push_any(&mut query, "items.band", filter.bands.iter().map(|band| band.as_str()));
        push_statuses(&mut query, &filter.statuses, to_micros(now));
        if let Some(cursor) = &filter.cursor {
            push_after(&mut query, cursor)?;
        }
        query.push(" order by items.priority desc, items.created_at, items.id limit ");
        query.push_bind(i64::from(limit) + 1);
        let mut rows = query.build().fetch_all(self.readers()).await.during(doing)?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next_cursor = rows.last().filter(|_| more).map(cursor_behind).transpose()?;
        let items = rows.iter().map(queue_row).collect::<Result<_>>()?;
        Ok(ItemPage { items, next_cursor })
    }

    /// An item with its listing, its newest assessment and its events, all of one moment.
    ///
    /// # Errors
    /// Where there is no such item.
    pub async fn item(&self, id: ItemId) -> Result<ItemView> {
        let doing = "reading a queue item";
        let mut snapshot = self.readers().begin().await.during(doing)?;
        let stored = state::load(&mut snapshot, id).await?;
        let listing_id = stored.listing.to_string();
        let select = sqlx::query("select * from listings where id = $1").bind(&listing_id);
        let listing = select.fetch_optional(&mut *snapshot).await.during(doing)?;
        let select = "select * from assessments where listing_id = $1 order by number desc limit 1";
        let select = sqlx::query(select).bind(&listing_id);
        let assessment = select.fetch_optional(&mut *snapshot).await.during(doing)?;
        let select = sqlx::query_as("select id, body from events where item_id = $1 order by seq").bind(id.to_string());
        let events: Vec<(String, String)> = select.fetch_all(&mut *snapshot).await.during(doing)?;
        let mut notices = stored.notices;
        let listing = noted(listing.as_ref().map(listing_record), "broken-listing", &mut notices);
        let assessment = noted(assessment.as_ref().map(assessment_record), "broken-assessment", &mut notices);
        let read = |(id, body): (String, String)| from_json("event", &id, &body);
        let events =
            events.into_iter().filter_map(|event| noted(Some(read(event)), "broken-event", &mut notices)).collect();
        Ok(ItemView { state: stored.state, listing_id: stored.listing, listing, assessment, events, notices })
    }

    /// The item about a listing, where there is one.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn item_of(&self, listing: ListingId) -> Result<Option<ItemId>> {
        let mut connection = self.readers().acquire().await.during("reading a queue item")?;
        Ok(state::item_of_listing(&mut connection, listing).await?.map(|stored| stored.state.item))
    }
}

fn noted<T>(read: Option<Result<T>>, code: &str, notices: &mut Vec<Notice>) -> Option<T> {
    match read? {
        Ok(value) => Some(value),
        Err(error) => {
            notices.push(Notice::new(code, error.to_string()));
            None
        }
    }
}

fn push_statuses(query: &mut Query, statuses: &[ItemStatus], now: Timestamp) {
    if statuses.is_empty() {
        return;
    }
    query.push(" and (1 = 0");
    for status in statuses {
        match status {
            ItemStatus::Open => {
                query.push(" or items.status = 'open' or (items.status = 'claimed' and ");
                push_lease_ended(query, now);
                query.push(")");
            }
            ItemStatus::Claimed => {
                query.push(" or (items.status = 'claimed' and not ");
                push_lease_ended(query, now);
                query.push(")");
            }
            ItemStatus::Decided => {
                query.push(" or items.status = 'decided'");
            }
            ItemStatus::Purged => {
                query.push(" or items.status = 'purged'");
            }
        }
    }
    query.push(")");
}

fn push_after(query: &mut Query, cursor: &str) -> Result<()> {
    let refuse = || StoreError::BadCursor(cursor.chars().take(80).collect());
    let mut parts = cursor.splitn(3, '|');
    let (Some(priority), Some(id), Some(created_at)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(refuse());
    };
    let priority: i64 = priority.parse().map_err(|_| refuse())?;
    let id = id.parse::<ItemId>().map_err(|_| refuse())?.to_string();
    query.push(" and (items.priority < ").push_bind(priority);
    query.push(" or (items.priority = ").push_bind(priority);
    query.push(" and (items.created_at > ").push_bind(created_at.to_string());
    query.push(" or (items.created_at = ").push_bind(created_at.to_string());
    query.push(" and items.id > ").push_bind(id).push("))))");
    Ok(())
}

fn cursor_behind(row: &Row) -> Result<String> {
    let doing = "reading the queue";
    let priority: i64 = row.try_get("priority").during(doing)?;
    let (id, created_at): (&str, &str) = (row.try_get("id").during(doing)?, row.try_get("created_at").during(doing)?);
    Ok(format!("{priority}|{id}|{created_at}"))
}

fn queue_row(row: &Row) -> Result<QueueRow> {
    let doing = "reading the queue";
    let stored = stored_item(row)?;
    let mut notices = stored.notices;
    let content: &str = row.try_get("content").during(doing)?;
    let listing = noted(Some(read_content(&stored.listing.to_string(), content)), "broken-listing", &mut notices);
    let kind: &str = row.try_get("kind").during(doing)?;
    Ok(QueueRow {
        state: stored.state,
        listing: stored.listing,
        source: row.try_get("source").during(doing)?,
        key: row.try_get("external_id").during(doing)?,
        kind: Kind::ALL.into_iter().find(|known| known.as_str() == kind).unwrap_or_default(),
        lang: row.try_get("lang").during(doing)?,
        title: listing.map(|listing| listing.title).unwrap_or_default(),
        notices,
    })
}

/// Adds the status at a time: a lease that has ended leaves the item open.
pub(crate) fn status_at_sql(query: &mut Query, now: Timestamp) {
    query.push("case when status = 'claimed' and ");
    push_lease_ended(query, now);
    query.push(" then 'open' else status end");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_cursor_is_refused() {
        for cursor in ["", "7", "7|x|2026", "high|0192d0f0-0000-7000-8000-000000000000|2026"] {
            let error = push_after(&mut Query::new(""), cursor).unwrap_err();
            assert!(error.to_string().contains("is not a cursor of the queue"), "{cursor}: {error}");
        }
    }
}
