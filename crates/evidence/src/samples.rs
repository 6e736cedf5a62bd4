//! Invented exchanges and keys for the tests of this crate.

use jiff::Timestamp;
use lapwing_types::{CaptureId, Exchange, RobotsDecision};
use uuid::Uuid;

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

pub(crate) fn capture_id(number: u128) -> CaptureId {
    CaptureId::new(Uuid::from_u128(number))
}

pub(crate) fn exchange(url: &str, body: &[u8]) -> Exchange {
    Exchange {
        url: url.parse().unwrap(),
        method: "GET".into(),
        redirected_from: vec![],
        started_at: at(0),
        first_byte_at: at(1),
        finished_at: at(2),
        peer: Some("203.0.113.9:443".parse().unwrap()),
        request_headers: vec![("user-agent".into(), "lapwing/0.1 (+https://lapwing.example)".into())],
        version: "HTTP/2".into(),
        status: 200,
        response_headers: vec![
            ("content-type".into(), "text/html; charset=utf-8".into()),
            ("transfer-encoding".into(), "chunked".into()),
        ],
        body: body.to_vec(),
        truncated: None,
        robots: RobotsDecision { allowed: true, rule: "no rule matches".into() },
        waited_ms: 1000,
    }
}
