//! Many claimers at once: no item goes to two, in one process or several.

use std::collections::HashSet;

use jiff::SignedDuration;
use lapwing_store::{ClaimFrom, ClaimRequest, Judged, Store};
use lapwing_types::{Band, EventId, ItemId, Lane, Listing};
use uuid::Uuid;

use crate::desk::{Desk, LEASE, assessment, at, capture, decision, listing, request, reviewer, whole};

async fn fill(desk: &mut Desk, count: u64) {
    let texts: Vec<Listing> = (0..count).map(listing).collect();
    let assessments: Vec<_> = texts.iter().map(|listing| assessment(listing, Band::Review)).collect();
    let mut listings = Vec::new();
    for (listing, assessment) in texts.iter().zip(&assessments) {
        let flag = desk.flag(Lane::Labour, 50);
        listings.push(desk.judged(listing, assessment, Some(flag)));
    }
    let capture = capture(1);
    let judged = Judged { capture: &capture, ..whole(1, &listings) };
    assert_eq!(desk.store.judge(&judged).await.unwrap().flagged() as u64, count);
}

/// Claims until nothing is left; identifiers of each task come from a range of its own.
async fn claim_all(store: Store, task: u128, decide: bool) -> Vec<ItemId> {
    let who = reviewer(&format!("desk-{task}"));
    let mut next = (task + 1) << 100;
    let mut event = || {
        next += 1;
        EventId::new(Uuid::from_u128(next))
    };
    let mut items = Vec::new();
    while let Some(claim) = store.claim(&request(ClaimFrom::any()), &who, event(), at(1)).await.unwrap() {
        items.push(claim.state.item);
        if decide {
            store.decide(claim.state.item, &who, decision(claim.lease.token), event(), at(2)).await.unwrap();
        }
    }
    items
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_claimers_on_four_handles_never_get_one_item() {
    let mut desk = Desk::new().await;
    fill(&mut desk, 200).await;
    let mut stores = vec![desk.store.clone()];
    for _ in 0..3 {
        stores.push(desk.another().await);
    }
    let tasks: Vec<_> = (0..8)
        .map(|task| tokio::spawn(claim_all(stores[task % stores.len()].clone(), task as u128, task % 2 == 0)))
        .collect();
    let mut claimed = Vec::new();
    for task in tasks {
        claimed.extend(task.await.unwrap());
    }
    assert_eq!(claimed.len(), 200);
    assert_eq!(claimed.iter().collect::<HashSet<_>>().len(), 200);
    assert_eq!(desk.store.check_folds().await.unwrap(), []);
    assert_eq!(desk.store.integrity_check().await.unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_ended_lease_is_taken_over_by_one() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    desk.claim(item, "desk-0", 0).await;
    let later = at(i64::from(LEASE));
    let mut tasks = Vec::new();
    for number in 0..8_u128 {
        let store = desk.another().await;
        tasks.push(tokio::spawn(async move {
            let event = EventId::new(Uuid::from_u128((number + 1) << 100));
            let who = reviewer(&format!("desk-{number}"));
            store.claim(&request(ClaimFrom::any()), &who, event, later).await.unwrap()
        }));
    }
    let mut winners = Vec::new();
    for task in tasks {
        winners.extend(task.await.unwrap());
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(winners[0].lease.token, 2);
}

#[tokio::test]
async fn the_first_by_priority_then_age_is_given() {
    let mut desk = Desk::new().await;
    desk.judge_in(1, &listing(1), Band::Review, Lane::Labour, 40).await;
    desk.judge_in(2, &listing(2), Band::High, Lane::Sexual, 80).await;
    desk.judge_in(3, &listing(3), Band::Review, Lane::Labour, 40).await;
    let mut order = Vec::new();
    for _ in 0..4 {
        let event = desk.event();
        let claim = desk.store.claim(&request(ClaimFrom::any()), &reviewer("desk-1"), event, at(1)).await.unwrap();
        let Some(claim) = claim else { break };
        order.push(desk.store.listing(claim.listing).await.unwrap().unwrap().key);
    }
    assert_eq!(order, ["ad-0002", "ad-0001", "ad-0003"]);
}

#[tokio::test]
async fn lanes_and_skipped_items_are_respected() {
    let mut desk = Desk::new().await;
    let labour = desk.item(1).await;
    desk.judge_in(2, &listing(2), Band::Urgent, Lane::ChildRisk, 100).await;
    let without_child_risk = Lane::ALL.into_iter().filter(|lane| *lane != Lane::ChildRisk).collect();
    let first = desk.event();
    let from = ClaimFrom::Lanes(without_child_risk);
    let skipping = ClaimRequest { passed_over: vec![labour], ..request(from.clone()) };
    assert_eq!(desk.store.claim(&skipping, &reviewer("desk-1"), first, at(1)).await.unwrap(), None);
    let claim = desk.store.claim(&request(from), &reviewer("desk-1"), first, at(1)).await.unwrap().unwrap();
    assert_eq!(claim.state.item, labour);
    let second = desk.event();
    let none = desk.store.claim(&request(ClaimFrom::Lanes(vec![])), &reviewer("desk-1"), second, at(1)).await;
    assert_eq!(none.unwrap(), None);
    let claim = desk.store.claim(&request(ClaimFrom::lane(Lane::ChildRisk)), &reviewer("desk-1"), second, at(1)).await;
    assert_eq!(claim.unwrap().unwrap().state.lane, Lane::ChildRisk);
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_lock_an_item_away() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    let far = 10 * 365 * 86_400;
    let first = desk.claim(item, "desk-1", far).await;
    let event = desk.event();
    let second =
        desk.store.claim(&request(ClaimFrom::any()), &reviewer("desk-2"), event, at(0)).await.unwrap().unwrap();
    assert!(second.lease.token > first.lease.token);
    let event = desk.event();
    let late = desk.store.decide(item, &reviewer("desk-1"), decision(first.lease.token), event, at(1)).await;
    assert!(late.is_err());
}

#[tokio::test]
async fn a_lease_is_never_longer_than_a_day() {
    let mut desk = Desk::new().await;
    desk.item(1).await;
    let event = desk.event();
    let long = ClaimRequest { lease_seconds: u32::MAX, ..request(ClaimFrom::any()) };
    let claim = desk.store.claim(&long, &reviewer("desk-1"), event, at(0)).await.unwrap().unwrap();
    assert_eq!(claim.lease.until, at(0) + SignedDuration::from_secs(86_400));
}
