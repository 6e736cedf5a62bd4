//! Labelled listings from files as researchers have them: for training and for evaluation, by one reader.

use std::io;
use std::path::{Path, PathBuf};

use lapwing_detect::Labelled;
use serde_json::Value;

use super::columns::{Columns, column, scalar};
use super::source::data_files;
use super::{BadRecord, InputFormat, Numbered, columnar, open, values};
use crate::error::{EngineError, Result};

/// Where labelled listings stand, and how they are to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelledInput {
    /// Files, or folders with one file a part.
    pub paths: Vec<PathBuf>,
    /// The part of a folder: `train`, `validation`, `test` or another name.
    pub part: String,
    /// Which column is which field.
    pub columns: Columns,
}

impl LabelledInput {
    /// The files that are meant.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>> {
        data_files(&self.paths, &self.part)
    }
}

/// Labelled files, read whole.
#[derive(Debug, Default)]
pub struct LabelledFile {
    /// The labelled listings.
    pub listings: Vec<Labelled>,
    /// Records that were not read.
    pub bad: Vec<BadRecord>,
}

/// A labelled listing with the columns that were asked for beside.
#[derive(Debug)]
pub(crate) struct LabelledRecord {
    pub(crate) labelled: Labelled,
    /// The values of the columns, in their order; empty where a record has none.
    pub(crate) attributes: Vec<String>,
}

/// Reads labelled listings.
///
/// # Errors
/// Where a file cannot be read, or a folder has no such part.
pub fn read_labelled(input: &LabelledInput) -> Result<LabelledFile> {
    let mut read = LabelledFile::default();
    for path in input.files()? {
        let name = path.display().to_string();
        for entry in labelled_records(&path, &input.columns, &[], None)? {
            let (number, record) = entry.map_err(|error| EngineError::file("read", &path, error))?;
            match record {
                Ok(record) => read.listings.push(record.labelled),
                Err(reason) => read.bad.push(BadRecord { file: name.clone(), number, reason }),
            }
        }
    }
    Ok(read)
}

/// The records of a file one by one. `label` is the label of all of them, whatever they say.
pub(crate) fn labelled_records<'a>(
    path: &'a Path,
    columns: &'a Columns,
    attributes: &'a [String],
    label: Option<bool>,
) -> Result<impl Iterator<Item = io::Result<Numbered<LabelledRecord>>> + 'a> {
    let name = path.display().to_string();
    let format = match InputFormat::of_name(&name) {
        InputFormat::Html => {
            let message =
                format!("`{name}` is a web page, which has no label; labelled listings are JSON lines, CSV or Parquet");
            return Err(EngineError::Request(message));
        }
        format => format,
    };
    let read = move |value: Value| record(columns, attributes, label, value);
    let values: Box<dyn Iterator<Item = io::Result<Numbered<Value>>>> = match format {
        InputFormat::Parquet if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")) => {
            let file = std::fs::File::open(path).map_err(|error| EngineError::file("read", path, error))?;
            Box::new(columnar::rows(file).map_err(|error| EngineError::file("read", path, error))?)
        }
        format => values(open(path)?, format),
    };
    Ok(values.map(move |entry| entry.map(|(number, value)| (number, value.and_then(read)))))
}

fn record(
    columns: &Columns,
    attributes: &[String],
    label: Option<bool>,
    value: Value,
) -> std::result::Result<LabelledRecord, String> {
    let of = |name: &String| {
        let found = value.as_object().and_then(|record| column(record, name)).and_then(scalar);
        found.unwrap_or_default().trim().to_string()
    };
    let attributes = attributes.iter().map(of).collect();
    let mut mapped = columns.apply(value)?;
    if let (Some(label), Value::Object(object)) = (label, &mut mapped) {
        object.insert("label".to_string(), Value::Bool(label));
    }
    let labelled = Labelled::from_json(&mapped).map_err(|error| error.to_string())?;
    Ok(LabelledRecord { labelled, attributes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn read(name: &str, bytes: &[u8], columns: Columns) -> LabelledFile {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        read_labelled(&LabelledInput { paths: vec![path], part: "test".into(), columns }).unwrap()
    }

    #[test]
    fn a_table_packed_by_gzip_is_read() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"text,fraudulent\nCook wanted,0\nPay first,t\n,1\n").unwrap();
        let columns = Columns::parse(&["label=fraudulent".to_string()], &[]).unwrap();
        let read = read("adverts.csv.gz", &packed.finish().unwrap(), columns);
        let labels: Vec<bool> = read.listings.iter().map(|labelled| labelled.label).collect();
        assert_eq!(labels, [false, true]);
        assert!(read.bad.len() == 1 && read.bad[0].number == 3, "{:?}", read.bad);
    }

    #[test]
    fn parquet_is_read_as_the_other_formats_are() {
        let bytes =
            columnar::tests::table(&[("Pay first", true), ("Cook", false)], parquet::basic::Compression::SNAPPY);
        let columns = Columns::parse(&["label=fraudulent".to_string()], &[]).unwrap();
        let read = read("part.parquet", &bytes, columns);
        let labels: Vec<bool> = read.listings.iter().map(|labelled| labelled.label).collect();
        assert_eq!((labels, read.bad.len()), (vec![true, false], 0));
    }

    #[test]
    fn a_record_without_a_label_is_named() {
        let read = read("a.jsonl", b"{\"body\":\"a\"}\n{\"body\":\"b\",\"label\":1}\n", Columns::default());
        assert_eq!((read.listings.len(), read.bad[0].reason.as_str()), (1, "`label` must be 0, 1, true or false"));
    }
}
