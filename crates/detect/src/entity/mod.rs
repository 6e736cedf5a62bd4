//! Things that a text names: telephone numbers, money, ages, places, hours, handles, and the paths by which rules read
//! them.
//!
//! One pass over the folded text notes where something may begin ([`scan`]); each reader then looks at its own places.

mod age;
mod birth;
mod country;
mod currency;
mod date;
mod email;
mod gazetteer;
mod handle;
mod hours;
mod known;
mod lexicon;
mod link;
mod money;
mod name;
mod number;
mod path;
mod phone;
mod phone_country;
mod phone_words;
mod place;
mod scan;

pub use known::{NamedPlace, phone_numbers, places};
pub(crate) use path::{Path, Value};

use lapwing_types::{ContactKind, Field, Listing, Private, Span};

use crate::reading::{LONGEST_FIELD, Reading};
use crate::text::{Folded, Language};
use country::Country;
use money::Period;
use phone_country::Regions;
use scan::{Marks, scan};

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
    /// A year in which a person was born.
    BirthYear,
    /// A date.
    Date,
    /// Working hours.
    Hours,
    /// A country or town.
    Place,
    /// A given name.
    Name,
}

impl EntityKind {
    /// All sorts.
    pub const ALL: [Self; 11] = [
        Self::Phone,
        Self::Email,
        Self::Url,
        Self::Handle,
        Self::Money,
        Self::Age,
        Self::BirthYear,
        Self::Date,
        Self::Hours,
        Self::Place,
        Self::Name,
    ];

    /// The name in rules.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Url => "url",
            Self::Handle => "handle",
            Self::Money => "money",
            Self::Age => "age",
            Self::BirthYear => "birth_year",
            Self::Date => "date",
            Self::Hours => "hours",
            Self::Place => "place",
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
    /// `valid` and `country` are known where there is a country code or a place; `number` is in E.164.
    Phone {
        obscured: bool,
        country: Option<Country>,
        valid: Option<bool>,
        number: Option<Private<String>>,
    },
    Email {
        obscured: bool,
        free: bool,
    },
    Url {
        shortened: bool,
    },
    Handle {
        platform: ContactKind,
    },
    Money {
        amount: f64,
        currency: Option<&'static str>,
        period: Option<Period>,
        monthly_usd: Option<f64>,
    },
    Age {
        least: f64,
        most: f64,
    },
    BirthYear {
        least: f64,
        most: f64,
    },
    Date,
    Hours {
        per_day: Option<f64>,
        days_per_week: Option<f64>,
    },
    /// `country` is unknown where towns of several countries have the name; `at` is latitude and longitude.
    Place {
        country: Option<Country>,
        is_country: bool,
        at: (f32, f32),
    },
    Name {
        name: String,
    },
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
            Self::BirthYear { .. } => EntityKind::BirthYear,
            Self::Date => EntityKind::Date,
            Self::Hours { .. } => EntityKind::Hours,
            Self::Place { .. } => EntityKind::Place,
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

/// Where and in which language a listing is written, as far as that decides what its numbers mean.
#[derive(Debug, Clone, Default)]
pub(crate) struct Locale {
    countries: Vec<Country>,
    language: Option<String>,
}

/// A folded text with the text that it was made from.
pub(crate) struct Surroundings<'a> {
    folded: &'a Folded,
    original: &'a str,
}

