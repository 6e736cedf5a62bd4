//! Judgement of one capture or one record: from what was read to what the store keeps and the queue shows.

use std::sync::atomic::{AtomicU64, Ordering};

use lapwing_detect::{Detector, Extracted};
use lapwing_store::{Batch, Flag, FrontierStep, Judged, JudgedListing, Judgement, ListingChange, Store};
use lapwing_types::{Assessment, Band, Capture, Lane, Listing};
use serde::Serialize;

use crate::clock;
use crate::error::Result;

/// A listing with what the machine says of it.
pub(crate) struct Assessed {
    pub(crate) listing: Listing,
    pub(crate) assessment: Assessment,
}

/// Assesses what was extracted. Pure work for a thread of its own.
pub(crate) fn assess(detector: &Detector, extracted: Vec<Extracted>) -> Vec<Assessed> {
    let assess = |extracted: Extracted| {
        let assessment = detector.assess(&extracted.listing, &extracted.notices);
        Assessed { listing: extracted.listing, assessment }
    };
    extracted.into_iter().map(assess).collect()
}

/// Writes what was judged, in one transaction.
pub(crate) async fn record(
    store: &Store,
    (leaf, capture): (u64, &Capture),
    assessed: &[Assessed],
    batch: Batch,
    frontier: Option<FrontierStep<'_>>,
) -> Result<Judgement> {
    let listings: Vec<JudgedListing<'_>> = assessed
        .iter()
        .map(|one| JudgedListing {
            id: clock::listing_id(),
            listing: &one.listing,
            assessment: &one.assessment,
            flag: flag(&one.assessment),
            reopening: clock::event_id(),
        })
        .collect();
    let judged = Judged { leaf, capture, batch, listings: &listings, frontier, now: clock::now() };
    Ok(store.judge(&judged).await?)
}

/// How a listing enters the queue; `None` where it does not ask for a look.
fn flag(assessment: &Assessment) -> Option<Flag> {
    if !assessment.band.is_flagged() && !assessment.child_risk {
        return None;
    }
    let lane = Lane::route(assessment.child_risk, assessment.band, assessment.leading_family());
    Some(Flag { item: clock::item_id(), event: clock::event_id(), lane, priority: priority(assessment) })
}

/// 0 to 100: the band decides, the points order within it, child risk comes first.
fn priority(assessment: &Assessment) -> u8 {
    let base = match assessment.band {
        Band::None => 10,
        Band::Low => 20,
        Band::Review => 40,
        Band::High => 60,
        Band::Urgent => 80,
    };
    let within = (assessment.points.clamp(0, 100) / 6) as u8;
    let child = if assessment.child_risk { 15 } else { 0 };
    (base + within.min(14) + child).min(100)
}

/// Running totals, for progress and summaries.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    listings: AtomicU64,
    updated: AtomicU64,
    unchanged: AtomicU64,
    flagged: AtomicU64,
}

/// How many listings were judged, and what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Seen for the first time.
    pub new: u64,
    /// Known, with other content.
    pub updated: u64,
    /// Known, with the same content.
    pub unchanged: u64,
    /// Entered the queue.
    pub flagged: u64,
}

impl Totals {
    pub(crate) fn add(&self, judgement: &Judgement) {
        let add = |counter: &AtomicU64, count: usize| counter.fetch_add(count as u64, Ordering::Relaxed);
        add(&self.listings, judgement.count(ListingChange::New));
        add(&self.updated, judgement.count(ListingChange::Updated));
        add(&self.unchanged, judgement.count(ListingChange::Unchanged));
        add(&self.flagged, judgement.flagged());
    }

    pub(crate) fn counts(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            new: read(&self.listings),
            updated: read(&self.updated),
            unchanged: read(&self.unchanged),
            flagged: read(&self.flagged),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priorities_stay_within_their_band() {
        let mut assessment = crate::packs::load_pack(&[])
            .map(|pack| Detector::new(pack, None))
            .unwrap()
            .assess(&Listing { body: "second-hand bicycle".into(), ..Listing::default() }, &[]);
        assessment.band = Band::Review;
        assessment.points = 100;
        let review = priority(&assessment);
        assessment.band = Band::High;
        assessment.points = 0;
        assert!(priority(&assessment) > review);
        assessment.child_risk = true;
        assert!(priority(&assessment) > 70);
    }
}
