//! What no file may say: words that the program never uses of a person, and paths of somebody's machine.

use regex::Regex;

use crate::fault::{Fault, assert_none, places};
use crate::rust::{RustFile, line_of, rust_files};
use crate::tree::{self, TextFile};

/// A hit is a reason to look, never a finding about a person.
const NEVER_SAID: &str = r"(?i)\bvictims?\b|\btraffickers?\b|\bprobability\s+of\s+trafficking\b";

/// Lines of rules that a reviewer reads on the screen.
const SHOWN_BY_RULES: &str = r"^\s*(?:-\s*)?(?:explain|title|sentence)\s*:";

/// Folders that exist on one machine alone.
const PRIVATE_PATH: &str = r"(?:^|[^\w.~-])/(?:work|root|home|tmp)/";

fn strings_of_the_program(files: &[RustFile]) -> Vec<Fault> {
    let words = Regex::new(NEVER_SAID).unwrap();
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| is_program(&file.path)) {
        for found in words.find_iter(&file.strings) {
            let line = line_of(&file.strings, found.start());
            if !file.is_test(line) {
                faults.push(Fault::new(&file.path, line, format!("`{}` is never said", found.as_str())));
            }
        }
    }
    faults
}

/// Pages, styles and the like that lie beside the code and are embedded.
fn texts_of_the_program(files: &[TextFile]) -> Vec<Fault> {
    let words = Regex::new(NEVER_SAID).unwrap();
    faults_by_line(files, |line| words.find(line).map(|found| format!("`{}` is never said", found.as_str())))
}

fn texts_of_the_rules(files: &[TextFile]) -> Vec<Fault> {
    let (shown, words) = (Regex::new(SHOWN_BY_RULES).unwrap(), Regex::new(NEVER_SAID).unwrap());
    faults_by_line(files, |line| {
        let found = words.find(line).filter(|_| shown.is_match(line))?;
        Some(format!("`{}` is never said", found.as_str()))
    })
}

fn private_paths(files: &[TextFile]) -> Vec<Fault> {
    let path = Regex::new(PRIVATE_PATH).unwrap();
    faults_by_line(files, |line| path.find(line).map(|found| format!("`{}` is a path of one machine", found.as_str())))
}

fn faults_by_line(files: &[TextFile], judge: impl Fn(&str) -> Option<String>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            faults.extend(judge(line).map(|what| Fault::new(&file.path, index + 1, what)));
        }
    }
    faults
}

fn is_program(path: &str) -> bool {
    path.starts_with("crates/") && path.contains("/src/")
}

/// Tests may use any path; they run on one machine.
fn may_name_no_machine(path: &str) -> bool {
    !path.split('/').any(|part| part == "tests") && path != "Cargo.lock"
}

#[test]
fn the_program_never_says_what_it_cannot_know() {
    assert_none(&strings_of_the_program(&rust_files()));
    assert_none(&texts_of_the_program(&tree::text_files(|path| is_program(path) && !path.ends_with(".rs"))));
}

#[test]
fn rules_never_show_what_nobody_can_know() {
    assert_none(&texts_of_the_rules(&tree::text_files(|path| path.starts_with("rules/") && path.ends_with(".yaml"))));
}

#[test]
fn no_file_names_a_path_of_one_machine() {
    let files = tree::text_files(may_name_no_machine);
    let outside_tests = |fault: &Fault| !is_test_line(fault);
    let faults: Vec<Fault> = private_paths(&files).into_iter().filter(outside_tests).collect();
    assert_none(&faults);
}

fn is_test_line(fault: &Fault) -> bool {
    rust_files().iter().any(|file| file.path == fault.path && file.is_test(fault.line))
}

fn said(text: &str) -> Vec<String> {
    places(&strings_of_the_program(&[RustFile::new(TextFile::new("crates/a/src/b.rs", text))]))
}

#[test]
fn a_forbidden_word_in_a_string_is_found() {
    assert_eq!(said("fn a() -> &'static str {\n  \"a Victim was seen\"\n}\n"), ["crates/a/src/b.rs:2"]);
    assert_eq!(said("const A: &str = \"probability of\n  trafficking\";\n"), ["crates/a/src/b.rs:1"]);
}

#[test]
fn comments_and_tests_may_forbid_it() {
    assert!(said("// never \"victim\"\nfn a() {}\n").is_empty());
    assert!(said("#[cfg(test)]\nmod tests {\n  const A: &str = \"trafficker\";\n}\n").is_empty());
}

#[test]
fn a_forbidden_word_in_an_embedded_page_is_found() {
    let page = TextFile::new("crates/a/src/page.html", "<p>\n<b>Trafficker</b>\n");
    assert_eq!(places(&texts_of_the_program(&[page])), ["crates/a/src/page.html:2"]);
}

#[test]
fn a_forbidden_word_shown_by_a_rule_is_found_and_one_it_looks_for_is_not() {
    let rule = "about:\n  explain: \"A victim: {quote}\"\npatterns:\n  a: {words: [victim]}\n";
    assert_eq!(places(&texts_of_the_rules(&[TextFile::new("rules/a/b.yaml", rule)])), ["rules/a/b.yaml:2"]);
}

#[test]
fn a_private_path_is_found_and_an_address_on_the_web_is_not() {
    let text = "ok: https://example.com/home/page\npath = \"/home/somebody/a\"\n/work/a\n";
    assert_eq!(places(&private_paths(&[TextFile::new("docs/A.md", text)])), ["docs/A.md:2", "docs/A.md:3"]);
}
