//! What a rule costs. The clock is the caller's, so that nothing here reads one.

use lapwing_types::RuleId;
use serde::Serialize;

use super::pack::Pack;
use super::rule::{Rule, Written};

/// What one listing cost, in the units of the clock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measured {
    /// What all rules share: reading the text, finding entities, searching for all patterns at once.
    pub shared: u64,
    /// Each rule that is not a draft or deprecated, in the order of their ids.
    pub rules: Vec<RuleCost>,
}

/// What one rule cost on one listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleCost {
    /// Which rule.
    pub rule: RuleId,
    /// Asking its condition.
    pub asking: u64,
    /// Searching for its own regular expressions, which the shared search holds too.
    pub expressions: u64,
    /// Whether it hit.
    pub hit: bool,
}

impl Pack {
    /// What the regular expressions of a rule cost in a text that is read already.
    pub(crate) fn expression_cost(&self, rule: &Rule, texts: &[&str], clock: &dyn Fn() -> u64) -> u64 {
        let before = clock();
        let mut found = 0;
        for pattern in &rule.patterns {
            if let Written::Expression(expression) = &pattern.written {
                found += texts.iter().map(|text| expression.places_in(text)).sum::<usize>();
            }
        }
        // The count must be used, lest the search be left out.
        std::hint::black_box(found);
        clock().saturating_sub(before)
    }
}
