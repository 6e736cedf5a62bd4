//! Invented listings, captures and people, and a store in a temporary folder.

use jiff::{SignedDuration, Timestamp};
use lapwing_store::{
    Batch, Claim, ClaimFrom, ClaimRequest, Durability, Flag, Judged, JudgedListing, Judgement, Store, StoreOptions,
};
use lapwing_types::{
    Assessment, Band, Capture, CaptureId, CaptureSource, Contact, ContactKind, Credential, Decision, Digest, EventId,
    Family, FamilyPoints, IndicatorVerdict, ItemId, Kind, Lane, Listing, ListingId, Outcome, Private, Provenance,
    Reviewer, Tool, WarcLocation,
};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const LEASE: u32 = 600;

/// A store with its folder, and a source of identifiers.
pub(crate) struct Desk {
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
    next: u128,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(folder.path().join("lapwing.db"), &options(), "desk", at(0)).await.unwrap();
        Self { store, folder, next: 1 }
    }

    pub(crate) fn uuid(&mut self) -> Uuid {
        self.next += 1;
        Uuid::from_u128(self.next)
    }

    pub(crate) fn event(&mut self) -> EventId {
        EventId::new(self.uuid())
    }

    /// A second handle on the same file, as another process would have.
    pub(crate) async fn another(&self) -> Store {
        Store::open(self.store.path(), &options()).await.unwrap()
    }

    /// Changes a row behind the store's back.
    pub(crate) async fn tamper(&self, sql: &'static str) {
        use sqlx::Connection as _;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.store.path());
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Judges one listing as a capture of its own; the listing is flagged from `review` on.
    pub(crate) async fn judge(&mut self, leaf: u64, listing: &Listing, band: Band) -> Judgement {
        self.judge_in(leaf, listing, band, Lane::Labour, 50).await
    }

    pub(crate) async fn judge_in(
        &mut self,
        leaf: u64,
        listing: &Listing,
        band: Band,
        lane: Lane,
        priority: u8,
    ) -> Judgement {
        let assessment = assessment(listing, band);
        let flag = band.is_flagged().then(|| self.flag(lane, priority));
        let listings = [self.judged(listing, &assessment, flag)];
        let judged = whole(leaf, &listings);
        let capture = capture(leaf);
        self.store.judge(&Judged { capture: &capture, ..judged }).await.unwrap()
    }

    pub(crate) fn flag(&mut self, lane: Lane, priority: u8) -> Flag {
        Flag { item: ItemId::new(self.uuid()), event: self.event(), lane, priority }
    }

    pub(crate) fn judged<'a>(
        &mut self,
        listing: &'a Listing,
        assessment: &'a Assessment,
        flag: Option<Flag>,
    ) -> JudgedListing<'a> {
        JudgedListing { id: ListingId::new(self.uuid()), listing, assessment, flag, reopening: self.event() }
    }

    /// Puts one listing into the queue and returns its item.
    pub(crate) async fn item(&mut self, leaf: u64) -> ItemId {
        self.judge(leaf, &listing(leaf), Band::Review).await.listings[0].queue.item.unwrap()
    }

    pub(crate) async fn claim(&mut self, item: ItemId, who: &str, second: i64) -> Claim {
        let event = self.event();
        self.store.claim(&request(ClaimFrom::Item(item)), &reviewer(who), event, at(second)).await.unwrap().unwrap()
    }

    pub(crate) async fn decide(&mut self, item: ItemId, who: &str, token: u64, second: i64) -> EventId {
        let event = self.event();
        self.store.decide(item, &reviewer(who), decision(token), event, at(second)).await.unwrap();
        event
    }
}

pub(crate) fn options() -> StoreOptions {
    StoreOptions { durability: Durability::Checkpoint, ..StoreOptions::default() }
}

pub(crate) fn at(second: i64) -> Timestamp {
    let start: Timestamp = "2026-01-02T03:04:05.123456Z".parse().unwrap();
    start + SignedDuration::from_secs(second)
}

pub(crate) fn reviewer(name: &str) -> Reviewer {
    Reviewer::authenticated(name, Credential::WorkspaceKey)
}

pub(crate) fn request(from: ClaimFrom) -> ClaimRequest {
    ClaimRequest { from, passed_over: Vec::new(), lease_seconds: LEASE }
}

pub(crate) fn decision(token: u64) -> Decision {
    let indicators = vec![IndicatorVerdict { indicator: "LB04".into(), confirmed: true }];
    Decision { outcome: Outcome::Escalate, indicators, reason: "a fee is asked before the work".into(), token }
}

pub(crate) fn listing(number: u64) -> Listing {
    Listing {
        external_id: format!("ad-{number:04}"),
        kind: Kind::JobAd,
        lang: Some("en".into()),
        source: "board.example".into(),
        url: Some(format!("https://board.example/ad/{number}")),
        title: "Kitchen help wanted".into(),
        body: format!("Room and meals. Fee before start. Place {number}."),
        contacts: vec![Contact { kind: ContactKind::Phone, value: Private::new("+44 7700 900123".into()) }],
        ..Listing::default()
    }
}

pub(crate) fn assessment(listing: &Listing, band: Band) -> Assessment {
    Assessment {
        external_id: listing.external_id.clone(),
        lang: listing.lang.clone(),
        band,
        child_risk: false,
        points: 10 * band as i32,
        families: vec![FamilyPoints { family: Family::Lb, points: 10 * band as i32 }],
        hits: Vec::new(),
        context: Vec::new(),
        not_evaluated: Vec::new(),
        classifier: None,
        notices: Vec::new(),
        fingerprint: Digest::of(listing.body.as_bytes()),
        provenance: Provenance { pack: Digest::of(b"pack"), model: None, engine: "0.1.0".into() },
    }
}

pub(crate) fn capture(leaf: u64) -> Capture {
    let location = WarcLocation { file: "0001.warc.gz".into(), offset: leaf, length: 9, digest: Digest::of(b"record") };
    Capture {
        id: CaptureId::new(Uuid::from_u128(u128::from(leaf) + (1 << 90))),
        captured_at: at(0),
        origin: CaptureSource::File { name: "ads.jsonl".into(), format: "jsonl".into() },
        payload: Digest::of(&leaf.to_be_bytes()),
        payload_length: 8,
        warc: location,
        tool: Tool { name: "lapwing".into(), version: "0.1.0".into(), config: Digest::of(b"config") },
    }
}

/// A judged capture of file bytes; the capture itself is put in by the caller.
pub(crate) fn whole<'a>(leaf: u64, listings: &'a [JudgedListing<'a>]) -> Judged<'a> {
    static ANY: std::sync::OnceLock<Capture> = std::sync::OnceLock::new();
    let capture = ANY.get_or_init(|| capture(0));
    Judged { leaf, capture, batch: Batch::WHOLE, listings, frontier: None, now: at(0) }
}
