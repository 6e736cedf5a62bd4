//! Trains a model: groups kept whole, features chosen on the training part, calibrated and given its points of lifting
//! by cross-validation, measured on a part that nothing before has seen.

use std::collections::BTreeMap;

use lapwing_types::{Band, Digest};
use linfa::composing::platt_scaling::{Platt, platt_newton_method};
use linfa::prelude::ParamGuard;
use ndarray::Array1;

use super::artefact::{Learner, Model, calibrate};
use super::corpus::{Example, short};
use super::drift::{Reference, shares};
use super::features::FEATURES_VERSION;
use super::groups::{folds, groups};
use super::labelled::Labelled;
use super::learner::{Learned, Lesson, learn};
use super::metrics::{Metrics, Reached};
use super::raise::{Capacity, Raise, Said, Unseen, speaking};
use super::select::Columns;
use super::state::LearnerState;
use crate::detector::Detector;
use crate::evaluation::{Intervals, LEAST_CLUSTERS, Sample, SampleItem, average_precision, cluster_weights};

/// What training is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainOptions {
    /// The model's name.
    pub name: String,
    /// Decides the split and the order of learning.
    pub seed: u64,
    /// How many features are kept, 16 to 4,096.
    pub features: usize,
    /// How many times the training part is read.
    pub passes: usize,
    /// What learns; by the size of the set where it is not said.
    pub learner: Option<Learner>,
    /// What the points of lifting are chosen for.
    pub capacity: Capacity,
}

impl Default for TrainOptions {
    fn default() -> Self {
        Self {
            name: "lapwing-1".to_string(),
            seed: 7,
            features: 1_024,
            passes: 20,
            learner: None,
            capacity: Capacity::default(),
        }
    }
}

impl TrainOptions {
    fn learner_for(&self, listings: usize) -> Learner {
        self.learner.unwrap_or_else(|| Learner::for_size(listings, self.features))
    }
}

/// Why no model could be trained.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TrainError {
    /// Too little data.
    #[error(
        "{listings} labelled listings in {groups} groups; {LEAST_GROUPS} groups are the least for cross-validation and a test part"
    )]
    TooFew {
        /// How many listings.
        listings: usize,
        /// How many groups of them belong together.
        groups: usize,
    },
    /// One class is missing.
    #[error(
        "{part} has {positives} listings labelled 1 and {negatives} labelled 0; both are needed in each part, so label more groups of the rarer one"
    )]
    OneClass {
        /// Which part.
        part: String,
        /// Labelled 1.
        positives: usize,
        /// Labelled 0.
        negatives: usize,
    },
    /// Too much for a dense table.
    #[error(
        "logistic regression needs a table of {numbers} numbers, {most} are the most; take fewer features or the learner `ftrl`"
    )]
    TooLarge {
        /// How many numbers.
        numbers: usize,
        /// How many are allowed.
        most: usize,
    },
    /// The learner refused.
    #[error("the learner failed: {0}")]
    Learner(String),
    /// The state does not belong to the model.
    #[error("{0}")]
    State(String),
}

/// A model and what was seen on the way.
#[derive(Debug)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// From where learning can go on; FTRL alone has one.
    pub state: Option<LearnerState>,
    /// The test part, by index into the data: on these another model can be compared.
    pub test: Vec<usize>,
    /// Texts that stand under both labels, by index of their first listing.
    pub contradictions: Vec<usize>,
}

/// Parts of cross-validation; one part more is the test part.
const FOLDS: usize = 5;
const LEAST_GROUPS: usize = 24;

/// Trains a model on labelled listings and what [`Detector::example`] made of each; `progress` is told how much of the
/// work is done, 0 to 1.
///
/// # Errors
/// Where there is too little data, a part lacks one class, or the learner cannot do it.
pub fn train(
    detector: &Detector,
    data: &[Labelled],
    examples: &[Example],
    options: &TrainOptions,
    progress: &mut dyn FnMut(f64),
) -> Result<Trained, TrainError> {
    let split = Split::of(examples, options.seed)?;
    let (training, test) = (split.outside(FOLDS), split.part(FOLDS));
    let mut unseen: Vec<(usize, f64)> = Vec::with_capacity(training.len());
    for fold in 0..FOLDS {
        let fitted = Fitted::on(examples, &split.outside_both(fold, FOLDS), options)?;
        unseen.extend(split.part(fold).into_iter().map(|index| (index, fitted.log_odds(&examples[index]))));
        progress((fold + 1) as f64 / (FOLDS + 2) as f64);
    }
    let platt = fit_platt(examples, &unseen)?;
    let calibrated = |log_odds: f64| calibrate(log_odds, platt);
    let fitted = Fitted::on(examples, &training, options)?;
    progress((FOLDS + 1) as f64 / (FOLDS + 2) as f64);
    let names = fitted.names(detector, data, examples, &training);
    let scored = |(index, log_odds): &(usize, f64)| (calibrated(*log_odds), examples[*index].label);
    let heard = |(index, log_odds): &(usize, f64)| {
        let Example { band, points, label, .. } = examples[*index];
        Unseen { band, points, calibrated: calibrated(*log_odds), label }
    };
    let raise = Raise::chosen(&unseen.iter().map(heard).collect::<Vec<_>>(), options.capacity);
    let mut model = Model {
        format: Model::format(),
        features_version: FEATURES_VERSION,
        name: options.name.clone(),
        seed: options.seed,
        learner: options.learner_for(examples.len()),
        training_data: digest_of(data),
        pack: detector.pack().digest,
        bias: fitted.learned.bias,
        platt,
        raise,
        capacity: options.capacity,
        metrics: Metrics::default(),
        reference: fitted.reference(examples, &training, &names, platt),
        weights: fitted.weights(&names),
        file_digest: None,
    };
    model.metrics = Metrics {
        training: training.len(),
        groups: split.groups,
        cross_validated_average_precision: average_precision(&unseen.iter().map(scored).collect::<Vec<_>>()),
        ..measured(&fitted, examples, &test, &split, &model)
    };
    let state = fitted.learned.state.clone().map(|state| LearnerState::of(&model, &names, state));
    progress(1.0);
    Ok(Trained { model, state, test, contradictions: contradictions(data) })
}

