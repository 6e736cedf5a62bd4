//! The review queue as a person works it: everything masked, every step an event, every decision in the custody log.

use jiff::Timestamp;
use lapwing_detect::contact_spans;
use lapwing_store::{Claim, ClaimFrom, ClaimRequest, ItemFilter, Stats};
use lapwing_types::{
    Assessment, Decision, Event, Field, IndicatorVerdict, ItemId, ItemState, Lane, Listing, Notice, Outcome,
    mask_contact, mask_spans,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::clock;
use crate::custody::note;
use crate::error::{EngineError, Result};
use crate::operator::operator;
use crate::workspace::Workspace;

/// A line of the queue.
#[derive(Debug, Clone, Serialize)]
pub struct ItemSummary {
    /// Where it stands.
    #[serde(flatten)]
    pub state: ItemState,
    /// Its status at the time of asking.
    pub status_now: &'static str,
    /// Its headline, contacts masked.
    pub title: String,
    /// Where it came from.
    pub source: String,
    /// Its language, as its source states it.
    pub lang: Option<String>,
    /// What of the item could not be read.
    pub notices: Vec<Notice>,
}

/// An item with its listing, contacts masked.
#[derive(Debug, Clone, Serialize)]
pub struct MaskedItem {
    /// Where it stands.
    #[serde(flatten)]
    pub state: ItemState,
    /// Its status at the time of asking.
    pub status_now: &'static str,
    /// The listing, masked; `None` where it cannot be read.
    pub listing: Option<Value>,
    /// What the machine said last.
    pub assessment: Option<Assessment>,
    /// Its life so far.
    pub events: Vec<Event>,
    /// What could not be read.
    pub notices: Vec<Notice>,
}

/// Items of the queue, the most urgent first, and where the next page begins.
///
/// # Errors
/// Where the store refuses.
pub async fn items(workspace: &Workspace, filter: &ItemFilter) -> Result<(Vec<ItemSummary>, Option<String>)> {
    let now = clock::now();
    let page = workspace.store().items(filter, now).await?;
    let summary = |row: lapwing_store::QueueRow| ItemSummary {
        status_now: row.state.status_at(now).name(),
        title: masked_text(Field::Title, &row.title),
        source: row.source,
        lang: row.lang,
        notices: row.notices,
        state: row.state,
    };
    Ok((page.items.into_iter().map(summary).collect(), page.next_cursor))
}

/// One item; that it was looked at is noted in the custody log.
///
/// # Errors
/// Where there is no such item, or the store refuses.
pub async fn item(workspace: &Workspace, id: ItemId) -> Result<MaskedItem> {
    let now = clock::now();
    let view = workspace.store().item(id).await?;
    note(workspace, "viewed", json!({"item": id.to_string()}))?;
    Ok(MaskedItem {
        status_now: view.state.status_at(now).name(),
        listing: view.listing.map(|record| masked_listing(&record.listing)),
        assessment: view.assessment.map(|record| record.assessment),
        events: view.events,
        notices: view.notices,
        state: view.state,
    })
}

/// Takes an item: the given one, or the most urgent of a lane.
///
/// # Errors
/// Where the item is held, closed or unknown.
pub async fn claim(workspace: &Workspace, item: Option<ItemId>, lane: Option<Lane>) -> Result<Option<Claim>> {
    let reviewer = operator(workspace)?;
    let from = match (item, lane) {
        (Some(item), _) => ClaimFrom::Item(item),
        (None, Some(lane)) => ClaimFrom::lane(lane),
        (None, None) => ClaimFrom::any(),
    };
    let lease_seconds = workspace.config().queue.lease_seconds;
    let request = ClaimRequest { from, passed_over: Vec::new(), lease_seconds };
    let claim = workspace.store().claim(&request, &reviewer, clock::event_id(), clock::now()).await?;
    if let Some(claim) = &claim {
        note(workspace, "claimed", json!({"item": claim.state.item.to_string(), "token": claim.lease.token}))?;
    }
    Ok(claim)
}

/// Gives an item back.
///
/// # Errors
/// Where the item is not held by this operator.
pub async fn release(workspace: &Workspace, item: ItemId) -> Result<ItemState> {
    let reviewer = operator(workspace)?;
    let token = token_in_force(workspace, item).await?;
    Ok(workspace.store().release(item, &reviewer, token, clock::event_id(), clock::now()).await?)
}

/// Decides an item. An item that nobody holds is claimed first, so that one command suffices at a terminal.
///
/// # Errors
/// Where the reason is empty, somebody else holds the item, or it is decided already.
pub async fn decide(
    workspace: &Workspace,
    item: ItemId,
    outcome: Outcome,
    reason: &str,
    confirmed: &[String],
    refused: &[String],
    token: Option<u64>,
) -> Result<ItemState> {
    if reason.trim().is_empty() {
        return Err(EngineError::Request("a decision needs a reason; give it with `--reason`".to_string()));
    }
    let reviewer = operator(workspace)?;
    let indicators = verdicts(workspace, item, confirmed, refused).await?;
    let token = match token {
        Some(token) => token,
        None => {
            let view = workspace.store().item(item).await?;
            match view.state.status_at(clock::now()) {
                lapwing_types::Status::Claimed { by, lease } if by == reviewer.pseudonym() => lease.token,
                _ => claim(workspace, Some(item), None).await?.map_or(0, |claim| claim.lease.token),
            }
        }
    };
    let decision = Decision { outcome, indicators, reason: reason.trim().to_string(), token };
    let state = workspace.store().decide(item, &reviewer, decision, clock::event_id(), clock::now()).await?;
    note(workspace, "decided", json!({"item": item.to_string(), "outcome": outcome.as_str(), "event": state.seq}))?;
    Ok(state)
}

/// The queue and the store in numbers.
///
/// # Errors
/// Where the store refuses.
pub async fn stats(workspace: &Workspace) -> Result<(Stats, Timestamp)> {
    let now = clock::now();
    Ok((workspace.store().stats(now).await?, now))
}

async fn token_in_force(workspace: &Workspace, item: ItemId) -> Result<u64> {
    Ok(workspace.store().item(item).await?.state.last_token)
}

/// The reviewer's word on each indicator: those named, and only such as the assessment holds.
async fn verdicts(
    workspace: &Workspace,
    item: ItemId,
    confirmed: &[String],
    refused: &[String],
) -> Result<Vec<IndicatorVerdict>> {
    let view = workspace.store().item(item).await?;
    let assessment = view.assessment.map(|record| record.assessment);
    let known: Vec<String> = assessment
        .iter()
        .flat_map(|assessment| assessment.hits.iter().chain(&assessment.context))
        .flat_map(|hit| hit.indicators.iter().cloned())
        .collect();
    let named = confirmed.iter().map(|name| (name, true)).chain(refused.iter().map(|name| (name, false)));
    let mut verdicts: Vec<IndicatorVerdict> = Vec::new();
    for (name, confirmed) in named {
        if !known.is_empty() && !known.contains(name) {
            let mut names = known.clone();
            names.sort_unstable();
            names.dedup();
            let message = format!("the assessment does not hold the indicator `{name}`; it holds {}", names.join(", "));
            return Err(EngineError::Request(message));
        }
        verdicts.push(IndicatorVerdict { indicator: name.clone(), confirmed });
    }
    Ok(verdicts)
}

/// A text with its contacts masked.
pub(crate) fn masked_text(field: Field, text: &str) -> String {
    mask_spans(text, &contact_spans(field, text))
}

/// A listing as it may be shown: contacts beside the text and in it masked.
pub(crate) fn masked_listing(listing: &Listing) -> Value {
    let contacts: Vec<Value> = listing
        .contacts
        .iter()
        .map(|contact| json!({"type": contact.kind.as_str(), "value": mask_contact(contact.kind, contact.value.reveal())}))
        .collect();
    let masked = |field| masked_text(field, listing.text(field));
    json!({
        "external_id": listing.external_id,
        "kind": listing.kind,
        "lang": listing.lang,
        "source": listing.source,
        "url": listing.url,
        "title": masked(Field::Title),
        "body": masked(Field::Body),
        "price": listing.price.as_ref().map(|_| masked(Field::Price)),
        "location": listing.location.as_ref().map(|_| masked(Field::Location)),
        "posted_at": listing.posted_at,
        "contacts": contacts,
    })
}
