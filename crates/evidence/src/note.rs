//! Signed notes and checkpoints in the C2SP forms (`c2sp.org/signed-note`, `c2sp.org/tlog-checkpoint`), which tools of
//! others already read: Go's `sumdb/note`, witnesses, log monitors.
//!
//! ```text
//! lapwing-0123abcd            the origin: the name of the key
//! 64                          how many leaves
//! cYx…=                       the root of the tree over them
//!
//! — lapwing-0123abcd AbCd…=   key id and Ed25519 signature over the three lines
//! ```

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use lapwing_types::Digest;
use sha2::{Digest as _, Sha256};

use crate::error::Error;

const ED25519: u8 = 1;

/// The public half of a signing key with its name: `<name>+<key id>+<base64>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: VerifyingKey,
}

impl VerifierKey {
    pub(crate) const fn new(name: String, key: VerifyingKey) -> Self {
        Self { name, key }
    }

    /// The key's name, which is also the origin of its checkpoints.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the signature is this key's, over these bytes.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.key.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }

    pub(crate) fn key_id(&self) -> [u8; 4] {
        key_id(&self.name, self.key.as_bytes())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.key_id());
        write!(f, "{}+{id:08x}+{}", self.name, encode_key(self.key.as_bytes()))
    }
}

impl FromStr for VerifierKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let malformed =
            || Error::KeyMalformed { place: text.chars().take(120).collect(), what: "verifier key of a signed note" };
        let mut parts = text.trim_end_matches('\n').splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed());
        };
        let bytes = decode_key(encoded).ok_or_else(malformed)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| malformed())?;
        let key = Self { name: name.to_string(), key };
        let right = is_key_name(name) && id == format!("{:08x}", u32::from_be_bytes(key.key_id()));
        right.then_some(key).ok_or_else(malformed)
    }
}

/// Base64 of the algorithm and 32 bytes of key, as signed notes write both public and private keys.
pub(crate) fn encode_key(bytes: &[u8; 32]) -> String {
    let mut with_algorithm = vec![ED25519];
    with_algorithm.extend_from_slice(bytes);
    BASE64.encode(with_algorithm)
}

/// The 32 bytes of a key that [`encode_key`] wrote.
pub(crate) fn decode_key(encoded: &str) -> Option<[u8; 32]> {
    let bytes = BASE64.decode(encoded).ok()?;
    let (algorithm, key) = bytes.split_first()?;
    if *algorithm != ED25519 {
        return None;
    }
    key.try_into().ok()
}

pub(crate) fn encode_base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// Names stand in one line, before a space or a plus sign.
pub(crate) fn is_key_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != '+')
}

fn key_id(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let mut hasher = Sha256::new();
    hasher.update(name.as_bytes());
    hasher.update([b'\n', ED25519]);
    hasher.update(public);
    let hash: [u8; 32] = hasher.finalize().into();
    [hash[0], hash[1], hash[2], hash[3]]
}

/// A signed statement of how many leaves the log has and what its root is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log, which is the name of its key.
    pub origin: String,
    /// How many leaves.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Digest,
}

impl Checkpoint {
    /// The lines that are signed.
    fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(self.root.as_bytes()))
    }

    /// The signed note.
    pub(crate) fn sign(&self, name: &str, key: &SigningKey) -> String {
        let text = self.text();
        let signature = key.sign(text.as_bytes()).to_bytes();
        let mut signed = key_id(name, key.verifying_key().as_bytes()).to_vec();
        signed.extend_from_slice(&signature);
        format!("{text}\n— {name} {}\n", BASE64.encode(signed))
    }

    /// Reads a signed note and checks that this key signed it. Lines of other signers are passed over, as the form
    /// demands.
    ///
    /// # Errors
    /// A sentence saying what is wrong.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, &'static str> {
        let (body, signatures) = note.split_once("\n\n").ok_or("it has no signature part")?;
        let checkpoint = Self::parse_body(body).ok_or("its lines are not origin, size and root")?;
        if checkpoint.origin != key.name {
            return Err("its origin is not the name of the key");
        }
        if !signatures.ends_with('\n') {
            return Err("its last line is cut");
        }
        let signature = signatures.lines().find_map(|line| signature_of(line, key)).ok_or("the key did not sign it")?;
        let signed = key.verifies(format!("{body}\n").as_bytes(), &signature);
        signed.then_some(checkpoint).ok_or("its signature is wrong")
    }

    fn parse_body(body: &str) -> Option<Self> {
        let mut lines = body.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let parsed: u64 = size.parse().ok()?;
        let root: [u8; 32] = BASE64.decode(root).ok()?.try_into().ok()?;
        let plain = parsed.to_string() == size && lines.next().is_none();
        plain.then(|| Self { origin: origin.to_string(), size: parsed, root: Digest::from_bytes(root) })
    }
}

fn signature_of(line: &str, key: &VerifierKey) -> Option<[u8; 64]> {
    let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = BASE64.decode(encoded).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    if name != key.name || *id != key.key_id() {
        return None;
    }
    signature.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAME: &str = "lapwing-0123abcd";

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn verifier() -> VerifierKey {
        VerifierKey::new(NAME.into(), key().verifying_key())
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: NAME.into(), size: 64, root: Digest::of(b"root") }
    }

    #[test]
    fn a_checkpoint_opens_with_its_key_alone() {
        let note = checkpoint().sign(NAME, &key());
        assert_eq!(Checkpoint::open(&note, &verifier()), Ok(checkpoint()));
        let other = VerifierKey::new(NAME.into(), SigningKey::from_bytes(&[8; 32]).verifying_key());
        assert_eq!(Checkpoint::open(&note, &other), Err("the key did not sign it"));
    }

    #[test]
    fn signatures_of_others_are_passed_over() {
        let note = checkpoint().sign(NAME, &key());
        let (body, signature) = note.split_once("\n\n").unwrap();
        let witnessed = format!("{body}\n\n— witness.example AAAAAAAA\n{signature}");
        assert_eq!(Checkpoint::open(&witnessed, &verifier()), Ok(checkpoint()));
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let note = checkpoint().sign(NAME, &key());
        for index in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[index] ^= 1;
            let opened = String::from_utf8(bytes).ok().and_then(|text| Checkpoint::open(&text, &verifier()).ok());
            assert!(opened.is_none(), "byte {index}");
        }
    }

    #[test]
    fn verifier_keys_with_a_wrong_id_or_name_are_refused() {
        let right = verifier().to_string();
        assert_eq!(right.parse::<VerifierKey>().unwrap(), verifier());
        let wrong_id = right.replacen(&right[NAME.len() + 1..NAME.len() + 9], "00000000", 1);
        for wrong in [wrong_id.as_str(), "", "a+b", "+00000000+AQ==", &right.replace("lapwing", "lap wing")] {
            assert!(wrong.parse::<VerifierKey>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn opening_never_panics(note in any::<String>()) {
            let _ = Checkpoint::open(&note, &verifier());
            let _ = note.parse::<VerifierKey>();
        }
    }
}
