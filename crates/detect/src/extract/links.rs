//! Where a page leads.

use scraper::{Html, Selector};
use std::sync::LazyLock;
use url::Url;

/// A link that a crawl may follow.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Link {
    /// Where it leads; without fragment, http or https.
    pub url: Url,
    /// Whether it leads to more of the same list.
    pub is_next: bool,
}

static BASE: LazyLock<Selector> = LazyLock::new(|| selector("base[href]"));
static ANCHORS: LazyLock<Selector> = LazyLock::new(|| selector("a[href], link[rel~=next][href]"));
static ROBOTS: LazyLock<Selector> = LazyLock::new(|| selector("meta[name=robots]"));

/// More links than this of one page are not followed.
const MOST_LINKS: usize = 5_000;

pub(super) fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("a valid selector")
}

/// The URL against which the page's links are resolved.
pub(super) fn base(document: &Html, url: &Url) -> Url {
    let stated = document.select(&BASE).find_map(|element| element.attr("href"));
    stated.and_then(|href| url.join(href.trim()).ok()).unwrap_or_else(|| url.clone())
}

/// Every link of the page that is not marked `nofollow`.
pub(super) fn all(document: &Html, base: &Url) -> Vec<Link> {
    matching(document, base, &ANCHORS)
}

/// The links among the elements of a selector.
pub(super) fn matching(document: &Html, base: &Url, selector: &Selector) -> Vec<Link> {
    let forbids = |content: &str| content.to_ascii_lowercase().contains("nofollow");
    if document.select(&ROBOTS).filter_map(|element| element.attr("content")).any(forbids) {
        return Vec::new();
    }
    let mut links: Vec<Link> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for element in document.select(selector) {
        let relation = element.attr("rel").unwrap_or_default().to_ascii_lowercase();
        let Some(href) = element.attr("href") else { continue };
        if relation.split_whitespace().any(|word| word == "nofollow") {
            continue;
        }
        let Some(url) = resolve(base, href) else { continue };
        let is_next = relation.split_whitespace().any(|word| word == "next");
        if known.insert(url.clone()) {
            links.push(Link { url, is_next });
        }
        if links.len() >= MOST_LINKS {
            break;
        }
    }
    links
}

fn resolve(base: &Url, href: &str) -> Option<Url> {
    let mut url = base.join(href.trim()).ok()?;
    url.set_fragment(None);
    (matches!(url.scheme(), "http" | "https") && url.as_str().len() <= 2_048).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_resolved_once_and_nofollow_is_left_alone() {
        let html = "<base href='/ads/'><a href='7#x'>a</a><a href='7'>b</a><a rel=nofollow href=8>c</a>\
                    <a href='mailto:x@example.com'>d</a><link rel=next href='?page=2'>";
        let document = Html::parse_document(html);
        let page = Url::parse("https://board.example/").unwrap();
        let base = base(&document, &page);
        let links = all(&document, &base);
        let seen: Vec<(&str, bool)> = links.iter().map(|link| (link.url.as_str(), link.is_next)).collect();
        assert!(seen.contains(&("https://board.example/ads/7", false)), "{seen:?}");
        assert!(seen.contains(&("https://board.example/ads/?page=2", true)), "{seen:?}");
        assert_eq!(seen.len(), 2);
    }
}
