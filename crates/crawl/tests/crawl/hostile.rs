//! Servers that lie, stall, flood and circle. Each answer ends, within the caps, as evidence or as a refusal.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::common::{MemoryFrontier, Reply, Server, moved, ok, quick, run, without_robots};
use flate2::Compression;
use flate2::write::GzEncoder;
use lapwing_crawl::{FetchError, Policy, Refusal};
use lapwing_types::{Exchange, Truncation};

const HEAD: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\n";

fn raw(text: impl Into<Vec<u8>>) -> Reply {
    Reply::Bytes(text.into())
}

/// Fetches one page from a server that always gives this reply.
async fn page(policy: impl FnOnce(Policy) -> Policy, reply: impl Fn() -> Reply + Send + Sync + 'static) -> Exchange {
    let server = Server::start(without_robots(move |_| reply())).await;
    let frontier = MemoryFrontier::of([server.url("/")]);
    run(policy(quick(&[&server])), &frontier).await;
    assert_eq!(frontier.refused(), []);
    frontier.pages().remove(0)
}

/// The error that ends the target after its tries, and how many requests there were.
async fn failure(reply: impl Fn() -> Reply + Send + Sync + 'static) -> (FetchError, usize) {
    let server = Server::start(without_robots(move |_| reply())).await;
    let frontier = MemoryFrontier::of([server.url("/")]);
    let policy = Policy { request_timeout: Duration::from_millis(300), ..quick(&[&server]) };
    run(policy, &frontier).await;
    match frontier.refused().remove(0).1 {
        Refusal::Failed { error, .. } => (error, server.pages().len()),
        other => panic!("`{other}`"),
    }
}

#[tokio::test]
async fn a_gzip_bomb_is_kept_as_transferred() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..64 {
        bomb.write_all(&[0; 1024 * 1024]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    let head = format!("{HEAD}content-encoding: gzip\r\ncontent-length: {}\r\n\r\n", bomb.len());
    let answer = [head.as_bytes(), &bomb].concat();
    let page = page(|policy| policy, move || raw(answer.clone())).await;
    assert_eq!(page.response_header("Content-Encoding"), Some("gzip"));
    assert_eq!((page.body.len(), page.body == bomb, page.truncated), (bomb.len(), true, None));
}

#[tokio::test]
async fn an_endless_body_is_cut_by_length() {
    let head = format!("{HEAD}transfer-encoding: chunked\r\n\r\n");
    let chunk = format!("1000\r\n{}\r\n", "a".repeat(0x1000));
    let reply = move || Reply::Endless(head.clone().into_bytes(), chunk.clone().into_bytes());
    let page = page(|policy| Policy { max_body: 100_000, ..policy }, reply).await;
    assert_eq!((page.body.len(), page.truncated), (100_000, Some(Truncation::Length)));
}

#[tokio::test]
async fn a_body_as_long_as_the_cap_is_whole() {
    let page = page(|policy| Policy { max_body: 4, ..policy }, || ok("abcd")).await;
    assert_eq!((page.body.as_slice(), page.truncated), (&b"abcd"[..], None));
}

#[tokio::test]
async fn a_slow_body_is_cut_by_time() {
    let begun = Instant::now();
    let answer = format!("{HEAD}content-length: 100\r\n\r\nabc");
    let policy = |policy| Policy { request_timeout: Duration::from_millis(300), ..policy };
    let page = page(policy, move || Reply::Stall(answer.clone().into_bytes())).await;
    assert_eq!((page.body.as_slice(), page.truncated), (&b"abc"[..], Some(Truncation::Time)));
    assert!(begun.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_broken_body_is_kept_and_marked() {
    let long = format!("{HEAD}content-length: 100\r\n\r\nabc");
    let bad_chunk = format!("{HEAD}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n");
    for answer in [long, bad_chunk] {
        let page = page(|policy| policy, move || raw(answer.clone())).await;
        assert_eq!((page.body.as_slice(), page.truncated), (&b"abc"[..], Some(Truncation::Disconnect)));
    }
}

#[tokio::test]
async fn a_reset_connection_is_kept_and_marked() {
    let answer = format!("{HEAD}content-length: 100\r\n\r\n");
    let page = page(|policy| policy, move || Reply::Reset(answer.clone().into_bytes())).await;
    assert_eq!((page.status, page.truncated), (200, Some(Truncation::Disconnect)));
}

#[tokio::test]
async fn a_body_longer_than_it_says_ends_where_it_says() {
    let answer = format!("{HEAD}content-length: 3\r\n\r\nabcdef");
    let page = page(|policy| policy, move || raw(answer.clone())).await;
    assert_eq!((page.body.as_slice(), page.truncated), (&b"abc"[..], None));
}

#[tokio::test]
async fn ten_thousand_headers_are_refused() {
    let lines: String = (0..10_000).map(|n| format!("x-{n}: y\r\n")).collect();
    let answer = format!("{HEAD}{lines}content-length: 0\r\n\r\n");
    assert_eq!(failure(move || raw(answer.clone())).await, (FetchError::HeadTooLarge, 1));
}

#[tokio::test]
async fn long_headers_are_refused() {
    for length in [70_000, 3_000_000] {
        let answer = format!("{HEAD}x: {}\r\ncontent-length: 0\r\n\r\n", "y".repeat(length));
        assert_eq!(failure(move || raw(answer.clone())).await, (FetchError::HeadTooLarge, 1));
    }
}

#[tokio::test]
async fn what_is_no_http_is_refused_at_once() {
    for answer in ["SSH-2.0-x\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "\0\0\0\0\r\n\r\n"] {
        let (error, requests) = failure(move || raw(answer)).await;
        assert_eq!((error.kind(), requests), ("malformed", 1), "{error}");
    }
}

#[tokio::test]
async fn silence_is_tried_again_and_then_refused() {
    assert_eq!(failure(|| Reply::Stall(Vec::new())).await, (FetchError::Timeout, 2));
    let (error, requests) = failure(|| raw("")).await;
    assert_eq!((error.kind(), requests), ("closed", 2));
}

#[tokio::test]
async fn header_values_keep_every_byte() {
    let answer = [HEAD.as_bytes(), b"x-odd: \xE9\xFF\r\ncontent-length: 0\r\n\r\n"].concat();
    let page = page(|policy| policy, move || raw(answer.clone())).await;
    assert_eq!(page.response_header("x-odd"), Some("\u{E9}\u{FF}"));
    assert_eq!(page.version, "HTTP/1.1");
}

#[tokio::test]
async fn a_circle_of_redirects_ends() {
    let server = Server::start(without_robots(|path| moved(if path == "/a" { "/b" } else { "/a" }))).await;
    let frontier = MemoryFrontier::of([server.url("/a")]);
    run(quick(&[&server]), &frontier).await;
    assert_eq!(server.pages().len(), 2);
    assert_eq!(frontier.refused(), [(server.url("/a"), Refusal::RedirectLoop)]);
}

#[tokio::test]
async fn an_endless_row_of_redirects_ends() {
    let server = Server::start(without_robots(|path| moved(&format!("{path}x")))).await;
    let frontier = MemoryFrontier::of([server.url("/x")]);
    run(Policy { max_redirects: 3, ..quick(&[&server]) }, &frontier).await;
    assert_eq!(frontier.pages().len(), 4);
    assert_eq!(frontier.pages()[3].redirected_from.len(), 3);
    assert_eq!(frontier.refusal_kinds(), ["too_many_redirects"]);
}
