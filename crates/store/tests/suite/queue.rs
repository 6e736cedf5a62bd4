//! Deciding, and every way in which a decision is refused.

use lapwing_store::{ClaimFrom, ItemFilter, ItemStatus, StoreError};
use lapwing_types::{Action, Band, Decision, ItemId, Lane, Outcome};
use uuid::Uuid;

use crate::desk::{Desk, LEASE, at, decision, listing, request, reviewer};

#[tokio::test]
async fn a_decision_is_kept_with_its_grounds() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    let claim = desk.claim(item, "desk-1", 1).await;
    let event = desk.decide(item, "desk-1", claim.lease.token, 2).await;
    let records = desk.store.decisions().collect().await.unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!((records[0].item, records[0].event.id, records[0].in_force), (item, event, true));
    assert_eq!(records[0].event.action, Action::Decided { decision: decision(1) });
    assert_eq!((records[0].key.as_str(), records[0].lane, records[0].reversed_by), ("ad-0001", Lane::Labour, None));
}

#[tokio::test]
async fn a_stale_token_is_refused_after_a_takeover() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    let old = desk.claim(item, "desk-1", 0).await;
    let new = desk.claim(item, "desk-2", i64::from(LEASE)).await;
    assert_eq!((old.lease.token, new.lease.token), (1, 2));
    let event = desk.event();
    let late = at(i64::from(LEASE) + 1);
    let error = desk.store.decide(item, &reviewer("desk-1"), decision(1), event, late).await.unwrap_err();
    assert!(matches!(error, StoreError::StaleToken { given: 1, last: 2, .. }), "{error:?}");
    let error = desk.store.release(item, &reviewer("desk-1"), 1, event, late).await.unwrap_err();
    assert!(matches!(error, StoreError::StaleToken { .. }), "{error:?}");
    desk.decide(item, "desk-2", 2, i64::from(LEASE) + 2).await;
}

#[tokio::test]
async fn an_ended_lease_is_refused_even_if_nobody_took_over() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    desk.claim(item, "desk-1", 0).await;
    let event = desk.event();
    let error = desk.store.decide(item, &reviewer("desk-1"), decision(1), event, at(i64::from(LEASE))).await;
    let error = error.unwrap_err();
    assert!(matches!(error, StoreError::LeaseExpired { .. }), "{error:?}");
    assert!(error.to_string().contains("claim the item again, the draft is still yours"), "{error}");
    desk.decide(item, "desk-1", 1, i64::from(LEASE) - 1).await;
}

#[tokio::test]
async fn an_item_is_decided_once() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    desk.claim(item, "desk-1", 0).await;
    desk.decide(item, "desk-1", 1, 1).await;
    let event = desk.event();
    let error = desk.store.decide(item, &reviewer("desk-1"), decision(1), event, at(2)).await.unwrap_err();
    assert!(matches!(error, StoreError::AlreadyDecided { .. }), "{error:?}");
    let error = desk.store.claim(&request(ClaimFrom::Item(item)), &reviewer("desk-2"), event, at(2)).await;
    assert!(matches!(error.unwrap_err(), StoreError::AlreadyDecided { .. }));
}

#[tokio::test]
async fn the_same_decision_sent_again_is_no_error() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    desk.claim(item, "desk-1", 0).await;
    let event = desk.decide(item, "desk-1", 1, 1).await;
    let again = desk.store.decide(item, &reviewer("desk-1"), decision(1), event, at(9)).await.unwrap();
    assert_eq!((again.seq, again.updated_at), (3, at(1)));
    let other = Decision { outcome: Outcome::CannotTell, ..decision(1) };
    assert!(desk.store.decide(item, &reviewer("desk-1"), other, event, at(9)).await.is_err());
}

#[tokio::test]
async fn an_empty_reason_is_refused() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    desk.claim(item, "desk-1", 0).await;
    let (event, who) = (desk.event(), reviewer("desk-1"));
    let empty = Decision { reason: " \n".into(), ..decision(1) };
    for error in [
        desk.store.decide(item, &who, empty, event, at(1)).await.unwrap_err(),
        desk.store.escalate(item, &who, 1, "", event, at(1)).await.unwrap_err(),
        desk.store.comment(item, &who, "\t", event, at(1)).await.unwrap_err(),
        desk.store.reopen(item, &who, "", event, at(1)).await.unwrap_err(),
        desk.store.note_export(item, &who, "", event, at(1)).await.unwrap_err(),
    ] {
        assert!(matches!(error, StoreError::EmptyText { .. }), "{error:?}");
    }
    assert_eq!(desk.store.item(item).await.unwrap().state.seq, 2);
}

