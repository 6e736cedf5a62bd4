//! Crawls of the invented boards: what is refused, what is found, what a kill costs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use lapwing_fixtures::{Running, boards, serve};

use crate::support::{lapwing, run_in, workspace};

async fn job_board() -> Running {
    let [board, _, _] = boards();
    serve(board).await.unwrap()
}

/// The arguments of a crawl of a board.
fn crawl(path: &Path, board: &Running, more: &[&str]) -> std::process::Command {
    let mut command = lapwing();
    let address = board.address.to_string();
    command.arg("--data").arg(path).args(["--set", "crawl.delay_ms=20", "crawl", &board.url(), "--json"]);
    command.args(["--allow-private", &address]).args(more).stdin(Stdio::null());
    command
}

async fn output(mut command: std::process::Command) -> serde_json::Value {
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn loopback_is_refused_unless_it_is_allowed() {
    let (_folder, path) = workspace();
    let board = job_board().await;
    let url = board.url();
    let data = path.clone();
    let refused = tokio::task::spawn_blocking(move || run_in(&data, &["crawl", &url, "--json"])).await.unwrap().ok();
    assert_eq!(refused.json()["summary"]["totals"]["refused"]["guard"], 1, "{}", refused.out);
    assert!(board.requests().is_empty(), "not one request went out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_without_a_profile_is_brought_home_politely() {
    let (_folder, path) = workspace();
    let board = job_board().await;
    let outcome = output(crawl(&path, &board, &[])).await;
    assert!(outcome["counts"]["new"].as_u64().unwrap() >= 48, "{}", outcome["counts"]);
    let requests = board.requests();
    assert_eq!(requests[0].path, "/robots.txt");
    assert!(requests.iter().all(|request| !request.path.starts_with("/admin")), "robots.txt closes /admin/");
    assert!(requests.iter().all(|request| request.user_agent.starts_with("lapwing/")));
    // The board's robots.txt asks for a tenth of a second.
    let closest = requests.windows(2).map(|pair| pair[1].at - pair[0].at).min().unwrap();
    assert!(closest >= Duration::from_millis(99), "{closest:?}");
    let listings = tokio::task::spawn_blocking(move || run_in(&path, &["export", "listings"])).await.unwrap().ok();
    let truth: BTreeMap<String, String> =
        boards()[0].listings.iter().map(|listing| (listing.external_id.clone(), listing.title.clone())).collect();
    let found = listings.json_lines().iter().filter(|row| truth.values().any(|title| *title == row["title"])).count();
    assert!(found >= 45, "{found} of {} titles", truth.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_crawl_goes_on_without_loss_or_needless_fetches() {
    let (_folder, path) = workspace();
    let board = job_board().await;
    let mut child = crawl(&path, &board, &[]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_until(|| board.requests().len() >= 18).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let before = board.requests().len();
    let outcome = output(crawl(&path, &board, &[])).await;
    assert_eq!(outcome["resumed"], true, "{outcome}");
    let mut fetched: BTreeMap<String, usize> = BTreeMap::new();
    for request in board.requests() {
        *fetched.entry(request.path).or_default() += 1;
    }
    let again: Vec<_> = fetched.iter().filter(|(path, count)| **count > 1 && *path != "/robots.txt").collect();
    assert!(again.len() <= 1, "only the request that was cut may be made again: {again:?} ({before} before)");
    let (data, listed) = (path.clone(), path.clone());
    let verified = tokio::task::spawn_blocking(move || run_in(&data, &["evidence", "verify"])).await.unwrap();
    assert_eq!(verified.code, 0, "{}", verified.err);
    let listings = tokio::task::spawn_blocking(move || run_in(&listed, &["export", "listings"])).await.unwrap().ok();
    assert!(listings.json_lines().len() >= 48, "{}", listings.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_reads_the_table_board_exactly() {
    let (folder, path) = workspace();
    let [_, table, _] = boards();
    let truth = table.listings.clone();
    let board = serve(table.clone()).await.unwrap();
    let profile: PathBuf = folder.path().join("market-table.yaml");
    let text = table.profile.replace("host: market-table.example", &format!("host: '{}'", board.address));
    std::fs::write(&profile, text).unwrap();
    let outcome = output(crawl(&path, &board, &["--site", profile.to_str().unwrap()])).await;
    assert_eq!(outcome["counts"]["new"].as_u64(), Some(truth.len() as u64), "{}", outcome["summary"]);
    let purpose = ["export", "listings", "--reveal", "--purpose", "comparison with the ground truth"];
    let rows = tokio::task::spawn_blocking(move || run_in(&path, &purpose)).await.unwrap().ok().json_lines();
    for listing in truth {
        let row = rows.iter().find(|row| row["external_id"] == listing.external_id.as_str());
        let row = row.unwrap_or_else(|| panic!("{} is missing", listing.external_id));
        assert_eq!(row["title"], listing.title.as_str());
        let words = |text: &str| text.split_whitespace().map(str::to_string).collect::<Vec<_>>();
        assert_eq!(words(row["body"].as_str().unwrap()), words(&listing.body), "{}", listing.external_id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_budget_is_kept() {
    let (_folder, path) = workspace();
    let board = job_board().await;
    let outcome = output(crawl(&path, &board, &["--max-pages", "5"])).await;
    let pages = board.requests().iter().filter(|request| request.path != "/robots.txt").count();
    assert_eq!(pages, 5, "{}", outcome["summary"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_to_go_on_with_is_one_sentence() {
    let (_folder, path) = workspace();
    let ran = tokio::task::spawn_blocking(move || run_in(&path, &["crawl"])).await.unwrap();
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("there is no crawl to go on with") && ran.err.lines().count() == 1, "{}", ran.err);
}

async fn wait_until(mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(120), "it did not happen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
