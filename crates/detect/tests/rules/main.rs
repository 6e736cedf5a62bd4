//! The rule language from outside: files of a pack in, findings, hits and answers out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod compare;
mod diagnostics;
mod filters;
mod schema;
mod support;