/// Which part each listing belongs to.
struct Split {
    fold_of: Vec<usize>,
    /// The first member of each listing's group.
    group_of: Vec<usize>,
    groups: usize,
    seed: u64,
}

impl Split {
    fn of(examples: &[Example], seed: u64) -> Result<Self, TrainError> {
        let groups = groups(examples);
        let count = groups.iter().enumerate().filter(|(index, group)| index == *group).count();
        if count < LEAST_GROUPS {
            return Err(TrainError::TooFew { listings: examples.len(), groups: count });
        }
        let fold_of = folds(examples, &groups, FOLDS + 1, seed);
        let split = Self { fold_of, group_of: groups, groups: count, seed };
        for fold in 0..=FOLDS {
            let part = split.part(fold);
            let positives = part.iter().filter(|index| examples[**index].label).count();
            if positives == 0 || positives == part.len() {
                let negatives = part.len() - positives;
                let part = if fold == FOLDS { "the test part".to_string() } else { format!("part {}", fold + 1) };
                return Err(TrainError::OneClass { part, positives, negatives });
            }
        }
        Ok(split)
    }

    fn listed(&self, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        (0..self.fold_of.len()).filter(|index| wanted(self.fold_of[*index])).collect()
    }

    fn part(&self, fold: usize) -> Vec<usize> {
        self.listed(|own| own == fold)
    }

    fn outside(&self, fold: usize) -> Vec<usize> {
        self.listed(|own| own != fold)
    }

    fn outside_both(&self, one: usize, other: usize) -> Vec<usize> {
        self.listed(|own| own != one && own != other)
    }
}

/// Weights with the columns that they belong to.
struct Fitted {
    columns: Columns,
    learned: Learned,
}

/// The features whose shares are kept for the drift check.
const WATCHED: usize = 40;

impl Fitted {
    fn on(examples: &[Example], indexes: &[usize], options: &TrainOptions) -> Result<Self, TrainError> {
        let training: Vec<&Example> = indexes.iter().map(|index| &examples[*index]).collect();
        let columns = Columns::chosen(&training, options.features.clamp(16, 4_096));
        let lesson = |example: &&Example| Lesson { row: columns.row(example), label: example.label };
        let lessons: Vec<Lesson> = training.iter().map(lesson).collect();
        let learner = options.learner_for(examples.len());
        let learned = learn(learner, &lessons, columns.len(), (options.seed, options.passes))?;
        Ok(Self { columns, learned })
    }

    fn log_odds(&self, example: &Example) -> f64 {
        self.learned.log_odds(&self.columns.row(example))
    }

    /// The name of each column: read again from the first listings that have it.
    fn names(&self, detector: &Detector, data: &[Labelled], examples: &[Example], indexes: &[usize]) -> Vec<String> {
        let mut names: Vec<Option<String>> = vec![None; self.columns.len()];
        let mut missing = names.len();
        for index in indexes {
            if missing == 0 {
                break;
            }
            let row = self.columns.row(&examples[*index]);
            if row.iter().all(|(column, _)| names[*column as usize].is_some()) {
                continue;
            }
            detector.for_each_feature(&data[*index].listing, &mut |feature, _| {
                let column = if feature.is_always_kept() {
                    self.columns.of_kept(feature.id())
                } else {
                    self.columns.of_other(short(feature.id()))
                };
                if let Some(name) = column.map(|column| &mut names[column as usize])
                    && name.is_none()
                {
                    *name = Some(feature.to_string());
                    missing -= 1;
                }
            });
        }
        names.into_iter().map(Option::unwrap_or_default).collect()
    }

