//! How long to wait after a failure: doubling pauses with chance added, and what `Retry-After` says.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::TimeZone;

/// The pause after the `failures`-th failure in a row (from 1): the base, doubled each time, plus up to half of it by
/// chance, so that many crawls that failed together do not come back together.
pub(crate) fn pause_after(failures: u32, base: Duration, cap: Duration) -> Duration {
    let doubled = base.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)));
    let chance = RandomState::new().hash_one(failures) % 1000;
    let added = (doubled.min(cap) / 2000).saturating_mul(u32::try_from(chance).unwrap_or(0));
    doubled.min(cap).saturating_add(added).min(cap)
}

/// What a `Retry-After` asks for: seconds or an HTTP date (all three forms), from `now` on; never longer than the cap.
pub(crate) fn retry_after(value: &str, now: Timestamp, cap: Duration) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(value.parse().map_or(cap, Duration::from_secs).min(cap));
    }
    let wait = Duration::try_from(http_date(value)?.duration_since(now)).unwrap_or(Duration::ZERO);
    Some(wait.min(cap))
}

fn http_date(value: &str) -> Option<Timestamp> {
    // A wrong weekday does not make the time unclear.
    if let Ok(time) = DateTimeParser::new().relaxed_weekday(true).parse_timestamp(value) {
        return Some(time);
    }
    let forms = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    let civil = forms.iter().find_map(|form| DateTime::strptime(form, value).ok())?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn now() -> Timestamp {
        "1994-11-06T08:49:00Z".parse().unwrap()
    }

    #[test]
    fn pauses_double_within_the_cap() {
        let base = Duration::from_secs(2);
        for (failures, least) in [(1, 2), (2, 4), (3, 8)] {
            let pause = pause_after(failures, base, HOUR);
            assert!(pause >= Duration::from_secs(least) && pause < Duration::from_secs(least) * 3 / 2 + base);
        }
        assert_eq!(pause_after(u32::MAX, base, HOUR), HOUR);
        assert_eq!(pause_after(0, Duration::ZERO, HOUR), Duration::ZERO);
        assert_eq!(pause_after(40, Duration::MAX, Duration::from_secs(1)), Duration::from_secs(1));
    }

    #[test]
    fn seconds_and_all_forms_of_dates_are_read() {
        let wait = |value: &str| retry_after(value, now(), HOUR).map(|wait| wait.as_secs());
        assert_eq!(wait(" 120 "), Some(120));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(37));
        assert_eq!(wait("Sunday, 06-Nov-94 08:49:37 GMT"), Some(37));
        assert_eq!(wait("Sun Nov  6 08:49:37 1994"), Some(37));
    }

    #[test]
    fn the_past_is_now_and_too_long_is_capped() {
        let wait = |value: &str| retry_after(value, now(), HOUR);
        assert_eq!(wait("Sun, 06 Nov 1994 08:48:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("7201"), Some(HOUR));
        assert_eq!(wait("99999999999999999999999"), Some(HOUR));
        assert_eq!(wait("Sun, 06 Nov 2094 08:48:00 GMT"), Some(HOUR));
    }

    #[test]
    fn nonsense_is_nothing() {
        for value in ["", "soon", "-1", "1.5", "Sun, 99 Nov 1994 08:48:00 GMT"] {
            assert_eq!(retry_after(value, now(), HOUR), None, "`{value}`");
        }
    }
}
