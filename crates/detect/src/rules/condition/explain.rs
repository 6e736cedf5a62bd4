//! What every clause of a condition said of a listing, and what the listing has there.

use serde::{Deserialize, Serialize};

use super::evaluate::{distance, distinct_texts, for_each_pair};
use super::{Condition, Facts, Operand, evaluate};
use crate::entity::{Path, Value};

/// What a clause said of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    True,
    /// It does not.
    False,
    /// It reads an entity that the listing does not have; counts as false.
    NotAvailable,
}

/// A clause of a condition with its verdict and its parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// The clause as it could be written.
    pub text: String,
    /// What it said.
    pub verdict: Verdict,
    /// What the listing has there: a number of places, the best distance, a value.
    pub found: String,
    /// How many words stand between the nearest two places, for `near` and `before`; `None` where there are no two.
    pub distance: Option<usize>,
    /// The clauses of which it is made.
    pub parts: Vec<Clause>,
}

/// The tree of clauses with the verdict of each; `names` are the rule's pattern names.
pub(crate) fn explain(condition: &Condition, facts: &Facts<'_>, names: &[&str]) -> Clause {
    let mut missing = Vec::new();
    let holds = evaluate(condition, facts, &mut missing);
    let parts = match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().map(|part| explain(part, facts, names)).collect(),
        Condition::Not(inner) => vec![explain(inner, facts, names)],
        _ => Vec::new(),
    };
    let verdict = match (holds, missing.is_empty() || !parts.is_empty()) {
        (true, _) => Verdict::True,
        (false, true) => Verdict::False,
        (false, false) => Verdict::NotAvailable,
    };
    let distance = best_distance(condition, facts);
    Clause {
        text: describe(condition, names),
        verdict,
        found: found(condition, facts, names, distance),
        distance,
        parts,
    }
}

/// The fewest words between two places that a clause on their distance may take.
fn best_distance(condition: &Condition, facts: &Facts<'_>) -> Option<usize> {
    let (one, other, in_order) = match condition {
        Condition::Near { one, other, .. } => (*one, *other, false),
        Condition::Before { first, second, .. } => (*first, *second, true),
        _ => return None,
    };
    let mut best: Option<usize> = None;
    for_each_pair(facts, one, other, &mut |left, right| {
        if let Some(words) = distance(facts, left, right).filter(|_| !in_order || left.end <= right.start) {
            best = Some(best.map_or(words, |known| known.min(words)));
        }
    });
    best
}

fn found(condition: &Condition, facts: &Facts<'_>, names: &[&str], distance: Option<usize>) -> String {
    let absent = |patterns: &[usize]| {
        let absent = patterns.iter().filter(|pattern| facts.matches[**pattern].is_empty());
        absent.map(|pattern| names[*pattern]).collect::<Vec<_>>().join(", ")
    };
    let apart = |patterns: &[usize], never: &str| match (distance, absent(patterns).as_str()) {
        (Some(1), _) => "1 word between the nearest".to_string(),
        (Some(words), _) => format!("{words} words between the nearest"),
        (None, "") => never.to_string(),
        (None, absent) => format!("no place of {absent}"),
    };
    match condition {
        Condition::All(_) | Condition::Any(_) | Condition::Not(_) => String::new(),
        Condition::Pattern { pattern, field } => {
            let fits = |place: &&super::Match| field.is_none_or(|field| place.field == field);
            places(facts.matches[*pattern].iter().filter(fits).count())
        }
        Condition::Near { one, other, .. } => apart(&[*one, *other], "never in one field, or overlapping"),
        Condition::Before { first, second, .. } => apart(&[*first, *second], "never in that order"),
        Condition::SameSentence(patterns) => match absent(patterns).as_str() {
            "" => "all have places".to_string(),
            absent => format!("no place of {absent}"),
        },
        Condition::Count { pattern, .. } => places(facts.matches[*pattern].len()),
        Condition::Distinct { pattern, .. } => {
            format!("{} different", distinct_texts(&facts.matches[*pattern], facts.reading))
        }
        Condition::Of { patterns, .. } => {
            let matched = patterns.iter().filter(|pattern| !facts.matches[**pattern].is_empty());
            let matched: Vec<&str> = matched.map(|pattern| names[*pattern]).collect();
            if matched.is_empty() { "none of them".to_string() } else { matched.join(", ") }
        }
        Condition::Entity { path, operand: Operand::Path(other), .. } => {
            format!("{} and {}", values(facts, *path), values(facts, *other))
        }
        Condition::Entity { path, .. } | Condition::Known(path) => values(facts, *path),
        Condition::Lang(_) => facts.lang.unwrap_or("unknown language").to_string(),
        Condition::Kind(_) => facts.kind.to_string(),
    }
}

