//! Findings about a pack that compiles: what a careful colleague would say of its rules.

use lapwing_types::{RuleStatus, Strength};

use super::condition::Condition;
use super::diagnostic::{Diagnostic, Place, Reporter};
use super::pack::Pack;
use super::rule::Rule;
use crate::matcher::LanguageId;

/// Looks at every rule; `today` is an ISO 8601 date by which `review_by` is judged.
pub fn lint(pack: &Pack, today: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in &pack.rules {
        let mut reporter = Reporter::new(&rule.file, "");
        lint_rule(rule, today, &mut reporter);
        found.extend(reporter.found.into_iter().filter(|finding| !rule.suppress.contains_key(&finding.code)));
    }
    for filter in &pack.filters {
        let mut reporter = Reporter::new(filter.file(), "");
        lint_filter(&filter.gate, today, &mut reporter);
        found.extend(reporter.found.into_iter().filter(|finding| !filter.gate.suppress.contains_key(&finding.code)));
    }
    lexicon_examples(pack, &mut found);
    found
}

fn lint_filter(gate: &Rule, today: &str, reporter: &mut Reporter<'_>) {
    if !gate.written_condition.is_empty() && (gate.matching.is_empty() || gate.not_matching.is_empty()) {
        let message = "a filter asks for an example that it leaves out and one that it lets through";
        reporter.warning("few-examples", gate.place, message, "add invented adverts under `match` and `no_match`");
    }
    expired(gate, today, reporter);
    unused_patterns(gate, reporter);
    unguarded_negation(gate, reporter);
}

fn expired(rule: &Rule, today: &str, reporter: &mut Reporter<'_>) {
    if let Some(day) = rule.review_by.as_deref().filter(|day| *day < today) {
        let message = format!("it should have been looked at by {day}");
        reporter.warning("expired", rule.place, message, "look at it and move the day");
    }
}

/// Each concept's example must hold one of its terms in that language.
fn lexicon_examples(pack: &Pack, found: &mut Vec<Diagnostic>) {
    for example in &pack.lexicon_examples {
        let Some(pattern) = example.pattern else { continue };
        let mut holds = false;
        let in_language = |language: LanguageId| pack.language_tags[usize::from(language.0)] == example.language;
        pack.matcher.for_each(&crate::text::fold(&example.sentence).text, &in_language, &mut |place| {
            holds |= place.pattern == pattern;
        });
        if !holds {
            let file = format!("lexicons/{}.yaml", example.language);
            let mut reporter = Reporter::new(&file, "");
            let message = format!("the example of `{}` holds none of its terms", example.concept);
            reporter.warning("example-without-term", example.place, message, "change the example or add its term");
            found.append(&mut reporter.found);
        }
    }
}

fn lint_rule(rule: &Rule, today: &str, reporter: &mut Reporter<'_>) {
    let place = rule.place;
    if rule.references.is_empty() && rule.status != RuleStatus::Draft {
        reporter.warning("no-reference", place, "the rule names no reference", "name a work and what it supports");
    }
    if rule.matching.len() < 3 {
        let message = format!("{} examples that match; 3 are asked", rule.matching.len());
        reporter.warning("few-examples", place, message, "add invented adverts");
    }
    if rule.not_matching.len() < 3 {
        let message = format!("{} examples that do not match; 3 are asked", rule.not_matching.len());
        reporter.warning("few-examples", place, message, "add invented adverts that look alike");
    }
    if !rule.not_matching.iter().any(|example| example.hard) {
        let help = "add an honest advert that looks alike, with `hard: true`";
        reporter.warning("no-hard-negative", place, "no example is marked as a hard negative", help);
    }
    expired(rule, today, reporter);
    if rule.sensitive && matches!(rule.strength, Strength::Strong) {
        let message = "a rule on a sensitive attribute may not be strong";
        reporter.warning("sensitive-strong", place, message, "it scores only beside two other families");
    }
    unused_patterns(rule, reporter);
    unguarded_negation(rule, reporter);
}

fn unused_patterns(rule: &Rule, reporter: &mut Reporter<'_>) {
    let mut used = vec![false; rule.patterns.len()];
    let conditions = std::iter::once(&rule.condition).chain(rule.boosts.iter().map(|(condition, _)| condition));
    for condition in conditions {
        condition.for_each_pattern(&mut |pattern| used[pattern] = true);
    }
    for pattern in &rule.patterns {
        for guard in &pattern.unless {
            used[*guard] = true;
        }
    }
    for (pattern, _) in rule.patterns.iter().zip(&used).filter(|(_, used)| !**used) {
        let message = format!("pattern `{}` is used nowhere", pattern.name);
        reporter.warning("unused-name", pattern.place, message, "remove it or use it");
    }
}

/// A negated clause on an entity is true when the entity is missing: `known(…) and not …` says what is meant.
fn unguarded_negation(rule: &Rule, reporter: &mut Reporter<'_>) {
    let mut known = Vec::new();
    collect_known(&rule.condition, &mut known);
    rule.condition.for_each_path(
        &mut |path, negated| {
            if negated && !known.contains(&path) {
                let message = format!("`not` on `{path}` also holds where there is none");
                let help = format!("write `known({path}) and not …`");
                reporter.warning("unguarded-negation", Place { line: rule.place.line, column: 1 }, message, help);
            }
        },
        false,
    );
}

fn collect_known(condition: &Condition, known: &mut Vec<crate::entity::Path>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| collect_known(part, known)),
        Condition::Not(inner) => collect_known(inner, known),
        Condition::Known(path) => known.push(*path),
        _ => {}
    }
}
