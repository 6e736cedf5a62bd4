//! Judging a capture is one step: all of it or nothing, and twice is once.

use std::pin::pin;
use std::task::Poll;

use lapwing_store::{
    Budget, FrontierStep, ItemStatus, Judged, ListingChange, NewTarget, Stats, Store, StoreError, TargetId,
    TargetOutcome,
};
use lapwing_types::{Action, Actor, Band, CrawlId, Lane, Listing, Outcome};
use serde_json::json;
use uuid::Uuid;

use crate::desk::{Desk, assessment, at, capture, listing, whole};

fn crawl() -> CrawlId {
    CrawlId::new(Uuid::from_u128(77))
}

fn target(path: &str) -> NewTarget {
    NewTarget::new(format!("https://board.example/{path}").parse().unwrap(), 1, 0)
}

/// Everything countable, to see whether anything moved.
async fn everything(store: &Store) -> (Stats, Option<u64>, u64) {
    let targets = store.frontier_counts(crawl()).await.unwrap().total();
    (store.stats(at(0)).await.unwrap(), store.last_judged_leaf().await.unwrap(), targets)
}

#[tokio::test]
async fn judging_a_leaf_twice_changes_nothing() {
    let mut desk = Desk::new().await;
    let first = desk.judge(1, &listing(1), Band::High).await;
    assert_eq!((first.count(ListingChange::New), first.flagged(), first.already_judged), (1, 1, false));
    let before = everything(&desk.store).await;
    let changed = Listing { body: "other".into(), ..listing(1) };
    let second = desk.judge(1, &changed, Band::Urgent).await;
    assert!(second.already_judged && second.listings.is_empty());
    assert_eq!(everything(&desk.store).await, before);
}

#[tokio::test]
async fn a_first_flag_makes_an_item() {
    let mut desk = Desk::new().await;
    let outcome = desk.judge_in(1, &listing(1), Band::High, Lane::Domestic, 70).await.listings[0];
    let view = desk.store.item(outcome.queue.item.unwrap()).await.unwrap();
    assert_eq!((view.state.band, view.state.lane, view.state.priority), (Band::High, Lane::Domestic, 70));
    assert_eq!(view.events.len(), 1);
    assert_eq!(view.events[0].actor, Actor::Engine { version: "0.1.0".into() });
    assert_eq!(view.listing.unwrap().listing, listing(1));
    assert_eq!(view.assessment.unwrap().assessment.band, Band::High);
    assert_eq!(desk.store.item_of(outcome.listing).await.unwrap(), outcome.queue.item);
}

#[tokio::test]
async fn what_is_not_flagged_makes_none() {
    let mut desk = Desk::new().await;
    let outcome = desk.judge(1, &listing(1), Band::Low).await.listings[0];
    assert_eq!(outcome.queue.item, None);
    assert_eq!(desk.store.item_of(outcome.listing).await.unwrap(), None);
}

#[tokio::test]
async fn a_listing_may_enter_the_queue_later() {
    let mut desk = Desk::new().await;
    desk.judge(1, &listing(1), Band::Low).await;
    let outcome = desk.judge(2, &listing(1), Band::Review).await.listings[0];
    assert_eq!((outcome.change, outcome.queue.created), (ListingChange::Unchanged, true));
}

#[tokio::test]
async fn only_another_band_or_lane_is_an_event() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    let events = async |desk: &Desk| desk.store.item(item).await.unwrap().events.len();
    desk.judge_in(2, &listing(1), Band::Review, Lane::Labour, 99).await;
    assert_eq!(events(&desk).await, 1);
    let again = desk.judge_in(3, &listing(1), Band::High, Lane::Labour, 60).await;
    assert!(again.listings[0].queue.reflagged && again.listings[0].queue.item == Some(item));
    assert_eq!(events(&desk).await, 2);
    desk.judge_in(4, &listing(1), Band::High, Lane::Sexual, 60).await;
    assert_eq!(events(&desk).await, 3);
    let state = desk.store.item(item).await.unwrap().state;
    assert_eq!((state.band, state.lane, state.priority), (Band::High, Lane::Sexual, 60));
}

