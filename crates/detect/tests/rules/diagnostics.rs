//! One golden file a code: what an analyst reads, whole. A code without a file, and a file without a code, fail.

use std::collections::BTreeSet;

use expect_test::expect_file;
use lapwing_detect::rules::{CODES, lint, lint_versions};
use lapwing_detect::{Diagnostic, Pack, PackFile};

use crate::support::{ENGLISH, INDICATORS, PACK, RULE, files};

const PATH: &str = "labour/labour.fee.yaml";
const TODAY: &str = "2026-06-01";

/// Loading, then lints where it loads.
fn findings(packs: &[PackFile]) -> Vec<Diagnostic> {
    match Pack::load(&[packs.to_vec()]) {
        Err(found) => found,
        Ok((pack, mut found)) => {
            found.extend(lint(&pack, TODAY));
            found
        }
    }
}

fn rule(from: &str, to: &str) -> Vec<PackFile> {
    rule_with(&[(from, to)])
}

fn rule_with(changes: &[(&str, &str)]) -> Vec<PackFile> {
    let mut text = RULE.to_string();
    for (from, to) in changes {
        assert!(text.contains(from), "the rule has no `{from}`");
        text = text.replacen(from, to, 1);
    }
    files(&[(PATH, &text)])
}

fn condition(text: &str) -> Vec<PackFile> {
    rule("condition: job and near(fee, job, 12)", &format!("condition: {text}"))
}

fn patterns(text: &str) -> Vec<PackFile> {
    rule("  job: {concept: job-offer}\n", &format!("  job: {{concept: job-offer}}\n{text}"))
}

fn score(text: &str) -> Vec<PackFile> {
    rule("score: {points: 20, family: LB, strength: core}", &format!("score: {text}"))
}

fn replaced(path: &str, whole: &str, from: &str, to: &str) -> Vec<PackFile> {
    assert!(whole.contains(from), "`{path}` has no `{from}`");
    files(&[(path, &whole.replacen(from, to, 1))])
}

fn filter(text: &str) -> Vec<PackFile> {
    let child = RULE
        .replace("labour.fee", "labour.child")
        .replace("LB04", "CH01")
        .replace("points: 20, family: LB, strength: core", "points: 60, family: CH, strength: strong");
    files(&[("filters/local.a.yaml", text), ("labour/labour.child.yaml", &child)])
}

fn without(path: &str) -> Vec<PackFile> {
    files(&[]).into_iter().filter(|file| file.path != path).collect()
}