#[tokio::test]
async fn what_nobody_holds_cannot_be_decided() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    let (event, who) = (desk.event(), reviewer("desk-1"));
    let error = desk.store.decide(item, &who, decision(0), event, at(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::NotClaimed(_)), "{error:?}");
    desk.claim(item, "desk-1", 1).await;
    desk.store.release(item, &who, 1, event, at(2)).await.unwrap();
    let event = desk.event();
    let error = desk.store.decide(item, &who, decision(1), event, at(3)).await.unwrap_err();
    assert!(matches!(error, StoreError::NotClaimed(_)), "{error:?}");
    let error = desk.store.decide(item, &who, decision(7), event, at(3)).await.unwrap_err();
    assert!(matches!(error, StoreError::StaleToken { given: 7, last: 1, .. }), "{error:?}");
}

#[tokio::test]
async fn a_token_serves_its_holder_alone() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    desk.claim(item, "desk-1", 0).await;
    let event = desk.event();
    let error = desk.store.decide(item, &reviewer("desk-2"), decision(1), event, at(1)).await.unwrap_err();
    assert!(matches!(&error, StoreError::HeldByOther { by, .. } if by == "desk-1"), "{error:?}");
    let error = desk.store.claim(&request(ClaimFrom::Item(item)), &reviewer("desk-2"), event, at(1)).await;
    assert!(matches!(error.unwrap_err(), StoreError::HeldByOther { .. }));
    assert_eq!(desk.store.claim(&request(ClaimFrom::any()), &reviewer("desk-2"), event, at(1)).await.unwrap(), None);
}

#[tokio::test]
async fn a_heartbeat_prolongs_the_lease_under_the_same_token() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    desk.claim(item, "desk-1", 0).await;
    let (event, who) = (desk.event(), reviewer("desk-1"));
    let lease = desk.store.renew(item, &who, 1, LEASE, event, at(500)).await.unwrap();
    assert_eq!((lease.token, lease.until), (1, at(500 + i64::from(LEASE))));
    let event = desk.event();
    let shorter = desk.store.renew(item, &who, 1, 1, event, at(501)).await.unwrap();
    assert_eq!(shorter.until, lease.until, "a lease never shrinks");
    desk.decide(item, "desk-1", 1, 1000).await;
    assert_eq!(desk.store.check_folds().await.unwrap(), []);
}

#[tokio::test]
async fn an_ended_lease_cannot_be_renewed_but_given_back() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    desk.claim(item, "desk-1", 0).await;
    let (event, who) = (desk.event(), reviewer("desk-1"));
    let error = desk.store.renew(item, &who, 1, LEASE, event, at(601)).await.unwrap_err();
    assert!(matches!(error, StoreError::LeaseExpired { .. }), "{error:?}");
    let state = desk.store.release(item, &who, 1, event, at(601)).await.unwrap();
    assert_eq!(state.status.name(), "open");
}

#[tokio::test]
async fn an_escalated_item_waits_for_somebody_else() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    desk.claim(item, "desk-1", 0).await;
    let event = desk.event();
    desk.store.escalate(item, &reviewer("desk-1"), 1, "needs Tagalog", event, at(1)).await.unwrap();
    assert_eq!(desk.claim(item, "desk-2", 2).await.lease.token, 2);
}

#[tokio::test]
async fn a_decision_is_reversed_once() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    desk.claim(item, "desk-1", 0).await;
    let decided = desk.decide(item, "desk-1", 1, 1).await;
    let (event, who) = (desk.event(), reviewer("desk-2"));
    let state = desk.store.reverse(decided, &who, "wrong listing", event, at(2)).await.unwrap();
    assert_eq!(state.status.name(), "open");
    let record = desk.store.decisions().collect().await.unwrap().remove(0);
    assert_eq!((record.in_force, record.reversed_by), (false, Some(event)));
    let event = desk.event();
    let error = desk.store.reverse(decided, &who, "again", event, at(3)).await.unwrap_err();
    assert!(matches!(error, StoreError::NotInForce { .. }), "{error:?}");
    let error = desk.store.reverse(event, &who, "no such", event, at(3)).await.unwrap_err();
    assert!(matches!(error, StoreError::NoSuchDecision(_)), "{error:?}");
}

#[tokio::test]
async fn a_challenge_opens_a_decided_item() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    let (event, who) = (desk.event(), reviewer("desk-1"));
    let error = desk.store.reopen(item, &who, "appeal", event, at(0)).await.unwrap_err();
    assert!(matches!(error, StoreError::NotClosed(_)), "{error:?}");
    desk.claim(item, "desk-1", 0).await;
    desk.decide(item, "desk-1", 1, 1).await;
    assert_eq!(desk.store.reopen(item, &who, "appeal", event, at(2)).await.unwrap().status.name(), "open");
}

