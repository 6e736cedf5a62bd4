//! An advert as it came in: from a page, a feed or a file.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Field, Notice, Private};

/// What sort of advert a listing is. `Unknown` means that the source did not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An offer of work.
    JobAd,
    /// A personal or commercial sexual service, or massage, offered by or for an adult.
    AdultAd,
    /// A domestic worker offered or sought.
    DomesticAd,
    /// A person seeking acquaintance.
    PersonalAd,
    /// A room, flat or house.
    HousingAd,
    /// Another service.
    ServiceAd,
    /// Goods for sale.
    GoodsAd,
    /// A post in a social network, group or channel.
    SocialPost,
    /// News, warning, research or other text about a subject.
    Article,
    /// The source did not say, or said something unknown.
    #[default]
    Unknown,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::JobAd,
        Self::AdultAd,
        Self::DomesticAd,
        Self::PersonalAd,
        Self::HousingAd,
        Self::ServiceAd,
        Self::GoodsAd,
        Self::SocialPost,
        Self::Article,
        Self::Unknown,
    ];

    /// The kind's name as it stands in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::JobAd => "job_ad",
            Self::AdultAd => "adult_ad",
            Self::DomesticAd => "domestic_ad",
            Self::PersonalAd => "personal_ad",
            Self::HousingAd => "housing_ad",
            Self::ServiceAd => "service_ad",
            Self::GoodsAd => "goods_ad",
            Self::SocialPost => "social_post",
            Self::Article => "article",
            Self::Unknown => "unknown",
        }
    }

    /// Reads the names used by others too (`job`, `escort_ad`, `housing`, …). `None` where it is no known name.
    pub fn parse_lenient(text: &str) -> Option<Self> {
        let name = text.trim().to_lowercase().replace(['-', ' '], "_");
        if let Some(kind) = Self::ALL.into_iter().find(|kind| kind.as_str() == name) {
            return Some(kind);
        }
        let name = name.trim_end_matches("_listing").trim_end_matches("_advert").trim_end_matches("_ad");
        Some(match name {
            "job" | "jobs" | "jobposting" | "job_posting" | "job_offer" | "work" | "vacancy" | "recruitment" => {
                Self::JobAd
            }
            "adult" | "escort" | "escorts" | "adult_services" | "adult_service" | "sex" | "massage" | "spa" => {
                Self::AdultAd
            }
            "domestic" | "domestic_worker" | "domestic_work" | "maid" | "nanny" | "household" => Self::DomesticAd,
            "personal" | "personals" | "dating" => Self::PersonalAd,
            "housing" | "room" | "rental" | "rent" | "flat" | "accommodation" => Self::HousingAd,
            "service" | "services" => Self::ServiceAd,
            "goods" | "sale" | "item" | "product" | "for_sale" => Self::GoodsAd,
            "social" | "post" | "chat" | "message" | "forum" | "forum_post" => Self::SocialPost,
            "news" | "blog" | "awareness" | "report" => Self::Article,
            "other" | "" => Self::Unknown,
            _ => return None,
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The channel of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// A name on Telegram.
    Telegram,
    /// A name or number on WhatsApp.
    Whatsapp,
    /// A name on WeChat.
    Wechat,
    /// A number on QQ.
    Qq,
    /// A number on Zalo.
    Zalo,
    /// A number on Viber.
    Viber,
    /// A name on Line.
    Line,
    /// A name on Instagram.
    Instagram,
    /// A name or number on Signal.
    Signal,
    /// Anything else.
    Other,
}

impl ContactKind {
    /// Reads a channel's name as sources write it; what is not known is `Other`.
    pub fn parse_lenient(text: &str) -> Self {
        match text.trim().to_lowercase().as_str() {
            "phone" | "tel" | "telephone" | "mobile" | "cell" => Self::Phone,
            "email" | "e-mail" | "mail" => Self::Email,
            "url" | "website" | "web" | "link" => Self::Url,
            "telegram" | "tg" => Self::Telegram,
            "whatsapp" | "wa" => Self::Whatsapp,
            "wechat" | "weixin" => Self::Wechat,
            "qq" => Self::Qq,
            "zalo" => Self::Zalo,
            "viber" => Self::Viber,
            "line" => Self::Line,
            "instagram" | "ig" => Self::Instagram,
            "signal" => Self::Signal,
            _ => Self::Other,
        }
    }

    /// The channel's name as it stands in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Url => "url",
            Self::Telegram => "telegram",
            Self::Whatsapp => "whatsapp",
            Self::Wechat => "wechat",
            Self::Qq => "qq",
            Self::Zalo => "zalo",
            Self::Viber => "viber",
            Self::Line => "line",
            Self::Instagram => "instagram",
            Self::Signal => "signal",
            Self::Other => "other",
        }
    }
}

