//! Reading an archive: listing captures in constant memory, and giving back the bytes that were kept. It needs no lock
//! and no key; a line that is just being written is not there yet.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom, Take};
use std::path::Path;

use lapwing_types::{Capture, CaptureId, Header, WarcLocation};
use serde::Deserialize;

use crate::error::{Error, IoContext as _, Result};
use crate::layout::{Layout, warc_number};
use crate::leaf::{Leaf, SignedLeaf};
use crate::lines::{Line, Lines};
use crate::member::{BlockReader, Decoded, measure_of_member, open_record};
use crate::report::Progress;

/// An archive opened for reading.
#[derive(Debug, Clone)]
pub struct Reader {
    layout: Layout,
}

impl Reader {
    /// Opens the archive in `dir`.
    ///
    /// # Errors
    /// Where there is none.
    pub fn open(dir: &Path) -> Result<Self> {
        let layout = Layout::new(dir);
        layout.must_be_archive()?;
        Ok(Self { layout })
    }

    /// All captures with their leaf indexes, in the order in which they were kept.
    ///
    /// # Errors
    /// Where the log cannot be opened.
    pub fn list(&self) -> Result<Captures> {
        self.captures_after(None)
    }

    /// The captures whose leaf index is greater than `index`; all for `None`. A stage that keeps the last index it has
    /// seen goes on from there after a crash.
    ///
    /// # Errors
    /// Where the log cannot be opened.
    pub fn captures_after(&self, index: Option<u64>) -> Result<Captures> {
        let skip = index.map_or(0, |index| index.saturating_add(1));
        Ok(Captures { lines: self.lines()?, layout: self.layout.clone(), next: 0, skip, buffer: Vec::new() })
    }

    /// All leaves, captures and events.
    ///
    /// # Errors
    /// Where the log cannot be opened.
    pub fn leaves(&self) -> Result<Leaves> {
        Ok(Leaves { lines: self.lines()?, layout: self.layout.clone(), next: 0, buffer: Vec::new() })
    }

    /// The capture of that id, found by reading the log through.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub fn find(&self, id: CaptureId) -> Result<Option<Capture>> {
        let needle = id.to_string();
        let mut captures = self.list()?;
        while let Some((index, line)) = captures.next_line()? {
            if !line.contains(&needle) {
                continue;
            }
            if let Some(capture) = parse_capture(index, &line)?.filter(|capture| capture.id == id) {
                return Ok(Some(capture));
            }
        }
        Ok(None)
    }

    /// The bytes that were transferred, content coding kept, after they were compared with their digests.
    ///
    /// # Errors
    /// Where they are missing, or are not those that were kept.
    pub fn read_body(&self, capture: &Capture) -> Result<Vec<u8>> {
        let mut body = Vec::with_capacity(usize::try_from(capture.payload_length.min(16 << 20)).unwrap_or(0));
        let mut reader = self.body_reader(capture)?;
        match reader.read_to_end(&mut body) {
            Ok(_) => Ok(body),
            Err(error) => Err(damaged(capture, error.to_string())),
        }
    }

    /// A reader of the bytes that were transferred, for bodies too large for memory. The digests are compared at the
    /// end: only when it has given 0 bytes without an error are the bytes those that were kept.
    ///
    /// # Errors
    /// Where the record is missing or has no head.
    pub fn body_reader(&self, capture: &Capture) -> Result<BodyReader> {
        let mut block = self.block(capture)?;
        block.skip_http_head().map_err(|error| damaged(capture, error.to_string()))?;
        Ok(BodyReader { expected: capture.clone(), block: Some(block) })
    }

    /// The content of a capture's first record, from its beginning.
    fn block(&self, capture: &Capture) -> Result<BlockReader<Decoded<Take<BufReader<File>>>>> {
        let WarcLocation { file: name, offset, length, .. } = &capture.warc;
        if warc_number(name).is_none() {
            return Err(damaged(capture, "its manifest names a file outside the archive".into()));
        }
        let path = self.layout.path(name);
        let mut file = File::open(&path).context("open", &path)?;
        file.seek(SeekFrom::Start(*offset)).context("read", &path)?;
        let member = BufReader::with_capacity(64 << 10, file).take(*length);
        let (_, block) = open_record(member).map_err(|fault| damaged(capture, fault))?;
        Ok(block)
    }

    /// The answer's headers as they were stored, and its body as [`Reader::read_body`] gives it: enough to judge a
    /// capture again. The headers are empty for a file.
    ///
    /// # Errors
    /// As [`Reader::read_body`].
    pub fn read_answer(&self, capture: &Capture) -> Result<(Vec<Header>, Vec<u8>)> {
        let body = self.read_body(capture)?;
        if capture.status().is_none() {
            return Ok((Vec::new(), body));
        }
        let mut head = Vec::new();
        let mut block = self.block(capture)?.take(LONGEST_HEAD);
        block.read_to_end(&mut head).map_err(|error| damaged(capture, error.to_string()))?;
        let end = head.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(head.len());
        let lines: String = head[..end].iter().copied().map(char::from).collect();
        let headers = lines.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.to_string(), value.trim().to_string())).collect();
        Ok((headers, body))
    }

    fn lines(&self) -> Result<Lines> {
        let path = self.layout.leaves();
        Lines::open(&path).context("open", &path)
    }
}

