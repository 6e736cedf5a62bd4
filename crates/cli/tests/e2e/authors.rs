//! A rule author at work on a pack of their own: new, fmt, diff, coverage, catalogue, bench.

use std::path::{Path, PathBuf};

use crate::support::{LISTINGS, run, run_with_input};

/// A pack in a folder that goes away with the test.
pub(crate) fn pack() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pack");
    for (name, text) in [
        (
            "pack.yaml",
            "format: 1\nname: own\nversion: 1.0.0\nlicence: CC0-1.0\nbands: {low: 10, review: 30, high: 55, urgent: 85}\nfamilies: {LB: {cap: 70}}\n",
        ),
        (
            "indicators.yaml",
            "format: 1\nindicators:\n  LB04: {family: LB, role: core, evidence: listed, sentence: Asks for a fee}\n  LB09: {family: LB, role: core, evidence: listed, sentence: Keeps the passport}\n",
        ),
        (
            "lexicons/en.yaml",
            "format: 1\nlanguage: en\nconcepts:\n  fee: {terms: [fee]}\n  job:\n    terms: [wanted,hiring]\n",
        ),
        ("labour/labour.fee.yaml", RULE),
    ] {
        write(&path, name, text);
    }
    (folder, path)
}

pub(crate) const RULE: &str = "format: 1
id: labour.fee
title: A fee is asked
version: 1
status: active
indicators: [LB04]
evidence: listed
about: {what: A fee is asked., why: Workers bear no cost., explain: 'Asks for a fee: {quote}'}
references: [{title: A work on fair recruitment}]
patterns:
  fee: {concept: fee}
  job:   {concept: job}
condition: job and fee
score: {points: 20, family: LB, strength: core}
examples:
  match: [{text: Packers wanted against a fee.}, {text: A fee and hiring.}, {text: 'Wanted: a fee.'}]
  no_match: [{text: Packers wanted., hard: true}, {text: A fee.}, {text: Nothing.}]
";

pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn rules<'a>(words: &[&'a str], pack: &'a Path) -> Vec<&'a str> {
    let mut arguments = vec!["rules"];
    arguments.extend(words);
    arguments.extend(["--rules", pack.to_str().unwrap()]);
    arguments
}

#[test]
fn a_new_rule_is_written_once_and_loads() {
    let (_folder, pack) = pack();
    let ran = run(&rules(&["new", "labour.passport"], &pack)).ok();
    let path = pack.join("labour/labour.passport.yaml");
    assert_eq!(ran.out.trim(), path.to_str().unwrap());
    run(&rules(&["test"], &pack)).ok();
    let text = std::fs::read_to_string(&path).unwrap();
    let again = run(&rules(&["new", "labour.passport"], &pack));
    assert_eq!((again.code, std::fs::read_to_string(&path).unwrap()), (2, text));
    assert!(again.err.contains("never used again"), "{}", again.err);
    for (words, expected) in [
        (vec!["new", "Labour"], "Labour"),
        (vec!["new", "fresh.rule"], "--family"),
        (vec!["new", "fresh.rule", "--family", "QQ"], "QQ"),
    ] {
        let ran = run(&rules(&words, &pack));
        assert!(ran.code == 2 && ran.err.contains(expected), "{words:?}: {}", ran.err);
    }
    let nowhere = run(&["rules", "new", "labour.passport"]);
    assert!(nowhere.code == 2 && nowhere.err.contains("--rules DIR"), "{}", nowhere.err);
}

#[test]
fn files_are_checked_and_laid_out() {
    let (_folder, pack) = pack();
    let lexicon = pack.join("lexicons/en.yaml");
    let before = std::fs::read_to_string(&lexicon).unwrap();
    let checked = run(&rules(&["fmt", "--check"], &pack));
    assert!(checked.code == 1 && checked.out.contains("en.yaml") && checked.out.contains("labour.fee.yaml"));
    assert_eq!(std::fs::read_to_string(&lexicon).unwrap(), before);
    run(&rules(&["fmt"], &pack)).ok();
    assert!(std::fs::read_to_string(&lexicon).unwrap().contains("    terms:\n      - wanted\n      - hiring\n"));
    run(&rules(&["fmt", "--check"], &pack)).ok();
    run(&rules(&["lint"], &pack)).ok();
    write(&pack, "labour/labour.broken.yaml", "a: [b\n");
    let broken = run(&["rules", "fmt", "--json", pack.join("labour/labour.broken.yaml").to_str().unwrap()]);
    assert!(broken.code == 1 && broken.json()["refused"][0]["reason"].as_str().unwrap().contains("yaml"));
    assert_eq!(run(&["rules", "fmt"]).code, 2);
    assert_eq!(run(&["rules", "fmt", "no-such-file.yaml"]).code, 2);
}

