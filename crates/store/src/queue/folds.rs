//! The proof that each item's row equals the fold of its events.

use std::collections::HashMap;

use lapwing_types::{Event, ItemState, fold};
use sqlx::Row as _;

use super::state::stored_item;
use crate::codec::from_json;
use crate::db::{Row, Store};
use crate::error::{During, Result};
use crate::rows::PAGE;

/// An item whose row is not what its events make of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoldFault {
    /// The item's id, as it stands in the row.
    pub item: String,
    /// What differs.
    pub why: String,
}

impl Store {
    /// Computes the fold of each item's events anew and names every item whose row differs; an empty list means
    /// that all agree.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn check_folds(&self) -> Result<Vec<FoldFault>> {
        let doing = "checking the queue";
        let mut faults = Vec::new();
        let mut after = String::new();
        loop {
            // Items and events of one page are read in one snapshot, so that work going on is no false alarm.
            let mut snapshot = self.readers().begin().await.during(doing)?;
            let items = sqlx::query("select * from items where id > $1 order by id limit $2").bind(&after).bind(PAGE);
            let items = items.fetch_all(&mut *snapshot).await.during(doing)?;
            let Some(last) = items.last() else { return Ok(faults) };
            let last: String = last.try_get("id").during(doing)?;
            let events = "select item_id, id, body from events where item_id > $1 and item_id <= $2
                          order by item_id, seq";
            let events = sqlx::query_as(events).bind(&after).bind(&last);
            let events: Vec<(String, String, String)> = events.fetch_all(&mut *snapshot).await.during(doing)?;
            drop(snapshot);
            let mut by_item: HashMap<String, Vec<(String, String)>> = HashMap::new();
            for (item, id, body) in events {
                by_item.entry(item).or_default().push((id, body));
            }
            for row in &items {
                let item: String = row.try_get("id").during(doing)?;
                let events = by_item.remove(&item).unwrap_or_default();
                if let Some(why) = difference(row, &events) {
                    faults.push(FoldFault { item, why });
                }
            }
            after = last;
        }
    }
}

fn difference(row: &Row, events: &[(String, String)]) -> Option<String> {
    let read = |(id, body): &(String, String)| from_json::<Event>("event", id, body);
    let events = match events.iter().map(read).collect::<Result<Vec<_>>>() {
        Ok(events) => events,
        Err(error) => return Some(error.to_string()),
    };
    let folded = match fold(&events) {
        Ok(folded) => folded,
        Err(error) => return Some(error.to_string()),
    };
    let stored = match stored_item(row) {
        Ok(stored) => stored,
        Err(error) => return Some(error.to_string()),
    };
    if let Some(notice) = stored.notices.first() {
        return Some(notice.message.clone());
    }
    let names = differing_fields(&stored.state, &folded);
    let outcome: Option<&str> = row.try_get("outcome").ok().flatten();
    let decided = match &folded.status {
        lapwing_types::Status::Decided { decision, .. } => Some(decision.outcome.as_str()),
        _ => None,
    };
    match (names.is_empty(), outcome == decided) {
        (true, true) => None,
        (true, false) => Some("the row and its events differ in: outcome".to_string()),
        (false, _) => Some(format!("the row and its events differ in: {}", names.join(", "))),
    }
}

fn differing_fields(stored: &ItemState, folded: &ItemState) -> Vec<&'static str> {
    let fields = [
        ("status", stored.status == folded.status),
        ("band", stored.band == folded.band),
        ("points", stored.points == folded.points),
        ("lane", stored.lane == folded.lane),
        ("priority", stored.priority == folded.priority),
        ("created_at", stored.created_at == folded.created_at),
        ("updated_at", stored.updated_at == folded.updated_at),
        ("seq", stored.seq == folded.seq),
        ("last_token", stored.last_token == folded.last_token),
        ("item", stored.item == folded.item),
    ];
    fields.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
}
