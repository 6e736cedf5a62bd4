//! Filters drop the hits of the rules that they name, say so, and spare strong child-risk rules from globs.

use expect_test::{Expect, expect};
use lapwing_detect::rules::{lint, run_examples};
use lapwing_types::{Kind, Listing};

use crate::support::{RULE, advert, detector, load};

const PATH: &str = "filters/local.training.yaml";

/// A filter for one board, on which trainers write of fees.
const FILTER: &str = "format: 1
id: local.training
title: Courses of the training board
rules: [labour.*]
scope: {kinds: [job_ad], sources: [board.*]}
patterns:
  course: {words: [course], languages: [en]}
condition: course
examples:
  match: [{text: A course for packers., kind: job_ad}]
  no_match: [{text: Packers wanted., kind: job_ad}, {text: A course., kind: job_ad, source: other.example}]
";

const COURSE: &str = "Hiring trainers, a registration fee for the course.";

fn child_rule() -> String {
    RULE.replace("labour.fee", "labour.child")
        .replace("LB04", "CH01")
        .replace("points: 20, family: LB, strength: core", "points: 60, family: CH, strength: strong")
}

fn dropped(listing: &Listing, filter: &str) -> Vec<String> {
    let child = child_rule();
    let detector = detector(&[(PATH, filter), ("labour/labour.child.yaml", &child)]);
    let assessment = detector.assess(listing, &[]);
    assessment.not_evaluated.iter().map(|one| format!("{}: {}", one.rule, one.why)).collect()
}

#[test]
fn a_filter_drops_hits_and_says_so() {
    let detector = detector(&[(PATH, FILTER)]);
    let assessment = detector.assess(&advert(COURSE), &[]);
    assert!(assessment.hits.is_empty() && assessment.points == 0);
    let told = &assessment.not_evaluated[0];
    assert_eq!(told.why, "left out by the filter local.training: Courses of the training board");
    assert_eq!(detector.assess(&advert("Hiring, a registration fee is due."), &[]).points, 20);
}

#[test]
fn another_source_or_kind_or_an_unknown_one_is_not_left_out() {
    for listing in [
        Listing { source: "other.example".into(), ..advert(COURSE) },
        Listing { source: String::new(), ..advert(COURSE) },
        Listing { kind: Kind::Unknown, ..advert(COURSE) },
        Listing { kind: Kind::ServiceAd, ..advert(COURSE) },
    ] {
        assert!(dropped(&listing, FILTER).is_empty(), "{listing:?}");
    }
}

#[test]
fn a_strong_child_risk_rule_is_dropped_by_its_whole_id_only() {
    assert_eq!(dropped(&advert(COURSE), FILTER).len(), 1);
    assert_eq!(dropped(&advert(COURSE), &FILTER.replace("[labour.*]", "[labour.*, labour.child]")).len(), 2);
}

#[test]
fn a_filter_without_condition_is_for_its_whole_scope() {
    let start = FILTER.split("patterns:").next().unwrap();
    assert_eq!(dropped(&advert("Hiring, a registration fee is due."), start).len(), 1);
}

fn check(filter: &str, expected: Expect) {
    let child = child_rule();
    let found = match load(&[(PATH, filter), ("labour/labour.child.yaml", &child)]) {
        Ok((pack, _)) => lint(&pack, "2026-01-01").into_iter().filter(|one| one.file == PATH).collect(),
        Err(found) => found,
    };
    let lines: Vec<String> = found
        .iter()
        .map(|one| format!("{:?} {} {}:{} {}\n", one.severity, one.code, one.line, one.column, one.message))
        .collect();
    expected.assert_eq(&lines.concat());
}

#[test]
fn mistakes_are_named() {
    check(&FILTER.replace("labour.*", "labour.child"), expect![[""]]);
    check(
        &FILTER.replace("labour.*", "domestic.*, labour.gone"),
        expect![[r#"
        Warning unknown-rule 4:9 no rule's id begins with `domestic.`, so nothing of it is dropped
        Warning unknown-rule 4:21 `labour.gone` is no rule of these packs, so nothing of it is dropped
    "#]],
    );
    check(
        &FILTER.replace("labour.*", "lab*"),
        expect![[r#"
        Error bad-rule-id 4:9 `lab*` is neither a rule's id nor the beginning of some
    "#]],
    );
    check(
        &FILTER.replace("[labour.*]", "[]"),
        expect![[r#"
        Error boundless-filter 4:8 the filter names no rule
    "#]],
    );
    check(
        "format: 1\nid: local.training\ntitle: All\nrules: [labour.fee]\n",
        expect![[r#"
        Error boundless-filter 2:5 without a scope and a condition the filter would leave out every listing
    "#]],
    );
    check(
        FILTER,
        expect![[r#"
        Warning spared-rule 4:9 `labour.*` does not drop the strong child-risk rules labour.child
    "#]],
    );
    check(&FILTER.replace("condition", "suppress: {spared-rule: they stay}\ncondition"), expect![[""]]);
    check(
        &FILTER.replace("local.training", "labour.fee"),
        expect![[r#"
        Error misplaced-file 2:5 the id is `labour.fee` but the file is named `local.training.yaml`
    "#]],
    );
    check(
        &FILTER.replace("condition: course", "condition: curse"),
        expect![[r#"
            Error unknown-name 8:12 `curse` is not a pattern of this rule
        "#]],
    );
}

#[test]
fn its_examples_are_run() {
    let (pack, _) = load(&[(PATH, FILTER)]).unwrap();
    let report = run_examples(&pack, &|id| id == "local.training");
    assert_eq!((report.filters, report.rules, report.examples, report.failures), (1, 0, 3, Vec::new()));
    let wrong = FILTER.replace("A course for packers.", "Packers.").replace("source: other.example", "why: no");
    let (pack, _) = load(&[(PATH, &wrong)]).unwrap();
    let failures = run_examples(&pack, &|_| true).failures;
    let messages: Vec<&str> = failures.iter().map(|failure| failure.message.as_str()).collect();
    assert_eq!(messages, ["should leave this out and lets it through", "should let this through and leaves it out"]);
}
