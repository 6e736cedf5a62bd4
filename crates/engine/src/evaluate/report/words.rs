//! Numbers as people read them.

use lapwing_detect::evaluation::{Difference, Interval};

/// Three digits, or a dash where there is none.
pub(super) fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_string(), |value| format!("{value:.3}"))
}

/// As few digits as will do.
pub(super) fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// A share in hundredths.
pub(super) fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_string(), |value| format!("{:.1} %", value * 100.0))
}

/// With its sign.
pub(super) fn signed(value: Option<f64>) -> String {
    let written = |value: f64| if value.abs() < 0.000_5 { "0.000".to_string() } else { format!("{value:+.3}") };
    value.map_or_else(|| "–".to_string(), |value| written(value).replace('-', "−"))
}

pub(super) fn interval(interval: Option<Interval>) -> String {
    interval.map_or_else(String::new, |interval| format!("{:.3} to {:.3}", interval.low, interval.high))
}

pub(super) fn signed_interval(interval: Option<Interval>) -> String {
    interval.map_or_else(String::new, |interval| {
        format!("{} to {}", signed(Some(interval.low)), signed(Some(interval.high)))
    })
}

pub(super) fn difference(difference: Option<&Difference>) -> String {
    difference.map_or_else(
        || "–".to_string(),
        |found| format!("{} ({} to {})", signed(Some(found.value)), signed(Some(found.low)), signed(Some(found.high))),
    )
}

pub(super) fn probability(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_string() } else { format!("{p:.3}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!((short(1.0).as_str(), short(0.1).as_str(), short(12.345_6).as_str()), ("1", "0.1", "12.346"));
        assert_eq!((signed(Some(-0.5)).as_str(), number(None).as_str()), ("−0.500", "–"));
        assert_eq!((signed(Some(-0.000_1)).as_str(), signed(Some(0.25)).as_str()), ("0.000", "+0.250"));
        assert_eq!(probability(0.000_01), "< 0.001");
    }
}
