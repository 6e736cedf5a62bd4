//! Files made to harm whoever loads them: each is refused within a second, with a finding that says why.

use std::time::{Duration, Instant};

use crate::authors::{RULE, pack};
use crate::support::{Ran, run};

const PATH: &str = "labour/labour.fee.yaml";
const LEXICON: &str = "lexicons/en.yaml";

/// What a hostile file may cost at most.
const ALLOWED: Duration = Duration::from_secs(1);

/// Runs the program, up to three times where it was slow: a machine that does other work besides is not its fault.
fn quickest(arguments: &[&str]) -> (Ran, Duration) {
    let timed = || {
        let start = Instant::now();
        let ran = run(arguments);
        (ran, start.elapsed())
    };
    let mut best = timed();
    for _ in 0..2 {
        if best.1 < ALLOWED {
            break;
        }
        let again = timed();
        if again.1 < best.1 {
            best = again;
        }
    }
    best
}

/// Lints the small pack with one file replaced; gives the codes found in it.
fn check(name: &str, path: &str, bytes: &[u8], expected: &str) {
    let (_folder, pack) = pack();
    let file = pack.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, bytes).unwrap();
    let (ran, taken) = quickest(&["rules", "lint", "--json", "--rules", pack.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{name}: {} {}", ran.out, ran.err);
    let found = ran.json_lines();
    let finding = found.iter().find(|finding| finding["code"] == expected);
    let finding =
        finding.unwrap_or_else(|| panic!("{name}: `{expected}` is not among {}", &ran.out[..ran.out.len().min(2_000)]));
    assert_eq!(finding["file"], path, "{name}");
    assert!(
        !finding["message"].as_str().unwrap().is_empty() && !finding["help"].as_str().unwrap().is_empty(),
        "{name}: {finding}"
    );
    assert!(ran.out.len() < 200_000, "{name}: {} bytes of findings", ran.out.len());
    assert!(taken < ALLOWED, "{name}: {taken:?}");
}

fn rule(from: &str, to: &str) -> Vec<u8> {
    assert!(RULE.contains(from));
    RULE.replacen(from, to, 1).into_bytes()
}

fn condition(text: &str) -> Vec<u8> {
    rule("condition: job and fee", &format!("condition: {text}"))
}

fn regex(text: &str) -> Vec<u8> {
    rule("  fee: {concept: fee}", &format!("  fee: {{regex: '{text}', languages: [en]}}"))
}

fn terms(text: &str) -> Vec<u8> {
    format!("format: 1\nlanguage: en\nconcepts:\n  fee: {{terms: [{text}]}}\n  job: {{terms: [job]}}\n").into_bytes()
}

#[test]
fn expressions() {
    check("a regex of a megabyte", PATH, &regex(&"a".repeat(1_000_000)), "bad-regex");
    check("a regex that nests", PATH, &regex(&format!("{}a{}", "(".repeat(1_900), ")".repeat(1_900))), "bad-regex");
    check("a regex that multiplies", PATH, &regex("((((a{100}){100}){100}){100}){100}"), "bad-regex");
    check("a regex of wide classes", PATH, &regex(r"(\w{1000}){1000}"), "bad-regex");
    let many: String = (0..5_000)
        .map(|index| format!("  p{index}: {{regex: '\\w{{{}}}', languages: [en]}}\n", 60 + index % 30))
        .collect();
    check("regexes without end", PATH, &rule("patterns:\n", &format!("patterns:\n{many}")), "too-many-patterns");
}

#[test]
fn conditions() {
    check("parentheses", PATH, &condition(&"(".repeat(10_000)), "condition-too-long");
    check("parentheses within the length", PATH, &condition(&"(".repeat(3_900)), "condition-too-deep");
    check("denials and parentheses", PATH, &condition(&"not (".repeat(700)), "condition-too-deep");
    check("a cycle of guards", PATH, &rule("{concept: fee}", "{concept: fee, unless: [fee]}"), "unknown-name");
    check("an unknown concept", PATH, &rule("{concept: fee}", "{concept: concept}"), "unknown-concept");
    let clauses: Vec<String> = (0..150).map(|index| format!("(job or not fee and count(job) > {index})")).collect();
    check(
        "a condition without an end to judge",
        PATH,
        &condition(&format!("{} and job and not job", clauses[..80].join(" and "))),
        "unsatisfiable-condition",
    );
}

#[test]
fn terms_of_lexicons() {
    check("parentheses", LEXICON, &terms(&format!("'{}a{}'", "(".repeat(10_000), ")".repeat(10_000))), "bad-term");
    check(
        "parentheses within the length",
        LEXICON,
        &terms(&format!("'{}a{}'", "(".repeat(700), ")".repeat(700))),
        "bad-term",
    );
    check("alternatives that multiply", LEXICON, &terms(&format!("'{}'", "(a|b)".repeat(200))), "bad-term");
    check("wrong terms without end", LEXICON, &terms(&"'(', ".repeat(180_000)), "too-many-findings");
}

#[test]
fn bytes() {
    check("no UTF-8", PATH, b"format: 1\nid: \xff\xfe\n", "not-utf8");
    check("NUL bytes", PATH, b"format: 1\0\nid: labour.fee\0\n", "yaml");
    check("nothing but NUL bytes", PATH, &[0; 100_000], "yaml");
    check("ten megabytes", PATH, &b"# padding\n".repeat(1_000_000), "file-too-large");
    check("ten megabytes on a line", LEXICON, &[b'['; 10_000_000], "file-too-large");
    check("an empty file", PATH, b"", "yaml");
    check("escapes for a terminal", PATH, "format: 1\nid: \u{1b}[2Jx\n".as_bytes(), "yaml");
}

#[test]
fn yaml() {
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (one, before) in "bcdefghi".chars().zip("abcdefgh".chars()) {
        bomb.push_str(&format!("{one}: &{one} [{}*{before}]\n", format!("*{before}, ").repeat(8)));
    }
    check("aliases that multiply", PATH, bomb.as_bytes(), "yaml-feature");
    check("an anchor on a key", PATH, &rule("title:", "&a title:"), "yaml-feature");
    check("an anchor in a list", PATH, &rule("[LB04]", "[&a LB04, *a]"), "yaml-feature");
    check("a tag", PATH, &rule("version: 1", "version: !!int 1"), "yaml-feature");
    check("a merge key", PATH, &rule("title:", "<<: {title: a}\ntitle:"), "yaml");
    check("two documents", PATH, &rule("title:", "---\ntitle:"), "yaml");
    for (name, piece) in [("lists", "["), ("mappings", "{a: "), ("dashes", "- "), ("questions", "? ")] {
        check(name, PATH, piece.repeat(200_000).as_bytes(), "yaml");
        check(name, LEXICON, format!("format: {}", piece.repeat(100_000)).as_bytes(), "yaml");
    }
    let steps: String = (0..1_400).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    check("indents", PATH, steps.as_bytes(), "unknown-field");
    check(
        "keys without end",
        PATH,
        (0..80_000).map(|key| format!("k{key}: 1\n")).collect::<String>().as_bytes(),
        "unknown-field",
    );
    check("a mapping of one key twice", PATH, &rule("title:", "title: a\ntitle:"), "yaml");
}

#[test]
fn fmt_is_as_quick() {
    let (_folder, pack) = pack();
    for bytes in [
        "[".repeat(1_000_000),
        "a, ".repeat(150_000),
        format!("terms: [{}a]\n", "a, ".repeat(100_000)),
        "- ".repeat(500_000),
    ] {
        let file = pack.join(LEXICON);
        std::fs::write(&file, bytes).unwrap();
        let (_, taken) = quickest(&["rules", "fmt", "--check", file.to_str().unwrap()]);
        assert!(taken < ALLOWED, "{taken:?}");
    }
}
