//! A trained model as a file: weights by feature name, calibration, and what it came from.

use lapwing_types::{ClassifierOutput, Contribution, Digest};
use linfa::composing::platt_scaling::platt_predict;
use serde::{Deserialize, Serialize};

use super::drift::Reference;
use super::features::{FEATURES_VERSION, Observed};
use super::metrics::Metrics;
use super::raise::{Capacity, Raise, Said, speaking};
use super::weights::Weights;

/// The format of the file.
const FORMAT: u32 = 2;
/// How many contributions an explanation names before the rest is summed as `other`.
const NAMED_CONTRIBUTIONS: usize = 12;

/// Why a file is not a model that can be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It is not the JSON of a model.
    #[error("the model file cannot be read as a model: {0}")]
    Json(#[from] serde_json::Error),
    /// It was written for another version.
    #[error("the model has {what} {found}, this program reads {expected}; train it again with `lapwing train`")]
    Version {
        /// `format` or `features version`.
        what: &'static str,
        /// What the file says.
        found: u32,
        /// What is read.
        expected: u32,
    },
    /// A number in it is not finite.
    #[error("the model holds a weight that is not a finite number: `{0}`")]
    NotFinite(String),
}

/// What learns the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learner {
    /// Follow the regularised leader (McMahan et al. 2013): quick, and able to go on learning.
    Ftrl,
    /// Logistic regression by L-BFGS with an L2 penalty: the offline refit, for sets that fit into memory densely.
    Logistic,
}

/// A linear model over named features. See docs/MODEL.md for the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub(super) format: u32,
    pub(super) features_version: u32,
    pub(super) name: String,
    pub(super) seed: u64,
    pub(super) learner: Learner,
    pub(super) training_data: Digest,
    pub(super) pack: Digest,
    pub(super) bias: f64,
    pub(super) platt: [f64; 2],
    pub(super) raise: Raise,
    pub(super) capacity: Capacity,
    pub(super) metrics: Metrics,
    pub(super) reference: Reference,
    pub(super) weights: Weights,
    #[serde(skip)]
    pub(super) file_digest: Option<Digest>,
}

/// The part of a file that says what wrote it; read first, so that another format is told as such.
#[derive(Deserialize)]
struct Written {
    format: u32,
    features_version: u32,
}

impl Model {
    /// Reads a model from the bytes of its file.
    ///
    /// # Errors
    /// Where it is not the JSON of a model, is of another version, or holds a number that is not finite.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ModelError> {
        let written: Written = serde_json::from_slice(bytes)?;
        for (what, found, expected) in
            [("format", written.format, FORMAT), ("features version", written.features_version, FEATURES_VERSION)]
        {
            if found != expected {
                return Err(ModelError::Version { what, found, expected });
            }
        }
        let mut model: Self = serde_json::from_slice(bytes)?;
        let numbers = [
            ("bias", model.bias),
            ("platt", model.platt[0]),
            ("platt", model.platt[1]),
            ("raise", model.raise.low),
            ("raise", model.raise.unscored),
        ];
        if let Some((name, _)) = numbers.into_iter().chain(model.weights.iter()).find(|(_, number)| !number.is_finite())
        {
            return Err(ModelError::NotFinite(name.to_string()));
        }
        model.file_digest = Some(Digest::of(bytes));
        Ok(model)
    }

    /// The bytes of its file: the same model gives the same bytes.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a model has text keys and plain values");
        text.push('\n');
        text
    }

    pub(super) const fn format() -> u32 {
        FORMAT
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How well it did on the held-out part.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// From where it lifts.
    pub fn raise(&self) -> Raise {
        self.raise
    }

    /// The reviewing capacity for which that was chosen.
    pub fn capacity(&self) -> Capacity {
        self.capacity
    }

    /// What learned it.
    pub fn learner(&self) -> Learner {
        self.learner
    }

    /// How many features have a weight.
    pub fn features(&self) -> usize {
        self.weights.len()
    }

    /// The digest of its file.
    pub fn digest(&self) -> Digest {
        self.file_digest.unwrap_or_else(|| Digest::of(self.to_json().as_bytes()))
    }

    /// The model's word on a listing, explained, and what decides whether it lifts.
    pub(crate) fn judge(&self, observed: &Observed<'_>) -> (ClassifierOutput, Said) {
        let terms = self.weights.terms(observed);
        let speaking = speaking(terms.iter().map(|(_, weighed)| *weighed));
        let output = self.explained(terms);
        let said = Said { calibrated: output.calibrated, speaking };
        (output, said)
    }

    /// The terms as contributions, the largest named, whose sum is the log-odds by construction.
    fn explained(&self, terms: Vec<(&str, f64)>) -> ClassifierOutput {
        let mut contributions = vec![Contribution { feature: "bias".to_string(), log_odds: self.bias }];
        let mut named = terms;
        named.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(b.0)));
        let rest = named.split_off(named.len().min(NAMED_CONTRIBUTIONS - 1));
        let named = named.into_iter();
        contributions.extend(named.map(|(feature, log_odds)| Contribution { feature: feature.to_string(), log_odds }));
        contributions
            .sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()).then_with(|| a.feature.cmp(&b.feature)));
        if !rest.is_empty() {
            let log_odds = rest.iter().map(|(_, weighed)| weighed).sum();
            contributions.push(Contribution { feature: "other".to_string(), log_odds });
        }
        let log_odds: f64 = contributions.iter().map(|contribution| contribution.log_odds).sum();
        let calibrated = calibrate(log_odds, self.platt);
        ClassifierOutput { model: self.name.clone(), log_odds, calibrated, contributions }
    }
}

/// Platt's sigmoid (Lin, Lin and Weng 2007).
pub(super) fn calibrate(log_odds: f64, [a, b]: [f64; 2]) -> f64 {
    f64::from(*platt_predict(log_odds, a, b))
}
