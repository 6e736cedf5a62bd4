//! Pace, patience and what is left alone, measured where it matters: at the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::common::{MemoryFrontier, Reply, Request, Server, ok, quick, run, status, without_robots};
use lapwing_crawl::{Delay, Ended, Frontier, HostOverride, Policy, Purpose, crawl};
use tokio::sync::watch;

#[track_caller]
fn assert_apart(requests: &[Request], delay: Duration) {
    assert!(requests.len() > 1);
    for pair in requests.windows(2) {
        let apart = pair[1].at.duration_since(pair[0].at);
        assert!(apart >= delay, "{} came {apart:?} after {}", pair[1].path, pair[0].path);
    }
}

#[tokio::test]
async fn requests_are_a_delay_apart_robots_included() {
    let server = Server::start(without_robots(|_| ok("page"))).await;
    let frontier = MemoryFrontier::of((0..5).map(|n| server.url(&format!("/{n}"))));
    let delay = Duration::from_millis(50);
    let summary = run(Policy { default_delay: delay, ..quick(&[&server]) }, &frontier).await;
    assert_eq!((summary.totals.fetched, summary.totals.requests), (5, 6));
    assert_apart(&server.requests(), delay);
    assert!(frontier.pages().iter().all(|page| page.waited_ms >= 50));
}

#[tokio::test]
async fn a_crawl_delay_is_obeyed_and_capped() {
    let robots = |path: &str| if path == "/robots.txt" { ok("user-agent: *\ncrawl-delay: 1000\n") } else { ok("page") };
    let server = Server::start(robots).await;
    let frontier = MemoryFrontier::of((0..3).map(|n| server.url(&format!("/{n}"))));
    let cap = Duration::from_millis(60);
    run(Policy { max_crawl_delay: cap, ..quick(&[&server]) }, &frontier).await;
    assert_eq!(frontier.pages().len(), 3);
    assert_apart(&server.requests(), cap);
}

#[tokio::test]
async fn a_host_may_be_given_a_longer_delay() {
    let server = Server::start(without_robots(|_| ok("page"))).await;
    let frontier = MemoryFrontier::of((0..3).map(|n| server.url(&format!("/{n}"))));
    let delay = Duration::from_millis(40);
    let own = HostOverride { delay: Some(delay) };
    run(Policy { overrides: [("127.0.0.1".to_string(), own)].into(), ..quick(&[&server]) }, &frontier).await;
    assert_apart(&server.requests(), delay);
}

#[tokio::test]
async fn one_request_at_a_time_to_a_host() {
    let server = Server::start(without_robots(|_| ok("page"))).await;
    let frontier = MemoryFrontier::of((0..20).map(|n| server.url(&format!("/{n}"))));
    run(quick(&[&server]), &frontier).await;
    let mut pages = frontier.pages();
    pages.sort_by_key(|page| page.started_at);
    assert_eq!(pages.len(), 20);
    assert!(pages.windows(2).all(|pair| pair[0].finished_at <= pair[1].started_at));
}

