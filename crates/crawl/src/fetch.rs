//! One GET, bounded on every side: the head by count and bytes, the body by bytes, all of it by time. Redirects are
//! answers of their own and content codings are left as they are.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use lapwing_types::{Header, Truncation};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::{Client, Response, Version, redirect, retry};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::guard::{Admission, judge_addresses};
use crate::resolve::GuardedResolver;
use crate::{CrawlError, Guard, GuardError, Policy, fault};

/// Header lines that an answer may have.
const MAX_HEADERS: usize = 256;

/// The most memory that is set aside for a body before any of it has come.
const FIRST_BODY_CAPACITY: usize = 64 * 1024;

/// A transport: one URL in, one answer out, nothing followed.
#[async_trait]
pub trait Fetch: Send + Sync {
    /// Fetches a URL and keeps at most `max_body` bytes of the body.
    ///
    /// An answer whose body is not whole is an answer; an error means that there is no head of an answer.
    async fn get(&self, url: &Url, max_body: usize) -> Result<Answer, FetchError>;
}

/// An answer as it came; the fields are those of [`lapwing_types::Exchange`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// When the request began.
    pub started_at: Timestamp,
    /// When the head of the answer was there.
    pub first_byte_at: Timestamp,
    /// When the body ended.
    pub finished_at: Timestamp,
    /// The address that answered.
    pub peer: Option<std::net::SocketAddr>,
    /// The request's headers.
    pub request_headers: Vec<Header>,
    /// `HTTP/1.1`, `HTTP/2`.
    pub version: String,
    /// The status code.
    pub status: u16,
    /// The answer's headers.
    pub response_headers: Vec<Header>,
    /// The body, content coding kept.
    pub body: Vec<u8>,
    /// Why the body is not whole, where it is not.
    pub truncated: Option<Truncation>,
}

impl Answer {
    /// The first header of that name, compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response_headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FetchError {
    /// The guard refuses it.
    #[error("{error}")]
    Guard {
        /// What it objects to.
        error: GuardError,
    },
    /// The name has no address.
    #[error("failed to resolve the host's name: {why}")]
    Resolve {
        /// What the resolver said.
        why: String,
    },
    /// No connection.
    #[error("failed to connect: {why}")]
    Connect {
        /// What happened.
        why: String,
    },
    /// No trustworthy encryption.
    #[error("failed to agree on TLS: {why}")]
    Tls {
        /// What happened.
        why: String,
    },
    /// No head of an answer in time.
    #[error("no answer in time")]
    Timeout,
    /// The connection ended before an answer.
    #[error("the connection ended before an answer: {why}")]
    Closed {
        /// What happened.
        why: String,
    },
    /// The answer's head is no HTTP.
    #[error("the answer is no HTTP: {why}")]
    Malformed {
        /// What is wrong with it.
        why: String,
    },
    /// The answer's head is too large.
    #[error("the answer's headers are too many or too long")]
    HeadTooLarge,
}

impl FetchError {
    /// The error in one word, for counting.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Guard { .. } => "guard",
            Self::Resolve { .. } => "resolve",
            Self::Connect { .. } => "connect",
            Self::Tls { .. } => "tls",
            Self::Timeout => "timeout",
            Self::Closed { .. } => "closed",
            Self::Malformed { .. } => "malformed",
            Self::HeadTooLarge => "head_too_large",
        }
    }

    /// Whether another try may go better.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Resolve { .. } | Self::Connect { .. } | Self::Timeout | Self::Closed { .. })
    }
}

/// The transport over reqwest, with rustls, ring and the platform's root certificates.
///
/// Proxies named in the environment are not used: behind one, the guard could not see the peer.
#[derive(Debug)]
pub struct HttpFetch {
    guard: Guard,
    public: Client,
    exempt: Client,
    request_headers: HeaderMap,
    request_timeout: Duration,
    max_header_bytes: usize,
}

impl HttpFetch {
    /// A transport by the policy's user agent, caps and exempt pairs.
    ///
    /// # Errors
    /// Where the policy makes no sense or the platform has no root certificates.
    pub fn new(policy: &Policy) -> Result<Self, CrawlError> {
        policy.validate()?;
        // reqwest takes the process's provider; another part of the program may have set one, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            guard: Guard::new(policy.allow_private.iter().cloned()),
            public: client(policy, GuardedResolver::public_only())?,
            exempt: client(policy, GuardedResolver::any_address())?,
            request_headers: request_headers(&policy.user_agent_header()?)?,
            request_timeout: policy.request_timeout,
            max_header_bytes: policy.max_header_bytes,
        })
    }

    async fn answer(&self, response: Response, max_body: usize, times: Times) -> Answer {
        let first_byte_at = Timestamp::now();
        let version = version_name(response.version());
        let mut answer = Answer {
            started_at: times.started_at,
            first_byte_at,
            finished_at: first_byte_at,
            peer: response.remote_addr(),
            request_headers: self.sent_headers(response.url(), response.version()),
            version,
            status: response.status().as_u16(),
            response_headers: latin_headers(response.headers()),
            body: Vec::new(),
            truncated: None,
        };
        (answer.body, answer.truncated) = read_body(response, max_body, times.deadline).await;
        answer.finished_at = Timestamp::now();
        answer
    }

    /// The headers that were sent; HTTP/1 adds `host` by itself.
    fn sent_headers(&self, url: &Url, version: Version) -> Vec<Header> {
        let mut headers = latin_headers(&self.request_headers);
        if version <= Version::HTTP_11 {
            let authority = url[url::Position::BeforeHost..url::Position::AfterPort].to_string();
            headers.insert(0, ("host".to_string(), authority));
        }
        headers
    }
}

