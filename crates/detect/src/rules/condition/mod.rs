//! The condition of a rule: one line of logic over its patterns and the entities of the listing.

mod evaluate;
mod explain;
mod parse;

pub(crate) use evaluate::{Facts, Match, evaluate, for_each_witness};
pub use explain::{Clause, Verdict};
pub(crate) use explain::{explain, spell};
pub(crate) use parse::parse;

use lapwing_types::{Field, Kind};

use crate::entity::Path;

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    pub(crate) fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// The right side of an entity comparison.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Number(f64),
    Text(String),
    Truth(bool),
    Path(Path),
}

/// A condition in its valid form. Patterns are numbers into the rule's list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Pattern { pattern: usize, field: Option<Field> },
    Near { one: usize, other: usize, within: usize },
    Before { first: usize, second: usize, within: usize },
    SameSentence(Vec<usize>),
    Count { pattern: usize, comparison: Comparison, number: usize },
    Distinct { pattern: usize, comparison: Comparison, number: usize },
    Of { least: usize, patterns: Vec<usize> },
    Entity { path: Path, comparison: Comparison, operand: Operand },
    Known(Path),
    Lang(Vec<String>),
    Kind(Vec<Kind>),
}

impl Condition {
    /// Whether the condition could hold, judged by nothing but which patterns have any place. Never says no wrongly;
    /// most rules of a pack are put aside by it.
    pub(crate) fn may_hold(&self, is_present: &impl Fn(usize) -> bool) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.may_hold(is_present)),
            Self::Any(parts) => parts.iter().any(|part| part.may_hold(is_present)),
            Self::Pattern { pattern, .. } => is_present(*pattern),
            Self::Near { one, other, .. } | Self::Before { first: one, second: other, .. } => {
                is_present(*one) && is_present(*other)
            }
            Self::SameSentence(patterns) => patterns.iter().all(|pattern| is_present(*pattern)),
            Self::Count { pattern, comparison, number } | Self::Distinct { pattern, comparison, number } => {
                comparison.holds(&0, number) || is_present(*pattern)
            }
            Self::Of { least, patterns } => patterns.iter().filter(|pattern| is_present(**pattern)).count() >= *least,
            Self::Not(_) | Self::Entity { .. } | Self::Known(_) | Self::Lang(_) | Self::Kind(_) => true,
        }
    }

    /// Calls a function for every pattern that the condition names.
    pub(crate) fn for_each_pattern(&self, visit: &mut impl FnMut(usize)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.for_each_pattern(visit)),
            Self::Not(inner) => inner.for_each_pattern(visit),
            Self::Pattern { pattern, .. } | Self::Count { pattern, .. } | Self::Distinct { pattern, .. } => {
                visit(*pattern);
            }
            Self::Near { one, other, .. } => [*one, *other].into_iter().for_each(visit),
            Self::Before { first, second, .. } => [*first, *second].into_iter().for_each(visit),
            Self::SameSentence(patterns) | Self::Of { patterns, .. } => patterns.iter().copied().for_each(visit),
            Self::Entity { .. } | Self::Known(_) | Self::Lang(_) | Self::Kind(_) => {}
        }
    }

    /// Calls a function for every entity path that the condition reads.
    pub(crate) fn for_each_path(&self, visit: &mut impl FnMut(Path, bool), negated: bool) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().for_each(|part| part.for_each_path(visit, negated));
            }
            Self::Not(inner) => inner.for_each_path(visit, !negated),
            Self::Entity { path, operand, .. } => {
                visit(*path, negated);
                if let Operand::Path(other) = operand {
                    visit(*other, negated);
                }
            }
            _ => {}
        }
    }
}
