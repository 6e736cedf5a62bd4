//! The figures of the whole set and of its groups, with intervals over resampled clusters.

use std::collections::BTreeMap;

use lapwing_detect::evaluation::{
    Confusion, Intervals, LEAST_CLUSTERS, Point, Ranking, Sample, Share, calibration, cluster_weights, restated,
};
use lapwing_types::{Band, Family, Kind};
use rayon::prelude::*;

use super::EvaluateRequest;
use super::cases::{Case, Cases};
use super::document::{BandRow, Capacity, FamilyRow, Figures, Group, PrevalenceRow, RankBy, RankingRow, SetFigures};
use super::request::CapacityAsked;

/// A table names so many groups; the rest are one more.
pub(super) const MOST_GROUPS: usize = 60;
const OTHERS: &str = "(others)";
/// Resamples between two words to whoever waits.
const RESAMPLES_AT_ONCE: u64 = 64;

pub(super) fn set_figures(cases: &Cases) -> SetFigures {
    let labelled = cases.list.iter().filter(|case| case.label).count() as u64;
    let listings = cases.list.len() as u64;
    SetFigures {
        listings,
        labelled,
        base_rate: (listings > 0).then(|| labelled as f64 / listings as f64),
        clusters: cases.clusters.len() as u64,
        bad_records: cases.bad.len() as u64,
        repeated_ids: cases.repeated_ids,
        contradictory_texts: cases.contradictory_texts,
    }
}

/// Groups of listings by a number that each has, the largest first, the smallest joined where there are too many.
pub(super) fn grouped(
    cases: &[Case],
    number: impl Fn(&Case) -> u32,
    name: impl Fn(u32) -> String,
) -> Vec<(String, Vec<&Case>)> {
    let mut groups: BTreeMap<u32, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        groups.entry(number(case)).or_default().push(case);
    }
    let mut named: Vec<(String, Vec<&Case>)> = groups.into_iter().map(|(number, list)| (name(number), list)).collect();
    named.sort_by(|one, other| other.1.len().cmp(&one.1.len()).then_with(|| one.0.cmp(&other.0)));
    if named.len() > MOST_GROUPS {
        let rest: Vec<&Case> = named.split_off(MOST_GROUPS).into_iter().flat_map(|(_, list)| list).collect();
        named.push((OTHERS.to_string(), rest));
    }
    named
}

/// The overall figures, then those by language, slice and kind.
pub(super) struct AllFigures {
    pub(super) overall: Figures,
    pub(super) by_language: Vec<Group>,
    pub(super) by_slice: Vec<Group>,
    pub(super) by_kind: Vec<Group>,
}

pub(super) fn all_figures(cases: &Cases, request: &EvaluateRequest, progress: &mut dyn FnMut(u64, u64)) -> AllFigures {
    let list = &cases.list;
    let tables = [
        vec![(String::new(), list.iter().collect::<Vec<&Case>>())],
        grouped(list, |case| case.lang, |number| cases.langs.name(number).to_string()),
        grouped(list, |case| case.slice, |number| cases.slices.name(number).to_string()),
        grouped(list, |case| case.kind as u32, |number| Kind::ALL[number as usize].to_string()),
    ];
    let items = |group: &[&Case]| Sample::new(group.iter().map(|case| case.item(request.rank_by)).collect());
    let samples: Vec<Sample> = tables.iter().flatten().map(|(_, group)| items(group)).collect();
    let intervals = all_intervals(&samples, cases.clusters.len(), request, progress);
    let mut found = samples.iter().zip(intervals);
    let mut tables = tables.map(|table| {
        let groups = table.into_iter().zip(&mut found).map(|((name, _), (sample, intervals))| Group {
            name,
            figures: figures(&sample.point(), intervals, request.prevalence.first().copied()),
        });
        groups.collect::<Vec<Group>>()
    });
    let overall = tables[0].swap_remove(0).figures;
    let [_, by_language, by_slice, by_kind] = tables;
    AllFigures { overall, by_language, by_slice, by_kind }
}

/// The intervals of each sample; one draw of clusters serves all samples.
fn all_intervals(
    samples: &[Sample],
    clusters: usize,
    request: &EvaluateRequest,
    progress: &mut dyn FnMut(u64, u64),
) -> Vec<Option<Intervals>> {
    if request.bootstrap == 0 || clusters < LEAST_CLUSTERS {
        return vec![None; samples.len()];
    }
    let mut points: Vec<Vec<Point>> = Vec::new();
    let mut done = 0;
    while done < request.bootstrap {
        let end = (done + RESAMPLES_AT_ONCE).min(request.bootstrap);
        let resample = |number: u64| {
            let weights = cluster_weights(request.seed, number, clusters);
            samples.iter().map(|sample| sample.resampled(&weights)).collect::<Vec<Point>>()
        };
        points.extend((done..end).into_par_iter().map(resample).collect::<Vec<_>>());
        done = end;
        progress(done, request.bootstrap);
    }
    let of_sample = |index: usize| points.iter().map(|point| point[index]).collect::<Vec<Point>>();
    (0..samples.len()).map(|index| Some(Intervals::of(&of_sample(index)))).collect()
}

