//! What each rule is worth, which rules say the same, and what changes without a rule, a family or the classifier.

use std::collections::BTreeMap;

use lapwing_detect::evaluation::{Confusion, Ranking, Share, mcnemar, overlaps, rank_key, rescored};
use lapwing_detect::rules::Rule;
use lapwing_detect::{Detector, Model};
use lapwing_types::{Band, Family, RuleStatus, Strength};
use rayon::prelude::*;

use super::cases::{Case, Cases};
use super::document::{Ablation, OverlapRow, PartRow, RankBy, RuleLanguage, RuleRow, RuleState, WithoutRow};

/// A rule is called noisy only after so many hits.
const LEAST_FOR_NOISE: u64 = 10;
/// Pairs of rules are shown that share so many listings.
const LEAST_SHARED: u64 = 3;
const MOST_OVERLAPS: usize = 40;

pub(super) fn is_in_force(rule: &Rule) -> bool {
    matches!(rule.status, RuleStatus::Active | RuleStatus::Shadow | RuleStatus::Canary)
}

/// The rules in force, each with what it did; `without` says what changes without it.
pub(super) fn rule_rows(detector: &Detector, cases: &Cases, without: &[WithoutRow]) -> Vec<RuleRow> {
    let labelled = cases.list.iter().filter(|case| case.label).count() as u64;
    let base_rate = labelled as f64 / cases.list.len().max(1) as f64;
    let mut hits: Vec<Vec<(usize, bool)>> = vec![Vec::new(); detector.pack().rules.len()];
    for (place, case) in cases.list.iter().enumerate() {
        for hit in &case.outcome.hits {
            if let Some(of_rule) = hits.get_mut(hit.rule as usize) {
                of_rule.push((place, hit.scores));
            }
        }
    }
    let changes: BTreeMap<&str, &WithoutRow> = without.iter().map(|row| (row.without.as_str(), row)).collect();
    let rules = detector.pack().rules.iter().zip(hits).filter(|(rule, _)| is_in_force(rule));
    let row = |(rule, hits): (&Rule, Vec<(usize, bool)>)| {
        let right = hits.iter().filter(|(place, _)| cases.list[*place].label).count() as u64;
        let precision = Share::new(right, hits.len() as u64);
        let scored = hits.iter().filter(|(_, scores)| *scores).count() as u64;
        RuleRow {
            rule: rule.id.clone(),
            version: rule.version,
            family: rule.family,
            strength: rule.strength,
            status: rule.status,
            hits: hits.len() as u64,
            scored,
            recall: Share::new(right, labelled),
            lift: precision.value.filter(|_| base_rate > 0.0).map(|value| value / base_rate),
            alone: hits.iter().filter(|(place, scores)| *scores && is_alone(&cases.list[*place], detector)).count()
                as u64,
            state: state(rule, &precision, scored, base_rate, changes.get(rule.id.as_str()).copied()),
            by_language: by_language(cases, &hits),
            precision,
        }
    };
    rules.map(row).collect()
}

/// Whether one rule alone raises the sum of a flagged listing.
fn is_alone(case: &Case, detector: &Detector) -> bool {
    let raises =
        |rule: u32| detector.pack().rules.get(rule as usize).is_some_and(|rule| rule.strength != Strength::Negative);
    case.flagged && case.outcome.hits.iter().filter(|hit| hit.scores && raises(hit.rule)).count() == 1
}

fn state(rule: &Rule, precision: &Share, scored: u64, base_rate: f64, change: Option<&WithoutRow>) -> RuleState {
    let lowers = rule.strength == Strength::Negative;
    let worse_than_chance = if lowers {
        precision.low.is_some_and(|low| low > base_rate)
    } else {
        precision.high.is_some_and(|high| high < base_rate)
    };
    match change {
        _ if precision.of == 0 => RuleState::Dead,
        _ if scored == 0 => RuleState::Shown,
        _ if precision.of >= LEAST_FOR_NOISE && worse_than_chance => RuleState::Noisy,
        Some(row) if row.lost + row.spared + row.gained + row.added_wrong == 0 => RuleState::Redundant,
        _ => RuleState::Working,
    }
}

