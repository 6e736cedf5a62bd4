//! One line of the custody log: a capture or an event, chained to all lines before it and signed.
//!
//! ```json
//! {"at":"…","capture":{…},"checkpoint":64,"kind":"capture","n":70,"prev":"sha256:…","records":[…],"sig":"…"}
//! ```
//!
//! `prev` is the root of the tree over the leaves before, so that no leaf can be moved, and `sig` signs the leaf itself,
//! so that even the last one cannot be edited before a checkpoint covers it. `checkpoint` is the size of the latest
//! checkpoint when the leaf was written, so that a deleted checkpoint is missed. `records` names every WARC record that
//! the leaf answers for; all leaves together cover every byte of the WARC files.

use jiff::Timestamp;
use lapwing_types::{Capture, Digest};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::canonical::{canonical_json, parse_canonical};
use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::note::{VerifierKey, decode_base64, encode_base64};
use crate::warc::RecordPlace;

/// The longest leaf, in bytes; it bounds the memory that a damaged log can ask for.
pub(crate) const MAX_LEAF: usize = 1 << 20;

/// The kind of event that this crate writes itself, when it mends what a crash left.
pub(crate) const RECOVERED: &str = "recovered";

/// Something that happened to the material: it was viewed, decided upon, exported, a rule pack changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustodyEvent {
    /// What happened: `viewed`, `revealed`, `decided`, `exported`, `key-created`, `config-changed`, `pack-changed`, …
    pub kind: String,
    /// Who did it, by pseudonym.
    pub actor: String,
    /// The rest, without personal data in the clear: leaves are never deleted.
    pub details: Value,
}

/// What a leaf says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Something was captured.
    Capture(Box<Capture>),
    /// Something happened.
    Event(CustodyEvent),
}

/// One entry of the custody log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its place in the log, from 0, without gaps.
    pub index: u64,
    /// When; for a capture, when its last byte was there.
    pub at: Timestamp,
    /// The size of the latest checkpoint when it was written.
    pub checkpoint: u64,
    /// The root of the tree over the leaves before it.
    pub previous_root: Digest,
    /// What it says.
    pub content: Content,
    /// The WARC records that it answers for.
    pub records: Vec<RecordPlace>,
}

/// A leaf as it was read, with what must be checked of it.
#[derive(Debug)]
pub(crate) struct SignedLeaf {
    pub(crate) leaf: Leaf,
    /// The canonical text of the manifest, for the comparison with the metadata record.
    pub(crate) manifest: Option<String>,
    unsigned: String,
    signature: Option<[u8; 64]>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLeaf {
    n: u64,
    at: Timestamp,
    checkpoint: u64,
    prev: Digest,
    kind: String,
    capture: Option<Capture>,
    event: Option<CustodyEvent>,
    records: Option<Vec<RecordPlace>>,
    sig: String,
}

impl Leaf {
    /// The line, without its line feed.
    pub(crate) fn to_line(&self, keys: &Keys) -> Result<String> {
        let mut value = self.to_value();
        let signature = keys.sign(&message(&canonical_json(&value)?));
        value["sig"] = encode_base64(&signature).into();
        let line = canonical_json(&value)?;
        if line.len() > MAX_LEAF {
            let what = if matches!(self.content, Content::Capture(_)) { "url and headers" } else { "details" };
            return Err(Error::TooLarge { what, length: line.len(), limit: MAX_LEAF });
        }
        Ok(line)
    }

