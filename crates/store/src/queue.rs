//! The review queue: who works on what, and what was decided.
//!
//! Each call is one transaction that appends an event and moves the item's row on with it, so the row always equals
//! the fold of the events ([`Store::check_folds`] proves it). A claim is a lease with a fencing number: claims of one
//! item have rising numbers, and whatever is sent under an older one is refused.
//!
//! What the columns hold is never trusted to be a date: an item whose dates are broken can still be claimed, decided
//! and released.

mod decisions;
mod folds;
mod state;
mod view;

use jiff::{SignedDuration, Timestamp};
use lapwing_types::{Action, Actor, Decision, EventId, ItemId, ItemState, Lane, Lease, ListingId, Reviewer, Status};

use crate::codec::to_micros;
use crate::db::{Query, Store, Transaction, commit};
use crate::error::{During, Result, StoreError};
use crate::records::push_any;

pub use decisions::DecisionRecord;
pub use folds::FoldFault;
pub(crate) use state::{StoredItem, append, item_of_listing, open_item};
pub(crate) use view::status_at_sql;
pub use view::{ItemFilter, ItemPage, ItemStatus, ItemView, QueueRow};

/// The longest lease. A lease that seems longer was given by a clock that has since been set back, and counts as ended.
pub const LONGEST_LEASE_SECONDS: u32 = 86_400;

/// From where to claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimFrom {
    /// The first item that waits in one of these lanes. Whoever may not see child risk leaves that lane out.
    Lanes(Vec<Lane>),
    /// This item, or an error that says why not.
    Item(ItemId),
}

impl ClaimFrom {
    /// From any lane.
    pub fn any() -> Self {
        Self::Lanes(Lane::ALL.to_vec())
    }

    /// From one lane.
    pub fn lane(lane: Lane) -> Self {
        Self::Lanes(vec![lane])
    }
}

/// What is asked of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRequest {
    /// From where.
    pub from: ClaimFrom,
    /// Items not to be given, since this person skipped them.
    pub passed_over: Vec<ItemId>,
    /// How long the lease lasts, 1 to [`LONGEST_LEASE_SECONDS`]; what is outside is brought inside.
    pub lease_seconds: u32,
}

/// An item that is now the claimer's until the lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Where the item stands.
    pub state: ItemState,
    /// The listing that it is about.
    pub listing: ListingId,
    /// The lease, with the token that a decision must name.
    pub lease: Lease,
}

impl Store {
    /// Claims an item: the given one, or the first by priority, then age. No two claimers get one item, be they in
    /// one process or several. `None` where nothing waits.
    ///
    /// # Errors
    /// Where a given item is unknown, held by somebody else, decided or purged.
    pub async fn claim(
        &self,
        request: &ClaimRequest,
        reviewer: &Reviewer,
        event: EventId,
        now: Timestamp,
    ) -> Result<Option<Claim>> {
        let doing = "claiming an item";
        let now = to_micros(now);
        let mut transaction = self.begin(doing).await?;
        let item = match &request.from {
            ClaimFrom::Item(item) => *item,
            ClaimFrom::Lanes(lanes) => match first_waiting(&mut transaction, lanes, &request.passed_over, now).await? {
                Some(item) => item,
                None => return Ok(None),
            },
        };
        let mut stored = state::load(&mut transaction, item).await?;
        refuse_closed(&stored)?;
        refuse_held(&stored, now)?;
        let lease = Lease { token: stored.state.last_token + 1, until: lease_end(now, request.lease_seconds) };
        append(&mut transaction, &mut stored, Actor::from(reviewer), Action::Claimed { lease }, event, now).await?;
        commit(transaction, doing).await?;
        Ok(Some(Claim { state: stored.state, listing: stored.listing, lease }))
    }

    /// Prolongs a lease that has not ended; the token stays.
    ///
    /// # Errors
    /// Where the token is stale, the lease has ended, or the item is not claimed.
    pub async fn renew(
        &self,
        item: ItemId,
        reviewer: &Reviewer,
        token: u64,
        lease_seconds: u32,
        event: EventId,
        now: Timestamp,
    ) -> Result<Lease> {
        let now = to_micros(now);
        let (mut transaction, mut stored) = self.load_for_update(item, "renewing a lease").await?;
        let held = require_holder(&stored, reviewer, token)?;
        require_lease(&stored, held, now)?;
        let until = lease_end(now, lease_seconds);
        let lease = Lease { token, until: if stored.lease_is_broken { until } else { until.max(held.until) } };
        append(&mut transaction, &mut stored, Actor::from(reviewer), Action::Claimed { lease }, event, now).await?;
        commit(transaction, "renewing a lease").await?;
        Ok(lease)
    }

