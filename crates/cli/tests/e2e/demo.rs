//! The demo, whole.

use crate::support::{run, run_in};

#[test]
fn the_demo_goes_the_whole_way() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo");
    let ran = run(&["demo", "--dir", path.to_str().unwrap(), "--json"]).ok();
    let demo = ran.json();
    assert!(demo["counts"]["new"].as_u64().unwrap() >= 148, "{}", demo["counts"]);
    let flagged = demo["counts"]["flagged"].as_u64().unwrap();
    assert!((25..=75).contains(&flagged), "{flagged} of the 51 labelled for a look, give or take");
    assert_eq!(demo["evidence"]["findings"], serde_json::json!([]));
    assert!(demo["refused_by_robots"].as_u64().unwrap() >= 1, "the closed folder of the job board is left alone");
    let report = std::fs::read_to_string(path.join("report.html")).unwrap();
    assert!(report.contains("<table>") && report.contains("<svg"), "a table and a chart");
    assert!(!report.contains("http://127.0.0.1/") && !report.contains("<script"), "nothing remote, no script");
    run_in(&path, &["evidence", "verify"]).ok();
    assert_eq!(run_in(&path, &["queue", "list", "--json", "--limit", "500"]).ok().json_lines().len() as u64, flagged);
}

#[test]
fn a_temporary_demo_leaves_nothing_and_says_what_to_try() {
    let home = tempfile::tempdir().unwrap();
    let output = crate::support::lapwing().arg("demo").env("TMPDIR", home.path()).output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for word in ["pages", "listings", "flagged", "by band", "by family", "evidence", "elapsed", "lapwing demo --dir"] {
        assert!(out.contains(word), "{word} is missing in {out}");
    }
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}
