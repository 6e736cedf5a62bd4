//! One request and its answer, as they went over the wire.

use std::net::SocketAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// A header line; the value may be any bytes, kept here as Latin-1 text so that each byte has one character.
pub type Header = (String, String);

/// Why a body is not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Truncation {
    /// It was longer than the cap.
    Length,
    /// It took longer than the cap.
    Time,
    /// The connection broke.
    Disconnect,
}

/// What robots.txt said of a URL (RFC 9309).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RobotsDecision {
    /// Whether it may be fetched.
    pub allowed: bool,
    /// The line that decided, or why there was none (`no robots.txt: 404`, `no rule matches`).
    pub rule: String,
}

/// One request and its answer. A redirect is an answer of its own: nothing is followed silently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// What was asked for.
    pub url: Url,
    /// `GET` or `HEAD`.
    pub method: String,
    /// The URLs that led here by redirect, the first first.
    pub redirected_from: Vec<Url>,
    /// When the request began.
    pub started_at: Timestamp,
    /// When the head of the answer was there.
    pub first_byte_at: Timestamp,
    /// When the body ended.
    pub finished_at: Timestamp,
    /// The address that answered.
    pub peer: Option<SocketAddr>,
    /// The request's headers.
    pub request_headers: Vec<Header>,
    /// `HTTP/1.1`, `HTTP/2`.
    pub version: String,
    /// The status code.
    pub status: u16,
    /// The answer's headers, as the transport gives them (names lower-cased, values exact).
    pub response_headers: Vec<Header>,
    /// The body with its transfer coding removed and its content coding kept.
    pub body: Vec<u8>,
    /// Why the body is not whole, where it is not.
    pub truncated: Option<Truncation>,
    /// What robots.txt said.
    pub robots: RobotsDecision,
    /// How long the host's pace made it wait, milliseconds.
    pub waited_ms: u64,
}

impl Exchange {
    /// The first header of that name, compared without case.
    pub fn response_header(&self, name: &str) -> Option<&str> {
        self.response_headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
