//! The one place that asks for the time and makes identifiers.

use jiff::Timestamp;
use lapwing_types::{CaptureId, CrawlId, EventId, ItemId, ListingId};
use uuid::Uuid;

/// The time, to the microsecond.
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

/// A version 7 UUID (RFC 9562): it sorts by time.
fn fresh() -> Uuid {
    Uuid::now_v7()
}

pub(crate) fn capture_id() -> CaptureId {
    CaptureId::new(fresh())
}

pub(crate) fn crawl_id() -> CrawlId {
    CrawlId::new(fresh())
}

pub(crate) fn event_id() -> EventId {
    EventId::new(fresh())
}

pub(crate) fn item_id() -> ItemId {
    ItemId::new(fresh())
}

pub(crate) fn listing_id() -> ListingId {
    ListingId::new(fresh())
}

/// A name for a new workspace.
pub(crate) fn workspace_id() -> String {
    fresh().to_string()
}
