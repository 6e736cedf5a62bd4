//! A web page as a file: what extraction finds on it.

use std::io::{self, BufRead, Read as _};

use lapwing_detect::{Extracted, Page, extract};
use url::Url;

use super::Numbered;

/// A longer page is read up to here.
const LONGEST_PAGE: u64 = 16 << 20;

/// The listings of one page; a page without any is a record that was not read.
pub(super) fn page(reader: Box<dyn BufRead + '_>, name: &str) -> impl Iterator<Item = io::Result<Numbered<Extracted>>> {
    let mut body = Vec::new();
    if let Err(error) = reader.take(LONGEST_PAGE).read_to_end(&mut body) {
        return vec![Err(error)].into_iter();
    }
    let file = name.rsplit('/').next().unwrap_or_default();
    let url = Url::parse("file:///").and_then(|base| base.join(file));
    let fallback = || Url::parse("file:///page.html").expect("a valid URL");
    let url = url.unwrap_or_else(|_| fallback());
    let extraction = extract(Page { url: &url, content_type: Some("text/html"), body: &body }, None);
    if extraction.listings.is_empty() {
        let remarks: Vec<String> = extraction.notices.iter().map(ToString::to_string).collect();
        let reason = format!(
            "no listing was found on the page{}{}",
            if remarks.is_empty() { "" } else { ": " },
            remarks.join("; ")
        );
        return vec![Ok((1, Err(reason)))].into_iter();
    }
    let numbered = extraction.listings.into_iter().zip(1u64..);
    numbered.map(|(extracted, number)| Ok((number, Ok(extracted)))).collect::<Vec<_>>().into_iter()
}
