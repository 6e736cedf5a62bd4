//! Trains a model: cluster-aware split, χ² selection on the training part, FTRL, Platt on the held part.
//!
//! The learner is linfa's follow-the-regularised-leader (McMahan et al. 2013). It has no intercept, so a constant
//! column stands in for one. Near-duplicates, named by `cluster`, stay in one part.

use std::collections::BTreeMap;

use lapwing_types::{Digest, Listing};
use linfa::DatasetBase;
use linfa::composing::platt_scaling::{Platt, platt_newton_method};
use linfa::prelude::{FitWith, ParamGuard};
use linfa_ftrl::{Ftrl, FtrlParams};
use ndarray::{Array1, Array2};
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::SeedableRng;
use serde_json::Value;

use super::artefact::{Model, calibrate};
use super::features::{FEATURES_VERSION, Features};
use super::metrics::Metrics;
use crate::detector::Detector;

/// A listing that a person has labelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// The listing.
    pub listing: Listing,
    /// Whether a reviewer should look.
    pub label: bool,
    /// The families that the labeller names.
    pub families: Vec<String>,
    /// The name that near-duplicates share; the listing's own id where it has none.
    pub cluster: String,
    /// The slice of a report to which it belongs.
    pub slice: String,
}

/// Why a JSON value is not a labelled listing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelledError {
    /// The listing is wrong.
    #[error(transparent)]
    Listing(#[from] lapwing_types::ListingParseError),
    /// The label is missing or no label.
    #[error("`label` must be 0, 1, true or false")]
    Label,
}

impl Labelled {
    /// Reads a labelled listing: a listing with `label`, optionally `families`, `cluster`, `slice`.
    ///
    /// # Errors
    /// Where the listing cannot be read or the label is missing.
    pub fn from_json(value: &Value) -> Result<Self, LabelledError> {
        let (listing, _) = Listing::from_json(value)?;
        let label = match value.get("label") {
            Some(Value::Bool(label)) => *label,
            Some(Value::Number(number)) if number.as_f64() == Some(1.0) => true,
            Some(Value::Number(number)) if number.as_f64() == Some(0.0) => false,
            _ => return Err(LabelledError::Label),
        };
        let text =
            |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_string);
        let families = value.get("families").and_then(Value::as_array);
        let families = families.map(|list| list.iter().filter_map(Value::as_str).map(str::to_string).collect());
        let own = || {
            if listing.external_id.is_empty() {
                Digest::of(listing.body.as_bytes()).to_hex()
            } else {
                listing.external_id.clone()
            }
        };
        let cluster = text("cluster").unwrap_or_else(own);
        let slice = text("slice").unwrap_or_default();
        Ok(Self { label, families: families.unwrap_or_default(), cluster, slice, listing })
    }
}

/// What training is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainOptions {
    /// The model's name.
    pub name: String,
    /// Decides the split and the order of learning.
    pub seed: u64,
    /// How many features are kept, 16 to 4,096.
    pub features: usize,
    /// How many times the training part is read.
    pub passes: usize,
}

impl Default for TrainOptions {
    fn default() -> Self {
        Self { name: "lapwing-1".to_string(), seed: 7, features: 1_024, passes: 20 }
    }
}

/// Why no model could be trained.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TrainError {
    /// Too little data.
    #[error(
        "{listings} labelled listings in {clusters} clusters; 20 clusters are the least for a training, a calibration and a test part"
    )]
    TooFew {
        /// How many listings.
        listings: usize,
        /// How many clusters.
        clusters: usize,
    },
    /// One class is missing.
    #[error(
        "the {part} part has {positives} listings labelled 1 and {negatives} labelled 0; both are needed in each part, so label more clusters of the rarer one"
    )]
    OneClass {
        /// Which part.
        part: &'static str,
        /// Labelled 1.
        positives: usize,
        /// Labelled 0.
        negatives: usize,
    },
    /// The learner refused.
    #[error("the learner failed: {0}")]
    Learner(String),
}

/// A model and what was seen on the way.
#[derive(Debug)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// Texts that stand under both labels, by fingerprint, with how many of each.
    pub contradictions: usize,
    /// How many distinct features the training part had before selection.
    pub features_seen: usize,
}

const BATCH: usize = 64;

