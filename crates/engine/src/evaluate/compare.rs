//! Two runs over the same listings: who is right where the other is not, by how much the figures differ, and which
//! listings changed side. A run is known by its folder: `run.json` and `listings.csv`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use lapwing_detect::evaluation::{Intervals, LEAST_CLUSTERS, Sample, SampleItem, cluster_weights, mcnemar, rank_key};
use lapwing_types::Band;
use rayon::prelude::*;
use serde_json::Value;

use super::cases::{Cases, file_name};
use super::document::{ChangedSide, Comparison, FigureDifference, RunName, RunProvenance};
use super::request::EvaluateRequest;
use super::write::{LISTINGS_FILE, RUN_FILE};
use crate::error::{EngineError, Result};
use crate::export::defused;

const MOST_CHANGED: usize = 1_000;
const FIGURES: [&str; 5] = ["precision", "recall", "f1", "average_precision", "roc_auc"];

/// A listing as a run's folder keeps it.
#[derive(Debug, Clone, PartialEq)]
struct Kept {
    id: String,
    label: bool,
    flagged: bool,
    band: Band,
    points: i32,
    calibrated: Option<f64>,
    cluster: String,
    text: String,
}

/// A run as far as it can be compared.
#[derive(Debug)]
pub(super) struct KeptRun {
    name: RunName,
    listings: Vec<Kept>,
}

/// Compares two run folders, the first being the earlier one.
///
/// # Errors
/// Where one is no run's folder, or they share no listing.
pub fn compare_runs(first: &Path, second: &Path, bootstrap: u64, seed: u64) -> Result<Comparison> {
    compare(&KeptRun::load(first)?, &KeptRun::load(second)?, bootstrap, seed)
}

pub(super) fn against_baseline(
    baseline: &KeptRun,
    cases: &Cases,
    provenance: &RunProvenance,
    request: &EvaluateRequest,
) -> Result<Comparison> {
    compare(baseline, &KeptRun::of(cases, provenance), request.bootstrap, request.seed)
}

impl KeptRun {
    pub(super) fn load(folder: &Path) -> Result<Self> {
        let file = folder.join(RUN_FILE);
        let no_run = |why: String| {
            let message = format!(
                "`{}` is not the folder of a run: {why}; `lapwing evaluate --out DIR` writes one",
                folder.display()
            );
            EngineError::Request(message)
        };
        let bytes = fs::read(&file).map_err(|error| no_run(format!("`{RUN_FILE}` cannot be read: {error}")))?;
        let run: Value =
            serde_json::from_slice(&bytes).map_err(|error| no_run(format!("`{RUN_FILE}` is not JSON: {error}")))?;
        if run["format"] != super::document::RUN_FORMAT {
            return Err(no_run(format!(
                "its format is {}, this program reads {}",
                run["format"],
                super::document::RUN_FORMAT
            )));
        }
        let table = folder.join(LISTINGS_FILE);
        let bytes = fs::read(&table).map_err(|error| no_run(format!("`{LISTINGS_FILE}` cannot be read: {error}")))?;
        let mut rows = csv::Reader::from_reader(bytes.as_slice());
        let header = rows.headers().cloned().map_err(|error| no_run(format!("`{LISTINGS_FILE}`: {error}")))?;
        let mut listings = Vec::new();
        for (number, row) in rows.records().enumerate() {
            let row = row.map_err(|error| no_run(format!("`{LISTINGS_FILE}`: {error}")))?;
            let kept = kept(&header, &row).ok_or_else(|| {
                no_run(format!("row {} of `{LISTINGS_FILE}` lacks what a comparison needs", number + 1))
            })?;
            listings.push(kept);
        }
        let text = |value: &Value| value.as_str().map(str::to_string);
        let name = RunName {
            name: file_name(folder),
            pack: text(&run["provenance"]["pack"]["digest"]).unwrap_or_default(),
            model: text(&run["provenance"]["models"][0]["digest"]),
        };
        Ok(Self { name, listings })
    }

    fn of(cases: &Cases, provenance: &RunProvenance) -> Self {
        let kept = |case: &super::cases::Case| Kept {
            id: defused(&case.id),
            label: case.label,
            flagged: case.flagged,
            band: case.outcome.band,
            points: case.outcome.points,
            calibrated: case.outcome.calibrated(),
            cluster: defused(cases.clusters.name(case.cluster)),
            text: short(&case.outcome.fingerprint.to_hex()),
        };
        let name = RunName {
            name: "this run".to_string(),
            pack: provenance.pack.digest.to_string(),
            model: provenance.models.first().map(|model| model.digest.to_string()),
        };
        Self { name, listings: cases.list.iter().map(kept).collect() }
    }
}

/// So much of a text's digest tells texts apart.
pub(super) fn short(hex: &str) -> String {
    hex.chars().take(16).collect()
}

fn kept(header: &csv::StringRecord, row: &csv::StringRecord) -> Option<Kept> {
    let cell = |name: &str| header.iter().position(|column| column == name).and_then(|place| row.get(place));
    let yes = |name: &str| match cell(name)? {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    };
    let band = cell("band")?;
    Some(Kept {
        id: cell("external_id")?.to_string(),
        label: yes("label")?,
        flagged: yes("flagged")?,
        band: Band::ALL.into_iter().find(|known| known.as_str() == band)?,
        points: cell("points")?.parse().ok()?,
        calibrated: match cell("calibrated")? {
            "" => None,
            number => Some(number.parse().ok()?),
        },
        cluster: cell("cluster")?.to_string(),
        text: cell("text")?.to_string(),
    })
}

