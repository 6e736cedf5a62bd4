//! All decisions, for export and as labels for training.

use lapwing_types::{Event, EventId, ItemId, Lane, ListingId};

use crate::codec::{damaged, from_json, parse_id};
use crate::db::Store;
use crate::error::{During, Result};
use crate::rows::{Key, PAGE, Page, Rows};

/// A decision, be it in force or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionRecord {
    /// The event `decided`: who, when, what.
    pub event: Event,
    /// The item.
    pub item: ItemId,
    /// Its lane now.
    pub lane: Lane,
    /// The listing.
    pub listing: ListingId,
    /// The listing's source.
    pub source: String,
    /// Its natural key there.
    pub key: String,
    /// Whether the item stands decided by it.
    pub in_force: bool,
    /// The event that took it back, where one did.
    pub reversed_by: Option<EventId>,
}

#[derive(sqlx::FromRow)]
struct DecisionRow {
    id: String,
    body: String,
    item_id: String,
    lane: String,
    listing_id: String,
    source: String,
    external_id: String,
    decision_event: Option<String>,
    reversed_by: Option<String>,
}

impl Store {
    /// All decisions in the order of their event ids, with those that were reversed.
    pub fn decisions(&self) -> Rows<DecisionRecord> {
        Rows::new(self, |store, after| Box::pin(decision_page(store, after)))
    }
}

async fn decision_page(store: Store, (after, _): Key) -> Result<Page<DecisionRecord>> {
    let select = "select events.id, events.body, events.item_id, items.lane, items.listing_id, listings.source,
                  listings.external_id, items.decision_event,
                  (select min(later.id) from events later where later.refers_to = events.id) as reversed_by
                  from events join items on items.id = events.item_id join listings on listings.id = items.listing_id
                  where events.action = 'decided' and events.id > $1 order by events.id limit $2";
    let select = sqlx::query_as::<_, DecisionRow>(select).bind(after).bind(PAGE);
    let rows = select.fetch_all(store.readers()).await.during("reading decisions")?;
    Ok(rows.into_iter().map(|row| ((row.id.clone(), 0), decision_record(&row))).collect())
}

fn decision_record(row: &DecisionRow) -> Result<DecisionRecord> {
    Ok(DecisionRecord {
        event: from_json("event", &row.id, &row.body)?,
        item: parse_id("event", &row.item_id)?,
        lane: row.lane.parse().map_err(|_| damaged("queue item", &row.item_id, "its lane is unknown"))?,
        listing: parse_id("queue item", &row.listing_id)?,
        source: row.source.clone(),
        key: row.external_id.clone(),
        in_force: row.decision_event.as_deref() == Some(row.id.as_str()),
        reversed_by: row.reversed_by.as_deref().map(|id| parse_id("event", id)).transpose()?,
    })
}
