//! The repository tests itself: what is drawn in docs/ARCHITECTURE.md and promised in docs/CONTRIBUTING.md is checked here,
//! since a rule that nothing checks is a wish.
//!
//! Each check is a function from values to faults, so that it has two tests: one on the repository and one on a made-up
//! input that must fail.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod codes;
mod edges;
mod fault;
mod layout;
mod manifests;
mod pages;
mod rust;
mod sources;
mod tree;
mod words;
