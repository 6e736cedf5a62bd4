//! The signing key of an archive: an Ed25519 key in two files, one secret and one to give away.
//!
//! `custody.key` has the form in which Go's `sumdb/note` writes private keys, `custody.pub` is a verifier key of a
//! signed note. The secret file is created readable by its owner alone, and is not loaded when others can read it.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use ed25519_dalek::{Signer as _, SigningKey};

use crate::error::{Error, IoContext as _, Result};
use crate::layout::sync_dir;
use crate::note::{Checkpoint, VerifierKey, decode_key, encode_key, is_key_name};

/// The file that holds the secret half.
pub const SECRET_FILE: &str = "custody.key";
/// The file that holds the public half.
pub const PUBLIC_FILE: &str = "custody.pub";

const SECRET_PREFIX: &str = "PRIVATE+KEY+";

/// The key with which leaves and checkpoints are signed.
#[derive(Clone)]
pub struct Keys {
    name: String,
    signing: SigningKey,
}

impl Keys {
    /// Makes a new key and writes both files into `dir`, which is created where it is missing.
    ///
    /// # Errors
    /// Where there is a key already, or the files cannot be written.
    pub fn generate(dir: &Path) -> Result<Self> {
        let mut random = [0u8; 36];
        getrandom::fill(&mut random).map_err(|error| Error::Random(error.to_string()))?;
        let (seed, tag) = random.split_first_chunk::<32>().expect("36 bytes are more than 32");
        let tag = tag.iter().fold(0u32, |number, byte| number << 8 | u32::from(*byte));
        let keys = Self { name: format!("lapwing-{tag:08x}"), signing: SigningKey::from_bytes(seed) };
        fs::create_dir_all(dir).context("create the folder", dir)?;
        keys.write_secret(&dir.join(SECRET_FILE))?;
        keys.write_public(&dir.join(PUBLIC_FILE))?;
        sync_dir(dir)?;
        Ok(keys)
    }

    /// Reads the key from `dir`. A missing `custody.pub` is written anew, since it follows from the secret half.
    ///
    /// # Errors
    /// Where the secret file is missing, malformed, readable by others, or does not belong to the public one.
    pub fn load(dir: &Path) -> Result<Self> {
        let path = dir.join(SECRET_FILE);
        let file = File::open(&path).context("open the signing key", &path)?;
        refuse_if_readable_by_others(&file, &path)?;
        let mut text = String::new();
        file.take(4096).read_to_string(&mut text).context("read the signing key", &path)?;
        let malformed = || Error::KeyMalformed { place: path.display().to_string(), what: "signing key" };
        let keys = Self::parse_secret(&text).ok_or_else(malformed)?;

        let public = dir.join(PUBLIC_FILE);
        match fs::read_to_string(&public) {
            Ok(line) if line.parse::<VerifierKey>().is_ok_and(|key| key == keys.verifier()) => Ok(keys),
            Ok(_) => Err(Error::KeysDiffer(dir.to_path_buf())),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                keys.write_public(&public)?;
                Ok(keys)
            }
            Err(error) => Err(error).context("read the public key", &public),
        }
    }

    /// The half to give away.
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey::new(self.name.clone(), self.signing.verifying_key())
    }

    /// The key's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signing.sign(message).to_bytes()
    }

    pub(crate) fn sign_checkpoint(&self, checkpoint: &Checkpoint) -> String {
        checkpoint.sign(&self.name, &self.signing)
    }

    fn parse_secret(text: &str) -> Option<Self> {
        let mut parts = text.trim_end_matches('\n').strip_prefix(SECRET_PREFIX)?.splitn(3, '+');
        let (name, id, encoded) = (parts.next()?, parts.next()?, parts.next()?);
        let keys = Self { name: name.to_string(), signing: SigningKey::from_bytes(&decode_key(encoded)?) };
        (is_key_name(name) && id == keys.id()).then_some(keys)
    }

    fn id(&self) -> String {
        format!("{:08x}", u32::from_be_bytes(self.verifier().key_id()))
    }

    fn write_secret(&self, path: &Path) -> Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let line = format!("{SECRET_PREFIX}{}+{}+{}\n", self.name, self.id(), encode_key(&self.signing.to_bytes()));
        write_new(&options, path, &line)
    }

    fn write_public(&self, path: &Path) -> Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        write_new(&options, path, &format!("{}\n", self.verifier()))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({}, …)", self.name)
    }
}

