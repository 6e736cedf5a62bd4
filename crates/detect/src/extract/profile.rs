//! A site's profile: which pages hold listings, where their fields stand, what to follow, how slowly.

use std::collections::BTreeMap;

use lapwing_types::{Contact, ContactKind, Kind, Listing, Notice, Private};
use regex::Regex;
use scraper::{ElementRef, Html, Selector};
use serde::Deserialize;
use serde_saphyr::Spanned;
use url::Url;

use super::pattern::compile_regex;
use super::{Extracted, Link, MOST_LISTINGS, links, page, visible};
use crate::entity::contact_spans;

/// Why a text is not a profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct ProfileError {
    /// From 1; 0 where it is not known.
    pub line: u32,
    /// From 1; 0 where it is not known.
    pub column: u32,
    /// What is wrong.
    pub message: String,
}

/// How one site is read. See docs/SITES.md for the file.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The host for which it is.
    pub host: String,
    /// The site in words.
    pub title: String,
    /// Where a crawl begins, as paths or addresses.
    pub seeds: Vec<String>,
    /// The pause between two requests, milliseconds, where the site needs a longer one.
    pub delay_ms: Option<u64>,
    kind: Kind,
    kinds: BTreeMap<String, Kind>,
    lang: Option<String>,
    follow: Vec<Selector>,
    item: Option<Selector>,
    page: Option<Regex>,
    fields: BTreeMap<String, FieldRule>,
}

