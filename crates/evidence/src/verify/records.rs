//! Checking the WARC files: each record that a leaf names is there with its digest, and nothing else is.
//!
//! The files are read once, in the order of the leaves. Where a record is not at its place, it is looked for where it
//! would be if records before it had been removed or inserted, so that one removed record gives one finding and names
//! the capture, instead of a finding for each record behind it.

use std::fs::{self, File};
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};

use lapwing_types::{Capture, CaptureId};

use crate::layout::{Layout, warc_name, warc_number};
use crate::leaf::MAX_LEAF;
use crate::member::{Fault, Record, read_record};
use crate::recovery::{capture_of_target, kind_of, manifest_target};
use crate::report::{FindingCode, Report};
use crate::warc::{Measure, RecordKind, RecordPlace};

/// Faults that wait for the next good record are bounded; beyond, they are reported as they come.
const MAX_PENDING: usize = 4096;

/// How many records that lie where another should are passed over to find it: those of two captures.
const MAX_STRANGERS: usize = 6;

/// The leaf that names a record.
pub(super) struct Owner<'l> {
    pub(super) leaf: u64,
    pub(super) capture: Option<&'l Capture>,
    pub(super) manifest: Option<&'l str>,
}

impl Owner<'_> {
    fn id(&self) -> Option<CaptureId> {
        self.capture.map(|capture| capture.id)
    }
}

/// A run of bytes that no leaf has named so far, as offsets in the file as the leaves describe it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Gap {
    number: u32,
    start: u64,
    end: u64,
    /// How far the file as it is lies behind the file as the leaves describe it.
    slip: i64,
}

/// What is not settled until the next good record shows whether bytes are missing or changed.
enum Pending {
    Gap(Gap),
    Record { place: String, capture: Option<CaptureId>, why: Fault },
}

/// The state of the reading.
pub(super) struct RecordCheck<'a> {
    layout: &'a Layout,
    numbers: Vec<u32>,
    file: WarcFile,
    /// Up to where leaves have named the current file.
    offset: u64,
    slip: i64,
    pending: Vec<Pending>,
    pending_bytes: u64,
    gaps: Vec<Gap>,
}

impl<'a> RecordCheck<'a> {
    pub(super) fn new(layout: &'a Layout) -> Self {
        let numbers = layout.warc_numbers().map(|found| found.0).unwrap_or_default();
        let (pending, gaps, file) = (Vec::new(), Vec::new(), WarcFile::open(layout, 1, 0));
        Self { layout, numbers, file, offset: 0, slip: 0, pending, pending_bytes: 0, gaps }
    }

    /// How many bytes there are to read.
    pub(super) fn total_bytes(&self) -> u64 {
        let length = |number: &u32| fs::metadata(self.layout.warc(*number)).map_or(0, |data| data.len());
        self.numbers.iter().map(length).sum()
    }

    /// How many bytes were read.
    pub(super) const fn bytes(&self) -> u64 {
        self.file.bytes
    }

    /// Checks the records of one leaf.
    pub(super) fn check_leaf(&mut self, places: &[RecordPlace], owner: &Owner<'_>, report: &mut Report) {
        if let Some(capture) = owner.capture {
            check_places(places, capture, owner.leaf, report);
        }
        for place in places {
            let end = place.offset.checked_add(place.length);
            match (warc_number(&place.file), end) {
                (Some(number), Some(end)) => self.check_place(place, number, end, owner, report),
                _ => {
                    let message = "the leaf names a place that no archive has";
                    report.find(FindingCode::LeafInvalid, describe(place), owner.id(), message);
                }
            }
        }
    }

    /// Settles what is open, and looks at the bytes that no leaf named.
    pub(super) fn finish(&mut self, is_being_written: bool, report: &mut Report) {
        self.end_file(report);
        let (last, end) = (self.file.number, self.offset);
        for number in self.numbers.clone().into_iter().filter(|number| *number > last) {
            let length = fs::metadata(self.layout.warc(number)).map_or(0, |data| data.len());
            if length == 0 && number > last + 1 && !is_being_written {
                report.find(FindingCode::UnknownFile, warc_name(number), None, "an empty file out of turn");
            }
            self.gaps.push(Gap { number, start: 0, end: length, slip: 0 });
        }
        for gap in std::mem::take(&mut self.gaps) {
            let is_unfinished = is_being_written && (gap.number, gap.start) >= (last, end);
            if !is_unfinished {
                self.describe_gap(gap, report);
            }
        }
    }

