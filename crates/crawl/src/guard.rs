//! The guard against requests into private networks.
//!
//! A page of the web may name any address, so every URL is judged thrice: the URL itself before anything happens (an
//! address in any spelling is already parsed there), the answers of the resolver while connecting, and the connected
//! peer afterwards. A name is refused where *any* of its addresses is blocked.

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use serde::Serialize;
use url::{Host, Url};

/// Longer URLs are refused; no advert has one.
const MAX_URL_BYTES: usize = 8 * 1024;

/// A host and a port that may be visited although they are private, such as `127.0.0.1:8080` or `localhost:3000`.
///
/// The pair is exact: `localhost:3000` admits neither `127.0.0.1:3000` nor `localhost:3001`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostPort {
    host: Host<String>,
    port: u16,
}

/// Why a text is no pair of host and port.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a host and a port, such as `127.0.0.1:8080`")]
pub struct HostPortParseError(String);

/// Why a URL, a name or a peer is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "guard", rename_all = "snake_case")]
pub enum GuardError {
    /// Neither `http` nor `https`.
    #[error("scheme `{scheme}` is not `http` or `https`")]
    Scheme {
        /// The scheme found.
        scheme: String,
    },
    /// The URL names no host.
    #[error("the URL names no host")]
    NoHost,
    /// The URL is too long.
    #[error("the URL is longer than {MAX_URL_BYTES} bytes")]
    TooLong,
    /// The URL carries a user name or a password.
    #[error("the URL carries a user name or a password")]
    Userinfo,
    /// A port other than 80 and 443.
    #[error("port {port} is not 80 or 443; name the host and port in `crawl.allow_private` to visit it")]
    Port {
        /// The port found.
        port: u16,
    },
    /// A private, local or reserved address.
    #[error("address `{address}` is private or reserved; name the host and port in `crawl.allow_private` to visit it")]
    Address {
        /// The address found.
        address: IpAddr,
    },
    /// A name that means this machine.
    #[error("`localhost` is this machine; name the host and port in `crawl.allow_private` to visit it")]
    LocalName,
}

/// A URL's admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// A public address is required of the host.
    Public,
    /// The pair of host and port is exempt.
    Exempt,
}

/// The guard: fixed ranges and ports, and the pairs that are exempt.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    exempt: BTreeSet<HostPort>,
}

impl Guard {
    /// A guard that lets the given pairs pass besides the public web.
    pub fn new(exempt: impl IntoIterator<Item = HostPort>) -> Self {
        Self { exempt: exempt.into_iter().collect() }
    }

    /// Judges a URL before its host is resolved.
    ///
    /// # Errors
    /// Where the URL may not be visited.
    pub fn judge(&self, url: &Url) -> Result<Admission, GuardError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(GuardError::Scheme { scheme: url.scheme().chars().take(40).collect() });
        }
        if url.as_str().len() > MAX_URL_BYTES {
            return Err(GuardError::TooLong);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(GuardError::Userinfo);
        }
        let pair = HostPort::of(url).ok_or(GuardError::NoHost)?;
        if self.exempt.contains(&pair) {
            return Ok(Admission::Exempt);
        }
        judge_host(&pair.host)?;
        if !matches!(pair.port, 80 | 443) {
            return Err(GuardError::Port { port: pair.port });
        }
        Ok(Admission::Public)
    }
}

/// Judges the addresses of a name: one blocked address refuses it.
///
/// # Errors
/// With the first address that is blocked.
pub fn judge_addresses(addresses: &[SocketAddr]) -> Result<(), GuardError> {
    match addresses.iter().map(SocketAddr::ip).find(|address| is_blocked(*address)) {
        Some(address) => Err(GuardError::Address { address }),
        None => Ok(()),
    }
}

/// Whether an address is private, local, reserved or for documentation.
pub fn is_blocked(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_blocked_v4(address),
        IpAddr::V6(address) => is_blocked_v6(address),
    }
}

/// Whether a URL means this machine by its own words: a loopback address or `localhost`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        Some(Host::Domain(name)) => is_local_name(name),
        None => false,
    }
}

impl HostPort {
    fn of(url: &Url) -> Option<Self> {
        let port = url.port_or_known_default()?;
        let host = match url.host()? {
            Host::Domain(name) => Host::Domain(name.trim_end_matches('.').to_string()),
            Host::Ipv4(address) => Host::Ipv4(address),
            Host::Ipv6(address) => Host::Ipv6(address),
        };
        Some(Self { host, port })
    }
}

