//! What ends a crawl as a whole. What goes wrong with one target is a [`crate::Refusal`] or a [`crate::Postponement`].

use crate::{FrontierError, PolicyError};

/// Why a crawl could not begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum CrawlError {
    /// The policy makes no sense.
    #[error("the crawl's settings are unusable")]
    Policy(#[from] PolicyError),
    /// The HTTP client could not be built.
    #[error("failed to build the HTTP client: {0}")]
    Client(String),
    /// The frontier failed.
    #[error("the list of targets failed")]
    Frontier(#[from] FrontierError),
    /// A fault of the program's own.
    #[error("a visit ended by a fault of the program: {0}")]
    Fault(String),
}
