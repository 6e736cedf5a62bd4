//! Training, going on learning, and learning from decisions.

use std::fs;
use std::path::Path;

use crate::support::{Ran, run, run_in, workspace};

const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/small-pack");

const WORDS: [&str; 32] = [
    "apple", "barn", "bench", "boat", "bread", "brush", "cellar", "chair", "cherry", "clay", "corner", "field", "fire",
    "flour", "gate", "glass", "hill", "horse", "island", "ladder", "lamp", "meadow", "mill", "oven", "paint", "river",
    "roof", "stone", "table", "tiles", "tower", "wheel",
];

/// Words that no other advert has in this order.
pub(crate) fn own_words(index: usize, count: usize) -> String {
    let mut state = index as u64 + 1;
    let mut word = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        WORDS[(state >> 40) as usize % WORDS.len()]
    };
    (0..count).map(|_| word()).collect::<Vec<_>>().join(" ")
}

/// Invented adverts whose label follows from their words, each in words of its own.
fn labelled(count: usize, positive: impl Fn(usize) -> bool) -> String {
    let line = |index: usize| {
        let terms = if positive(index) { "we keep your passport" } else { "contract from the first day" };
        let body = format!("Help wanted: {}, {terms}, {}.", own_words(index, 16), own_words(index + 100_000, 8));
        serde_json::json!({
            "external_id": format!("t{index}"), "kind": "job_ad", "lang": "en", "title": own_words(index + 200_000, 3),
            "body": body, "label": u8::from(positive(index)), "slice": "obvious",
        })
        .to_string()
    };
    (0..count).map(line).collect::<Vec<_>>().join("\n") + "\n"
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_string()
}

fn train(data: &str, out: &Path, more: &[&str]) -> Ran {
    let mut arguments = vec!["train", "--rules", RULES, "--data", data, "--out", out.to_str().unwrap()];
    arguments.extend_from_slice(more);
    run(&arguments)
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_a_card_with_its_limits() {
    let folder = tempfile::tempdir().unwrap();
    let data = file(folder.path(), "a.jsonl", &labelled(300, |index| index % 3 == 0));
    for learner in ["logistic", "ftrl"] {
        let (one, other) = (folder.path().join(learner).join("m"), folder.path().join(format!("{learner}2")).join("m"));
        let told = train(&data, &one, &["--learner", learner, "--json"]).ok().json();
        train(&data, &other, &["--learner", learner]).ok();
        assert!(told["average_precision"].as_f64().unwrap() > 0.95, "{learner}: {told}");
        assert_eq!(fs::read(one.join("model.json")).unwrap(), fs::read(other.join("model.json")).unwrap(), "{learner}");
        let card = fs::read_to_string(one.join("CARD.md")).unwrap();
        assert!(card.contains("## Limits") && card.contains("| rules and model |"), "{card}");
    }
}

#[test]
fn a_trained_model_explains_itself_to_the_sum() {
    let folder = tempfile::tempdir().unwrap();
    let data = file(folder.path(), "a.jsonl", &labelled(300, |index| index % 3 == 0));
    let out = folder.path().join("m");
    train(&data, &out, &[]).ok();
    let scanned = run(&["scan", "--rules", RULES, "--model", out.to_str().unwrap(), &data]).ok();
    for line in scanned.json_lines() {
        let classifier = &line["classifier"];
        let parts = classifier["contributions"].as_array().unwrap();
        let sum: f64 = parts.iter().map(|part| part["log_odds"].as_f64().unwrap()).sum();
        assert!((sum - classifier["log_odds"].as_f64().unwrap()).abs() < 1e-9, "{line}");
        assert!(parts.iter().all(|part| !part["feature"].as_str().unwrap().is_empty()), "{line}");
    }
}

#[test]
fn a_model_is_replaced_only_by_one_that_is_no_worse() {
    let folder = tempfile::tempdir().unwrap();
    // Thirty signs, each in some of the adverts: sixteen features cannot know them all.
    let line = |index: usize| {
        let (label, ending) = if index.is_multiple_of(3) { (1, "er") } else { (0, "ish") };
        let word = WORDS[index / 3 % 30];
        let body = format!("{} {word}{ending} {}", own_words(index, 12), own_words(index + 50_000, 12));
        serde_json::json!({"external_id": format!("s{index}"), "body": body, "label": label}).to_string()
    };
    let data = file(folder.path(), "a.jsonl", &(0..900).map(line).collect::<Vec<_>>().join("\n"));
    let out = folder.path().join("m");
    train(&data, &out, &[]).ok();
    let before = fs::read(out.join("model.json")).unwrap();
    let refused = train(&data, &out, &["--features", "16"]);
    assert!(refused.code == 2 && refused.err.contains("it was not replaced (`--force` does so)"), "{}", refused.err);
    assert_eq!(fs::read(out.join("model.json")).unwrap(), before);
    let forced = train(&data, &out, &["--features", "16", "--force"]).ok();
    assert!(forced.err.contains("the model that stood there had"), "{}", forced.err);
    assert_ne!(fs::read(out.join("model.json")).unwrap(), before);
}

#[test]
fn what_cannot_be_learned_from_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("m");
    let few = file(folder.path(), "few.jsonl", &labelled(9, |index| index % 2 == 0));
    let ran = train(&few, &out, &[]);
    assert!(ran.code == 2 && ran.err.contains("9 labelled listings in 9 groups; 24 groups"), "{}", ran.err);
    let one = file(folder.path(), "one.jsonl", &labelled(60, |_| true));
    let ran = train(&one, &out, &[]);
    assert!(ran.code == 2 && ran.err.contains("10 listings labelled 1 and 0 labelled 0"), "{}", ran.err);
    let unlabelled = file(folder.path(), "none.jsonl", "{\"body\":\"x\"}\n");
    let ran = train(&unlabelled, &out, &[]);
    assert!(ran.code == 2 && ran.err.contains("record 1: `label` must be 0, 1, true or false"), "{}", ran.err);
    let missing = train("no/such/file.jsonl", &out, &[]);
    assert!(missing.code == 2 && missing.err.contains("no/such/file.jsonl"), "{}", missing.err);
    assert!(!out.exists());
}

