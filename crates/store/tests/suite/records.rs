//! Captures, listings and assessments come back as they went in.

use lapwing_store::{Batch, Judged, ListingFilter, StoreError, natural_key};
use lapwing_types::{Band, ClassifierOutput, Kind, Listing};

use crate::desk::{Desk, assessment, at, capture, listing, whole};

#[tokio::test]
async fn a_listing_comes_back_with_its_contacts() {
    let mut desk = Desk::new().await;
    let id = desk.judge(7, &listing(1), Band::Review).await.listings[0].listing;
    let record = desk.store.listing(id).await.unwrap().unwrap();
    assert_eq!(record.listing, listing(1));
    assert_eq!((record.version, record.leaf, record.assessments, record.band), (1, 7, 1, Band::Review));
    assert_eq!((record.created_at, record.updated_at, record.seen_at), (at(0), at(0), at(0)));
    assert_eq!(desk.store.listing_by_external("board.example", "ad-0001").await.unwrap(), Some(record));
    assert_eq!(desk.store.listing_by_external("other.example", "ad-0001").await.unwrap(), None);
}

#[tokio::test]
async fn nothing_private_shows_in_debug_output() {
    let mut desk = Desk::new().await;
    let id = desk.judge(7, &listing(1), Band::Review).await.listings[0].listing;
    let record = desk.store.listing(id).await.unwrap().unwrap();
    assert!(!format!("{record:?}").contains("900123"));
}

#[tokio::test]
async fn an_assessment_comes_back_to_the_last_bit() {
    let mut desk = Desk::new().await;
    let listing = listing(1);
    let mut assessment = assessment(&listing, Band::Low);
    let log_odds = 0.1 + 0.2;
    let calibrated = 0.123_456_789_012_345_67;
    assessment.classifier =
        Some(ClassifierOutput { model: "m".into(), log_odds, calibrated, contributions: Vec::new() });
    let listings = [desk.judged(&listing, &assessment, None)];
    let capture = capture(3);
    let id = desk.store.judge(&Judged { capture: &capture, ..whole(3, &listings) }).await.unwrap().listings[0].listing;
    let record = desk.store.latest_assessment(id).await.unwrap().unwrap();
    assert_eq!((record.number, record.version, record.leaf, record.assessed_at), (1, 1, 3, at(0)));
    assert_eq!(record.assessment, assessment);
}

#[tokio::test]
async fn a_version_rises_only_where_the_content_changed() {
    let mut desk = Desk::new().await;
    let first = listing(1);
    let second = Listing { body: "Now without a fee.".into(), ..listing(1) };
    for (leaf, listing, version) in [(1, &first, 1), (2, &first, 1), (3, &second, 2), (4, &first, 3)] {
        assert_eq!(desk.judge(leaf, listing, Band::Low).await.listings[0].version, version, "leaf {leaf}");
    }
    let id = desk.store.listing_by_external("board.example", "ad-0001").await.unwrap().unwrap().id;
    let versions = desk.store.listing_versions(id).await.unwrap();
    let told: Vec<_> = versions.iter().map(|version| (version.version, version.leaf, &version.listing)).collect();
    assert_eq!(told, [(1, 1, &first), (2, 3, &second), (3, 4, &first)]);
    let assessments = desk.store.assessments_of(id).await.unwrap();
    let told: Vec<_> = assessments.iter().map(|record| (record.number, record.version, record.leaf)).collect();
    assert_eq!(told, [(1, 1, 1), (2, 1, 2), (3, 2, 3), (4, 3, 4)]);
    assert_eq!(desk.store.latest_assessment(id).await.unwrap().unwrap().number, 4);
}

#[tokio::test]
async fn a_listing_without_an_id_is_known_by_its_address_or_content() {
    let mut desk = Desk::new().await;
    let by_address = Listing { external_id: String::new(), ..listing(1) };
    let by_content = Listing { external_id: String::new(), url: None, ..listing(1) };
    assert_eq!(natural_key(&by_address), "url:https://board.example/ad/1");
    assert!(natural_key(&by_content).starts_with("content:sha256:"));
    let long = Listing { external_id: "x".repeat(100_000), ..listing(1) };
    assert!(natural_key(&long).len() < 100);
    for (leaf, listing) in [(1, &by_address), (2, &by_content), (3, &long)] {
        let id = desk.judge(leaf, listing, Band::Low).await.listings[0].listing;
        assert_eq!(desk.judge(leaf + 10, listing, Band::Low).await.listings[0].listing, id);
        assert_eq!(&desk.store.listing(id).await.unwrap().unwrap().listing, listing);
    }
    assert!(desk.store.listing_by_external("board.example", &long.external_id).await.unwrap().is_some());
}

#[tokio::test]
async fn listings_are_read_page_by_page() {
    let mut desk = Desk::new().await;
    let many: Vec<Listing> = (0..1203).map(listing).collect();
    let assessments: Vec<_> = many.iter().map(|listing| assessment(listing, Band::Low)).collect();
    let judged: Vec<_> =
        many.iter().zip(&assessments).map(|(listing, assessment)| desk.judged(listing, assessment, None)).collect();
    let capture = capture(1);
    desk.store.judge(&Judged { capture: &capture, ..whole(1, &judged) }).await.unwrap();
    let read = desk.store.listings(ListingFilter::default()).collect().await.unwrap();
    let keys: Vec<_> = read.iter().map(|record| record.key.clone()).collect();
    assert_eq!(keys, (0..1203).map(|number| format!("ad-{number:04}")).collect::<Vec<_>>());
    assert_eq!(desk.store.assessments().collect().await.unwrap().len(), 1203);
}

