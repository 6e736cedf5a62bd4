//! Records, review queue and crawl frontier: everything that Lapwing remembers beside the kept bytes.
//!
//! One [`Store`] is one SQLite file. Times and identifiers are passed in: nothing here reads a clock. What happens is
//! written as events or rows in one transaction each, so a crash leaves either all of a step or nothing. Who saw and
//! did what is proven elsewhere, by the custody log; a leaf's number ties a record to it.
//!
//! | file | holds |
//! |---|---|
//! | `records` | captures, listings with their versions, assessments |
//! | `judge` | one capture judged, in one transaction |
//! | `queue` | items, claims, decisions, and the proof that rows equal the fold of their events |
//! | `frontier` | crawls and their addresses |
//! | `stats` | everything in numbers |
//! | `db` | the one file that knows SQLite |
//!
//! ```
//! # async fn example() -> Result<(), lapwing_store::StoreError> {
//! use lapwing_store::{ItemFilter, Store, StoreOptions};
//!
//! # let folder = tempfile::tempdir().expect("a temporary folder");
//! let path = folder.path().join("lapwing.db");
//! let now = "2026-01-02T03:04:05Z".parse().expect("a time");
//! let store = Store::create(&path, &StoreOptions::default(), "desk", now).await?;
//! assert!(store.items(&ItemFilter::default(), now).await?.items.is_empty());
//! assert!(store.integrity_check().await?.is_empty() && store.check_folds().await?.is_empty());
//! store.close().await;
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().expect("a runtime").block_on(example()).expect("it works");
//! ```

mod codec;
mod db;
mod error;
mod frontier;
mod judge;
mod queue;
mod records;
mod rows;
mod schema;
mod stats;

pub use db::{Durability, Store, StoreOptions};
pub use error::StoreError;
pub use frontier::{
    Budget, CrawlRecord, FrontierCounts, HostCounts, NewTarget, NextTarget, Target, TargetId, TargetOutcome,
};
pub use judge::{
    Batch, Flag, FrontierStep, Judged, JudgedListing, Judgement, ListingChange, ListingOutcome, QueueChange,
};
pub use queue::{
    Claim, ClaimFrom, ClaimRequest, DecisionRecord, FoldFault, ItemFilter, ItemPage, ItemStatus, ItemView,
    LONGEST_LEASE_SECONDS, QueueRow,
};
pub use records::{AssessmentRecord, ListingFilter, ListingRecord, ListingVersion, natural_key};
pub use rows::Rows;
pub use schema::SCHEMA;
pub use stats::Stats;
