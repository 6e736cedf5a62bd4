//! Writing WARC files: records are appended to the newest, and a new one is begun when it is long enough.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read, Write as _};

use crate::error::{IoContext as _, Result};
use crate::layout::{Layout, sync_dir, warc_name};
use crate::warc::{Measure, RecordHead, RecordKind, RecordPlace, write_record};

/// What each WARC file says of itself, besides the version of the program.
const WARCINFO: &str = "format: WARC File Format 1.1\r\nconformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n";

/// The WARC file that is being written.
#[derive(Debug)]
pub(crate) struct Volume {
    layout: Layout,
    number: u32,
    file: File,
    length: u64,
    limit: u64,
}

impl Volume {
    /// Opens the file of that number, which is created where it is missing.
    pub(crate) fn open(layout: &Layout, number: u32, limit: u64) -> Result<Self> {
        let path = layout.warc(number);
        let is_new = !path.exists();
        let file = OpenOptions::new().append(true).create(true).open(&path).context("open", &path)?;
        if is_new {
            sync_dir(&layout.path("warc"))?;
        }
        let length = file.metadata().context("read the length of", &path)?.len();
        Ok(Self { layout: layout.clone(), number, file, length, limit })
    }

    pub(crate) const fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
    }

    /// To be called before the records of a capture, which stay in one file. Begins a new file where this one is long
    /// enough; the place of its first record is returned, since the capture's leaf answers for that too.
    pub(crate) fn begin_capture(&mut self, capture: &CaptureStart<'_>) -> Result<Option<RecordPlace>> {
        if self.length > 0 && self.length >= self.limit {
            *self = Self::open(&self.layout, self.number + 1, self.limit)?;
        }
        if self.length > 0 {
            return Ok(None);
        }
        let block = format!("software: lapwing/{}\r\n{WARCINFO}", clean(capture.version));
        let head = RecordHead {
            kind: RecordKind::Warcinfo,
            capture: capture.id,
            date: capture.date,
            target: None,
            content_type: "application/warc-fields",
            block: Measure::of(&[block.as_bytes()]),
            more: vec![("WARC-Filename", format!("{:08}.warc.gz", self.number))],
        };
        self.write(&head, &mut block.as_bytes()).map(Some)
    }

    /// Appends one record.
    pub(crate) fn write(&mut self, head: &RecordHead<'_>, block: &mut dyn Read) -> Result<RecordPlace> {
        let path = self.layout.warc(self.number);
        let mut out = BufWriter::with_capacity(64 << 10, &self.file);
        let measure = write_record(&mut out, head, block).context("append to", &path)?;
        out.flush().context("append to", &path)?;
        drop(out);
        let (file, offset) = (warc_name(self.number), self.length);
        self.length += measure.length;
        Ok(RecordPlace { kind: head.kind, file, offset, length: measure.length, digest: measure.digest })
    }

    /// Makes what was written durable.
    pub(crate) fn sync(&self) -> Result<()> {
        self.file.sync_data().context("write", &self.layout.warc(self.number))
    }
}

/// What the first record of a file says of the capture that begins it.
pub(crate) struct CaptureStart<'a> {
    pub(crate) id: lapwing_types::CaptureId,
    pub(crate) date: jiff::Timestamp,
    pub(crate) version: &'a str,
}

fn clean(version: &str) -> String {
    version.chars().filter(|c| c.is_ascii_graphic()).collect()
}
