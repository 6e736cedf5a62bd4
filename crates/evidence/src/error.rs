//! What can go wrong with captures at rest, said so that the reader knows what to do next.

use std::io;
use std::path::{Path, PathBuf};

use lapwing_types::CaptureId;

/// The result of this crate's functions.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something could not be kept, read or opened. Faults that [`verify`](crate::verify()) finds are not errors but
/// [`Finding`](crate::Finding)s.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file system refused.
    #[error("failed to {doing} `{}`", path.display())]
    Io {
        /// What was being done: `read`, `write`.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The reader that was handed in broke; nothing was kept.
    #[error("failed to read the bytes to keep; nothing was kept")]
    Input(#[source] io::Error),
    /// The system gave no random bytes.
    #[error("failed to get random bytes from the system: {0}")]
    Random(String),
    /// A key file is there already.
    #[error("`{}` is there already; a signing key is never overwritten, move it away first", .0.display())]
    KeyExists(PathBuf),
    /// Other people can read the signing key.
    #[error(
        "the signing key `{}` can be read by others (mode {mode:04o}); run `chmod 600 {}`",
        path.display(),
        path.display()
    )]
    KeyReadableByOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A key does not have the form of one.
    #[error("`{place}` holds no {what}; restore the file from a copy")]
    KeyMalformed {
        /// The file, or the text.
        place: String,
        /// What should be there.
        what: &'static str,
    },
    /// The two key files do not belong together.
    #[error("`custody.pub` in `{}` does not belong to the `custody.key` beside it; restore one of them", .0.display())]
    KeysDiffer(PathBuf),
    /// The archive was begun with another key.
    #[error(
        "the archive was begun with the key `{expected}`, not with `{found}`; open it with the key it was begun with"
    )]
    OtherKey {
        /// The name of the archive's key.
        expected: String,
        /// The name of the key that was given.
        found: String,
    },
    /// Another process writes.
    #[error("another process is writing to the archive `{}`; wait until it ends, or stop it", .0.display())]
    Locked(PathBuf),
    /// There is an archive already.
    #[error("`{}` already holds an archive; open it instead of creating it", .0.display())]
    ArchiveExists(PathBuf),
    /// There is no archive.
    #[error("`{}` is not an evidence archive (it has no `log/leaves.jsonl`)", .0.display())]
    NotAnArchive(PathBuf),
    /// What is on disk contradicts itself in a way that no crash leaves behind.
    #[error("{place}: {what}; nothing more is written to this archive, run a verification of it to see every fault")]
    Damaged {
        /// Where.
        place: String,
        /// What is wrong.
        what: String,
    },
    /// An earlier write failed halfway.
    #[error("an earlier write to this archive failed halfway; open the archive again, which mends it")]
    MustReopen,
    /// A leaf would be too long.
    #[error("the custody log entry would be {length} bytes long, more than the {limit} allowed; shorten `{what}`")]
    TooLarge {
        /// What makes it long.
        what: &'static str,
        /// Its length.
        length: usize,
        /// The limit.
        limit: usize,
    },
    /// A value has no canonical form here.
    #[error("{0} cannot stand in the custody log; write it as an integer or as text")]
    NotCanonical(&'static str),
    /// An event's kind has the wrong form or is not the caller's to use.
    #[error("`{0}` cannot be the kind of a custody event; use lower-case words joined by `-`, and not `recovered`")]
    EventKind(String),
    /// No such capture.
    #[error("there is no capture `{0}` in this archive")]
    NoSuchCapture(CaptureId),
    /// The bytes of a capture are not those that were kept.
    #[error("capture `{capture}` at `{place}`: {what}; the bytes are not those that were kept")]
    CaptureDamaged {
        /// Which capture.
        capture: CaptureId,
        /// File and offset.
        place: String,
        /// What differs.
        what: String,
    },
    /// A content coding that cannot be undone.
    #[error("the content coding `{0}` is not supported; gzip, deflate and identity are")]
    ContentCoding(String),
}

/// Adds what was being done, and with which file, to an error of the file system.
pub(crate) trait IoContext<T> {
    /// Names the deed and the path.
    fn context(self, doing: &'static str, path: &Path) -> Result<T>;
}

impl<T> IoContext<T> for io::Result<T> {
    fn context(self, doing: &'static str, path: &Path) -> Result<T> {
        self.map_err(|source| Error::Io { doing, path: path.to_path_buf(), source })
    }
}
