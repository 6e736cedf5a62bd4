//! The rule language from outside: files of a pack in, findings, hits and answers out.

mod filters;
mod support;