#[derive(Debug, Clone)]
struct FieldRule {
    select: Option<Selector>,
    attr: Option<String>,
    regex: Option<Regex>,
    all: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProfile {
    format: Spanned<u32>,
    host: String,
    title: String,
    #[serde(default)]
    seeds: Vec<String>,
    kind: Option<Kind>,
    #[serde(default)]
    kinds: BTreeMap<String, Kind>,
    lang: Option<String>,
    pace: Option<RawPace>,
    #[serde(default)]
    follow: Vec<Spanned<String>>,
    item: Option<Spanned<String>>,
    page: Option<Spanned<String>>,
    fields: BTreeMap<String, Spanned<RawField>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPace {
    delay_ms: u64,
}

/// A field is a selector, or a mapping that says more. Read by hand, since either shape is natural in a profile.
#[derive(Debug, Default)]
struct RawField {
    select: String,
    attr: Option<String>,
    regex: Option<String>,
    all: bool,
}

impl<'de> Deserialize<'de> for RawField {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = RawField;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a CSS selector, or a mapping of select, attr, regex and all")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<RawField, E> {
                Ok(RawField { select: text.to_string(), ..RawField::default() })
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<RawField, A::Error> {
                let mut field = RawField::default();
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "select" => field.select = map.next_value()?,
                        "attr" => field.attr = Some(map.next_value()?),
                        "regex" => field.regex = Some(map.next_value()?),
                        "all" => field.all = map.next_value()?,
                        other => {
                            return Err(serde::de::Error::unknown_field(other, &["select", "attr", "regex", "all"]));
                        }
                    }
                }
                Ok(field)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

const FIELDS: [&str; 10] =
    ["external_id", "url", "title", "body", "price", "location", "posted_at", "contacts", "lang", "kind"];

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    /// With the place, where it is not strict YAML, has an unknown field, or a selector or expression does not compile.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let at = |location: serde_saphyr::Location, message: String| ProfileError {
            line: u32::try_from(location.line()).unwrap_or(0),
            column: u32::try_from(location.column()).unwrap_or(0),
            message,
        };
        let raw: RawProfile = serde_saphyr::from_str(text).map_err(|error| {
            let location = error.location().unwrap_or(serde_saphyr::Location::UNKNOWN);
            at(location, error.without_snippet().to_string().lines().next().unwrap_or_default().to_string())
        })?;
        if raw.format.value != 1 {
            return Err(at(raw.format.referenced, "this profile has another format than 1".to_string()));
        }
        let css = |written: &Spanned<String>| {
            Selector::parse(&written.value)
                .map_err(|_| at(written.referenced, format!("`{}` is not a CSS selector", written.value)))
        };
        let mut fields = BTreeMap::new();
        for (name, field) in &raw.fields {
            if !FIELDS.contains(&name.as_str()) {
                let message = format!("`{name}` is not a field; the fields are {}", FIELDS.join(", "));
                return Err(at(field.referenced, message));
            }
            fields.insert(name.clone(), field_rule(&field.value).map_err(|message| at(field.referenced, message))?);
        }
        for needed in ["title", "body"] {
            if !fields.contains_key(needed) {
                return Err(at(serde_saphyr::Location::UNKNOWN, format!("the field `{needed}` is missing")));
            }
        }
        let page = raw
            .page
            .as_ref()
            .map(|written| compile_regex(&written.value).map_err(|message| at(written.referenced, message)));
        Ok(Self {
            host: raw.host.to_lowercase(),
            title: raw.title,
            seeds: raw.seeds,
            delay_ms: raw.pace.map(|pace| pace.delay_ms),
            kind: raw.kind.unwrap_or_default(),
            kinds: raw.kinds,
            lang: raw.lang,
            follow: raw.follow.iter().map(css).collect::<Result<_, _>>()?,
            item: raw.item.as_ref().map(css).transpose()?,
            page: page.transpose()?,
            fields,
        })
    }

    /// The same profile for another host, such as a copy of the site on this machine.
    pub fn for_host(mut self, host: &str) -> Self {
        self.host = host.to_lowercase();
        self
    }

    /// Whether the profile is for a URL: its host, with or without the port.
    pub fn is_for(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let with_port = url.port().map(|port| format!("{host}:{port}"));
        self.host == host || with_port.is_some_and(|with_port| self.host == with_port)
    }

    /// The links to follow.
    pub(super) fn links(&self, document: &Html, base: &Url) -> Vec<Link> {
        let mut found: Vec<Link> = Vec::new();
        for selector in &self.follow {
            for link in links::matching(document, base, selector) {
                if !found.iter().any(|known| known.url == link.url) {
                    found.push(link);
                }
            }
        }
        found
    }

    /// The listings on a page.
    pub(super) fn listings(&self, document: &Html, url: &Url) -> Vec<Extracted> {
        if self.page.as_ref().is_some_and(|page| !page.is_match(url.path())) {
            return Vec::new();
        }
        match &self.item {
            Some(item) => {
                let items = document.select(item).take(MOST_LISTINGS).enumerate();
                items.filter_map(|(index, element)| self.listing(element, url, Some(index + 1))).collect()
            }
            None => self.listing(document.root_element(), url, None).into_iter().collect(),
        }
    }

    fn listing(&self, element: ElementRef<'_>, page_url: &Url, number: Option<usize>) -> Option<Extracted> {
        let one = |name: &str| self.fields.get(name).and_then(|rule| rule.values(element).into_iter().next());
        let title = one("title").unwrap_or_default();
        let body = one("body").unwrap_or_default();
        if title.is_empty() && body.is_empty() {
            return None;
        }
        let url = one("url").and_then(|href| page_url.join(&href).ok()).unwrap_or_else(|| page_url.clone());
        let own_id = || match number {
            Some(number) => format!("{}#{number}", url.path()),
            None => url.path().to_string(),
        };
        let stated_kind = one("kind").and_then(|kind| Kind::parse_lenient(&kind));
        let by_path = self.kinds.iter().filter(|(prefix, _)| page_url.path().starts_with(prefix.as_str()));
        let kind = stated_kind.or(by_path.max_by_key(|(prefix, _)| prefix.len()).map(|(_, kind)| *kind));
        let listing = Listing {
            external_id: one("external_id").filter(|id| !id.is_empty()).unwrap_or_else(own_id),
            kind: kind.unwrap_or(self.kind),
            lang: one("lang").or_else(|| self.lang.clone()).map(|lang| lang.to_lowercase()),
            url: Some(url.to_string()),
            title,
            body,
            location: one("location").filter(|text| !text.is_empty()),
            price: one("price").filter(|text| !text.is_empty()),
            contacts: self.contacts(element),
            posted_at: one("posted_at").filter(|text| !text.is_empty()),
            ..Listing::default()
        };
        let hid_text = visible::read(element).hid_text;
        let notices = if hid_text {
            vec![Notice::new("hidden-text", "the page holds text that it does not show")]
        } else {
            vec![]
        };
        Some(Extracted { listing, notices })
    }

    fn contacts(&self, element: ElementRef<'_>) -> Vec<Contact> {
        let Some(rule) = self.fields.get("contacts") else { return page::contacts(element) };
        let mut contacts: Vec<Contact> = Vec::new();
        for written in rule.values(element) {
            let contact = page::contact_of_href(&written).unwrap_or_else(|| contact_of_text(&written));
            if !contacts.contains(&contact) {
                contacts.push(contact);
            }
        }
        contacts
    }
}

