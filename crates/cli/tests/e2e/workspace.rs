//! Workspaces and settings.

use std::os::unix::fs::PermissionsExt as _;

use crate::support::{lapwing, run, run_in, workspace};

#[test]
fn init_makes_all_parts_and_the_keys_are_private() {
    let (_folder, path) = workspace();
    for part in ["lapwing.toml", "lapwing.db", "evidence", "keys"] {
        assert!(path.join(part).exists(), "{part}");
    }
    for key in ["keys/custody.key", "keys/operator.key", "lapwing.db"] {
        let mode = std::fs::metadata(path.join(key)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{key}");
    }
    run_in(&path, &["evidence", "verify"]).ok();
}

#[test]
fn init_does_not_touch_what_is_there() {
    let (_folder, path) = workspace();
    let again = run(&["init", path.to_str().unwrap()]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("already holds a workspace"), "{}", again.err);
    std::fs::write(path.parent().unwrap().join("note.txt"), "x").unwrap();
    let occupied = run(&["init", path.parent().unwrap().to_str().unwrap()]);
    assert!(occupied.err.contains("already holds"), "{}", occupied.err);
}

#[test]
fn a_missing_or_half_made_workspace_gets_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let missing = run_in(&folder.path().join("none"), &["queue", "list"]);
    assert_eq!(missing.code, 2);
    assert!(
        missing.err.contains("there is no lapwing workspace") && missing.err.lines().count() == 1,
        "{}",
        missing.err
    );
    let unnamed = run(&["queue", "list"]);
    assert!(unnamed.err.contains("--data DIR"), "{}", unnamed.err);
    let (_folder, path) = workspace();
    std::fs::remove_file(path.join("lapwing.db")).unwrap();
    let half = run_in(&path, &["queue", "list"]);
    assert_eq!(half.code, 2);
    assert!(half.err.contains("half made, `lapwing.db` is missing") && half.err.lines().count() == 1, "{}", half.err);
}

#[test]
fn a_key_that_others_can_read_proves_nothing() {
    let (_folder, path) = workspace();
    let key = path.join("keys/operator.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let refused = run_in(&path, &["queue", "claim"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("chmod 600"), "{}", refused.err);
}

#[test]
fn settings_come_in_layers_and_say_where_from() {
    let (_folder, path) = workspace();
    let toml = path.join("lapwing.toml");
    let text = std::fs::read_to_string(&toml).unwrap().replace("max_depth = 8", "max_depth = 3");
    std::fs::write(&toml, text).unwrap();
    let output = lapwing()
        .args(["--data", path.to_str().unwrap(), "--set", "crawl.retries=1", "config", "--json"])
        .env("LAPWING_CRAWL__DELAY_MS", "750")
        .output()
        .unwrap();
    let settings: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = |key: &str| settings.as_array().unwrap().iter().find(|one| one["key"] == key).unwrap().clone();
    assert_eq!(found("crawl.delay_ms")["value"], 750);
    assert_eq!(found("crawl.delay_ms")["origin"]["environment"], "LAPWING_CRAWL__DELAY_MS");
    assert_eq!(found("crawl.max_depth")["value"], 3);
    assert_eq!(found("crawl.retries")["origin"], "flag");
    std::fs::write(&toml, "[crawl]\nspeed = 1\n").unwrap();
    let wrong = run_in(&path, &["queue", "list"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("unknown field `speed`"), "{}", wrong.err);
}
