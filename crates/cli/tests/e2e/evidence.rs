//! Evidence: shown as it came, and every change found.

use crate::support::{LISTINGS, run_in, workspace};

fn kept() -> (tempfile::TempDir, std::path::PathBuf) {
    let (folder, path) = workspace();
    for name in ["one.jsonl", "two.jsonl"] {
        let file = folder.path().join(name);
        std::fs::write(&file, LISTINGS.replace("a1", name)).unwrap();
        run_in(&path, &["ingest", file.to_str().unwrap()]).ok();
    }
    (folder, path)
}

#[test]
fn a_capture_is_listed_shown_and_given_back() {
    let (folder, path) = kept();
    let rows = run_in(&path, &["evidence", "list", "--json"]).ok().json_lines();
    assert_eq!(rows.len(), 2);
    let id = rows[0]["id"].as_str().unwrap();
    let digest = rows[0]["payload"].as_str().unwrap();
    assert!(digest.starts_with("sha256:") && digest.len() == 71);
    let shown = run_in(&path, &["evidence", "show", id]).ok().json();
    assert_eq!(shown["payload"], digest);
    let body = run_in(&path, &["evidence", "show", id, "--body"]).ok();
    assert_eq!(body.out, std::fs::read_to_string(folder.path().join("one.jsonl")).unwrap());
    let unknown = run_in(&path, &["evidence", "show", "00000000-0000-7000-8000-000000000000"]);
    assert_eq!(unknown.code, 2);
}

#[test]
fn a_changed_byte_is_found_and_its_capture_named() {
    let (_folder, path) = kept();
    let id = run_in(&path, &["evidence", "list", "--json"]).ok().json_lines()[1]["id"].as_str().unwrap().to_string();
    let warc = path.join("evidence/warc/00000001.warc.gz");
    let mut bytes = std::fs::read(&warc).unwrap();
    let last = bytes.len() - 40;
    bytes[last] ^= 0x20;
    std::fs::write(&warc, bytes).unwrap();
    let verified = run_in(&path, &["evidence", "verify"]);
    assert_eq!(verified.code, 1);
    assert!(verified.err.contains(&id) && verified.err.contains("NOT whole"), "{}", verified.err);
}

#[test]
fn a_removed_and_a_reordered_leaf_are_found() {
    let (_folder, path) = kept();
    let leaves = path.join("evidence/log/leaves.jsonl");
    let text = std::fs::read_to_string(&leaves).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let mut removed = lines.clone();
    removed.remove(1);
    std::fs::write(&leaves, removed.join("\n") + "\n").unwrap();
    let verified = run_in(&path, &["evidence", "verify", "--json"]);
    assert_eq!(verified.code, 1);
    assert!(!verified.json()["findings"].as_array().unwrap().is_empty());
    let mut swapped = lines.clone();
    swapped.swap(1, 2);
    std::fs::write(&leaves, swapped.join("\n") + "\n").unwrap();
    assert_eq!(run_in(&path, &["evidence", "verify"]).code, 1);
    std::fs::write(&leaves, text).unwrap();
    run_in(&path, &["evidence", "verify"]).ok();
}
