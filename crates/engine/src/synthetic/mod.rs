//! Larger sets of invented, labelled adverts for tests of scale: as many as are asked for, the same for the same seed,
//! written one by one so that memory does not grow with them.
//!
//! They are made by a small grammar, so a model or a rule that does well on them has shown that it can read much, not
//! that it reads well: for that there are the listings of `fixtures/`, which people wrote.

mod advert;
mod draw;
mod fiction;
mod grammar;
mod plan;
mod tricks;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::error::{EngineError, Result};
use advert::Advert;
use draw::Draw;
use grammar::Grammar;
use plan::{Plan, Row};

/// How often the caller is told how far the writing is.
const TOLD_EACH: u64 = 1_024;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntheticRequest {
    /// Decides everything; the same seed gives the same bytes.
    pub seed: u64,
    /// How many listings.
    pub count: u64,
    /// The share that is labelled 1.
    pub positives: f64,
    /// The share that repeats an earlier advert with other names, numbers, towns and a changed word or two.
    pub duplicates: f64,
    /// Their languages; all that there are where none is named.
    pub languages: Vec<String>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SyntheticSummary {
    /// The seed that gives the same again.
    pub seed: u64,
    /// How many listings.
    pub listings: u64,
    /// How many of them are labelled 1.
    pub positives: u64,
    /// How many of them repeat an earlier one.
    pub duplicates: u64,
    /// How many clusters they form; an advert that is not repeated is one of its own.
    pub clusters: u64,
    /// How many stand in each slice.
    pub slices: BTreeMap<&'static str, u64>,
    /// How many are in each language.
    pub languages: BTreeMap<String, u64>,
}

/// The languages in which adverts can be made.
pub fn synthetic_languages() -> Vec<String> {
    grammar::all().iter().map(|grammar| grammar.language.clone()).collect()
}

/// Writes invented labelled listings as JSON lines, in the format of `fixtures/README.md`. `progress` hears now and
/// then how many were written.
///
/// # Errors
/// Where the request makes no sense, before anything is written, or where the output cannot be written.
pub fn generate_synthetic(
    request: &SyntheticRequest,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64),
) -> Result<SyntheticSummary> {
    let grammars = checked(request)?;
    write_all(request, &grammars, out, progress).map_err(|source| EngineError::Output { source })
}

/// Whether the request makes sense.
///
/// # Errors
/// Where it does not; the sentence says how to mend it.
pub fn check_synthetic(request: &SyntheticRequest) -> Result<()> {
    checked(request).map(|_| ())
}

/// The grammars of the request's languages.
fn checked(request: &SyntheticRequest) -> Result<Vec<&'static Grammar>> {
    if request.count == 0 {
        return Err(EngineError::Request("`--count 0` asks for no listing; give 1 or more".to_string()));
    }
    for (name, share) in [("positives", request.positives), ("duplicates", request.duplicates)] {
        if !(0.0..=1.0).contains(&share) {
            return Err(EngineError::Request(format!(
                "`--{name} {share}` is not a share between 0 and 1; write 0.2 for a fifth"
            )));
        }
    }
    let mut chosen: Vec<&'static Grammar> = Vec::new();
    for language in &request.languages {
        let Some(grammar) = grammar::all().iter().find(|grammar| grammar.language == language.trim()) else {
            let known = synthetic_languages().join(", ");
            return Err(EngineError::Request(format!(
                "`--lang` names `{language}`, in which no adverts can be made; choose among {known}"
            )));
        };
        if !chosen.iter().any(|other| other.language == grammar.language) {
            chosen.push(grammar);
        }
    }
    Ok(if chosen.is_empty() { grammar::all().iter().collect() } else { chosen })
}

fn write_all(
    request: &SyntheticRequest,
    grammars: &[&Grammar],
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64),
) -> io::Result<SyntheticSummary> {
    let mut plan = Plan::new(request, Draw::new(request.seed));
    let mut summary = SyntheticSummary {
        seed: request.seed,
        listings: 0,
        positives: 0,
        duplicates: 0,
        clusters: 0,
        slices: BTreeMap::new(),
        languages: BTreeMap::new(),
    };
    while let Some(row) = plan.next_row(grammars) {
        let grammar = grammars[row.origin.language];
        write_row(&row, grammar, out)?;
        summary.count(&row, grammar);
        if summary.listings.is_multiple_of(TOLD_EACH) {
            progress(summary.listings);
        }
    }
    out.flush()?;
    progress(summary.listings);
    Ok(summary)
}

