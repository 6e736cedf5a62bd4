//! Undoing the content coding of a body, with a cap: a megabyte of gzip can hold a gigabyte. The bytes at rest keep
//! their coding; this is for whoever reads the page.

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::error::{Error, Result};

const MAX_CODINGS: usize = 4;

/// A body without its content coding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedBody {
    /// The bytes, up to the cap or up to the fault.
    pub bytes: Vec<u8>,
    /// Why they are not all there, where they are not.
    pub incomplete: Option<Incomplete>,
}

/// Why a decoded body is not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incomplete {
    /// It is longer than the cap.
    Cap,
    /// The coded bytes are cut or damaged.
    Damaged,
}

/// Undoes the codings that a `Content-Encoding` header names (RFC 9110, section 8.4), the last one first.
///
/// A cut or damaged body is no error: what could be decoded is given, and said to be incomplete.
///
/// # Errors
/// Where a coding is not supported (`br`, `zstd`, or one that is no coding), or more than four are named.
pub fn content_decoded(body: &[u8], content_encoding: Option<&str>, cap: usize) -> Result<DecodedBody> {
    let header = content_encoding.unwrap_or_default();
    let names: Vec<String> = header.split(',').map(|name| name.trim().to_ascii_lowercase()).collect();
    let codings: Vec<&str> = names.iter().map(String::as_str).filter(|n| !matches!(*n, "" | "identity")).collect();
    if codings.len() > MAX_CODINGS {
        return Err(Error::ContentCoding(header.chars().take(80).collect()));
    }
    let Some((last, earlier)) = codings.split_last() else {
        return Ok(read_capped(body, cap));
    };
    let mut decoded = undone(body, last, cap)?;
    for coding in earlier.iter().rev() {
        let next = undone(&decoded.bytes, coding, cap)?;
        decoded = DecodedBody { incomplete: decoded.incomplete.or(next.incomplete), bytes: next.bytes };
    }
    Ok(decoded)
}

fn undone(body: &[u8], coding: &str, cap: usize) -> Result<DecodedBody> {
    match coding {
        "gzip" | "x-gzip" => Ok(read_capped(MultiGzDecoder::new(body), cap)),
        "deflate" if is_zlib(body) => Ok(read_capped(ZlibDecoder::new(body), cap)),
        // Some servers send the bare stream under this name.
        "deflate" => Ok(read_capped(DeflateDecoder::new(body), cap)),
        other => Err(Error::ContentCoding(other.chars().take(80).collect())),
    }
}

fn read_capped(reader: impl Read, cap: usize) -> DecodedBody {
    let mut bytes = Vec::new();
    let outcome = reader.take(cap as u64 + 1).read_to_end(&mut bytes);
    let incomplete = match outcome {
        _ if bytes.len() > cap => Some(Incomplete::Cap),
        Ok(_) => None,
        Err(_) => Some(Incomplete::Damaged),
    };
    bytes.truncate(cap);
    DecodedBody { bytes, incomplete }
}

/// The first two bytes of a zlib stream (RFC 1950, section 2.2).
fn is_zlib(body: &[u8]) -> bool {
    matches!(body, [method, flags, ..] if method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::read::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use proptest::prelude::*;

    fn coded(reader: impl Read) -> Vec<u8> {
        let mut bytes = Vec::new();
        std::io::BufReader::new(reader).read_to_end(&mut bytes).unwrap();
        bytes
    }

    fn gzip(body: &[u8]) -> Vec<u8> {
        coded(GzEncoder::new(body, Compression::fast()))
    }

    fn check(body: &[u8], encoding: &str, expected: &[u8]) {
        let decoded = content_decoded(body, Some(encoding), 1 << 20).unwrap();
        assert_eq!(decoded, DecodedBody { bytes: expected.to_vec(), incomplete: None }, "{encoding}");
    }

    #[test]
    fn every_coding_is_undone() {
        let page = b"<p>cleaner wanted</p>".repeat(20);
        check(&page, "", &page);
        check(&page, "identity", &page);
        check(&gzip(&page), "GZIP", &page);
        check(&coded(ZlibEncoder::new(page.as_slice(), Compression::fast())), "deflate", &page);
        check(&coded(DeflateEncoder::new(page.as_slice(), Compression::fast())), "deflate", &page);
        check(&gzip(&gzip(&page)), "gzip, gzip", &page);
        check(&[gzip(&page), gzip(b"!")].concat(), "gzip", &[page.as_slice(), b"!"].concat());
    }

    #[test]
    fn a_bomb_stops_at_the_cap() {
        let bomb = gzip(&vec![0; 4 << 20]);
        let decoded = content_decoded(&bomb, Some("gzip"), 1000).unwrap();
        assert_eq!((decoded.bytes.len(), decoded.incomplete), (1000, Some(Incomplete::Cap)));
        let twice = content_decoded(&gzip(&bomb), Some("gzip, gzip"), 100).unwrap();
        assert!(twice.bytes.len() <= 100 && twice.incomplete.is_some());
    }

    #[test]
    fn a_cut_body_gives_what_it_has() {
        let page: Vec<u8> = (0..20_000u32).flat_map(|n| (n.wrapping_mul(2_654_435_761)).to_be_bytes()).collect();
        let whole = gzip(&page);
        let decoded = content_decoded(&whole[..whole.len() / 2], Some("gzip"), 1 << 20).unwrap();
        assert_eq!(decoded.incomplete, Some(Incomplete::Damaged));
        assert!(!decoded.bytes.is_empty() && page.starts_with(&decoded.bytes));
    }

    #[test]
    fn other_codings_are_refused_by_name() {
        let error = content_decoded(b"x", Some("br"), 10).unwrap_err();
        assert_eq!(error.to_string(), "the content coding `br` is not supported; gzip, deflate and identity are");
        assert!(content_decoded(b"x", Some("gzip,gzip,gzip,gzip,gzip"), 10).is_err());
    }

    proptest! {
        #[test]
        fn hostile_bodies_never_panic(body in any::<Vec<u8>>(), coding in "gzip|deflate|deflate, gzip|identity") {
            let decoded = content_decoded(&body, Some(&coding), 100).unwrap();
            prop_assert!(decoded.bytes.len() <= 100);
        }
    }
}
