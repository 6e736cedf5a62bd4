//! The frame of a plot over the unit square: axes, grid, names. What is drawn inside is the caller's.

use maud::{Markup, html};

pub(super) const WIDTH: f64 = 440.0;
pub(super) const HEIGHT: f64 = 356.0;
const LEFT: f64 = 48.0;
const TOP: f64 = 12.0;
const RIGHT: f64 = 16.0;
const BOTTOM: f64 = 48.0;

/// Where a share stands across, from the left.
pub(super) fn across(share: f64) -> f64 {
    round(LEFT + share.clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT))
}

/// Where a share stands, from the top.
pub(super) fn down(share: f64) -> f64 {
    round(HEIGHT - BOTTOM - share.clamp(0.0, 1.0) * (HEIGHT - TOP - BOTTOM))
}

/// Tenths of a pixel are enough, and keep the page small.
pub(super) fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// A path through points.
pub(super) fn path(points: &[(f64, f64)]) -> String {
    let mut text = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        text.push_str(&format!("{}{} {}", if index == 0 { "M" } else { " L" }, across(*x), down(*y)));
    }
    text
}

/// A plot; `description` is for those who do not see it.
pub(super) fn plot(description: &str, across_name: &str, up_name: &str, inside: &Markup) -> Markup {
    let ticks = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];
    html! {
        svg.plot viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(description) {
            title { (description) }
            @for tick in ticks {
                line.grid x1=(across(tick)) y1=(down(0.0)) x2=(across(tick)) y2=(down(1.0)) {}
                line.grid x1=(across(0.0)) y1=(down(tick)) x2=(across(1.0)) y2=(down(tick)) {}
                text.tick x=(across(tick)) y=(down(0.0) + 17.0) text-anchor="middle" { (tick) }
                text.tick x=(across(0.0) - 7.0) y=(down(tick) + 4.0) text-anchor="end" { (tick) }
            }
            line.axis x1=(across(0.0)) y1=(down(0.0)) x2=(across(1.0)) y2=(down(0.0)) {}
            line.axis x1=(across(0.0)) y1=(down(0.0)) x2=(across(0.0)) y2=(down(1.0)) {}
            text.name x=(across(0.5)) y=(HEIGHT - 10.0) text-anchor="middle" { (across_name) }
            text.name x="0" y="0" text-anchor="middle" transform={ "translate(13 " (down(0.5)) ") rotate(-90)" } { (up_name) }
            (inside)
        }
    }
}

/// What the lines of a plot are: a class of line and its name.
pub(super) fn legend(lines: &[(&str, String)]) -> Markup {
    html! {
        ul.legend {
            @for (class, name) in lines {
                li {
                    svg viewBox="0 0 30 10" aria-hidden="true" { line class={ "line " (class) } x1="1" y1="5" x2="29" y2="5" {} }
                    span { (name) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_stay_inside_the_frame() {
        for share in [-1.0, 0.0, 0.5, 1.0, 2.0] {
            assert!((0.0..=WIDTH).contains(&across(share)) && (0.0..=HEIGHT).contains(&down(share)));
        }
        assert!(path(&[(0.0, 0.0), (1.0, 1.0)]).starts_with("M48 308 L"));
    }
}
