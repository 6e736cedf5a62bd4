//! Captures, listings with their versions, and assessments: what was kept and what the machine said of it.

use jiff::Timestamp;
use lapwing_types::{Assessment, Band, Capture, CaptureId, Digest, Kind, Listing, ListingId};
use sqlx::Row as _;

use crate::codec::{
    damaged, from_bigint, from_json, parse_band, parse_id, parse_time, time_text, to_bigint, to_json, to_micros,
};
use crate::db::{Connection, Query, Row, Store, commit};
use crate::error::{During, Result, StoreError};
use crate::rows::{Key, PAGE, Page, Rows};

/// The longest natural key that is kept as it is; a longer one is replaced by its digest.
const LONGEST_KEY: usize = 512;

/// A listing as the store holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingRecord {
    /// Its id, the same across versions.
    pub id: ListingId,
    /// The natural key within its source, see [`natural_key`].
    pub key: String,
    /// The current version, from 1.
    pub version: u32,
    /// The content of that version; contacts behind [`lapwing_types::Private`].
    pub listing: Listing,
    /// The leaf of the capture that brought this version.
    pub leaf: u64,
    /// When the first version came.
    pub created_at: Timestamp,
    /// When the current version came.
    pub updated_at: Timestamp,
    /// When it was last seen, changed or not.
    pub seen_at: Timestamp,
    /// How many assessments there are of it.
    pub assessments: u32,
    /// The band of the newest.
    pub band: Band,
    /// The points of the newest.
    pub points: i32,
}

/// A version of a listing, current or replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingVersion {
    /// Its number, from 1.
    pub version: u32,
    /// Its content.
    pub listing: Listing,
    /// The leaf of the capture that brought it.
    pub leaf: u64,
    /// When it came.
    pub recorded_at: Timestamp,
}

/// An assessment as the store holds it. All are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct AssessmentRecord {
    /// Of which listing.
    pub listing: ListingId,
    /// Its place among that listing's assessments, from 1.
    pub number: u32,
    /// The version of the listing that was assessed.
    pub version: u32,
    /// The leaf of the capture from which it was read.
    pub leaf: u64,
    /// When.
    pub assessed_at: Timestamp,
    /// What the machine said.
    pub assessment: Assessment,
}

/// Which listings are asked for; an empty list or `None` asks for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListingFilter {
    /// Of this source.
    pub source: Option<String>,
    /// Of one of these kinds.
    pub kinds: Vec<Kind>,
    /// In this language.
    pub lang: Option<String>,
    /// Whose newest assessment has one of these bands.
    pub bands: Vec<Band>,
    /// Changed at or after this time.
    pub updated_since: Option<Timestamp>,
    /// Whether those in the child-risk lane are left out, for readers who may not see them.
    pub without_child_risk: bool,
}

/// The key that makes a listing one and the same within its source: its external id; without one its address;
/// without that the digest of its content. Very long keys are replaced by their digest.
pub fn natural_key(listing: &Listing) -> String {
    if !listing.external_id.is_empty() {
        return bounded_key(&listing.external_id);
    }
    match &listing.url {
        Some(url) => bounded_key(&format!("url:{url}")),
        None => format!("content:{}", content_digest(&stored_content(listing))),
    }
}

fn bounded_key(key: &str) -> String {
    if key.len() <= LONGEST_KEY { key.to_string() } else { format!("digest:{}", Digest::of(key.as_bytes())) }
}

/// The text under which a listing's content is kept and compared.
pub(crate) fn stored_content(listing: &Listing) -> String {
    listing.to_stored_json().to_string()
}

pub(crate) fn content_digest(content: &str) -> Digest {
    Digest::of(content.as_bytes())
}

impl Store {
    /// Records that a capture was kept as a leaf of the custody log, before anything is judged. Doing it again
    /// changes nothing; [`Store::judge`] does it too where it was not done.
    ///
    /// # Errors
    /// Where another capture has that leaf.
    pub async fn record_capture(&self, leaf: u64, capture: &Capture) -> Result<()> {
        let mut transaction = self.begin("recording a capture").await?;
        insert_capture(&mut transaction, leaf, capture).await?;
        commit(transaction, "recording a capture").await
    }

