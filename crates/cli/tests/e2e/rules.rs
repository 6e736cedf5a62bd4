//! The rule author's commands, on the program's own pack and on broken ones.

use crate::support::{run, run_with_input};

#[test]
fn the_packs_own_examples_pass() {
    let ran = run(&["rules", "test", "--json"]);
    let report = ran.json();
    assert_eq!(report["failures"], serde_json::json!([]), "{}", ran.out);
    assert!(report["rules"].as_u64().unwrap() >= 40 && report["examples"].as_u64().unwrap() >= 240, "{}", ran.out);
}

#[test]
fn the_pack_has_no_findings() {
    let ran = run(&["rules", "lint"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
}

#[test]
fn explain_shows_what_scored_and_why_not() {
    let listing =
        br#"{"kind":"job_ad","body":"Packers wanted. You must pay a registration fee of 350 euros in advance."}"#;
    let ran = run_with_input(&["rules", "explain", "-"], listing).ok();
    assert!(ran.out.contains("labour.recruitment-fee.upfront"), "{}", ran.out);
    let tree = run_with_input(&["rules", "explain", "-", "--why-not", "labour.recruitment-fee.upfront"], listing).ok();
    assert!(tree.out.contains("hits with +"), "{}", tree.out);
    let unknown = run_with_input(&["rules", "explain", "-", "--why-not", "no.such-rule"], listing);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("`lapwing rules list`"), "{}", unknown.err);
}

#[test]
fn a_broken_rule_is_named_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "pack.yaml",
        "format: 1\nname: own\nversion: '1'\nlicence: CC0-1.0\nbands: {low: 1, review: 2, high: 3, urgent: 4}\nfamilies: {LB: {cap: 9}}\n",
    );
    write("filters/local.a.yaml", "format: 1\nid: local.a\ntitle: All\nrules: [labour.a]\n");
    write("labour/labour.a.yaml", "format: 1\nid: labour.a\ncolour: red\n");
    let ran = run(&["rules", "lint", "--rules", folder.path().to_str().unwrap(), "--json"]);
    assert_eq!(ran.code, 1);
    let found = ran.json_lines();
    let codes: Vec<&str> = found.iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"boundless-filter") && codes.contains(&"unknown-field"), "{codes:?}");
    let field = found.iter().find(|one| one["code"] == "unknown-field").unwrap();
    assert_eq!((field["file"].as_str(), field["line"].as_u64()), (Some("labour/labour.a.yaml"), Some(3)), "{field}");
}
