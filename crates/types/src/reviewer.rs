//! Who signs a decision.

use serde::{Deserialize, Serialize};

/// How a person proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credential {
    /// Read access to the workspace's operator key, which is readable by its owner alone.
    WorkspaceKey,
}

/// A person who has been authenticated. Decisions take this type and no other, and the engine's
/// authentication is the one place that makes it (checked by the tidy test).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reviewer {
    pseudonym: String,
    credential: Credential,
}

impl Reviewer {
    /// To be called by authentication alone, after the proof was checked.
    pub fn authenticated(pseudonym: impl Into<String>, credential: Credential) -> Self {
        Self { pseudonym: pseudonym.into(), credential }
    }

    /// The name under which the person works; not a personal name.
    pub fn pseudonym(&self) -> &str {
        &self.pseudonym
    }

    /// What was proven.
    pub const fn credential(&self) -> Credential {
        self.credential
    }
}
