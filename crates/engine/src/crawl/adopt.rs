//! After a crash: captures that were kept and not judged are judged now, so that nothing is lost and nothing is
//! fetched again.

use std::collections::BTreeSet;
use std::sync::Arc;

use lapwing_types::{Capture, CaptureSource, Exchange};

use super::frontier::StoreFrontier;
use crate::error::{EngineError, Result};

/// Judges what an earlier run kept and did not judge; returns how many captures that were.
pub(super) async fn unjudged_captures(frontier: &StoreFrontier) -> Result<u64> {
    let mut judged = BTreeSet::new();
    let mut leaves = frontier.workspace.store().judged_leaves(0);
    while let Some(leaf) = leaves.next().await? {
        judged.insert(leaf);
    }
    let captures = {
        let archive = frontier.archive.lock();
        let all = archive.captures_after(None)?;
        all.filter(|entry| entry.as_ref().map_or(true, |(leaf, _)| !judged.contains(leaf)))
            .collect::<std::result::Result<Vec<_>, _>>()?
    };
    let mut adopted = 0;
    for (leaf, capture) in captures {
        if matches!(capture.origin, CaptureSource::Http { .. }) {
            adopt(frontier, leaf, &capture).await?;
            adopted += 1;
        }
    }
    Ok(adopted)
}

async fn adopt(frontier: &StoreFrontier, leaf: u64, capture: &Capture) -> Result<()> {
    let Some(exchange) = exchange_of(frontier, capture)? else {
        return frontier.write((leaf, capture), &[], None).await;
    };
    let target = frontier.workspace.store().open_target(frontier.crawl, &exchange.url).await?;
    // An answer that asks to come back later does not end its target.
    let will_retry = matches!(exchange.status, 429 | 500..=599);
    if will_retry || target.is_none() && exchange.url.path() == "/robots.txt" {
        return frontier.write((leaf, capture), &[], None).await;
    }
    frontier.judge_page((leaf, capture), Arc::new(exchange), target).await
}

/// The exchange as far as judging needs it: address, status, the headers that say how to read the body, the body.
fn exchange_of(frontier: &StoreFrontier, capture: &Capture) -> Result<Option<Exchange>> {
    let CaptureSource::Http {
        url,
        redirected_from,
        method,
        status,
        version,
        robots,
        started_at,
        first_byte_at,
        waited_ms,
        truncated,
        ..
    } = &capture.origin
    else {
        return Ok(None);
    };
    let archive = frontier.archive.lock();
    let (head, body) = archive.reader().read_answer(capture).map_err(EngineError::from)?;
    Ok(Some(Exchange {
        url: url.clone(),
        method: method.clone(),
        redirected_from: redirected_from.clone(),
        started_at: *started_at,
        first_byte_at: *first_byte_at,
        finished_at: capture.captured_at,
        peer: None,
        request_headers: Vec::new(),
        version: version.clone(),
        status: *status,
        response_headers: head,
        body,
        truncated: *truncated,
        robots: robots.clone(),
        waited_ms: *waited_ms,
    }))
}
