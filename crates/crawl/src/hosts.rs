//! All hosts of a crawl, each made once, so that there is one pace per host.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use url::Url;

use crate::host::Host;
use crate::{HostKey, Policy};

/// The hosts seen so far.
#[derive(Debug, Default)]
pub(crate) struct Hosts {
    by_key: Mutex<HashMap<HostKey, Arc<Host>>>,
}

impl Hosts {
    /// The host of a URL, `None` where it has none.
    pub(crate) fn of(&self, url: &Url, policy: &Policy) -> Option<Arc<Host>> {
        let key = HostKey::of(url)?;
        // The map is only ever added to, so it is whole even after a panic elsewhere.
        let mut by_key = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        let host = by_key.entry(key).or_insert_with_key(|key| {
            let delay = policy.effective_delay(key);
            Arc::new(Host::new(key.clone(), delay, policy.concurrency_per_host))
        });
        Some(Arc::clone(host))
    }

    pub(crate) fn count(&self) -> usize {
        self.by_key.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}