impl FromStr for HostPort {
    type Err = HostPortParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || HostPortParseError(text.chars().take(100).collect());
        let (host, port) = text.trim().rsplit_once(':').ok_or_else(refused)?;
        let host = Host::parse(host.trim_end_matches('.')).map_err(|_| refused())?;
        let port = port.parse().map_err(|_| refused())?;
        Ok(Self { host, port })
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

fn judge_host(host: &Host<String>) -> Result<(), GuardError> {
    let address = match host {
        Host::Domain(name) if is_local_name(name) => return Err(GuardError::LocalName),
        Host::Domain(_) => return Ok(()),
        Host::Ipv4(address) => IpAddr::V4(*address),
        Host::Ipv6(address) => IpAddr::V6(*address),
    };
    if is_blocked(address) { Err(GuardError::Address { address }) } else { Ok(()) }
}

fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Blocked IPv4 networks: first address and length of the prefix.
const BLOCKED_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Blocked IPv6 networks inside 2000::/3; everything outside is blocked anyhow, mapped IPv4 (judged by the inner
/// address) excepted.
const BLOCKED_V6: [(Ipv6Addr, u32); 3] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
];

const GLOBAL_UNICAST: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

fn is_blocked_v4(address: Ipv4Addr) -> bool {
    let within = |(network, prefix): &(Ipv4Addr, u32)| (address.to_bits() ^ network.to_bits()) >> (32 - prefix) == 0;
    BLOCKED_V4.iter().any(within)
}

fn is_blocked_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_blocked_v4(inner);
    }
    let within = |(network, prefix): &(Ipv6Addr, u32)| (address.to_bits() ^ network.to_bits()) >> (128 - prefix) == 0;
    !within(&GLOBAL_UNICAST) || BLOCKED_V6.iter().any(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(url: &str, exempt: &[&str]) -> Result<Admission, GuardError> {
        let guard = Guard::new(exempt.iter().map(|pair| pair.parse().unwrap()));
        guard.judge(&Url::parse(url).unwrap())
    }

    #[test]
    fn this_machine_is_refused_in_every_spelling() {
        let spellings = [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0x7f000001",
            "0177.0.0.1",
            "127.0.0.1.",
            "１２７.0.0.1",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "0.0.0.0",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "localhost..",
        ];
        for host in spellings {
            let Ok(url) = Url::parse(&format!("http://{host}/")) else { continue };
            let refused = Guard::default().judge(&url);
            assert!(
                matches!(refused, Err(GuardError::Address { .. } | GuardError::LocalName)),
                "`{host}`: {refused:?}"
            );
        }
    }

    #[test]
    fn the_first_and_last_address_of_each_network_are_blocked() {
        let edges = [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.255",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.0",
            "192.168.255.255",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.0",
            "255.255.255.255",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "100::1",
            "64:ff9b::808:808",
            "2001::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "4000::1",
            "::ffff:10.0.0.1",
            "::8.8.8.8",
        ];
        for address in edges {
            assert!(is_blocked(address.parse().unwrap()), "`{address}`");
        }
    }

    #[test]
    fn public_neighbours_are_open() {
        let open = [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2000::1",
            "2001:200::1",
            "2003::1",
            "3fff:ffff::1",
            "::ffff:8.8.8.8",
        ];
        for address in open {
            assert!(!is_blocked(address.parse().unwrap()), "`{address}`");
        }
    }

    #[test]
    fn only_the_web_without_userinfo_on_its_ports_passes() {
        assert_eq!(judge("https://a.example/x", &[]), Ok(Admission::Public));
        assert_eq!(judge("http://a.example:443/", &[]), Ok(Admission::Public));
        assert_eq!(judge("http://a.example:22/", &[]), Err(GuardError::Port { port: 22 }));
        assert_eq!(judge("https://user@a.example/", &[]), Err(GuardError::Userinfo));
        assert_eq!(judge("https://:word@a.example/", &[]), Err(GuardError::Userinfo));
        for url in ["ftp://a.example/", "file:///etc/hosts", "data:,x", "javascript:1", "gopher://a.example/"] {
            assert!(matches!(judge(url, &[]), Err(GuardError::Scheme { .. })), "`{url}`");
        }
        assert_eq!(judge(&format!("https://a.example/{}", "a".repeat(9000)), &[]), Err(GuardError::TooLong));
    }

    #[test]
    fn an_exempt_pair_is_exact() {
        assert_eq!(judge("http://127.0.0.1:8080/", &["127.0.0.1:8080"]), Ok(Admission::Exempt));
        assert_eq!(judge("http://2130706433:8080/", &["127.0.0.1:8080"]), Ok(Admission::Exempt));
        assert_eq!(judge("http://localhost.:8080/", &["LOCALHOST:8080"]), Ok(Admission::Exempt));
        assert_eq!(judge("http://[::1]:80/", &["[::1]:80"]), Ok(Admission::Exempt));
        for url in
            ["http://127.0.0.1:8081/", "http://localhost:8080/", "http://[::ffff:127.0.0.1]:8080/", "http://127.0.0.1/"]
        {
            assert!(judge(url, &["127.0.0.1:8080"]).is_err(), "`{url}`");
        }
    }

    #[test]
    fn a_name_with_one_blocked_address_is_refused() {
        let public = SocketAddr::from(([8, 8, 8, 8], 0));
        let private = SocketAddr::from(([10, 0, 0, 1], 0));
        assert!(judge_addresses(&[public]).is_ok());
        assert!(judge_addresses(&[public, private]).is_err());
    }

    #[test]
    fn pairs_are_parsed_and_nonsense_is_not() {
        assert_eq!("[::1]:80".parse::<HostPort>().unwrap().to_string(), "[::1]:80");
        for nonsense in ["", "localhost", "localhost:", ":80", "a b:80", "a:99999", "::1:80"] {
            assert!(nonsense.parse::<HostPort>().is_err(), "`{nonsense}`");
        }
    }
}
