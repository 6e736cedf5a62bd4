//! A share with its interval, as wide as a cell of a table.

use lapwing_detect::evaluation::Share;
use maud::{Markup, html};

use super::frame::round;
use super::words::number;

const WIDTH: f64 = 110.0;
const EDGE: f64 = 6.0;

fn across(share: f64) -> f64 {
    round(EDGE + share.clamp(0.0, 1.0) * (WIDTH - 2.0 * EDGE))
}

/// The share in digits, and drawn; `beside` is marked for comparison.
pub(super) fn share(share: &Share, beside: Option<f64>) -> Markup {
    html! {
        @if let (Some(value), Some(low), Some(high)) = (share.value, share.low, share.high) {
            span.share {
                span.digits { (number(Some(value))) small { " " (share.count) "/" (share.of) } }
                svg.whiskers viewBox={ "0 0 " (WIDTH) " 14" } role="img" aria-label={ (number(Some(low))) " to " (number(Some(high))) } {
                    title { (number(Some(low))) " to " (number(Some(high))) }
                    line.track x1=(across(0.0)) y1="7" x2=(across(1.0)) y2="7" {}
                    @if let Some(beside) = beside { line.beside x1=(across(beside)) y1="1" x2=(across(beside)) y2="13" {} }
                    line.whisker x1=(across(low)) y1="7" x2=(across(high)) y2="7" {}
                    circle.dot cx=(across(value)) cy="7" r="3.6" {}
                }
            }
        } @else { span.absent { "–" } }
    }
}
