//! Whole crawls against servers on loopback that behave as servers do, well and badly.
#![expect(clippy::unwrap_used, reason = "code that only tests use may unwrap as tests do")]

mod common;
mod guarded;
mod hostile;
mod politeness;
mod robots_txt;