#[test]
fn one_in_a_hundred_is_enough_and_contradictions_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = labelled(1_500, |index| index % 100 == 0);
    let twice = "{\"external_id\":\"LABEL\",\"body\":\"Cook wanted at the old mill\",\"label\":LABEL}\n";
    text += &twice.replace("LABEL", "1");
    text += &twice.replace("LABEL", "0");
    let data = file(folder.path(), "rare.jsonl", &text);
    let ran = train(&data, &folder.path().join("m"), &["--learner", "ftrl"]).ok();
    assert!(ran.err.contains("1 text(s) stand under both labels; look at 1"), "{}", ran.err);
}

#[test]
fn a_model_goes_on_learning_and_says_when_the_world_has_moved() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("m");
    let first = file(folder.path(), "a.jsonl", &labelled(300, |index| index % 3 == 0));
    let later = file(folder.path(), "b.jsonl", &labelled(120, |_| true));
    let nothing = train(&later, &out, &["--update"]);
    assert!(nothing.code == 2 && nothing.err.contains("holds no model to update"), "{}", nothing.err);
    train(&first, &out, &["--learner", "ftrl"]).ok();
    let before = fs::read(out.join("model.json")).unwrap();
    let same = train(&first, &out, &["--update", "--json"]).ok().json();
    assert_eq!(same["drift"]["alarms"].as_array().unwrap().len(), 0, "{same}");
    let told = train(&later, &out, &["--update", "--json"]).ok().json();
    assert!(told["drift"]["score"].as_f64().unwrap() > 0.25, "{told}");
    assert!(!told["drift"]["alarms"].as_array().unwrap().is_empty(), "{told}");
    assert_ne!(fs::read(out.join("model.json")).unwrap(), before);
    assert!(fs::read_to_string(out.join("CARD.md")).unwrap().contains("## Update"));
    train(&first, &out, &["--learner", "logistic", "--force"]).ok();
    let stateless = train(&later, &out, &["--update"]);
    assert!(stateless.code == 2 && stateless.err.contains("learner.json"), "{}", stateless.err);
    fs::write(out.join("learner.json"), "{\"format\":1}").unwrap();
    let broken = train(&later, &out, &["--update"]);
    assert!(broken.code == 2 && broken.err.contains("the learner's state cannot be read"), "{}", broken.err);
}

#[test]
fn decisions_are_labels() {
    let (folder, path) = workspace();
    let adverts = file(folder.path(), "adverts.jsonl", crate::support::LISTINGS);
    run_in(&path, &["ingest", &adverts]).ok();
    let items: Vec<String> = run_in(&path, &["queue", "list", "--json"])
        .ok()
        .json_lines()
        .iter()
        .map(|item| item["item"].as_str().unwrap().to_string())
        .collect();
    for (item, outcome) in items.iter().zip(["escalate", "not_an_indicator"]) {
        run_in(&path, &["queue", "claim", item]).ok();
        run_in(&path, &["queue", "decide", item, "--outcome", outcome, "--reason", "read it"]).ok();
    }
    let data = file(folder.path(), "a.jsonl", &labelled(300, |index| index % 3 == 0));
    let out = folder.path().join("m");
    let told = train(&data, &out, &["--from-decisions", path.to_str().unwrap()]).ok();
    assert!(told.err.contains("302 listings") && told.err.contains("2 of them decided by reviewers"), "{}", told.err);
    let alone = run(&["train", "--rules", RULES, "--out", out.to_str().unwrap(), "--from-decisions"]);
    assert!(alone.code == 2 && alone.err.contains("names no workspace"), "{}", alone.err);
}