#[derive(Clone, Copy)]
struct Times {
    started_at: Timestamp,
    deadline: Instant,
}

#[async_trait]
impl Fetch for HttpFetch {
    async fn get(&self, url: &Url, max_body: usize) -> Result<Answer, FetchError> {
        let admission = self.guard.judge(url).map_err(|error| FetchError::Guard { error })?;
        let client = match admission {
            Admission::Public => &self.public,
            Admission::Exempt => &self.exempt,
        };
        let times = Times { started_at: Timestamp::now(), deadline: Instant::now() + self.request_timeout };
        let request = client.get(url.clone()).headers(self.request_headers.clone()).send();
        let sent = timeout_at(times.deadline, request).await.map_err(|_| FetchError::Timeout)?;
        let response = sent.map_err(|error| fault::classify(&error))?;
        judge_peer(admission, &response)?;
        if header_bytes(response.headers()) > self.max_header_bytes {
            return Err(FetchError::HeadTooLarge);
        }
        Ok(self.answer(response, max_body, times).await)
    }
}

fn client(policy: &Policy, resolver: GuardedResolver) -> Result<Client, CrawlError> {
    let header_list = u32::try_from(policy.max_header_bytes).unwrap_or(u32::MAX);
    Client::builder()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy()
        .dns_resolver(resolver)
        .connect_timeout(policy.connect_timeout)
        .http1_max_headers(MAX_HEADERS)
        .http2_max_header_list_size(header_list)
        .pool_max_idle_per_host(policy.concurrency_per_host)
        .build()
        .map_err(|error| CrawlError::Client(fault::innermost(&error)))
}

/// Bodies are asked for without content coding, so that the bytes kept are the bytes to read.
fn request_headers(user_agent: &str) -> Result<HeaderMap, CrawlError> {
    let user_agent = HeaderValue::from_str(user_agent).map_err(|_| crate::PolicyError::NotAHeader)?;
    Ok(HeaderMap::from_iter([
        (USER_AGENT, user_agent),
        (ACCEPT, HeaderValue::from_static("text/html,application/xhtml+xml,*/*;q=0.5")),
        (ACCEPT_ENCODING, HeaderValue::from_static("identity")),
    ]))
}

/// The resolver has filtered already; a peer that is blocked all the same is refused, and so is an unknown one.
fn judge_peer(admission: Admission, response: &Response) -> Result<(), FetchError> {
    if admission == Admission::Exempt {
        return Ok(());
    }
    let Some(peer) = response.remote_addr() else {
        return Err(FetchError::Connect { why: "the peer's address is unknown".to_string() });
    };
    judge_addresses(&[peer]).map_err(|error| FetchError::Guard { error })
}

async fn read_body(mut response: Response, max_body: usize, deadline: Instant) -> (Vec<u8>, Option<Truncation>) {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let mut body = Vec::with_capacity(announced.min(max_body).min(FIRST_BODY_CAPACITY));
    loop {
        let chunk = match timeout_at(deadline, response.chunk()).await {
            Err(_) => return (body, Some(Truncation::Time)),
            Ok(Err(_)) => return (body, Some(Truncation::Disconnect)),
            Ok(Ok(None)) => return (body, None),
            Ok(Ok(Some(chunk))) => chunk,
        };
        let room = max_body - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            return (body, Some(Truncation::Length));
        }
    }
}

fn header_bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

fn latin_headers(headers: &HeaderMap) -> Vec<Header> {
    let latin = |value: &HeaderValue| value.as_bytes().iter().map(|byte| char::from(*byte)).collect();
    headers.iter().map(|(name, value)| (name.to_string(), latin(value))).collect()
}

fn version_name(version: Version) -> String {
    if version == Version::HTTP_2 { "HTTP/2".to_string() } else { format!("{version:?}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn failure(resolver: GuardedResolver, url: &str) -> FetchError {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = client(&Policy::default(), resolver).unwrap();
        fault::classify(&client.get(url).send().await.unwrap_err())
    }

    #[tokio::test]
    async fn the_resolver_stands_before_every_connection() {
        // Asked past the judgement of the URL, as a name would be whose answers change.
        let refused = failure(GuardedResolver::public_only(), "http://localhost:9/").await;
        assert!(matches!(refused, FetchError::Guard { error: GuardError::Address { .. } }), "{refused:?}");
    }

    #[tokio::test]
    async fn failures_have_their_kinds_and_name_no_url() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let closed = listener.local_addr().unwrap();
        drop(listener);
        let refused = failure(GuardedResolver::any_address(), &format!("http://{closed}/?phone=1")).await;
        assert_eq!(refused.kind(), "connect");
        assert!(refused.is_passing() && !refused.to_string().contains("phone"), "{refused}");
        // A label of 64 letters is refused by the resolver itself, so no question leaves this machine.
        let too_long = format!("http://{}.invalid/?phone=1", "a".repeat(64));
        let unknown = failure(GuardedResolver::any_address(), &too_long).await;
        assert_eq!(unknown.kind(), "resolve", "{unknown}");
    }

    #[tokio::test]
    async fn a_server_without_tls_is_told_from_one_that_is_silent() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 X\r\n\r\n").await.unwrap();
        });
        let refused = failure(GuardedResolver::any_address(), &format!("https://{address}/")).await;
        assert_eq!(refused.kind(), "tls", "{refused}");
    }
}
