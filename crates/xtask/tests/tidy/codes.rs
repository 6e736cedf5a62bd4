//! Every code that a program prints is explained: people look for it in the documentation.

use std::collections::BTreeMap;

use regex::Regex;

use crate::fault::{Fault, assert_none, places};
use crate::rust::{RustFile, line_of, rust_files};
use crate::tree::{self, TextFile};

/// A folder of code, the pattern whose first group is a code there, and the page that explains it.
const EXPLAINED: [(&str, &str, &str); 2] = [
    ("crates/detect/src/rules/", r#"\b(?:error|warning)\(\s*"([a-z]+(?:-[a-z]+)*)""#, "docs/RULES.md"),
    ("crates/evidence/src/report.rs", r"(?m)^    ([A-Z][A-Za-z]+),$", "docs/EVIDENCE.md"),
];

/// Codes whose name the page does not hold in backticks.
fn unexplained(files: &[&RustFile], pattern: &str, page: &TextFile) -> Vec<Fault> {
    let pattern = Regex::new(pattern).unwrap();
    let mut faults = BTreeMap::new();
    for file in files {
        for found in pattern.captures_iter(&file.text) {
            let (code, line) = (kebab_case(&found[1]), line_of(&file.text, found.get(0).unwrap().start()));
            if !file.is_test(line) && !page.text.contains(&format!("`{code}`")) {
                let what = format!("`{code}` is not explained in {}", page.path);
                faults.entry(code).or_insert_with(|| Fault::new(&file.path, line, what));
            }
        }
    }
    faults.into_values().collect()
}

/// `FileMissing` is printed as `file-missing`.
fn kebab_case(name: &str) -> String {
    let mut code = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !code.is_empty() {
            code.push('-');
        }
        code.push(character.to_ascii_lowercase());
    }
    code
}

#[test]
fn the_documentation_explains_every_code() {
    let files = rust_files();
    for (folder, pattern, page) in EXPLAINED {
        let pages = tree::text_files(|path| path == page);
        let page = pages.first().unwrap_or_else(|| panic!("{page} is missing"));
        let code: Vec<&RustFile> = files.iter().filter(|file| file.path.starts_with(folder)).collect();
        assert!(!code.is_empty(), "{folder} holds no Rust file");
        assert_none(&unexplained(&code, pattern, page));
    }
}

#[test]
fn an_unexplained_code_is_found() {
    let text = "fn a() {\n  reporter.error(\n    \"bad-term\", b);\n  error(\"known-code\", c);\n}\n";
    let file = RustFile::new(TextFile::new("crates/a/src/b.rs", text));
    let page = TextFile::new("docs/A.md", "| `known-code` | … |");
    assert_eq!(places(&unexplained(&[&file], EXPLAINED[0].1, &page)), ["crates/a/src/b.rs:2"]);
}

#[test]
fn an_unexplained_finding_is_found() {
    let text = "enum Code {\n    /// Gone.\n    FileMissing,\n}\n";
    let file = RustFile::new(TextFile::new("crates/a/src/b.rs", text));
    let page = TextFile::new("docs/A.md", "`file-changed`");
    assert_eq!(places(&unexplained(&[&file], EXPLAINED[1].1, &page)), ["crates/a/src/b.rs:3"]);
}
