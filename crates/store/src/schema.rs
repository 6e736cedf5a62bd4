//! The schema and its steps. A step is a numbered file that is never edited once it was released; the number of the
//! last step stands in `meta`, and a store with a higher number is left alone.

use jiff::Timestamp;

use crate::codec::time_text;
use crate::db::{Connection, Transaction};
use crate::error::{During, Result};

/// The steps in their order; step `n` leads from schema `n - 1` to schema `n`.
pub(crate) const STEPS: &[&str] = &[
    include_str!("../migrations/0001_records.sql"),
    include_str!("../migrations/0002_queue.sql"),
    include_str!("../migrations/0003_frontier.sql"),
];

/// The schema that this program reads and writes.
pub const SCHEMA: u32 = STEPS.len() as u32;

/// Makes the `meta` table of a new store.
pub(crate) async fn begin(transaction: &mut Transaction, workspace: &str, now: Timestamp) -> Result<()> {
    let doing = "making the store";
    let table = "create table meta (key text not null primary key, value text not null)";
    sqlx::raw_sql(table).execute(&mut **transaction).await.during(doing)?;
    for (key, value) in [("schema", "0"), ("workspace", workspace), ("created_at", &time_text(now))] {
        let insert = sqlx::query("insert into meta (key, value) values ($1, $2)").bind(key).bind(value);
        insert.execute(&mut **transaction).await.during(doing)?;
    }
    Ok(())
}

/// The schema of the store, or `None` where `meta` does not say.
pub(crate) async fn version(connection: &mut Connection) -> Result<Option<u32>> {
    let select = sqlx::query_scalar::<_, String>("select value from meta where key = 'schema'");
    let value = select.fetch_optional(connection).await.during("reading the schema version")?;
    Ok(value.and_then(|value| value.parse().ok()))
}

/// Takes the steps that are missing.
pub(crate) async fn advance(transaction: &mut Transaction, from: u32) -> Result<()> {
    for (index, step) in STEPS.iter().enumerate().skip(from as usize) {
        sqlx::raw_sql(*step).execute(&mut **transaction).await.during("bringing the store to the current schema")?;
        let update = sqlx::query("update meta set value = $1 where key = 'schema'").bind((index + 1).to_string());
        update.execute(&mut **transaction).await.during("writing the schema version")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_step_and_the_numbers_have_no_gap() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut names: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names.len(), STEPS.len());
        for (index, name) in names.iter().enumerate() {
            assert!(name.starts_with(&format!("{:04}_", index + 1)), "{name}");
            let text = std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
            assert_eq!(text, STEPS[index], "{name} is not step {}", index + 1);
        }
    }
}