impl Surroundings<'_> {
    fn text(&self) -> &str {
        &self.folded.text
    }

    fn written(&self, start: usize, end: usize) -> &str {
        let (start, end) = self.folded.original(start, end);
        self.original.get(start..end).unwrap_or_default()
    }

    /// Whether a folded range was written with a capital letter first.
    fn is_capitalised(&self, start: usize, end: usize) -> bool {
        self.written(start, end).starts_with(char::is_uppercase)
    }

    /// Whether it was written in capital letters after a word that was not.
    fn is_upper(&self, start: usize, end: usize) -> bool {
        let written = self.written(start, end);
        written.contains(char::is_uppercase)
            && !written.contains(char::is_lowercase)
            && self
                .written(self.text().floor_char_boundary(start.saturating_sub(60)), start)
                .contains(char::is_lowercase)
    }
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
    pub(crate) fn of(listing: &Listing, reading: &Reading<'_>, language: &Language, hidden_text: bool) -> Self {
        let fields: Vec<(Field, Surroundings<'_>, Marks)> = reading
            .texts()
            .map(|(field, text)| {
                let original = reading.original(field, 0, listing.text(field).len().min(LONGEST_FIELD));
                (field, Surroundings { folded: &text.plain, original }, scan(&text.plain.text))
            })
            .collect();
        let mut places: Vec<Vec<FoldedEntity>> = Vec::new();
        for (field, around, marks) in &fields {
            let mut found = Vec::new();
            place::find(around, marks, *field == Field::Location, &mut found);
            places.push(found);
        }
        let in_location = |(field, _, _): &&(Field, Surroundings<'_>, Marks)| *field == Field::Location;
        let location = fields.iter().position(|field| in_location(&field));
        let mut locale = Locale { countries: Vec::new(), language: language.tag.map(str::to_string) };
        let first = location.map(|at| &places[at]);
        for detail in first.into_iter().chain(&places).flatten().map(|entity| &entity.detail) {
            if let Detail::Place { country: Some(country), .. } = detail
                && !locale.countries.contains(country)
            {
                locale.countries.push(*country);
            }
        }
        let regions = Regions::of(locale.countries.iter().copied(), listing.lang.as_deref().or(language.tag));
        let mut entities = Self { found: Vec::new(), hidden_text };
        for ((field, around, marks), places) in fields.iter().zip(places) {
            for entity in find(around, marks, &locale, &regions, places) {
                let (start, end) = around.folded.original(entity.start, entity.end);
                entities.found.push(Entity { span: Span { field: *field, start, end }, detail: entity.detail });
            }
        }
        entities.add_contacts(listing, &regions);
        entities.add_ages(listing.posted_at.as_deref());
        entities
    }

    /// Contacts that the source gives beside the text.
    fn add_contacts(&mut self, listing: &Listing, regions: &Regions) {
        for contact in &listing.contacts {
            let span = Span { field: Field::Body, start: 0, end: 0 };
            let value = contact.value.reveal();
            let detail = match contact.kind {
                ContactKind::Phone => phone_country::detail(value, false, regions),
                ContactKind::Email => Detail::Email { obscured: false, free: email::is_free_mail(value) },
                ContactKind::Url => Detail::Url { shortened: link::is_shortened(value) },
                ContactKind::Other => continue,
                platform => Detail::Handle { platform },
            };
            self.found.push(Entity { span, detail });
        }
    }

    /// What years of birth mean on the day of the advert; nothing where that day is not known.
    fn add_ages(&mut self, posted_at: Option<&str>) {
        let Some(now) = posted_at.and_then(birth::year_of) else { return };
        let ages = self.found.iter().filter_map(|entity| match entity.detail {
            Detail::BirthYear { least, most } => {
                let (least, most) = birth::ages_in(now, least, most)?;
                Some(Entity { span: entity.span, detail: Detail::Age { least, most } })
            }
            _ => None,
        });
        let ages: Vec<Entity> = ages.collect();
        self.found.extend(ages);
    }

    /// The spans of contacts in the text of one field, for masking.
    pub(crate) fn contact_spans(&self, field: Field) -> Vec<Span> {
        let in_text = |entity: &&Entity| entity.span.field == field && entity.span.end > entity.span.start;
        let contacts = self.found.iter().filter(|entity| entity.detail.kind().is_contact());
        contacts.filter(in_text).map(|entity| entity.span).collect()
    }
}

/// All entities of a folded text; its places have been found before, since they decide what numbers mean.
fn find(
    around: &Surroundings<'_>,
    marks: &Marks,
    locale: &Locale,
    regions: &Regions,
    places: Vec<FoldedEntity>,
) -> Vec<FoldedEntity> {
    let text = around.text();
    let mut found = Vec::new();
    contacts(around, marks, regions, &mut found);
    let places = places.into_iter().filter(|place| !overlaps(&found, place.start, place.end));
    let places: Vec<FoldedEntity> = places.collect();
    if !marks.digits.is_empty() {
        birth::find(text, marks, &mut found);
        date::find(text, marks, &mut found);
    }
    hours::find(text, marks, &mut found);
    money::find(text, marks, locale, &mut found);
    age::find(text, marks, &mut found);
    name::find(around, marks, &mut found);
    found.extend(places);
    found.truncate(MOST_ENTITIES);
    found
}

fn contacts(around: &Surroundings<'_>, marks: &Marks, regions: &Regions, found: &mut Vec<FoldedEntity>) {
    email::find(around, marks, found);
    link::find(around.text(), marks, found);
    phone::find(around.folded, marks, regions, found);
    handle::find(around.text(), marks, found);
}

fn overlaps(found: &[FoldedEntity], start: usize, end: usize) -> bool {
    found.iter().any(|entity| entity.start < end && start < entity.end)
}

fn push(found: &mut Vec<FoldedEntity>, start: usize, end: usize, detail: Detail) {
    if !overlaps(found, start, end) {
        found.push(FoldedEntity { start, end, detail });
    }
}

/// The spans of telephone numbers, e-mails and handles in a text, for masking what is shown.
pub fn contact_spans(field: Field, text: &str) -> Vec<Span> {
    let folded = crate::text::fold(text);
    let mut found = Vec::new();
    let around = Surroundings { folded: &folded, original: text };
    contacts(&around, &scan(&folded.text), &Regions::default(), &mut found);
    let contacts = found.into_iter().filter(|entity| entity.detail.kind().is_contact());
    contacts
        .map(|entity| {
            let (start, end) = folded.original(entity.start, entity.end);
            Span { field, start, end }
        })
        .collect()
}

#[cfg(test)]
#[path = "entity_tests.rs"]
mod tests;
