//! The row of an item: read with patience, written only together with an event.

use jiff::{SignedDuration, Timestamp};
use lapwing_types::{
    Action, Actor, Band, Decision, Event, EventId, ItemId, ItemState, Lane, Lease, ListingId, Notice, Status,
};
use sqlx::Row as _;

use super::LONGEST_LEASE_SECONDS;
use crate::codec::{from_bigint, from_json, parse_band, parse_id, time_text, to_bigint, to_json, to_micros};
use crate::db::{Connection, Query, Row};
use crate::error::{During, Result, StoreError};

/// An item as its row tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredItem {
    /// Where it stands.
    pub(crate) state: ItemState,
    /// What it is about.
    pub(crate) listing: ListingId,
    /// Whether the end of its lease cannot be read.
    pub(crate) lease_is_broken: bool,
    /// What in the row could not be read and was replaced.
    pub(crate) notices: Vec<Notice>,
}

/// Reads an item inside a transaction.
pub(crate) async fn load(connection: &mut Connection, item: ItemId) -> Result<StoredItem> {
    let select = sqlx::query("select * from items where id = $1").bind(item.to_string());
    let row = select.fetch_optional(connection).await.during("reading a queue item")?;
    stored_item(&row.ok_or(StoreError::NoSuchItem(item))?)
}

/// The item about a listing.
pub(crate) async fn item_of_listing(connection: &mut Connection, listing: ListingId) -> Result<Option<StoredItem>> {
    let select = sqlx::query("select * from items where listing_id = $1").bind(listing.to_string());
    let row = select.fetch_optional(connection).await.during("reading the queue item of a listing")?;
    row.as_ref().map(stored_item).transpose()
}

/// The item to which a decision belongs.
pub(crate) async fn item_of_decision(connection: &mut Connection, decision: EventId) -> Result<ItemId> {
    let select = sqlx::query_scalar("select item_id from events where id = $1 and action = 'decided'");
    let select = select.bind(decision.to_string());
    let item: Option<String> = select.fetch_optional(connection).await.during("looking for a decision")?;
    parse_id("event", &item.ok_or(StoreError::NoSuchDecision(decision))?)
}

/// Makes an item with its first event, which must be `flagged`.
pub(crate) async fn open_item(
    connection: &mut Connection,
    listing: ListingId,
    item: ItemId,
    event: EventId,
    actor: Actor,
    action: Action,
    now: Timestamp,
) -> Result<()> {
    let doing = "putting a listing into the queue";
    let event = Event { id: event, item, seq: 1, at: to_micros(now), actor, action };
    let state = lapwing_types::fold([&event]).map_err(|error| StoreError::Damaged {
        what: "queue item",
        id: item.to_string(),
        why: error.to_string(),
    })?;
    let insert = "insert into items (id, listing_id, status, band, points, lane, priority, last_token, seq, created_at,
                  updated_at) values ($1, $2, 'open', $3, $4, $5, $6, 0, 1, $7, $7)";
    let insert = sqlx::query(insert)
        .bind(item.to_string())
        .bind(listing.to_string())
        .bind(state.band.as_str())
        .bind(state.points)
        .bind(state.lane.as_str())
        .bind(i64::from(state.priority))
        .bind(time_text(state.created_at));
    insert.execute(&mut *connection).await.during(doing)?;
    insert_event(connection, &event).await
}

/// Appends an event and moves the row on with it. The row must not have moved since it was read.
pub(crate) async fn append(
    connection: &mut Connection,
    stored: &mut StoredItem,
    actor: Actor,
    action: Action,
    id: EventId,
    now: Timestamp,
) -> Result<()> {
    let (item, before) = (stored.state.item, stored.state.seq);
    let event = Event { id, item, seq: before + 1, at: to_micros(now), actor, action };
    insert_event(connection, &event).await?;
    stored.state.apply(&event);
    stored.lease_is_broken = stored.lease_is_broken && !matches!(event.action, Action::Claimed { .. });
    update_item(connection, stored, before).await
}

async fn insert_event(connection: &mut Connection, event: &Event) -> Result<()> {
    let refers_to = match &event.action {
        Action::Reversed { decision, .. } => Some(decision.to_string()),
        _ => None,
    };
    let insert = "insert into events (id, item_id, seq, at, action, refers_to, body)
                  values ($1, $2, $3, $4, $5, $6, $7)";
    let insert = sqlx::query(insert)
        .bind(event.id.to_string())
        .bind(event.item.to_string())
        .bind(event.seq)
        .bind(time_text(event.at))
        .bind(event.action.name())
        .bind(refers_to)
        .bind(to_json("event", event)?);
    insert.execute(connection).await.during("writing an event")?;
    Ok(())
}

/// The columns that hold what only some statuses have.
#[derive(Default)]
struct StatusColumns {
    by_whom: Option<String>,
    lease_token: Option<i64>,
    lease_until: Option<String>,
    decided_at: Option<String>,
    decision_event: Option<String>,
    decision: Option<String>,
    outcome: Option<&'static str>,
}

fn status_columns(status: &Status) -> Result<StatusColumns> {
    Ok(match status {
        Status::Open | Status::Purged => StatusColumns::default(),
        Status::Claimed { by, lease } => StatusColumns {
            by_whom: Some(by.clone()),
            lease_token: Some(to_bigint(lease.token)),
            lease_until: Some(time_text(lease.until)),
            ..StatusColumns::default()
        },
        Status::Decided { by, at, event, decision } => StatusColumns {
            by_whom: Some(by.clone()),
            decided_at: Some(time_text(*at)),
            decision_event: Some(event.to_string()),
            decision: Some(to_json("decision", decision)?),
            outcome: Some(decision.outcome.as_str()),
            ..StatusColumns::default()
        },
    })
}

