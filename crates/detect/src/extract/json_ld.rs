//! Listings that a page states as schema.org data: JobPosting, Product, Offer, Service.

use lapwing_types::{Contact, ContactKind, Kind, Listing, Notice, Private};
use scraper::{Html, Selector};
use serde_json::Value;
use std::sync::LazyLock;
use url::Url;

use super::{Extracted, MOST_LISTINGS, links, visible};

static SCRIPTS: LazyLock<Selector> = LazyLock::new(|| links::selector("script[type='application/ld+json']"));
static BODY: LazyLock<Selector> = LazyLock::new(|| links::selector("body"));

/// The listings in the page's JSON-LD.
pub(super) fn listings(document: &Html, url: &Url) -> Vec<Extracted> {
    let mut found = Vec::new();
    for script in document.select(&SCRIPTS) {
        let text: String = script.text().collect();
        if let Some(value) = parse(&text) {
            collect(&value, 0, url, &mut found);
        }
    }
    let hid_text = !found.is_empty() && document.select(&BODY).next().is_some_and(|body| visible::read(body).hid_text);
    let notices =
        if hid_text { vec![Notice::new("hidden-text", "the page holds text that it does not show")] } else { vec![] };
    found.into_iter().map(|listing| Extracted { listing, notices: notices.clone() }).collect()
}

/// Reads JSON as pages write it: inside comments, with raw line ends or trailing commas.
fn parse(text: &str) -> Option<Value> {
    let text = text.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let text = text.trim_start_matches("//<![CDATA[").trim_end_matches("//]]>").trim().trim_end_matches(';');
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    serde_json::from_str(&mended(text)).ok()
}

/// Escapes raw line ends inside texts and drops commas before a closing bracket.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut inside, mut escaped) = (false, false);
    for c in text.chars() {
        match c {
            '\n' if inside => out.push_str("\\n"),
            '\r' if inside => {}
            '\t' if inside => out.push_str("\\t"),
            '}' | ']' if !inside => {
                let kept = out.trim_end().trim_end_matches(',').len();
                out.truncate(kept);
                out.push(c);
            }
            _ => out.push(c),
        }
        if inside && !escaped && c == '\\' {
            escaped = true;
            continue;
        }
        if c == '"' && !escaped {
            inside = !inside;
        }
        escaped = false;
    }
    out
}

fn collect(value: &Value, depth: usize, url: &Url, found: &mut Vec<Listing>) {
    if depth > 12 || found.len() >= MOST_LISTINGS {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|inner| collect(inner, depth + 1, url, found)),
        Value::Object(object) => {
            if let Some(listing) = listing(value, url) {
                found.push(listing);
                return;
            }
            for key in ["@graph", "itemListElement", "item", "mainEntity", "hasPart"] {
                if let Some(inner) = object.get(key) {
                    collect(inner, depth + 1, url, found);
                }
            }
        }
        _ => {}
    }
}

fn listing(value: &Value, page: &Url) -> Option<Listing> {
    let is = |name: &str| match value.get("@type") {
        Some(Value::String(stated)) => stated.ends_with(name),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).any(|stated| stated.ends_with(name)),
        _ => false,
    };
    let kind = match () {
        () if is("JobPosting") => Kind::JobAd,
        () if is("Product") || is("Offer") => Kind::GoodsAd,
        () if is("Service") => Kind::ServiceAd,
        () => return None,
    };
    let title = text(value, &["title", "name"]).map(|title| plain(&title)).unwrap_or_default();
    let body = text(value, &["description"]).map(|body| plain(&body)).unwrap_or_default();
    if title.is_empty() && body.is_empty() {
        return None;
    }
    let url = text(value, &["url"]).and_then(|url| page.join(&url).ok()).unwrap_or_else(|| page.clone());
    Some(Listing {
        external_id: identifier(value).unwrap_or_else(|| url.path().to_string()),
        kind,
        url: Some(url.to_string()),
        title,
        body,
        location: location(value),
        price: price(value),
        contacts: contacts(value),
        posted_at: text(value, &["datePosted", "datePublished", "dateCreated"]),
        ..Listing::default()
    })
}

/// Descriptions hold markup more often than not.
fn plain(text: &str) -> String {
    if !text.contains('<') && !text.contains('&') {
        return text.trim().to_string();
    }
    visible::read(Html::parse_fragment(text).root_element()).text
}

fn text(value: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match value.get(name) {
        Some(Value::String(text)) if !text.trim().is_empty() => Some(text.trim().to_string()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    })
}

fn identifier(value: &Value) -> Option<String> {
    match value.get("identifier") {
        Some(inner @ Value::Object(_)) => text(inner, &["value", "@id", "name"]),
        _ => text(value, &["identifier", "sku", "productID"]),
    }
}

