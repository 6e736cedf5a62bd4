//! A Rust file taken apart into code, strings and comments, so that a check reads only what it means, and split into
//! program and tests.

use std::collections::BTreeSet;

use crate::tree::{self, TextFile};

/// A Rust file; the three views have the lines and columns of the file, with blanks for what they leave out.
pub(crate) struct RustFile {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) code: String,
    pub(crate) strings: String,
    test_lines: TestLines,
}

enum TestLines {
    All,
    Some(BTreeSet<usize>),
}

/// All Rust files of the repository.
pub(crate) fn rust_files() -> Vec<RustFile> {
    read_together(tree::text_files(|path| path.ends_with(".rs")))
}

/// Files of one project: a file that another one declares as `#[cfg(test)] mod name;` is a test.
pub(crate) fn read_together(files: Vec<TextFile>) -> Vec<RustFile> {
    let mut read: Vec<RustFile> = files.into_iter().map(RustFile::new).collect();
    let declared: BTreeSet<String> = read.iter().flat_map(test_modules).collect();
    for file in &mut read {
        if declared.contains(&file.path) {
            file.test_lines = TestLines::All;
        }
    }
    read
}

impl RustFile {
    pub(crate) fn new(file: TextFile) -> Self {
        let (code, strings) = take_apart(&file.text);
        let test_lines = if is_test_path(&file.path) {
            TestLines::All
        } else {
            TestLines::Some(
                test_regions(&code).into_iter().flat_map(|region| region.first_line..=region.last_line).collect(),
            )
        };
        Self { path: file.path, text: file.text, code, strings, test_lines }
    }

    /// Whether the line, counted from one, belongs to a test.
    pub(crate) fn is_test(&self, line: usize) -> bool {
        match &self.test_lines {
            TestLines::All => true,
            TestLines::Some(lines) => lines.contains(&line),
        }
    }
}

fn is_test_path(path: &str) -> bool {
    path.starts_with("benches/") || path.split('/').any(|part| matches!(part, "tests" | "benches"))
}

/// Code without strings and comments, and strings without anything else.
fn take_apart(text: &str) -> (String, String) {
    let characters: Vec<char> = text.chars().collect();
    let mut views = Views { code: String::new(), strings: String::new() };
    let mut at = 0;
    while at < characters.len() {
        let rest = &characters[at..];
        let (length, part) = next_part(rest, at.checked_sub(1).map(|before| characters[before]));
        for character in &rest[..length] {
            views.push(*character, part);
        }
        at += length;
    }
    (views.code, views.strings)
}

struct Views {
    code: String,
    strings: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Code,
    Text,
    Comment,
}

impl Views {
    fn push(&mut self, character: char, part: Part) {
        let blank = if character == '\n' { '\n' } else { ' ' };
        self.code.push(if part == Part::Code { character } else { blank });
        self.strings.push(if part == Part::Text { character } else { blank });
    }
}

/// The length and kind of what starts here.
fn next_part(rest: &[char], before: Option<char>) -> (usize, Part) {
    let follows_word = before.is_some_and(|character| character.is_alphanumeric() || character == '_');
    match rest {
        ['/', '/', ..] => (length_until(rest, |tail| tail.starts_with(&['\n'])), Part::Comment),
        ['/', '*', ..] => (block_comment(rest), Part::Comment),
        ['"', ..] => (quoted(rest, 0), Part::Text),
        ['b' | 'c', '"', ..] if !follows_word => (quoted(rest, 1), Part::Text),
        ['r', '"' | '#', ..] if !follows_word => raw_string(rest, 1),
        ['b' | 'c', 'r', '"' | '#', ..] if !follows_word => raw_string(rest, 2),
        ['\'', '\\', ..] => (1 + quoted_until(&rest[1..], '\''), Part::Text),
        ['\'', _, '\'', ..] => (3, Part::Text),
        _ => (1, Part::Code),
    }
}

fn length_until(rest: &[char], stop: impl Fn(&[char]) -> bool) -> usize {
    (0..rest.len()).find(|at| stop(&rest[*at..])).unwrap_or(rest.len())
}

