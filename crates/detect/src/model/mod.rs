//! The classifier: small, linear, explained. It orders what the rules found and can lift a listing to `review`; it
//! never lowers one and never acts on one feature alone.

mod artefact;
mod corpus;
mod demographic;
mod drift;
mod feature;
mod features;
mod groups;
mod labelled;
mod learner;
mod metrics;
mod near;
mod raise;
mod select;
mod state;
mod train;
mod update;
mod weights;

pub use artefact::{Learner, Model, ModelError};
pub use corpus::Example;
pub use drift::{Drift, FeatureDrift, Reference};
pub use labelled::{Labelled, LabelledError};
pub use metrics::{Metrics, Reached};
pub use raise::{Capacity, Raise, Said};
pub use state::{LearnerState, StateError};
pub use train::{TrainError, TrainOptions, Trained, train};
pub use update::{Updated, average_precision_of, update};

pub(crate) use feature::Feature;
pub(crate) use features::Observed;
