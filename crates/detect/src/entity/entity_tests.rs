//! What entities of a whole listing say together, and a helper for the tests of each sort.

use lapwing_types::Contact;
use proptest::prelude::*;

use super::*;
use crate::text::{fold, identify};

/// The folded text and the detail of everything that a reader finds.
pub(super) fn seen_by(
    text: &str,
    read: impl Fn(&Surroundings<'_>, &Marks, &mut Vec<FoldedEntity>),
) -> Vec<(String, Detail)> {
    let folded = fold(text);
    let mut found = Vec::new();
    read(&Surroundings { folded: &folded, original: text }, &scan(&folded.text), &mut found);
    found.into_iter().map(|entity| (folded.text[entity.start..entity.end].to_string(), entity.detail)).collect()
}

fn of(listing: &Listing) -> Entities {
    let reading = Reading::of(listing);
    let language = identify(&listing.body, listing.lang.as_deref());
    Entities::of(listing, &reading, &language, false)
}

fn values(listing: &Listing, path: &str) -> Vec<Value> {
    of(listing).values(Path::parse(path).expect("a path"))
}

fn body(text: &str) -> Listing {
    Listing { body: text.to_string(), ..Listing::default() }
}

#[test]
fn a_number_of_another_country_than_the_place() {
    let listing = Listing {
        body: "Barista wanted, call +44 20 7946 0958".into(),
        location: Some("Bangkok".into()),
        ..Listing::default()
    };
    assert_eq!(values(&listing, "entity.phone.country"), [Value::Text("gb".into())]);
    assert_eq!(values(&listing, "entity.phone.valid"), [Value::Truth(true)]);
    assert_eq!(values(&listing, "entity.place.country"), [Value::Text("th".into())]);
}

#[test]
fn a_national_number_is_read_by_the_place() {
    let listing = Listing { body: "Call 020 7946 0958".into(), location: Some("Leeds".into()), ..Listing::default() };
    assert_eq!(values(&listing, "entity.phone.country"), [Value::Text("gb".into())]);
    let nowhere = body("call 06 39 98 12 34");
    assert_eq!(values(&nowhere, "entity.phone.count"), [Value::Number(1.0)]);
    assert!(values(&nowhere, "entity.phone.country").is_empty() && values(&nowhere, "entity.phone.valid").is_empty());
}

#[test]
fn the_only_country_of_the_text_is_the_place_where_there_is_no_field() {
    assert_eq!(values(&body("Work in Dubai, UAE"), "entity.place.country"), [Value::Text("ae".into())]);
    let two = body("From Manila to Dubai");
    assert!(values(&two, "entity.place.country").is_empty());
    assert_eq!(values(&two, "entity.place.countries"), [Value::Number(2.0)]);
    assert_eq!(values(&two, "entity.place.count"), [Value::Number(2.0)]);
    assert_eq!(values(&body("no place"), "entity.place.countries"), [Value::Number(0.0)]);
}

#[test]
fn a_year_of_birth_is_an_age_only_with_a_date() {
    let mut listing = body("looking for girls born in 2010");
    assert_eq!(values(&listing, "entity.birth_year.max"), [Value::Number(2010.0)]);
    assert!(values(&listing, "entity.age.min").is_empty());
    listing.posted_at = Some("2026-11-21".into());
    assert_eq!(values(&listing, "entity.age.min"), [Value::Number(15.0)]);
    assert_eq!(values(&listing, "entity.age.max"), [Value::Number(16.0)]);
}

#[test]
fn money_has_currency_and_period() {
    let listing = body("Pay: AED 3000/month, start 12 March 2026");
    assert_eq!(values(&listing, "entity.money.period"), [Value::Text("month".into())]);
    assert_eq!(values(&listing, "entity.money.currency"), [Value::Text("aed".into())]);
    assert_eq!(values(&listing, "entity.date.count"), [Value::Number(1.0)]);
}

#[test]
fn contacts_beside_the_text_count() {
    let contact = |kind, value: &str| Contact { kind, value: Private::new(value.to_string()) };
    let contacts = vec![
        contact(ContactKind::Phone, "+44 20 7946 0958"),
        contact(ContactKind::Email, "a@freemail.example"),
        contact(ContactKind::Telegram, "@jobs_example"),
        contact(ContactKind::Url, "https://short.example/x"),
    ];
    let listing = Listing { contacts, ..body("text") };
    assert_eq!(values(&listing, "entity.phone.country"), [Value::Text("gb".into())]);
    assert_eq!(values(&listing, "entity.email.free_mail"), [Value::Truth(true)]);
    assert_eq!(values(&listing, "entity.handle.platform"), [Value::Text("telegram".into())]);
    assert_eq!(values(&listing, "entity.url.shortened"), [Value::Truth(true)]);
}

#[test]
fn a_number_does_not_print() {
    let printed = format!("{:?}", of(&body("call +44 20 7946 0958")));
    assert!(!printed.contains("7946"), "{printed}");
}

#[test]
fn hostile_texts_take_no_time_to_speak_of() {
    for piece in [
        "1",
        "1 ",
        "1*",
        "a@",
        "+1-",
        "/",
        "at ",
        "zero ",
        "in Dubai ",
        "18 ",
        "5 万",
        "@a.",
        "telegram ",
        "12/",
        "$1",
        "1,",
        "月",
        "万",
    ] {
        let text = piece.repeat((1 << 18) / piece.len());
        let folded = fold(&text);
        let (around, marks) = (Surroundings { folded: &folded, original: &text }, scan(&folded.text));
        let mut places = Vec::new();
        place::find(&around, &marks, true, &mut places);
        let found = find(&around, &marks, &Locale::default(), &Regions::default(), places);
        assert!(found.len() <= MOST_ENTITIES, "{piece}");
    }
}

proptest! {
    #[test]
    fn every_entity_leads_back_to_the_original(text in any::<String>()) {
        check_spans(&text)?;
    }

    #[test]
    fn entities_of_likely_pieces_lead_back(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..24), joint in "[ .,\n]?") {
        check_spans(&pieces.join(&joint))?;
    }
}