impl SyntheticSummary {
    fn count(&mut self, row: &Row, grammar: &Grammar) {
        let slice = row.origin.slice;
        self.listings += 1;
        self.positives += u64::from(slice.label());
        self.duplicates += u64::from(row.repeats);
        self.clusters += u64::from(!row.repeats);
        *self.slices.entry(slice.as_str()).or_default() += 1;
        match self.languages.get_mut(&grammar.language) {
            Some(count) => *count += 1,
            None => drop(self.languages.insert(grammar.language.clone(), 1)),
        }
    }
}

/// A line; the fields stand in the order of the fixtures.
#[derive(Serialize)]
struct Line<'a> {
    external_id: String,
    kind: &'a str,
    lang: &'a str,
    source: &'a str,
    title: &'a str,
    body: &'a str,
    location: Option<&'a str>,
    price: Option<&'a str>,
    contacts: &'a [advert::Contact],
    posted_at: Option<&'a str>,
    label: u8,
    families: &'a [&'a str],
    cluster: String,
    slice: &'a str,
    why: &'a str,
}

fn write_row(row: &Row, grammar: &Grammar, out: &mut dyn Write) -> io::Result<()> {
    let Advert { scene, title, body, location, price, contacts, posted_at, families } = advert::write(row, grammar);
    let id = |number: u64| format!("sy-{}-{number:07}", grammar.language);
    let line = Line {
        external_id: id(row.number),
        kind: scene.kind.as_str(),
        lang: &grammar.language,
        source: "synthetic",
        title: &title,
        body: &body,
        location: location.as_deref(),
        price: price.as_deref(),
        contacts: &contacts,
        posted_at: posted_at.as_deref(),
        label: row.origin.slice.label(),
        families: &families,
        cluster: id(row.origin.number),
        slice: row.origin.slice.as_str(),
        why: &scene.why,
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    fn request(seed: u64, count: u64) -> SyntheticRequest {
        SyntheticRequest { seed, count, positives: 0.4, duplicates: 0.3, languages: Vec::new() }
    }

    fn written(request: &SyntheticRequest) -> (Vec<Value>, SyntheticSummary) {
        let mut out = Vec::new();
        let summary = generate_synthetic(request, &mut out, &mut |_| ()).expect("a Vec takes everything");
        let text = String::from_utf8(out).expect("JSON is UTF-8");
        (text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect(), summary)
    }

    #[test]
    fn every_scene_of_every_language_comes_up() {
        let (lines, summary) = written(&request(1, 6_000));
        let seen: BTreeSet<(String, String)> =
            lines.iter().map(|line| (line["lang"].to_string(), line["why"].to_string())).collect();
        assert_eq!(seen.len(), 16 * synthetic_languages().len());
        assert_eq!(summary.languages.len(), synthetic_languages().len());
        assert_eq!(summary.slices.len(), 5);
    }

    #[test]
    fn no_slot_stays_open() {
        for line in written(&request(2, 3_000)).0 {
            for field in ["title", "body", "price", "location"] {
                let text = line[field].as_str().unwrap_or_default();
                assert!(!text.contains(['{', '}']), "{line}");
            }
            assert!(!line["title"].as_str().unwrap_or_default().is_empty());
        }
    }

    #[test]
    fn shares_hold_to_the_listing_at_their_ends_too() {
        for (positives, duplicates, count) in [(0.0, 0.0, 50), (1.0, 1.0, 50), (0.013, 0.5, 1_000), (0.5, 0.97, 333)] {
            let asked = SyntheticRequest { positives, duplicates, ..request(3, count) };
            let summary = written(&asked).1;
            assert_eq!(summary.positives, (count as f64 * positives).round() as u64);
            // The first of each label repeats nothing.
            let most = (count as f64 * duplicates).round() as u64;
            assert!((most.saturating_sub(2)..=most).contains(&summary.duplicates), "{summary:?}");
            assert_eq!(summary.clusters + summary.duplicates, count);
        }
    }

    #[test]
    fn the_caller_hears_how_far_it_is() {
        let mut told = Vec::new();
        generate_synthetic(&request(4, 2_500), &mut io::sink(), &mut |done| told.push(done)).expect("a sink takes all");
        assert_eq!(told, [1_024, 2_048, 2_500]);
    }
}
