//! What holds for each Rust file: it says what it is for, it is small, nothing in it is unfinished, and what belongs to
//! one crate alone stands there alone.

use regex::Regex;

use crate::fault::{Fault, assert_none, places};
use crate::rust::{RustFile, line_of, rust_files};
use crate::tree::TextFile;

/// More lines than these and the file is two files.
const MOST_LINES: usize = 600;

fn file_faults(files: &[RustFile]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in files {
        if !file.text.starts_with("//!") {
            faults.push(Fault::new(&file.path, 1, "the first line does not start with `//!` and what the file is for"));
        }
        let lines = file.text.lines().count();
        if lines > MOST_LINES {
            faults.push(Fault::new(&file.path, lines, format!("{lines} lines; at most {MOST_LINES}")));
        }
    }
    faults
}

/// A pattern of code and where it may stand.
struct Reserved {
    pattern: &'static str,
    why: &'static str,
    tests_may: bool,
    allowed: &'static [&'static str],
}

const RESERVED: [Reserved; 9] = [
    Reserved { pattern: r"\btodo!\s*[(\[{]", why: "unfinished", tests_may: false, allowed: &[] },
    Reserved { pattern: r"\bunimplemented!\s*[(\[{]", why: "unfinished", tests_may: false, allowed: &[] },
    Reserved { pattern: r"\bdbg!\s*[(\[{]", why: "left from a search", tests_may: false, allowed: &[] },
    Reserved { pattern: r"#\[ignore\b", why: "a test that does not run is none", tests_may: false, allowed: &[] },
    Reserved {
        pattern: r"#!?\[\s*allow\s*\(|\bcfg_attr\s*\([^\]]*\ballow\s*\(",
        why: "use `#[expect(lint, reason = \"…\")]`",
        tests_may: false,
        allowed: &[],
    },
    Reserved {
        pattern: r"\bReviewer\s*::\s*authenticated\b",
        why: "only authentication makes a reviewer",
        tests_may: true,
        allowed: &["crates/engine/src/operator.rs", "crates/types/src/reviewer.rs"],
    },
    Reserved {
        pattern: r"\be?print(ln)?!\s*[(\[{]",
        why: "only the doors print",
        tests_may: true,
        allowed: &["crates/cli/", "crates/xtask/", "build.rs"],
    },
    Reserved {
        pattern: r"\breqwest\s*::|\bTcpStream\b|\bhyper\b",
        why: "only the crawl opens sockets to the web",
        tests_may: true,
        allowed: &["crates/crawl/", "fixtures/"],
    },
    Reserved {
        pattern: r"\bsqlx\b",
        why: "only the store speaks to databases",
        tests_may: true,
        allowed: &["crates/store/"],
    },
];

fn code_faults(files: &[RustFile], reserved: &Reserved) -> Vec<Fault> {
    let pattern = Regex::new(reserved.pattern).unwrap();
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| !reserved.allows(&file.path)) {
        for found in pattern.find_iter(&file.code) {
            let line = line_of(&file.code, found.start());
            if !(reserved.tests_may && file.is_test(line)) {
                faults.push(Fault::new(&file.path, line, format!("`{}`: {}", found.as_str(), reserved.why)));
            }
        }
    }
    faults
}

impl Reserved {
    /// Folders end with `/`; a bare name stands for files of that name.
    fn allows(&self, path: &str) -> bool {
        self.allowed.iter().any(|place| match place {
            folder if folder.ends_with('/') => path.starts_with(folder),
            file if file.contains('/') => path == *file,
            name => path.rsplit('/').next() == Some(name),
        })
    }
}

#[test]
fn files_say_what_they_are_for_and_are_small() {
    assert_none(&file_faults(&rust_files()));
}

#[test]
fn code_stands_where_it_belongs_and_is_finished() {
    let files = rust_files();
    let faults: Vec<Fault> = RESERVED.iter().flat_map(|reserved| code_faults(&files, reserved)).collect();
    assert_none(&faults);
}

fn file(path: &str, text: &str) -> RustFile {
    RustFile::new(TextFile::new(path, text))
}

