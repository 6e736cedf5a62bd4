//! A listing where neither a profile nor structured data helps: the page's headline and its main text, if it looks
//! like one advert at all.

use lapwing_types::{Contact, ContactKind, Kind, Listing, Notice, Private};
use scraper::{ElementRef, Html, Selector};
use std::sync::LazyLock;
use url::Url;

use super::{Extracted, links, visible};

static HEADLINES: LazyLock<Selector> = LazyLock::new(|| links::selector("h1"));
static TITLE: LazyLock<Selector> = LazyLock::new(|| links::selector("title"));
static MAIN: LazyLock<Selector> = LazyLock::new(|| {
    links::selector(
        "[itemprop=description], [itemprop=articleBody], article, main, [role=main], #content, .content, .description",
    )
});
static BLOCKS: LazyLock<Selector> = LazyLock::new(|| links::selector("div, section, td, article"));
static BODY: LazyLock<Selector> = LazyLock::new(|| links::selector("body"));
static ANCHORS: LazyLock<Selector> = LazyLock::new(|| links::selector("a[href]"));
static TIMES: LazyLock<Selector> = LazyLock::new(|| links::selector("time[datetime], [itemprop=datePosted]"));
static PRICES: LazyLock<Selector> =
    LazyLock::new(|| links::selector("[itemprop=price], [class*=price], [class*=salary]"));
static PLACES: LazyLock<Selector> = LazyLock::new(|| {
    links::selector("[itemprop=addressLocality], [itemprop=jobLocation], [class*=location], [class*=place]")
});

/// Shorter texts are no advert.
const SHORTEST: usize = 40;
/// A page of which more than this share of the text stands in links is a list.
const MOST_LINKED: f64 = 0.45;

pub(super) fn listings(document: &Html, url: &Url) -> Vec<Extracted> {
    listing(document, url).into_iter().collect()
}

fn listing(document: &Html, url: &Url) -> Option<Extracted> {
    let mut headlines = document.select(&HEADLINES);
    let headline = headlines.next().map(visible::line).filter(|line| !line.is_empty());
    if headlines.next().is_some() {
        return None;
    }
    let block = main_block(document)?;
    let seen = visible::read(block);
    if seen.text.chars().count() < SHORTEST || linked_share(block, &seen.text) > MOST_LINKED {
        return None;
    }
    let title = headline.or_else(|| document.select(&TITLE).next().map(visible_title)).unwrap_or_default();
    let body = seen.text.strip_prefix(title.as_str()).map_or(seen.text.as_str(), str::trim_start).to_string();
    let within = |selector: &Selector| block.select(selector).map(visible::line).find(|line| !line.is_empty());
    let posted = document.select(&TIMES).next();
    let hid_text = document.select(&BODY).next().is_some_and(|body| visible::read(body).hid_text);
    let listing = Listing {
        external_id: url.path().to_string(),
        kind: Kind::Unknown,
        url: Some(url.to_string()),
        title,
        body,
        location: within(&PLACES),
        price: within(&PRICES),
        contacts: contacts(block),
        posted_at: posted
            .and_then(|time| time.attr("datetime").map(str::to_string).or_else(|| Some(visible::line(time)))),
        ..Listing::default()
    };
    let notices =
        if hid_text { vec![Notice::new("hidden-text", "the page holds text that it does not show")] } else { vec![] };
    Some(Extracted { listing, notices })
}

fn visible_title(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The element that holds the advert: one that says so, or the smallest block with most of the page's unlinked text.
fn main_block(document: &Html) -> Option<ElementRef<'_>> {
    let stated = document.select(&MAIN).max_by_key(|element| visible::read(*element).text.len());
    if let Some(stated) = stated
        && visible::read(stated).text.chars().count() >= SHORTEST
    {
        return Some(stated);
    }
    let body = document.select(&BODY).next()?;
    let whole = visible::read(body).text.len();
    let blocks = document.select(&BLOCKS).take(2_000).map(|block| (visible::read(block).text.len(), block));
    let smallest = blocks.filter(|(length, _)| length * 2 > whole).min_by_key(|(length, _)| *length);
    Some(smallest.map_or(body, |(_, block)| block))
}

fn linked_share(block: ElementRef<'_>, text: &str) -> f64 {
    let linked: usize = block.select(&ANCHORS).map(|anchor| visible::line(anchor).len()).sum();
    linked as f64 / text.len().max(1) as f64
}

/// Contacts that stand as links in a block.
pub(super) fn contacts(block: ElementRef<'_>) -> Vec<Contact> {
    let hrefs = block.select(&ANCHORS).filter_map(|anchor| anchor.attr("href"));
    hrefs.filter_map(contact_of_href).collect()
}

/// A contact from `tel:`, `mailto:` and the addresses of messengers.
pub(super) fn contact_of_href(href: &str) -> Option<Contact> {
    let href = href.trim();
    let value = |rest: &str| rest.split(['?', '&']).next().unwrap_or_default().trim().to_string();
    let (kind, value) = if let Some(rest) = href.strip_prefix("tel:") {
        (ContactKind::Phone, value(rest))
    } else if let Some(rest) = href.strip_prefix("mailto:") {
        (ContactKind::Email, value(rest))
    } else if let Some((_, rest)) = href.split_once("//t.me/") {
        (ContactKind::Telegram, value(rest))
    } else if let Some((_, rest)) = href.split_once("//wa.me/") {
        (ContactKind::Whatsapp, value(rest))
    } else {
        return None;
    };
    (!value.is_empty()).then(|| Contact { kind, value: Private::new(value) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_advert_page_is_one_listing_and_a_list_is_none() {
        let url = Url::parse("https://board.example/ad/7").unwrap();
        let advert = "<nav><a href=/>home</a></nav><main><h1>Cook wanted</h1><p>Small restaurant looks for a cook with \
                      two years of experience, meals included.</p><a href='tel:+442079460958'>call</a></main>";
        let found = listings(&Html::parse_document(advert), &url);
        assert_eq!(found[0].listing.title, "Cook wanted");
        assert!(found[0].listing.body.starts_with("Small restaurant"));
        assert_eq!(found[0].listing.contacts[0].kind, ContactKind::Phone);
        let list = format!(
            "<main><h1>All jobs</h1>{}</main>",
            "<p><a href=/ad/1>A job somewhere with a long name</a></p>".repeat(9)
        );
        assert!(listings(&Html::parse_document(&list), &url).is_empty());
    }
}
