//! Reading gzip members and the WARC records in them, with bounded memory, from files that may be damaged or hostile.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use lapwing_types::Digest;
use sha2::{Digest as _, Sha256};

use crate::warc::Measure;

const MAX_WARC_HEAD: usize = 64 << 10;
const MAX_HTTP_HEAD: usize = 8 << 20;

/// Why a member is not a whole record. The sentence goes into findings.
pub(crate) type Fault = String;

/// What stands in a record, after everything in it was read and measured.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// The member's bytes.
    pub(crate) member: Measure,
    pub(crate) head: Head,
    /// The block, whole where it is short enough to be kept.
    pub(crate) kept_block: Option<Vec<u8>>,
    /// The payload: the block, or its part after the HTTP head.
    pub(crate) payload: Measure,
}

/// Reads one member from where `input` stands to its end, and checks the record against its own digests.
pub(crate) fn read_record<R: BufRead>(input: R, keep_block_up_to: usize) -> Result<Record, Fault> {
    let (head, mut block) = open_record(input)?;
    let mut kept = (head.content_length <= keep_block_up_to as u64).then(Vec::new);
    let mut buffer = vec![0; 32 << 10];
    loop {
        let count = block.read(&mut buffer).map_err(|error| error.to_string())?;
        if count == 0 {
            break;
        }
        if let Some(kept) = &mut kept {
            kept.extend_from_slice(&buffer[..count]);
        }
    }
    let (payload, gzip) = block.finish()?;
    Ok(Record { member: measure_of_member(gzip), head, kept_block: kept, payload })
}

/// A member that is being decoded.
pub(crate) type Decoded<R> = BufReader<GzDecoder<Tracked<R>>>;

/// Reads a record's head; what comes next is its block.
pub(crate) fn open_record<R: BufRead>(input: R) -> Result<(Head, BlockReader<Decoded<R>>), Fault> {
    let mut decoded = BufReader::with_capacity(16 << 10, GzDecoder::new(Tracked::new(input)));
    let head = read_head(&mut decoded)?;
    Ok((head.clone(), BlockReader::new(decoded, head)))
}

/// The measure of a member that was read to its end.
pub(crate) fn measure_of_member<R: BufRead>(decoded: Decoded<R>) -> Measure {
    decoded.into_inner().into_inner().measure()
}

/// The head of a record: the lines that we use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    pub(crate) kind: String,
    pub(crate) record_id: String,
    pub(crate) target: String,
    pub(crate) content_length: u64,
    block_digest: Option<String>,
    payload_digest: Option<String>,
    is_http: bool,
}

/// Reads a record's head from a decoded member.
fn read_head(decoded: &mut impl Read) -> Result<Head, Fault> {
    let bytes = read_until_blank_line(decoded, MAX_WARC_HEAD)?.ok_or("the record's head has no end")?;
    let text = String::from_utf8(bytes).map_err(|_| "the record's head is not UTF-8")?;
    let mut lines = text.split("\r\n");
    if lines.next() != Some("WARC/1.1") {
        return Err("the record does not begin with `WARC/1.1`".into());
    }
    let mut head = Head::default();
    let mut length = None;
    for line in lines.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(": ").ok_or("a line of the record's head has no colon")?;
        match name {
            "WARC-Type" => head.kind = value.to_string(),
            "WARC-Record-ID" => head.record_id = value.to_string(),
            "WARC-Target-URI" => head.target = value.to_string(),
            "WARC-Block-Digest" => head.block_digest = Some(value.to_string()),
            "WARC-Payload-Digest" => head.payload_digest = Some(value.to_string()),
            "Content-Type" => head.is_http = value.starts_with("application/http"),
            "Content-Length" => length = value.parse().ok(),
            _ => {}
        }
    }
    head.content_length = length.ok_or("the record has no content length")?;
    Ok(head)
}

/// Reads a record's block, hashes it and its payload on the way, and compares both at its end.
pub(crate) struct BlockReader<R> {
    decoded: R,
    head: Head,
    left: u64,
    block: Sha256,
    payload: Sha256,
    payload_length: u64,
    http_head: HttpHead,
}

impl<R: Read> BlockReader<R> {
    pub(crate) fn new(decoded: R, head: Head) -> Self {
        let http_head = if head.is_http { HttpHead::Inside { matched: 0, length: 0 } } else { HttpHead::Past };
        let (block, payload, left) = (Sha256::new(), Sha256::new(), head.content_length);
        Self { decoded, head, left, block, payload, payload_length: 0, http_head }
    }

    /// Checks the digests, that the record ends after the block, and that nothing follows in the member. To be called
    /// when `read` has given 0.
    pub(crate) fn finish(mut self) -> Result<(Measure, R), Fault> {
        let mut end = Vec::new();
        self.decoded.by_ref().take(5).read_to_end(&mut end).map_err(|error| error.to_string())?;
        if end != b"\r\n\r\n" {
            return Err("the record does not end after its block".into());
        }
        let block = Digest::from_bytes(self.block.finalize().into());
        if self.head.block_digest != Some(block.to_string()) {
            return Err("the block does not have the record's `WARC-Block-Digest`".into());
        }
        let digest = Digest::from_bytes(self.payload.finalize().into());
        if self.head.payload_digest.as_ref().is_some_and(|claimed| *claimed != digest.to_string()) {
            return Err("the payload does not have the record's `WARC-Payload-Digest`".into());
        }
        Ok((Measure { length: self.payload_length, digest }, self.decoded))
    }

