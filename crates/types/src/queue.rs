//! The life of a queue item: append-only events, and the state that follows from them.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Band, EventId, Family, ItemId, Reviewer};

/// Where an item waits. The first that fits wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Any hit of child risk.
    ChildRisk,
    /// Band `urgent`.
    Urgent,
    /// Sexual exploitation and recruitment into it.
    Sexual,
    /// Labour exploitation.
    Labour,
    /// Domestic servitude.
    Domestic,
    /// Forced criminality.
    ForcedCriminality,
    /// Everything else.
    General,
}

impl Lane {
    /// All lanes, in the order in which they are tried.
    pub const ALL: [Self; 7] = [
        Self::ChildRisk,
        Self::Urgent,
        Self::Sexual,
        Self::Labour,
        Self::Domestic,
        Self::ForcedCriminality,
        Self::General,
    ];

    /// The lane for a band and the family that scored most.
    pub fn route(child_risk: bool, band: Band, leading: Option<Family>) -> Self {
        if child_risk {
            return Self::ChildRisk;
        }
        if band == Band::Urgent {
            return Self::Urgent;
        }
        match leading {
            Some(Family::Sx | Family::Xs | Family::Rs) => Self::Sexual,
            Some(Family::Lb) => Self::Labour,
            Some(Family::Ds) => Self::Domestic,
            Some(Family::Fc) => Self::ForcedCriminality,
            Some(Family::Ch) => Self::ChildRisk,
            Some(Family::Ev | Family::Pr) | None => Self::General,
        }
    }

    /// The lane's name as it stands in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChildRisk => "child_risk",
            Self::Urgent => "urgent",
            Self::Sexual => "sexual",
            Self::Labour => "labour",
            Self::Domestic => "domestic",
            Self::ForcedCriminality => "forced_criminality",
            Self::General => "general",
        }
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why a text is not a lane.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a lane; the lanes are child_risk, urgent, sexual, labour, domestic, forced_criminality and general"
)]
pub struct LaneParseError(String);

impl FromStr for Lane {
    type Err = LaneParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.replace('-', "_");
        let found = Self::ALL.into_iter().find(|lane| lane.as_str() == name);
        found.ok_or_else(|| LaneParseError(text.chars().take(40).collect()))
    }
}

/// What a reviewer concluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Hand it on: it deserves action.
    Escalate,
    /// What the machine saw is no indicator here.
    NotAnIndicator,
    /// The listing does not say enough.
    CannotTell,
    /// Somebody who knows the language or the field must look.
    NeedsSpecialist,
    /// The same as another item.
    Duplicate,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 5] =
        [Self::Escalate, Self::NotAnIndicator, Self::CannotTell, Self::NeedsSpecialist, Self::Duplicate];

    /// The outcome's name as it stands in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Escalate => "escalate",
            Self::NotAnIndicator => "not_an_indicator",
            Self::CannotTell => "cannot_tell",
            Self::NeedsSpecialist => "needs_specialist",
            Self::Duplicate => "duplicate",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why a text is not an outcome.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not an outcome; the outcomes are escalate, not_an_indicator, cannot_tell, needs_specialist and duplicate"
)]
pub struct OutcomeParseError(String);

impl FromStr for Outcome {
    type Err = OutcomeParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.replace('-', "_");
        let found = Self::ALL.into_iter().find(|outcome| outcome.as_str() == name);
        found.ok_or_else(|| OutcomeParseError(text.chars().take(40).collect()))
    }
}

/// What the reviewer says of one indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorVerdict {
    /// The catalogue's id, such as `LB04`.
    pub indicator: String,
    /// Whether the reviewer sees it too.
    pub confirmed: bool,
}

/// A person's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What was concluded.
    pub outcome: Outcome,
    /// What the reviewer says of the indicators.
    pub indicators: Vec<IndicatorVerdict>,
    /// Why, in the reviewer's words; never empty.
    pub reason: String,
    /// The fencing number of the claim under which it was made.
    pub token: u64,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Actor {
    /// The program.
    Engine {
        /// Its version.
        version: String,
    },
    /// A person who was authenticated.
    Reviewer {
        /// The name under which the person works.
        pseudonym: String,
    },
}