async fn update_item(connection: &mut Connection, stored: &StoredItem, seq_before: u32) -> Result<()> {
    let state = &stored.state;
    let mut columns = status_columns(&state.status)?;
    if stored.lease_is_broken && columns.lease_until.is_some() {
        columns.lease_until = Some(String::new());
    }
    let update = "update items set status = $1, by_whom = $2, lease_token = $3, lease_until = $4, decided_at = $5,
                  decision_event = $6, decision = $7, outcome = $8, band = $9, points = $10, lane = $11,
                  priority = $12, last_token = $13, seq = $14, updated_at = $15 where id = $16 and seq = $17";
    let update = sqlx::query(update)
        .bind(state.status.name())
        .bind(columns.by_whom)
        .bind(columns.lease_token)
        .bind(columns.lease_until)
        .bind(columns.decided_at)
        .bind(columns.decision_event)
        .bind(columns.decision)
        .bind(columns.outcome)
        .bind(state.band.as_str())
        .bind(state.points)
        .bind(state.lane.as_str())
        .bind(i64::from(state.priority))
        .bind(to_bigint(state.last_token))
        .bind(state.seq)
        .bind(time_text(state.updated_at))
        .bind(state.item.to_string())
        .bind(seq_before);
    let done = update.execute(connection).await.during("writing a queue item")?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::ChangedMeanwhile(state.item)) }
}

/// Reads a row. What cannot be read is replaced by something safe and noted, so that the item can still be closed:
/// a date by the start of 1970, a band by `review`, a lane by the most guarded one.
pub(crate) fn stored_item(row: &Row) -> Result<StoredItem> {
    let doing = "reading a queue item";
    let id: String = row.try_get("id").during(doing)?;
    let mut notices = Vec::new();
    let mut time = |column: &'static str| {
        let text: Option<&str> = row.try_get(column).during(doing)?;
        let time = text.and_then(|text| text.parse::<Timestamp>().ok());
        if time.is_none() {
            notices.push(Notice::new("broken-date", format!("`{column}` of the queue item cannot be read")));
        }
        Ok(time)
    };
    let (created_at, updated_at) = (time("created_at")?, time("updated_at")?);
    let mut lease_is_broken = false;
    let status = match row.try_get("status").during(doing)? {
        "claimed" => {
            let until = time("lease_until")?;
            lease_is_broken = until.is_none();
            let token: Option<i64> = row.try_get("lease_token").during(doing)?;
            let lease = Lease { token: from_bigint(token.unwrap_or(0)), until: until.unwrap_or_default() };
            let by: Option<String> = row.try_get("by_whom").during(doing)?;
            Status::Claimed { by: by.unwrap_or_default(), lease }
        }
        "decided" => {
            let by: Option<String> = row.try_get("by_whom").during(doing)?;
            let event: Option<&str> = row.try_get("decision_event").during(doing)?;
            let decision: Option<&str> = row.try_get("decision").during(doing)?;
            let decision: Decision = from_json("queue item", &id, decision.unwrap_or_default())?;
            let (by, event) = (by.unwrap_or_default(), parse_id("queue item", event.unwrap_or_default())?);
            Status::Decided { by, at: time("decided_at")?.unwrap_or_default(), event, decision }
        }
        "purged" => Status::Purged,
        _ => Status::Open,
    };
    let band = parse_band(row.try_get("band").during(doing)?);
    let lane = row.try_get::<&str, _>("lane").during(doing)?.parse::<Lane>().ok();
    if band.is_none() || lane.is_none() {
        notices.push(Notice::new("broken-lane", "the band or the lane of the queue item is unknown"));
    }
    let listing: &str = row.try_get("listing_id").during(doing)?;
    let priority: i64 = row.try_get("priority").during(doing)?;
    let state = ItemState {
        item: parse_id("queue item", &id)?,
        status,
        band: band.unwrap_or(Band::Review),
        points: row.try_get("points").during(doing)?,
        lane: lane.unwrap_or(Lane::ChildRisk),
        priority: u8::try_from(priority.clamp(0, 100)).unwrap_or(0),
        created_at: created_at.unwrap_or_default(),
        updated_at: updated_at.unwrap_or_default(),
        seq: row.try_get("seq").during(doing)?,
        last_token: from_bigint(row.try_get("last_token").during(doing)?),
    };
    Ok(StoredItem { state, listing: parse_id("queue item", listing)?, lease_is_broken, notices })
}

/// Whether a lease holds at a time.
pub(crate) fn lease_lasts(until: Timestamp, now: Timestamp) -> bool {
    until > now && until <= lease_horizon(now)
}

/// Adds the same question in SQL. Text that is no date lies before now or behind the horizon, or is passed by time.
pub(crate) fn push_lease_ended(query: &mut Query, now: Timestamp) {
    query.push("(lease_until is null or lease_until <= ").push_bind(time_text(now));
    query.push(" or lease_until > ").push_bind(time_text(lease_horizon(now))).push(")");
}

fn lease_horizon(now: Timestamp) -> Timestamp {
    let longest = SignedDuration::from_secs(i64::from(LONGEST_LEASE_SECONDS));
    now.saturating_add(longest).unwrap_or(Timestamp::MAX)
}
