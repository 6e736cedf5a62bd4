//! Goes on learning from labelled listings that came later, mostly decisions, and says whether the world has moved.
//!
//! The features stay those of the model; a feature that was not chosen in training gets no weight. Calibration and the
//! points of lifting stay too, so that an update can be compared with what it replaces.

use std::collections::BTreeMap;

use super::artefact::{Model, calibrate};
use super::corpus::{Example, short};
use super::drift::Drift;
use super::feature::{id_of_name, is_always_kept_name};
use super::features::FEATURES_VERSION;
use super::learner::{Lesson, go_on};
use super::select::{Columns, Row};
use super::state::LearnerState;
use super::train::TrainError;
use crate::evaluation::average_precision;

/// A model that has gone on learning.
#[derive(Debug)]
pub struct Updated {
    /// The model.
    pub model: Model,
    /// From where it can go on again.
    pub state: LearnerState,
    /// How far the new listings are from those of the training, by the model as it was.
    pub drift: Drift,
    /// Average precision on the new listings, before they were learned from.
    pub average_precision_before: f64,
}

/// Learns once from each example, in an order drawn from `seed`.
///
/// # Errors
/// Where the state belongs to another model, or there is nothing to learn from.
pub fn update(model: &Model, state: &LearnerState, examples: &[Example], seed: u64) -> Result<Updated, TrainError> {
    if state.model() != model.digest() {
        let message = "the learner's state belongs to another model than the one beside it; train the model again";
        return Err(TrainError::State(message.to_string()));
    }
    if examples.is_empty() {
        return Err(TrainError::State("there is no labelled listing to learn from".to_string()));
    }
    let columns = Columns::of_names(&state.names);
    let rows: Vec<Row> = examples.iter().map(|example| columns.row(example)).collect();
    let before = as_it_stands(state);
    let scored: Vec<(f64, bool)> =
        rows.iter().zip(examples).map(|(row, example)| (calibrate(before(row), model.platt), example.label)).collect();
    let drift = model.reference.compare(&scored, &shares_of_features(&rows, &state.names));
    let lessons: Vec<Lesson> =
        rows.into_iter().zip(examples).map(|(row, example)| Lesson { row, label: example.label }).collect();
    let learned = go_on(state.ftrl.clone(), &lessons, state.names.len(), seed)?;
    let mut updated =
        Model { bias: learned.bias, file_digest: None, features_version: FEATURES_VERSION, ..model.clone() };
    let weights = state.names.iter().cloned().zip(learned.weights.iter().copied());
    updated.weights = weights.filter(|(_, weight)| *weight != 0.0).collect::<BTreeMap<String, f64>>().into();
    let ftrl = learned.state.ok_or_else(|| TrainError::Learner("the learner kept no state".to_string()))?;
    let state = LearnerState::of(&updated, &state.names, ftrl);
    Ok(Updated { model: updated, state, drift, average_precision_before: average_precision(&scored) })
}

/// The average precision of a model on some of the examples.
pub fn average_precision_of(model: &Model, examples: &[Example], indexes: &[usize]) -> f64 {
    let (names, weights): (Vec<String>, Vec<f64>) =
        model.weights.iter().map(|(name, weight)| (name.to_string(), weight)).unzip();
    let columns = Columns::of_names(&names);
    let score = |index: &usize| {
        let row = columns.row(&examples[*index]);
        let weighed = row.iter().map(|(column, value)| weights[*column as usize] * f64::from(*value));
        (weighed.sum::<f64>(), examples[*index].label)
    };
    average_precision(&indexes.iter().map(score).collect::<Vec<_>>())
}

/// The log-odds of a row by the state as it stands.
fn as_it_stands(state: &LearnerState) -> impl Fn(&Row) -> f64 {
    let weights: Vec<f64> = state.ftrl.get_weights().iter().map(|weight| f64::from(*weight)).collect();
    move |row| {
        let weighed = row.iter().map(|(column, value)| weights[*column as usize + 1] * f64::from(*value));
        weights[0] + weighed.sum::<f64>()
    }
}

fn shares_of_features(rows: &[Row], names: &[String]) -> BTreeMap<String, f64> {
    let mut counts = vec![0usize; names.len()];
    for (column, _) in rows.iter().flatten() {
        counts[*column as usize] += 1;
    }
    let share = |(name, count): (&String, usize)| (name.clone(), count as f64 / rows.len().max(1) as f64);
    names.iter().zip(counts).map(share).collect()
}

impl Columns {
    /// The columns of features in a given order.
    fn of_names(names: &[String]) -> Self {
        let mut columns = Self::default();
        for (name, column) in names.iter().zip(0..) {
            let id = id_of_name(name);
            if is_always_kept_name(name) {
                columns.put_kept(id, column);
            } else {
                columns.put_other(short(id), column);
            }
        }
        columns
    }
}