/// A contact written as text: `Telegram: @jobs_example`, `+44 20 7946 0958`.
fn contact_of_text(written: &str) -> Contact {
    let (label, value) = match written.split_once([':', '：']) {
        Some((label, value)) if !value.trim().is_empty() && !value.starts_with("//") => (label.trim(), value.trim()),
        _ => ("", written.trim()),
    };
    let kind = match ContactKind::parse_lenient(label) {
        ContactKind::Other if value.contains('@') && value.contains('.') && !value.starts_with('@') => {
            ContactKind::Email
        }
        ContactKind::Other
            if !contact_spans(lapwing_types::Field::Body, value).is_empty()
                && value.bytes().any(|b| b.is_ascii_digit()) =>
        {
            ContactKind::Phone
        }
        kind => kind,
    };
    Contact { kind, value: Private::new(value.to_string()) }
}

fn field_rule(raw: &RawField) -> Result<FieldRule, String> {
    let select = match raw.select.trim() {
        "" => None,
        css => Some(Selector::parse(css).map_err(|_| format!("`{css}` is not a CSS selector"))?),
    };
    let regex = raw.regex.as_deref().map(compile_regex).transpose()?;
    Ok(FieldRule { select, attr: raw.attr.clone(), regex, all: raw.all })
}

impl FieldRule {
    /// The field's values within an element; the first only, unless all are asked for.
    fn values(&self, element: ElementRef<'_>) -> Vec<String> {
        let elements: Vec<ElementRef<'_>> = match &self.select {
            None => vec![element],
            Some(selector) => element.select(selector).take(if self.all { 100 } else { 1 }).collect(),
        };
        let read = |element: ElementRef<'_>| {
            let written = match &self.attr {
                Some(attr) => element.attr(attr)?.trim().to_string(),
                None => visible::read(element).text,
            };
            match &self.regex {
                None => Some(written),
                Some(regex) => {
                    let captures = regex.captures(&written)?;
                    captures.get(1).or_else(|| captures.get(0)).map(|found| found.as_str().trim().to_string())
                }
            }
        };
        elements.into_iter().filter_map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROFILE: &str = "format: 1\nhost: board.example\ntitle: Board\nfollow: ['a.next']\nitem: 'tr.ad'\npage: '^/jobs'\n\
                           kinds: {'/jobs': job_ad}\nfields:\n  external_id: {select: '', attr: data-id}\n  title: b\n  body: td.text\n  \
                           contacts: {select: 'tt', all: true}\n";

    #[test]
    fn several_listings_of_one_page_are_read() {
        let profile = Profile::parse(PROFILE).unwrap();
        let html = "<table><tr class=ad data-id=a1><td><b>Cook</b><td class=text>Cook wanted<br>soon<td><tt>Telegram: @cook_example</tt></tr>\
                    <tr class=ad data-id=a2><td><b>Maid</b><td class=text>Maid wanted</tr></table><a class=next href='?p=2'>more</a>";
        let url = Url::parse("https://board.example/jobs/").unwrap();
        let document = Html::parse_document(html);
        let found = profile.listings(&document, &url);
        let ids: Vec<_> = found
            .iter()
            .map(|one| (one.listing.external_id.as_str(), one.listing.body.as_str(), one.listing.kind))
            .collect();
        assert_eq!(ids, [("a1", "Cook wanted\nsoon", Kind::JobAd), ("a2", "Maid wanted", Kind::JobAd)]);
        assert_eq!(found[0].listing.contacts[0].kind, ContactKind::Telegram);
        assert_eq!(profile.links(&document, &url)[0].url.as_str(), "https://board.example/jobs/?p=2");
        assert!(profile.listings(&document, &Url::parse("https://board.example/about").unwrap()).is_empty());
    }

    #[test]
    fn mistakes_have_a_place() {
        let wrong = PROFILE.replace("title: b\n", "title: 'b['\n");
        let error = Profile::parse(&wrong).unwrap_err();
        assert_eq!((error.line, error.message.as_str()), (10, "`b[` is not a CSS selector"));
        assert!(
            Profile::parse("format: 1\nhost: x\ntitle: y\nfields: {}\n")
                .unwrap_err()
                .message
                .contains("`title` is missing")
        );
    }
}
