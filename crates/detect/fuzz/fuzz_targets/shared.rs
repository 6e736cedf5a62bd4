//! A pack of one rule, into which a target puts what it tries.

use lapwing_detect::{Pack, PackFile};

/// A text as YAML and JSON quote it.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() || !(' '..='\u{d7ff}').contains(&c) => quoted.push_str(&format!("\\U{:08x}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// Loads a pack with one rule of two patterns and a condition, all already quoted.
pub(crate) fn load(term: &str, condition: &str) -> Option<Pack> {
    let rule = format!(
        "format: 1\nid: labour.test\ntitle: Test\nversion: 1\nstatus: active\nowner: desk\nreview_by: 2099-01-01\n\
         indicators: [LB04]\nevidence: listed\nabout: {{what: a, why: b, explain: 'c {{quote}}', false_positives: [d], ask_the_reviewer: [e]}}\n\
         references: [{{title: t, supports: s}}]\nscope: {{kinds: [job_ad]}}\nsensitive: none\n\
         patterns:\n  a: {{words: [{term}], languages: [en]}}\n  b: {{words: [fee], languages: [en]}}\ncondition: {condition}\n\
         score: {{points: 25, family: LB, strength: core}}\nexamples: {{match: [], no_match: []}}\n"
    );
    let file = |path: &str, text: &str| PackFile { path: path.into(), bytes: text.as_bytes().to_vec() };
    let files =
        vec![file("pack.yaml", PACK), file("indicators.yaml", CATALOGUE), file("labour/labour.test.yaml", &rule)];
    Pack::load(&[files]).ok().map(|(pack, _)| pack)
}

const PACK: &str = "{format: 1, name: p, version: '1', licence: CC0-1.0, \
bands: {low: 10, review: 30, high: 55, urgent: 85}, families: {LB: {cap: 70}}}";
const CATALOGUE: &str = "{format: 1, indicators: {LB04: {family: LB, role: core, evidence: listed, observe: [text], \
sentence: s, pitfall: p, references: [{title: t, supports: s}]}}}";
