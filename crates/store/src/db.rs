//! The one file that knows which database stands below: opening, pools, pragmas, locks. Everything else speaks
//! portable SQL through the names given here.
//!
//! Why two pools. SQLite has one writer at a time. A transaction that begins by reading and then writes can be
//! refused at once, whatever the busy timeout, if another wrote in between. So each writing transaction begins with
//! `begin immediate`, which waits its turn (up to the busy timeout) before it reads; and all writers of one process
//! stand in line for one connection, which costs no polling. Readers have their own few connections: in WAL mode they
//! neither wait for the writer nor hold it up, and `query_only` keeps a stray write from going round the line.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::error::{During, Result, StoreError};
use crate::schema::{self, SCHEMA};

pub(crate) type Db = sqlx::Sqlite;
pub(crate) type Connection = sqlx::SqliteConnection;
pub(crate) type Row = sqlx::sqlite::SqliteRow;
pub(crate) type Transaction = sqlx::Transaction<'static, Db>;
pub(crate) type Query = sqlx::QueryBuilder<Db>;

/// Marks the file as Lapwing's (`LAPW` in ASCII), so that another program's database is not taken for a store.
const APPLICATION_ID: i32 = 0x4c41_5057;

/// When a commit is safe from a power cut. A crash of the program alone loses nothing in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// Once it returns (`synchronous = full`). The default: a decision that was confirmed stays.
    #[default]
    EveryCommit,
    /// Once the log was checkpointed (`synchronous = normal`): for loads that can be repeated.
    Checkpoint,
}

/// How a store is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreOptions {
    /// When a commit is safe from a power cut.
    pub durability: Durability,
    /// How long to wait for the lock of another process.
    pub busy_timeout: Duration,
    /// How many connections read beside the writer; at least one is kept.
    pub readers: u32,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { durability: Durability::EveryCommit, busy_timeout: Duration::from_secs(30), readers: 4 }
    }
}

/// Records, review queue and crawl frontier in one file. Cloning is cheap and shares the connections.
#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
    writer: sqlx::Pool<Db>,
    readers: sqlx::Pool<Db>,
}

impl Store {
    /// Makes a new store, readable by its owner alone (mode 0600, which `-wal` and `-shm` take over).
    ///
    /// # Errors
    /// Where a file stands there already, or the folder cannot be written.
    pub async fn create(
        path: impl AsRef<Path>,
        options: &StoreOptions,
        workspace: &str,
        now: Timestamp,
    ) -> Result<Self> {
        let path = path.as_ref();
        create_file(path)?;
        let store = Self::connect(path, options).await?;
        let mark = sqlx::AssertSqlSafe(format!("pragma application_id = {APPLICATION_ID}"));
        sqlx::raw_sql(mark).execute(&store.writer).await.during("marking the store")?;
        let mut transaction = store.begin("making the store").await?;
        schema::begin(&mut transaction, workspace, now).await?;
        schema::advance(&mut transaction, 0).await?;
        commit(transaction, "making the store").await?;
        Ok(store)
    }

    /// Opens a store and brings an older schema up to date.
    ///
    /// # Errors
    /// Where nothing stands there, it is no store, it is damaged, locked, or of a newer program.
    pub async fn open(path: impl AsRef<Path>, options: &StoreOptions) -> Result<Self> {
        let path = path.as_ref();
        check_head(path)?;
        let not_a_store = |why: &str| StoreError::NotAStore { path: path.to_path_buf(), why: why.to_string() };
        let store = Self::connect(path, options).await?;
        let mark: i32 =
            sqlx::query_scalar("pragma application_id").fetch_one(&store.writer).await.during("opening the store")?;
        if mark != APPLICATION_ID {
            return Err(not_a_store("it is a database of another program"));
        }
        let mut connection = store.writer.acquire().await.during("opening the store")?;
        let found = match schema::version(&mut connection).await {
            Ok(Some(found)) => found,
            Ok(None) => return Err(not_a_store("it does not name its schema")),
            Err(StoreError::Database { .. }) => return Err(not_a_store("it has no table `meta`")),
            Err(error) => return Err(error),
        };
        drop(connection);
        if found > SCHEMA {
            return Err(StoreError::NewerSchema { path: path.to_path_buf(), found, known: SCHEMA });
        }
        if found < SCHEMA {
            let mut transaction = store.begin("bringing the store to the current schema").await?;
            let found = schema::version(&mut transaction).await?.unwrap_or(found);
            schema::advance(&mut transaction, found).await?;
            commit(transaction, "bringing the store to the current schema").await?;
        }
        Ok(store)
    }

