//! Making and opening a store: every way in which that goes wrong has a sentence.

use lapwing_store::{SCHEMA, Store, StoreError, StoreOptions};
use std::time::Duration;

use crate::desk::{Desk, at, listing, options};
use lapwing_types::Band;

#[tokio::test]
async fn a_store_opens_again_with_its_facts() {
    let mut desk = Desk::new().await;
    desk.judge(1, &listing(1), Band::Review).await;
    desk.store.set_meta("note", "first").await.unwrap();
    desk.store.set_meta("note", "second").await.unwrap();
    desk.store.close().await;
    let store = desk.another().await;
    assert_eq!(store.meta("workspace").await.unwrap().as_deref(), Some("desk"));
    assert_eq!(store.meta("schema").await.unwrap(), Some(SCHEMA.to_string()));
    assert_eq!(store.meta("created_at").await.unwrap().as_deref(), Some("2026-01-02T03:04:05.123456Z"));
    assert_eq!(store.meta("note").await.unwrap().as_deref(), Some("second"));
    assert_eq!(store.meta("unknown").await.unwrap(), None);
    assert_eq!(store.integrity_check().await.unwrap(), Vec::<String>::new());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut desk = Desk::new().await;
    desk.judge(1, &listing(1), Band::Review).await;
    let mut seen = Vec::new();
    for entry in std::fs::read_dir(desk.folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
        seen.push(entry.file_name().into_string().unwrap());
    }
    seen.sort();
    assert_eq!(seen, ["lapwing.db", "lapwing.db-shm", "lapwing.db-wal"]);
}

#[tokio::test]
async fn a_missing_store_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let error = Store::open(folder.path().join("none.db"), &options()).await.unwrap_err();
    assert!(matches!(error, StoreError::Missing { .. }), "{error}");
    assert!(error.to_string().contains("there is no store at `"), "{error}");
    assert!(!folder.path().join("none.db").exists());
}

#[tokio::test]
async fn a_store_is_not_made_over_a_file() {
    let desk = Desk::new().await;
    let error = Store::create(desk.store.path(), &options(), "desk", at(0)).await.unwrap_err();
    assert!(matches!(error, StoreError::AlreadyExists { .. }), "{error}");
}

#[tokio::test]
async fn what_is_no_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    for (content, why) in [
        (&b""[..], "the file is empty"),
        (b"<html>", "does not begin as a SQLite database does"),
        (b"SQLite format 3\0 and then nothing of the kind, for more than a hundred bytes ................", "damaged"),
    ] {
        std::fs::write(&path, content).unwrap();
        let error = Store::open(&path, &options()).await.unwrap_err();
        assert!(matches!(error, StoreError::NotAStore { .. }), "{error:?}");
        assert!(error.to_string().contains(why), "{error}");
    }
    let error = Store::open(folder.path(), &options()).await.unwrap_err();
    assert!(!error.to_string().is_empty() && !matches!(error, StoreError::Missing { .. }), "{error:?}");
}

#[tokio::test]
async fn another_programs_database_is_refused() {
    let desk = Desk::new().await;
    desk.tamper("pragma application_id = 7").await;
    let error = Store::open(desk.store.path(), &options()).await.unwrap_err();
    assert!(error.to_string().contains("it is a database of another program"), "{error}");
}

#[tokio::test]
async fn damaged_pages_are_told() {
    let mut desk = Desk::new().await;
    for leaf in 0..40 {
        desk.judge(leaf, &listing(leaf), Band::Review).await;
    }
    desk.store.close().await;
    let mut bytes = std::fs::read(desk.store.path()).unwrap();
    let half = bytes.len() / 4;
    bytes[half..].fill(0x5a);
    std::fs::write(desk.store.path(), bytes).unwrap();
    match Store::open(desk.store.path(), &options()).await {
        Err(error) => assert!(error.to_string().contains("damaged"), "{error}"),
        Ok(store) => match store.integrity_check().await {
            Ok(faults) => assert!(!faults.is_empty()),
            Err(error) => assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}"),
        },
    }
}

#[tokio::test]
async fn a_newer_schema_is_left_alone() {
    let desk = Desk::new().await;
    desk.tamper("update meta set value = '99' where key = 'schema'").await;
    let error = Store::open(desk.store.path(), &options()).await.unwrap_err();
    let StoreError::NewerSchema { found: 99, known, .. } = &error else { panic!("{error:?}") };
    assert_eq!(*known, SCHEMA);
    assert!(error.to_string().contains("has schema 99") && error.to_string().contains("use a newer lapwing"));
}

#[tokio::test]
async fn an_older_schema_is_brought_up_to_date() {
    let desk = Desk::new().await;
    desk.tamper(
        "drop table crawl_hosts; drop table targets; drop table crawls;
         update meta set value = '2' where key = 'schema'",
    )
    .await;
    let store = desk.another().await;
    assert_eq!(store.meta("schema").await.unwrap(), Some(SCHEMA.to_string()));
    assert!(store.unfinished_crawls().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_lock_that_lasts_is_told() {
    use sqlx::Connection as _;
    let desk = Desk::new().await;
    let impatient = StoreOptions { busy_timeout: Duration::from_millis(20), ..options() };
    let store = Store::open(desk.store.path(), &impatient).await.unwrap();
    let foreign = sqlx::sqlite::SqliteConnectOptions::new().filename(desk.store.path());
    let mut foreign = sqlx::SqliteConnection::connect_with(&foreign).await.unwrap();
    sqlx::raw_sql("begin immediate").execute(&mut foreign).await.unwrap();
    let error = store.set_meta("note", "late").await.unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error:?}");
    assert!(error.to_string().contains("locked by another process while writing a fact about the store"), "{error}");
    assert_eq!(store.meta("note").await.unwrap(), None, "readers are not held up");
    sqlx::raw_sql("rollback").execute(&mut foreign).await.unwrap();
    store.set_meta("note", "now").await.unwrap();
}
