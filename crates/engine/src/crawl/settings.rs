//! What a crawl was started with, kept in the store so that it can go on without being told again.

use lapwing_crawl::{HostKey, HostPort};
use lapwing_detect::Profile;
use serde::{Deserialize, Serialize};
use url::Url;

use super::CrawlRequest;
use crate::error::{EngineError, Result};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CrawlSettings {
    pub(super) seeds: Vec<Url>,
    profile: Option<String>,
    allow_private: Vec<String>,
    pub(super) max_depth: u32,
}

impl CrawlSettings {
    pub(super) fn new(seeds: Vec<Url>, request: &CrawlRequest, max_depth: u32) -> Self {
        let allow_private = request.allow_private.iter().map(ToString::to_string).collect();
        Self { seeds, profile: request.profile.clone(), allow_private, max_depth }
    }

    pub(super) fn read(json: &serde_json::Value) -> Result<Self> {
        let damaged = |error: serde_json::Error| EngineError::Settings {
            place: "the stored crawl".to_string(),
            message: format!("{error}; start it anew with `--fresh`"),
        };
        serde_json::from_value(json.clone()).map_err(damaged)
    }

    pub(super) fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    pub(super) fn profile(&self) -> Result<Option<Profile>> {
        let parsed = self.profile.as_deref().map(Profile::parse).transpose();
        parsed.map_err(|error| EngineError::Settings {
            place: "the site's profile".to_string(),
            message: error.to_string(),
        })
    }

    /// The private addresses that were allowed when it began, and those allowed now.
    pub(super) fn allow_private(&self, now: &[HostPort]) -> Result<Vec<HostPort>> {
        let mut pairs = now.to_vec();
        for written in &self.allow_private {
            pairs.push(written.parse().map_err(|error: lapwing_crawl::HostPortParseError| EngineError::Settings {
                place: "the stored crawl".to_string(),
                message: error.to_string(),
            })?);
        }
        Ok(pairs)
    }

    /// Whether an address belongs to the crawl: the host of a seed.
    pub(super) fn is_in_scope(&self, url: &Url) -> bool {
        let host = HostKey::of(url);
        host.is_some() && self.seeds.iter().any(|seed| HostKey::of(seed) == host)
    }
}