    /// Ends all connections; the log is folded into the file where no other process has it open.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Where the store stands.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the whole file and names each fault of pages, indices and references; an empty list means sound.
    /// What the records say is checked by [`Store::check_folds`].
    ///
    /// # Errors
    /// Where the file cannot be read at all.
    pub async fn integrity_check(&self) -> Result<Vec<String>> {
        let doing = "checking the store";
        let pages = sqlx::query_scalar::<_, String>("pragma integrity_check(100)").fetch_all(&self.readers);
        let mut faults = pages.await.during(doing)?;
        faults.retain(|line| line != "ok");
        let references = "select \"table\", parent from pragma_foreign_key_check limit 100";
        let references = sqlx::query_as::<_, (String, String)>(references).fetch_all(&self.readers);
        for (table, parent) in references.await.during(doing)? {
            faults.push(format!("a row of `{table}` refers to a row of `{parent}` that is not there"));
        }
        Ok(faults)
    }

    /// A value from the small table of facts about the store, such as `workspace`, `created_at`, `schema`.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn meta(&self, key: &str) -> Result<Option<String>> {
        let select = sqlx::query_scalar("select value from meta where key = $1").bind(key);
        select.fetch_optional(&self.readers).await.during("reading a fact about the store")
    }

    /// Writes such a value; `schema` is not to be written by hand.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn set_meta(&self, key: &str, value: &str) -> Result<()> {
        let upsert = "insert into meta (key, value) values ($1, $2)
                      on conflict (key) do update set value = excluded.value";
        let mut transaction = self.begin("writing a fact about the store").await?;
        let upsert = sqlx::query(upsert).bind(key).bind(value);
        upsert.execute(&mut *transaction).await.during("writing a fact about the store")?;
        commit(transaction, "writing a fact about the store").await
    }

    /// The connections that read.
    pub(crate) fn readers(&self) -> &sqlx::Pool<Db> {
        &self.readers
    }

    /// Begins a transaction that may write; it waits for its turn first.
    pub(crate) async fn begin(&self, doing: &'static str) -> Result<Transaction> {
        self.writer.begin_with("begin immediate").await.during(doing)
    }

    async fn connect(path: &Path, options: &StoreOptions) -> Result<Self> {
        let synchronous = match options.durability {
            Durability::EveryCommit => SqliteSynchronous::Full,
            Durability::Checkpoint => SqliteSynchronous::Normal,
        };
        let base = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .foreign_keys(true)
            .busy_timeout(options.busy_timeout);
        let writing = base.clone().journal_mode(SqliteJournalMode::Wal).synchronous(synchronous);
        let reading = base.pragma("query_only", "on");
        // In line behind other writers of this process, each of whom may wait for another process.
        let acquire_timeout = options.busy_timeout.saturating_mul(2).max(Duration::from_secs(1));
        let pool = |size| {
            let pool = SqlitePoolOptions::new().max_connections(size).acquire_timeout(acquire_timeout);
            pool.idle_timeout(None).max_lifetime(None).test_before_acquire(false)
        };
        let writer = pool(1).connect_with(writing).await.during("opening the store").map_err(|error| match error {
            StoreError::Corrupt { source, .. } => {
                StoreError::NotAStore { path: path.to_path_buf(), why: source.to_string() }
            }
            other => other,
        })?;
        let readers = pool(options.readers.max(1)).connect_lazy_with(reading);
        Ok(Self { path: path.to_path_buf(), writer, readers })
    }
}

/// Ends a transaction.
pub(crate) async fn commit(transaction: Transaction, doing: &'static str) -> Result<()> {
    transaction.commit().await.during(doing)
}

fn create_file(path: &Path) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(StoreError::AlreadyExists { path: path.to_path_buf() })
        }
        Err(source) => Err(StoreError::File { doing: "create the store", path: path.to_path_buf(), source }),
    }
}

/// Looks at the first bytes before the database does, since its own words for a wrong file are poor.
fn check_head(path: &Path) -> Result<()> {
    use std::io::Read as _;
    let refuse = |why: &str| Err(StoreError::NotAStore { path: path.to_path_buf(), why: why.to_string() });
    let file_error = |source| StoreError::File { doing: "read the store", path: path.to_path_buf(), source };
    let mut file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(StoreError::Missing { path: path.to_path_buf() });
        }
        Err(source) => return Err(file_error(source)),
    };
    if !file.metadata().map_err(file_error)?.is_file() {
        return refuse("it is not a file");
    }
    let mut head = Vec::with_capacity(16);
    file.by_ref().take(16).read_to_end(&mut head).map_err(file_error)?;
    match head.as_slice() {
        b"SQLite format 3\0" => Ok(()),
        [] => refuse("the file is empty"),
        _ => refuse("it does not begin as a SQLite database does"),
    }
}
