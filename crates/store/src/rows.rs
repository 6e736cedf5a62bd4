//! Long results, row by row in constant memory: pages of a few hundred, each found by the last key of the one before.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;

use crate::db::Store;
use crate::error::Result;

/// How many rows a page holds.
pub(crate) const PAGE: i64 = 500;

/// The key after which the next page begins; rows without a number have zero.
pub(crate) type Key = (String, i64);
/// A page: each row with its key, or why it cannot be read.
pub(crate) type Page<T> = Vec<(Key, Result<T>)>;
type Fetching<T> = Pin<Box<dyn Future<Output = Result<Page<T>>> + Send>>;
type Fetch<T> = Box<dyn Fn(Store, Key) -> Fetching<T> + Send + Sync>;

/// A long result that is read row by row.
///
/// Each page is read on its own, so no lock or snapshot is held while the caller works: rows that are added meanwhile
/// behind the reader's place appear too. A row that cannot be read is an error of its own; the next call goes on after it.
pub struct Rows<T> {
    store: Store,
    fetch: Fetch<T>,
    after: Key,
    page: VecDeque<Result<T>>,
    ended: bool,
}

impl<T> Rows<T> {
    pub(crate) fn new(store: &Store, fetch: impl Fn(Store, Key) -> Fetching<T> + Send + Sync + 'static) -> Self {
        let (store, fetch) = (store.clone(), Box::new(fetch));
        Self { store, fetch, after: (String::new(), -1), page: VecDeque::new(), ended: false }
    }

    /// The next row, or `None` at the end.
    ///
    /// # Errors
    /// Where the database refuses, or this row cannot be read.
    pub async fn next(&mut self) -> Result<Option<T>> {
        if self.page.is_empty() && !self.ended {
            let page = (self.fetch)(self.store.clone(), self.after.clone()).await?;
            self.ended = page.len() < PAGE as usize;
            if let Some((key, _)) = page.last() {
                self.after.clone_from(key);
            }
            self.page.extend(page.into_iter().map(|(_, row)| row));
        }
        self.page.pop_front().transpose()
    }

    /// All rows that are left. For small results and tests.
    ///
    /// # Errors
    /// At the first row that cannot be read.
    pub async fn collect(mut self) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        while let Some(row) = self.next().await? {
            rows.push(row);
        }
        Ok(rows)
    }
}

impl<T> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").field("after", &self.after).finish_non_exhaustive()
    }
}
