//! No way into private networks, by URL, by name or by redirect, and no visit abroad without a contact.

use crate::common::{MemoryFrontier, Server, moved, ok, quick, run, without_robots};
use lapwing_crawl::{GuardError, Policy, Refusal};
use url::Url;

#[tokio::test]
async fn this_machine_is_refused_in_every_spelling() {
    let server = Server::start(|_| ok("secret")).await;
    let port = server.address.port();
    let hosts = [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "localhost",
        "0.0.0.0",
    ];
    let frontier = MemoryFrontier::of(hosts.map(|host| Url::parse(&format!("http://{host}:{port}/")).unwrap()));
    run(Policy { allow_private: Vec::new(), ..quick(&[]) }, &frontier).await;
    assert_eq!(frontier.refusal_kinds(), ["guard"; 9]);
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn an_allowed_pair_is_visited_and_its_neighbours_are_not() {
    let server = Server::start(without_robots(|_| ok("page"))).await;
    let port = server.address.port();
    let urls = ["2130706433", "localhost"].map(|host| Url::parse(&format!("http://{host}:{port}/")).unwrap());
    let frontier = MemoryFrontier::of(urls);
    run(quick(&[&server]), &frontier).await;
    assert_eq!(frontier.pages().len(), 1);
    assert_eq!(frontier.pages()[0].peer, Some(server.address));
    assert_eq!(frontier.refused()[0].1, Refusal::Guard { error: GuardError::LocalName });
}

#[tokio::test]
async fn an_allowed_name_is_resolved_without_the_filter() {
    let server = Server::start(without_robots(|_| ok("page"))).await;
    let pair = format!("localhost:{}", server.address.port());
    let frontier = MemoryFrontier::of([Url::parse(&format!("http://{pair}/")).unwrap()]);
    run(Policy { allow_private: vec![pair.parse().unwrap()], ..quick(&[]) }, &frontier).await;
    assert_eq!(frontier.pages().len(), 1);
}

#[tokio::test]
async fn a_redirect_to_another_private_port_is_refused() {
    let canary = Server::start(|_| ok("secret")).await;
    let inside = canary.url("/secret").to_string();
    let server = Server::start(without_robots(move |_| moved(&inside))).await;
    let frontier = MemoryFrontier::of([server.url("/")]);
    run(quick(&[&server]), &frontier).await;
    assert_eq!(canary.connections(), 0);
    let redirect = &frontier.pages()[0];
    assert_eq!((redirect.status, frontier.pages().len()), (302, 1));
    assert_eq!(frontier.refused()[0].0, canary.url("/secret"));
    assert_eq!(frontier.refusal_kinds(), ["guard"]);
}

#[tokio::test]
async fn only_the_web_without_userinfo_is_visited() {
    let server = Server::start(|_| ok("page")).await;
    let with_name = format!("http://me@{}/", server.address);
    let urls = [with_name.as_str(), "ftp://a.example/", "mailto:desk@a.example", "file:///etc/hosts", "data:,x"];
    let frontier = MemoryFrontier::of(urls.map(|url| Url::parse(url).unwrap()));
    let summary = run(quick(&[&server]), &frontier).await;
    assert_eq!(frontier.refusal_kinds(), ["guard"; 5]);
    assert_eq!((server.connections(), summary.totals.refused_in_all()), (0, 5));
}

#[tokio::test]
async fn nothing_but_this_machine_is_visited_without_a_contact() {
    let frontier = MemoryFrontier::of([Url::parse("https://board.example/jobs").unwrap()]);
    let summary = run(quick(&[]), &frontier).await;
    assert_eq!(frontier.refused()[0].1, Refusal::NoContact);
    assert!(frontier.refused()[0].1.to_string().contains("`crawl.contact`"));
    assert_eq!(summary.totals.requests, 0);
}
