//! A rule in its valid form.

use std::collections::BTreeMap;

use serde::Serialize;

use lapwing_types::{EvidenceGrade, Family, Field, Kind, RuleId, RuleStatus, Strength, View};

use super::condition::Condition;
use super::diagnostic::Place;
use crate::entity::EntityKind;
use crate::matcher::{Expression, PatternId};

/// What a pattern of a rule looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Places of a text pattern, shared between the rules that name the same one.
    Text(PatternId),
    /// Places of a sort of entity.
    Entity(EntityKind),
}

/// What a pattern says that it looks for, as far as lints and figures ask.
#[derive(Debug, Clone)]
pub(crate) enum Written {
    Concept(String),
    Words,
    Expression(Expression),
    Entity,
}

/// A named pattern of a rule.
#[derive(Debug, Clone)]
pub(crate) struct RulePattern {
    pub(crate) name: String,
    pub(crate) written: Written,
    pub(crate) place: Place,
    pub(crate) source: Source,
    pub(crate) view: Option<View>,
    pub(crate) fields: Vec<Field>,
    /// A match is dropped when one of these patterns matches near it in the same sentence.
    pub(crate) unless: Vec<usize>,
    pub(crate) within: usize,
}

/// An example of a rule.
#[derive(Debug, Clone)]
pub struct Example {
    /// The body of the listing.
    pub text: String,
    /// Its title.
    pub title: String,
    /// Its kind; unknown where the example says nothing.
    pub kind: Kind,
    /// Its stated language.
    pub lang: Option<String>,
    /// Where it comes from; a filter may be for one source only.
    pub source: Option<String>,
    /// Its location.
    pub location: Option<String>,
    /// Its price.
    pub price: Option<String>,
    /// The points that the rule gives it, where the example says so.
    pub score: Option<i32>,
    /// Why it does not match.
    pub why: String,
    /// Whether it is a hard negative.
    pub hard: bool,
    /// Whether the page hid text.
    pub hidden_text: bool,
    pub(crate) place: Place,
}

/// A work that supports a rule or an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// Its title.
    pub title: String,
    /// Where it can be read.
    pub url: Option<String>,
    /// Its digital object identifier.
    pub doi: Option<String>,
    /// When it appeared.
    pub year: Option<u32>,
    /// What it supports.
    pub supports: Option<String>,
}

/// A compiled rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub id: RuleId,
    /// What it finds, in a few words.
    pub title: String,
    /// Rises when the logic changes.
    pub version: u32,
    /// Where it stands in its life.
    pub status: RuleStatus,
    /// Its family.
    pub family: Family,
    /// What a hit may do.
    pub strength: Strength,
    /// The points of a hit without boosts.
    pub points: i32,
    /// The indicators for which it looks.
    pub indicators: Vec<String>,
    /// How well these are supported.
    pub evidence: EvidenceGrade,
    /// The sentence for the reviewer, with `{quote}`.
    pub explain: String,
    /// What it finds and why that matters.
    pub about: String,
    /// Known false positives.
    pub false_positives: Vec<String>,
    /// Questions that help the reviewer.
    pub ask_the_reviewer: Vec<String>,
    /// The works that support it.
    pub references: Vec<Reference>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Rules that it came from or belongs with, by relation.
    pub related: BTreeMap<String, String>,
    /// Findings that do not apply here, by code, each with the reason.
    pub suppress: BTreeMap<String, String>,
    /// The day after which somebody must look at it again.
    pub review_by: Option<String>,
    /// Kinds of listing for which it is; empty for all.
    pub kinds: Vec<Kind>,
    /// Languages for which it is; empty for all.
    pub languages: Vec<String>,
    /// Whether it touches on a sensitive attribute.
    pub sensitive: bool,
    /// Examples that must match.
    pub matching: Vec<Example>,
    /// Examples that must not match.
    pub not_matching: Vec<Example>,
    /// Examples that do not match yet; an error once they do.
    pub todo: Vec<Example>,
    /// The condition as written.
    pub written_condition: String,
    /// The file it came from.
    pub file: String,
    pub(crate) patterns: Vec<RulePattern>,
    pub(crate) condition: Condition,
    pub(crate) boosts: Vec<(Condition, i32)>,
    pub(crate) place: Place,
    pub(crate) places: Places,
    /// The file's text, for the lines that findings show.
    pub(crate) text: String,
}

/// Where parts of a rule stand, for findings.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    pub(crate) condition: Place,
    pub(crate) points: Place,
    pub(crate) review_by: Place,
    pub(crate) examples: Place,
    pub(crate) suppress: BTreeMap<String, Place>,
}

impl Rule {
    /// Whether the rule is for listings of a kind and language. What is unknown is always tried.
    pub(crate) fn is_for(&self, kind: Kind, lang: Option<&str>) -> bool {
        let kind_fits = self.kinds.is_empty() || kind == Kind::Unknown || self.kinds.contains(&kind);
        let language_fits =
            self.languages.is_empty() || lang.is_none_or(|lang| self.languages.iter().any(|one| one == lang));
        kind_fits && language_fits
    }

    /// Why such a listing is not put to the rule; `None` where it is.
    pub(crate) fn why_not_asked(&self, kind: Kind, lang: Option<&str>) -> Option<String> {
        match self.status {
            RuleStatus::Draft => return Some("it is a draft, which is not evaluated".to_string()),
            RuleStatus::Deprecated => return Some("it is deprecated and no longer evaluated".to_string()),
            RuleStatus::Shadow | RuleStatus::Canary | RuleStatus::Active => {}
        }
        if self.is_for(kind, lang) {
            return None;
        }
        Some(if self.is_for(kind, None) {
            format!("its scope has not the language {}", lang.unwrap_or_default())
        } else {
            format!("its scope has not the kind {kind}")
        })
    }

    /// The names of its patterns, in the order in which conditions number them.
    pub(crate) fn pattern_names(&self) -> Vec<&str> {
        self.patterns.iter().map(|pattern| pattern.name.as_str()).collect()
    }
}
