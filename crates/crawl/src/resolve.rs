//! The resolver inside of the client: names with a blocked address do not resolve, so that what was judged is what
//! is connected to, however fast a name's answers change.

use std::io;
use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::guard::judge_addresses;

/// Looks names up by the system and judges all addresses together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GuardedResolver {
    public_only: bool,
}

/// The system's resolver failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResolveError {
    #[error("{0}")]
    Lookup(io::Error),
    #[error("the name has no address")]
    Empty,
}

impl GuardedResolver {
    pub(crate) const fn public_only() -> Self {
        Self { public_only: true }
    }

    /// For pairs of host and port that are exempt from the guard.
    pub(crate) const fn any_address() -> Self {
        Self { public_only: false }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let public_only = self.public_only;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(ResolveError::Lookup)?;
            let addresses: Vec<SocketAddr> = found.collect();
            if addresses.is_empty() {
                return Err(ResolveError::Empty.into());
            }
            if public_only {
                judge_addresses(&addresses)?;
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GuardError;

    #[tokio::test]
    async fn a_name_of_this_machine_resolves_only_for_the_exempt() {
        let name = || "localhost".parse::<Name>().unwrap();
        let refused = GuardedResolver::public_only().resolve(name()).await.err().unwrap();
        assert!(matches!(refused.downcast_ref(), Some(GuardError::Address { .. })));
        assert!(GuardedResolver::any_address().resolve(name()).await.is_ok());
    }
}
