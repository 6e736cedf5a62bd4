//! What can go wrong in a use-case. Each sentence says what, where and how to mend it.

use std::path::PathBuf;

use lapwing_detect::Diagnostic;

/// The result of a use-case.
pub type Result<T> = std::result::Result<T, EngineError>;

/// An error of a use-case.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// There is no workspace.
    #[error("there is no lapwing workspace at `{}`; make one with `lapwing init {}`", path.display(), path.display())]
    NoWorkspace {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Some parts of a workspace are there and others not.
    #[error(
        "the workspace at `{}` is half made, {missing} is missing; restore it from a backup, or move the folder away and run `lapwing init`",
        path.display()
    )]
    HalfMade {
        /// The folder.
        path: PathBuf,
        /// What is missing.
        missing: String,
    },
    /// A workspace is to be made where something stands.
    #[error("`{}` already holds {found}; choose another folder, or work with it by `--data {}`", path.display(), path.display())]
    Occupied {
        /// The folder.
        path: PathBuf,
        /// What stands there.
        found: String,
    },
    /// The operator's key is readable by others.
    #[error("`{}` can be read by others than its owner, so it proves nothing; run `chmod 600 {}`", path.display(), path.display())]
    OpenKey {
        /// The file.
        path: PathBuf,
    },
    /// The settings do not make sense.
    #[error("{place}: {message}")]
    Settings {
        /// The file, variable or flag.
        place: String,
        /// What is wrong.
        message: String,
    },
    /// The rule pack has errors.
    #[error("the rule pack has {} finding(s), the first is {}", .0.len(), first(.0))]
    Pack(Vec<Diagnostic>),
    /// A model file cannot be used.
    #[error("failed to load the model at `{}`: {source}", path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: lapwing_detect::ModelError,
    },
    /// Training was not possible.
    #[error(transparent)]
    Train(#[from] lapwing_detect::TrainError),
    /// A file cannot be read or written.
    #[error("failed to {doing} `{}`: {source}", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// What is being written cannot be written further.
    #[error("failed to write the output: {source}")]
    Output {
        /// What the system said.
        source: std::io::Error,
    },
    /// A record of a file is bad and the caller asked to stop at the first.
    #[error("{file}: record {number}: {reason}")]
    BadRecord {
        /// The file.
        file: String,
        /// From 1; a line in JSONL, a row in CSV.
        number: u64,
        /// Why it was not read.
        reason: String,
    },
    /// What was asked for makes no sense.
    #[error("{0}")]
    Request(String),
    /// There is nothing of that id.
    #[error("there is no {what} `{id}` in this workspace; {help}")]
    Unknown {
        /// What was asked for.
        what: &'static str,
        /// Its id.
        id: String,
        /// Where to find the right one.
        help: &'static str,
    },
    /// The store refused.
    #[error("{}", with_sources(.0))]
    Store(#[from] lapwing_store::StoreError),
    /// The evidence archive refused.
    #[error("{}", with_sources(.0))]
    Evidence(#[from] lapwing_evidence::Error),
    /// The crawl failed.
    #[error("{}", with_sources(.0))]
    Crawl(#[from] lapwing_crawl::CrawlError),
    /// The judging thread ended.
    #[error("the judging of captures ended early; run the command again, nothing that was fetched is lost")]
    Stage,
}

fn first(found: &[Diagnostic]) -> String {
    found.iter().max_by_key(|diagnostic| diagnostic.severity).map(ToString::to_string).unwrap_or_default()
}

/// An error's sentence with those of its causes.
fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}

impl EngineError {
    pub(crate) fn file(doing: &'static str, path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::File { doing, path: path.into(), source }
    }
}
