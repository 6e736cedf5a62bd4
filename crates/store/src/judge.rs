//! One capture judged: its listings, their assessments, what enters the queue and what is to be fetched next, in one
//! transaction. Either all of it is there or nothing; doing it again changes nothing. So a crash at any moment costs
//! at most the judging of one capture, and the bytes of that were kept before.

use jiff::Timestamp;
use lapwing_types::{Action, Actor, Assessment, Capture, EventId, ItemId, Lane, Listing, ListingId, Status};

use crate::codec::{parse_id, time_text, to_bigint, to_json, to_micros};
use crate::db::{Connection, Store, commit};
use crate::error::{During, Result, StoreError};
use crate::frontier::{NewTarget, TargetId, TargetOutcome, add_targets, finish_target};
use crate::queue::{StoredItem, append, item_of_listing, open_item};
use crate::records::{content_digest, insert_capture, natural_key, stored_content};

/// A capture and everything that was read from it.
#[derive(Debug)]
pub struct Judged<'a> {
    /// Its place in the custody log.
    pub leaf: u64,
    /// The capture.
    pub capture: &'a Capture,
    /// Which part of its listings this is.
    pub batch: Batch,
    /// The listings.
    pub listings: &'a [JudgedListing<'a>],
    /// What it means for the crawl; `None` where a file or a feed was ingested.
    pub frontier: Option<FrontierStep<'a>>,
    /// When.
    pub now: Timestamp,
}

/// A part of a capture's listings. A page is one batch; a large file is judged in several, in their order, so that no
/// transaction grows without end and a crash loses one batch only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch {
    /// From 0, without gaps.
    pub number: u32,
    /// Whether the capture is judged whole with it.
    pub last: bool,
}

impl Batch {
    /// All listings at once.
    pub const WHOLE: Self = Self { number: 0, last: true };
}

/// A listing that was read from the capture.
#[derive(Debug)]
pub struct JudgedListing<'a> {
    /// Its id where it is new; a listing that is known by its natural key keeps its own.
    pub id: ListingId,
    /// The listing.
    pub listing: &'a Listing,
    /// What the machine says of it.
    pub assessment: &'a Assessment,
    /// How it enters the queue, where it does.
    pub flag: Option<Flag>,
    /// The id of the event `reopened`, used where the listing changed after a decision.
    pub reopening: EventId,
}

/// How a listing enters the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag {
    /// The item's id where there is none yet.
    pub item: ItemId,
    /// The id of the event `flagged`, used where there is something to tell.
    pub event: EventId,
    /// Where it waits.
    pub lane: Lane,
    /// 0 to 100.
    pub priority: u8,
}

/// What a capture means for the crawl.
#[derive(Debug)]
pub struct FrontierStep<'a> {
    /// The target that was fetched, and how it ended.
    pub done: Option<(TargetId, TargetOutcome, Option<&'a str>)>,
    /// Addresses to fetch next; those that the crawl knows are passed over.
    pub follow: &'a [NewTarget],
    /// The crawl of these.
    pub crawl: lapwing_types::CrawlId,
}

/// What came of judging.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// Nothing was done, since this leaf (or batch of it) was judged before.
    pub already_judged: bool,
    /// What became of each listing, in the order given.
    pub listings: Vec<ListingOutcome>,
    /// How many addresses were new to the crawl.
    pub targets_added: u64,
}

impl Judgement {
    /// How many listings had that change.
    pub fn count(&self, change: ListingChange) -> usize {
        self.listings.iter().filter(|listing| listing.change == change).count()
    }

    /// How many listings entered the queue as new items.
    pub fn flagged(&self) -> usize {
        self.listings.iter().filter(|listing| listing.queue.created).count()
    }
}

/// What became of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListingOutcome {
    /// Its id in the store.
    pub listing: ListingId,
    /// Its current version.
    pub version: u32,
    /// Whether it is new or changed.
    pub change: ListingChange,
    /// What happened in the queue.
    pub queue: QueueChange,
}

/// Whether a listing is new or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListingChange {
    /// Seen for the first time.
    New,
    /// Known, with other content: the version rose.
    Updated,
    /// Known, with the same content.
    Unchanged,
}

/// What happened to a listing's item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueChange {
    /// The item, where the listing has one.
    pub item: Option<ItemId>,
    /// It was made now.
    pub created: bool,
    /// It has another band or lane than before.
    pub reflagged: bool,
    /// It was closed, and is open again since the listing changed.
    pub reopened: bool,
}