#[test]
fn a_change_without_a_new_version_is_told() {
    let (_one, before) = pack();
    let (_two, after) = pack();
    let folders = [before.to_str().unwrap(), after.to_str().unwrap()];
    let same = run(&["rules", "diff", folders[0], folders[1]]).ok();
    assert_eq!(same.out, "nothing changed\n");
    write(&after, "labour/labour.fee.yaml", &RULE.replace("points: 20", "points: 25"));
    let changed = run(&["rules", "diff", folders[0], folders[1]]);
    assert_eq!(changed.code, 1);
    assert!(
        changed.out.contains("version NOT raised") && changed.out.contains("score.points: 20 -> 25"),
        "{}",
        changed.out
    );
    let linted = run(&["rules", "lint", "--rules", folders[1], "--base", folders[0]]);
    assert!(linted.code == 1 && linted.out.contains("warning[version-not-raised]"), "{}", linted.out);
    assert_eq!(run(&["rules", "lint", "--rules", folders[1], "--base", "no-such-folder"]).code, 2);
    let json = run(&["rules", "diff", "--json", folders[0], folders[1]]);
    assert_eq!(json.json()["versions_not_raised"], serde_json::json!(["labour.fee"]));
    write(
        &after,
        "labour/labour.fee.yaml",
        &RULE.replace("points: 20", "points: 25").replace("version: 1", "version: 2"),
    );
    run(&["rules", "diff", folders[0], folders[1]]).ok();
    let gone = run(&["rules", "diff", folders[0], "no-such-folder"]);
    assert!(gone.code == 2 && gone.err.contains("no-such-folder"), "{}", gone.err);
}

#[test]
fn coverage_and_catalogue_name_the_gaps() {
    let (_folder, pack) = pack();
    let ran = run(&rules(&["coverage"], &pack)).ok();
    assert!(ran.out.contains("LB09  Keeps the passport"), "{}", ran.out);
    let json = run(&rules(&["coverage", "--json"], &pack)).ok().json();
    assert_eq!(json["gaps"], serde_json::json!(["LB09"]));
    assert_eq!(json["concepts"][1]["terms"]["en"], 2);
    let catalogue = run(&rules(&["catalogue"], &pack)).ok();
    assert!(catalogue.out.contains("LB04  core, listed  Asks for a fee\n      labour.fee\n"), "{}", catalogue.out);
    assert_eq!(run(&rules(&["catalogue", "--format", "json"], &pack)).ok().json()[1]["indicator"], "LB09");
}

#[test]
fn the_cost_of_rules_is_measured() {
    let (_folder, pack) = pack();
    let ran = run_with_input(&rules(&["bench", "-", "--json"], &pack), LISTINGS.as_bytes()).ok();
    let report = ran.json();
    assert_eq!((report["listings"].as_u64(), report["rules"][0]["hits"].as_u64()), (Some(3), Some(1)), "{}", ran.out);
    let bad = run_with_input(&rules(&["bench", "-"], &pack), format!("{LISTINGS}[]\n").as_bytes());
    assert!(bad.code == 1 && bad.out.contains("labour.fee") && bad.err.contains("record 4"), "{}", bad.err);
    let empty = run_with_input(&rules(&["bench", "-"], &pack), b"");
    assert!(empty.code == 2 && empty.err.contains("no listing"), "{}", empty.err);
}

#[test]
fn schemas_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("schema");
    let ran = run(&["rules", "schema", "--out", out.to_str().unwrap()]).ok();
    assert_eq!(ran.out.lines().count(), 5);
    let all = run(&["rules", "schema"]).ok().json();
    let rule: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("rule.schema.json")).unwrap()).unwrap();
    assert_eq!(all["rule"], rule);
    write(folder.path(), "file", "");
    assert_eq!(run(&["rules", "schema", "--out", folder.path().join("file").to_str().unwrap()]).code, 2);
}

#[test]
fn a_rule_is_explained_clause_by_clause() {
    let (_folder, pack) = pack();
    let condition = "condition: near(fee, job, 2) and (entity.age.min < 18 or kind in [job_ad]) and not lang in [de]";
    write(&pack, "labour/labour.fee.yaml", &RULE.replace("condition: job and fee", condition));
    let explain = |listing: &str, words: &[&str]| {
        let words = [&["explain", "-"], words].concat();
        run_with_input(&rules(&words, &pack), listing.as_bytes())
    };
    let far = r#"{"kind":"job_ad","lang":"en","body":"Hiring cooks for a long season by the lake, a fee is due."}"#;
    let whole = explain(far, &["--rule", "labour.fee"]).ok();
    let expected = "labour.fee version 1 does not hit\n\
        false         all of these\n\
        false           near(fee, job, 2)   (9 words between the nearest)\n\
        true            one of these\n\
        not available     entity.age.min < 18   (not available)\n\
        true              kind in [job_ad]   (job_ad)\n\
        true            not\n\
        false             lang in [de]   (en)\n";
    assert_eq!(whole.out, expected);
    let why_not = explain(far, &["--why-not", "labour.fee"]).ok();
    assert_eq!(why_not.out.lines().count(), 3, "{}", why_not.out);
    let json = explain(far, &["--rule", "labour.fee", "--json"]).ok().json();
    assert_eq!(json["condition"]["parts"][0]["distance"], 9);
    assert_eq!((json["holds"].as_bool(), json["points"].as_i64()), (Some(false), None));
    let near = r#"{"kind":"job_ad","lang":"en","body":"A fee for hiring cooks aged 17."}"#;
    let hit = explain(near, &["--rule", "labour.fee"]).ok();
    assert!(hit.out.starts_with("labour.fee version 1 hits with +20") && hit.out.contains("(17)"), "{}", hit.out);
    write(&pack, "labour/labour.fee.yaml", &RULE.replace("patterns:", "scope: {kinds: [goods_ad]}\npatterns:"));
    let outside = explain(near, &["--why-not", "labour.fee"]).ok();
    assert!(outside.out.contains("is not asked: its scope has not the kind job_ad"), "{}", outside.out);
    assert_eq!(explain(near, &["--rule", "labour.gone"]).code, 2);
    assert_eq!(explain("[]", &["--rule", "labour.fee"]).code, 2);
    assert_eq!(explain(near, &["--rule", "labour.fee", "--why-not", "labour.fee"]).code, 2);
}
