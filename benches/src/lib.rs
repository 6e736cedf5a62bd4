//! What the measurements share: a seeded corpus, a seeded set of patterns, and a clock that counts this thread only.

pub mod clock;
pub mod corpus;
pub mod pack;
pub mod patterns;