    fn check_place(&mut self, place: &RecordPlace, number: u32, end: u64, owner: &Owner<'_>, report: &mut Report) {
        if (number, place.offset) < (self.file.number, self.offset) {
            return self.check_earlier(place, number, end, owner, report);
        }
        if number > self.file.number {
            self.end_file(report);
            for skipped in self.file.number + 1..number {
                let length = fs::metadata(self.layout.warc(skipped)).map_or(0, |data| data.len());
                self.gaps.push(Gap { number: skipped, start: 0, end: length, slip: 0 });
            }
            self.file = WarcFile::open(self.layout, number, self.file.bytes);
            (self.offset, self.slip) = (0, 0);
            if self.file.reader.is_none() {
                report.find(FindingCode::FileMissing, warc_name(number), None, "the file is missing");
            }
        }
        if place.offset > self.offset {
            let gap = Gap { number, start: self.offset, end: place.offset, slip: self.slip };
            self.pending_bytes += place.offset - self.offset;
            self.pending.push(Pending::Gap(gap));
        }
        self.offset = end;
        self.find_record(place, owner, report);
    }

    /// Looks for a record at its place, and where it would be if records before it had been removed or inserted.
    fn find_record(&mut self, place: &RecordPlace, owner: &Owner<'_>, report: &mut Report) {
        let why = match self.read_at(place, self.slip) {
            Ok(record) if is_at(&record, place) => {
                self.settle(self.slip, report);
                return judge(&record, place, owner, report);
            }
            Ok(stranger) => format!("another record lies there: {}", name_of(&stranger)),
            Err(fault) => fault,
        };
        if let Some((slip, record, before)) = self.find_behind(place) {
            let message = format!("it lies behind its place, after {before}");
            report.find(FindingCode::RecordMoved, describe(place), owner.id(), message);
            self.settle(self.slip, report);
            self.slip = slip;
            return judge(&record, place, owner, report);
        }
        let shorter = self.slip.saturating_sub_unsigned(self.pending_bytes);
        if self.pending_bytes > 0
            && let Some(record) = self.read_at(place, shorter).ok().filter(|record| is_at(record, place))
        {
            self.settle(shorter, report);
            return judge(&record, place, owner, report);
        }
        if self.pending.len() >= MAX_PENDING {
            self.settle(self.slip, report);
        }
        self.pending_bytes += place.length;
        self.pending.push(Pending::Record { place: describe(place), capture: owner.id(), why });
    }

    /// Looks for a record behind the few whole ones that lie where it should, and names the first of these.
    fn find_behind(&mut self, place: &RecordPlace) -> Option<(i64, Record, String)> {
        let mut slip = self.slip;
        let mut before = None;
        for _ in 0..=MAX_STRANGERS {
            let offset = place.offset.checked_add_signed(slip)?;
            let record = self.file.read(offset, u64::MAX).ok()?;
            if is_at(&record, place) {
                return Some((slip, record, before?));
            }
            slip = slip.saturating_add_unsigned(record.member.length);
            before.get_or_insert_with(|| name_of(&record));
        }
        None
    }

    /// A good record, or the end of the file, shows what became of what is pending: with the same slip its bytes were
    /// changed, with another they are gone.
    fn settle(&mut self, slip: i64, report: &mut Report) {
        let is_gone = slip != self.slip;
        self.slip = slip;
        self.pending_bytes = 0;
        for pending in std::mem::take(&mut self.pending) {
            match pending {
                Pending::Gap(gap) if !is_gone => self.gaps.push(gap),
                Pending::Gap(gap) => {
                    let place = format!("{} at {}", warc_name(gap.number), gap.start);
                    let message = format!(
                        "{} bytes were removed here together with the leaf that named them",
                        gap.end - gap.start
                    );
                    report.find(FindingCode::RecordMissing, place, None, message);
                }
                Pending::Record { place, capture, .. } if is_gone => {
                    report.find(FindingCode::RecordMissing, place, capture, "the record was removed");
                }
                Pending::Record { place, capture, why } => report.find(FindingCode::RecordChanged, place, capture, why),
            }
        }
    }

