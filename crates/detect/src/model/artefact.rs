//! A trained model as a file: weights by feature name, calibration, and what it came from.

use std::collections::BTreeMap;

use lapwing_types::{ClassifierOutput, Contribution, Digest};
use linfa::composing::platt_scaling::platt_predict;
use serde::{Deserialize, Serialize};

use super::features::{FEATURES_VERSION, Features, Observed};
use super::metrics::Metrics;

/// The format of the file.
const FORMAT: u32 = 1;
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

/// A linear model over named features. See docs/MODEL.md for the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub(super) format: u32,
    pub(super) features_version: u32,
    pub(super) name: String,
    pub(super) seed: u64,
    pub(super) training_data: Digest,
    pub(super) pack: Digest,
    pub(super) bias: f64,
    pub(super) platt: [f64; 2],
    pub(super) raise_at: f64,
    pub(super) metrics: Metrics,
    pub(super) weights: BTreeMap<String, f64>,
    #[serde(skip)]
    pub(super) file_digest: Option<Digest>,
}

impl Model {
    /// Reads a model from the bytes of its file.
    ///
    /// # Errors
    /// Where it is not the JSON of a model, is of another version, or holds a number that is not finite.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut model: Self = serde_json::from_slice(bytes)?;
        for (what, found, expected) in
            [("format", model.format, FORMAT), ("features version", model.features_version, FEATURES_VERSION)]
        {
            if found != expected {
                return Err(ModelError::Version { what, found, expected });
            }
        }
        let numbers = [("bias", model.bias), ("platt", model.platt[0]), ("platt", model.platt[1])];
        let weights = model.weights.iter().map(|(name, weight)| (name.as_str(), *weight));
        if let Some((name, _)) = numbers.into_iter().chain(weights).find(|(_, number)| !number.is_finite()) {
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

    /// How well it did on the held-out fold.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The digest of its file.
    pub fn digest(&self) -> Digest {
        self.file_digest.unwrap_or_else(|| Digest::of(self.to_json().as_bytes()))
    }

    /// The calibrated value from which a listing of band `low` is lifted to `review`.
    pub fn raise_at(&self) -> f64 {
        self.raise_at
    }

    /// The model's word on a listing.
    pub(crate) fn predict(&self, observed: &Observed<'_>) -> ClassifierOutput {
        self.predict_features(&Features::of(observed))
    }

    pub(super) fn predict_features(&self, features: &Features) -> ClassifierOutput {
        let weighted = features
            .values
            .iter()
            .filter_map(|(name, value)| self.weights.get(name).map(|weight| (name, weight * f64::from(*value))));
        let mut contributions = vec![Contribution { feature: "bias".to_string(), log_odds: self.bias }];
        contributions.extend(weighted.map(|(name, log_odds)| Contribution { feature: name.clone(), log_odds }));
        contributions
            .sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()).then_with(|| a.feature.cmp(&b.feature)));
        if contributions.len() > NAMED_CONTRIBUTIONS + 1 {
            let rest = contributions.split_off(NAMED_CONTRIBUTIONS);
            let log_odds = rest.iter().map(|contribution| contribution.log_odds).sum();
            contributions.push(Contribution { feature: "other".to_string(), log_odds });
        }
        // The sum of what is shown is the log-odds, so that the explanation is whole by construction.
        let log_odds: f64 = contributions.iter().map(|contribution| contribution.log_odds).sum();
        let calibrated = calibrate(log_odds, self.platt);
        ClassifierOutput { model: self.name.clone(), log_odds, calibrated, contributions }
    }
}

/// Platt's sigmoid (Lin, Lin and Weng 2007).
pub(super) fn calibrate(log_odds: f64, [a, b]: [f64; 2]) -> f64 {
    f64::from(*platt_predict(log_odds, a, b))
}