/// Trains a model on labelled listings; `progress` is told how much of the work is done, 0 to 1.
///
/// # Errors
/// Where there is too little data or a part lacks one class.
pub fn train(
    detector: &Detector,
    data: &[Labelled],
    options: &TrainOptions,
    progress: &mut dyn FnMut(f64),
) -> Result<Trained, TrainError> {
    let mut examples: Vec<Example> = Vec::with_capacity(data.len());
    for (index, labelled) in data.iter().enumerate() {
        examples.push(Example { features: detector.features(&labelled.listing), label: labelled.label });
        if index % 64 == 0 {
            progress(0.7 * index as f64 / data.len() as f64);
        }
    }
    let split = split(data, options.seed)?;
    let parts = split.map(|indexes| indexes.into_iter().map(|index| &examples[index]).collect::<Vec<_>>());
    for (part, name) in parts.iter().zip(["training", "calibration", "test"]) {
        let positives = part.iter().filter(|example| example.label).count();
        if positives == 0 || positives == part.len() {
            return Err(TrainError::OneClass { part: name, positives, negatives: part.len() - positives });
        }
    }
    let [training, calibration, test] = &parts;
    let (names, features_seen) = select(training, options.features.clamp(16, 4_096));
    let weights = learn(training, &names, options, progress)?;
    let (bias, weights) = weights.split_first().ok_or_else(|| TrainError::Learner("no weights".to_string()))?;
    let mut model = Model {
        format: Model::format(),
        features_version: FEATURES_VERSION,
        name: options.name.clone(),
        seed: options.seed,
        training_data: digest_of(data),
        pack: detector.pack().digest,
        bias: *bias,
        platt: [-1.0, 0.0],
        raise_at: 0.6,
        metrics: Metrics::default(),
        weights: names.into_iter().zip(weights.iter().copied()).filter(|(_, weight)| *weight != 0.0).collect(),
        file_digest: None,
    };
    model.platt = fit_platt(&model, calibration)?;
    let calibrated = |model: &Model, part: &[&Example]| -> Vec<(f64, bool)> {
        let score = |example: &&Example| calibrate(model.predict_features(&example.features).log_odds, model.platt);
        part.iter().map(|example| (score(example), example.label)).collect()
    };
    model.raise_at = threshold(&calibrated(&model, calibration));
    let sizes = [training.len(), calibration.len(), test.len()];
    model.metrics = Metrics::of(&calibrated(&model, test), model.raise_at, sizes);
    progress(1.0);
    Ok(Trained { model, contradictions: contradictions(data), features_seen })
}

struct Example {
    features: Features,
    label: bool,
}

/// Three fifths, one fifth, one fifth of the clusters of each class, by a hash of the cluster's name and the seed.
fn split(data: &[Labelled], seed: u64) -> Result<[Vec<usize>; 3], TrainError> {
    let mut clusters: BTreeMap<&str, (bool, Vec<usize>)> = BTreeMap::new();
    for (index, labelled) in data.iter().enumerate() {
        let entry = clusters.entry(&labelled.cluster).or_default();
        entry.0 |= labelled.label;
        entry.1.push(index);
    }
    if clusters.len() < 20 {
        return Err(TrainError::TooFew { listings: data.len(), clusters: clusters.len() });
    }
    let mut parts: [Vec<usize>; 3] = Default::default();
    for class in [false, true] {
        let of_class = clusters.iter().filter(|(_, (label, _))| *label == class);
        let mut ordered: Vec<(Digest, &Vec<usize>)> = of_class
            .map(|(name, (_, members))| (Digest::of_parts([&seed.to_be_bytes()[..], name.as_bytes()]), members))
            .collect();
        ordered.sort_unstable();
        for (rank, (_, members)) in ordered.into_iter().enumerate() {
            let part = match rank % 5 {
                3 => 1,
                4 => 2,
                _ => 0,
            };
            parts[part].extend(members);
        }
    }
    for part in &mut parts {
        part.sort_unstable();
    }
    Ok(parts)
}

/// The features that say most about the label by χ² on the training part; rules and families are always kept.
fn select(training: &[&Example], most: usize) -> (Vec<String>, usize) {
    let mut counts: BTreeMap<&str, [f64; 2]> = BTreeMap::new();
    let mut totals = [0.0f64; 2];
    for example in training {
        totals[usize::from(example.label)] += 1.0;
        for name in example.features.values.keys() {
            counts.entry(name).or_default()[usize::from(example.label)] += 1.0;
        }
    }
    let features_seen = counts.len();
    let mut scored: Vec<(bool, f64, &str)> = counts
        .into_iter()
        .filter(|(_, [negative, positive])| negative + positive >= 2.0)
        .map(|(name, counted)| (is_always_kept(name), chi_square(counted, totals), name))
        .collect();
    scored.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(b.2)));
    let mut names: Vec<String> = scored.into_iter().take(most).map(|(_, _, name)| name.to_string()).collect();
    names.sort_unstable();
    (names, features_seen)
}

