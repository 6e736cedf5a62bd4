//! Why a rule hits a listing or does not, for whoever wrote the rule.

use lapwing_types::{RuleId, RuleStatus};
use serde::Serialize;

use super::condition::Clause;

/// What one rule says of one listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Which rule.
    pub rule: RuleId,
    /// Its version.
    pub version: u32,
    /// Where it stands in its life.
    pub status: RuleStatus,
    /// Why the rule is not asked of such a listing, where it is not.
    pub not_asked: Option<String>,
    /// Whether its condition holds.
    pub holds: bool,
    /// Its points with boosts, before families and caps, where it is asked and holds.
    pub points: Option<i32>,
    /// The filters that leave its hit out.
    pub left_out_by: Vec<RuleId>,
    /// Its patterns.
    pub patterns: Vec<PatternPlaces>,
    /// Its condition, clause by clause.
    pub condition: Clause,
}

/// How often a pattern was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PatternPlaces {
    /// Its name.
    pub pattern: String,
    /// Places that count.
    pub places: usize,
    /// Places that `unless` took away.
    pub denied: usize,
}
