//! The contract that the store keeps, whatever database lies below. One binary, so that it is linked once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod claims;
mod desk;
mod folds;
mod frontier;
mod judging;
mod opening;
mod queue;
mod records;
