//! The classifier: small, linear, explained. It orders what the rules found and can lift a listing that already
//! scored to `review`; it never lowers one and never flags on its own.

mod artefact;
mod features;
mod metrics;
mod train;

pub use artefact::{Model, ModelError};
pub use metrics::Metrics;
pub use train::{Labelled, LabelledError, TrainError, TrainOptions, Trained, train};

pub(crate) use features::{Features, Observed};
