//! Evaluation as a use-case: labelled listings in, figures out, and a folder that holds all of them.
//!
//! Reading and assessing stand in `cases`, the figures in `figures`, `rules` and `fairness`, two runs side by side in
//! `compare`, the folder in `write`, the page in `report`. The mathematics is `lapwing_detect::evaluation`.

mod cases;
mod compare;
mod document;
mod fairness;
mod figures;
mod report;
mod request;
mod rows;
mod rules;
mod write;

use lapwing_detect::{Detector, Model};
use lapwing_types::{Digest, Field};

use crate::error::{EngineError, Result};
use crate::input::BadRecord;
use crate::packs::{detector, load_model};
use crate::queue::masked_text;
use cases::{Case, Cases};
use compare::{KeptRun, against_baseline};

pub use compare::compare_runs;
pub use document::*;
pub use request::{CapacityAsked, EvaluateRequest};
pub use write::run_json;

/// How far an evaluation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvaluateStep {
    /// So many listings are assessed.
    Assessed(u64),
    /// So many resamples of so many are drawn.
    Resampled(u64, u64),
}

/// What came of an evaluation.
#[derive(Debug)]
pub struct Evaluated {
    /// The figures.
    pub run: Run,
    /// Records that were not read.
    pub bad: Vec<BadRecord>,
}

/// The mistakes that a report shows of each sort.
const MOST_MISTAKES: usize = 25;
const MOST_CURVE_POINTS: usize = 400;

/// Evaluates rules and model on labelled listings, and writes the folder of the run where one is asked for.
///
/// # Errors
/// Where a file cannot be read or holds no listing, or what is asked for makes no sense.
pub fn evaluate(request: &EvaluateRequest, progress: &mut dyn FnMut(EvaluateStep)) -> Result<Evaluated> {
    request.check()?;
    if let Some(folder) = &request.out {
        write::check_place(folder, request.force)?;
    }
    let baseline = request.baseline.as_deref().map(KeptRun::load).transpose()?;
    let detector =
        detector(&request.settings, &request.rules, request.models.first().map(std::path::PathBuf::as_path))?;
    let further = further_models(request)?;
    if request.rank_by == RankBy::Classifier && detector.model().is_none() {
        let message = "there is no model by whose number listings could be ordered; leave out `--rank-by classifier`, or name a model";
        return Err(EngineError::Request(message.to_string()));
    }
    let mut cases = Cases::read(&detector, &further, request, &mut |done| progress(EvaluateStep::Assessed(done)))?;
    if cases.list.is_empty() {
        return Err(nothing_read(&cases));
    }
    let mut bad = std::mem::take(&mut cases.bad);
    let mut run = figures_of(&detector, &further, &cases, request, &mut bad, progress)?;
    run.set.bad_records = bad.len() as u64;
    if let Some(baseline) = &baseline {
        run.baseline = Some(against_baseline(baseline, &cases, &run.provenance, request)?);
    }
    if let Some(folder) = &request.out {
        let files = [
            (write::RUN_FILE, run_json(&run).into_bytes()),
            (write::LISTINGS_FILE, write::listings_csv(&detector, &cases, &request.attributes)),
            (write::RULES_FILE, write::rules_csv(&run)),
            (write::REPORT_FILE, report::page(&run, request.show_text).into_bytes()),
        ];
        write::write_run(folder, &files)?;
    }
    Ok(Evaluated { run, bad })
}

fn further_models(request: &EvaluateRequest) -> Result<Vec<Model>> {
    let named = request.models.iter().skip(1).filter(|path| path.as_os_str() != "none");
    named.map(|path| load_model(path)).collect()
}

fn nothing_read(cases: &Cases) -> EngineError {
    let message = match cases.bad.first() {
        Some(first) => format!(
            "no labelled listing could be read; the first of {} bad records is {}, record {}: {}; name columns by `--map label=COLUMN`",
            cases.bad.len(),
            first.file,
            first.number,
            first.reason
        ),
        None => "the files hold no record, so there is nothing to evaluate".to_string(),
    };
    EngineError::Request(message)
}