/// More of an answer's head than this is not read.
const LONGEST_HEAD: u64 = 1 << 20;

fn damaged(capture: &Capture, what: String) -> Error {
    let place = format!("{} at {}", capture.warc.file, capture.warc.offset);
    Error::CaptureDamaged { capture: capture.id, place, what }
}

/// Reads the body of one capture.
pub struct BodyReader {
    expected: Capture,
    block: Option<BlockReader<Decoded<Take<BufReader<File>>>>>,
}

impl BodyReader {
    fn compare(&mut self) -> std::result::Result<(), String> {
        let Some(block) = self.block.take() else { return Ok(()) };
        let (payload, decoded) = block.finish()?;
        if (payload.digest, payload.length) != (self.expected.payload, self.expected.payload_length) {
            return Err("the payload does not have the digest in its manifest".into());
        }
        let member = measure_of_member(decoded);
        let same = (member.digest, member.length) == (self.expected.warc.digest, self.expected.warc.length);
        same.then_some(()).ok_or_else(|| "the record does not have the digest in its manifest".to_string())
    }
}

impl Read for BodyReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(block) = &mut self.block else { return Ok(0) };
        let count = block.read(buffer)?;
        if count == 0 && !buffer.is_empty() {
            self.compare().map_err(io::Error::other)?;
        }
        Ok(count)
    }
}

/// The captures of an archive, read as they are asked for.
#[derive(Debug)]
pub struct Captures {
    lines: Lines,
    layout: Layout,
    next: u64,
    skip: u64,
    buffer: Vec<u8>,
}

impl Captures {
    /// How far the reading is, in bytes of the log.
    pub fn progress(&self) -> Progress {
        Progress { done: self.lines.position, total: self.lines.total }
    }

    /// The next line that is not to be skipped.
    fn next_line(&mut self) -> Result<Option<(u64, String)>> {
        loop {
            let Some(line) = next_whole_line(&mut self.lines, &self.layout, &mut self.buffer)? else { return Ok(None) };
            let index = self.next;
            self.next += 1;
            if index < self.skip {
                continue;
            }
            let text = (line == Line::Whole).then(|| String::from_utf8(std::mem::take(&mut self.buffer)).ok());
            return text
                .flatten()
                .map(|text| Some((index, text)))
                .ok_or_else(|| unreadable(index, "it is no text".into()));
        }
    }
}

impl Iterator for Captures {
    type Item = Result<(u64, Capture)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (index, line) = match self.next_line().transpose()? {
                Ok(found) => found,
                Err(error) => return Some(Err(error)),
            };
            match parse_capture(index, &line) {
                Ok(None) => {}
                Ok(Some(capture)) => return Some(Ok((index, capture))),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// The leaves of an archive, read as they are asked for.
#[derive(Debug)]
pub struct Leaves {
    lines: Lines,
    layout: Layout,
    next: u64,
    buffer: Vec<u8>,
}

impl Iterator for Leaves {
    type Item = Result<Leaf>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = next_whole_line(&mut self.lines, &self.layout, &mut self.buffer).transpose()?;
        let index = self.next;
        self.next += 1;
        let parsed = line.and_then(|_| SignedLeaf::parse(&self.buffer).map_err(|why| unreadable(index, why)));
        Some(parsed.map(|signed| signed.leaf))
    }
}

fn next_whole_line(lines: &mut Lines, layout: &Layout, buffer: &mut Vec<u8>) -> Result<Option<Line>> {
    let line = lines.next_line(buffer).context("read", &layout.leaves())?;
    Ok(line.filter(|line| *line != Line::Torn))
}

fn unreadable(index: u64, what: String) -> Error {
    Error::Damaged { place: format!("log/leaves.jsonl, leaf {index}"), what }
}

#[derive(Deserialize)]
struct CaptureLine {
    capture: Option<Capture>,
}

fn parse_capture(index: u64, line: &str) -> Result<Option<Capture>> {
    let parsed: CaptureLine = serde_json::from_str(line).map_err(|error| unreadable(index, error.to_string()))?;
    Ok(parsed.capture)
}
