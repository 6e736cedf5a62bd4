//! From hits to points and a band.
//!
//! Within a family the best hit counts whole, the others by half each, up to the family's cap. Weak hits count only
//! beside two other families; hits on a sensitive attribute only beside two families that are not. Counter-indicators
//! lower the sum, but a strong or child-risk hit keeps its listing at `review`.

use std::collections::{BTreeMap, BTreeSet};

use lapwing_types::{Band, Family, FamilyPoints, Hit, RuleStatus, Strength};

use crate::rules::Pack;

/// A hit before it is known what it may add.
pub(crate) struct Candidate {
    pub(crate) hit: Hit,
    pub(crate) sensitive: bool,
}

/// What the hits come to.
pub(crate) struct Score {
    pub(crate) points: i32,
    pub(crate) band: Band,
    pub(crate) child_risk: bool,
    pub(crate) families: Vec<FamilyPoints>,
    pub(crate) hits: Vec<Hit>,
    pub(crate) context: Vec<Hit>,
}

/// Scores the hits of one listing.
pub(crate) fn score(candidates: Vec<Candidate>, pack: &Pack) -> Score {
    let firm: BTreeSet<Family> = candidates
        .iter()
        .filter(|candidate| is_firm(&candidate.hit) && !candidate.sensitive)
        .map(|candidate| candidate.hit.family)
        .collect();
    let (mut scoring, mut context) = (Vec::new(), Vec::new());
    for candidate in candidates {
        if may_score(&candidate, &firm) {
            scoring.push(candidate.hit);
        } else {
            let mut shown = candidate.hit;
            shown.points = 0;
            context.push(shown);
        }
    }
    let families = spread_points(&mut scoring, pack);
    let points = families.iter().map(|family| family.points).sum();
    let child_risk = scoring.iter().any(|hit| hit.family == Family::Ch && hit.strength != Strength::Weak);
    let strong = scoring.iter().any(|hit| hit.strength == Strength::Strong);
    let least = if strong || child_risk { Band::Review } else { Band::None };
    let sort = |hits: &mut Vec<Hit>| hits.sort_by(|a, b| b.points.cmp(&a.points).then_with(|| a.rule.cmp(&b.rule)));
    sort(&mut scoring);
    sort(&mut context);
    Score { points, band: pack.bands.of(points).max(least), child_risk, families, hits: scoring, context }
}

fn is_firm(hit: &Hit) -> bool {
    hit.status == RuleStatus::Active && matches!(hit.strength, Strength::Core | Strength::Strong)
}

fn may_score(candidate: &Candidate, firm: &BTreeSet<Family>) -> bool {
    let hit = &candidate.hit;
    let other_families = firm.iter().filter(|family| **family != hit.family).count();
    if hit.status != RuleStatus::Active || (candidate.sensitive && other_families < 2) {
        return false;
    }
    match hit.strength {
        Strength::Strong | Strength::Core | Strength::Negative => true,
        Strength::Weak => other_families >= 2,
        Strength::Context => false,
    }
}

/// Gives each hit what it adds, and returns the sums by family, the highest first.
fn spread_points(hits: &mut [Hit], pack: &Pack) -> Vec<FamilyPoints> {
    let mut by_family: BTreeMap<Family, Vec<usize>> = BTreeMap::new();
    for (index, hit) in hits.iter().enumerate() {
        by_family.entry(hit.family).or_default().push(index);
    }
    let mut families = Vec::new();
    for (family, mut indexes) in by_family {
        indexes.sort_by_key(|index| (-hits[*index].points.abs(), hits[*index].rule.clone()));
        let cap = pack.caps.get(&family).copied().unwrap_or(60);
        let mut sum = 0;
        for (rank, index) in indexes.into_iter().enumerate() {
            let whole = hits[index].points;
            let asked = if rank == 0 { whole } else { whole / 2 };
            let room = cap - i32::abs(sum);
            let added = asked.clamp(-room.max(0), room.max(0));
            hits[index].points = added;
            sum += added;
        }
        families.push(FamilyPoints { family, points: sum });
    }
    families.sort_by_key(|family| (-family.points, family.family));
    families
}
