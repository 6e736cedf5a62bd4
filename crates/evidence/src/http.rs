//! The heads of HTTP messages as they stand in WARC records.
//!
//! The body is kept with its transfer coding removed, so the head must say so: `transfer-encoding` and a
//! `content-length` that does not fit become `x-original-transfer-encoding` and `x-original-content-length`, as
//! archiving tools expect. Bytes that would end a line (CR, LF, NUL) become spaces, and the exact value is kept
//! percent-encoded in an `x-original-…` line, so that a hostile header can neither split a record nor be lost.

use lapwing_types::{Exchange, Header};
use url::Position;

const ORIGINAL: &str = "x-original-";

/// The status line and headers of the answer. It has no reason phrase, since the transport gives none.
pub(crate) fn response_head(exchange: &Exchange) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {:03} \r\n", exchange.status).into_bytes();
    let stored_length = exchange.body.len().to_string();
    let mut length_written = false;
    for (name, value) in &exchange.response_headers {
        if name.eq_ignore_ascii_case("transfer-encoding") {
            write_line(&mut head, &format!("{ORIGINAL}transfer-encoding"), value);
        } else if name.eq_ignore_ascii_case("content-length") {
            if *value != stored_length {
                write_line(&mut head, &format!("{ORIGINAL}content-length"), value);
            }
            if !length_written {
                write_line(&mut head, "content-length", &stored_length);
            }
            length_written = true;
        } else {
            write_header(&mut head, name, value);
        }
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// The request line and headers of the request.
pub(crate) fn request_head(exchange: &Exchange) -> Vec<u8> {
    let target = &exchange.url[Position::BeforePath..Position::AfterQuery];
    let target = if target.is_empty() { "/" } else { target };
    let mut head = format!("{} {target} HTTP/1.1\r\n", token(&exchange.method)).into_bytes();
    exchange.request_headers.iter().for_each(|(name, value): &Header| write_header(&mut head, name, value));
    head.extend_from_slice(b"\r\n");
    head
}

/// The protocol's name for `WARC-Protocol` where the heads above do not say it.
pub(crate) fn protocol(version: &str) -> Option<&'static str> {
    if version.starts_with("HTTP/2") {
        return Some("h2");
    }
    version.starts_with("HTTP/3").then_some("h3")
}

fn write_header(head: &mut Vec<u8>, name: &str, value: &str) {
    // A server's own `x-original-…` must not pass for ours.
    let is_ours = name.get(..ORIGINAL.len()).is_some_and(|start| start.eq_ignore_ascii_case(ORIGINAL));
    let name = if is_ours { format!("{ORIGINAL}{name}") } else { name.to_string() };
    write_line(head, &name, value);
}

fn write_line(head: &mut Vec<u8>, name: &str, value: &str) {
    let name = token(name);
    let bytes = to_bytes(value);
    head.extend_from_slice(name.as_bytes());
    head.extend_from_slice(b": ");
    head.extend(bytes.iter().map(|byte| if ends_line(*byte) { b' ' } else { *byte }));
    head.extend_from_slice(b"\r\n");
    if bytes.iter().any(|byte| ends_line(*byte)) {
        head.extend_from_slice(format!("{ORIGINAL}{name}: {}\r\n", percent_encode(&bytes)).as_bytes());
    }
}

const fn ends_line(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n' | 0)
}

/// The bytes that a value in Latin-1 stands for; a character beyond Latin-1, which no transport gives, as UTF-8.
fn to_bytes(value: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(value.len());
    for character in value.chars() {
        match u8::try_from(u32::from(character)) {
            Ok(byte) => bytes.push(byte),
            Err(_) => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

/// A name with only the characters that a header name or a method may have (RFC 9110, section 5.6.2).
fn token(name: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let clean: String = name.chars().map(|c| if allowed(c) { c } else { '_' }).collect();
    if clean.is_empty() { "_".to_string() } else { clean }
}

/// Percent-encoding of everything but letters, digits, `-`, `.`, `_` and `~`.
pub(crate) fn percent_encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => text.push(char::from(*byte)),
            other => text.push_str(&format!("%{other:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::exchange;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(headers: &[(&str, &str)], body: &[u8], expected: Expect) {
        let mut answer = exchange("https://jobs.example/1", body);
        answer.response_headers = headers.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
        expected.assert_eq(&String::from_utf8_lossy(&response_head(&answer)).replace('\r', ""));
    }

    #[test]
    fn plain_headers_stay_as_they_are() {
        check(
            &[("content-type", "text/html"), ("set-cookie", "a=1"), ("set-cookie", "b=2")],
            b"x",
            expect![[r#"
                HTTP/1.1 200 
                content-type: text/html
                set-cookie: a=1
                set-cookie: b=2

            "#]],
        );
    }

    #[test]
    fn chunked_answers_say_what_they_were() {
        check(
            &[("Transfer-Encoding", "gzip, chunked"), ("content-encoding", "br")],
            b"x",
            expect![[r#"
                HTTP/1.1 200 
                x-original-transfer-encoding: gzip, chunked
                content-encoding: br

            "#]],
        );
    }

    #[test]
    fn a_length_that_does_not_fit_is_mended_and_kept() {
        check(
            &[("content-length", "900"), ("content-length", "3"), ("content-length", "3")],
            b"abc",
            expect![[r#"
                HTTP/1.1 200 
                x-original-content-length: 900
                content-length: 3

            "#]],
        );
    }

    #[test]
    fn hostile_bytes_split_nothing() {
        check(
            &[("x-note", "a\r\n\r\nWARC/1.1\0"), ("bad\r\nname:", "v"), ("", "w"), ("X-Original-Host", "h")],
            b"",
            expect![[r#"
                HTTP/1.1 200 
                x-note: a    WARC/1.1 
                x-original-x-note: a%0D%0A%0D%0AWARC%2F1.1%00
                bad__name_: v
                _: w
                x-original-X-Original-Host: h

            "#]],
        );
    }

    #[test]
    fn latin_1_text_becomes_its_bytes() {
        let mut answer = exchange("https://jobs.example/1", b"");
        answer.response_headers = vec![("x-place".into(), "Z\u{fc}rich\u{1f600}".into())];
        let head = response_head(&answer);
        assert!(head.windows(7).any(|window| window == b"Z\xfcrich\xf0"));
    }

    #[test]
    fn the_request_names_path_and_query_alone() {
        let mut asked = exchange("https://user@jobs.example/list?page=2#top", b"");
        asked.method = "GET /\r\n".into();
        let head = String::from_utf8(request_head(&asked)).unwrap();
        assert!(head.starts_with("GET____ /list?page=2 HTTP/1.1\r\nuser-agent: "), "{head}");
    }

    proptest! {
        #[test]
        fn a_head_has_one_line_a_header_and_ends_once(headers in prop::collection::vec(any::<(String, String)>(), 0..8)) {
            let mut answer = exchange("https://jobs.example/1", b"body");
            answer.response_headers = headers;
            let head = response_head(&answer);
            prop_assert!(head.ends_with(b"\r\n\r\n"));
            prop_assert_eq!(head.windows(4).filter(|window| window == b"\r\n\r\n").count(), 1);
            prop_assert!(!head.contains(&0));
            let bare = head.iter().filter(|b| **b == b'\n').count();
            prop_assert_eq!(bare, head.windows(2).filter(|window| window == b"\r\n").count());
        }
    }
}
