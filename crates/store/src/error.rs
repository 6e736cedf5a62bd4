//! What can go wrong in the store. Each sentence says what, where and how to mend it; none holds text of a listing.

use std::path::PathBuf;

use jiff::Timestamp;
use lapwing_types::{CaptureId, CrawlId, EventId, ItemId};

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No file stands there.
    #[error("there is no store at `{}`; make a workspace first, or check the path", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A new store would overwrite a file.
    #[error("a file stands at `{}` already; open it, or choose another path", path.display())]
    AlreadyExists {
        /// Where.
        path: PathBuf,
    },
    /// The file is something else, or its head is damaged.
    #[error("`{}` is not a lapwing store, or it is damaged: {why}; restore it from a backup", path.display())]
    NotAStore {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A later program wrote the store.
    #[error(
        "the store at `{}` has schema {found}, and this program knows schemas up to {known}; use a newer lapwing",
        path.display()
    )]
    NewerSchema {
        /// Where.
        path: PathBuf,
        /// The schema of the file.
        found: u32,
        /// The highest schema of this program.
        known: u32,
    },
    /// Another process holds the write lock for longer than the busy timeout.
    #[error("the store is locked by another process while {doing}; wait until that has ended, then try again")]
    Locked {
        /// What was being done.
        doing: &'static str,
    },
    /// The database found its own pages damaged.
    #[error("the store is damaged, found while {doing}; run the integrity check, or restore it from a backup")]
    Corrupt {
        /// What was being done.
        doing: &'static str,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// Any other refusal by the database.
    #[error("failed while {doing}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// The file system refused.
    #[error("failed to {doing} `{}`", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A row does not hold what it should.
    #[error("the stored {what} `{id}` cannot be read: {why}")]
    Damaged {
        /// What sort of row.
        what: &'static str,
        /// Its key.
        id: String,
        /// What is wrong.
        why: String,
    },
    /// A value cannot be written as JSON.
    #[error("failed to write the {what} as JSON")]
    Unwritable {
        /// What it is.
        what: &'static str,
        /// Why not.
        #[source]
        source: serde_json::Error,
    },
    /// Two captures claim one leaf of the custody log.
    #[error("leaf {leaf} belongs to capture `{stored}`, so capture `{given}` cannot take it")]
    LeafTaken {
        /// The leaf.
        leaf: u64,
        /// The capture that has it.
        stored: CaptureId,
        /// The capture that was given.
        given: CaptureId,
    },
    /// A batch of a capture's listings came before the ones that precede it.
    #[error("batch {given} of leaf {leaf} came where batch {expected} should; judge the batches in their order")]
    BatchOutOfOrder {
        /// The leaf.
        leaf: u64,
        /// The number that should come.
        expected: u32,
        /// The number that came.
        given: u32,
    },
    /// No item has that id.
    #[error("there is no queue item `{0}`; list the queue to see the items")]
    NoSuchItem(ItemId),
    /// No decision has that id.
    #[error("event `{0}` is not a decision in this store; the item's history lists its decisions")]
    NoSuchDecision(EventId),
    /// No crawl has that id.
    #[error("there is no crawl `{0}` in this store")]
    NoSuchCrawl(CrawlId),
    /// The crawl has no target of that number.
    #[error("crawl `{crawl}` has no target {number}")]
    NoSuchTarget {
        /// The crawl.
        crawl: CrawlId,
        /// The number.
        number: u64,
    },
    /// The claim was followed by a later one, or never made.
    #[error("token {given} for item `{item}` is not in force, the last one is {last}; claim the item again")]
    StaleToken {
        /// The item.
        item: ItemId,
        /// The token that was given.
        given: u64,
        /// The highest one.
        last: u64,
    },
    /// The claim ended before the call.
    #[error("the lease on item `{item}` ended at {until}; claim the item again, the draft is still yours")]
    LeaseExpired {
        /// The item.
        item: ItemId,
        /// When it ended.
        until: Timestamp,
    },
    /// Nobody works on the item.
    #[error("item `{0}` is not claimed; claim it first")]
    NotClaimed(ItemId),
    /// Somebody else works on the item.
    #[error("item `{item}` is claimed by `{by}` until {until}; choose another item, or wait")]
    HeldByOther {
        /// The item.
        item: ItemId,
        /// Who holds it.
        by: String,
        /// Until when.
        until: Timestamp,
    },
    /// The item was decided before.
    #[error("item `{item}` was decided by `{by}` at {at}; reverse that decision to decide anew")]
    AlreadyDecided {
        /// The item.
        item: ItemId,
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The decision is not the one in force.
    #[error("decision `{decision}` of item `{item}` is no longer in force, so it cannot be reversed")]
    NotInForce {
        /// The item.
        item: ItemId,
        /// The decision.
        decision: EventId,
    },
    /// The item's content was deleted by retention.
    #[error("the content of item `{0}` was deleted by retention; nothing more can be decided of it")]
    Purged(ItemId),
    /// A text that must say something is empty.
    #[error("`{action}` of item `{item}` needs {what}; write at least a few words")]
    EmptyText {
        /// The item.
        item: ItemId,
        /// What was tried.
        action: &'static str,
        /// `a reason`, `a text`, `a purpose`.
        what: &'static str,
    },
    /// The item is open already.
    #[error("item `{0}` waits in the queue already, there is nothing to open again")]
    NotClosed(ItemId),
    /// The item moved between reading and writing.
    #[error("item `{0}` was changed by somebody else meanwhile; read it again")]
    ChangedMeanwhile(ItemId),
    /// The cursor was not given out by this store.
    #[error("`{0}` is not a cursor of the queue; start again without one")]
    BadCursor(String),
}

/// The short form that all of this crate returns.
pub(crate) type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Says of a database error what was being done.
pub(crate) trait During<T> {
    /// Wraps the error; `doing` fits "failed while …".
    fn during(self, doing: &'static str) -> Result<T>;
}

impl<T> During<T> for std::result::Result<T, sqlx::Error> {
    fn during(self, doing: &'static str) -> Result<T> {
        self.map_err(|source| match sqlite_code(&source) {
            Some(BUSY | LOCKED) => StoreError::Locked { doing },
            Some(CORRUPT | NOT_A_DATABASE) => StoreError::Corrupt { doing, source },
            _ if matches!(source, sqlx::Error::PoolTimedOut) => StoreError::Locked { doing },
            _ => StoreError::Database { doing, source },
        })
    }
}

const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const CORRUPT: u32 = 11;
const NOT_A_DATABASE: u32 = 26;

/// The primary result code of SQLite; extended codes hold it in their lowest byte.
fn sqlite_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|code| code & 0xff)
}