#[tokio::test]
async fn an_unknown_item_is_told() {
    let mut desk = Desk::new().await;
    let (event, nobody) = (desk.event(), ItemId::new(Uuid::from_u128(5)));
    let error = desk.store.comment(nobody, &reviewer("desk-1"), "hello", event, at(0)).await.unwrap_err();
    assert!(matches!(error, StoreError::NoSuchItem(_)), "{error:?}");
    assert!(matches!(desk.store.item(nobody).await.unwrap_err(), StoreError::NoSuchItem(_)));
}

#[tokio::test]
async fn the_queue_is_listed_in_order_and_in_pages() {
    let mut desk = Desk::new().await;
    for (leaf, priority) in [(1, 10), (2, 90), (3, 50), (4, 50), (5, 50)] {
        desk.judge_in(leaf, &listing(leaf), Band::Review, Lane::Labour, priority).await;
    }
    let mut filter = ItemFilter { limit: 2, ..ItemFilter::default() };
    let mut keys = Vec::new();
    loop {
        let page = desk.store.items(&filter, at(1)).await.unwrap();
        assert!(page.items.len() <= 2);
        keys.extend(page.items.into_iter().map(|row| row.key));
        let Some(cursor) = page.next_cursor else { break };
        filter.cursor = Some(cursor);
    }
    assert_eq!(keys, ["ad-0002", "ad-0003", "ad-0004", "ad-0005", "ad-0001"]);
}

#[tokio::test]
async fn the_queue_is_filtered_by_the_status_at_that_time() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    desk.judge_in(2, &listing(2), Band::High, Lane::Sexual, 10).await;
    desk.claim(item, "desk-1", 0).await;
    let count = async |filter: ItemFilter, second| desk.store.items(&filter, at(second)).await.unwrap().items.len();
    let by_status = |status| ItemFilter { statuses: vec![status], ..ItemFilter::default() };
    assert_eq!(count(by_status(ItemStatus::Open), 1).await, 1);
    assert_eq!(count(by_status(ItemStatus::Claimed), 1).await, 1);
    assert_eq!(count(by_status(ItemStatus::Open), 700).await, 2);
    assert_eq!(count(by_status(ItemStatus::Claimed), 700).await, 0);
    assert_eq!(count(by_status(ItemStatus::Decided), 1).await, 0);
    assert_eq!(count(ItemFilter { lanes: vec![Lane::Sexual], ..ItemFilter::default() }, 1).await, 1);
    assert_eq!(count(ItemFilter { bands: vec![Band::Review], ..ItemFilter::default() }, 1).await, 1);
}

#[tokio::test]
async fn an_item_whose_dates_are_broken_can_still_be_closed() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    desk.claim(item, "desk-1", 0).await;
    desk.tamper(
        "update items set created_at = '31/12/2025', updated_at = '', lease_until = 'tomorrow';
         update events set at = 'yesterday', body = replace(body, '2026-01-02T', '2026-99-99T');
         update listings set content = '{}', created_at = 'x', updated_at = 'x';
         update assessments set body = 'x'",
    )
    .await;
    let view = desk.store.item(item).await.unwrap();
    let codes: Vec<_> = view.notices.iter().map(|notice| notice.code.as_str()).collect();
    for code in ["broken-date", "broken-event", "broken-listing", "broken-assessment"] {
        assert!(codes.contains(&code), "{code} is not in {codes:?}");
    }
    assert_eq!(desk.store.items(&ItemFilter::default(), at(1)).await.unwrap().items.len(), 1);
    assert_eq!(desk.store.check_folds().await.unwrap().len(), 1);
    desk.store.stats(at(1)).await.unwrap();
    let (comment, who) = (desk.event(), reviewer("desk-1"));
    desk.store.comment(item, &who, "its dates are broken", comment, at(1)).await.unwrap();
    desk.decide(item, "desk-1", 1, 2).await;
    assert_eq!(desk.store.item(item).await.unwrap().state.status.name(), "decided");
}

#[tokio::test]
async fn an_item_whose_lease_is_broken_can_be_claimed_again() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    desk.claim(item, "desk-1", 0).await;
    for broken in ["update items set lease_until = 'tomorrow'", "update items set lease_until = null"] {
        desk.tamper(broken).await;
        let event = desk.event();
        let claim = desk.store.claim(&request(ClaimFrom::any()), &reviewer("desk-2"), event, at(1)).await.unwrap();
        assert_eq!(claim.unwrap().state.item, item);
    }
    desk.decide(item, "desk-2", 3, 2).await;
}