fn write_new(options: &OpenOptions, path: &Path, line: &str) -> Result<()> {
    let mut file = options.open(path).map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists => Error::KeyExists(path.to_path_buf()),
        _ => Error::Io { doing: "create", path: path.to_path_buf(), source },
    })?;
    file.write_all(line.as_bytes()).context("write", path)?;
    file.sync_all().context("write", path)
}

#[cfg(unix)]
fn refuse_if_readable_by_others(file: &File, path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata().context("read the mode of", path)?.permissions().mode() & 0o7777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(Error::KeyReadableByOthers { path: path.to_path_buf(), mode })
}

#[cfg(not(unix))]
fn refuse_if_readable_by_others(_file: &File, _path: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generated() -> (tempfile::TempDir, Keys) {
        let dir = tempfile::tempdir().unwrap();
        let keys = Keys::generate(dir.path()).unwrap();
        (dir, keys)
    }

    #[test]
    fn a_generated_key_is_loaded_again() {
        let (dir, keys) = generated();
        let loaded = Keys::load(dir.path()).unwrap();
        assert_eq!(loaded.verifier(), keys.verifier());
        let line = fs::read_to_string(dir.path().join(PUBLIC_FILE)).unwrap();
        assert!(line.starts_with("lapwing-") && line.ends_with('\n'));
        assert_eq!(line.parse::<VerifierKey>().unwrap(), keys.verifier());
    }

    #[test]
    fn two_keys_differ() {
        assert_ne!(generated().1.verifier(), generated().1.verifier());
    }

    #[test]
    fn a_key_is_never_overwritten() {
        let (dir, _) = generated();
        assert!(matches!(Keys::generate(dir.path()), Err(Error::KeyExists(_))));
    }

    #[cfg(unix)]
    #[test]
    fn the_secret_file_is_its_owners_and_is_refused_otherwise() {
        use std::os::unix::fs::PermissionsExt as _;
        let (dir, _) = generated();
        let path = dir.path().join(SECRET_FILE);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        for mode in [0o640, 0o604, 0o620] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let message = Keys::load(dir.path()).unwrap_err().to_string();
            assert!(message.contains(&format!("run `chmod 600 {}`", path.display())), "{message}");
        }
    }

    #[test]
    fn a_missing_public_half_is_written_anew_and_a_foreign_one_refused() {
        let (dir, keys) = generated();
        let path = dir.path().join(PUBLIC_FILE);
        fs::remove_file(&path).unwrap();
        Keys::load(dir.path()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("{}\n", keys.verifier()));
        fs::write(&path, generated().1.verifier().to_string()).unwrap();
        assert!(matches!(Keys::load(dir.path()), Err(Error::KeysDiffer(_))));
    }

    #[test]
    fn a_malformed_secret_is_refused() {
        let (dir, _) = generated();
        let path = dir.path().join(SECRET_FILE);
        for text in ["", "PRIVATE+KEY+a+b+c", "PRIVATE+KEY+lapwing-00000000+00000000+AQ==\n"] {
            fs::write(&path, text).unwrap();
            assert!(matches!(Keys::load(dir.path()), Err(Error::KeyMalformed { .. })), "{text}");
        }
    }

    #[test]
    fn debug_does_not_show_the_secret() {
        let (_dir, keys) = generated();
        assert_eq!(format!("{keys:?}"), format!("Keys({}, …)", keys.name()));
    }
}
