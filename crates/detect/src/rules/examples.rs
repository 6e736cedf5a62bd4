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
}

/// Runs the examples of all rules and filters, or of those whose id `select` accepts.
pub fn run_examples(pack: &Pack, select: &dyn Fn(&str) -> bool) -> ExampleReport {
    let mut report = ExampleReport::default();
    for rule in pack.rules.iter().filter(|rule| select(rule.id.as_str())) {
        report.rules += 1;
        for (examples, expectation) in [
            (&rule.matching, Expectation::Match),
            (&rule.not_matching, Expectation::NoMatch),
            (&rule.todo, Expectation::NotYet),
        ] {
            for example in examples {
                report.examples += 1;
                if let Some(message) = run(pack, rule, example, expectation) {
                    report.failures.push(failure(rule.id.as_str(), &rule.file, example, message));
                }
            }
        }
    }
    run_filter_examples(pack, select, &mut report);
    report
}

fn run_filter_examples(pack: &Pack, select: &dyn Fn(&str) -> bool, report: &mut ExampleReport) {
    for filter in pack.filters.iter().filter(|filter| select(filter.id.as_str())) {
        report.filters += 1;
        for (examples, expected) in [(filter.matching(), true), (filter.not_matching(), false)] {
            for example in examples {
                report.examples += 1;
                let message = match leaves_out(pack, filter, &listing_of(example), &notices_of(example)) {
                    found if found == expected => continue,
                    true => "should let this through and leaves it out",
                    false => "should leave this out and lets it through",
                };
                report.failures.push(failure(filter.id.as_str(), filter.file(), example, message.to_string()));
            }
        }
    }
}

fn failure(rule: &str, file: &str, example: &Example, message: String) -> ExampleFailure {
    ExampleFailure {
        rule: rule.to_string(),
        place: format!("{file}:{}", example.place.line),
        message,
        text: example.text.chars().take(100).collect(),
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
