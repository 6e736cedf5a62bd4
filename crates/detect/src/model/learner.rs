//! The learners, behind one function: rows in, a constant and a weight for each column out.

use linfa::DatasetBase;
use linfa::prelude::{Fit, FitWith, ParamGuard};
use linfa_ftrl::{Ftrl, FtrlParams};
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2};
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::SeedableRng;

use super::artefact::Learner;
use super::select::Row;
use super::train::TrainError;

/// A labelled listing as the learner sees it.
pub(super) struct Lesson {
    pub(super) row: Row,
    pub(super) label: bool,
}

/// What was learned.
#[derive(Debug, Clone)]
pub(super) struct Learned {
    pub(super) bias: f64,
    /// One a column.
    pub(super) weights: Vec<f64>,
    /// From where learning can go on; only of FTRL.
    pub(super) state: Option<Ftrl<f32>>,
}

impl Learned {
    pub(super) fn log_odds(&self, row: &Row) -> f64 {
        self.bias + self.terms(row).sum::<f64>()
    }

    /// What each feature of a row adds to the log-odds.
    pub(super) fn terms<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = f64> + 'a {
        row.iter().map(|(column, value)| self.weights[*column as usize] * f64::from(*value))
    }
}

/// How many listings one step of FTRL sees.
const BATCH: usize = 64;
/// More numbers than this are not put into one dense table for the offline refit.
const MOST_DENSE: usize = 20_000_000;
/// Up to here the refit takes seconds.
const QUICKLY_DENSE: usize = 4_000_000;

impl Learner {
    /// The learner for a set where nobody chose one: the refit for small sets, where it does better, else FTRL.
    pub const fn for_size(listings: usize, features: usize) -> Self {
        if listings.saturating_mul(features) <= QUICKLY_DENSE { Self::Logistic } else { Self::Ftrl }
    }
}

/// Learns from scratch; `passes` and `seed` are for FTRL.
pub(super) fn learn(
    learner: Learner,
    lessons: &[Lesson],
    columns: usize,
    (seed, passes): (u64, usize),
) -> Result<Learned, TrainError> {
    match learner {
        Learner::Ftrl => {
            let mut state: Option<Ftrl<f32>> = None;
            for pass in 0..passes.max(1) {
                state = Some(pass_over(state, lessons, columns, seed.wrapping_add(pass as u64))?);
            }
            Ok(learned(state))
        }
        Learner::Logistic => refit(lessons, columns),
    }
}

/// One more pass of FTRL over lessons, from a state.
pub(super) fn go_on(state: Ftrl<f32>, lessons: &[Lesson], columns: usize, seed: u64) -> Result<Learned, TrainError> {
    Ok(learned(Some(pass_over(Some(state), lessons, columns, seed)?)))
}

fn learned(state: Option<Ftrl<f32>>) -> Learned {
    let weights = state.as_ref().map(Ftrl::get_weights).unwrap_or_default();
    let mut weights = weights.iter().map(|weight| f64::from(*weight));
    Learned { bias: weights.next().unwrap_or_default(), weights: weights.collect(), state }
}

fn learner_error(error: impl std::fmt::Display) -> TrainError {
    TrainError::Learner(error.to_string())
}

/// FTRL has no intercept, so the first column is a constant one.
fn pass_over(state: Option<Ftrl<f32>>, lessons: &[Lesson], columns: usize, seed: u64) -> Result<Ftrl<f32>, TrainError> {
    let rng = Xoshiro256Plus::seed_from_u64(seed);
    let parameters = FtrlParams::new(0.1f32, 1.0, 0.02, 0.2, rng).check().map_err(learner_error)?;
    let mut state = state;
    for batch in shuffled(lessons.len(), seed).chunks(BATCH) {
        let mut records = Array2::<f32>::zeros((batch.len(), columns + 1));
        for (row, index) in batch.iter().enumerate() {
            records[[row, 0]] = 1.0;
            for (column, value) in &lessons[*index].row {
                records[[row, *column as usize + 1]] = *value;
            }
        }
        let labels: Array1<bool> = batch.iter().map(|index| lessons[*index].label).collect();
        let dataset = DatasetBase::new(records, labels);
        state = Some(parameters.fit_with(state, &dataset).map_err(learner_error)?);
    }
    state.ok_or_else(|| TrainError::Learner("nothing to learn from".to_string()))
}

/// Logistic regression on all lessons at once.
fn refit(lessons: &[Lesson], columns: usize) -> Result<Learned, TrainError> {
    let numbers = lessons.len().saturating_mul(columns);
    if numbers > MOST_DENSE {
        return Err(TrainError::TooLarge { numbers, most: MOST_DENSE });
    }
    let mut records = Array2::<f64>::zeros((lessons.len(), columns));
    for (index, lesson) in lessons.iter().enumerate() {
        for (column, value) in &lesson.row {
            records[[index, *column as usize]] = f64::from(*value);
        }
    }
    let labels: Array1<bool> = lessons.iter().map(|lesson| lesson.label).collect();
    let learner = LogisticRegression::default().alpha(1.0).max_iterations(200);
    let fitted = learner.fit(&DatasetBase::new(records, labels)).map_err(learner_error)?;
    // The class that it takes as the positive one depends on the order of the labels.
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    let weights = fitted.params().iter().map(|weight| sign * weight).collect();
    Ok(Learned { bias: sign * fitted.intercept(), weights, state: None })
}

/// The order of learning: by a generator of 64 bits (Vigna 2015, splitmix64), from the seed.
fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let key = |index: usize| {
        let mut z = (seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_add((index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let mut order: Vec<(u64, usize)> = (0..count).map(|index| (key(index), index)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, index)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Column 0 says yes, column 1 says no, column 2 says nothing.
    fn lessons() -> Vec<Lesson> {
        let lesson = |index: usize| {
            let label = index.is_multiple_of(2);
            let mut row = vec![(u32::from(!label), 1.0)];
            if index.is_multiple_of(3) {
                row.push((2, 1.0));
            }
            Lesson { row, label }
        };
        (0..200).map(lesson).collect()
    }

    #[test]
    fn both_learners_find_what_tells_the_labels_apart() {
        let first_is = |label: bool| lessons().into_iter().skip(usize::from(!label)).collect::<Vec<_>>();
        for (learner, first) in
            [(Learner::Ftrl, true), (Learner::Ftrl, false), (Learner::Logistic, true), (Learner::Logistic, false)]
        {
            let learned = learn(learner, &first_is(first), 3, (7, 10)).unwrap();
            assert!(learned.weights[0] > 0.3 && learned.weights[1] < -0.3, "{learner:?} {:?}", learned.weights);
            assert!(learned.log_odds(&vec![(0, 1.0)]) > learned.log_odds(&vec![(1, 1.0)]));
        }
    }

    #[test]
    fn the_same_seed_learns_the_same() {
        let one = learn(Learner::Ftrl, &lessons(), 3, (7, 3)).unwrap();
        let other = learn(Learner::Ftrl, &lessons(), 3, (7, 3)).unwrap();
        assert_eq!(one.weights, other.weights);
    }

    #[test]
    fn learning_goes_on_from_a_state() {
        let begun = learn(Learner::Ftrl, &lessons(), 3, (7, 1)).unwrap();
        let gone_on = go_on(begun.state.clone().unwrap(), &lessons(), 3, 8).unwrap();
        assert!(gone_on.weights[0] > begun.weights[0]);
    }

    #[test]
    fn an_order_holds_each_index_once() {
        let mut order = shuffled(1_000, 3);
        assert_ne!(order, (0..1_000).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..1_000).collect::<Vec<_>>());
    }
}
