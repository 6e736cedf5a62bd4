//! What is to be visited, and the name of its host.

use std::fmt;
use std::str::FromStr;

use lapwing_types::Exchange;
use serde::{Deserialize, Serialize};
use url::Url;

/// Something to visit. The frontier keeps it, and knows it by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The frontier's number of it.
    pub id: i64,
    /// Where it is.
    pub url: Url,
    /// How many links away from a seed.
    pub depth: u32,
    /// The URLs that led here by redirect, the first first.
    pub redirected_from: Vec<Url>,
    /// How often it has been tried without success; the frontier stores what [`crate::Postponement`] says.
    pub attempt: u32,
}

impl Target {
    /// A target that was never tried and to which no redirect led.
    pub fn seed(id: i64, url: Url) -> Self {
        Self { id, url, depth: 0, redirected_from: Vec::new(), attempt: 0 }
    }
}

/// A host as politeness sees it: scheme, name and port, written `https://example.com:443`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HostKey(String);

/// Why a text is no host key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a host such as `https://example.com:443`")]
pub struct HostKeyParseError(String);

impl HostKey {
    /// The host of a URL: letters in lower case, no dot at the end, the port always written. `None` where the URL has
    /// no host or no port (`mailto:`, `data:`).
    pub fn of(url: &Url) -> Option<Self> {
        let name = url.host_str().filter(|name| !name.is_empty())?.trim_end_matches('.');
        let port = url.port_or_known_default()?;
        Some(Self(format!("{}://{name}:{port}", url.scheme())))
    }

    /// As it stands in files.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name or address alone, IPv6 in brackets.
    pub fn name(&self) -> &str {
        let from_name = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        from_name.rsplit_once(':').map_or(from_name, |(name, _)| name)
    }
}

impl fmt::Display for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for HostKey {
    type Err = HostKeyParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || HostKeyParseError(text.chars().take(100).collect());
        Url::parse(text).ok().and_then(|url| Self::of(&url)).ok_or_else(refused)
    }
}

/// Where a redirect answer points, for the frontier to judge and enqueue; `None` where the answer is no redirect or
/// points nowhere.
pub fn redirect_location(exchange: &Exchange) -> Option<Url> {
    if !is_redirect(exchange.status) {
        return None;
    }
    resolve_location(&exchange.url, exchange.response_header("location")?)
}

pub(crate) fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// A `Location` as kept in an exchange (one character per byte), read as UTF-8 and joined to the URL that sent it.
pub(crate) fn resolve_location(base: &Url, location: &str) -> Option<Url> {
    let bytes: Vec<u8> = location.chars().map(|character| u8::try_from(character).unwrap_or(b'?')).collect();
    let mut url = base.join(String::from_utf8_lossy(&bytes).trim()).ok()?;
    url.set_fragment(None);
    Some(url)
}

/// A URL as logs may show it: neither userinfo nor query nor fragment.
pub(crate) fn loggable(url: &Url) -> String {
    match HostKey::of(url) {
        Some(host) => format!("{host}{}", url.path()),
        None => format!("{}:…", url.scheme()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn one_host_has_one_key() {
        for same in
            ["https://A.example/x", "https://a.example:443/y?z", "https://a.example./", "https://user@a.example"]
        {
            assert_eq!(HostKey::of(&url(same)).unwrap().as_str(), "https://a.example:443");
        }
        assert_ne!(HostKey::of(&url("http://a.example")), HostKey::of(&url("https://a.example")));
        assert_eq!(HostKey::of(&url("http://[::1]:8080")).unwrap().name(), "[::1]");
        assert_eq!(HostKey::of(&url("mailto:desk@a.example")), None);
        assert_eq!(HostKey::of(&url("data:,x")), None);
    }

    #[test]
    fn a_key_survives_its_text() {
        let key = HostKey::of(&url("http://a.example:8080/x")).unwrap();
        assert_eq!(key.as_str().parse::<HostKey>().unwrap(), key);
        assert!("a.example".parse::<HostKey>().is_err());
    }

    #[test]
    fn locations_are_joined_and_lose_their_fragment() {
        let base = url("https://a.example/x/y");
        let latin: String = "/ü".bytes().map(char::from).collect();
        assert_eq!(resolve_location(&base, "../z#top").unwrap().as_str(), "https://a.example/z");
        assert_eq!(resolve_location(&base, &latin).unwrap().as_str(), "https://a.example/%C3%BC");
        assert_eq!(resolve_location(&base, "//b.example").unwrap().as_str(), "https://b.example/");
        assert!(resolve_location(&base, "http://[").is_none());
    }

    #[test]
    fn logs_see_neither_query_nor_userinfo() {
        assert_eq!(loggable(&url("https://me:word@a.example/x?phone=1#y")), "https://a.example:443/x");
        assert_eq!(loggable(&url("mailto:desk@a.example")), "mailto:…");
    }
}