    /// Writes a decision. Sending the same one again under the same event id changes nothing and succeeds, so that a
    /// lost answer can be asked for again.
    ///
    /// # Errors
    /// Where the reason is empty, the item is decided or purged, the token is stale, the lease has ended, or the item
    /// is not claimed: each an error of its own.
    pub async fn decide(
        &self,
        item: ItemId,
        reviewer: &Reviewer,
        decision: Decision,
        event: EventId,
        now: Timestamp,
    ) -> Result<ItemState> {
        let now = to_micros(now);
        require_text(item, "decide", "a reason", &decision.reason)?;
        let (mut transaction, mut stored) = self.load_for_update(item, "writing a decision").await?;
        if is_same_decision(&stored, reviewer, &decision, event) {
            return Ok(stored.state);
        }
        refuse_closed(&stored)?;
        let held = require_holder(&stored, reviewer, decision.token)?;
        require_lease(&stored, held, now)?;
        append(&mut transaction, &mut stored, Actor::from(reviewer), Action::Decided { decision }, event, now).await?;
        commit(transaction, "writing a decision").await?;
        Ok(stored.state)
    }

    /// Gives an item back, also after the lease has ended.
    ///
    /// # Errors
    /// Where the token is stale or the item is not claimed.
    pub async fn release(
        &self,
        item: ItemId,
        reviewer: &Reviewer,
        token: u64,
        event: EventId,
        now: Timestamp,
    ) -> Result<ItemState> {
        let (mut transaction, mut stored) = self.load_for_update(item, "releasing an item").await?;
        require_holder(&stored, reviewer, token)?;
        append(&mut transaction, &mut stored, Actor::from(reviewer), Action::Released, event, now).await?;
        commit(transaction, "releasing an item").await?;
        Ok(stored.state)
    }

    /// Hands a claimed item to somebody else before a decision; it waits again.
    ///
    /// # Errors
    /// Where the reason is empty, the token is stale, the lease has ended, or the item is not claimed.
    pub async fn escalate(
        &self,
        item: ItemId,
        reviewer: &Reviewer,
        token: u64,
        reason: &str,
        event: EventId,
        now: Timestamp,
    ) -> Result<ItemState> {
        require_text(item, "escalate", "a reason", reason)?;
        let (mut transaction, mut stored) = self.load_for_update(item, "escalating an item").await?;
        let held = require_holder(&stored, reviewer, token)?;
        require_lease(&stored, held, to_micros(now))?;
        let action = Action::Escalated { reason: reason.to_string() };
        append(&mut transaction, &mut stored, Actor::from(reviewer), action, event, now).await?;
        commit(transaction, "escalating an item").await?;
        Ok(stored.state)
    }

    /// Adds a remark; anybody may, whatever the item's status.
    ///
    /// # Errors
    /// Where the text is empty or the item is unknown.
    pub async fn comment(
        &self,
        item: ItemId,
        reviewer: &Reviewer,
        text: &str,
        event: EventId,
        now: Timestamp,
    ) -> Result<ItemState> {
        require_text(item, "comment", "a text", text)?;
        let action = Action::Commented { text: text.to_string() };
        self.append_freely(item, reviewer, action, event, now, "writing a comment").await
    }

    /// Notes that an item left the house.
    ///
    /// # Errors
    /// Where the purpose is empty or the item is unknown.
    pub async fn note_export(
        &self,
        item: ItemId,
        reviewer: &Reviewer,
        purpose: &str,
        event: EventId,
        now: Timestamp,
    ) -> Result<ItemState> {
        require_text(item, "export", "a purpose", purpose)?;
        let action = Action::Exported { purpose: purpose.to_string() };
        self.append_freely(item, reviewer, action, event, now, "noting an export").await
    }

    /// Takes back the decision that is in force; the item waits again.
    ///
    /// # Errors
    /// Where the reason is empty, there is no such decision, or it is no longer in force.
    pub async fn reverse(
        &self,
        decision: EventId,
        reviewer: &Reviewer,
        reason: &str,
        event: EventId,
        now: Timestamp,
    ) -> Result<ItemState> {
        let doing = "reversing a decision";
        let mut transaction = self.begin(doing).await?;
        let item = state::item_of_decision(&mut transaction, decision).await?;
        require_text(item, "reverse", "a reason", reason)?;
        let mut stored = state::load(&mut transaction, item).await?;
        if !matches!(stored.state.status, Status::Decided { event, .. } if event == decision) {
            return Err(StoreError::NotInForce { item, decision });
        }
        let action = Action::Reversed { decision, reason: reason.to_string() };
        append(&mut transaction, &mut stored, Actor::from(reviewer), action, event, now).await?;
        commit(transaction, doing).await?;
        Ok(stored.state)
    }

