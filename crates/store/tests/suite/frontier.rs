//! The crawl frontier: order, pace, budget, and coming back after a kill.

use lapwing_store::{Budget, NewTarget, NextTarget, Store, StoreError, Target, TargetId, TargetOutcome};
use lapwing_types::CrawlId;
use serde_json::json;
use uuid::Uuid;

use crate::desk::{Desk, at};

fn crawl() -> CrawlId {
    CrawlId::new(Uuid::from_u128(7))
}

fn target(url: &str, depth: u32, priority: i32) -> NewTarget {
    NewTarget::new(url.parse().unwrap(), depth, priority)
}

async fn started(desk: &Desk, seeds: &[NewTarget], budget: Budget) {
    desk.store.start_crawl(crawl(), seeds, &json!({"depth": 3}), budget, at(0)).await.unwrap();
}

async fn next(store: &Store, busy: &[&str], second: i64) -> NextTarget {
    let busy: Vec<String> = busy.iter().map(ToString::to_string).collect();
    store.claim_target(crawl(), &busy, at(second)).await.unwrap()
}

async fn fetch(store: &Store, busy: &[&str], second: i64) -> Target {
    next(store, busy, second).await.target().unwrap()
}

fn seeds() -> Vec<NewTarget> {
    vec![target("https://a.example/1", 0, 0), target("https://b.example/1", 0, 0), target("https://a.example/2", 0, 0)]
}

#[tokio::test]
async fn a_crawl_is_kept_until_it_ends() {
    let desk = Desk::new().await;
    let budget = Budget { pages: Some(9), pages_per_host: None };
    started(&desk, &seeds(), budget).await;
    let record = desk.store.crawl(crawl()).await.unwrap().unwrap();
    assert_eq!((record.id, record.budget, record.spent), (crawl(), budget, 0));
    assert_eq!((record.settings.clone(), record.started_at, record.finished_at), (json!({"depth": 3}), at(0), None));
    assert_eq!(desk.store.unfinished_crawls().await.unwrap(), [record]);
    desk.store.finish_crawl(crawl(), at(9)).await.unwrap();
    assert!(desk.store.unfinished_crawls().await.unwrap().is_empty());
    assert_eq!(desk.store.crawl(crawl()).await.unwrap().unwrap().finished_at, Some(at(9)));
}

#[tokio::test]
async fn an_unknown_crawl_or_target_is_told() {
    let desk = Desk::new().await;
    assert!(desk.store.crawl(crawl()).await.unwrap().is_none());
    for error in [
        desk.store.claim_target(crawl(), &[], at(0)).await.unwrap_err(),
        desk.store.add_targets(crawl(), &seeds(), at(0)).await.unwrap_err(),
        desk.store.finish_crawl(crawl(), at(0)).await.unwrap_err(),
        desk.store.reset_claimed(crawl(), at(0)).await.unwrap_err(),
    ] {
        assert!(matches!(error, StoreError::NoSuchCrawl(_)), "{error:?}");
    }
    let target = TargetId { crawl: crawl(), number: 3 };
    let error = desk.store.finish_target(target, TargetOutcome::Failed, None, at(0)).await.unwrap_err();
    assert!(matches!(error, StoreError::NoSuchTarget { number: 3, .. }), "{error:?}");
}

#[tokio::test]
async fn targets_come_by_priority_then_depth_then_finding() {
    let desk = Desk::new().await;
    let found = [
        target("https://a.example/deep", 2, 0),
        target("https://a.example/first", 1, 0),
        target("https://a.example/second", 1, 0),
        target("https://a.example/soon", 5, 3),
        target("https://a.example/late", 0, -1),
    ];
    started(&desk, &found, Budget::default()).await;
    let mut order = Vec::new();
    while let Some(target) = next(&desk.store, &[], 1).await.target() {
        order.push(target.url.path().to_string());
    }
    assert_eq!(order, ["/soon", "/first", "/second", "/deep", "/late"]);
}

