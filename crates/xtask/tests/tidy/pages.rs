//! Each page of docs can be found from the README, and no link between pages is broken.

use std::collections::BTreeSet;

use regex::Regex;

use crate::fault::{Fault, assert_none, places};
use crate::tree::{self, TextFile};

/// A link of a page: the line it stands on, its target without anchor, resolved to a path below the root.
struct Link {
    line: usize,
    target: String,
}

fn link_faults(pages: &[TextFile], all_paths: &[String]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for page in pages {
        for link in links(page) {
            let folder = format!("{}/", link.target.trim_end_matches('/'));
            let exists = all_paths.iter().any(|path| *path == link.target || path.starts_with(&folder));
            if !exists {
                faults.push(Fault::new(&page.path, link.line, format!("links to `{}`, which is missing", link.target)));
            }
        }
    }
    faults
}

/// Pages of docs that neither README names.
fn orphan_faults(pages: &[TextFile]) -> Vec<Fault> {
    let is_entrance = |path: &str| matches!(path, "README.md" | "docs/README.md");
    let entrances = pages.iter().filter(|page| is_entrance(&page.path));
    let linked: BTreeSet<String> = entrances.flat_map(links).map(|link| link.target).collect();
    let is_page = |path: &str| path.starts_with("docs/") && path.matches('/').count() == 1 && !is_entrance(path);
    let orphans = pages.iter().filter(|page| is_page(&page.path) && !linked.contains(&page.path));
    orphans.map(|page| Fault::new(&page.path, 1, "README.md does not link to this page")).collect()
}

/// Links to files of the repository; addresses, anchors and what stands in code are left out.
fn links(page: &TextFile) -> Vec<Link> {
    let pattern = Regex::new(r"\]\(<?([^)\s>]+)>?\)").unwrap();
    let code = Regex::new(r"`[^`]*`").unwrap();
    let mut found = Vec::new();
    let mut fenced = false;
    for (index, line) in page.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        let line = code.replace_all(line, "");
        for captures in pattern.captures_iter(&line) {
            let target = captures[1].split('#').next().unwrap_or_default().to_string();
            if !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:") {
                found.push(Link { line: index + 1, target: resolve(&page.path, &target) });
            }
        }
    }
    found
}

/// `../rules/pack.yaml` in `docs/A.md` is `rules/pack.yaml`.
fn resolve(page: &str, target: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn pages() -> Vec<TextFile> {
    tree::text_files(|path| path.ends_with(".md"))
}

#[test]
fn links_lead_to_files() {
    assert_none(&link_faults(&pages(), &tree::paths()));
}

#[test]
fn the_readme_links_to_every_page_of_docs() {
    assert_none(&orphan_faults(&pages()));
}

#[test]
fn a_broken_link_is_found() {
    let page = TextFile::new("docs/A.md", "see [b](B.md#c)\nand [d](../rules/pack.yaml), [e](gone.md)\n");
    let paths = ["docs/A.md", "docs/B.md", "rules/pack.yaml"].map(str::to_string);
    assert_eq!(places(&link_faults(&[page], &paths)), ["docs/A.md:2"]);
}

#[test]
fn folders_addresses_and_code_are_no_broken_links() {
    let text = "[a](rules/) [b](https://example.com) [c](#d)\n`[e](f)`\n```\n[g](h)\n```\n";
    assert!(link_faults(&[TextFile::new("README.md", text)], &["rules/pack.yaml".to_string()]).is_empty());
}

#[test]
fn a_page_that_nobody_links_to_is_found() {
    let readme = TextFile::new("README.md", "[a](docs/A.md)\n");
    let pages = [readme, TextFile::new("docs/A.md", "[b](B.md)\n"), TextFile::new("docs/B.md", "")];
    assert_eq!(places(&orphan_faults(&pages)), ["docs/B.md:1"]);
}