    /// Opens a closed item again, as after a challenge.
    ///
    /// # Errors
    /// Where the reason is empty, or the item is not closed.
    pub async fn reopen(
        &self,
        item: ItemId,
        reviewer: &Reviewer,
        reason: &str,
        event: EventId,
        now: Timestamp,
    ) -> Result<ItemState> {
        require_text(item, "reopen", "a reason", reason)?;
        let (mut transaction, mut stored) = self.load_for_update(item, "opening an item again").await?;
        match stored.state.status {
            Status::Purged => return Err(StoreError::Purged(item)),
            Status::Open | Status::Claimed { .. } => return Err(StoreError::NotClosed(item)),
            Status::Decided { .. } => {}
        }
        let action = Action::Reopened { reason: reason.to_string() };
        append(&mut transaction, &mut stored, Actor::from(reviewer), action, event, now).await?;
        commit(transaction, "opening an item again").await?;
        Ok(stored.state)
    }

    async fn append_freely(
        &self,
        item: ItemId,
        reviewer: &Reviewer,
        action: Action,
        event: EventId,
        now: Timestamp,
        doing: &'static str,
    ) -> Result<ItemState> {
        let (mut transaction, mut stored) = self.load_for_update(item, doing).await?;
        append(&mut transaction, &mut stored, Actor::from(reviewer), action, event, now).await?;
        commit(transaction, doing).await?;
        Ok(stored.state)
    }

    async fn load_for_update(&self, item: ItemId, doing: &'static str) -> Result<(Transaction, StoredItem)> {
        let mut transaction = self.begin(doing).await?;
        let stored = state::load(&mut transaction, item).await?;
        Ok((transaction, stored))
    }
}

async fn first_waiting(
    transaction: &mut Transaction,
    lanes: &[Lane],
    passed_over: &[ItemId],
    now: Timestamp,
) -> Result<Option<ItemId>> {
    if lanes.is_empty() {
        return Ok(None);
    }
    let mut query = Query::new("select id from items where status in ('open', 'claimed') and (status = 'open' or ");
    state::push_lease_ended(&mut query, now);
    query.push(")");
    push_any(&mut query, "lane", lanes.iter().map(|lane| lane.as_str()));
    if !passed_over.is_empty() {
        query.push(" and id not in (");
        let mut list = query.separated(", ");
        for item in passed_over {
            list.push_bind(item.to_string());
        }
        query.push(")");
    }
    query.push(" order by priority desc, created_at, id limit 1");
    let id: Option<String> =
        query.build_query_scalar().fetch_optional(&mut **transaction).await.during("looking for an item that waits")?;
    id.map(|id| crate::codec::parse_id("queue item", &id)).transpose()
}

fn lease_end(now: Timestamp, seconds: u32) -> Timestamp {
    let seconds = seconds.clamp(1, LONGEST_LEASE_SECONDS);
    now.saturating_add(SignedDuration::from_secs(i64::from(seconds))).unwrap_or(Timestamp::MAX)
}

fn refuse_closed(stored: &StoredItem) -> Result<()> {
    let item = stored.state.item;
    match &stored.state.status {
        Status::Decided { by, at, .. } => Err(StoreError::AlreadyDecided { item, by: by.clone(), at: *at }),
        Status::Purged => Err(StoreError::Purged(item)),
        Status::Open | Status::Claimed { .. } => Ok(()),
    }
}

fn refuse_held(stored: &StoredItem, now: Timestamp) -> Result<()> {
    match &stored.state.status {
        Status::Claimed { by, lease } if !stored.lease_is_broken && state::lease_lasts(lease.until, now) => {
            Err(StoreError::HeldByOther { item: stored.state.item, by: by.clone(), until: lease.until })
        }
        _ => Ok(()),
    }
}

/// The lease under which the reviewer holds the item, ended or not.
fn require_holder(stored: &StoredItem, reviewer: &Reviewer, token: u64) -> Result<Lease> {
    let (item, last) = (stored.state.item, stored.state.last_token);
    refuse_closed(stored)?;
    if token != last {
        return Err(StoreError::StaleToken { item, given: token, last });
    }
    let Status::Claimed { by, lease } = &stored.state.status else { return Err(StoreError::NotClaimed(item)) };
    if by != reviewer.pseudonym() {
        return Err(StoreError::HeldByOther { item, by: by.clone(), until: lease.until });
    }
    Ok(*lease)
}

/// A lease whose end cannot be read does not end for its holder: the token alone guards the item then.
fn require_lease(stored: &StoredItem, lease: Lease, now: Timestamp) -> Result<()> {
    if stored.lease_is_broken || lease.until > now {
        return Ok(());
    }
    Err(StoreError::LeaseExpired { item: stored.state.item, until: lease.until })
}

fn require_text(item: ItemId, action: &'static str, what: &'static str, text: &str) -> Result<()> {
    if text.trim().is_empty() { Err(StoreError::EmptyText { item, action, what }) } else { Ok(()) }
}

fn is_same_decision(stored: &StoredItem, reviewer: &Reviewer, given: &Decision, id: EventId) -> bool {
    matches!(&stored.state.status, Status::Decided { by, event, decision, .. }
        if *event == id && decision == given && by == reviewer.pseudonym())
}