impl Store {
    /// Writes all that was read from a capture, in one transaction.
    ///
    /// An item is made by the first flag. A later flag with another band or lane appends `flagged`; a listing that
    /// changed after its item was closed appends `reopened`. A listing that is no longer flagged keeps its item as it
    /// is: nobody edits an advert out of the queue.
    ///
    /// # Errors
    /// Where the leaf belongs to another capture, a batch is out of order, or the crawl or target is unknown; then
    /// nothing is written.
    pub async fn judge(&self, judged: &Judged<'_>) -> Result<Judgement> {
        let doing = "judging a capture";
        let now = to_micros(judged.now);
        let mut transaction = self.begin(doing).await?;
        let Some(done) = insert_capture(&mut transaction, judged.leaf, judged.capture).await? else {
            return Ok(Judgement { already_judged: true, ..Judgement::default() });
        };
        if judged.batch.number < done {
            return Ok(Judgement { already_judged: true, ..Judgement::default() });
        }
        if judged.batch.number > done {
            let (leaf, given) = (judged.leaf, judged.batch.number);
            return Err(StoreError::BatchOutOfOrder { leaf, expected: done, given });
        }
        let mut judgement = Judgement::default();
        for listing in judged.listings {
            judgement.listings.push(judge_listing(&mut transaction, judged.leaf, listing, now).await?);
        }
        if let Some(step) = &judged.frontier {
            judgement.targets_added = add_targets(&mut transaction, step.crawl, step.follow, now).await?;
            if let Some((target, outcome, detail)) = step.done {
                finish_target(&mut transaction, target, outcome, detail, now).await?;
            }
        }
        let judged_at = judged.batch.last.then(|| time_text(now));
        let update =
            sqlx::query("update captures set batches_judged = batches_judged + 1, judged_at = $1 where leaf = $2");
        let update = update.bind(judged_at).bind(to_bigint(judged.leaf));
        update.execute(&mut *transaction).await.during(doing)?;
        commit(transaction, doing).await?;
        Ok(judgement)
    }
}

async fn judge_listing(
    connection: &mut Connection,
    leaf: u64,
    judged: &JudgedListing<'_>,
    now: Timestamp,
) -> Result<ListingOutcome> {
    let (listing, version, change) = upsert_listing(connection, leaf, judged, now).await?;
    insert_assessment(connection, leaf, listing, version, judged.assessment, now).await?;
    let queue = queue_listing(connection, listing, version, change, judged, now).await?;
    Ok(ListingOutcome { listing, version, change, queue })
}

async fn upsert_listing(
    connection: &mut Connection,
    leaf: u64,
    judged: &JudgedListing<'_>,
    now: Timestamp,
) -> Result<(ListingId, u32, ListingChange)> {
    let doing = "looking for a listing";
    let listing = judged.listing;
    let (key, content) = (natural_key(listing), stored_content(listing));
    let digest = content_digest(&content).to_string();
    let select =
        sqlx::query_as("select id, version, content_digest from listings where source = $1 and external_id = $2");
    let select = select.bind(&listing.source).bind(&key);
    let known: Option<(String, u32, String)> = select.fetch_optional(&mut *connection).await.during(doing)?;
    let Some((id, version, known_digest)) = known else {
        insert_listing(connection, leaf, judged, &key, &content, &digest, now).await?;
        return Ok((judged.id, 1, ListingChange::New));
    };
    let listing_id = parse_id("listing", &id)?;
    if known_digest == digest {
        let update = sqlx::query("update listings set seen_at = $1 where id = $2").bind(time_text(now)).bind(&id);
        update.execute(connection).await.during("marking a listing as seen")?;
        return Ok((listing_id, version, ListingChange::Unchanged));
    }
    keep_version(connection, &id).await?;
    let update = "update listings set version = version + 1, kind = $1, lang = $2, url = $3, content = $4,
                  content_digest = $5, leaf = $6, updated_at = $7, seen_at = $7 where id = $8";
    let update = sqlx::query(update)
        .bind(listing.kind.as_str())
        .bind(&listing.lang)
        .bind(&listing.url)
        .bind(&content)
        .bind(&digest)
        .bind(to_bigint(leaf))
        .bind(time_text(now))
        .bind(&id);
    update.execute(connection).await.during("writing a version of a listing")?;
    Ok((listing_id, version + 1, ListingChange::Updated))
}

