//! Everything that is concluded from bytes: extraction, text, rules, features, model. Pure: no file, socket, clock,
//! environment or chance; the same input gives the same output, and hostile input gives notices, never an error.
//!
//! ```
//! use lapwing_detect::{Detector, Pack, PackFile};
//! use lapwing_types::Listing;
//!
//! let pack = vec![
//!     PackFile {
//!         path: "pack.yaml".into(),
//!         bytes: b"{format: 1, name: p, version: '1', licence: CC0-1.0, bands: {low: 10, review: 30, high: 55, \
//!                  urgent: 85}, families: {LB: {cap: 70}}}".to_vec(),
//!     },
//! ];
//! let (pack, warnings) = Pack::load(&[pack]).expect("a pack without rules");
//! assert!(warnings.is_empty());
//! let listing = Listing { body: "Kitchen help wanted".into(), ..Listing::default() };
//! let assessment = Detector::new(pack, None).assess(&listing, &[]);
//! assert_eq!(assessment.points, 0);
//! ```

mod detector;
mod entity;
pub mod evaluation;
pub mod extract;
pub mod matcher;
mod model;
mod places;
mod reading;
pub mod rules;
mod score;
pub mod text;

pub use detector::Detector;
pub use entity::{EntityKind, NamedPlace, contact_spans, phone_numbers, places};
pub use evaluation::average_precision;
pub use extract::{Extracted, Extraction, Link, Page, Profile, ProfileError, extract};
pub use model::{
    Capacity, Drift, Example, FeatureDrift, Labelled, LabelledError, Learner, LearnerState, Metrics, Model, ModelError,
    Raise, Reached, Reference, Said, StateError, TrainError, TrainOptions, Trained, Updated, average_precision_of,
    train, update,
};
pub use rules::{Diagnostic, Pack, PackFile, Severity};
