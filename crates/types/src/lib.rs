//! The glossary of Lapwing as code: the nouns that every other crate speaks, and what always holds of them.
//!
//! Nothing here reads a file, a socket, a clock or the environment. Identifiers that hold a time are
//! made by the shell (`lapwing-engine`) and passed in.
//!
//! ```
//! use lapwing_types::{Band, Digest, Private};
//!
//! let digest = Digest::of(b"abc");
//! assert!(digest.to_string().starts_with("sha256:ba7816bf"));
//! assert!(Band::High > Band::Low);
//! let contact = Private::new("+44 20 7946 0958".to_string());
//! assert_eq!(format!("{contact:?}"), "Private(…)");
//! ```

mod assessment;
mod band;
mod capture;
mod digest;
mod exchange;
mod family;
mod id;
mod listing;
mod mask;
mod notice;
mod private;
mod queue;
mod reviewer;
mod span;

pub use assessment::{
    Assessment, ClassifierOutput, Contribution, EvidenceGrade, FamilyPoints, Hit, HitSpan, NotEvaluated, Provenance,
    RuleStatus, Strength,
};
pub use band::Band;
pub use capture::{Capture, CaptureSource, Tool, WarcLocation};
pub use digest::{Digest, DigestParseError};
pub use exchange::{Exchange, Header, RobotsDecision, Truncation};
pub use family::{Family, FamilyParseError};
pub use id::{CaptureId, CrawlId, EventId, IdParseError, ItemId, ListingId, RuleId};
pub use listing::{Contact, ContactKind, Kind, Listing, ListingParseError};
pub use mask::{mask_contact, mask_spans};
pub use notice::Notice;
pub use private::Private;
pub use queue::{
    Action, Actor, Decision, Event, FoldError, IndicatorVerdict, ItemState, Lane, LaneParseError, Lease, Outcome,
    OutcomeParseError, Status, fold,
};
pub use reviewer::{Credential, Reviewer};
pub use span::{Field, Span, View};