    /// The capture of a leaf.
    ///
    /// # Errors
    /// Where its row cannot be read.
    pub async fn capture(&self, leaf: u64) -> Result<Option<Capture>> {
        let select = sqlx::query_scalar::<_, String>("select body from captures where leaf = $1").bind(to_bigint(leaf));
        let body = select.fetch_optional(self.readers()).await.during("reading a capture")?;
        body.map(|body| from_json("capture", &leaf.to_string(), &body)).transpose()
    }

    /// The leaf of a capture.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn leaf_of(&self, capture: CaptureId) -> Result<Option<u64>> {
        let select = sqlx::query_scalar("select leaf from captures where id = $1").bind(capture.to_string());
        let leaf: Option<i64> = select.fetch_optional(self.readers()).await.during("reading a capture")?;
        Ok(leaf.map(from_bigint))
    }

    /// The highest leaf that was judged whole. Where captures are judged side by side, lower ones may still be open:
    /// [`Store::judged_leaves`] tells which.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn last_judged_leaf(&self) -> Result<Option<u64>> {
        let select = sqlx::query_scalar("select max(leaf) from captures where judged_at is not null");
        let leaf: Option<i64> = select.fetch_one(self.readers()).await.during("reading the last judged leaf")?;
        Ok(leaf.map(from_bigint))
    }

    /// The leaves from `from` on that were judged whole, ascending. After a crash, the captures of the custody log
    /// that are not among them have to be judged (again).
    pub fn judged_leaves(&self, from: u64) -> Rows<u64> {
        Rows::new(self, move |store, after| Box::pin(judged_page(store, from, after)))
    }

    /// Captures that were recorded and not judged whole, ascending: the leaf, the capture, and how many batches of
    /// it are done.
    pub fn unjudged_captures(&self) -> Rows<(u64, Capture, u32)> {
        Rows::new(self, |store, after| Box::pin(unjudged_page(store, after)))
    }

    /// A listing.
    ///
    /// # Errors
    /// Where its row cannot be read.
    pub async fn listing(&self, id: ListingId) -> Result<Option<ListingRecord>> {
        let select = sqlx::query("select * from listings where id = $1").bind(id.to_string());
        let row = select.fetch_optional(self.readers()).await.during("reading a listing")?;
        row.as_ref().map(listing_record).transpose()
    }

    /// A listing by its source and external id, or by what [`natural_key`] gives.
    ///
    /// # Errors
    /// Where its row cannot be read.
    pub async fn listing_by_external(&self, source: &str, external_id: &str) -> Result<Option<ListingRecord>> {
        let select = sqlx::query("select * from listings where source = $1 and external_id = $2");
        let select = select.bind(source).bind(bounded_key(external_id));
        let row = select.fetch_optional(self.readers()).await.during("reading a listing")?;
        row.as_ref().map(listing_record).transpose()
    }

    /// Listings in the order of their ids.
    pub fn listings(&self, filter: ListingFilter) -> Rows<ListingRecord> {
        Rows::new(self, move |store, after| Box::pin(listing_page(store, filter.clone(), after)))
    }

    /// All versions of a listing, the oldest first, the current one last.
    ///
    /// # Errors
    /// Where a row cannot be read.
    pub async fn listing_versions(&self, id: ListingId) -> Result<Vec<ListingVersion>> {
        let select = "select version, content, leaf, recorded_at from listing_versions where listing_id = $1
                      union all
                      select version, content, leaf, updated_at as recorded_at from listings where id = $1
                      order by version";
        let select = sqlx::query(select).bind(id.to_string());
        let rows = select.fetch_all(self.readers()).await.during("reading the versions of a listing")?;
        rows.iter().map(|row| listing_version(id, row)).collect()
    }

    /// All assessments, by listing and in their order.
    pub fn assessments(&self) -> Rows<AssessmentRecord> {
        Rows::new(self, |store, after| Box::pin(assessment_page(store, after)))
    }

    /// The assessments of one listing, the oldest first.
    ///
    /// # Errors
    /// Where a row cannot be read.
    pub async fn assessments_of(&self, listing: ListingId) -> Result<Vec<AssessmentRecord>> {
        let select = sqlx::query("select * from assessments where listing_id = $1 order by number");
        let rows = select.bind(listing.to_string()).fetch_all(self.readers()).await.during("reading assessments")?;
        rows.iter().map(assessment_record).collect()
    }

    /// The newest assessment of a listing.
    ///
    /// # Errors
    /// Where its row cannot be read.
    pub async fn latest_assessment(&self, listing: ListingId) -> Result<Option<AssessmentRecord>> {
        let select = "select * from assessments where listing_id = $1 order by number desc limit 1";
        let select = sqlx::query(select).bind(listing.to_string());
        let row = select.fetch_optional(self.readers()).await.during("reading an assessment")?;
        row.as_ref().map(assessment_record).transpose()
    }
}

