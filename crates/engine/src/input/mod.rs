//! Reads listings from files as people have them: JSON lines, CSV, a web page. One bad record is named and passed
//! over; memory stays bounded however long a file or a line is.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::path::Path;
use std::rc::Rc;

use lapwing_detect::{Extracted, Labelled, Page, extract};
use lapwing_types::Listing;
use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;

use crate::error::{EngineError, Result};

/// How a file holds listings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InputFormat {
    /// One JSON object a line.
    Jsonl,
    /// A table with a header row; the columns have the names of the fields.
    Csv,
    /// A web page.
    Html,
}

impl InputFormat {
    /// The format that a file's name suggests; JSON lines where it says nothing.
    pub fn of_name(name: &str) -> Self {
        let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Self::Csv,
            "html" | "htm" | "xhtml" => Self::Html,
            _ => Self::Jsonl,
        }
    }

    /// The format's name as it stands in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Html => "html",
        }
    }
}

/// A record that was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadRecord {
    /// The file, `-` for standard input.
    pub file: String,
    /// From 1: the line in JSON lines, the row below the header in CSV.
    pub number: u64,
    /// Why it was not read.
    pub reason: String,
}

/// A record with its number: a value, or why it is none.
pub(crate) type Numbered<T> = (u64, std::result::Result<T, String>);

/// A longer line or row is named and passed over.
const LONGEST_RECORD: usize = 8 << 20;
/// A longer page is read up to here.
const LONGEST_PAGE: u64 = 16 << 20;

/// The listings of a file, one by one.
///
/// # Errors
/// Where the file breaks while it is being read; a bad record is no error.
pub(crate) fn listings<'a>(
    reader: Box<dyn BufRead + 'a>,
    format: InputFormat,
    name: &'a str,
) -> Box<dyn Iterator<Item = io::Result<Numbered<Extracted>>> + 'a> {
    let listing = |value: &Value| {
        let (listing, notices) = Listing::from_json(value).map_err(|error| error.to_string())?;
        Ok(Extracted { listing, notices })
    };
    match format {
        InputFormat::Html => Box::new(page(reader, name)),
        _ => Box::new(
            values(reader, format)
                .map(move |entry| entry.map(|(number, value)| (number, value.and_then(|value| listing(&value))))),
        ),
    }
}

/// The JSON values of a file: a line each, or a CSV row as an object.
fn values<'a>(
    reader: Box<dyn BufRead + 'a>,
    format: InputFormat,
) -> Box<dyn Iterator<Item = io::Result<Numbered<Value>>> + 'a> {
    match format {
        InputFormat::Csv => Box::new(csv_rows(reader)),
        _ => Box::new(json_lines(reader)),
    }
}

fn json_lines<'a>(mut reader: Box<dyn BufRead + 'a>) -> impl Iterator<Item = io::Result<Numbered<Value>>> + 'a {
    let mut number = 0;
    let mut line = Vec::new();
    std::iter::from_fn(move || {
        loop {
            let too_long = match read_line(&mut reader, &mut line) {
                Err(error) => return Some(Err(error)),
                Ok(None) => return None,
                Ok(Some(too_long)) => too_long,
            };
            number += 1;
            let bytes = if number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line) } else { &line };
            if too_long {
                let reason = format!("the line is longer than {LONGEST_RECORD} bytes");
                return Some(Ok((number, Err(reason))));
            }
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            return Some(Ok((number, json_value(bytes))));
        }
    })
}

fn json_value(bytes: &[u8]) -> std::result::Result<Value, String> {
    let text =
        std::str::from_utf8(bytes).map_err(|error| format!("not UTF-8 from byte {} on", error.valid_up_to() + 1))?;
    serde_json::from_str(text).map_err(|error| {
        let sentence = error.to_string();
        let sentence = sentence.split(" at line ").next().unwrap_or_default().to_string();
        format!("not JSON: {sentence} at column {}", error.column())
    })
}

