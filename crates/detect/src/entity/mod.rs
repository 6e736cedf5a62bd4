//! Things that a text names: telephone numbers, money, ages, hours, handles, and the paths by which rules read them.

mod age;
mod contact;
mod hours;
mod money;
mod name;
mod path;
mod phone;

pub(crate) use path::{Path, Value};

use lapwing_types::{ContactKind, Field, Listing, Span};

use crate::reading::Reading;
use crate::text::Folded;

/// A sort of entity, as rules name it in `{entity: …}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKind {
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// A name on a messenger.
    Handle,
    /// An amount of money.
    Money,
    /// An age of a person.
    Age,
    /// Working hours.
    Hours,
    /// A given name.
    Name,
}

impl EntityKind {
    /// All sorts.
    pub const ALL: [Self; 8] =
        [Self::Phone, Self::Email, Self::Url, Self::Handle, Self::Money, Self::Age, Self::Hours, Self::Name];

    /// The name in rules.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Url => "url",
            Self::Handle => "handle",
            Self::Money => "money",
            Self::Age => "age",
            Self::Hours => "hours",
            Self::Name => "name",
        }
    }

    /// Whether it reaches a person and is masked wherever text is shown.
    pub const fn is_contact(self) -> bool {
        matches!(self, Self::Phone | Self::Email | Self::Handle)
    }
}

/// What is known of an entity.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Detail {
    Phone { obscured: bool, country: Option<&'static str> },
    Email { obscured: bool, free: bool },
    Url { shortened: bool },
    Handle { platform: ContactKind },
    Money { amount: f64, currency: &'static str, monthly_usd: Option<f64> },
    Age { least: f64, most: f64 },
    Hours { per_day: Option<f64>, days_per_week: Option<f64> },
    Name { name: String },
}

impl Detail {
    pub(crate) const fn kind(&self) -> EntityKind {
        match self {
            Self::Phone { .. } => EntityKind::Phone,
            Self::Email { .. } => EntityKind::Email,
            Self::Url { .. } => EntityKind::Url,
            Self::Handle { .. } => EntityKind::Handle,
            Self::Money { .. } => EntityKind::Money,
            Self::Age { .. } => EntityKind::Age,
            Self::Hours { .. } => EntityKind::Hours,
            Self::Name { .. } => EntityKind::Name,
        }
    }
}

/// One entity in a folded text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FoldedEntity {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) detail: Detail,
}

/// One entity, with its place in the original text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entity {
    pub(crate) span: Span,
    pub(crate) detail: Detail,
}

/// All entities of a listing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entities {
    pub(crate) found: Vec<Entity>,
    pub(crate) hidden_text: bool,
}

/// The most entities that are kept of one field.
const MOST_ENTITIES: usize = 500;

impl Entities {
    /// Finds the entities of a listing in its text and beside it.
    pub(crate) fn of(listing: &Listing, reading: &Reading<'_>, hidden_text: bool) -> Self {
        let mut entities = Self { found: Vec::new(), hidden_text };
        for (field, text) in reading.texts() {
            let original = |start, end| reading.original(field, start, end);
            for entity in find(&text.plain, &original) {
                let (start, end) = text.plain.original(entity.start, entity.end);
                entities.found.push(Entity { span: Span { field, start, end }, detail: entity.detail });
            }
        }
        for contact in &listing.contacts {
            let span = Span { field: Field::Body, start: 0, end: 0 };
            let detail = match contact.kind {
                ContactKind::Phone => {
                    Detail::Phone { obscured: false, country: phone::country(contact.value.reveal()) }
                }
                ContactKind::Email => {
                    Detail::Email { obscured: false, free: contact::is_free_mail(contact.value.reveal()) }
                }
                ContactKind::Url => Detail::Url { shortened: contact::is_shortened(contact.value.reveal()) },
                ContactKind::Other => continue,
                platform => Detail::Handle { platform },
            };
            entities.found.push(Entity { span, detail });
        }
        entities
    }

    /// The spans of contacts in the text of one field, for masking.
    pub(crate) fn contact_spans(&self, field: Field) -> Vec<Span> {
        let in_text = |entity: &&Entity| entity.span.field == field && entity.span.end > entity.span.start;
        let contacts = self.found.iter().filter(|entity| entity.detail.kind().is_contact());
        contacts.filter(in_text).map(|entity| entity.span).collect()
    }
}

/// All entities of a folded text; `original` gives the original text of a range of original offsets.
fn find<'a>(text: &Folded, original: &dyn Fn(usize, usize) -> &'a str) -> Vec<FoldedEntity> {
    let mut found = Vec::new();
    if text.text.is_empty() {
        return found;
    }
    contact::find(text, &mut found);
    phone::find(text, &mut found);
    money::find(&text.text, &mut found);
    age::find(&text.text, &mut found);
    hours::find(&text.text, &mut found);
    name::find(text, original, &mut found);
    found.truncate(MOST_ENTITIES);
    found
}

/// The spans of telephone numbers, e-mails and handles in a text, for masking what is shown.
pub fn contact_spans(field: Field, text: &str) -> Vec<Span> {
    let folded = crate::text::fold(text);
    let mut found = Vec::new();
    contact::find(&folded, &mut found);
    phone::find(&folded, &mut found);
    let contacts = found.into_iter().filter(|entity| entity.detail.kind().is_contact());
    contacts
        .map(|entity| {
            let (start, end) = folded.original(entity.start, entity.end);
            Span { field, start, end }
        })
        .collect()
}
