//! Parquet: a table by columns, read row by row. Rows are values as those of JSON lines are.

use std::fs::File;
use std::io::{self, BufRead};
use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::file::reader::SerializedFileReader;
use parquet::record::reader::RowIter;
use serde_json::Value;

use super::Numbered;

/// A larger table that does not come from a file of its own is not read to its end.
const LONGEST_TABLE: u64 = 4 << 30;

/// The rows of a table that comes as a stream: its end must be read first, so it is laid down in a temporary file.
pub(super) fn streamed_rows(reader: Box<dyn BufRead + '_>) -> io::Result<Rows> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut io::Read::take(reader, LONGEST_TABLE), &mut file)?;
    rows(file)
}

/// The rows of a file.
pub(super) fn rows(file: File) -> io::Result<Rows> {
    let open = || SerializedFileReader::new(file).map(SerializedFileReader::into_iter);
    match catch_unwind(AssertUnwindSafe(open)) {
        Ok(Ok(rows)) => Ok(Rows { rows: Some(rows), number: 0 }),
        Ok(Err(error)) => Err(damaged(&error.to_string())),
        Err(_) => Err(damaged("its head is broken")),
    }
}

/// Rows one by one, from 1.
pub(super) struct Rows {
    rows: Option<RowIter<'static>>,
    number: u64,
}

impl Iterator for Rows {
    type Item = io::Result<Numbered<Value>>;

    fn next(&mut self) -> Option<Self::Item> {
        let rows = self.rows.as_mut()?;
        // The decoder is not proof against every damaged page; a panic in it ends the file and nothing else.
        match catch_unwind(AssertUnwindSafe(|| rows.next())) {
            Ok(None) => None,
            Ok(Some(Ok(row))) => {
                self.number += 1;
                Some(Ok((self.number, Ok(row.to_json_value()))))
            }
            Ok(Some(Err(error))) => {
                self.rows = None;
                Some(Err(damaged(&error.to_string())))
            }
            Err(_) => {
                self.rows = None;
                Some(Err(damaged(&format!("the row after row {} cannot be decoded", self.number))))
            }
        }
    }
}

fn damaged(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not a Parquet file that can be read: {why}"))
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::{Seek as _, Write as _};
    use std::sync::Arc;

    use parquet::basic::Compression;
    use parquet::data_type::{BoolType, ByteArray, ByteArrayType};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use super::*;

    /// A table of bodies and labels.
    pub(in super::super) fn table(rows: &[(&str, bool)], compression: Compression) -> Vec<u8> {
        let schema = "message listing { required binary body (STRING); required boolean fraudulent; }";
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
        let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let bodies: Vec<ByteArray> = rows.iter().map(|(body, _)| ByteArray::from(*body)).collect();
        let labels: Vec<bool> = rows.iter().map(|(_, label)| *label).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&bodies, None, None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<BoolType>().write_batch(&labels, None, None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
        writer.into_inner().unwrap()
    }

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        file
    }

    #[test]
    fn rows_are_values() {
        for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::ZSTD(Default::default())] {
            let bytes = table(&[("a", true), ("ö", false)], compression);
            let read: Vec<Value> = rows(file(&bytes)).unwrap().map(|row| row.unwrap().1.unwrap()).collect();
            assert_eq!(read[1], serde_json::json!({"body": "ö", "fraudulent": false}));
            assert_eq!(streamed_rows(Box::new(io::Cursor::new(bytes))).unwrap().count(), 2);
        }
    }

    #[test]
    fn a_damaged_file_is_an_error_and_never_a_panic() {
        let bytes = table(&[("a body", true), ("another", false)], Compression::SNAPPY);
        assert!(rows(file(b"")).is_err() && rows(file(b"body,label\nx,1\n")).is_err());
        for place in 0..bytes.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut damaged = bytes.clone();
                damaged[place] ^= change;
                if let Ok(rows) = rows(file(&damaged)) {
                    rows.take(100).for_each(drop);
                }
            }
            if let Ok(rows) = rows(file(&bytes[..place])) {
                rows.take(100).for_each(drop);
            }
        }
    }
}