fn is_always_kept(name: &str) -> bool {
    name.starts_with("rule:")
        || name.starts_with("family:")
        || name.starts_with("structure:")
        || name.starts_with("concept:")
}

fn chi_square([negative, positive]: [f64; 2], [negatives, positives]: [f64; 2]) -> f64 {
    let all = negatives + positives;
    let with = negative + positive;
    let cells = [
        (positive, with * positives / all),
        (negative, with * negatives / all),
        (positives - positive, (all - with) * positives / all),
        (negatives - negative, (all - with) * negatives / all),
    ];
    cells
        .into_iter()
        .filter(|(_, expected)| *expected > 0.0)
        .map(|(seen, expected)| (seen - expected).powi(2) / expected)
        .sum()
}

/// The weights: first the constant column's, then one a name.
fn learn(
    training: &[&Example],
    names: &[String],
    options: &TrainOptions,
    progress: &mut dyn FnMut(f64),
) -> Result<Vec<f64>, TrainError> {
    let learner_error = |error: linfa_ftrl::FtrlError| TrainError::Learner(error.to_string());
    let rng = Xoshiro256Plus::seed_from_u64(options.seed);
    let parameters = FtrlParams::new(0.1f32, 1.0, 0.02, 0.2, rng).check().map_err(learner_error)?;
    let mut model: Option<Ftrl<f32>> = None;
    for pass in 0..options.passes.max(1) {
        let order = shuffled(training.len(), options.seed, pass);
        for batch in order.chunks(BATCH) {
            let mut records = Array2::<f32>::zeros((batch.len(), names.len() + 1));
            for (row, index) in batch.iter().enumerate() {
                records[[row, 0]] = 1.0;
                for (name, value) in &training[*index].features.values {
                    if let Ok(column) = names.binary_search(name) {
                        records[[row, column + 1]] = *value;
                    }
                }
            }
            let labels: Array1<bool> = batch.iter().map(|index| training[*index].label).collect();
            let dataset = DatasetBase::new(records, labels);
            model = Some(parameters.fit_with(model.take(), &dataset).map_err(learner_error)?);
        }
        progress(0.7 + 0.28 * (pass + 1) as f64 / options.passes.max(1) as f64);
    }
    let weights = model.map(|model| model.get_weights()).unwrap_or_default();
    Ok(weights.iter().map(|weight| f64::from(*weight)).collect())
}

fn shuffled(count: usize, seed: u64, pass: usize) -> Vec<usize> {
    let key = |index: usize| Digest::of_parts([&seed.to_be_bytes()[..], &pass.to_be_bytes(), &index.to_be_bytes()]);
    let mut order: Vec<(Digest, usize)> = (0..count).map(|index| (key(index), index)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, index)| index).collect()
}

fn fit_platt(model: &Model, calibration: &[&Example]) -> Result<[f64; 2], TrainError> {
    let scores: Array1<f64> =
        calibration.iter().map(|example| model.predict_features(&example.features).log_odds).collect();
    let labels: Array1<bool> = calibration.iter().map(|example| example.label).collect();
    let parameters = Platt::<f64, ()>::params().check().map_err(|error| TrainError::Learner(error.to_string()))?;
    let (a, b) = platt_newton_method(scores.view(), labels.view(), &parameters)
        .map_err(|error| TrainError::Learner(error.to_string()))?;
    Ok([a, b])
}

/// The lowest calibrated score from which nine in ten were labelled for a look, and never below one half.
fn threshold(calibrated: &[(f64, bool)]) -> f64 {
    let mut sorted = calibrated.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut best) = (0usize, 0.9);
    for (rank, (score, label)) in sorted.iter().enumerate() {
        right += usize::from(*label);
        if right as f64 >= 0.9 * (rank + 1) as f64 {
            best = *score;
        }
    }
    best.clamp(0.6, 0.99)
}

fn contradictions(data: &[Labelled]) -> usize {
    let mut labels: BTreeMap<Digest, [bool; 2]> = BTreeMap::new();
    for labelled in data {
        let text = format!("{}\n{}", labelled.listing.title, labelled.listing.body).to_lowercase();
        labels.entry(Digest::of(text.as_bytes())).or_default()[usize::from(labelled.label)] = true;
    }
    labels.values().filter(|seen| seen[0] && seen[1]).count()
}

fn digest_of(data: &[Labelled]) -> Digest {
    let lines: Vec<String> = data
        .iter()
        .map(|labelled| {
            format!("{} {} {}", u8::from(labelled.label), labelled.cluster, labelled.listing.to_stored_json())
        })
        .collect();
    Digest::of_parts(lines.iter().map(String::as_bytes))
}