async fn insert_listing(
    connection: &mut Connection,
    leaf: u64,
    judged: &JudgedListing<'_>,
    key: &str,
    content: &str,
    digest: &str,
    now: Timestamp,
) -> Result<()> {
    let insert = "insert into listings (id, source, external_id, version, kind, lang, url, content, content_digest,
                  leaf, created_at, updated_at, seen_at) values ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $10, $10)";
    let insert = sqlx::query(insert)
        .bind(judged.id.to_string())
        .bind(&judged.listing.source)
        .bind(key)
        .bind(judged.listing.kind.as_str())
        .bind(&judged.listing.lang)
        .bind(&judged.listing.url)
        .bind(content)
        .bind(digest)
        .bind(to_bigint(leaf))
        .bind(time_text(now));
    insert.execute(connection).await.during("writing a listing")?;
    Ok(())
}

async fn keep_version(connection: &mut Connection, listing: &str) -> Result<()> {
    let insert = "insert into listing_versions (listing_id, version, content, content_digest, leaf, recorded_at)
                  select id, version, content, content_digest, leaf, updated_at from listings where id = $1";
    let insert = sqlx::query(insert).bind(listing);
    insert.execute(connection).await.during("keeping the former version of a listing")?;
    Ok(())
}

async fn insert_assessment(
    connection: &mut Connection,
    leaf: u64,
    listing: ListingId,
    version: u32,
    assessment: &Assessment,
    now: Timestamp,
) -> Result<()> {
    let doing = "writing an assessment";
    // The families that scored, as `,LB,EV,`: counting groups by this text and takes it apart.
    let scored = assessment.families.iter().filter(|family| family.points > 0);
    let families = scored.fold(",".to_string(), |list, family| format!("{list}{},", family.family));
    let update = "update listings set assessments = assessments + 1, band = $1, points = $2, child_risk = $3,
                  families = $4 where id = $5 returning assessments";
    let update = sqlx::query_scalar(update)
        .bind(assessment.band.as_str())
        .bind(assessment.points)
        .bind(i64::from(assessment.child_risk))
        .bind(families)
        .bind(listing.to_string());
    let number: i64 = update.fetch_one(&mut *connection).await.during(doing)?;
    let insert = "insert into assessments (listing_id, number, version, leaf, band, points, assessed_at, body)
                  values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let insert = sqlx::query(insert)
        .bind(listing.to_string())
        .bind(number)
        .bind(version)
        .bind(to_bigint(leaf))
        .bind(assessment.band.as_str())
        .bind(assessment.points)
        .bind(time_text(now))
        .bind(to_json("assessment", assessment)?);
    insert.execute(connection).await.during(doing)?;
    Ok(())
}

async fn queue_listing(
    connection: &mut Connection,
    listing: ListingId,
    version: u32,
    change: ListingChange,
    judged: &JudgedListing<'_>,
    now: Timestamp,
) -> Result<QueueChange> {
    let known = if change == ListingChange::New { None } else { item_of_listing(connection, listing).await? };
    let actor = Actor::Engine { version: judged.assessment.provenance.engine.clone() };
    let Some(mut item) = known else {
        let Some(flag) = judged.flag else { return Ok(QueueChange::default()) };
        open_item(connection, listing, flag.item, flag.event, actor, flagged(&flag, judged.assessment), now).await?;
        return Ok(QueueChange { item: Some(flag.item), created: true, ..QueueChange::default() });
    };
    let mut queue = QueueChange { item: Some(item.state.item), ..QueueChange::default() };
    let closed = matches!(item.state.status, Status::Decided { .. } | Status::Purged);
    if closed && change == ListingChange::Updated {
        let reason = format!("the listing changed, this is version {version}");
        append(connection, &mut item, actor.clone(), Action::Reopened { reason }, judged.reopening, now).await?;
        queue.reopened = true;
    }
    if let Some(flag) = judged.flag.filter(|flag| tells_something(&item, flag, judged.assessment)) {
        append(connection, &mut item, actor, flagged(&flag, judged.assessment), flag.event, now).await?;
        queue.reflagged = true;
    }
    Ok(queue)
}

/// Points and priority drift with every pack; only another band or lane is worth an event.
fn tells_something(item: &StoredItem, flag: &Flag, assessment: &Assessment) -> bool {
    item.state.band != assessment.band || item.state.lane != flag.lane
}

fn flagged(flag: &Flag, assessment: &Assessment) -> Action {
    let (band, points) = (assessment.band, assessment.points);
    Action::Flagged { band, points, lane: flag.lane, priority: flag.priority.min(100) }
}
