//! WARC/1.1 records (ISO 28500:2017), one gzip member each: how a head is written, and how a member is written.

use std::io::{self, Read, Write};

use flate2::{Compression, GzBuilder};
use jiff::Timestamp;
use lapwing_types::{CaptureId, Digest};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

/// On repetitive pages the lowest level takes a sixth of the default's time and a fifteenth more space.
const COMPRESSION: Compression = Compression::fast();

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordKind {
    /// What wrote the file; the first record of each.
    Warcinfo,
    /// An answer.
    Response,
    /// What was asked.
    Request,
    /// A file that was ingested.
    Resource,
    /// The manifest.
    Metadata,
}

impl RecordKind {
    /// The kind as `WARC-Type` has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warcinfo => "warcinfo",
            Self::Response => "response",
            Self::Request => "request",
            Self::Resource => "resource",
            Self::Metadata => "metadata",
        }
    }

    /// The id of a capture's record. The response and the resource carry the capture's own id; the others' ids are
    /// derived from it, so that nothing random is needed and each can be checked.
    pub(crate) fn record_id(self, capture: CaptureId) -> String {
        let uuid = match self {
            Self::Response | Self::Resource => capture.uuid(),
            Self::Warcinfo | Self::Request | Self::Metadata => derived(self, capture),
        };
        format!("<urn:uuid:{uuid}>")
    }

    /// Whether the record holds what was captured.
    pub(crate) const fn is_primary(self) -> bool {
        matches!(self, Self::Response | Self::Resource)
    }
}

fn derived(kind: RecordKind, capture: CaptureId) -> Uuid {
    let digest = Digest::of_parts([kind.as_str().as_bytes(), capture.uuid().as_bytes()]);
    let (bytes, _) = digest.as_bytes().split_first_chunk::<16>().expect("a digest has 32 bytes");
    Builder::from_custom_bytes(*bytes).into_uuid()
}

/// Where a record lies, and the digest of its gzip member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordPlace {
    /// What it is.
    pub kind: RecordKind,
    /// The file, relative to the archive.
    pub file: String,
    /// Where its gzip member begins.
    pub offset: u64,
    /// The member's length.
    pub length: u64,
    /// The digest of the member's bytes.
    pub digest: Digest,
}

/// The head of a record that is to be written. All values are ours or clean by their type; what came from outside
/// stands in the block.
pub(crate) struct RecordHead<'a> {
    pub(crate) kind: RecordKind,
    pub(crate) capture: CaptureId,
    pub(crate) date: Timestamp,
    pub(crate) target: Option<String>,
    pub(crate) content_type: &'a str,
    pub(crate) block: Measure,
    pub(crate) more: Vec<(&'static str, String)>,
}

impl RecordHead<'_> {
    fn to_text(&self) -> String {
        let mut lines = vec![
            ("WARC-Type", self.kind.as_str().to_string()),
            ("WARC-Record-ID", self.kind.record_id(self.capture)),
            ("WARC-Date", self.date.to_string()),
        ];
        lines.extend(self.target.iter().map(|target| ("WARC-Target-URI", target.clone())));
        lines.extend(self.more.iter().cloned());
        lines.push(("WARC-Block-Digest", self.block.digest.to_string()));
        lines.push(("Content-Type", self.content_type.to_string()));
        lines.push(("Content-Length", self.block.length.to_string()));
        let mut text = String::from("WARC/1.1\r\n");
        for (name, value) in lines {
            let clean: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            text.push_str(&format!("{name}: {clean}\r\n"));
        }
        text.push_str("\r\n");
        text
    }
}

/// Length and digest of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Measure {
    pub(crate) length: u64,
    pub(crate) digest: Digest,
}

impl Measure {
    /// The measure of some parts, one after the other.
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        parts.iter().for_each(|part| hasher.update(part));
        let length = parts.iter().map(|part| part.len() as u64).sum();
        Self { length, digest: Digest::from_bytes(hasher.finalize().into()) }
    }
}

/// Writes one record as one gzip member, and measures the member. The block must be as long as the head says.
pub(crate) fn write_record(out: &mut dyn Write, head: &RecordHead<'_>, block: &mut dyn Read) -> io::Result<Measure> {
    let mut member = GzBuilder::new().write(Measuring::new(out), COMPRESSION);
    member.write_all(head.to_text().as_bytes())?;
    let copied = io::copy(&mut block.take(head.block.length), &mut member)?;
    if copied != head.block.length {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the block is shorter than it was measured"));
    }
    member.write_all(b"\r\n\r\n")?;
    Ok(member.finish()?.measure())
}

/// Passes bytes on and measures them.
pub(crate) struct Measuring<W> {
    inner: W,
    length: u64,
    hasher: Sha256,
}

impl<W: Write> Measuring<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, length: 0, hasher: Sha256::new() }
    }

    /// The measure of what was passed on.
    pub(crate) fn measure(self) -> Measure {
        self.into_parts().0
    }

    /// The measure, and where the bytes went.
    pub(crate) fn into_parts(self) -> (Measure, W) {
        let digest = Digest::from_bytes(self.hasher.finalize().into());
        (Measure { length: self.length, digest }, self.inner)
    }
}

impl<W: Write> Write for Measuring<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{at, capture_id};
    use expect_test::expect;

    fn head(block: &[u8]) -> RecordHead<'static> {
        RecordHead {
            kind: RecordKind::Metadata,
            capture: capture_id(1),
            date: at(0),
            target: Some("urn:capture:1".into()),
            content_type: "application/json",
            block: Measure::of(&[block]),
            more: vec![("WARC-Refers-To", "a\r\nb".into())],
        }
    }

    #[test]
    fn a_head_is_lines_and_a_hostile_value_adds_none() {
        expect![[r#"
            WARC/1.1
            WARC-Type: metadata
            WARC-Record-ID: <urn:uuid:9749430a-9738-8a62-a418-526220f7d9d1>
            WARC-Date: 2026-09-21T14:13:20Z
            WARC-Target-URI: urn:capture:1
            WARC-Refers-To: a  b
            WARC-Block-Digest: sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
            Content-Type: application/json
            Content-Length: 2

        "#]]
        .assert_eq(&head(b"{}").to_text().replace('\r', ""));
    }

    #[test]
    fn a_member_is_measured_as_it_is_written() {
        let mut bytes = Vec::new();
        let measure = write_record(&mut bytes, &head(b"{}"), &mut b"{}".as_slice()).unwrap();
        assert_eq!(measure, Measure::of(&[&bytes]));
        let mut text = String::new();
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
        assert!(text.ends_with("Content-Length: 2\r\n\r\n{}\r\n\r\n"));
    }

    #[test]
    fn a_block_that_shrank_is_refused() {
        assert!(write_record(&mut Vec::new(), &head(b"{}"), &mut b"{".as_slice()).is_err());
    }

    #[test]
    fn the_records_of_a_capture_have_ids_of_their_own() {
        let id = capture_id(7);
        assert_eq!(RecordKind::Response.record_id(id), format!("<urn:uuid:{id}>"));
        assert_ne!(RecordKind::Request.record_id(id), RecordKind::Metadata.record_id(id));
    }
}
