//! CSV: a header row with the names of the fields, then a listing a row.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use serde_json::{Map, Value};

use super::{LONGEST_RECORD, Numbered};

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

/// The rows as objects.
pub(super) fn csv_rows<'a>(reader: Box<dyn BufRead + 'a>) -> impl Iterator<Item = io::Result<Numbered<Value>>> + 'a {
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
