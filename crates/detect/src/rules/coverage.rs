//! What a pack covers: the terms of each concept in each language, and the rules for each indicator.

use std::collections::{BTreeMap, BTreeSet};

use lapwing_types::{EvidenceGrade, Family, RuleStatus, Strength};
use serde::Serialize;

use super::pack::Pack;
use super::rule::{Rule, Written};

/// One concept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConceptCoverage {
    /// Its name.
    pub concept: String,
    /// How many terms each language has for it; a language that is not named has none.
    pub terms: BTreeMap<String, usize>,
    /// The rules and filters that look for it.
    pub rules: Vec<String>,
}

/// One indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IndicatorCoverage {
    /// Its id.
    pub indicator: String,
    /// Its family.
    pub family: Family,
    /// What it may do to a score.
    pub role: Strength,
    /// How well it is supported.
    pub evidence: EvidenceGrade,
    /// The indicator in one sentence.
    pub sentence: String,
    /// Whether it can be seen in a text.
    pub in_text: bool,
    /// The rules in force that look for it.
    pub rules: Vec<String>,
    /// Rules for it that are drafts or no longer in force.
    pub resting: Vec<String>,
}

/// What a pack covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// The languages with a lexicon.
    pub languages: Vec<String>,
    /// The concepts, by name.
    pub concepts: Vec<ConceptCoverage>,
    /// The indicators, by id.
    pub indicators: Vec<IndicatorCoverage>,
}

impl Coverage {
    /// Indicators that can be seen in a text and for which no rule in force looks.
    pub fn gaps(&self) -> impl Iterator<Item = &IndicatorCoverage> {
        self.indicators.iter().filter(|indicator| indicator.in_text && indicator.rules.is_empty())
    }
}

/// Counts what a pack covers.
pub fn coverage(pack: &Pack) -> Coverage {
    let mut users: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for rule in pack.rules.iter().chain(pack.filters.iter().map(|filter| &filter.gate)) {
        for pattern in &rule.patterns {
            if let Written::Concept(concept) = &pattern.written {
                users.entry(concept).or_default().insert(rule.id.to_string());
            }
        }
    }
    let names: BTreeSet<&String> = pack.concepts.values().flat_map(BTreeMap::keys).collect();
    let concept = |name: &String| ConceptCoverage {
        concept: name.clone(),
        terms: pack
            .concepts
            .iter()
            .filter_map(|(language, concepts)| concepts.get(name).map(|terms| (language.clone(), *terms)))
            .collect(),
        rules: users.get(name.as_str()).into_iter().flatten().cloned().collect(),
    };
    Coverage {
        languages: pack.concepts.keys().cloned().collect(),
        concepts: names.into_iter().map(concept).collect(),
        indicators: pack.catalogue.keys().map(|id| indicator(pack, id)).collect(),
    }
}

fn indicator(pack: &Pack, id: &str) -> IndicatorCoverage {
    let entry = &pack.catalogue[id];
    let is_resting = |rule: &Rule| matches!(rule.status, RuleStatus::Draft | RuleStatus::Deprecated);
    let rules = |resting: bool| {
        let for_it = pack.rules.iter().filter(|rule| rule.indicators.iter().any(|one| one == id));
        for_it.filter(|rule| is_resting(rule) == resting).map(|rule| rule.id.to_string()).collect()
    };
    IndicatorCoverage {
        indicator: id.to_string(),
        family: entry.family,
        role: entry.role,
        evidence: entry.evidence,
        sentence: entry.sentence.clone(),
        in_text: entry.observe.is_empty() || entry.observe.iter().any(|place| place == "text"),
        rules: rules(false),
        resting: rules(true),
    }
}