fn compare(first: &KeptRun, second: &KeptRun, bootstrap: u64, seed: u64) -> Result<Comparison> {
    let mut earlier: HashMap<&str, &Kept> = first.listings.iter().map(|kept| (kept.id.as_str(), kept)).collect();
    let (mut pairs, mut only_second, mut changed_data) = (Vec::new(), 0, 0);
    for kept in &second.listings {
        match earlier.remove(kept.id.as_str()) {
            None => only_second += 1,
            Some(before) if before.label != kept.label || before.text != kept.text => changed_data += 1,
            Some(before) => pairs.push((before, kept)),
        }
    }
    if pairs.is_empty() {
        let message = format!(
            "`{}` and `{}` share no listing with the same `external_id`, label and text, so there is nothing to compare",
            first.name.name, second.name.name
        );
        return Err(EngineError::Request(message));
    }
    let only_right = |right: fn(&(&Kept, &Kept)) -> bool| pairs.iter().filter(|pair| right(pair)).count() as u64;
    let is_right = |kept: &Kept| kept.flagged == kept.label;
    let changed: Vec<ChangedSide> = pairs
        .iter()
        .filter(|(before, after)| before.flagged != after.flagged)
        .map(|(before, after)| ChangedSide {
            external_id: after.id.clone(),
            label: u8::from(after.label),
            bands: [before.band, after.band],
            points: [before.points, after.points],
            mended: is_right(after),
        })
        .collect();
    Ok(Comparison {
        first: first.name.clone(),
        second: second.name.clone(),
        paired: pairs.len() as u64,
        only_first: earlier.len() as u64,
        only_second,
        changed_data,
        mcnemar: mcnemar(
            only_right(|(one, other)| one.flagged == one.label && other.flagged != other.label),
            only_right(|(one, other)| one.flagged != one.label && other.flagged == other.label),
        ),
        differences: differences(&pairs, bootstrap, seed),
        changed_side_count: changed.len() as u64,
        changed_side: changed.into_iter().take(MOST_CHANGED).collect(),
    })
}

/// The figures of both runs; both are weighed by the same draws of clusters.
fn differences(pairs: &[(&Kept, &Kept)], bootstrap: u64, seed: u64) -> Vec<FigureDifference> {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let clusters: Vec<u32> = pairs
        .iter()
        .map(|(_, kept)| {
            let next = numbers.len() as u32;
            *numbers.entry(kept.cluster.as_str()).or_insert(next)
        })
        .collect();
    let item = |kept: &Kept, cluster: &u32| SampleItem {
        key: rank_key(kept.band, kept.points, kept.calibrated),
        label: kept.label,
        flagged: kept.flagged,
        cluster: *cluster,
    };
    let first = Sample::new(pairs.iter().zip(&clusters).map(|((kept, _), cluster)| item(kept, cluster)).collect());
    let second = Sample::new(pairs.iter().zip(&clusters).map(|((_, kept), cluster)| item(kept, cluster)).collect());
    let minus = |one: [Option<f64>; 5], other: [Option<f64>; 5]| {
        std::array::from_fn::<Option<f64>, 5, _>(|which| one[which].zip(other[which]).map(|(one, other)| one - other))
    };
    let resample = |number: u64| {
        let weights = cluster_weights(seed, number, numbers.len());
        minus(second.resampled(&weights).figures(), first.resampled(&weights).figures())
    };
    let drawn = if numbers.len() < LEAST_CLUSTERS { 0 } else { bootstrap };
    let resamples: Vec<[Option<f64>; 5]> = (0..drawn).into_par_iter().map(resample).collect();
    let intervals = Intervals::of_figures(&resamples);
    let (one, other) = (first.point().figures(), second.point().figures());
    let difference = minus(other, one);
    let ends = [intervals.precision, intervals.recall, intervals.f1, intervals.average_precision, intervals.roc_auc];
    (0..5)
        .map(|which| FigureDifference {
            figure: FIGURES[which],
            first: one[which],
            second: other[which],
            difference: difference[which],
            interval: ends[which],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(name: &str, flags: &[(&str, bool, bool)]) -> KeptRun {
        let kept = |(id, label, flagged): &(&str, bool, bool)| Kept {
            id: (*id).to_string(),
            label: *label,
            flagged: *flagged,
            band: if *flagged { Band::Review } else { Band::None },
            points: 0,
            calibrated: None,
            cluster: (*id).to_string(),
            text: String::new(),
        };
        let name = RunName { name: name.to_string(), pack: String::new(), model: None };
        KeptRun { name, listings: flags.iter().map(kept).collect() }
    }

    #[test]
    fn pairs_are_made_by_id_and_the_rest_is_counted() {
        let first = run("a", &[("1", true, false), ("2", false, true), ("3", true, true), ("4", false, false)]);
        let second = run("b", &[("2", false, false), ("1", true, true), ("3", false, true), ("5", true, true)]);
        let found = compare(&first, &second, 20, 1).unwrap();
        assert_eq!((found.paired, found.only_first, found.only_second, found.changed_data), (2, 1, 1, 1));
        assert_eq!((found.mcnemar.only_first_right, found.mcnemar.only_second_right), (0, 2));
        assert_eq!(found.changed_side.iter().filter(|changed| changed.mended).count(), 2);
        let precision = &found.differences[0];
        assert_eq!((precision.first, precision.second, precision.difference), (Some(0.0), Some(1.0), Some(1.0)));
    }

    #[test]
    fn strangers_cannot_be_compared() {
        let error = compare(&run("a", &[("1", true, true)]), &run("b", &[("2", true, true)]), 0, 1).unwrap_err();
        assert!(error.to_string().contains("share no listing"), "{error}");
    }
}