fn figures_of(
    detector: &Detector,
    further: &[Model],
    cases: &Cases,
    request: &EvaluateRequest,
    bad: &mut Vec<BadRecord>,
    progress: &mut dyn FnMut(EvaluateStep),
) -> Result<Run> {
    let fairness = fairness::fairness(detector, cases, request, bad)?;
    let set = figures::set_figures(cases);
    let order = figures::ranking(&cases.list, request.rank_by);
    let all = figures::all_figures(cases, request, &mut |done, of| progress(EvaluateStep::Resampled(done, of)));
    let ablation = rules::ablation(detector, further, &cases.list, request.at);
    Ok(Run {
        format: RUN_FORMAT,
        provenance: provenance(detector, further, cases),
        options: options(request),
        bands: figures::bands(&cases.list),
        rankings: figures::rankings(&cases.list, detector.model().is_some()),
        curve: order.curve(MOST_CURVE_POINTS),
        at_k: figures::round_numbers(set.listings).into_iter().filter_map(|k| order.at(k)).collect(),
        capacity: request
            .capacity
            .as_ref()
            .and_then(|asked| figures::capacity(&cases.list, &order, asked, request.rank_by)),
        prevalence: figures::prevalence_rows(&all.overall.counts, &order, set.base_rate, &request.prevalence),
        calibration: figures::calibrated(&cases.list),
        overall: all.overall,
        by_language: all.by_language,
        by_slice: all.by_slice,
        by_kind: all.by_kind,
        by_family: figures::families(&cases.list),
        rules: rules::rule_rows(detector, cases, &ablation.without_rule),
        overlaps: rules::overlap_rows(detector, &cases.list),
        ablation,
        fairness,
        baseline: None,
        mistakes: mistakes(detector, cases, request),
        set,
    })
}

fn provenance(detector: &Detector, further: &[Model], cases: &Cases) -> RunProvenance {
    let pack = detector.pack();
    let digests: Vec<String> = cases.files.iter().map(|file| file.digest.to_hex()).collect();
    let line =
        |model: &Model| ModelLine { name: model.name().to_string(), digest: model.digest(), raise: model.raise() };
    RunProvenance {
        engine: format!("lapwing {}", env!("CARGO_PKG_VERSION")),
        pack: PackLine {
            name: pack.name.clone(),
            version: pack.version.clone(),
            digest: pack.digest,
            rules: pack.rules.iter().filter(|rule| rules::is_in_force(rule)).count(),
        },
        models: detector.model().into_iter().chain(further).map(line).collect(),
        data: cases.files.clone(),
        data_digest: Digest::of_parts(digests.iter().map(String::as_bytes)),
    }
}

fn options(request: &EvaluateRequest) -> RunOptions {
    RunOptions {
        at: request.at,
        rank_by: request.rank_by,
        prevalence: request.prevalence.clone(),
        bootstrap: request.bootstrap,
        seed: request.seed,
        split: request.data.part.clone(),
        attributes: request.attributes.clone(),
    }
}

fn mistakes(detector: &Detector, cases: &Cases, request: &EvaluateRequest) -> Mistakes {
    let mut wrong: Vec<&Case> = cases.list.iter().filter(|case| case.flagged != case.label).collect();
    wrong.sort_by_key(|case| (std::cmp::Reverse(case.key(request.rank_by)), case.id.as_str()));
    let mistake = |case: &Case| Mistake {
        external_id: case.id.clone(),
        band: case.outcome.band,
        points: case.outcome.points,
        language: cases.langs.name(case.lang).to_string(),
        rules: case
            .outcome
            .hits
            .iter()
            .filter_map(|hit| detector.pack().rules.get(hit.rule as usize))
            .map(|rule| rule.id.clone())
            .collect(),
        title: if request.show_text { masked_text(Field::Title, &case.title) } else { String::new() },
    };
    let highest = wrong.iter().filter(|case| case.flagged).take(MOST_MISTAKES);
    let lowest = wrong.iter().rev().filter(|case| !case.flagged).take(MOST_MISTAKES);
    Mistakes {
        false_positives: highest.map(|case| mistake(case)).collect(),
        false_negatives: lowest.map(|case| mistake(case)).collect(),
    }
}
