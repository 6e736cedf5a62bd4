//! Whatever is done to items, in whatever order, the rows equal the fold of the events; and a row that was changed
//! behind the store's back is named.

use lapwing_store::{ClaimFrom, StoreError};
use lapwing_types::{Band, Decision, EventId, ItemId, Lane, Listing, Outcome};
use proptest::prelude::*;

use crate::desk::{Desk, at, decision, listing, request, reviewer};

#[derive(Debug, Clone, Copy)]
enum Step {
    Judge { listing: u64, edit: u8, band: usize, lane: usize },
    ClaimAny,
    ClaimItem,
    Renew,
    Release,
    Decide { outcome: usize },
    Escalate,
    Comment,
    Reverse,
    Reopen,
    Export,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..4_u64, 0..3_u8, 0..5_usize, 0..7_usize)
            .prop_map(|(listing, edit, band, lane)| Step::Judge { listing, edit, band, lane }),
        3 => Just(Step::ClaimAny),
        2 => Just(Step::ClaimItem),
        1 => Just(Step::Renew),
        1 => Just(Step::Release),
        3 => (0..5_usize).prop_map(|outcome| Step::Decide { outcome }),
        1 => Just(Step::Escalate),
        1 => Just(Step::Comment),
        1 => Just(Step::Reverse),
        1 => Just(Step::Reopen),
        1 => Just(Step::Export),
    ]
}

/// What a person at the desk remembers; which may be out of date, as with people.
#[derive(Default)]
struct Memory {
    items: Vec<ItemId>,
    token: u64,
    decision: Option<EventId>,
}

async fn take(desk: &mut Desk, memory: &mut Memory, step: Step, who: &str, second: i64) -> Result<(), StoreError> {
    let (event, who, now, store) = (desk.event(), reviewer(who), at(second), desk.store.clone());
    if let Step::Judge { listing: number, edit, band, lane } = step {
        let listing = Listing { body: format!("text {edit}"), ..listing(number) };
        let judged = desk.judge_in(second as u64, &listing, Band::ALL[band], Lane::ALL[lane], 10).await;
        memory.items.extend(judged.listings.iter().filter_map(|listing| listing.queue.item));
        return Ok(());
    }
    let Some(item) = memory.items.last().copied() else { return Ok(()) };
    match step {
        Step::Judge { .. } => {}
        Step::ClaimAny | Step::ClaimItem => {
            let from = if matches!(step, Step::ClaimAny) { ClaimFrom::any() } else { ClaimFrom::Item(item) };
            if let Some(claim) = store.claim(&request(from), &who, event, now).await? {
                memory.token = claim.lease.token;
                memory.items.push(claim.state.item);
            }
        }
        Step::Renew => drop(store.renew(item, &who, memory.token, 60, event, now).await?),
        Step::Release => drop(store.release(item, &who, memory.token, event, now).await?),
        Step::Decide { outcome } => {
            let decision = Decision { outcome: Outcome::ALL[outcome], ..decision(memory.token) };
            store.decide(item, &who, decision, event, now).await?;
            memory.decision = Some(event);
        }
        Step::Escalate => drop(store.escalate(item, &who, memory.token, "second pair of eyes", event, now).await?),
        Step::Comment => drop(store.comment(item, &who, "seen", event, now).await?),
        Step::Reverse => {
            let decision = memory.decision.unwrap_or(event);
            store.reverse(decision, &who, "was wrong", event, now).await?;
        }
        Step::Reopen => drop(store.reopen(item, &who, "appeal", event, now).await?),
        Step::Export => drop(store.note_export(item, &who, "report", event, now).await?),
    }
    Ok(())
}

/// Whether an error is one that a person may run into; anything else is a fault of the store.
fn is_refusal(error: &StoreError) -> bool {
    !matches!(
        error,
        StoreError::Database { .. }
            | StoreError::Corrupt { .. }
            | StoreError::Locked { .. }
            | StoreError::Damaged { .. }
            | StoreError::ChangedMeanwhile(_)
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn rows_equal_the_fold_of_their_events(
        steps in prop::collection::vec((step(), 0..2_usize, 1..400_i64), 1..60)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut desk = Desk::new().await;
            let mut memory = Memory::default();
            let mut second = 0;
            for (step, who, pause) in steps {
                second += pause;
                let taken = take(&mut desk, &mut memory, step, ["desk-1", "desk-2"][who], second).await;
                prop_assert!(taken.as_ref().err().is_none_or(is_refusal), "{step:?}: {taken:?}");
            }
            prop_assert_eq!(desk.store.check_folds().await.unwrap(), vec![]);
            prop_assert_eq!(desk.store.integrity_check().await.unwrap(), Vec::<String>::new());
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn a_row_that_drifted_from_its_events_is_named() {
    for (tampering, field) in [
        ("update items set priority = 99", "priority"),
        ("update items set status = 'open', by_whom = null", "status"),
        ("update items set last_token = 7", "last_token"),
        ("update items set seq = 9", "seq"),
        ("update items set lane = 'general'", "lane"),
        ("update items set outcome = 'duplicate'", "outcome"),
        ("update items set created_at = '2025-01-01T00:00:00.000000Z'", "created_at"),
        ("delete from events where seq = 2", "stands where 2 should"),
        ("delete from events", "without events"),
        ("update items set updated_at = 'now'", "`updated_at` of the queue item cannot be read"),
    ] {
        let mut desk = Desk::new().await;
        let item = desk.item(1).await;
        desk.claim(item, "desk-1", 1).await;
        desk.decide(item, "desk-1", 1, 2).await;
        assert_eq!(desk.store.check_folds().await.unwrap(), []);
        desk.tamper(tampering).await;
        let faults = desk.store.check_folds().await.unwrap();
        assert_eq!(faults.len(), 1, "{tampering}");
        assert_eq!(faults[0].item, item.to_string());
        assert!(faults[0].why.contains(field), "{tampering}: {}", faults[0].why);
    }
}

#[tokio::test]
async fn folds_are_checked_beyond_the_first_page() {
    let mut desk = Desk::new().await;
    for leaf in 0..501 {
        desk.item(leaf).await;
    }
    desk.tamper("update items set priority = 1 where id = (select max(id) from items)").await;
    assert_eq!(desk.store.check_folds().await.unwrap().len(), 1);
}