    /// Reads up to the end of the HTTP head, so that the rest of `read` is the payload.
    pub(crate) fn skip_http_head(&mut self) -> io::Result<()> {
        let mut byte = [0];
        while matches!(self.http_head, HttpHead::Inside { .. }) {
            if self.read(&mut byte)? == 0 {
                break;
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for BlockReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Ok(0);
        }
        let count = self.decoded.read(&mut buffer[..wanted])?;
        if count == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the record is cut"));
        }
        let bytes = &buffer[..count];
        self.left -= count as u64;
        self.block.update(bytes);
        let payload = self.http_head.after(bytes)?;
        self.payload.update(payload);
        self.payload_length += payload.len() as u64;
        Ok(count)
    }
}

/// Finds the end of the HTTP head in a stream.
enum HttpHead {
    Inside { matched: usize, length: usize },
    Past,
}

impl HttpHead {
    /// The part of the bytes that comes after the head.
    fn after<'b>(&mut self, bytes: &'b [u8]) -> io::Result<&'b [u8]> {
        let Self::Inside { matched, length } = self else { return Ok(bytes) };
        for (index, byte) in bytes.iter().enumerate() {
            *matched = match (*byte, *matched) {
                (b'\r', 0 | 2) | (b'\n', 1 | 3) => *matched + 1,
                (b'\r', _) => 1,
                _ => 0,
            };
            if *matched == 4 {
                *self = Self::Past;
                return Ok(&bytes[index + 1..]);
            }
        }
        *length += bytes.len();
        if *length > MAX_HTTP_HEAD {
            return Err(io::Error::other("the HTTP head has no end"));
        }
        Ok(&[])
    }
}

/// Counts and hashes the bytes that a reader consumes.
pub(crate) struct Tracked<R> {
    inner: R,
    length: u64,
    hasher: Sha256,
}

impl<R: BufRead> Tracked<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, length: 0, hasher: Sha256::new() }
    }

    pub(crate) fn measure(self) -> Measure {
        Measure { length: self.length, digest: Digest::from_bytes(self.hasher.finalize().into()) }
    }
}

impl<R: BufRead> Read for Tracked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Tracked<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        // The inner reader hands out the same bytes again until they are consumed.
        if count > 0
            && let Ok(available) = self.inner.fill_buf()
        {
            self.hasher.update(&available[..count.min(available.len())]);
        }
        self.length += count as u64;
        self.inner.consume(count);
    }
}

/// The bytes before the first blank line, which is read too; `None` where it does not come within the limit.
fn read_until_blank_line(decoded: &mut impl Read, limit: usize) -> Result<Option<Vec<u8>>, Fault> {
    let mut bytes = Vec::with_capacity(512);
    let mut byte = [0];
    while bytes.len() < limit {
        if decoded.read(&mut byte).map_err(|error| error.to_string())? == 0 {
            return Err("the record is cut".into());
        }
        bytes.push(byte[0]);
        if bytes.ends_with(b"\r\n\r\n") {
            bytes.truncate(bytes.len() - 4);
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{at, capture_id};
    use crate::warc::{RecordHead, RecordKind, write_record};
    use proptest::prelude::*;

    fn member(http_head: &[u8], body: &[u8]) -> Vec<u8> {
        let block = [http_head, body].concat();
        let head = RecordHead {
            kind: RecordKind::Response,
            capture: capture_id(1),
            date: at(0),
            target: Some("https://jobs.example/1".into()),
            content_type: "application/http;msgtype=response",
            block: Measure::of(&[&block]),
            more: vec![("WARC-Payload-Digest", Digest::of(body).to_string())],
        };
        let mut bytes = Vec::new();
        write_record(&mut bytes, &head, &mut block.as_slice()).unwrap();
        bytes
    }

    #[test]
    fn members_are_read_one_by_one() {
        let (first, second) = (member(b"HTTP/1.1 200 \r\n\r\n", b"one"), member(b"HTTP/1.1 200 \r\na: b\r\n\r\n", b""));
        let both = [first.as_slice(), &second].concat();
        let mut input = both.as_slice();
        let record = read_record(&mut input, 0).unwrap();
        assert_eq!(record.member, Measure::of(&[&first]));
        assert_eq!(record.payload, Measure::of(&[b"one"]));
        assert_eq!(record.kept_block, None);
        let record = read_record(&mut input, 1000).unwrap();
        assert_eq!((record.payload.length, record.kept_block.unwrap().len()), (0, 23));
        assert!(input.is_empty());
    }

    #[test]
    fn a_cut_anywhere_is_a_fault() {
        let whole = member(b"HTTP/1.1 200 \r\n\r\n", b"body");
        for length in 0..whole.len() {
            assert!(read_record(&whole[..length], 0).is_err(), "{length}");
        }
    }

    proptest! {
        #[test]
        fn any_body_comes_back(body in any::<Vec<u8>>()) {
            let bytes = member(b"HTTP/1.1 200 \r\nx: y\r\n\r\n", &body);
            let record = read_record(bytes.as_slice(), 0).unwrap();
            prop_assert_eq!(record.payload, Measure::of(&[&body]));
        }

        #[test]
        fn hostile_bytes_never_panic(bytes in any::<Vec<u8>>(), flip in any::<(prop::sample::Index, u8)>()) {
            let _ = read_record(bytes.as_slice(), 100);
            let mut damaged = member(b"HTTP/1.1 200 \r\n\r\n", &bytes);
            *flip.0.get_mut(&mut damaged) ^= flip.1;
            let _ = read_record(damaged.as_slice(), 100);
        }
    }
}