#[tokio::test]
async fn nobody_edits_an_advert_out_of_the_queue() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    let harmless = Listing { body: "Nothing to see.".into(), ..listing(1) };
    desk.judge(2, &harmless, Band::None).await;
    let view = desk.store.item(item).await.unwrap();
    assert_eq!((view.state.band, view.events.len(), view.listing.unwrap().version), (Band::Review, 1, 2));
}

#[tokio::test]
async fn a_decided_item_opens_again_when_its_listing_changes() {
    let mut desk = Desk::new().await;
    let item = desk.item(1).await;
    let claim = desk.claim(item, "desk-1", 1).await;
    desk.decide(item, "desk-1", claim.lease.token, 2).await;
    let same = desk.judge(2, &listing(1), Band::Review).await;
    assert!(!same.listings[0].queue.reopened);
    let changed = Listing { body: "Fee is now double.".into(), ..listing(1) };
    let outcome = desk.judge(3, &changed, Band::High).await.listings[0];
    assert!(outcome.queue.reopened && outcome.queue.reflagged && !outcome.queue.created);
    let view = desk.store.item(item).await.unwrap();
    let names: Vec<_> = view.events.iter().map(|event| event.action.name()).collect();
    assert_eq!(names, ["flagged", "claimed", "decided", "reopened", "flagged"]);
    assert_eq!(view.state.status.name(), "open");
    let Action::Reopened { reason } = &view.events[3].action else { panic!("{:?}", view.events[3]) };
    assert_eq!(reason, "the listing changed, this is version 2");
    assert!(desk.store.check_folds().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_page_moves_the_crawl_on() {
    let mut desk = Desk::new().await;
    desk.store.start_crawl(crawl(), &[target("list")], &json!({}), Budget::default(), at(0)).await.unwrap();
    let claimed = desk.store.claim_target(crawl(), &[], at(0)).await.unwrap().target().unwrap();
    let (listing, capture) = (listing(1), capture(1));
    let assessment = assessment(&listing, Band::Low);
    let listings = [desk.judged(&listing, &assessment, None)];
    let follow = [target("ad/1"), target("list"), target("ad/1#top"), target("ad/2")];
    let done = Some((claimed.id, TargetOutcome::Fetched, Some("200")));
    let step = FrontierStep { done, follow: &follow, crawl: crawl() };
    let judged = Judged { capture: &capture, frontier: Some(step), ..whole(1, &listings) };
    assert_eq!(desk.store.judge(&judged).await.unwrap().targets_added, 2);
    let counts = desk.store.frontier_counts(crawl()).await.unwrap();
    assert_eq!((counts.fetched, counts.pending, counts.claimed), (1, 2, 0));
    let before = everything(&desk.store).await;
    assert!(desk.store.judge(&judged).await.unwrap().already_judged);
    assert_eq!(everything(&desk.store).await, before);
}

#[tokio::test]
async fn an_error_at_the_end_leaves_nothing_of_the_beginning() {
    let mut desk = Desk::new().await;
    let (listing, capture) = (listing(1), capture(1));
    let assessment = assessment(&listing, Band::High);
    let flag = desk.flag(Lane::Labour, 50);
    let listings = [desk.judged(&listing, &assessment, Some(flag))];
    desk.store.start_crawl(crawl(), &[], &json!({}), Budget::default(), at(0)).await.unwrap();
    let before = everything(&desk.store).await;
    let missing = TargetId { crawl: crawl(), number: 9 };
    let follow = [target("ad/1")];
    let step = FrontierStep { done: Some((missing, TargetOutcome::Fetched, None)), follow: &follow, crawl: crawl() };
    let judged = Judged { capture: &capture, frontier: Some(step), ..whole(1, &listings) };
    let error = desk.store.judge(&judged).await.unwrap_err();
    assert!(matches!(error, StoreError::NoSuchTarget { number: 9, .. }), "{error:?}");
    assert_eq!(everything(&desk.store).await, before);
    assert_eq!(desk.store.capture(1).await.unwrap(), None);
}

/// Polls a future so many times and then drops it, as a crash or a cancelled task would; `None` where it was cut off.
async fn cut_off_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// Cuts the judging off ever later and looks each time at what another handle sees.
#[tokio::test]
async fn judging_that_is_cut_off_leaves_all_or_nothing() {
    const ATTEMPTS: u64 = 48;
    let mut desk = Desk::new().await;
    desk.store.start_crawl(crawl(), &[], &json!({}), Budget::default(), at(0)).await.unwrap();
    let witness = desk.another().await;
    let mut before = everything(&witness).await;
    let mut nothing = 0;
    for leaf in 0..ATTEMPTS {
        let capture = capture(leaf);
        let texts: Vec<Listing> = (0..3).map(|number| listing(leaf * 3 + number)).collect();
        let assessments: Vec<_> = texts.iter().map(|listing| assessment(listing, Band::High)).collect();
        let mut listings = Vec::new();
        for (listing, assessment) in texts.iter().zip(&assessments) {
            let flag = desk.flag(Lane::Labour, 50);
            listings.push(desk.judged(listing, assessment, Some(flag)));
        }
        let follow = [target(&format!("ad/{leaf}"))];
        let judged = || Judged {
            capture: &capture,
            frontier: Some(FrontierStep { done: None, follow: &follow, crawl: crawl() }),
            ..whole(leaf, &listings)
        };
        let ended = cut_off_after(leaf as usize + 1, desk.store.judge(&judged())).await;
        // The rollback of what was dropped stands in line before this, so nothing is under way any more.
        desk.store.set_meta("attempt", &leaf.to_string()).await.unwrap();
        let now = everything(&witness).await;
        if now == before {
            assert!(ended.is_none(), "leaf {leaf} was confirmed and is not there");
            nothing += 1;
            assert_eq!(desk.store.judge(&judged()).await.unwrap().flagged(), 3);
        }
        let (stats, last, targets) = everything(&witness).await;
        let done = leaf + 1;
        assert_eq!((stats.captures, stats.listings, stats.assessments), (done, done * 3, done * 3));
        assert_eq!((stats.items(ItemStatus::Open), last, targets), (done * 3, Some(leaf), done));
        before = everything(&witness).await;
    }
    assert!(nothing > 0, "nothing was ever cut off");
    assert_eq!(witness.check_folds().await.unwrap(), []);
}

#[tokio::test]
async fn the_store_is_counted() {
    let mut desk = Desk::new().await;
    desk.judge(1, &listing(1), Band::Low).await;
    desk.judge_in(2, &listing(2), Band::High, Lane::Sexual, 10).await;
    let item = desk.item(3).await;
    let claim = desk.claim(item, "desk-1", 5).await;
    let stats = desk.store.stats(at(10)).await.unwrap();
    assert_eq!((stats.captures, stats.listings, stats.assessments), (3, 3, 3));
    assert_eq!(stats.by_source["board.example"], 3);
    assert_eq!(stats.by_lang[&Some("en".into())], 3);
    assert_eq!((stats.by_band[&Band::Low], stats.by_band[&Band::High]), (1, 1));
    assert_eq!(stats.flagged_by_family[&lapwing_types::Family::Lb], 2);
    assert_eq!(stats.queue[&(Lane::Sexual, ItemStatus::Open, Band::High)], 1);
    assert_eq!(stats.queue[&(Lane::Labour, ItemStatus::Claimed, Band::Review)], 1);
    assert_eq!(stats.oldest_open_seconds(at(10)), Some(10));
    let decision = desk.decide(item, "desk-1", claim.lease.token, 11).await;
    assert_eq!(desk.store.stats(at(12)).await.unwrap().decisions[&Outcome::Escalate], 1);
    let event = desk.event();
    desk.store.reverse(decision, &crate::desk::reviewer("desk-2"), "wrong place", event, at(13)).await.unwrap();
    let stats = desk.store.stats(at(14)).await.unwrap();
    assert_eq!((stats.decisions.len(), stats.reversed, stats.items(ItemStatus::Open)), (0, 1, 2));
}