#[tokio::test]
async fn too_many_requests_is_waited_out() {
    let calls = AtomicUsize::new(0);
    let server = Server::start(without_robots(move |_| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => status(429, &[("Retry-After", "1")], "slow down"),
        _ => ok("page"),
    }))
    .await;
    let frontier = MemoryFrontier::of([server.url("/a"), server.url("/b")]);
    let summary = run(quick(&[&server]), &frontier).await;
    assert_eq!(summary.totals.by_status, [(200, 2)].into());
    assert_eq!(frontier.kept(Purpose::Deferral)[0].status, 429);
    assert_eq!(frontier.postponed()[0].why, Delay::Status { status: 429 });
    let pages = server.pages();
    assert_eq!(pages.len(), 3);
    // Neither the page nor its neighbour is asked for before the time.
    assert!(pages[1].at.duration_since(pages[0].at) >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_resting_host_holds_up_no_other_and_keeps_its_targets() {
    let resting = Server::start(without_robots(|_| status(503, &[("Retry-After", "3600")], ""))).await;
    let awake = Server::start(without_robots(|_| ok("page"))).await;
    let urls = (0..3).flat_map(|n| [resting.url(&format!("/{n}")), awake.url(&format!("/{n}"))]);
    let frontier = MemoryFrontier::of(urls);
    let summary = run(quick(&[&resting, &awake]), &frontier).await;
    assert!(matches!(summary.ended, Ended::Waiting { next_at: Some(_) }));
    assert_eq!((awake.pages().len(), resting.pages().len(), frontier.left()), (3, 1, 3));
}

#[tokio::test]
async fn a_closed_door_is_kept_and_left_alone() {
    for code in [401, 403, 404, 451] {
        let server = Server::start(without_robots(move |_| status(code, &[], "no"))).await;
        let frontier = MemoryFrontier::of([server.url("/")]);
        let summary = run(quick(&[&server]), &frontier).await;
        assert_eq!(summary.totals.by_status, [(code, 1)].into());
        assert_eq!((server.pages().len(), frontier.pages()[0].body.as_slice()), (1, b"no".as_slice()));
    }
}

#[tokio::test]
async fn a_failing_page_is_tried_again_and_then_kept_as_it_is() {
    let server = Server::start(without_robots(|_| status(500, &[], "oops"))).await;
    let frontier = MemoryFrontier::of([server.url("/")]);
    let summary = run(Policy { retries: 2, ..quick(&[&server]) }, &frontier).await;
    assert_eq!(server.pages().len(), 3);
    assert_eq!(summary.totals.by_status, [(500, 1)].into());
    let attempts: Vec<u32> = frontier.postponed().iter().map(|postponed| postponed.attempt).collect();
    assert_eq!(attempts, [1, 2]);
}

#[tokio::test]
async fn a_host_that_never_answers_is_given_up() {
    let silent = Server::start(without_robots(|_| Reply::Bytes(Vec::new()))).await;
    let frontier = MemoryFrontier::of((0..10).map(|n| silent.url(&format!("/{n}"))));
    let summary = run(Policy { give_up_after: 3, ..quick(&[&silent]) }, &frontier).await;
    assert_eq!(summary.ended, Ended::Done);
    assert_eq!(silent.pages().len(), 3);
    assert_eq!((summary.totals.errors["closed"], frontier.refused().len()), (3, 10));
    assert!(frontier.refusal_kinds().contains(&"host_given_up"));
}

#[tokio::test]
async fn a_dead_host_is_given_up_too() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let frontier = MemoryFrontier::of((0..9).map(|n| format!("http://{address}/{n}").parse().unwrap()));
    let allow_private = vec![address.to_string().parse().unwrap()];
    let summary = run(Policy { give_up_after: 3, allow_private, ..quick(&[]) }, &frontier).await;
    assert_eq!((summary.ended, summary.totals.errors["connect"]), (Ended::Done, 3));
    assert_eq!(frontier.refused().len(), 9);
}

#[tokio::test]
async fn a_stopped_crawl_leaves_its_targets_to_the_next() {
    let server = Server::start(without_robots(|_| ok("page"))).await;
    let frontier = MemoryFrontier::of((0..3).map(|n| server.url(&format!("/{n}"))));
    let policy = Policy { default_delay: Duration::from_secs(3600), ..quick(&[&server]) };
    let (stop, stopped) = watch::channel(false);
    let crawling = tokio::spawn(crawl(policy, Arc::clone(&frontier) as Arc<dyn Frontier>, |_| {}, stopped));
    while server.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    stop.send(true).unwrap();
    let summary = crawling.await.unwrap().unwrap();
    assert_eq!(summary.ended, Ended::Stopped);
    assert_eq!((frontier.left(), frontier.pages().len()), (3, 0));
    assert!(frontier.postponed().iter().all(|postponed| postponed.attempt == 0));
}

#[tokio::test]
async fn progress_is_reported_and_the_request_names_its_sender() {
    let server = Server::start(without_robots(|_| ok("page"))).await;
    let frontier = MemoryFrontier::of((0..3).map(|n| server.url(&format!("/{n}"))));
    let contact = Some(lapwing_types::Private::new("https://desk.example/about".to_string()));
    let policy = Policy { contact, ..quick(&[&server]) };
    let seen = std::sync::Mutex::new(Vec::new());
    let (_keep, stop) = watch::channel(false);
    let observer = |progress: lapwing_crawl::Progress| seen.lock().unwrap().push(progress.totals.fetched);
    crawl(policy, Arc::clone(&frontier) as Arc<dyn Frontier>, observer, stop).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [1, 2, 3]);
    for request in server.requests() {
        assert!(request.head.starts_with("GET "));
        assert!(request.head.contains("user-agent: lapwing/"), "{}", request.head);
        assert!(request.head.contains("(+https://desk.example/about)"));
        assert!(request.head.contains("accept-encoding: identity"));
    }
    let page = &frontier.pages()[0];
    let sent = &server.pages()[0].head;
    for (name, value) in &page.request_headers {
        assert!(sent.contains(&format!("{name}: {value}\r\n")), "`{name}` was not sent");
    }
    assert_eq!(sent.matches("\r\n").count(), page.request_headers.len() + 2);
}
