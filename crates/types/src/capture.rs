//! A kept answer or file: the manifest that stands in the custody log.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{CaptureId, Digest, RobotsDecision, Truncation};

/// How the bytes came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "nearly every capture is the large one")]
pub enum CaptureSource {
    /// By a request of the crawler.
    Http {
        /// What was asked for.
        url: Url,
        /// The URLs that led here by redirect.
        redirected_from: Vec<Url>,
        /// `GET` or `HEAD`.
        method: String,
        /// The status code of the answer.
        status: u16,
        /// `HTTP/1.1`, `HTTP/2`.
        version: String,
        /// The answer's `Content-Type`.
        content_type: Option<String>,
        /// The address that answered.
        peer: Option<String>,
        /// What robots.txt said.
        robots: RobotsDecision,
        /// When the request began.
        started_at: Timestamp,
        /// When the head of the answer was there.
        first_byte_at: Timestamp,
        /// How long the host's pace made it wait, milliseconds.
        waited_ms: u64,
        /// Why the body is not whole, where it is not.
        truncated: Option<Truncation>,
    },
    /// From a file that a person ingested.
    File {
        /// The file's name, without its folder.
        name: String,
        /// `jsonl`, `csv` or `html`.
        format: String,
    },
}

/// The place of a WARC record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarcLocation {
    /// The file, relative to the evidence folder.
    pub file: String,
    /// Where the record's gzip member begins.
    pub offset: u64,
    /// Its length in the file.
    pub length: u64,
    /// The digest of those bytes.
    pub digest: Digest,
}

/// The program that made a capture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Always `lapwing`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Digest of the configuration in force.
    pub config: Digest,
}

/// The manifest of one capture. It is written once and never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// Its id.
    pub id: CaptureId,
    /// When the last byte was there.
    pub captured_at: Timestamp,
    /// How it came in.
    #[serde(flatten)]
    pub origin: CaptureSource,
    /// The digest of the payload: the body as transferred, content coding kept.
    pub payload: Digest,
    /// The payload's length in bytes.
    pub payload_length: u64,
    /// The record that holds it.
    pub warc: WarcLocation,
    /// The program.
    pub tool: Tool,
}

impl Capture {
    /// The URL, or the file's name.
    pub fn address(&self) -> &str {
        match &self.origin {
            CaptureSource::Http { url, .. } => url.as_str(),
            CaptureSource::File { name, .. } => name,
        }
    }

    /// The status code, where it came over HTTP.
    pub fn status(&self) -> Option<u16> {
        match &self.origin {
            CaptureSource::Http { status, .. } => Some(*status),
            CaptureSource::File { .. } => None,
        }
    }
}
