//! From where a model can go on learning: a file beside the model, for `lapwing train --update`.

use lapwing_types::Digest;
use linfa_ftrl::Ftrl;
use serde::{Deserialize, Serialize};

use super::artefact::Model;

const FORMAT: u32 = 1;

/// The learner's own numbers, by feature.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnerState {
    format: u32,
    /// The model to which it belongs.
    pub(super) model: Digest,
    /// The name of each column after the constant one.
    pub(super) names: Vec<String>,
    pub(super) ftrl: Ftrl<f32>,
}

/// Why a file is not a learner's state.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// It is not the JSON of a state.
    #[error("the learner's state cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// It is of another format.
    #[error("the learner's state has format {0}, this program reads {FORMAT}; train the model again")]
    Format(u32),
    /// Its numbers do not fit together.
    #[error("the learner's state has {numbers} numbers for {names} features and a constant; train the model again")]
    Size {
        /// How many numbers.
        numbers: usize,
        /// How many names.
        names: usize,
    },
}

impl LearnerState {
    pub(super) fn of(model: &Model, names: &[String], ftrl: Ftrl<f32>) -> Self {
        Self { format: FORMAT, model: model.digest(), names: names.to_vec(), ftrl }
    }

    /// Reads a state from the bytes of its file.
    ///
    /// # Errors
    /// Where it is not the JSON of a state, is of another format, or its numbers do not fit together.
    pub fn from_json(bytes: &[u8]) -> Result<Self, StateError> {
        let state: Self = serde_json::from_slice(bytes)?;
        if state.format != FORMAT {
            return Err(StateError::Format(state.format));
        }
        let (numbers, names) = (state.ftrl.z().len(), state.names.len());
        if numbers != names + 1 || state.ftrl.n().len() != numbers {
            return Err(StateError::Size { numbers, names });
        }
        Ok(state)
    }

    /// The bytes of its file.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string(self).expect("a state has text keys and plain values");
        text.push('\n');
        text
    }

    /// The digest of the model to which it belongs.
    pub fn model(&self) -> Digest {
        self.model
    }
}
