//! A listing scored again without some of its rules, by the very function that scored it first.
//!
//! Leave-one-out by rule or family: what would change side if it were not there. The model's number is taken as it was,
//! although it too reads which rules hit; what the table shows is the part of the rules.

use lapwing_types::{Band, Hit};

use super::outcome::RuleHit;
use crate::rules::{Pack, Rule};
use crate::score::{Candidate, score};

/// What is left of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rescored {
    /// The sum over the families.
    pub points: i32,
    /// The band of the rules.
    pub band: Band,
}

/// Scores the hits of a listing again, with those rules alone that are kept.
pub fn rescored(pack: &Pack, hits: &[RuleHit], keep: impl Fn(&Rule) -> bool) -> Rescored {
    let known = hits.iter().filter_map(|hit| pack.rules.get(hit.rule as usize).map(|rule| (hit, rule)));
    let candidates = known.filter(|(_, rule)| keep(rule)).map(|(hit, rule)| candidate(hit, rule)).collect();
    let scored = score(candidates, pack);
    Rescored { points: scored.points, band: scored.band }
}

fn candidate(hit: &RuleHit, rule: &Rule) -> Candidate {
    let bare = Hit {
        rule: rule.id.clone(),
        version: rule.version,
        status: rule.status,
        family: rule.family,
        indicators: Vec::new(),
        evidence: rule.evidence,
        strength: rule.strength,
        points: hit.points,
        explain: String::new(),
        spans: Vec::new(),
    };
    Candidate { hit: bare, sensitive: rule.sensitive }
}