/// The places that all reserved patterns together find in one made-up file.
fn found(path: &str, text: &str) -> Vec<String> {
    let files = [file(path, text)];
    places(&RESERVED.iter().flat_map(|reserved| code_faults(&files, reserved)).collect::<Vec<_>>())
}

#[test]
fn a_file_without_a_purpose_is_found() {
    let faults = file_faults(&[file("crates/a/build.rs", "fn main() {}\n"), file("b.rs", "//! Why.\n")]);
    assert_eq!(places(&faults), ["crates/a/build.rs:1"]);
}

#[test]
fn a_long_file_is_found() {
    let of_lines = |count: usize| format!("//! Long.\n{}", "\n".repeat(count - 1));
    assert_eq!(places(&file_faults(&[file("a.rs", &of_lines(601))])), ["a.rs:601"]);
    assert!(file_faults(&[file("a.rs", &of_lines(600))]).is_empty());
}

#[test]
fn unfinished_code_is_found_even_in_tests() {
    assert_eq!(found("crates/a/tests/b.rs", concat!("fn a() {\n  to", "do!()\n}\n")), ["crates/a/tests/b.rs:2"]);
    assert_eq!(found("a.rs", concat!("fn a() { unimple", "mented!(\"b\") }\n")), ["a.rs:1"]);
    assert_eq!(found("a.rs", concat!("\nfn a() { d", "bg!(1); }\n")), ["a.rs:2"]);
}

#[test]
fn ignored_tests_are_found() {
    assert_eq!(found("a.rs", concat!("#[test]\n#[ig", "nore = \"slow\"]\nfn a() {}\n")), ["a.rs:2"]);
    assert_eq!(found("a.rs", concat!("#[ig", "nore]\nfn a() {}\n")), ["a.rs:1"]);
}

#[test]
fn allowed_lints_are_found_and_expected_ones_pass() {
    assert_eq!(found("a.rs", "#![allow(dead_code)]\n"), ["a.rs:1"]);
    assert_eq!(found("a.rs", "#[cfg_attr(test, allow(dead_code))]\nfn a() {}\n"), ["a.rs:1"]);
    assert!(found("a.rs", "#[expect(dead_code, reason = \"allow(x)\")]\nfn a() {}\n").is_empty());
}

#[test]
fn a_reviewer_made_elsewhere_is_found() {
    let call = "fn a() { Reviewer::authenticated(\"b\", c); }\n";
    assert_eq!(found("crates/cli/src/main.rs", call), ["crates/cli/src/main.rs:1"]);
    assert!(found("crates/engine/src/operator.rs", call).is_empty());
    assert!(found("crates/store/tests/a.rs", call).is_empty());
}

#[test]
fn printing_libraries_are_found() {
    for call in ["println!(\"a\");", "eprint!(\"a\");"] {
        let text = format!("fn a() {{\n{call}\n}}\n");
        assert_eq!(found("crates/engine/src/a.rs", &text), ["crates/engine/src/a.rs:2"]);
        assert!(found("crates/cli/src/a.rs", &text).is_empty() && found("fixtures/build.rs", &text).is_empty());
    }
}

#[test]
fn sockets_and_databases_elsewhere_are_found() {
    assert_eq!(found("crates/engine/src/a.rs", "use reqwest::Client;\n"), ["crates/engine/src/a.rs:1"]);
    assert_eq!(found("crates/store/src/a.rs", "use std::net::TcpStream;\n"), ["crates/store/src/a.rs:1"]);
    assert_eq!(found("crates/engine/src/a.rs", "use sqlx::Row;\n"), ["crates/engine/src/a.rs:1"]);
    assert!(found("crates/crawl/src/a.rs", "use hyper::body;\n").is_empty());
}

#[test]
fn tests_comments_and_strings_may_name_what_is_reserved() {
    assert!(found("a.rs", "// println!()\nfn a() -> &'static str { \"sqlx\" }\n").is_empty());
    assert!(found("a.rs", "#[cfg(test)]\nmod tests {\n  fn a() { println!(\"b\"); }\n}\n").is_empty());
}