fn figures(point: &Point, intervals: Option<Intervals>, prevalence: Option<f64>) -> Figures {
    let counts = point.counts;
    Figures {
        listings: counts.listings(),
        labelled: counts.positives(),
        flagged: counts.flagged(),
        counts,
        precision: counts.precision(),
        recall: counts.recall(),
        false_positive_rate: counts.false_positive_rate(),
        f1: counts.f_measure(1.0),
        f2: counts.f_measure(2.0),
        f_half: counts.f_measure(0.5),
        matthews: counts.matthews(),
        average_precision: point.average_precision,
        roc_auc: point.roc_auc,
        intervals,
        restated: prevalence.map(|prevalence| restated(&counts, prevalence)),
    }
}

pub(super) fn bands(cases: &[Case]) -> Vec<BandRow> {
    let row = |band: Band| {
        let of_band = cases.iter().filter(|case| case.outcome.band == band);
        let labelled = of_band.clone().filter(|case| case.label).count() as u64;
        BandRow { band, labelled, unlabelled: of_band.count() as u64 - labelled }
    };
    Band::ALL.map(row).to_vec()
}

pub(super) fn ranking(cases: &[Case], by: RankBy) -> Ranking {
    Ranking::of(cases.iter().map(|case| (case.key(by), case.label)))
}

pub(super) fn rankings(cases: &[Case], has_model: bool) -> Vec<RankingRow> {
    let orders = RankBy::ALL.into_iter().filter(|by| has_model || *by != RankBy::Classifier);
    let row = |by: RankBy| {
        let order = ranking(cases, by);
        RankingRow { by, average_precision: order.average_precision(), roc_auc: order.roc_auc() }
    };
    orders.map(row).collect()
}

/// Round numbers up to the size of the set.
pub(super) fn round_numbers(listings: u64) -> Vec<u64> {
    let mut all = Vec::new();
    let mut power = 10;
    while power <= listings {
        all.extend([1, 2, 5].map(|times| times * power).into_iter().filter(|k| *k <= listings));
        power *= 10;
    }
    all
}

pub(super) fn capacity(cases: &[Case], order: &Ranking, asked: &CapacityAsked, by: RankBy) -> Option<Capacity> {
    let at = order.at(asked.of(cases.len() as u64))?;
    let mut sorted: Vec<&Case> = cases.iter().collect();
    sorted.sort_by_key(|case| std::cmp::Reverse(case.key(by)));
    let last = sorted.get(at.k as usize - 1)?;
    Some(Capacity {
        asked: asked.to_string(),
        at,
        down_to_band: last.outcome.band,
        down_to_points: last.outcome.points,
    })
}

pub(super) fn prevalence_rows(
    counts: &Confusion,
    order: &Ranking,
    base_rate: Option<f64>,
    asked: &[f64],
) -> Vec<PrevalenceRow> {
    let row = |prevalence: &f64| {
        // Each unlabelled listing stands for so many that labelled ones have the share that is asked for.
        let weight = base_rate
            .filter(|rate| *rate > 0.0 && *rate < 1.0)
            .map(|rate| (rate / (1.0 - rate)) * ((1.0 - prevalence) / prevalence));
        PrevalenceRow {
            restated: restated(counts, *prevalence),
            average_precision: weight.and_then(|weight| order.average_precision_at(weight)),
        }
    };
    asked.iter().map(row).collect()
}

pub(super) fn calibrated(cases: &[Case]) -> Option<lapwing_detect::evaluation::Calibration> {
    let scored: Vec<(f64, bool)> =
        cases.iter().filter_map(|case| case.outcome.calibrated().map(|number| (number, case.label))).collect();
    calibration(&scored)
}

/// The families that labellers named or that scored.
pub(super) fn families(cases: &[Case]) -> Vec<FamilyRow> {
    let row = |family: Family| {
        let named = |case: &&Case| case.families.contains(&family);
        let seen = |case: &Case| case.outcome.families.iter().any(|one| one.family == family && one.points > 0);
        let led = |case: &&Case| {
            let most = case.outcome.families.iter().filter(|one| one.points > 0).max_by_key(|one| one.points);
            case.flagged && most.is_some_and(|one| one.family == family)
        };
        let count = |test: &dyn Fn(&&Case) -> bool| cases.iter().filter(|case| test(case)).count() as u64;
        let labelled = count(&named);
        let both = count(&|case| named(case) && seen(case));
        let all_seen = count(&|case| seen(case));
        let (named_recall, named_precision) = (Share::new(both, labelled), Share::new(both, all_seen));
        let counts = Confusion {
            true_positive: both,
            false_positive: all_seen - both,
            false_negative: labelled - both,
            true_negative: 0,
        };
        FamilyRow {
            family,
            labelled,
            flagged: Share::new(count(&|case| named(case) && case.flagged), labelled),
            named_recall,
            named_precision,
            named_f1: if labelled > 0 { counts.f_measure(1.0) } else { None },
            led: Share::new(count(&|case| led(case) && case.label), count(&led)),
        }
    };
    let rows = Family::ALL.into_iter().filter(|family| *family != Family::Pr).map(row);
    rows.filter(|row| row.labelled > 0 || row.named_precision.of > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_numbers_end_with_the_set() {
        assert_eq!(round_numbers(250), [10, 20, 50, 100, 200]);
        assert!(round_numbers(9).is_empty());
    }
}
