//! What changed between two packs, what a pack covers, and the file with which a rule begins.

use expect_test::{Expect, expect};
use lapwing_detect::Pack;
use lapwing_detect::rules::{coverage, diff, folder_for, format, skeleton};
use lapwing_types::{Family, RuleId};

use crate::support::{ENGLISH, INDICATORS, PACK, RULE, file, files, load};

const PATH: &str = "labour/labour.fee.yaml";

fn check(rule: &str, expected: Expect) {
    let found = diff(&files(&[]), &files(&[(PATH, rule)])).unwrap();
    let mut text = String::new();
    for changed in &found.rules.changed {
        let (logic, raised) = (changed.logic, changed.version_raised);
        text.push_str(&format!("{} logic {logic} raised {raised}\n", changed.id));
        changed
            .changes
            .iter()
            .for_each(|one| text.push_str(&format!("  {}: {} -> {}\n", one.what, one.before, one.after)));
    }
    expected.assert_eq(&text);
}

#[test]
fn a_changed_condition_asks_for_a_higher_version() {
    check(
        &RULE.replace(", 12)", ", 9)"),
        expect![[r#"
        labour.fee logic true raised false
          condition: "job and near(fee, job, 12)" -> "job and near(fee, job, 9)"
    "#]],
    );
    check(
        &RULE.replace(", 12)", ", 9)").replace("version: 1", "version: 2"),
        expect![[r#"
        labour.fee logic true raised true
          condition: "job and near(fee, job, 12)" -> "job and near(fee, job, 9)"
          version: 1 -> 2
    "#]],
    );
    check(
        &RULE.replace("points: 20", "points: 21"),
        expect![[r#"
        labour.fee logic true raised false
          score.points: 20 -> 21
    "#]],
    );
    check(
        &RULE.replace("  fee: {concept: recruitment-fee}", "  fee: {concept: recruitment-fee, fields: [body]}"),
        expect![[r#"
            labour.fee logic true raised false
              patterns.fee: {"concept":"recruitment-fee"} -> {"concept":"recruitment-fee","fields":["body"]}
        "#]],
    );
}

#[test]
fn words_and_status_are_no_logic_and_layout_is_no_change() {
    check(
        &RULE.replace("A fee is asked\n", "A fee\n").replace("status: active", "status: shadow"),
        expect![[r#"
        labour.fee logic false raised false
          status: "active" -> "shadow"
          title: "A fee is asked" -> "A fee"
    "#]],
    );
    check(
        &RULE.replace("condition: job and near(fee, job, 12)", "condition: >-\n  job\n  and near(fee, job, 12)"),
        expect![[""]],
    );
}

#[test]
fn rules_terms_and_indicators_that_come_and_go_are_named() {
    let other = RULE.replace("labour.fee", "labour.other");
    let lexicon = ENGLISH.replace("[wanted, hiring]", "[wanted, needed]");
    let indicators = INDICATORS.replace("Asks for a fee", "Asks for money");
    let pack = PACK.replace("low: 10", "low: 9");
    let before = [
        file(PATH, RULE),
        file("pack.yaml", PACK),
        file("lexicons/en.yaml", ENGLISH),
        file("indicators.yaml", INDICATORS),
    ];
    let after = [
        file("labour/labour.other.yaml", &other),
        file("pack.yaml", &pack),
        file("lexicons/en.yaml", &lexicon),
        file("indicators.yaml", &indicators),
    ];
    let found = diff(&before, &after).unwrap();
    assert_eq!(
        (found.rules.added, found.rules.removed),
        (vec!["labour.other".to_string()], vec!["labour.fee".to_string()])
    );
    assert_eq!((found.pack[0].what.as_str(), &found.pack[0].after), ("bands.low", &9.into()));
    assert_eq!(found.indicators.changed[0].id, "LB04");
    let concept = &found.concepts[0];
    assert_eq!(
        (concept.added.as_slice(), concept.removed.as_slice()),
        (&["needed".to_string()][..], &["hiring".to_string()][..])
    );
    assert!(diff(&before, &before).unwrap().is_empty());
}

#[test]
fn a_broken_file_is_no_difference_but_a_finding() {
    let found = diff(&files(&[]), &files(&[(PATH, "a: [")])).unwrap_err();
    assert_eq!((found[0].code.as_str(), found[0].file.as_str()), ("yaml", PATH));
}

#[test]
fn coverage_counts_terms_and_finds_indicators_without_a_rule() {
    let (pack, _) = load(&[]).unwrap();
    let found = coverage(&pack);
    let fee = found.concepts.iter().find(|concept| concept.concept == "recruitment-fee").unwrap();
    assert_eq!((fee.terms["en"], fee.rules.as_slice()), (2, &["labour.fee".to_string()][..]));
    let gaps: Vec<&str> = found.gaps().map(|gap| gap.indicator.as_str()).collect();
    assert_eq!(gaps, ["CH01", "LB05"]);
    let (pack, _) = load(&[(PATH, &RULE.replace("status: active", "status: draft"))]).unwrap();
    let found = coverage(&pack);
    let entry = found.indicators.iter().find(|entry| entry.indicator == "LB04").unwrap();
    assert!(entry.rules.is_empty() && entry.resting == ["labour.fee"]);
}

fn id(text: &str) -> RuleId {
    text.parse().unwrap()
}

#[test]
fn a_new_rule_loads_for_every_family_of_the_default_pack_and_has_the_canonical_layout() {
    let own: Vec<_> = lapwing_rules::default_pack()
        .into_iter()
        .map(|(path, bytes)| lapwing_detect::PackFile { path, bytes: bytes.into_owned() })
        .collect();
    let (pack, _) = Pack::load(&[own]).unwrap();
    for family in Family::ALL {
        let text = skeleton(&pack, &id("fresh.rule"), Some(family)).unwrap();
        assert_eq!(format("fresh/fresh.rule.yaml", &text).unwrap(), text, "{family}");
        let catalogue = lapwing_rules::default_pack().into_iter().find(|(path, _)| path == "indicators.yaml").unwrap();
        let catalogue = std::str::from_utf8(&catalogue.1).unwrap().to_string();
        let given =
            [file("pack.yaml", PACK), file("indicators.yaml", &catalogue), file("fresh/fresh.rule.yaml", &text)];
        let (small, warnings) = Pack::load(&[given.to_vec()]).unwrap_or_else(|found| panic!("{family}: {}", found[0]));
        assert!(warnings.is_empty());
        let report = lapwing_detect::rules::run_examples(&small, &|_| true);
        assert_eq!((report.examples, report.failures.len()), (2, 0), "{family}");
    }
    assert_eq!(folder_for(&pack, &id("labour.new")), "labour");
    assert_eq!(folder_for(&pack, &id("fresh.new")), "fresh");
}

#[test]
fn a_new_rule_is_refused_with_a_reason() {
    let (pack, _) = load(&[]).unwrap();
    assert!(
        skeleton(&pack, &id("labour.fee"), None).unwrap_err().contains("stands in `labour/labour.fee.yaml` already")
    );
    assert!(skeleton(&pack, &id("fresh.rule"), None).unwrap_err().contains("say the family"));
    assert!(
        skeleton(&pack, &id("fresh.rule"), Some(Family::Sx)).unwrap_err().contains("no indicator of the family SX")
    );
    assert!(skeleton(&pack, &id("labour.other"), None).unwrap().contains("family: LB"));
}
