//! How politely and how cautiously to crawl. Defaults are here, in code; a host may be given its own delay.

use std::collections::BTreeMap;
use std::time::Duration;

use lapwing_types::Private;
use reqwest::header::HeaderValue;

use crate::{HostKey, HostPort};

/// The rules of a crawl that its operator sets.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Product and version. Its letters before the `/` are the name to which robots.txt speaks.
    pub user_agent: String,
    /// Where a site's owner can complain: a page or a mail address, shown to every server. Without it only this
    /// machine is visited.
    pub contact: Option<Private<String>>,
    /// The pause between the end of an answer and the next request to the same host.
    pub default_delay: Duration,
    /// A longer `Crawl-delay` of robots.txt counts as this.
    pub max_crawl_delay: Duration,
    /// Requests in flight to one host; their starts are a delay apart even so.
    pub concurrency_per_host: usize,
    /// Targets in work over all hosts, so at most as many hosts.
    pub hosts_at_once: usize,
    /// How long resolving and connecting may take.
    pub connect_timeout: Duration,
    /// How long a whole request may take; what has come by then is kept.
    pub request_timeout: Duration,
    /// Bytes of a body that are kept; it is cut there.
    pub max_body: usize,
    /// Bytes of an answer's headers; a longer head is refused.
    pub max_header_bytes: usize,
    /// Redirects that may lead to a target.
    pub max_redirects: usize,
    /// How often a target is tried again after its first failure.
    pub retries: u32,
    /// The pause before the first retry; it doubles each time, with up to half added by chance.
    pub retry_base: Duration,
    /// The longest such pause.
    pub max_backoff: Duration,
    /// The longest `Retry-After` that is obeyed.
    pub max_retry_after: Duration,
    /// After so many failures in a row a host is left alone for the rest of the crawl.
    pub give_up_after: u32,
    /// How long a crawl sits idle for postponed targets; after that it ends and leaves them to the next one.
    pub patience: Duration,
    /// Private pairs of host and port that may be visited.
    pub allow_private: Vec<HostPort>,
    /// Settings for single hosts, by name without port.
    pub overrides: BTreeMap<String, HostOverride>,
}

/// What differs for one host.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HostOverride {
    /// The delay in place of the default; a longer `Crawl-delay` still counts.
    pub delay: Option<Duration>,
}

/// What makes a policy unusable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// A number that must be at least one is zero.
    #[error("`crawl.{0}` is 0 and must be at least 1")]
    Zero(&'static str),
    /// The user agent names no product.
    #[error("`crawl.user_agent` does not begin with a name of letters, hyphens and underscores, such as `lapwing/1.0`")]
    NoProduct,
    /// The user agent or the contact cannot stand in a header.
    #[error("`crawl.user_agent` and `crawl.contact` must be printable characters of ASCII without parentheses")]
    NotAHeader,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            user_agent: concat!("lapwing/", env!("CARGO_PKG_VERSION")).to_string(),
            contact: None,
            default_delay: Duration::from_secs(2),
            max_crawl_delay: Duration::from_secs(60),
            concurrency_per_host: 1,
            hosts_at_once: 16,
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(60),
            max_body: 8 * 1024 * 1024,
            max_header_bytes: 64 * 1024,
            max_redirects: 5,
            retries: 3,
            retry_base: Duration::from_secs(2),
            max_backoff: Duration::from_secs(5 * 60),
            max_retry_after: Duration::from_secs(24 * 60 * 60),
            give_up_after: 8,
            patience: Duration::from_secs(15 * 60),
            allow_private: Vec::new(),
            overrides: BTreeMap::new(),
        }
    }
}