fn block_comment(rest: &[char]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => {
                depth += 1;
                at += 2;
            }
            ['*', '/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn quoted(rest: &[char], prefix: usize) -> usize {
    prefix + 1 + quoted_until(&rest[prefix + 1..], '"')
}

/// The length up to and with the closing quote; a backslash guards the character after it.
fn quoted_until(rest: &[char], quote: char) -> usize {
    let mut at = 0;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            character if character == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`; `r#name` is code.
fn raw_string(rest: &[char], prefix: usize) -> (usize, Part) {
    let hashes = rest[prefix..].iter().take_while(|character| **character == '#').count();
    let start = prefix + hashes + 1;
    if rest.get(start - 1) != Some(&'"') {
        return (1, Part::Code);
    }
    let closing: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let length = length_until(&rest[start..], |tail| tail.starts_with(&closing));
    ((start + length + closing.len()).min(rest.len()), Part::Text)
}

/// The lines of one `#[cfg(test)]` item, and its head up to `{` or `;`.
struct TestRegion {
    first_line: usize,
    last_line: usize,
    head: String,
}

fn test_regions(code: &str) -> Vec<TestRegion> {
    let mut regions = Vec::new();
    for (start, attribute) in code.match_indices("#[cfg(test)]") {
        let after = &code[start + attribute.len()..];
        let head = after.find(['{', ';']).unwrap_or(after.len());
        let body = if after[head..].starts_with('{') { braces(&after[head..]) } else { 0 };
        let end = start + attribute.len() + head + body;
        regions.push(TestRegion {
            first_line: line_of(code, start),
            last_line: line_of(code, end),
            head: after[..head].to_string(),
        });
    }
    regions
}

/// The length from an opening brace to its closing one.
fn braces(code: &str) -> usize {
    let mut depth = 0;
    for (at, character) in code.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    code.len()
}

/// The line of a byte offset, counted from one.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// Where the files of `#[cfg(test)] mod name;` may lie.
fn test_modules(file: &RustFile) -> Vec<String> {
    let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    let stem = name.trim_end_matches(".rs");
    let below = if matches!(stem, "lib" | "main" | "mod") { folder.to_string() } else { format!("{folder}/{stem}") };
    let mut found = Vec::new();
    for region in test_regions(&file.code) {
        let mut words = region.head.split_whitespace().skip_while(|word| *word != "mod").skip(1);
        if let (Some(module), None) = (words.next(), words.next()) {
            found.extend([format!("{below}/{module}.rs"), format!("{below}/{module}/mod.rs")]);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{RustFile, read_together, take_apart};
    use crate::tree::TextFile;

    fn code(text: &str) -> String {
        take_apart(text).0.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn strings(text: &str) -> String {
        take_apart(text).1.trim().to_string()
    }

    #[test]
    fn comments_are_not_code() {
        assert_eq!(code("a // b\nc /* d /* e */ f */ g"), "a c g");
    }

    #[test]
    fn strings_are_not_code() {
        assert_eq!(code(r##"a("// b", r#"c"d"#, b"e", '"', '\'', f)"##), "a( , , , , , f)");
    }

    #[test]
    fn lifetimes_and_raw_names_are_code() {
        assert_eq!(code("fn a<'b>(r#type: &'b str) {}"), "fn a<'b>(r#type: &'b str) {}");
    }

    #[test]
    fn an_escaped_quote_does_not_end_a_string() {
        assert_eq!(strings(r#"a("b\"c") + d"#), r#""b\"c""#);
    }

    #[test]
    fn views_keep_the_lines() {
        let text = "a\n\"b\nc\"\n// d\ne\n";
        let (code, strings) = take_apart(text);
        assert_eq!((code.lines().count(), strings.lines().count()), (5, 5));
    }

    #[test]
    fn a_test_module_ends_with_its_brace() {
        let file =
            TextFile::new("crates/a/src/b.rs", "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() {}\n}\nfn c() {}\n");
        let file = RustFile::new(file);
        let tests: Vec<usize> = (1..=6).filter(|line| file.is_test(*line)).collect();
        assert_eq!(tests, [2, 3, 4, 5]);
    }

    #[test]
    fn a_module_declared_for_tests_is_a_test() {
        let files = read_together(vec![
            TextFile::new("crates/a/src/lib.rs", "#[cfg(test)]\nmod samples;\nmod real;\n"),
            TextFile::new("crates/a/src/samples.rs", "fn a() {}\n"),
            TextFile::new("crates/a/src/real.rs", "#[cfg(test)]\nmod tests;\nfn b() {}\n"),
            TextFile::new("crates/a/src/real/tests.rs", "fn c() {}\n"),
        ]);
        let tests: Vec<&str> = files.iter().filter(|file| file.is_test(9)).map(|file| file.path.as_str()).collect();
        assert_eq!(tests, ["crates/a/src/samples.rs", "crates/a/src/real/tests.rs"]);
    }

    #[test]
    fn what_lies_in_tests_or_benches_is_a_test() {
        let is_test = |path| RustFile::new(TextFile::new(path, "fn a() {}\n")).is_test(1);
        assert!(is_test("crates/a/tests/b.rs") && is_test("benches/src/lib.rs"));
        assert!(!is_test("crates/a/src/tests.rs") && !is_test("crates/a/build.rs"));
    }
}