fn location(value: &Value) -> Option<String> {
    let place =
        value.get("jobLocation").or_else(|| value.get("areaServed")).or_else(|| value.get("availableAtOrFrom"))?;
    let place = place.as_array().and_then(|list| list.first()).unwrap_or(place);
    if let Value::String(name) = place {
        return Some(name.clone());
    }
    let address = place.get("address").unwrap_or(place);
    if let Value::String(name) = address {
        return Some(name.clone());
    }
    let parts = ["streetAddress", "addressLocality", "addressRegion", "addressCountry"];
    let named = parts.iter().filter_map(|part| match address.get(part) {
        Some(inner @ Value::Object(_)) => text(inner, &["name"]),
        _ => text(address, &[part]),
    });
    let joined = named.collect::<Vec<_>>().join(", ");
    if joined.is_empty() { text(place, &["name"]) } else { Some(joined) }
}

fn price(value: &Value) -> Option<String> {
    if let Some(Value::String(stated)) = value.get("baseSalary") {
        return Some(stated.clone());
    }
    if let Some(salary) = value.get("baseSalary") {
        let amount = salary.get("value").unwrap_or(salary);
        let currency = text(salary, &["currency"]).or_else(|| text(amount, &["currency"]));
        let unit = text(amount, &["unitText"]).map(|unit| format!("per {}", unit.to_lowercase()));
        let number = match (text(amount, &["minValue"]), text(amount, &["maxValue"]), text(amount, &["value"])) {
            (Some(least), Some(most), _) => Some(format!("{least}-{most}")),
            (_, _, Some(one)) | (Some(one), None, None) | (None, Some(one), None) => Some(one),
            _ => text(salary, &["value"]),
        };
        let parts: Vec<String> = [number, currency, unit].into_iter().flatten().collect();
        return (!parts.is_empty()).then(|| parts.join(" "));
    }
    let offer =
        value.get("offers").map_or(value, |offers| offers.as_array().and_then(|list| list.first()).unwrap_or(offers));
    let amount = text(offer, &["price", "lowPrice"])?;
    Some(match text(offer, &["priceCurrency"]) {
        Some(currency) => format!("{amount} {currency}"),
        None => amount,
    })
}

fn contacts(value: &Value) -> Vec<Contact> {
    let mut contacts = Vec::new();
    let holders = [Some(value), value.get("applicationContact"), value.get("contactPoint"), value.get("seller")];
    for holder in holders.into_iter().flatten() {
        for (name, kind) in [("telephone", ContactKind::Phone), ("email", ContactKind::Email)] {
            if let Some(found) = text(holder, &[name]) {
                let value = found.trim_start_matches("mailto:").trim_start_matches("tel:").to_string();
                contacts.push(Contact { kind, value: Private::new(value) });
            }
        }
    }
    contacts
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(json: &str, expected: Expect) {
        let html = format!("<html><head><script type='application/ld+json'>{json}</script></head><body></body></html>");
        let url = Url::parse("https://board.example/job/7").unwrap();
        let found = listings(&Html::parse_document(&html), &url);
        let shown: Vec<String> = found
            .iter()
            .map(|Extracted { listing, .. }| {
                let contacts = listing.contacts.len();
                format!(
                    "{} | {} | {} | {:?} | {:?} | {contacts}",
                    listing.external_id, listing.title, listing.body, listing.location, listing.price
                )
            })
            .collect();
        expected.assert_eq(&shown.join("\n"));
    }

    #[test]
    fn a_job_posting_is_read_whole() {
        check(
            r#"{"@type":"JobPosting","title":"Cook","description":"<p>Cook wanted</p><p>Meals</p>","identifier":{"value":"c-1"},
                "jobLocation":{"address":{"addressLocality":"Lyon","addressCountry":"FR"}},
                "baseSalary":{"currency":"EUR","value":{"minValue":1800,"maxValue":2000,"unitText":"MONTH"}},
                "applicationContact":{"email":"jobs@example.com"}}"#,
            expect!["c-1 | Cook | Cook wanted\nMeals | Some(\"Lyon, FR\") | Some(\"1800-2000 EUR per month\") | 1"],
        );
    }

    #[test]
    fn graphs_arrays_and_broken_commas_are_read() {
        check(
            "{\"@graph\":[{\"@type\":\"WebSite\"},[{\"@type\":[\"Thing\",\"JobPosting\"],\"name\":\"A\",\"description\":\"line\nbreak\",}],]}",
            expect!["/job/7 | A | line\nbreak | None | None | 0"],
        );
    }
}