impl Policy {
    /// The whole `User-Agent`: `lapwing/1.0 (+contact)`.
    ///
    /// # Errors
    /// Where it cannot stand in a header.
    pub fn user_agent_header(&self) -> Result<String, PolicyError> {
        let contact = self.contact.as_ref().map(Private::reveal).filter(|contact| !contact.trim().is_empty());
        let in_a_comment =
            |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && !b"()\\".contains(&byte));
        if contact.is_some_and(|contact| !in_a_comment(contact)) {
            return Err(PolicyError::NotAHeader);
        }
        let header = match contact {
            Some(contact) => format!("{} (+{})", self.user_agent, contact.trim()),
            None => self.user_agent.clone(),
        };
        HeaderValue::from_str(&header).map_err(|_| PolicyError::NotAHeader)?;
        Ok(header)
    }

    /// The name to which robots.txt speaks: `lapwing`.
    pub fn product(&self) -> &str {
        let end = self.user_agent.find(|c: char| !(c.is_ascii_alphabetic() || matches!(c, '-' | '_')));
        &self.user_agent[..end.unwrap_or(self.user_agent.len())]
    }

    /// Whether the operator can be reached.
    pub fn has_contact(&self) -> bool {
        self.contact.as_ref().is_some_and(|contact| !contact.reveal().trim().is_empty())
    }

    /// Whether the numbers and texts make sense.
    ///
    /// # Errors
    /// With the first that does not.
    pub fn validate(&self) -> Result<(), PolicyError> {
        let counts = [
            ("concurrency_per_host", self.concurrency_per_host),
            ("hosts_at_once", self.hosts_at_once),
            ("max_body", self.max_body),
            ("max_header_bytes", self.max_header_bytes),
        ];
        if let Some((name, _)) = counts.into_iter().find(|(_, count)| *count == 0) {
            return Err(PolicyError::Zero(name));
        }
        let times = [("connect_timeout", self.connect_timeout), ("request_timeout", self.request_timeout)];
        if let Some((name, _)) = times.into_iter().find(|(_, time)| time.is_zero()) {
            return Err(PolicyError::Zero(name));
        }
        if self.give_up_after == 0 {
            return Err(PolicyError::Zero("give_up_after"));
        }
        if self.product().is_empty() {
            return Err(PolicyError::NoProduct);
        }
        self.user_agent_header().map(drop)
    }

    /// The delay for a host before robots.txt has its say.
    pub fn effective_delay(&self, host: &HostKey) -> Duration {
        self.overrides.get(host.name()).and_then(|own| own.delay).unwrap_or(self.default_delay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    fn with_contact(contact: &str) -> Policy {
        Policy { contact: Some(Private::new(contact.to_string())), ..Policy::default() }
    }

    #[test]
    fn the_user_agent_carries_the_contact() {
        let policy = Policy { user_agent: "lapwing/1.0".into(), ..with_contact("https://desk.example/crawler") };
        assert_eq!(policy.user_agent_header().unwrap(), "lapwing/1.0 (+https://desk.example/crawler)");
        assert_eq!(policy.product(), "lapwing");
        assert!(Policy::default().user_agent_header().unwrap().starts_with("lapwing/"));
    }

    #[test]
    fn a_contact_cannot_smuggle_a_header() {
        for contact in ["a\r\nx: y", "a) evil/1.0 (", "ä", "a\\"] {
            assert_eq!(with_contact(contact).validate(), Err(PolicyError::NotAHeader), "`{contact}`");
        }
    }

    #[test]
    fn debug_output_hides_the_contact() {
        assert!(!format!("{:?}", with_contact("desk@lapwing.example")).contains("desk@"));
    }

    #[test]
    fn nonsense_is_named() {
        assert_eq!(Policy::default().validate(), Ok(()));
        let policy = Policy { hosts_at_once: 0, ..Policy::default() };
        assert_eq!(policy.validate(), Err(PolicyError::Zero("hosts_at_once")));
        let policy = Policy { user_agent: "/1".into(), ..Policy::default() };
        assert_eq!(policy.validate(), Err(PolicyError::NoProduct));
        assert!(!with_contact("  ").has_contact());
    }

    #[test]
    fn a_host_may_have_its_own_delay() {
        let own = HostOverride { delay: Some(Duration::from_secs(9)) };
        let policy = Policy { overrides: [("a.example".to_string(), own)].into(), ..Policy::default() };
        let delay = |url: &str| policy.effective_delay(&HostKey::of(&Url::parse(url).unwrap()).unwrap());
        assert_eq!(delay("https://a.example./x"), Duration::from_secs(9));
        assert_eq!(delay("https://b.example/x"), policy.default_delay);
    }
}
