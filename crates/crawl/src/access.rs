//! What the answer to a request for robots.txt means (RFC 9309, 2.3): rules, an open site, or "not now".

use std::time::Duration;

use jiff::Timestamp;
use lapwing_types::{RobotsDecision, Truncation};
use url::Url;

use crate::backoff::retry_after;
use crate::fetch::Answer;
use crate::robots::{Robots, Rules};
use crate::target::{is_redirect, resolve_location};

/// Redirects that may lead to a robots.txt.
pub(crate) const MAX_ROBOTS_REDIRECTS: usize = 5;

/// How long a robots.txt is believed.
pub(crate) const ROBOTS_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// What a host lets us do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Access {
    /// Everything: it has no robots.txt.
    Open { why: String },
    /// What the rules say.
    Ruled(Rules),
}

/// The meaning of one answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    Known(Access),
    Redirect(Url),
    /// Everything counts as disallowed until the file can be read.
    NotNow(NotNow),
}

/// Why robots.txt cannot be read for now.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NotNow {
    pub(crate) why: String,
    pub(crate) retry_after: Option<Duration>,
    /// The server answered that it is overloaded or broken, and so will be back.
    pub(crate) asks_for_patience: bool,
}

impl NotNow {
    pub(crate) fn because(why: impl Into<String>) -> Verdict {
        Verdict::NotNow(Self { why: why.into(), retry_after: None, asks_for_patience: false })
    }
}

impl Access {
    pub(crate) fn decide(&self, url: &Url) -> RobotsDecision {
        match self {
            Self::Open { why } => RobotsDecision { allowed: true, rule: why.clone() },
            Self::Ruled(rules) => rules.decide(url),
        }
    }

    pub(crate) fn crawl_delay(&self) -> Option<Duration> {
        match self {
            Self::Open { .. } => None,
            Self::Ruled(rules) => rules.crawl_delay(),
        }
    }
}

/// Judges the answer that came from `url`.
pub(crate) fn judge(url: &Url, answer: &Answer, agent: &str, max_retry_after: Duration) -> Verdict {
    let status = answer.status;
    if is_redirect(status) {
        let target = answer.header("location").and_then(|location| resolve_location(url, location));
        return target
            .map_or_else(|| NotNow::because(format!("status {status} without a usable location")), Verdict::Redirect);
    }
    match status {
        200..=299 => read(answer, agent),
        429 | 500..=599 => {
            let asked = answer.header("retry-after").and_then(|v| retry_after(v, Timestamp::now(), max_retry_after));
            Verdict::NotNow(NotNow { why: format!("status {status}"), retry_after: asked, asks_for_patience: true })
        }
        400..=499 => Verdict::Known(Access::Open { why: format!("no robots.txt: {status}") }),
        _ => NotNow::because(format!("status {status}")),
    }
}

fn read(answer: &Answer, agent: &str) -> Verdict {
    if matches!(answer.truncated, Some(Truncation::Time | Truncation::Disconnect)) {
        return NotNow::because("the answer broke off");
    }
    // We asked for none; rules that cannot be read must not count as no rules.
    if answer.header("content-encoding").is_some_and(|coding| !coding.trim().eq_ignore_ascii_case("identity")) {
        return NotNow::because("the answer has a content coding");
    }
    Verdict::Known(Access::Ruled(Robots::parse(&answer.body).for_agent(agent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
        Answer {
            started_at: Timestamp::UNIX_EPOCH,
            first_byte_at: Timestamp::UNIX_EPOCH,
            finished_at: Timestamp::UNIX_EPOCH,
            peer: None,
            request_headers: Vec::new(),
            version: "HTTP/1.1".into(),
            status,
            response_headers: headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
            body: body.as_bytes().to_vec(),
            truncated: None,
        }
    }

    fn verdict(answer: &Answer) -> Verdict {
        let url = Url::parse("https://a.example/robots.txt").unwrap();
        judge(&url, answer, "lapwing", Duration::from_secs(60))
    }

    #[test]
    fn a_missing_file_opens_the_site() {
        for status in [400, 401, 403, 404, 410, 451] {
            assert!(matches!(verdict(&answer(status, &[], "")), Verdict::Known(Access::Open { .. })), "{status}");
        }
    }

    #[test]
    fn a_failing_server_closes_it_for_now() {
        for status in [100, 304, 429, 500, 503, 599] {
            assert!(matches!(verdict(&answer(status, &[], "")), Verdict::NotNow(_)), "{status}");
        }
        let asked = verdict(&answer(503, &[("Retry-After", "7")], ""));
        let retry_after = Some(Duration::from_secs(7));
        let expected = NotNow { why: "status 503".into(), retry_after, asks_for_patience: true };
        assert_eq!(asked, Verdict::NotNow(expected));
    }

    #[test]
    fn what_cannot_be_read_whole_closes_it_for_now() {
        let mut broken = answer(200, &[], "user-agent: *\n");
        broken.truncated = Some(Truncation::Disconnect);
        assert!(matches!(verdict(&broken), Verdict::NotNow(_)));
        assert!(matches!(verdict(&answer(200, &[("content-encoding", "gzip")], "x")), Verdict::NotNow(_)));
        assert!(matches!(verdict(&answer(301, &[], "")), Verdict::NotNow(_)));
    }

    #[test]
    fn redirects_and_rules_are_read() {
        let moved = verdict(&answer(301, &[("location", "/r#x")], ""));
        assert_eq!(moved, Verdict::Redirect(Url::parse("https://a.example/r").unwrap()));
        let Verdict::Known(access) = verdict(&answer(200, &[], "user-agent: *\ndisallow: /x\ncrawl-delay: 3")) else {
            panic!("rules are known")
        };
        assert!(!access.decide(&Url::parse("https://a.example/x").unwrap()).allowed);
        assert_eq!(access.crawl_delay(), Some(Duration::from_secs(3)));
    }
}
