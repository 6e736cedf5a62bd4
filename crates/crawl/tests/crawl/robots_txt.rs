//! robots.txt over the wire: what it forbids, and what happens where it cannot be had.

use crate::common::{MemoryFrontier, Reply, Server, moved, ok, quick, run, status};
use lapwing_crawl::{Policy, Purpose, Refusal};
use lapwing_types::Truncation;

fn with_robots(robots: impl Fn() -> Reply + Send + Sync + 'static) -> impl Fn(&str) -> Reply + Send + Sync {
    move |path: &str| if path == "/robots.txt" { robots() } else { ok("page") }
}

#[tokio::test]
async fn what_is_disallowed_is_not_fetched() {
    let robots = "user-agent: *\ndisallow: /\nuser-agent: lapwing\ndisallow: /private\nallow: /private/open\n";
    let server = Server::start(with_robots(move || ok(robots))).await;
    let paths = ["/a", "/private/x", "/private/open/y"];
    let frontier = MemoryFrontier::of(paths.map(|path| server.url(path)));
    let summary = run(quick(&[&server]), &frontier).await;
    assert_eq!(server.paths(), ["/robots.txt", "/a", "/private/open/y"]);
    assert_eq!(summary.totals.refused_by_robots, 1);
    let refusal = Refusal::Robots { rule: "line 4: Disallow: /private".into() };
    assert_eq!(frontier.refused(), [(server.url("/private/x"), refusal)]);
    let page = &frontier.pages()[1];
    assert_eq!((page.robots.allowed, page.robots.rule.as_str()), (true, "line 5: Allow: /private/open"));
}

#[tokio::test]
async fn the_file_is_evidence_and_is_fetched_once() {
    let server = Server::start(with_robots(|| ok("user-agent: *\n"))).await;
    let frontier = MemoryFrontier::of((0..4).map(|n| server.url(&format!("/{n}?q"))));
    run(quick(&[&server]), &frontier).await;
    let kept = frontier.kept(Purpose::Robots);
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].url.path(), kept[0].url.query(), kept[0].body.as_slice()),
        ("/robots.txt", None, &b"user-agent: *\n"[..])
    );
}

#[tokio::test]
async fn a_missing_file_opens_the_site() {
    for code in [401, 404, 410] {
        let server = Server::start(with_robots(move || status(code, &[], "disallow: /"))).await;
        let frontier = MemoryFrontier::of([server.url("/a")]);
        run(quick(&[&server]), &frontier).await;
        assert_eq!(frontier.pages()[0].robots.rule, format!("no robots.txt: {code}"));
    }
}

#[tokio::test]
async fn without_a_readable_file_nothing_is_fetched() {
    let gzip = || status(200, &[("content-encoding", "gzip")], "x");
    let replies: [fn() -> Reply; 7] = [
        || status(503, &[], "user-agent: *\nallow: /\n"),
        || status(500, &[], ""),
        || status(429, &[], ""),
        || Reply::Bytes(Vec::new()),
        || Reply::Reset(Vec::new()),
        || Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nuser-agent: *\n".to_vec()),
        gzip,
    ];
    for reply in replies {
        let server = Server::start(with_robots(reply)).await;
        let frontier = MemoryFrontier::of((0..3).map(|n| server.url(&format!("/{n}"))));
        let summary = run(quick(&[&server]), &frontier).await;
        assert_eq!((server.pages().len(), summary.totals.fetched), (0, 0));
        assert_eq!(frontier.refusal_kinds(), ["robots_unavailable"; 3]);
        assert_eq!(server.requests().len(), 6);
    }
}

#[tokio::test]
async fn a_file_that_comes_back_is_obeyed() {
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::start(with_robots(move || match calls.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => status(503, &[], ""),
        _ => ok("user-agent: *\ndisallow: /no\n"),
    }))
    .await;
    let frontier = MemoryFrontier::of(["/no", "/yes"].map(|path| server.url(path)));
    run(quick(&[&server]), &frontier).await;
    assert_eq!(frontier.refusal_kinds(), ["robots"]);
    assert_eq!(server.pages().len(), 1);
}

#[tokio::test]
async fn five_redirects_are_followed_and_no_more() {
    for (hops, pages) in [(5, 1), (6, 0)] {
        let server = Server::start(move |path: &str| match path.trim_start_matches("/hop").parse::<usize>() {
            Ok(hop) if hop == hops => ok("user-agent: *\ndisallow: /no\n"),
            Ok(hop) => moved(&format!("/hop{}", hop + 1)),
            Err(_) if path == "/robots.txt" => moved("/hop1"),
            Err(_) => ok("page"),
        })
        .await;
        let frontier = MemoryFrontier::of([server.url("/yes")]);
        run(Policy { retries: 0, ..quick(&[&server]) }, &frontier).await;
        assert_eq!(frontier.pages().len(), pages);
        assert_eq!(frontier.kept(Purpose::Robots).len(), 6);
    }
}

#[tokio::test]
async fn a_redirect_into_a_private_network_is_not_followed() {
    let canary = Server::start(|_| ok("user-agent: *\nallow: /\n")).await;
    let inside = canary.url("/robots.txt").to_string();
    let server = Server::start(with_robots(move || moved(&inside))).await;
    let frontier = MemoryFrontier::of([server.url("/a")]);
    run(quick(&[&server]), &frontier).await;
    assert_eq!((canary.connections(), server.pages().len()), (0, 0));
    assert_eq!(frontier.refusal_kinds(), ["robots_unavailable"]);
}

#[tokio::test]
async fn an_endless_file_is_cut_and_obeyed() {
    let head = b"HTTP/1.1 200 OK\r\n\r\nuser-agent: *\ndisallow: /no\n".to_vec();
    let server = Server::start(move |path: &str| match path {
        "/robots.txt" => Reply::Endless(head.clone(), b"# more\n".repeat(1000)),
        _ => ok("page"),
    })
    .await;
    let frontier = MemoryFrontier::of(["/no", "/yes"].map(|path| server.url(path)));
    run(quick(&[&server]), &frontier).await;
    assert_eq!(frontier.kept(Purpose::Robots)[0].truncated, Some(Truncation::Length));
    assert_eq!((frontier.refusal_kinds(), frontier.pages().len()), (vec!["robots"], 1));
}
