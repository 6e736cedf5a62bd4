//! Reads listings from files as people have them: JSON lines, CSV, Parquet, a web page. One bad record is named and passed
//! over; memory stays bounded however long a file or a line is.

mod columnar;
mod columns;
mod json_lines;
mod labelled;
mod page;
mod source;
mod table;

use std::io::{self, BufRead};

use lapwing_detect::Extracted;
use lapwing_types::Listing;
use serde::Serialize;
use serde_json::Value;

use json_lines::json_lines;
use page::page;
use table::csv_rows;

pub use columns::Columns;
pub use labelled::{LabelledFile, LabelledInput, read_labelled};
pub(crate) use labelled::{LabelledRecord, labelled_records};
pub(crate) use source::{digest_of_file, open};

/// How a file holds listings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InputFormat {
    /// One JSON object a line.
    Jsonl,
    /// A table with a header row; the columns have the names of the fields.
    Csv,
    /// A table by columns.
    Parquet,
    /// A web page.
    Html,
}

impl InputFormat {
    /// The format that a file's name suggests; JSON lines where it says nothing.
    pub fn of_name(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let ending = name.rsplit('.').next().unwrap_or_default();
        match ending {
            "csv" => Self::Csv,
            "parquet" => Self::Parquet,
            "html" | "htm" | "xhtml" => Self::Html,
            _ => Self::Jsonl,
        }
    }

    /// The format's name as it stands in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Html => "html",
        }
    }
}

/// A record that was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadRecord {
    /// The file, `-` for standard input.
    pub file: String,
    /// From 1: the line in JSON lines, the row below the header in CSV, the row in Parquet.
    pub number: u64,
    /// Why it was not read.
    pub reason: String,
}

/// A record with its number: a value, or why it is none.
pub(crate) type Numbered<T> = (u64, std::result::Result<T, String>);

/// A longer line or row is named and passed over.
const LONGEST_RECORD: usize = 8 << 20;

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

/// The values of a file of JSON lines.
pub(crate) fn json_values<'a>(reader: Box<dyn BufRead + 'a>) -> impl Iterator<Item = io::Result<Numbered<Value>>> + 'a {
    json_lines(reader)
}

/// The JSON values of a file: a line each, or a CSV row as an object.
fn values<'a>(
    reader: Box<dyn BufRead + 'a>,
    format: InputFormat,
) -> Box<dyn Iterator<Item = io::Result<Numbered<Value>>> + 'a> {
    match format {
        InputFormat::Csv => Box::new(csv_rows(reader)),
        InputFormat::Parquet => match columnar::streamed_rows(reader) {
            Ok(rows) => Box::new(rows),
            Err(error) => Box::new(std::iter::once(Err(error))),
        },
        _ => Box::new(json_lines(reader)),
    }
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