fn by_language(cases: &Cases, hits: &[(usize, bool)]) -> Vec<RuleLanguage> {
    let mut counted: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (place, _) in hits {
        let case = &cases.list[*place];
        let entry = counted.entry(cases.langs.name(case.lang)).or_default();
        *entry = (entry.0 + 1, entry.1 + u64::from(case.label));
    }
    let row = |(language, (hits, labelled)): (&str, (u64, u64))| RuleLanguage {
        language: language.to_string(),
        hits,
        labelled,
    };
    counted.into_iter().map(row).collect()
}

pub(super) fn overlap_rows(detector: &Detector, cases: &[Case]) -> Vec<OverlapRow> {
    let hits: Vec<Vec<u32>> = cases.iter().map(|case| case.outcome.hits.iter().map(|hit| hit.rule).collect()).collect();
    let found = overlaps(hits.iter().map(Vec::as_slice), LEAST_SHARED);
    let name = |number: u32| detector.pack().rules.get(number as usize).map(|rule| rule.id.clone());
    let row = |overlap: lapwing_detect::evaluation::Overlap| {
        Some(OverlapRow {
            first: name(overlap.first)?,
            second: name(overlap.second)?,
            both: overlap.both,
            jaccard: overlap.jaccard,
            contained: overlap.contained,
        })
    };
    found.into_iter().filter_map(row).take(MOST_OVERLAPS).collect()
}

/// One way of judging all listings: where each stands, and whether it is flagged.
struct Judged {
    places: Vec<(u64, bool)>,
}

impl Judged {
    fn counts(&self, cases: &[Case]) -> Confusion {
        Confusion::of(self.places.iter().zip(cases).map(|((_, flagged), case)| (*flagged, case.label)))
    }

    fn ranking(&self, cases: &[Case]) -> Ranking {
        Ranking::of(self.places.iter().zip(cases).map(|((key, _), case)| (*key, case.label)))
    }

    fn row(&self, part: String, cases: &[Case], whole: Option<&Self>) -> PartRow {
        let (counts, order) = (self.counts(cases), self.ranking(cases));
        let against = |whole: &Self| {
            let (mut only_whole, mut only_part) = (0, 0);
            for ((one, other), case) in whole.places.iter().zip(&self.places).zip(cases) {
                match (one.1 == case.label, other.1 == case.label) {
                    (true, false) => only_whole += 1,
                    (false, true) => only_part += 1,
                    _ => {}
                }
            }
            mcnemar(only_whole, only_part)
        };
        PartRow {
            part,
            counts,
            precision: counts.precision(),
            recall: counts.recall(),
            f1: counts.f_measure(1.0),
            average_precision: order.average_precision(),
            roc_auc: order.roc_auc(),
            mcnemar: whole.map(against),
        }
    }
}

/// From this calibrated number on, the classifier alone counts as asking for a look.
const ALONE: f64 = 0.5;