#[tokio::test]
async fn an_address_is_known_once() {
    let desk = Desk::new().await;
    started(&desk, &seeds(), Budget::default()).await;
    let again = [target("https://a.example/1#part", 4, 9), target("https://a.example/3", 1, 0)];
    assert_eq!(desk.store.add_targets(crawl(), &again, at(1)).await.unwrap(), 1);
    let first = fetch(&desk.store, &[], 1).await;
    desk.store.finish_target(first.id, TargetOutcome::Fetched, None, at(1)).await.unwrap();
    assert_eq!(desk.store.add_targets(crawl(), &again, at(2)).await.unwrap(), 0, "not even when it is done");
    assert_eq!(desk.store.frontier_counts(crawl()).await.unwrap().total(), 4);
    let other = CrawlId::new(Uuid::from_u128(8));
    desk.store.start_crawl(other, &seeds(), &json!(null), Budget::default(), at(2)).await.unwrap();
    assert_eq!(desk.store.frontier_counts(other).await.unwrap().pending, 3, "another crawl knows nothing of it");
}

#[tokio::test]
async fn busy_hosts_are_left_alone() {
    let desk = Desk::new().await;
    started(&desk, &seeds(), Budget::default()).await;
    assert_eq!(fetch(&desk.store, &["a.example"], 1).await.host, "b.example");
    assert_eq!(next(&desk.store, &["a.example"], 1).await, NextTarget::Wait { until: None });
    assert_eq!(fetch(&desk.store, &[], 1).await.url.path(), "/1");
    assert_eq!(fetch(&desk.store, &["b.example"], 1).await.url.path(), "/2");
    assert_eq!(next(&desk.store, &[], 1).await, NextTarget::Wait { until: None }, "three fetches are under way");
}

#[tokio::test]
async fn a_port_makes_another_host() {
    assert_eq!(target("http://127.0.0.1:8080/x", 0, 0).host, "127.0.0.1:8080");
    assert_eq!(target("https://a.example:443/x", 0, 0).host, "a.example");
}

#[tokio::test]
async fn a_postponed_target_waits_for_its_time() {
    let desk = Desk::new().await;
    started(&desk, &seeds()[..1], Budget::default()).await;
    let target = fetch(&desk.store, &[], 1).await;
    assert!(desk.store.postpone_target(target.id, at(100), 1, at(1)).await.unwrap());
    assert!(!desk.store.postpone_target(target.id, at(200), 2, at(1)).await.unwrap(), "it is not claimed any more");
    assert_eq!(next(&desk.store, &[], 99).await, NextTarget::Wait { until: Some(at(100)) });
    let again = fetch(&desk.store, &[], 100).await;
    assert_eq!((again.id, again.attempts), (target.id, 1));
    desk.store.finish_target(again.id, TargetOutcome::Failed, Some("timeout"), at(101)).await.unwrap();
    assert_eq!(next(&desk.store, &[], 101).await, NextTarget::Done);
}

#[tokio::test]
async fn a_killed_crawl_goes_on_where_it_was() {
    let desk = Desk::new().await;
    started(&desk, &seeds(), Budget { pages: Some(3), pages_per_host: Some(2) }).await;
    let done = fetch(&desk.store, &[], 1).await;
    desk.store.finish_target(done.id, TargetOutcome::Fetched, None, at(1)).await.unwrap();
    let lost = fetch(&desk.store, &[], 1).await;
    desk.store.close().await;
    let store = desk.another().await;
    let unfinished = store.unfinished_crawls().await.unwrap();
    assert_eq!((unfinished[0].id, unfinished[0].spent), (crawl(), 2));
    assert_eq!(store.reset_claimed(crawl(), at(5)).await.unwrap(), 1);
    assert_eq!(store.reset_claimed(crawl(), at(5)).await.unwrap(), 0);
    assert_eq!(store.crawl(crawl()).await.unwrap().unwrap().spent, 1);
    assert_eq!(fetch(&store, &[], 6).await.id, lost.id);
    assert_eq!(fetch(&store, &[], 6).await.url.path(), "/2");
}