/// Files that show a code.
fn case(code: &str) -> Vec<PackFile> {
    match code {
        "bad-bands" => replaced("pack.yaml", PACK, "review: 30", "review: 5"),
        "bad-indicator-id" => replaced("indicators.yaml", INDICATORS, "LB05", "LB5"),
        "bad-pattern" => patterns("  both: {concept: job-offer, entity: money}\n"),
        "bad-profile" => files(&[("sites/board.example.yaml", "format: 1\n")]),
        "bad-regex" => patterns("  bad: {regex: '(?<=a)b', languages: [en]}\n"),
        "bad-rule-id" => rule("id: labour.fee", "id: Labour Fee"),
        "bad-term" => replaced("lexicons/en.yaml", ENGLISH, "hiring", "(hiring"),
        "boundless-filter" => filter("format: 1\nid: local.a\ntitle: All\nrules: [labour.fee]\n"),
        "condition-syntax" => condition(">-\n  job\n  and near(fee, job, 12) fee"),
        "condition-too-deep" => condition(&"(".repeat(50)),
        "condition-too-long" => condition(&"job and ".repeat(600)),
        "context-scores" => score("{points: 20, family: LB, strength: context}"),
        "contradicted-scores" => rule("[LB04]", "[LB05]"),
        "document-wide-guard" => {
            let english = ENGLISH.to_string() + "  no-fee: {terms: [no fee]}\n";
            let rule = RULE
                .replace("  fee: {", "  free: {concept: no-fee}\n  fee: {")
                .replace("condition: job and", "condition: job and not free and");
            files(&[(PATH, &rule), ("lexicons/en.yaml", &english)])
        }
        "duplicate-pattern" => rule_with(&[
            ("  job: {concept: job-offer}\n", "  job: {concept: job-offer}\n  work: {concept: job-offer}\n"),
            ("near(fee, job, 12)", "near(fee, work, 12)"),
        ]),
        "duplicate-rule" => files(&[("other/labour.fee.yaml", RULE)]),
        "empty-regex" => patterns("  empty: {regex: 'a*', languages: [en]}\n"),
        "example-without-term" => replaced("lexicons/en.yaml", ENGLISH, "Packers wanted now", "Packers at work"),
        "expired" => rule("indicators", "review_by: 2026-05-31\nindicators"),
        "few-examples" => rule("    - {text: 'Cleaners wanted against a deposit.'}\n", ""),
        "file-too-large" => files(&[("labour/labour.large.yaml", &"# padding\n".repeat(110_000))]),
        "invariant-condition" => condition("job or not job"),
        "misplaced-file" => files(&[("labour/labour.other.yaml", &RULE.replace("labour.fee", "labour.another"))]),
        "needless-suppression" => rule("patterns", "suppress: {few-examples: one form only}\npatterns"),
        "negative-family" => score("{points: 20, family: PR, strength: core}"),
        "negative-raises" => score("{points: 5, family: PR, strength: negative}"),
        "no-hard-negative" => rule(", hard: true", ""),
        "no-indicator" => rule("[LB04]", "[]"),
        "no-language" => patterns("  own: {words: [fee]}\n"),
        "no-pack-file" => without("pack.yaml"),
        "no-points" => score("{points: 0, family: LB, strength: core}"),
        "no-reason" => rule_with(&[
            (
                "patterns",
                "suppress: {no-hard-negative: ' '}
patterns",
            ),
            (", hard: true", ""),
        ]),
        "no-reference" => rule("references: [", "related: {}\n# ["),
        "not-utf8" => {
            let mut given = files(&[]);
            given.push(PackFile { path: "labour/labour.x.yaml".into(), bytes: vec![0xff, b'a'] });
            given
        }
        "sensitive-alone" => {
            rule("condition: job and near(fee, job, 12)", "sensitive: gender\ncondition: job or near(fee, job, 12)")
        }
        "sensitive-strong" => rule("strength: core}", "strength: strong}\nsensitive: age"),
        "slow-pattern" => rule("  fee: {concept: recruitment-fee}", "  fee: {regex: 'fee.*paid', languages: [en]}"),
        "spared-rule" => filter("format: 1\nid: local.a\ntitle: Some\nrules: [labour.*]\nscope: {sources: [board]}\n"),
        "too-many-findings" => {
            let terms = "'(', ".repeat(101);
            replaced("lexicons/en.yaml", ENGLISH, "[wanted, hiring]", &format!("[{terms}wanted]"))
        }
        "too-many-patterns" => {
            let many: String = (0..100).map(|index| format!("  p{index:02}: {{entity: money}}\n")).collect();
            patterns(&many)
        }
        "too-many-points" => score("{points: 101, family: LB, strength: core}"),
        "unguarded-negation" => condition(">-\n  job and near(fee, job, 12)\n  and not entity.age.min < 18"),
        "unknown-code" => rule("patterns", "suppress: {few-example: one form only}\npatterns"),
        "unknown-concept" => rule("{concept: recruitment-fee}", "{concept: recruitment-fees}"),
        "unknown-entity" => condition("job and fee and entity.age.mean < 18"),
        "unknown-family" => replaced("pack.yaml", PACK, "LB:", "QQ:"),
        "unknown-field" => rule("title: A fee", "titel: A fee"),
        "unknown-format" => rule("format: 1", "format: 2"),
        "unknown-indicator" => rule("[LB04]", "[LB04, LB99]"),
        "unknown-kind" => condition("job and fee and kind in [poem]"),
        "unknown-name" => condition("job and near(fees, job, 12)"),
        "unknown-rule" => {
            filter("format: 1\nid: local.a\ntitle: Some\nrules: [labour.gone]\nscope: {sources: [board]}\n")
        }
        "unsatisfiable-condition" => {
            condition("job and near(fee, job, 12) and (fee or entity.age.min < 18 and entity.age.min > 20)")
        }
        "unused-name" => patterns("  money: {entity: money}\n"),
        "window-too-wide" => condition(">-\n  job\n  and near(fee, job, 60)"),
        "wrong-operand" => condition("job and fee and entity.age.min == young"),
        "yaml" => rule("indicators: [LB04]", "indicators: [LB04"),
        "yaml-feature" => rule("title: A fee is asked", "title: &name A fee is asked"),
        "version-not-raised" => Vec::new(),
        other => panic!("`{other}` has no files that show it; add them here"),
    }
}

fn shown(code: &str) -> String {
    let found = if code == "version-not-raised" {
        lint_versions(&files(&[]), &score("{points: 25, family: LB, strength: core}")).unwrap()
    } else {
        findings(&case(code))
    };
    found.iter().map(|finding| format!("{finding}\n\n")).collect()
}

#[test]
fn every_code_has_its_golden_text() {
    for code in CODES {
        let text = shown(code.name);
        assert_eq!(text.matches("--> ").count(), text.matches("= help: ").count(), "each says how to mend it: {text}");
        assert!(text.contains(&format!("[{}]", code.name)), "the files for `{}` do not show it:\n{text}", code.name);
        expect_file![format!("golden/{}.txt", code.name)].assert_eq(&text);
    }
}

#[test]
fn no_golden_is_left_of_a_code_that_is_gone() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rules/golden");
    let kept: BTreeSet<String> = std::path::Path::new(folder)
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().trim_end_matches(".txt").to_string())
        .collect();
    let known: BTreeSet<String> = CODES.iter().map(|code| code.name.to_string()).collect();
    assert_eq!(kept, known);
}

#[test]
fn the_small_pack_itself_has_no_finding() {
    let found = findings(&files(&[]));
    assert!(found.is_empty(), "{}", found[0]);
}

#[test]
fn a_warning_is_silenced_with_a_reason() {
    let silenced = ("patterns", "suppress: {no-hard-negative: nobody writes so}\npatterns");
    let given = rule_with(&[silenced, (", hard: true", "")]);
    assert!(findings(&given).is_empty());
    let lexicon =
        ENGLISH.replace("Packers wanted now", "Packers at work") + "suppress: {example-without-term: a title}\n";
    assert!(findings(&files(&[("lexicons/en.yaml", &lexicon)])).is_empty());
}

#[test]
fn a_version_may_stay_with_a_reason() {
    let given = rule("score: {points: 20", "suppress: {version-not-raised: never published}\nscore: {points: 25");
    assert!(lint_versions(&files(&[]), &given).unwrap().is_empty());
}

#[test]
fn the_documentation_tells_every_code() {
    let page = include_str!("../../../../docs/RULES.md");
    let untold: Vec<&str> =
        CODES.iter().map(|code| code.name).filter(|code| !page.contains(&format!("`{code}`"))).collect();
    assert!(untold.is_empty(), "docs/RULES.md does not tell {untold:?}");
}