impl From<&Reviewer> for Actor {
    fn from(reviewer: &Reviewer) -> Self {
        Self::Reviewer { pseudonym: reviewer.pseudonym().to_string() }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engine { version } => write!(f, "engine {version}"),
            Self::Reviewer { pseudonym } => f.write_str(pseudonym),
        }
    }
}

/// The right to work on an item until a time. A later claim has a higher number, and a decision under a lower one is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The fencing number.
    pub token: u64,
    /// When it ends.
    pub until: Timestamp,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// An assessment put the listing into the queue, or changed why it is there.
    Flagged {
        /// The band.
        band: Band,
        /// The sum of points.
        points: i32,
        /// Where it waits.
        lane: Lane,
        /// 0 to 100; the higher, the sooner.
        priority: u8,
    },
    /// A reviewer took it.
    Claimed {
        /// Until when, and under which number.
        lease: Lease,
    },
    /// The reviewer gave it back.
    Released,
    /// A remark.
    Commented {
        /// Its text.
        text: String,
    },
    /// A decision.
    Decided {
        /// Its content.
        decision: Decision,
    },
    /// An earlier decision was taken back.
    Reversed {
        /// The event of that decision.
        decision: EventId,
        /// Why.
        reason: String,
    },
    /// It was handed to somebody else before a decision.
    Escalated {
        /// Why.
        reason: String,
    },
    /// It is open again, since something changed.
    Reopened {
        /// Why.
        reason: String,
    },
    /// It left the house.
    Exported {
        /// What for.
        purpose: String,
    },
    /// Its personal content was deleted by retention.
    Purged,
}

impl Action {
    /// The action's name as it stands in files.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Flagged { .. } => "flagged",
            Self::Claimed { .. } => "claimed",
            Self::Released => "released",
            Self::Commented { .. } => "commented",
            Self::Decided { .. } => "decided",
            Self::Reversed { .. } => "reversed",
            Self::Escalated { .. } => "escalated",
            Self::Reopened { .. } => "reopened",
            Self::Exported { .. } => "exported",
            Self::Purged => "purged",
        }
    }
}

/// One event in the life of an item. Events are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Whose life.
    pub item: ItemId,
    /// Its place in that life, from 1, without gaps.
    pub seq: u32,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    #[serde(flatten)]
    pub action: Action,
}

/// Where an item stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// Waits for a reviewer.
    Open,
    /// A reviewer works on it, while the lease lasts.
    Claimed {
        /// Who.
        by: String,
        /// Until when, and under which number.
        lease: Lease,
    },
    /// Decided.
    Decided {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
        /// The event.
        event: EventId,
        /// The content.
        decision: Decision,
    },
    /// Its content was deleted by retention.
    Purged,
}

impl Status {
    /// The status in one word, as it stands in files.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Claimed { .. } => "claimed",
            Self::Decided { .. } => "decided",
            Self::Purged => "purged",
        }
    }
}

/// The state of an item: the fold of its events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemState {
    /// Which item.
    pub item: ItemId,
    /// Where it stands.
    #[serde(flatten)]
    pub status: Status,
    /// The band of the last flagging.
    pub band: Band,
    /// The points of the last flagging.
    pub points: i32,
    /// Where it waits.
    pub lane: Lane,
    /// 0 to 100.
    pub priority: u8,
    /// When it was flagged first.
    pub created_at: Timestamp,
    /// When the last event came.
    pub updated_at: Timestamp,
    /// The place of the last event.
    pub seq: u32,
    /// The highest fencing number given so far.
    pub last_token: u64,
}

impl ItemState {
    /// The status at a time: a lease that has ended leaves the item open.
    pub fn status_at(&self, now: Timestamp) -> Status {
        match &self.status {
            Status::Claimed { lease, .. } if lease.until <= now => Status::Open,
            status => status.clone(),
        }
    }

    /// Moves the state on by one event. It is for whoever has just written that event; to read a life back, [`fold`]
    /// checks its order too.
    pub fn apply(&mut self, event: &Event) {
        self.seq = event.seq;
        self.updated_at = event.at;
        match &event.action {
            Action::Flagged { band, points, lane, priority } => {
                (self.band, self.points, self.lane, self.priority) = (*band, *points, *lane, *priority);
            }
            Action::Claimed { lease } => {
                self.last_token = self.last_token.max(lease.token);
                self.status = Status::Claimed { by: event.actor.to_string(), lease: *lease };
            }
            Action::Released => self.status = Status::Open,
            Action::Decided { decision } => {
                self.status = Status::Decided {
                    by: event.actor.to_string(),
                    at: event.at,
                    event: event.id,
                    decision: decision.clone(),
                };
            }
            Action::Reversed { .. } | Action::Reopened { .. } | Action::Escalated { .. } => self.status = Status::Open,
            Action::Purged => self.status = Status::Purged,
            Action::Commented { .. } | Action::Exported { .. } => {}
        }
    }
}