#[tokio::test]
async fn a_target_ends_once() {
    let desk = Desk::new().await;
    started(&desk, &seeds(), Budget::default()).await;
    let target = fetch(&desk.store, &[], 1).await;
    assert!(desk.store.finish_target(target.id, TargetOutcome::Fetched, None, at(1)).await.unwrap());
    assert!(!desk.store.finish_target(target.id, TargetOutcome::Failed, None, at(2)).await.unwrap());
    let counts = desk.store.frontier_counts(crawl()).await.unwrap();
    assert_eq!((counts.fetched, counts.failed, counts.pending), (1, 0, 2));
}

#[tokio::test]
async fn the_budget_counts_requests_not_refusals() {
    let desk = Desk::new().await;
    started(&desk, &seeds(), Budget { pages: Some(2), pages_per_host: None }).await;
    let refused = fetch(&desk.store, &[], 1).await;
    desk.store.finish_target(refused.id, TargetOutcome::Refused, Some("robots"), at(1)).await.unwrap();
    let failed = fetch(&desk.store, &[], 1).await;
    desk.store.finish_target(failed.id, TargetOutcome::Failed, None, at(1)).await.unwrap();
    let last = fetch(&desk.store, &[], 1).await;
    desk.store.add_targets(crawl(), &[target("https://c.example/", 1, 0)], at(1)).await.unwrap();
    assert_eq!(next(&desk.store, &[], 1).await, NextTarget::Wait { until: None }, "the one under way may be refused");
    desk.store.finish_target(last.id, TargetOutcome::Fetched, None, at(1)).await.unwrap();
    assert_eq!(next(&desk.store, &[], 1).await, NextTarget::BudgetSpent);
}

#[tokio::test]
async fn a_host_has_a_budget_of_its_own() {
    let desk = Desk::new().await;
    started(&desk, &seeds(), Budget { pages: None, pages_per_host: Some(1) }).await;
    let hosts = [fetch(&desk.store, &[], 1).await, fetch(&desk.store, &[], 1).await];
    assert_eq!([hosts[0].host.as_str(), hosts[1].host.as_str()], ["a.example", "b.example"]);
    for target in hosts {
        desk.store.finish_target(target.id, TargetOutcome::Fetched, None, at(2)).await.unwrap();
    }
    assert_eq!(next(&desk.store, &[], 3).await, NextTarget::BudgetSpent);
}

#[tokio::test]
async fn hosts_are_summed_up() {
    let desk = Desk::new().await;
    started(&desk, &seeds(), Budget::default()).await;
    let first = fetch(&desk.store, &[], 1).await;
    desk.store.finish_target(first.id, TargetOutcome::Refused, Some("robots"), at(1)).await.unwrap();
    let hosts = desk.store.frontier_hosts(crawl()).await.unwrap();
    assert_eq!(hosts.len(), 2);
    assert_eq!((hosts[0].host.as_str(), hosts[0].counts.refused, hosts[0].counts.pending), ("a.example", 1, 1));
    assert_eq!((hosts[1].host.as_str(), hosts[1].counts.pending), ("b.example", 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_workers_never_get_one_target() {
    let desk = Desk::new().await;
    let many: Vec<_> = (0..60).map(|number| target(&format!("https://a.example/{number}"), 0, 0)).collect();
    started(&desk, &many, Budget::default()).await;
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let store = desk.another().await;
        tasks.push(tokio::spawn(async move {
            let mut numbers = Vec::new();
            while let Some(target) = next(&store, &[], 1).await.target() {
                numbers.push(target.id.number);
            }
            numbers
        }));
    }
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.extend(task.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=60).collect::<Vec<_>>());
}