    fn weights(&self, names: &[String]) -> super::weights::Weights {
        let weights = names.iter().cloned().zip(self.learned.weights.iter().copied());
        weights.filter(|(_, weight)| *weight != 0.0).collect::<BTreeMap<String, f64>>().into()
    }

    fn reference(&self, examples: &[Example], indexes: &[usize], names: &[String], platt: [f64; 2]) -> Reference {
        let mut counts = vec![0usize; names.len()];
        let mut numbers = Vec::with_capacity(indexes.len());
        for index in indexes {
            let row = self.columns.row(&examples[*index]);
            numbers.push(calibrate(self.learned.log_odds(&row), platt));
            for (column, _) in row {
                counts[column as usize] += 1;
            }
        }
        let mut heaviest: Vec<usize> = (0..names.len()).collect();
        let weight = |column: usize| self.learned.weights[column].abs();
        heaviest.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)).then_with(|| names[*a].cmp(&names[*b])));
        let watched = heaviest.into_iter().take(WATCHED);
        let share = |column: usize| (names[column].clone(), counts[column] as f64 / indexes.len().max(1) as f64);
        Reference { scores: shares(&numbers), features: watched.map(share).collect() }
    }
}

fn measured(fitted: &Fitted, examples: &[Example], test: &[usize], split: &Split, model: &Model) -> Metrics {
    let scored: Vec<(f64, bool)> = test
        .iter()
        .map(|index| (calibrate(fitted.log_odds(&examples[*index]), model.platt), examples[*index].label))
        .collect();
    let mut metrics = Metrics::of_scores(&scored);
    let mut items = Vec::with_capacity(test.len());
    for (index, (calibrated, label)) in test.iter().zip(&scored) {
        let example = &examples[*index];
        let by_rules = example.band >= Band::Review;
        let speaking = speaking(fitted.learned.terms(&fitted.columns.row(example)));
        let said = Said { calibrated: *calibrated, speaking };
        let reaches = model.raise.lift((example.band, example.points), said) >= Band::Review;
        let cluster = u32::try_from(split.group_of[*index]).unwrap_or(u32::MAX);
        items.push(SampleItem { key: calibrated.to_bits(), label: *label, flagged: reaches, cluster });
        let add = |reached: &mut Reached, flagged| reached.add(*label, flagged);
        add(&mut metrics.rules, by_rules);
        add(&mut metrics.classifier, *calibrated >= 0.5);
        add(&mut metrics.both, reaches);
        add(metrics.slices.entry(example.slice.to_string()).or_default(), reaches);
        add(metrics.languages.entry(example.lang.to_string()).or_default(), reaches);
    }
    metrics.intervals = intervals(items, split.seed);
    metrics
}

const RESAMPLES: u64 = 500;

/// Intervals by drawing whole groups.
fn intervals(mut items: Vec<SampleItem>, seed: u64) -> Intervals {
    let mut clusters: BTreeMap<u32, u32> = BTreeMap::new();
    for item in &mut items {
        let next = clusters.len() as u32;
        item.cluster = *clusters.entry(item.cluster).or_insert(next);
    }
    if clusters.len() < LEAST_CLUSTERS {
        return Intervals::default();
    }
    let sample = Sample::new(items);
    let drawn = (0..RESAMPLES).map(|resample| sample.resampled(&cluster_weights(seed, resample, clusters.len())));
    Intervals::of(&drawn.collect::<Vec<_>>())
}

fn fit_platt(examples: &[Example], unseen: &[(usize, f64)]) -> Result<[f64; 2], TrainError> {
    let scores: Array1<f64> = unseen.iter().map(|(_, log_odds)| *log_odds).collect();
    let labels: Array1<bool> = unseen.iter().map(|(index, _)| examples[*index].label).collect();
    let parameters = Platt::<f64, ()>::params().check().map_err(|error| TrainError::Learner(error.to_string()))?;
    let (a, b) = platt_newton_method(scores.view(), labels.view(), &parameters)
        .map_err(|error| TrainError::Learner(error.to_string()))?;
    Ok([a, b])
}

fn contradictions(data: &[Labelled]) -> Vec<usize> {
    let mut labels: BTreeMap<Digest, (usize, [bool; 2])> = BTreeMap::new();
    for (index, labelled) in data.iter().enumerate() {
        let text = format!("{}\n{}", labelled.listing.title, labelled.listing.body).to_lowercase();
        let entry = labels.entry(Digest::of(text.as_bytes())).or_insert((index, [false; 2]));
        entry.1[usize::from(labelled.label)] = true;
    }
    let mut both: Vec<usize> =
        labels.values().filter(|(_, seen)| seen[0] && seen[1]).map(|(first, _)| *first).collect();
    both.sort_unstable();
    both
}

pub(super) fn digest_of(data: &[Labelled]) -> Digest {
    let lines: Vec<String> = data
        .iter()
        .map(|labelled| {
            format!("{} {} {}", u8::from(labelled.label), labelled.cluster, labelled.listing.to_stored_json())
        })
        .collect();
    Digest::of_parts(lines.iter().map(String::as_bytes))
}