    fn to_value(&self) -> Value {
        let mut value = json!({
            "n": self.index,
            "at": self.at,
            "checkpoint": self.checkpoint,
            "prev": self.previous_root,
        });
        match &self.content {
            Content::Capture(capture) => {
                value["kind"] = "capture".into();
                value["capture"] = manifest_value(capture);
            }
            Content::Event(event) => {
                value["kind"] = "event".into();
                value["event"] = json!({ "kind": event.kind, "actor": event.actor, "details": event.details });
            }
        }
        if !self.records.is_empty() {
            value["records"] = json!(self.records);
        }
        value
    }
}

impl SignedLeaf {
    /// Reads a line; the error is a sentence for a finding.
    pub(crate) fn parse(line: &[u8]) -> std::result::Result<Self, String> {
        let mut value = parse_canonical(line).ok_or("the line is not canonical JSON")?;
        let raw: RawLeaf =
            serde_json::from_value(value.clone()).map_err(|error| format!("the line is no leaf: {error}"))?;
        let content = match (raw.kind.as_str(), raw.capture, raw.event) {
            ("capture", Some(capture), None) => Content::Capture(Box::new(capture)),
            ("event", None, Some(event)) => Content::Event(event),
            _ => return Err("the line is neither a capture nor an event".into()),
        };
        let manifest = value.get("capture").map(canonical_json).transpose().map_err(|error| error.to_string())?;
        let (index, at, checkpoint, previous_root) = (raw.n, raw.at, raw.checkpoint, raw.prev);
        let records = raw.records.unwrap_or_default();
        let leaf = Leaf { index, at, checkpoint, previous_root, content, records };
        let signature = decode_base64(&raw.sig).and_then(|bytes| bytes.try_into().ok());
        value.as_object_mut().and_then(|members| members.remove("sig"));
        let unsigned = canonical_json(&value).map_err(|error| error.to_string())?;
        Ok(Self { leaf, manifest, unsigned, signature })
    }

    /// Whether the key signed this leaf.
    pub(crate) fn is_signed_by(&self, key: &VerifierKey) -> bool {
        self.signature.is_some_and(|signature| key.verifies(&message(&self.unsigned), &signature))
    }
}

/// A manifest as it stands in leaves and metadata records.
pub(crate) fn manifest_value(capture: &Capture) -> Value {
    serde_json::to_value(capture).expect("a manifest has text keys and plain values")
}

/// What a leaf's signature signs; the first line keeps it apart from checkpoints, which the same key signs.
fn message(unsigned: &str) -> Vec<u8> {
    [b"lapwing leaf v1\n", unsigned.as_bytes()].concat()
}

/// Whether a caller may record an event of this kind.
pub(crate) fn check_event_kind(kind: &str) -> Result<()> {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let right = kind.len() <= 64 && kind != RECOVERED && kind.split('-').all(word);
    right.then_some(()).ok_or_else(|| Error::EventKind(kind.chars().take(80).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::at;
    use expect_test::expect;

    fn keys() -> Keys {
        Keys::generate(tempfile::tempdir().unwrap().path()).unwrap()
    }

    fn leaf() -> Leaf {
        let details = json!({"item": "7", "field": "contact"});
        let event = CustodyEvent { kind: "revealed".into(), actor: "desk-1".into(), details };
        let (content, previous_root) = (Content::Event(event), Digest::of(b""));
        Leaf { index: 0, at: at(0), checkpoint: 0, previous_root, content, records: vec![] }
    }

    #[test]
    fn a_leaf_is_one_canonical_line() {
        let keys = keys();
        let line = leaf().to_line(&keys).unwrap();
        let (unsigned, _) = line.split_once(",\"sig\"").unwrap();
        expect![[r#"{"at":"2026-09-21T14:13:20Z","checkpoint":0,"event":{"actor":"desk-1","details":{"field":"contact","item":"7"},"kind":"revealed"},"kind":"event","n":0,"prev":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855""#]]
        .assert_eq(unsigned);
        let read = SignedLeaf::parse(line.as_bytes()).unwrap();
        assert_eq!(read.leaf, leaf());
        assert!(read.is_signed_by(&keys.verifier()));
    }

    #[test]
    fn another_key_or_another_word_does_not_pass() {
        let keys_of_archive = keys();
        let line = leaf().to_line(&keys_of_archive).unwrap();
        assert!(!SignedLeaf::parse(line.as_bytes()).unwrap().is_signed_by(&keys().verifier()));
        let edited = line.replace("desk-1", "desk-2");
        assert!(!SignedLeaf::parse(edited.as_bytes()).unwrap().is_signed_by(&keys_of_archive.verifier()));
    }

    #[test]
    fn a_leaf_that_is_too_long_is_refused() {
        let mut long = leaf();
        if let Content::Event(event) = &mut long.content {
            event.details = json!("x".repeat(MAX_LEAF));
        }
        assert!(matches!(long.to_line(&keys()), Err(Error::TooLarge { what: "details", .. })));
    }

    #[test]
    fn kinds_of_events_are_words() {
        for kind in ["viewed", "key-created", "pack-changed"] {
            assert!(check_event_kind(kind).is_ok(), "{kind}");
        }
        for kind in ["", "Viewed", "key--created", "recovered", "a b"] {
            assert!(check_event_kind(kind).is_err(), "{kind}");
        }
    }
}