fn places(number: usize) -> String {
    match number {
        0 => "no place".to_string(),
        1 => "1 place".to_string(),
        more => format!("{more} places"),
    }
}

/// The values of a path; they are counts, codes and sums, never a contact.
fn values(facts: &Facts<'_>, path: Path) -> String {
    let spelled = facts.entities.values(path).into_iter().map(|value| match value {
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text,
        Value::Truth(truth) => truth.to_string(),
    });
    let mut spelled: Vec<String> = spelled.collect();
    spelled.dedup();
    if spelled.is_empty() { "not available".to_string() } else { spelled.join(", ") }
}

/// A condition as it could be written.
pub(crate) fn spell(condition: &Condition, names: &[&str]) -> String {
    let inner = |part: &Condition| match part {
        Condition::All(_) | Condition::Any(_) => format!("({})", spell(part, names)),
        _ => spell(part, names),
    };
    match condition {
        Condition::All(parts) => parts.iter().map(inner).collect::<Vec<_>>().join(" and "),
        Condition::Any(parts) => parts.iter().map(inner).collect::<Vec<_>>().join(" or "),
        Condition::Not(part) => format!("not {}", inner(part)),
        _ => describe(condition, names),
    }
}

fn describe(condition: &Condition, names: &[&str]) -> String {
    let list = |patterns: &[usize]| patterns.iter().map(|pattern| names[*pattern]).collect::<Vec<_>>().join(", ");
    match condition {
        Condition::All(_) => "all of these".to_string(),
        Condition::Any(_) => "one of these".to_string(),
        Condition::Not(_) => "not".to_string(),
        Condition::Pattern { pattern, field: None } => names[*pattern].to_string(),
        Condition::Pattern { pattern, field: Some(field) } => format!("{field}:{}", names[*pattern]),
        Condition::Near { one, other, within } => format!("near({}, {}, {within})", names[*one], names[*other]),
        Condition::Before { first, second, within } => {
            format!("before({}, {}, {within})", names[*first], names[*second])
        }
        Condition::SameSentence(patterns) => format!("same_sentence({})", list(patterns)),
        Condition::Count { pattern, comparison, number } => {
            format!("count({}) {} {number}", names[*pattern], comparison.as_str())
        }
        Condition::Distinct { pattern, comparison, number } => {
            format!("distinct({}) {} {number}", names[*pattern], comparison.as_str())
        }
        Condition::Of { least, patterns } => format!("{least} of ({})", list(patterns)),
        Condition::Entity { path, comparison, operand } => {
            let right = match operand {
                Operand::Number(number) => number.to_string(),
                Operand::Text(text) => text.clone(),
                Operand::Truth(truth) => truth.to_string(),
                Operand::Path(other) => other.to_string(),
            };
            format!("{path} {} {right}", comparison.as_str())
        }
        Condition::Known(path) => format!("known({path})"),
        Condition::Lang(languages) => format!("lang in [{}]", languages.join(", ")),
        Condition::Kind(kinds) => {
            format!("kind in [{}]", kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", "))
        }
    }
}