/// Reads up to the next line end. `Some(true)` where the line was too long: then its rest is passed over.
fn read_line(reader: &mut Box<dyn BufRead + '_>, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    let mut too_long = false;
    let mut seen = false;
    loop {
        let available = match reader.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() {
            return Ok(seen.then_some(too_long));
        }
        seen = true;
        let end = available.iter().position(|byte| *byte == b'\n');
        let taken = end.unwrap_or(available.len());
        if line.len() + taken <= LONGEST_RECORD {
            line.extend_from_slice(&available[..taken]);
        } else {
            too_long = true;
        }
        reader.consume(end.map_or(taken, |end| end + 1));
        if end.is_some() {
            return Ok(Some(too_long));
        }
    }
}

/// Breaks off a row that would fill the memory, such as one with a quote that never closes.
struct Metered<R> {
    inner: R,
    since_row: Rc<Cell<usize>>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_row.get() > LONGEST_RECORD {
            let message = format!("a row is longer than {LONGEST_RECORD} bytes; is a quote not closed?");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let count = self.inner.read(buffer)?;
        self.since_row.set(self.since_row.get() + count);
        Ok(count)
    }
}

fn csv_rows<'a>(reader: Box<dyn BufRead + 'a>) -> impl Iterator<Item = io::Result<Numbered<Value>>> + 'a {
    let since_row = Rc::new(Cell::new(0));
    let metered = Metered { inner: reader, since_row: Rc::clone(&since_row) };
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(metered);
    let mut headers: Option<Vec<String>> = None;
    let mut record = csv::ByteRecord::new();
    let mut number = 0;
    let mut broken = false;
    std::iter::from_fn(move || {
        if broken {
            return None;
        }
        if headers.is_none() {
            match rows.byte_headers() {
                Ok(row) => {
                    let name = |field: &[u8]| {
                        String::from_utf8_lossy(field).trim().trim_start_matches('\u{feff}').to_lowercase()
                    };
                    headers = Some(row.iter().map(name).collect());
                }
                Err(error) => {
                    broken = true;
                    return Some(Err(io::Error::other(error.to_string())));
                }
            }
        }
        since_row.set(0);
        match rows.read_byte_record(&mut record) {
            Ok(false) => None,
            Ok(true) => {
                number += 1;
                Some(Ok((number, csv_value(headers.as_deref().unwrap_or_default(), &record))))
            }
            Err(error) => {
                broken = true;
                Some(Err(io::Error::other(error.to_string())))
            }
        }
    })
}

fn csv_value(headers: &[String], record: &csv::ByteRecord) -> std::result::Result<Value, String> {
    if record.len() != headers.len() {
        return Err(format!("the row has {} fields, the header has {}", record.len(), headers.len()));
    }
    let mut object = Map::new();
    for (name, field) in headers.iter().zip(record) {
        let text = std::str::from_utf8(field).map_err(|_| format!("the field `{name}` is not UTF-8"))?;
        if text.is_empty() {
            continue;
        }
        // Lists and objects may stand in a cell as JSON.
        let value = match (name.as_str(), text.as_bytes()[0]) {
            ("contacts" | "families", b'[') => {
                serde_json::from_str(text).map_err(|error| format!("the field `{name}` is not JSON: {error}"))?
            }
            ("label", _) => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_string())),
            _ => Value::String(text.to_string()),
        };
        object.insert(name.clone(), value);
    }
    Ok(Value::Object(object))
}

/// The listings of one page; a page without any is a record that was not read.
fn page(reader: Box<dyn BufRead + '_>, name: &str) -> impl Iterator<Item = io::Result<Numbered<Extracted>>> {
    let mut body = Vec::new();
    if let Err(error) = reader.take(LONGEST_PAGE).read_to_end(&mut body) {
        return vec![Err(error)].into_iter();
    }
    let file = name.rsplit('/').next().unwrap_or_default();
    let url = Url::parse("file:///").and_then(|base| base.join(file));
    let fallback = || Url::parse("file:///page.html").expect("a valid URL");
    let url = url.unwrap_or_else(|_| fallback());
    let extraction = extract(Page { url: &url, content_type: Some("text/html"), body: &body }, None);
    if extraction.listings.is_empty() {
        let remarks: Vec<String> = extraction.notices.iter().map(ToString::to_string).collect();
        let reason = format!(
            "no listing was found on the page{}{}",
            if remarks.is_empty() { "" } else { ": " },
            remarks.join("; ")
        );
        return vec![Ok((1, Err(reason)))].into_iter();
    }
    let numbered = extraction.listings.into_iter().zip(1u64..);
    numbered.map(|(extracted, number)| Ok((number, Ok(extracted)))).collect::<Vec<_>>().into_iter()
}

