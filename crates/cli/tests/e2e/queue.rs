//! Ingest, queue, decisions, exports.

use crate::support::{LISTINGS, Ran, run_in, workspace};

fn ingested() -> (tempfile::TempDir, std::path::PathBuf) {
    let (folder, path) = workspace();
    let file = folder.path().join("adverts.jsonl");
    std::fs::write(&file, LISTINGS).unwrap();
    run_in(&path, &["ingest", file.to_str().unwrap(), "--source", "desk-a"]).ok();
    (folder, path)
}

fn first_item(ran: &Ran) -> String {
    ran.json_lines()[0]["item"].as_str().unwrap().to_string()
}

#[test]
fn a_file_is_kept_judged_and_worked_to_a_decision() {
    let (folder, path) = ingested();
    let listed = run_in(&path, &["queue", "list", "--json"]).ok();
    assert_eq!(listed.json_lines().len(), 2, "{}", listed.out);
    let item = first_item(&listed);
    let shown = run_in(&path, &["queue", "show", &item]).ok();
    assert!(shown.out.contains("why it is here") && !shown.out.contains("7700 900123"), "{}", shown.out);
    let claimed = run_in(&path, &["queue", "claim", &item, "--json"]).ok();
    assert_eq!(claimed.json()["token"], 1);
    let without = run_in(&path, &["queue", "decide", &item, "--outcome", "escalate", "--reason", " "]);
    assert_eq!(without.code, 2);
    assert!(without.err.contains("needs a reason"), "{}", without.err);
    let wrong = run_in(&path, &["queue", "decide", &item, "--outcome", "guilty", "--reason", "x"]);
    assert!(wrong.err.contains("the outcomes are escalate"), "{}", wrong.err);
    let refused =
        run_in(&path, &["queue", "decide", &item, "--outcome", "escalate", "--reason", "fee", "--confirm", "ZZ99"]);
    assert!(refused.err.contains("does not hold the indicator `ZZ99`"), "{}", refused.err);
    let decided = run_in(
        &path,
        &[
            "queue",
            "decide",
            &item,
            "--outcome",
            "escalate",
            "--reason",
            "asks for a fee first",
            "--confirm",
            "LB04",
            "--json",
        ],
    )
    .ok();
    assert_eq!(decided.json()["status"], "decided");
    let again = run_in(&path, &["queue", "decide", &item, "--outcome", "duplicate", "--reason", "x"]);
    assert_eq!(again.code, 2);
    let decisions = run_in(&path, &["export", "decisions"]).ok();
    let decision = &decisions.json_lines()[0];
    assert_eq!((decision["outcome"].as_str(), decision["in_force"].as_bool()), (Some("escalate"), Some(true)));
    let stats = run_in(&path, &["queue", "stats", "--json"]).ok().json();
    assert_eq!((stats["listings"].as_u64(), stats["decisions"]["escalate"].as_u64()), (Some(3), Some(1)));
    let verified = run_in(&path, &["evidence", "verify", "--json"]).ok().json();
    assert!(verified["events"].as_u64().unwrap() >= 5, "{verified}");
    drop(folder);
}

#[test]
fn a_file_ingested_twice_changes_nothing() {
    let (folder, path) = ingested();
    let file = folder.path().join("adverts.jsonl");
    let again = run_in(&path, &["ingest", file.to_str().unwrap(), "--source", "desk-a", "--json"]).ok().json();
    assert_eq!(again[0]["counts"]["unchanged"], 3);
    assert_eq!(run_in(&path, &["queue", "list", "--json"]).ok().json_lines().len(), 2);
}

#[test]
fn contacts_leave_masked_unless_a_purpose_is_given() {
    let (_folder, path) = ingested();
    let masked = run_in(&path, &["export", "listings"]).ok();
    assert!(!masked.out.contains("900123"), "{}", masked.out);
    let row = &masked.json_lines()[0];
    for field in ["url", "title", "body", "price", "location", "posted_at", "contacts"] {
        assert!(row.get(field).is_some(), "{field}");
    }
    let refused = run_in(&path, &["export", "listings", "--reveal", "--purpose", " "]);
    assert_eq!(refused.code, 2);
    let clear = run_in(&path, &["export", "listings", "--reveal", "--purpose", "case 17"]).ok();
    assert!(clear.out.contains("+44 7700 900123"));
    let csv = run_in(&path, &["export", "assessments", "--format", "csv"]).ok();
    assert!(csv.out.starts_with("listing,version,leaf,assessed_at"), "{}", csv.out);
}

#[test]
fn bad_records_of_a_file_are_named_and_the_others_enter() {
    let (folder, path) = workspace();
    let file = folder.path().join("adverts.jsonl");
    std::fs::write(&file, format!("nonsense\n{LISTINGS}")).unwrap();
    let ran = run_in(&path, &["ingest", file.to_str().unwrap(), "--json"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("adverts.jsonl: record 1: not JSON"), "{}", ran.err);
    assert_eq!(ran.json()[0]["counts"]["new"], 3);
}