fn check_spans(text: &str) -> Result<(), TestCaseError> {
    for entity in &of(&body(text)).found {
        prop_assert!(
            text.get(entity.span.start..entity.span.end).is_some_and(|piece| !piece.is_empty()),
            "{:?}",
            entity.detail.kind()
        );
    }
    for span in contact_spans(Field::Body, text) {
        prop_assert!(text.get(span.start..span.end).is_some());
    }
    Ok(())
}

const PIECES: &[&str] = &[
    "+44",
    "7700",
    "900123",
    "(",
    ")",
    "-",
    "*",
    "0️⃣",
    "zero",
    "double",
    "seven",
    "ноль",
    "@",
    "at",
    "dot",
    "com",
    "arroba",
    "собака",
    "telegram",
    "微信",
    ":",
    "t.me/",
    "https://",
    "www.",
    "$",
    "€",
    "万",
    "月薪",
    "k",
    "тыс.",
    "triệu",
    "3,000",
    "1.5",
    "2010",
    "born",
    "年出生",
    "г.р.",
    "05",
    "后",
    "岁",
    "лет",
    "from",
    "girls",
    "16",
    "-",
    "18",
    "years",
    "old",
    "12",
    "March",
    "月",
    "日",
    "tháng",
    "hours",
    "a day",
    "六天",
    "周",
    "Dubai",
    "Москве",
    "柬埔寨",
    "Nice",
    "in",
    "é",
    "\u{200b}",
    "ẞ",
    "٣٠٠٠",
    "ﷲ",
    "І",
    "ﬁ",
    "'",
    "/",
    "h",
    "per",
    "week",
];
