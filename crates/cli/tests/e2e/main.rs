//! End-to-end tests: the built program, real files, real loopback servers.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod authors;
mod crawl;
mod demo;
mod evaluate;
mod evidence;
mod formats;
mod hostile;
mod queue;
mod rules;
mod scan;
mod support;
mod synthetic;
mod train;
mod workspace;