    fn end_file(&mut self, report: &mut Report) {
        let length = i128::from(self.file.length);
        let shorter = self.slip.saturating_sub_unsigned(self.pending_bytes);
        let is_gone = self.pending_bytes > 0 && i128::from(self.offset) + i128::from(shorter) == length;
        self.settle(if is_gone { shorter } else { self.slip }, report);
        let end = i128::from(self.offset) + i128::from(self.slip);
        if length > end {
            let rest = u64::try_from(length - end).unwrap_or(0);
            let gap = Gap { number: self.file.number, start: self.offset, end: self.offset + rest, slip: self.slip };
            self.gaps.push(gap);
        }
    }

    /// A leaf names bytes behind those of an earlier leaf: leaves were moved, or two name the same.
    fn check_earlier(&mut self, place: &RecordPlace, number: u32, end: u64, owner: &Owner<'_>, report: &mut Report) {
        self.settle(self.slip, report);
        let inside = |gap: &Gap| gap.number == number && gap.start <= place.offset && end <= gap.end;
        let mut slip = 0;
        match self.gaps.iter().position(inside) {
            Some(index) => {
                let gap = self.gaps.swap_remove(index);
                slip = gap.slip;
                let parts = [Gap { end: place.offset, ..gap }, Gap { start: end, ..gap }];
                self.gaps.extend(parts.into_iter().filter(|part| part.start < part.end));
            }
            None => {
                let message = format!("leaf {} names bytes that another leaf has named", owner.leaf);
                report.find(FindingCode::RecordOverlap, describe(place), owner.id(), message);
            }
        }
        let mut other;
        let file = if number == self.file.number {
            &mut self.file
        } else {
            other = WarcFile::open(self.layout, number, 0);
            &mut other
        };
        match file.read(place.offset.saturating_add_signed(slip), place.length) {
            Ok(record) if is_at(&record, place) => judge(&record, place, owner, report),
            Ok(_) => report.find(FindingCode::RecordChanged, describe(place), owner.id(), "another record lies there"),
            Err(fault) => report.find(FindingCode::RecordChanged, describe(place), owner.id(), fault),
        }
    }

    fn read_at(&mut self, place: &RecordPlace, slip: i64) -> Result<Record, Fault> {
        let offset = place.offset.checked_add_signed(slip).ok_or("it would lie before the file")?;
        self.file.read(offset, place.length)
    }

    /// Says what lies in bytes that no leaf named.
    fn describe_gap(&self, gap: Gap, report: &mut Report) {
        let mut file = WarcFile::open(self.layout, gap.number, 0);
        let end = gap.end.saturating_add_signed(gap.slip);
        let mut offset = gap.start.saturating_add_signed(gap.slip);
        while offset < end {
            let place = format!("{} at {offset}", warc_name(gap.number));
            let Ok(record) = file.read(offset, end - offset) else {
                let message = format!("{} bytes that are no record, and for which no leaf answers", end - offset);
                return report.find(FindingCode::BytesWithoutLeaf, place, None, message);
            };
            let message = format!("no leaf answers for {}", name_of(&record));
            report.find(FindingCode::RecordWithoutLeaf, place, capture_of(&record), message);
            offset += record.member.length;
        }
    }
}

/// One WARC file, read mostly forward.
struct WarcFile {
    number: u32,
    reader: Option<BufReader<File>>,
    length: u64,
    bytes: u64,
}

