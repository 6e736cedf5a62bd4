//! A workspace: a folder with settings, records, evidence and keys.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use lapwing_evidence::{Archive, Keys, Reader, Recovery};
use lapwing_store::{Store, StoreOptions};
use lapwing_types::Tool;
use serde_json::json;

use crate::clock;
use crate::config::Config;
use crate::error::{EngineError, Result};
use crate::operator::OPERATOR_KEY;

/// The settings.
pub const SETTINGS_FILE: &str = "lapwing.toml";
/// The records, a SQLite file.
pub const DATABASE_FILE: &str = "lapwing.db";
/// The captures and the custody log.
pub const EVIDENCE_FOLDER: &str = "evidence";
/// The keys, mode 0600.
pub const KEYS_FOLDER: &str = "keys";

/// An open workspace. Cloning is cheap and shares it.
#[derive(Clone)]
pub struct Workspace {
    folder: PathBuf,
    config: Config,
    store: Store,
}

/// The evidence archive of a workspace, open for writing: one process at a time.
#[derive(Clone)]
pub(crate) struct SharedArchive(Arc<Mutex<Archive>>);

impl SharedArchive {
    /// Locks the archive; a thread that panicked in the middle left it as consistent as a crash does.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Archive> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Workspace {
    /// Makes a workspace in a folder that is new or empty.
    ///
    /// # Errors
    /// Where the folder holds something, or cannot be written.
    pub async fn init(folder: &Path, config: &Config) -> Result<()> {
        refuse_occupied(folder)?;
        let make = |path: &Path| {
            let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
            made.map_err(|error| EngineError::file("make the folder", path, error))
        };
        make(folder)?;
        let now = clock::now();
        let keys_folder = folder.join(KEYS_FOLDER);
        make(&keys_folder)?;
        let keys = Keys::generate(&keys_folder)?;
        write_secret(&keys_folder.join(OPERATOR_KEY), &operator_secret())?;
        let mut archive = Archive::create(&folder.join(EVIDENCE_FOLDER), &keys)?;
        let details = json!({"key": keys.name(), "program": tool_name(), "config": config.digest().to_string()});
        archive.record_event("workspace-created", now, "lapwing", details)?;
        archive.close()?;
        let store =
            Store::create(folder.join(DATABASE_FILE), &StoreOptions::default(), &clock::workspace_id(), now).await?;
        store.close().await;
        // Written last: a folder without it is a half-made workspace.
        let settings = folder.join(SETTINGS_FILE);
        fs::write(&settings, Config::template()).map_err(|error| EngineError::file("write", settings, error))
    }

    /// Opens a workspace.
    ///
    /// # Errors
    /// Where there is none, parts of it are missing, or its records cannot be read.
    pub async fn open(folder: &Path, config: &Config) -> Result<Self> {
        require_parts(folder)?;
        let store = Store::open(folder.join(DATABASE_FILE), &StoreOptions::default()).await?;
        Ok(Self { folder: folder.to_path_buf(), config: config.clone(), store })
    }

    /// Whether a folder looks like a workspace, whole or not.
    pub fn is_there(folder: &Path) -> bool {
        PARTS.iter().any(|part| folder.join(part).exists())
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The settings in force.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The records.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Where the keys are.
    pub fn keys_folder(&self) -> PathBuf {
        self.folder.join(KEYS_FOLDER)
    }

    /// Where the evidence is.
    pub fn evidence_folder(&self) -> PathBuf {
        self.folder.join(EVIDENCE_FOLDER)
    }

    /// Opens the evidence for reading, beside whoever writes.
    pub(crate) fn reader(&self) -> Result<Reader> {
        Ok(Archive::open_read_only(&self.evidence_folder())?)
    }

    /// Opens the evidence for writing; mends what a crash left, and tells it.
    pub(crate) fn archive(&self) -> Result<(SharedArchive, Vec<Recovery>)> {
        let keys = Keys::load(&self.keys_folder())?;
        let (mut archive, recovered) = Archive::open(&self.evidence_folder(), &keys, clock::now())?;
        crate::custody::absorb(&self.folder, &mut archive)?;
        Ok((SharedArchive(Arc::new(Mutex::new(archive))), recovered))
    }

    /// The name, version and settings of this program, as they stand in each capture.
    pub(crate) fn tool(&self) -> Tool {
        Tool {
            name: "lapwing".to_string(),
            version: env!("CARGO_PKG_VERSION").to_string(),
            config: self.config.digest(),
        }
    }
}

pub(crate) fn tool_name() -> &'static str {
    concat!("lapwing ", env!("CARGO_PKG_VERSION"))
}

const PARTS: [&str; 4] = [SETTINGS_FILE, DATABASE_FILE, EVIDENCE_FOLDER, KEYS_FOLDER];

fn refuse_occupied(folder: &Path) -> Result<()> {
    if let Some(part) = PARTS.iter().find(|part| folder.join(part).exists()) {
        let whole = PARTS.iter().all(|part| folder.join(part).exists());
        let found = if whole { "a workspace".to_string() } else { format!("a half-made workspace (`{part}`)") };
        return Err(EngineError::Occupied { path: folder.to_path_buf(), found });
    }
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(EngineError::Occupied { path: folder.to_path_buf(), found: "other files".to_string() }),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(EngineError::file("read the folder", folder, error)),
    }
}

fn require_parts(folder: &Path) -> Result<()> {
    let missing: Vec<&str> = PARTS.into_iter().filter(|part| !folder.join(part).exists()).collect();
    match missing.as_slice() {
        [] => Ok(()),
        missing if missing.len() == PARTS.len() => Err(EngineError::NoWorkspace { path: folder.to_path_buf() }),
        missing => {
            let missing = missing.iter().map(|part| format!("`{part}`")).collect::<Vec<_>>().join(" and ");
            Err(EngineError::HalfMade { path: folder.to_path_buf(), missing })
        }
    }
}

fn write_secret(path: &Path, secret: &str) -> Result<()> {
    let opened = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = opened.map_err(|error| EngineError::file("write", path, error))?;
    file.write_all(secret.as_bytes()).map_err(|error| EngineError::file("write", path, error))
}

/// Two random UUIDs: 244 bits that nobody guesses.
fn operator_secret() -> String {
    format!("{}{}\n", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple())
}
