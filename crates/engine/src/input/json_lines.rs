//! JSON lines: one object a line, a bad line named and passed over, a line without end read in bounded memory.

use std::io::{self, BufRead};

use serde_json::Value;

use super::{LONGEST_RECORD, Numbered};

/// The values of the lines; empty lines are passed over.
pub(super) fn json_lines<'a>(
    mut reader: Box<dyn BufRead + 'a>,
) -> impl Iterator<Item = io::Result<Numbered<Value>>> + 'a {
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