impl WarcFile {
    fn open(layout: &Layout, number: u32, bytes: u64) -> Self {
        let path = layout.warc(number);
        let is_file = fs::symlink_metadata(&path).is_ok_and(|data| data.is_file());
        let file = is_file.then(|| File::open(&path).ok()).flatten();
        let length = file.as_ref().and_then(|file| file.metadata().ok()).map_or(0, |data| data.len());
        Self { number, reader: file.map(|file| BufReader::with_capacity(64 << 10, file)), length, bytes }
    }

    /// Reads the record at an offset, which is at most so long.
    fn read(&mut self, offset: u64, length: u64) -> Result<Record, Fault> {
        let reader = self.reader.as_mut().ok_or("the file is missing")?;
        if offset >= self.length {
            return Err("the file ends before it".into());
        }
        let position = reader.stream_position().map_err(|error| error.to_string())?;
        let sought = match (i64::try_from(offset), i64::try_from(position)) {
            (Ok(to), Ok(from)) => reader.seek_relative(to - from),
            _ => reader.seek(SeekFrom::Start(offset)).map(drop),
        };
        sought.map_err(|error| error.to_string())?;
        let record = read_record(reader.take(length), MAX_LEAF);
        self.bytes += record.as_ref().map_or(0, |record| record.member.length);
        record
    }
}

fn is_at(record: &Record, place: &RecordPlace) -> bool {
    (record.member.length, record.member.digest) == (place.length, place.digest)
}

/// Compares a record that has its digest with what its leaf says of it.
fn judge(record: &Record, place: &RecordPlace, owner: &Owner<'_>, report: &mut Report) {
    let mut find = |message: &str| report.find(FindingCode::RecordMismatch, describe(place), owner.id(), message);
    if kind_of(record) != Some(place.kind) {
        find("it is not of the kind that its leaf says");
    }
    let Some(capture) = owner.capture else { return };
    if record.head.record_id != place.kind.record_id(capture.id) {
        find("its `WARC-Record-ID` is not the one of its capture");
    }
    let payload = Measure { length: capture.payload_length, digest: capture.payload };
    if place.kind.is_primary() && record.payload != payload {
        find("its payload is not the one in the manifest");
    }
    let is_same_manifest = record.kept_block.as_deref() == owner.manifest.map(str::as_bytes)
        && record.head.target == manifest_target(capture.id);
    if place.kind == RecordKind::Metadata && !is_same_manifest {
        find("its manifest is not the one in the leaf");
    }
}

/// A capture's leaf names its primary record, as the manifest does, and its manifest, each once.
fn check_places(places: &[RecordPlace], capture: &Capture, leaf: u64, report: &mut Report) {
    let mut primaries = places.iter().filter(|place| place.kind.is_primary());
    let is_primary = |place: &RecordPlace| {
        let warc = &capture.warc;
        (&place.file, place.offset, place.length, place.digest) == (&warc.file, warc.offset, warc.length, warc.digest)
    };
    let has_primary = primaries.next().is_some_and(is_primary) && primaries.next().is_none();
    let manifests = places.iter().filter(|place| place.kind == RecordKind::Metadata).count();
    if !has_primary || manifests != 1 {
        let message = "its records are not one that was captured and one manifest";
        report.find(FindingCode::LeafInvalid, format!("log/leaves.jsonl, leaf {leaf}"), Some(capture.id), message);
    }
}

fn describe(place: &RecordPlace) -> String {
    format!("{} at {}, record `{}`", place.file, place.offset, place.kind.as_str())
}

/// The capture to which a record belongs, where the record says so.
fn capture_of(record: &Record) -> Option<CaptureId> {
    let is_primary = kind_of(record).is_some_and(RecordKind::is_primary);
    let own = || record.head.record_id.strip_prefix("<urn:uuid:")?.strip_suffix('>')?.parse().ok();
    capture_of_target(&record.head.target).or_else(|| is_primary.then(own).flatten())
}

fn name_of(record: &Record) -> String {
    let kind = kind_of(record).map_or("unknown", RecordKind::as_str);
    match capture_of(record) {
        Some(id) => format!("a `{kind}` record of capture {id}"),
        None => format!("a `{kind}` record"),
    }
}