#[tokio::test]
async fn listings_are_filtered() {
    let mut desk = Desk::new().await;
    desk.judge(1, &listing(1), Band::Low).await;
    desk.judge(2, &Listing { kind: Kind::HousingAd, lang: None, ..listing(2) }, Band::High).await;
    desk.judge(3, &Listing { source: "feed.example".into(), ..listing(3) }, Band::Urgent).await;
    let count = async |filter: ListingFilter| desk.store.listings(filter).collect().await.unwrap().len();
    assert_eq!(count(ListingFilter { source: Some("feed.example".into()), ..ListingFilter::default() }).await, 1);
    assert_eq!(count(ListingFilter { kinds: vec![Kind::HousingAd], ..ListingFilter::default() }).await, 1);
    assert_eq!(count(ListingFilter { lang: Some("en".into()), ..ListingFilter::default() }).await, 2);
    assert_eq!(count(ListingFilter { bands: vec![Band::High, Band::Urgent], ..ListingFilter::default() }).await, 2);
    assert_eq!(count(ListingFilter { updated_since: Some(at(1)), ..ListingFilter::default() }).await, 0);
    assert_eq!(count(ListingFilter { updated_since: Some(at(0)), ..ListingFilter::default() }).await, 3);
}

#[tokio::test]
async fn child_risk_is_left_out_where_asked() {
    let mut desk = Desk::new().await;
    let listing = listing(1);
    let mut assessment = assessment(&listing, Band::Urgent);
    assessment.child_risk = true;
    let judged = [desk.judged(&listing, &assessment, None)];
    let capture = capture(1);
    desk.store.judge(&Judged { capture: &capture, ..whole(1, &judged) }).await.unwrap();
    let filter = ListingFilter { without_child_risk: true, ..ListingFilter::default() };
    assert!(desk.store.listings(filter).collect().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_row_that_cannot_be_read_does_not_end_the_others() {
    let mut desk = Desk::new().await;
    for leaf in 1..=3 {
        desk.judge(leaf, &listing(leaf), Band::Low).await;
    }
    desk.tamper("update listings set content = '{\"title\": 4' where external_id = 'ad-0002'").await;
    let mut rows = desk.store.listings(ListingFilter::default());
    assert_eq!(rows.next().await.unwrap().unwrap().key, "ad-0001");
    let error = rows.next().await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged { what: "listing", .. }), "{error:?}");
    assert_eq!(rows.next().await.unwrap().unwrap().key, "ad-0003");
    assert!(rows.next().await.unwrap().is_none());
}

#[tokio::test]
async fn captures_tell_what_is_still_to_be_judged() {
    let mut desk = Desk::new().await;
    assert_eq!(desk.store.last_judged_leaf().await.unwrap(), None);
    for leaf in [0, 2, 5] {
        desk.store.record_capture(leaf, &capture(leaf)).await.unwrap();
        desk.store.record_capture(leaf, &capture(leaf)).await.unwrap();
    }
    assert_eq!(desk.store.last_judged_leaf().await.unwrap(), None);
    desk.judge(0, &listing(1), Band::Low).await;
    desk.judge(5, &listing(2), Band::Low).await;
    assert_eq!(desk.store.last_judged_leaf().await.unwrap(), Some(5));
    assert_eq!(desk.store.judged_leaves(0).collect().await.unwrap(), [0, 5]);
    assert_eq!(desk.store.judged_leaves(1).collect().await.unwrap(), [5]);
    assert_eq!(desk.store.unjudged_captures().collect().await.unwrap(), [(2, capture(2), 0)]);
    assert_eq!(desk.store.capture(2).await.unwrap(), Some(capture(2)));
    assert_eq!(desk.store.leaf_of(capture(2).id).await.unwrap(), Some(2));
    assert_eq!(desk.store.capture(9).await.unwrap(), None);
}

#[tokio::test]
async fn a_leaf_belongs_to_one_capture() {
    let desk = Desk::new().await;
    desk.store.record_capture(1, &capture(1)).await.unwrap();
    let error = desk.store.record_capture(1, &capture(2)).await.unwrap_err();
    assert!(matches!(error, StoreError::LeafTaken { leaf: 1, .. }), "{error:?}");
}

#[tokio::test]
async fn a_large_file_is_judged_in_batches() {
    let mut desk = Desk::new().await;
    let capture = capture(4);
    let (first, second) = (listing(1), listing(2));
    let (one, two) = (assessment(&first, Band::Low), assessment(&second, Band::Low));
    let (head, tail) = ([desk.judged(&first, &one, None)], [desk.judged(&second, &two, None)]);
    let part = |number, last| Batch { number, last };
    let head = Judged { capture: &capture, batch: part(0, false), ..whole(4, &head) };
    let tail = Judged { capture: &capture, batch: part(1, true), ..whole(4, &tail) };
    let error = desk.store.judge(&tail).await.unwrap_err();
    assert!(matches!(error, StoreError::BatchOutOfOrder { expected: 0, given: 1, .. }), "{error:?}");
    assert!(!desk.store.judge(&head).await.unwrap().already_judged);
    assert!(desk.store.judge(&head).await.unwrap().already_judged);
    assert_eq!(desk.store.last_judged_leaf().await.unwrap(), None);
    assert_eq!(desk.store.unjudged_captures().collect().await.unwrap()[0].2, 1);
    assert!(!desk.store.judge(&tail).await.unwrap().already_judged);
    assert!(desk.store.judge(&tail).await.unwrap().already_judged);
    assert_eq!(desk.store.last_judged_leaf().await.unwrap(), Some(4));
    assert_eq!(desk.store.assessments().collect().await.unwrap().len(), 2);
}
