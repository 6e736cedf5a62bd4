//! A rule's examples are its tests: each is read as a listing and the rule is asked.

use lapwing_types::{Listing, Notice};
use serde::Serialize;

use super::pack::Pack;
use super::rule::{Example, Rule};
use crate::detector::{hits_of_rule, leaves_out};

/// An example that did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExampleFailure {
    /// Which rule.
    pub rule: String,
    /// The file and line of the example.
    pub place: String,
    /// What was expected and what came.
    pub message: String,
    /// The beginning of the example's text.
    pub text: String,
}

/// What the examples of a pack showed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ExampleReport {
    /// How many rules have examples.
    pub rules: usize,
    /// How many filters were asked.
    pub filters: usize,
    /// How many examples were run.
    pub examples: usize,
    /// Those that failed.
    pub failures: Vec<ExampleFailure>,
    /// All, in the order in which they were run.
    #[serde(skip)]
    pub cases: Vec<ExampleCase>,
}

/// One example that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleCase {
    /// Which rule or filter.
    pub rule: String,
    /// `match`, `no_match` or `todo_match`.
    pub list: &'static str,
    /// The file and line of the example.
    pub place: String,
    /// What was expected and what came, where the two differ.
    pub failure: Option<String>,
}

impl ExampleReport {
    fn add(&mut self, rule: &str, file: &str, list: &'static str, example: &Example, failure: Option<String>) {
        let place = format!("{file}:{}", example.place.line);
        self.examples += 1;
        if let Some(message) = &failure {
            self.failures.push(ExampleFailure {
                rule: rule.to_string(),
                place: place.clone(),
                message: message.clone(),
                text: example.text.chars().take(100).collect(),
            });
        }
        self.cases.push(ExampleCase { rule: rule.to_string(), list, place, failure });
    }
}

/// Runs the examples of all rules and filters, or of those whose id `select` accepts.
pub fn run_examples(pack: &Pack, select: &dyn Fn(&str) -> bool) -> ExampleReport {
    let mut report = ExampleReport::default();
    for rule in pack.rules.iter().filter(|rule| select(rule.id.as_str())) {
        report.rules += 1;
        for (list, examples, expectation) in [
            ("match", &rule.matching, Expectation::Match),
            ("no_match", &rule.not_matching, Expectation::NoMatch),
            ("todo_match", &rule.todo, Expectation::NotYet),
        ] {
            for example in examples {
                report.add(rule.id.as_str(), &rule.file, list, example, run(pack, rule, example, expectation));
            }
        }
    }
    run_filter_examples(pack, select, &mut report);
    report
}

fn run_filter_examples(pack: &Pack, select: &dyn Fn(&str) -> bool, report: &mut ExampleReport) {
    for filter in pack.filters.iter().filter(|filter| select(filter.id.as_str())) {
        report.filters += 1;
        for (list, examples, expected) in
            [("match", filter.matching(), true), ("no_match", filter.not_matching(), false)]
        {
            for example in examples {
                let failure = match leaves_out(pack, filter, &listing_of(example), &notices_of(example)) {
                    found if found == expected => None,
                    true => Some("should let this through and leaves it out".to_string()),
                    false => Some("should leave this out and lets it through".to_string()),
                };
                report.add(filter.id.as_str(), filter.file(), list, example, failure);
            }
        }
    }
}

fn notices_of(example: &Example) -> Vec<Notice> {
    if example.hidden_text { vec![Notice::new("hidden-text", "the page hid text")] } else { Vec::new() }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expectation {
    Match,
    NoMatch,
    NotYet,
}

fn run(pack: &Pack, rule: &Rule, example: &Example, expectation: Expectation) -> Option<String> {
    let listing = listing_of(example);
    let points = hits_of_rule(pack, rule, &listing, &notices_of(example));
    match (expectation, points) {
        (Expectation::Match, None) => Some("should match and does not".to_string()),
        (Expectation::NoMatch, Some(_)) => Some("should not match and does".to_string()),
        (Expectation::NotYet, Some(_)) => Some("matches now; move it from `todo_match` to `match`".to_string()),
        (Expectation::Match, Some(points)) => match example.score {
            Some(expected) if expected != points => Some(format!("should score {expected} and scores {points}")),
            _ => None,
        },
        _ => None,
    }
}

/// The listing that an example stands for.
pub(crate) fn listing_of(example: &Example) -> Listing {
    Listing {
        title: example.title.clone(),
        body: example.text.clone(),
        kind: example.kind,
        lang: example.lang.clone(),
        source: example.source.clone().unwrap_or_default(),
        location: example.location.clone(),
        price: example.price.clone(),
        ..Listing::default()
    }
}