/// A labelled file, read whole.
#[derive(Debug, Default)]
pub struct LabelledFile {
    /// The labelled listings.
    pub listings: Vec<Labelled>,
    /// Records that were not read.
    pub bad: Vec<BadRecord>,
}

/// Reads labelled listings from JSON lines or CSV.
///
/// # Errors
/// Where the file cannot be read.
pub fn read_labelled(path: &Path) -> Result<LabelledFile> {
    let name = path.display().to_string();
    let file = std::fs::File::open(path).map_err(|error| EngineError::file("read", path, error))?;
    let mut read = LabelledFile::default();
    for entry in values(Box::new(io::BufReader::new(file)), InputFormat::of_name(&name)) {
        let (number, value) = entry.map_err(|error| EngineError::file("read", path, error))?;
        match value.and_then(|value| Labelled::from_json(&value).map_err(|error| error.to_string())) {
            Ok(labelled) => read.listings.push(labelled),
            Err(reason) => read.bad.push(BadRecord { file: name.clone(), number, reason }),
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], format: InputFormat) -> Vec<String> {
        let reader: Box<dyn BufRead> = Box::new(io::Cursor::new(text.to_vec()));
        listings(reader, format, "x")
            .map(|entry| match entry {
                Ok((number, Ok(extracted))) => format!("{number} {}", extracted.listing.body),
                Ok((number, Err(reason))) => format!("{number} BAD {reason}"),
                Err(error) => format!("BROKEN {error}"),
            })
            .collect()
    }

    #[test]
    fn bad_lines_are_named_and_the_others_go_on() {
        let text =
            b"\xef\xbb\xbf{\"body\":\"a\"}\n\n{\"body\":\n{\"title\":7,\"body\":\"b\"}\nnull\n\xff\n{\"body\":\"c\"}";
        assert_eq!(
            read(text, InputFormat::Jsonl),
            [
                "1 a",
                "3 BAD not JSON: EOF while parsing a value at column 8",
                "4 b",
                "5 BAD a listing must be a JSON object, this is null",
                "6 BAD not UTF-8 from byte 1 on",
                "7 c"
            ]
        );
    }

    #[test]
    fn a_line_without_end_is_passed_over_in_bounded_memory() {
        let mut text = vec![b'x'; LONGEST_RECORD + 10];
        text.extend_from_slice(b"\n{\"body\":\"a\"}\n");
        let lines = read(&text, InputFormat::Jsonl);
        assert!(lines[0].contains("longer than"));
        assert_eq!(lines[1], "2 a");
    }

    #[test]
    fn csv_rows_are_objects() {
        let text = b"external_id,Body,contacts\n1,\"a, b\",\"[{\"\"type\"\":\"\"email\"\",\"\"value\"\":\"\"x@example.com\"\"}]\"\n2,c\n3,,\n";
        assert_eq!(
            read(text, InputFormat::Csv),
            [
                "1 a, b",
                "2 BAD the row has 2 fields, the header has 3",
                "3 BAD a listing needs a text: both `title` and `body` are missing or empty"
            ]
        );
    }

    #[test]
    fn a_quote_that_never_closes_ends_the_file_with_a_reason() {
        let mut text = b"body\n\"".to_vec();
        text.extend(std::iter::repeat_n(b'x', LONGEST_RECORD * 2));
        assert!(read(&text, InputFormat::Csv)[0].contains("is a quote not closed"));
    }
}
