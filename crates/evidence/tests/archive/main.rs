//! Archives as a whole: what is written comes back, whatever crashes is mended, whatever is changed is found.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod common;
mod crash;
mod round_trip;
mod tamper;