/// A way to reach the advertiser. The value prints as `…` unless it is revealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The channel.
    pub kind: ContactKind,
    /// The number, address or name as written.
    pub value: Private<String>,
}

/// One advert. Only some text, in the title or the body, is required.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The source's own id; empty where it has none.
    pub external_id: String,
    /// What sort of advert it is.
    pub kind: Kind,
    /// The language as the source states it, a BCP 47 tag in lower case.
    pub lang: Option<String>,
    /// The site, feed or file from which it came.
    pub source: String,
    /// Its address.
    pub url: Option<String>,
    /// The headline.
    pub title: String,
    /// The text.
    pub body: String,
    /// The place as written.
    pub location: Option<String>,
    /// The price or pay as written.
    pub price: Option<String>,
    /// Contacts that stand beside the text.
    pub contacts: Vec<Contact>,
    /// When it was posted, as written; RFC 3339 where the source is exact.
    pub posted_at: Option<String>,
}

/// Why a JSON value is not a listing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListingParseError {
    /// The value is a list, a number, a text, …
    #[error("a listing must be a JSON object, this is {0}")]
    NotAnObject(&'static str),
    /// A field has a value of the wrong sort.
    #[error("field `{field}` must be {expected}, this is {found}")]
    WrongType {
        /// Which field.
        field: &'static str,
        /// What it may be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// Neither title nor body has a character.
    #[error("a listing needs a text: both `title` and `body` are missing or empty")]
    NoText,
}

impl Listing {
    /// The text of one field; empty where it is not given.
    pub fn text(&self, field: Field) -> &str {
        match field {
            Field::Title => &self.title,
            Field::Body => &self.body,
            Field::Location => self.location.as_deref().unwrap_or_default(),
            Field::Price => self.price.as_deref().unwrap_or_default(),
        }
    }

    /// Reads a listing from a JSON object. Fields that are not known are passed over; `null` counts as absent;
    /// numbers and booleans are taken as text where text is asked; `text` and `description` serve as `body`.
    ///
    /// # Errors
    /// Where the value is no object, a field has the wrong type, or there is no text at all.
    pub fn from_json(value: &Value) -> Result<(Self, Vec<Notice>), ListingParseError> {
        let Value::Object(object) = value else { return Err(ListingParseError::NotAnObject(type_name(value))) };
        let mut notices = Vec::new();
        let kind = match text_field(object, "kind")? {
            None => Kind::Unknown,
            Some(name) => Kind::parse_lenient(&name).unwrap_or_else(|| {
                notices.push(Notice::new("unknown-kind", "the kind is not one that is known; read as `unknown`"));
                Kind::Unknown
            }),
        };
        let body = match text_field(object, "body")? {
            Some(body) => Some(body),
            None => text_field(object, "text")?.or(text_field(object, "description")?),
        };
        let listing = Self {
            external_id: match text_field(object, "external_id")? {
                Some(id) => id,
                None => text_field(object, "id")?.unwrap_or_default(),
            },
            kind,
            lang: text_field(object, "lang")?.map(|lang| lang.trim().to_lowercase()).filter(|lang| !lang.is_empty()),
            source: text_field(object, "source")?.unwrap_or_default(),
            url: text_field(object, "url")?,
            title: text_field(object, "title")?.unwrap_or_default(),
            body: body.unwrap_or_default(),
            location: text_field(object, "location")?,
            price: text_field(object, "price")?,
            contacts: contacts(object)?,
            posted_at: text_field(object, "posted_at")?,
        };
        if listing.title.trim().is_empty() && listing.body.trim().is_empty() {
            return Err(ListingParseError::NoText);
        }
        Ok((listing, notices))
    }

    /// The listing as a JSON object with its contacts in the clear: for the store, which keeps it under the
    /// workspace's own access rights. Everything that is shown or exported goes through a masked form instead.
    pub fn to_stored_json(&self) -> Value {
        let contacts: Vec<Value> = self
            .contacts
            .iter()
            .map(|contact| serde_json::json!({"type": contact.kind.as_str(), "value": contact.value.reveal()}))
            .collect();
        serde_json::json!({
            "external_id": self.external_id,
            "kind": self.kind,
            "lang": self.lang,
            "source": self.source,
            "url": self.url,
            "title": self.title,
            "body": self.body,
            "location": self.location,
            "price": self.price,
            "contacts": contacts,
            "posted_at": self.posted_at,
        })
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn text_field(object: &Map<String, Value>, field: &'static str) -> Result<Option<String>, ListingParseError> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(Value::Bool(flag)) => Ok(Some(flag.to_string())),
        Some(other) => Err(ListingParseError::WrongType { field, expected: "a text", found: type_name(other) }),
    }
}

fn contacts(object: &Map<String, Value>) -> Result<Vec<Contact>, ListingParseError> {
    let expected = "a list of {type, value} objects";
    let wrong = |found: &Value| ListingParseError::WrongType { field: "contacts", expected, found: type_name(found) };
    let list = match object.get("contacts") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(other) => return Err(wrong(other)),
    };
    let mut contacts = Vec::with_capacity(list.len());
    for entry in list {
        let contact = match entry {
            Value::String(value) => Contact { kind: ContactKind::Other, value: Private::new(value.clone()) },
            Value::Object(entry) => {
                let kind =
                    text_field(entry, "type")?.map_or(ContactKind::Other, |kind| ContactKind::parse_lenient(&kind));
                let Some(value) = text_field(entry, "value")? else { continue };
                Contact { kind, value: Private::new(value) }
            }
            other => return Err(wrong(other)),
        };
        contacts.push(contact);
    }
    Ok(contacts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_text_is_enough() {
        let (listing, notices) = Listing::from_json(&json!({"text": "kitchen help wanted"})).unwrap();
        assert_eq!((listing.body.as_str(), notices.len()), ("kitchen help wanted", 0));
    }

    #[test]
    fn wrong_types_are_named() {
        let error = Listing::from_json(&json!({"title": ["a"]})).unwrap_err();
        assert_eq!(error.to_string(), "field `title` must be a text, this is a list");
        let error = Listing::from_json(&json!([])).unwrap_err();
        assert_eq!(error.to_string(), "a listing must be a JSON object, this is a list");
        assert_eq!(Listing::from_json(&json!({"title": " "})), Err(ListingParseError::NoText));
    }

    #[test]
    fn an_unknown_kind_is_a_notice() {
        let (listing, notices) = Listing::from_json(&json!({"kind": "horoscope", "title": "x"})).unwrap();
        assert_eq!((listing.kind, notices[0].code.as_str()), (Kind::Unknown, "unknown-kind"));
    }

    #[test]
    fn kinds_are_read_under_other_names() {
        for (name, kind) in [("Job", Kind::JobAd), ("escort_ad", Kind::AdultAd), ("housing", Kind::HousingAd)] {
            assert_eq!(Kind::parse_lenient(name), Some(kind));
        }
    }

    proptest! {
        #[test]
        fn stored_json_reads_back(title in ".{1,40}", body in ".{0,80}", phone in "[0-9]{0,12}") {
            let contacts = vec![Contact { kind: ContactKind::Phone, value: Private::new(phone) }];
            let listing = Listing { title: format!("t{title}"), body, contacts, ..Listing::default() };
            let (read, _) = Listing::from_json(&listing.to_stored_json()).unwrap();
            prop_assert_eq!(read, listing);
        }
    }
}
