//! Bars of two parts: listings by band, those labelled for a look and the others.

use maud::{Markup, html};

use super::super::document::BandRow;
use super::frame::round;

const WIDTH: f64 = 440.0;
const LABEL: f64 = 64.0;
const VALUE: f64 = 104.0;
const ROW: f64 = 34.0;

pub(super) fn bands(rows: &[BandRow], at: lapwing_types::Band) -> Markup {
    let most = rows.iter().map(|row| row.labelled + row.unlabelled).max().unwrap_or(0).max(1) as f64;
    let room = WIDTH - LABEL - VALUE;
    let width = |count: u64| round(count as f64 / most * room);
    let height = rows.len() as f64 * ROW + 8.0;
    let line = rows.iter().position(|row| row.band >= at).map(|place| place as f64 * ROW + 1.0);
    html! {
        svg.bars viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label="Listings by band and label" {
            title { "Listings by band and label" }
            defs {
                pattern #hatch width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" { line.hatch x1="0" y1="0" x2="0" y2="6" {} }
            }
            @for (index, row) in rows.iter().enumerate() {
                @let y = index as f64 * ROW + 6.0;
                text.label x=(LABEL - 10.0) y=(y + 16.0) text-anchor="end" { (row.band) }
                rect.labelled x=(LABEL) y=(y) width=(width(row.labelled)) height=(ROW - 11.0) {}
                rect.unlabelled x=(LABEL + width(row.labelled)) y=(y) width=(width(row.unlabelled)) height=(ROW - 11.0) {}
                text.value x=(LABEL + width(row.labelled) + width(row.unlabelled) + 8.0) y=(y + 16.0) { (row.labelled) " + " (row.unlabelled) }
            }
            @if let Some(y) = line { line.mark x1="0" y1=(y) x2=(WIDTH) y2=(y) {} }
        }
        ul.legend {
            li { span.swatch.labelled {} span { "labelled for a look" } }
            li { span.swatch.unlabelled {} span { "not labelled" } }
            li { svg viewBox="0 0 30 10" aria-hidden="true" { line class="line mark" x1="1" y1="5" x2="29" y2="5" {} } span { "flagged from here on" } }
        }
    }
}
