//! Bar charts as SVG: readable without colour, in light and dark, on paper.

use maud::{Markup, html};

/// One bar.
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) value: u64,
    pub(super) class: String,
}

const WIDTH: u64 = 620;
/// The room that a character of a label takes, and the least that labels get.
const CHARACTER: u64 = 7;
const LEAST_LABEL: u64 = 80;
const VALUE: u64 = 60;
const ROW: u64 = 30;

/// Horizontal bars with their values; `description` is for those who do not see them.
pub(super) fn bars(description: &str, bars: &[Bar]) -> Markup {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let height = ROW * bars.len().max(1) as u64 + 6;
    let longest = bars.iter().map(|bar| bar.label.chars().count() as u64).max().unwrap_or(0);
    let label = (longest * CHARACTER + 16).clamp(LEAST_LABEL, WIDTH / 2 + 40);
    let room = WIDTH - label - VALUE;
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label=(description) {
            title { (description) }
            @for (index, bar) in bars.iter().enumerate() {
                @let y = index as u64 * ROW + 4;
                @let width = (bar.value * room).div_ceil(most);
                text.label x=(label - 10) y=(y + 16) text-anchor="end" { (bar.label) }
                rect class=(bar.class) x=(label) y=(y) width=(width.max(if bar.value > 0 { 2 } else { 0 })) height=(ROW - 8) rx="2" {}
                text.value x=(label + width + 8) y=(y + 16) { (bar.value) }
            }
            @if bars.is_empty() { text.label x="10" y="20" { "none" } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_stays_inside() {
        let bar = |value| Bar { label: "x".into(), value, class: "c".into() };
        let svg = bars("d", &[bar(u64::from(u32::MAX)), bar(0)]).into_string();
        assert!(svg.contains(&format!("width=\"{}\"", WIDTH - LEAST_LABEL - VALUE)));
        assert!(svg.contains("width=\"0\""));
    }
}