/// Inserts the capture where it is new; returns how many of its batches were judged, or `None` where all were.
pub(crate) async fn insert_capture(connection: &mut Connection, leaf: u64, capture: &Capture) -> Result<Option<u32>> {
    let doing = "recording a capture";
    let insert = "insert into captures (id, leaf, address, captured_at, payload, body) values ($1, $2, $3, $4, $5, $6)
                  on conflict (leaf) do nothing";
    let insert = sqlx::query(insert)
        .bind(capture.id.to_string())
        .bind(to_bigint(leaf))
        .bind(capture.address())
        .bind(time_text(capture.captured_at))
        .bind(capture.payload.to_string())
        .bind(to_json("capture", capture)?);
    insert.execute(&mut *connection).await.during(doing)?;
    let select = sqlx::query_as("select id, batches_judged, judged_at from captures where leaf = $1");
    let stored: (String, i64, Option<String>) =
        select.bind(to_bigint(leaf)).fetch_one(connection).await.during(doing)?;
    let (id, batches, judged_at) = stored;
    if id != capture.id.to_string() {
        return Err(StoreError::LeafTaken { leaf, stored: parse_id("capture", &id)?, given: capture.id });
    }
    Ok(judged_at.is_none().then(|| u32::try_from(batches).unwrap_or(0)))
}

pub(crate) fn listing_record(row: &Row) -> Result<ListingRecord> {
    let doing = "reading a listing";
    let id: String = row.try_get("id").during(doing)?;
    let time = |column| parse_time("listing", &id, row.try_get(column).during(doing)?);
    let band: &str = row.try_get("band").during(doing)?;
    Ok(ListingRecord {
        id: parse_id("listing", &id)?,
        key: row.try_get("external_id").during(doing)?,
        version: row.try_get("version").during(doing)?,
        listing: read_content(&id, row.try_get("content").during(doing)?)?,
        leaf: from_bigint(row.try_get("leaf").during(doing)?),
        created_at: time("created_at")?,
        updated_at: time("updated_at")?,
        seen_at: time("seen_at")?,
        assessments: row.try_get("assessments").during(doing)?,
        band: parse_band(band).ok_or_else(|| damaged("listing", &id, "its band is unknown"))?,
        points: row.try_get("points").during(doing)?,
    })
}

pub(crate) fn read_content(id: &str, content: &str) -> Result<Listing> {
    let value = from_json("listing", id, content)?;
    let (listing, _) = Listing::from_json(&value).map_err(|error| damaged("listing", id, &error.to_string()))?;
    Ok(listing)
}

fn listing_version(id: ListingId, row: &Row) -> Result<ListingVersion> {
    let doing = "reading the versions of a listing";
    let id = id.to_string();
    Ok(ListingVersion {
        version: row.try_get("version").during(doing)?,
        listing: read_content(&id, row.try_get("content").during(doing)?)?,
        leaf: from_bigint(row.try_get("leaf").during(doing)?),
        recorded_at: parse_time("listing", &id, row.try_get("recorded_at").during(doing)?)?,
    })
}

