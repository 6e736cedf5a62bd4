//! From the bytes of a page to listings: by a site's profile, by structured data, or by the look of the page.

mod charset;
mod json_ld;
mod links;
mod page;
mod pattern;
mod profile;
mod visible;

pub use charset::{Decoded, decode};
pub use links::Link;
pub use profile::{Profile, ProfileError};

use lapwing_types::{Listing, Notice};
use scraper::Html;
use url::Url;

/// A page as it was captured, its content coding undone.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Its address.
    pub url: &'a Url,
    /// The `Content-Type` of the answer.
    pub content_type: Option<&'a str>,
    /// Its bytes.
    pub body: &'a [u8],
}

/// A listing with the remarks made while reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extracted {
    /// The listing.
    pub listing: Listing,
    /// Remarks, such as hidden text.
    pub notices: Vec<Notice>,
}

/// What a page held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extraction {
    /// Its listings.
    pub listings: Vec<Extracted>,
    /// Where it leads.
    pub links: Vec<Link>,
    /// Remarks on the page as a whole.
    pub notices: Vec<Notice>,
}

/// More of a page than this is not read.
const LARGEST_PAGE: usize = 8 << 20;
/// More listings than this on one page are not kept.
pub(crate) const MOST_LISTINGS: usize = 2_000;

/// Reads a page. Never fails: what cannot be read gives a notice.
pub fn extract(page: Page<'_>, profile: Option<&Profile>) -> Extraction {
    let mut extraction = Extraction::default();
    if !is_html(page) {
        extraction.notices.push(Notice::new("not-html", "the answer is not an HTML page; nothing was read from it"));
        return extraction;
    }
    let body = &page.body[..page.body.len().min(LARGEST_PAGE)];
    if body.len() < page.body.len() {
        let message = format!("the page has {} bytes; the first {LARGEST_PAGE} were read", page.body.len());
        extraction.notices.push(Notice::new("page-too-long", message));
    }
    let decoded = decode(body, page.content_type);
    if decoded.had_errors {
        let message = format!("bytes that are not {} were replaced", decoded.charset);
        extraction.notices.push(Notice::new("charset", message));
    }
    if nests_too_deeply(&decoded.text) {
        let message = "the page nests its elements too deeply to be read as a tree";
        extraction.notices.push(Notice::new("nested-too-deeply", message));
        return extraction;
    }
    let document = Html::parse_document(&decoded.text);
    let base = links::base(&document, page.url);
    match profile {
        Some(profile) => {
            extraction.listings = profile.listings(&document, page.url);
            extraction.links = profile.links(&document, &base);
        }
        None => {
            extraction.listings = json_ld::listings(&document, page.url);
            if extraction.listings.is_empty() {
                extraction.listings = page::listings(&document, page.url);
            }
            extraction.links = links::all(&document, &base);
        }
    }
    extraction.listings.truncate(MOST_LISTINGS);
    let source = page.url.host_str().unwrap_or_default();
    for extracted in &mut extraction.listings {
        extracted.listing.source = match page.url.port() {
            Some(port) => format!("{source}:{port}"),
            None => source.to_string(),
        };
    }
    extraction
}

fn is_html(page: Page<'_>) -> bool {
    match page.content_type {
        Some(stated) => {
            let stated = stated.to_ascii_lowercase();
            stated.contains("html") || stated.trim().is_empty()
        }
        None => page.body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<'),
    }
}

/// A tree of many thousand levels would exhaust the stack of whoever walks it.
fn nests_too_deeply(html: &str) -> bool {
    const DEEPEST: usize = 1_500;
    let (mut depth, mut deepest) = (0usize, 0usize);
    let bytes = html.as_bytes();
    for position in memchr::memchr_iter(b'<', bytes) {
        match bytes.get(position + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(next) if next.is_ascii_alphabetic() && !is_void(&bytes[position + 1..]) => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            _ => {}
        }
    }
    deepest > DEEPEST && depth * 2 > deepest || deepest > 4 * DEEPEST
}

fn is_void(name: &[u8]) -> bool {
    const NAMES: [&str; 12] = ["br", "img", "input", "meta", "link", "hr", "area", "base", "col", "wbr", "p", "li"];
    NAMES.iter().any(|void| {
        name.len() > void.len()
            && name[..void.len()].eq_ignore_ascii_case(void.as_bytes())
            && !name[void.len()].is_ascii_alphanumeric()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn url() -> Url {
        Url::parse("https://board.example/ads/7").unwrap()
    }

    #[test]
    fn other_content_is_left_alone() {
        let page = Page { url: &url(), content_type: Some("application/pdf"), body: b"%PDF" };
        assert_eq!(extract(page, None).notices[0].code, "not-html");
    }

    #[test]
    fn a_hundred_thousand_levels_are_a_notice() {
        let body = "<div>".repeat(100_000);
        let page = Page { url: &url(), content_type: Some("text/html"), body: body.as_bytes() };
        assert_eq!(extract(page, None).notices[0].code, "nested-too-deeply");
    }

    proptest! {
        #[test]
        fn never_panics(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            let url = url();
            let page = Page { url: &url, content_type: Some("text/html"), body: &body };
            let _ = extract(page, None);
        }

        #[test]
        fn never_panics_on_tags(body in "(<(div|p|a href=|script type=\"application/ld\\+json\"|table|td|style)>?|</|[{}\\[\\]\"a-z ]){0,40}") {
            let url = url();
            let page = Page { url: &url, content_type: Some("text/html"), body: body.as_bytes() };
            let _ = extract(page, None);
        }
    }
}
