//! Whether a condition holds for a listing, and which places make it hold.

use super::{Comparison, Condition, Operand};
use crate::entity::{Entities, Path, Value};
use crate::reading::Reading;
use lapwing_types::{Field, Kind, View};

/// A place that a pattern matched, in the original text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Match {
    pub(crate) field: Field,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) view: View,
}

/// What a condition is asked of.
pub(crate) struct Facts<'a> {
    /// The matches of each pattern of the rule, in order.
    pub(crate) matches: &'a [Vec<Match>],
    pub(crate) entities: &'a Entities,
    pub(crate) reading: &'a Reading<'a>,
    pub(crate) lang: Option<&'a str>,
    pub(crate) kind: Kind,
}

/// Whether a condition holds. Paths whose value is missing are added to `missing`; a clause on one is false.
pub(crate) fn evaluate(condition: &Condition, facts: &Facts<'_>, missing: &mut Vec<Path>) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().all(|part| evaluate(part, facts, missing)),
        Condition::Any(parts) => parts.iter().any(|part| evaluate(part, facts, missing)),
        Condition::Not(inner) => !evaluate(inner, facts, missing),
        Condition::Entity { path, comparison, operand } => compare(*path, *comparison, operand, facts, missing),
        Condition::Known(path) => !facts.entities.values(*path).is_empty(),
        Condition::Lang(languages) => facts.lang.is_some_and(|lang| languages.iter().any(|one| one == lang)),
        Condition::Kind(kinds) => kinds.contains(&facts.kind),
        Condition::Count { pattern, comparison, number } => comparison.holds(&facts.matches[*pattern].len(), number),
        Condition::Distinct { pattern, comparison, number } => {
            comparison.holds(&distinct_texts(&facts.matches[*pattern], facts.reading), number)
        }
        Condition::Pattern { pattern, field } => {
            let fits = |found: &Match| field.is_none_or(|field| found.field == field);
            facts.matches[*pattern].iter().any(fits)
        }
        Condition::Of { least, patterns } => {
            patterns.iter().filter(|pattern| !facts.matches[**pattern].is_empty()).count() >= *least
        }
        Condition::Near { .. } | Condition::Before { .. } | Condition::SameSentence(_) => {
            let mut found = false;
            for_each_witness(condition, facts, &mut |_, _| found = true);
            found
        }
    }
}

/// Calls a function for each pattern's match that takes part in making the condition true.
pub(crate) fn for_each_witness(condition: &Condition, facts: &Facts<'_>, visit: &mut impl FnMut(usize, Match)) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                for_each_witness_dyn(part, facts, visit);
            }
        }
        Condition::Pattern { pattern, field } => {
            for found in &facts.matches[*pattern] {
                if field.is_none_or(|field| found.field == field) {
                    visit(*pattern, *found);
                }
            }
        }
        Condition::Count { pattern, .. } | Condition::Distinct { pattern, .. } => {
            facts.matches[*pattern].iter().for_each(|found| visit(*pattern, *found));
        }
        Condition::Of { patterns, .. } => {
            for pattern in patterns {
                facts.matches[*pattern].iter().for_each(|found| visit(*pattern, *found));
            }
        }
        Condition::Near { one, other, within } => {
            for_each_pair(facts, *one, *other, &mut |left, right| {
                if distance(facts, left, right).is_some_and(|distance| distance <= *within) {
                    visit(*one, *left);
                    visit(*other, *right);
                }
            });
        }
        Condition::Before { first, second, within } => {
            for_each_pair(facts, *first, *second, &mut |left, right| {
                let in_order = left.end <= right.start;
                if in_order && distance(facts, left, right).is_some_and(|distance| distance <= *within) {
                    visit(*first, *left);
                    visit(*second, *right);
                }
            });
        }
        Condition::SameSentence(patterns) => same_sentence(patterns, facts, visit),
        Condition::Not(_)
        | Condition::Entity { .. }
        | Condition::Known(_)
        | Condition::Lang(_)
        | Condition::Kind(_) => {}
    }
}

/// Breaks the recursion of generic instances.
fn for_each_witness_dyn(condition: &Condition, facts: &Facts<'_>, visit: &mut dyn FnMut(usize, Match)) {
    for_each_witness(condition, facts, &mut |pattern, found| visit(pattern, found));
}

pub(super) fn for_each_pair(facts: &Facts<'_>, one: usize, other: usize, visit: &mut dyn FnMut(&Match, &Match)) {
    for left in &facts.matches[one] {
        for right in &facts.matches[other] {
            if left.field == right.field {
                visit(left, right);
            }
        }
    }
}

pub(super) fn distance(facts: &Facts<'_>, left: &Match, right: &Match) -> Option<usize> {
    facts.reading.tokens(left.field).between((left.start, left.end), (right.start, right.end))
}

fn same_sentence(patterns: &[usize], facts: &Facts<'_>, visit: &mut dyn FnMut(usize, Match)) {
    let Some((first, others)) = patterns.split_first() else { return };
    let sentence = |found: &Match| {
        facts.reading.tokens(found.field).sentence(found.start, found.end).map(|sentence| (found.field, sentence))
    };
    for found in &facts.matches[*first] {
        let Some(place) = sentence(found) else { continue };
        let beside: Vec<_> = others
            .iter()
            .map(|other| facts.matches[*other].iter().find(|candidate| sentence(candidate) == Some(place)))
            .collect();
        if beside.iter().all(Option::is_some) {
            visit(*first, *found);
            for (other, candidate) in others.iter().zip(beside.into_iter().flatten()) {
                visit(*other, *candidate);
            }
        }
    }
}

pub(super) fn distinct_texts(matches: &[Match], reading: &Reading<'_>) -> usize {
    let mut texts: Vec<String> =
        matches.iter().map(|found| reading.original(found.field, found.start, found.end).to_lowercase()).collect();
    texts.sort_unstable();
    texts.dedup();
    texts.len()
}

fn compare(path: Path, comparison: Comparison, operand: &Operand, facts: &Facts<'_>, missing: &mut Vec<Path>) -> bool {
    let left = facts.entities.values(path);
    let right = match operand {
        Operand::Number(number) => vec![Value::Number(*number)],
        Operand::Text(text) => vec![Value::Text(text.clone())],
        Operand::Truth(truth) => vec![Value::Truth(*truth)],
        Operand::Path(other) => facts.entities.values(*other),
    };
    if left.is_empty() {
        missing.push(path);
    }
    if let (true, Operand::Path(other)) = (right.is_empty(), operand) {
        missing.push(*other);
    }
    left.iter().any(|one| right.iter().any(|other| comparison.holds(one, other)))
}