pub(crate) fn assessment_record(row: &Row) -> Result<AssessmentRecord> {
    let doing = "reading an assessment";
    let listing: String = row.try_get("listing_id").during(doing)?;
    Ok(AssessmentRecord {
        listing: parse_id("assessment", &listing)?,
        number: row.try_get("number").during(doing)?,
        version: row.try_get("version").during(doing)?,
        leaf: from_bigint(row.try_get("leaf").during(doing)?),
        assessed_at: parse_time("assessment", &listing, row.try_get("assessed_at").during(doing)?)?,
        assessment: from_json("assessment", &listing, row.try_get("body").during(doing)?)?,
    })
}

async fn judged_page(store: Store, from: u64, (_, after): Key) -> Result<Page<u64>> {
    let select = "select leaf from captures where judged_at is not null and leaf >= $1 and leaf > $2
                  order by leaf limit $3";
    let select = sqlx::query_scalar(select).bind(to_bigint(from)).bind(after).bind(PAGE);
    let leaves: Vec<i64> = select.fetch_all(store.readers()).await.during("reading the judged leaves")?;
    Ok(leaves.into_iter().map(|leaf| ((String::new(), leaf), Ok(from_bigint(leaf)))).collect())
}

async fn unjudged_page(store: Store, (_, after): Key) -> Result<Page<(u64, Capture, u32)>> {
    let select = "select leaf, body, batches_judged from captures where judged_at is null and leaf > $1
                  order by leaf limit $2";
    let select = sqlx::query_as(select).bind(after).bind(PAGE);
    let rows: Vec<(i64, String, u32)> = select.fetch_all(store.readers()).await.during("reading captures")?;
    let read = |(leaf, body, batches): (i64, String, u32)| {
        let capture = from_json("capture", &leaf.to_string(), &body);
        ((String::new(), leaf), capture.map(|capture| (from_bigint(leaf), capture, batches)))
    };
    Ok(rows.into_iter().map(read).collect())
}

async fn listing_page(store: Store, filter: ListingFilter, (after, _): Key) -> Result<Page<ListingRecord>> {
    let mut query = Query::new("select * from listings where id > ");
    query.push_bind(after);
    if let Some(source) = filter.source {
        query.push(" and source = ").push_bind(source);
    }
    if let Some(lang) = filter.lang {
        query.push(" and lang = ").push_bind(lang);
    }
    if let Some(since) = filter.updated_since {
        query.push(" and updated_at >= ").push_bind(time_text(to_micros(since)));
    }
    if filter.without_child_risk {
        query.push(" and child_risk = 0");
    }
    push_any(&mut query, "kind", filter.kinds.iter().map(|kind| kind.as_str()));
    push_any(&mut query, "band", filter.bands.iter().map(|band| band.as_str()));
    query.push(" order by id limit ").push_bind(PAGE);
    let rows = query.build().fetch_all(store.readers()).await.during("reading listings")?;
    let keyed = |row: &Row| Ok(((row.try_get("id").during("reading listings")?, 0), listing_record(row)));
    rows.iter().map(keyed).collect()
}

async fn assessment_page(store: Store, (listing, number): Key) -> Result<Page<AssessmentRecord>> {
    let select = "select * from assessments where listing_id > $1 or (listing_id = $1 and number > $2)
                  order by listing_id, number limit $3";
    let select = sqlx::query(select).bind(listing).bind(number).bind(PAGE);
    let rows = select.fetch_all(store.readers()).await.during("reading assessments")?;
    let keyed = |row: &Row| {
        let key = (row.try_get("listing_id"), row.try_get("number"));
        Ok(((key.0.during("reading assessments")?, key.1.during("reading assessments")?), assessment_record(row)))
    };
    rows.iter().map(keyed).collect()
}

/// Adds ` and column in (…)`; no names at all ask for everything.
pub(crate) fn push_any<'a>(query: &mut Query, column: &str, names: impl Iterator<Item = &'a str>) {
    let mut names = names.peekable();
    if names.peek().is_none() {
        return;
    }
    query.push(" and ").push(column).push(" in (");
    let mut list = query.separated(", ");
    for name in names {
        list.push_bind(name.to_string());
    }
    query.push(")");
}