/// Why events do not make a life.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// There is none.
    #[error("an item without events")]
    Empty,
    /// The first event is not a flagging.
    #[error("the first event of item `{0}` is not `flagged`")]
    NotFlaggedFirst(ItemId),
    /// The events of two items are mixed, or one is missing.
    #[error("event {found} of item `{item}` stands where {expected} should")]
    Gap {
        /// Whose life.
        item: ItemId,
        /// The number that should stand here.
        expected: u32,
        /// The number that does.
        found: u32,
    },
}

/// The state that follows from an item's events, in their order.
///
/// # Errors
/// Where events are missing, out of order, of two items, or do not begin with `flagged`.
pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Result<ItemState, FoldError> {
    let mut events = events.into_iter();
    let first = events.next().ok_or(FoldError::Empty)?;
    let Action::Flagged { band, points, lane, priority } = &first.action else {
        return Err(FoldError::NotFlaggedFirst(first.item));
    };
    if first.seq != 1 {
        return Err(FoldError::Gap { item: first.item, expected: 1, found: first.seq });
    }
    let mut state = ItemState {
        item: first.item,
        status: Status::Open,
        band: *band,
        points: *points,
        lane: *lane,
        priority: *priority,
        created_at: first.at,
        updated_at: first.at,
        seq: 1,
        last_token: 0,
    };
    for event in events {
        if event.item != state.item || event.seq != state.seq + 1 {
            return Err(FoldError::Gap { item: state.item, expected: state.seq + 1, found: event.seq });
        }
        state.apply(event);
    }
    Ok(state)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn event(seq: u32, action: Action) -> Event {
        let actor = Actor::Reviewer { pseudonym: "desk-1".into() };
        let item = ItemId::new(Uuid::from_u128(1));
        Event { id: EventId::new(Uuid::from_u128(u128::from(seq))), item, seq, at: at(i64::from(seq)), actor, action }
    }

    fn flagged() -> Event {
        event(1, Action::Flagged { band: Band::High, points: 60, lane: Lane::Labour, priority: 70 })
    }

    #[test]
    fn a_claim_ends_with_its_lease() {
        let claim = Action::Claimed { lease: Lease { token: 1, until: at(100) } };
        let state = fold(&[flagged(), event(2, claim)]).unwrap();
        assert_eq!(state.status_at(at(99)).name(), "claimed");
        assert_eq!(state.status_at(at(100)).name(), "open");
    }

    #[test]
    fn a_reversed_decision_opens_the_item() {
        let decision =
            Decision { outcome: Outcome::Escalate, indicators: vec![], reason: "fee asked".into(), token: 1 };
        let decided = event(2, Action::Decided { decision });
        let reversed = event(3, Action::Reversed { decision: decided.id, reason: "wrong listing".into() });
        assert_eq!(fold(&[flagged(), decided.clone()]).unwrap().status.name(), "decided");
        assert_eq!(fold(&[flagged(), decided, reversed]).unwrap().status, Status::Open);
    }

    #[test]
    fn missing_and_misplaced_events_are_refused() {
        let comment = || Action::Commented { text: "seen before".into() };
        assert_eq!(fold(&[] as &[Event]), Err(FoldError::Empty));
        assert!(matches!(fold(&[event(1, comment())]), Err(FoldError::NotFlaggedFirst(_))));
        assert!(matches!(fold(&[flagged(), event(3, comment())]), Err(FoldError::Gap { expected: 2, found: 3, .. })));
    }

    #[test]
    fn child_risk_has_its_lane_whatever_the_band() {
        assert_eq!(Lane::route(true, Band::Low, Some(Family::Lb)), Lane::ChildRisk);
        assert_eq!(Lane::route(false, Band::Urgent, Some(Family::Lb)), Lane::Urgent);
        assert_eq!(Lane::route(false, Band::Review, None), Lane::General);
    }
}