/// Rules alone, classifier alone, both, further models; then the whole without each family and each rule.
pub(super) fn ablation(detector: &Detector, further: &[Model], cases: &[Case], at: Band) -> Ablation {
    let judged = |judge: &dyn Fn(&Case) -> (u64, bool)| Judged { places: cases.iter().map(judge).collect() };
    let whole = judged(&|case| (case.key(RankBy::Default), case.flagged));
    let rules_alone =
        judged(&|case| (rank_key(case.outcome.rules_band, case.outcome.points, None), case.outcome.rules_band >= at));
    let alone = |number: &dyn Fn(&Case) -> Option<f64>| {
        judged(&|case| {
            let number = number(case);
            (rank_key(Band::None, 0, number), number.is_some_and(|number| number >= ALONE))
        })
    };
    let mut parts = Vec::new();
    if let Some(model) = detector.model() {
        let first = |case: &Case| case.outcome.calibrated();
        parts.push(rules_alone.row("rules alone".to_string(), cases, Some(&whole)));
        parts.push(alone(&first).row(format!("classifier alone ({})", model.name()), cases, Some(&whole)));
        parts.push(whole.row("both".to_string(), cases, None));
    } else {
        parts.push(whole.row("rules alone".to_string(), cases, None));
    }
    for (place, model) in further.iter().enumerate() {
        let said = |case: &Case| case.outcome.further.get(place).copied();
        let number = |case: &Case| said(case).map(|said| said.calibrated);
        let joined = judged(&|case| {
            let (rules_band, points) = (case.outcome.rules_band, case.outcome.points);
            let band = said(case).map_or(rules_band, |said| model.raise().lift((rules_band, points), said));
            (rank_key(band, points, number(case)), band >= at)
        });
        parts.push(alone(&number).row(format!("classifier alone ({})", model.name()), cases, Some(&whole)));
        parts.push(joined.row(format!("rules with {}", model.name()), cases, Some(&whole)));
    }
    let pack = detector.pack();
    let families: Vec<Family> = Family::ALL
        .into_iter()
        .filter(|family| pack.rules.iter().any(|rule| is_in_force(rule) && rule.family == *family))
        .collect();
    let rules: Vec<&Rule> = pack.rules.iter().filter(|rule| is_in_force(rule)).collect();
    let leaver = Leaver { detector, cases, at, whole: &whole, before: whole.row(String::new(), cases, None) };
    Ablation {
        parts,
        without_family: families
            .par_iter()
            .map(|family| leaver.without(format!("{family}"), |rule| rule.family == *family))
            .collect(),
        without_rule: rules
            .par_iter()
            .map(|left_out| leaver.without(left_out.id.to_string(), |rule| rule.id == left_out.id))
            .collect(),
    }
}

/// Leaves rules out, one after the other.
struct Leaver<'a> {
    detector: &'a Detector,
    cases: &'a [Case],
    at: Band,
    whole: &'a Judged,
    before: PartRow,
}

impl Leaver<'_> {
    fn without(&self, name: String, left_out: impl Fn(&Rule) -> bool) -> WithoutRow {
        let pack = self.detector.pack();
        let gone: Vec<bool> = pack.rules.iter().map(&left_out).collect();
        let is_gone = |rule: u32| gone.get(rule as usize).copied().unwrap_or(false);
        let mut places = self.whole.places.clone();
        let (mut lost, mut spared, mut gained, mut added_wrong) = (0, 0, 0, 0);
        for (place, case) in self.cases.iter().enumerate() {
            if !case.outcome.hits.iter().any(|hit| is_gone(hit.rule)) {
                continue;
            }
            let left = rescored(pack, &case.outcome.hits, |rule| !left_out(rule));
            let band = match (self.detector.model(), case.outcome.said) {
                (Some(model), Some(said)) => model.raise().lift((left.band, left.points), said),
                _ => left.band,
            };
            let flagged = band >= self.at;
            places[place] = (rank_key(band, left.points, case.outcome.calibrated()), flagged);
            match (case.flagged, flagged, case.label) {
                (true, false, true) => lost += 1,
                (true, false, false) => spared += 1,
                (false, true, true) => gained += 1,
                (false, true, false) => added_wrong += 1,
                _ => {}
            }
        }
        let after = Judged { places }.row(String::new(), self.cases, None);
        let change = |now: Option<f64>, before: Option<f64>| now.zip(before).map(|(now, before)| now - before);
        WithoutRow {
            without: name,
            lost,
            spared,
            gained,
            added_wrong,
            precision: after.precision.value,
            recall: after.recall.value,
            f1_change: change(after.f1, self.before.f1),
            average_precision_change: change(after.average_precision, self.before.average_precision),
        }
    }
}
