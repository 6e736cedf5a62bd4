//! The reliability diagram: the classifier's number against the share that was labelled, and how often each is given.

use lapwing_detect::evaluation::Calibration;
use maud::{Markup, html};

use super::frame::{across, down, legend, plot, round};

/// The room below the line of shares in which the counts stand.
const COUNTS: f64 = 0.14;

pub(super) fn reliability(calibration: &Calibration) -> Markup {
    let most = calibration.bins.iter().map(|bin| bin.listings).max().unwrap_or(0).max(1) as f64;
    let inside = html! {
        @for bin in &calibration.bins {
            @let height = COUNTS * bin.listings as f64 / most;
            rect.count x=(across(bin.from) + 1.0) y=(down(height)) width=(round(across(bin.to) - across(bin.from) - 2.0)) height=(round(down(0.0) - down(height))) {}
        }
        line.line.chance x1=(across(0.0)) y1=(down(0.0)) x2=(across(1.0)) y2=(down(1.0)) {}
        @for bin in &calibration.bins {
            @if let (Some(mean), Some(share), Some(low), Some(high)) = (bin.mean, bin.labelled.value, bin.labelled.low, bin.labelled.high) {
                line.whisker x1=(across(mean)) y1=(down(low)) x2=(across(mean)) y2=(down(high)) {}
                circle.dot cx=(across(mean)) cy=(down(share)) r="4.5" { title { (bin.listings) " listings" } }
            }
        }
    };
    html! {
        (plot("Reliability of the classifier's number", "the classifier's number", "share labelled", &inside))
        (legend(&[("one", "share labelled, with its interval".to_string()), ("chance", "what the number says".to_string())]))
        p.note { "The grey bars at the foot show how often each number is given." }
    }
}
