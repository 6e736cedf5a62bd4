//! Decisions as labels: what reviewers said of listings, for training.

use std::collections::BTreeMap;

use lapwing_detect::Labelled;
use lapwing_types::{Action, ListingId, Outcome};

use crate::error::Result;
use crate::workspace::Workspace;

/// The listings of a workspace that were decided, as they stand now: escalated ones are labelled for a look, those with
/// no indicator are not. What nobody could tell, duplicates, and decisions that were taken back say nothing.
///
/// # Errors
/// Where the records cannot be read.
pub async fn decided_listings(workspace: &Workspace) -> Result<Vec<Labelled>> {
    let mut labels: BTreeMap<ListingId, bool> = BTreeMap::new();
    let mut records = workspace.store().decisions();
    while let Some(record) = records.next().await? {
        let Action::Decided { decision } = &record.event.action else { continue };
        if let Some(label) = label_of(decision.outcome).filter(|_| record.in_force) {
            labels.insert(record.listing, label);
        }
    }
    let mut labelled = Vec::with_capacity(labels.len());
    for (id, label) in labels {
        if let Some(record) = workspace.store().listing(id).await? {
            labelled.push(Labelled {
                cluster: id.to_string(),
                listing: record.listing,
                label,
                families: Vec::new(),
                slice: "decided".to_string(),
            });
        }
    }
    Ok(labelled)
}

const fn label_of(outcome: Outcome) -> Option<bool> {
    match outcome {
        Outcome::Escalate => Some(true),
        Outcome::NotAnIndicator => Some(false),
        Outcome::CannotTell | Outcome::NeedsSpecialist | Outcome::Duplicate => None,
    }
}
