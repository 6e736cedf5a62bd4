//! Captures at rest: what was seen, when, and by which program, kept so that a stranger can check it offline.
//!
//! An [`Archive`] is a folder. Every capture is written as WARC/1.1 records, then as a leaf of the custody log, and is
//! durable when [`Archive::keep_exchange`] returns. The log is a Merkle tree (RFC 6962) whose leaves are chained and
//! signed one by one, and whose [`Checkpoint`]s are C2SP signed notes. [`verify()`] compares everything with everything.
//!
//! The crate is synchronous, has no clock and makes no identifiers: both are passed in. Random bytes are used to make a
//! key and for nothing else. It never prints.
//!
//! # What is and is not noticed
//! A byte that was changed, removed, added or moved, in any file, is found and the capture is named. Not noticed, by the
//! archive alone, are: another history written by somebody who has the key; the removal of the newest leaves after the
//! last checkpoint together with their records, and likewise of the newest checkpoints with all that they alone cover.
//! A checkpoint that was handed out (it is three lines and a signature) makes these visible too.
//!
//! ```
//! use lapwing_evidence::{Archive, Keys, verify};
//! use lapwing_types::{CaptureId, Digest, Tool};
//!
//! let home = tempfile::tempdir()?;
//! let keys = Keys::generate(&home.path().join("keys"))?;
//! let mut archive = Archive::create(&home.path().join("evidence"), &keys)?;
//! let tool = Tool { name: "lapwing".into(), version: "0.1.0".into(), config: Digest::of(b"config") };
//! let at: jiff::Timestamp = "2026-09-21T10:00:00Z".parse()?;
//! let id = CaptureId::new(uuid::Uuid::from_u128(1));
//! let capture = archive.keep_file(id, "adverts.jsonl", "jsonl", b"{\"id\":1}\n", at, &tool)?;
//! assert_eq!(archive.read_body(&capture)?, b"{\"id\":1}\n");
//! archive.close()?;
//!
//! let report = verify(&home.path().join("evidence"), Some(&keys.verifier()), &mut |_| {})?;
//! assert!(report.is_clean());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod archive;
mod canonical;
mod content;
mod error;
mod http;
mod keys;
mod layout;
mod leaf;
mod lines;
mod log;
mod member;
mod merkle;
mod note;
mod reader;
mod recovery;
mod report;
#[cfg(test)]
mod samples;
mod verify;
mod volume;
mod warc;

pub use archive::{Archive, Settings};
pub use canonical::{canonical_json, parse_canonical};
pub use content::{DecodedBody, Incomplete, content_decoded};
pub use error::{Error, Result};
pub use keys::{Keys, PUBLIC_FILE, SECRET_FILE};
pub use leaf::{Content, CustodyEvent, Leaf};
pub use merkle::{CompactRange, leaf_hash, node_hash};
pub use note::{Checkpoint, VerifierKey};
pub use reader::{BodyReader, Captures, Leaves, Reader};
pub use recovery::{KeptBytes, Recovery, RecoveryKind};
pub use report::{Finding, FindingCode, Progress, Report};
pub use verify::verify;
pub use warc::{RecordKind, RecordPlace};
