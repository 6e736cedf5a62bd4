//! The writing end of an archive: one writer at a time, and every capture is durable before its manifest is returned.
//!
//! A capture is written in two steps: its records into the WARC file, then its leaf into the custody log. A crash
//! between them leaves records without a leaf, which [`Archive::open`] adopts or reports.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Read, Seek as _, Write as _};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use lapwing_types::{Capture, CaptureId, CaptureSource, Digest, Exchange, Tool, Truncation, WarcLocation};
use serde_json::{Value, json};

use crate::canonical::canonical_json;
use crate::error::{Error, IoContext as _, Result};
use crate::http;
use crate::keys::Keys;
use crate::layout::{FOLDERS, Layout, README, README_FILE, sync_dir};
use crate::leaf::{Content, CustodyEvent, MAX_LEAF, check_event_kind, manifest_value};
use crate::log::{Log, write_checkpoint};
use crate::merkle::CompactRange;
use crate::note::{Checkpoint, VerifierKey};
use crate::reader::{BodyReader, Captures, Reader};
use crate::recovery::{self, Recovery};
use crate::volume::{CaptureStart, Volume};
use crate::warc::{Measure, Measuring, RecordHead, RecordKind, RecordPlace};

/// What a leaf needs beside the manifest: chain, signature and the places of its records.
const LEAF_OVERHEAD: usize = 4096;

/// How often checkpoints are made and files begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// A checkpoint is made after so many leaves.
    pub checkpoint_every: u64,
    /// A new WARC file is begun once the current one has so many bytes.
    pub file_limit: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { checkpoint_every: 64, file_limit: 512 << 20 }
    }
}

/// An archive opened for writing. It holds the lock until it is dropped.
#[derive(Debug)]
pub struct Archive {
    reader: Reader,
    layout: Layout,
    log: Log,
    volume: Volume,
    settings: Settings,
    failed: bool,
    _lock: File,
}

impl Archive {
    /// Makes a new archive in `dir`, which is created (readable by its owner alone) where it is missing. The key should
    /// lie elsewhere: whoever has both can write another history.
    ///
    /// # Errors
    /// Where there is an archive already, another process writes to it, or the files cannot be written.
    pub fn create(dir: &Path, keys: &Keys) -> Result<Self> {
        let layout = Layout::new(dir);
        create_private_dir(dir)?;
        for folder in FOLDERS {
            let path = layout.path(folder);
            fs::create_dir_all(&path).context("create the folder", &path)?;
        }
        let lock = take_lock(&layout)?;
        let is_used = layout.leaves().exists() || !layout.names_in("warc")?.is_empty();
        if is_used {
            return Err(Error::ArchiveExists(dir.to_path_buf()));
        }
        write_file(&layout.path(README_FILE), README)?;
        write_file(&layout.public_key(), &format!("{}\n", keys.verifier()))?;
        let tree = CompactRange::new();
        let empty = Checkpoint { origin: keys.name().to_string(), size: 0, root: tree.root() };
        write_checkpoint(&layout, keys, &empty)?;
        write_file(&layout.leaves(), "")?;
        sync_dir(&layout.path("log"))?;
        sync_dir(dir)?;
        Self::assemble(layout, keys, tree, 0, 1, lock)
    }

    /// Opens an archive for writing, and mends what a crash left: torn ends are cut off and kept in `recovered/`, whole
    /// captures without a leaf get theirs. Each such deed is returned, and recorded in the log at the time `now`.
    ///
    /// # Errors
    /// Where there is none, another process writes to it, the key is not the archive's, or what is on disk contradicts
    /// itself in a way that no crash leaves behind.
    pub fn open(dir: &Path, keys: &Keys, now: Timestamp) -> Result<(Self, Vec<Recovery>)> {
        let layout = Layout::new(dir);
        layout.must_be_archive()?;
        let lock = take_lock(&layout)?;
        check_key(&layout, keys)?;
        let mended = recovery::mend(&layout, keys)?;
        let mut archive = Self::assemble(layout, keys, mended.tree, mended.last_checkpoint, mended.warc_number, lock)?;
        for (capture, records) in mended.adopted {
            archive.append(capture.captured_at, Content::Capture(Box::new(capture)), records)?;
        }
        if !mended.recoveries.is_empty() {
            let event = recovery::event(&mended.recoveries);
            archive.append(now, Content::Event(event), mended.orphans)?;
            archive.checkpoint()?;
        }
        Ok((archive, mended.recoveries))
    }

    /// Opens an archive for reading. It needs no lock and no key.
    ///
    /// # Errors
    /// Where there is none.
    pub fn open_read_only(dir: &Path) -> Result<Reader> {
        Reader::open(dir)
    }

    fn assemble(layout: Layout, keys: &Keys, tree: CompactRange, covered: u64, warc: u32, lock: File) -> Result<Self> {
        let settings = Settings::default();
        let reader = Reader::open(layout.root())?;
        let log = Log::open(&layout, keys, tree, covered)?;
        let volume = Volume::open(&layout, warc, settings.file_limit)?;
        Ok(Self { reader, layout, log, volume, settings, failed: false, _lock: lock })
    }

    /// Changes how often checkpoints are made and files begun.
    pub const fn configure(&mut self, settings: Settings) {
        self.settings = settings;
        self.volume.set_limit(settings.file_limit);
    }

    /// Keeps one request and its answer. When it returns, both are durable.
    ///
    /// # Errors
    /// Where the manifest would be too long, or the files cannot be written.
    pub fn keep_exchange(&mut self, id: CaptureId, exchange: &Exchange, tool: &Tool) -> Result<Capture> {
        let answer = http::response_head(exchange);
        let asked = http::request_head(exchange);
        let payload = Measure::of(&[&exchange.body]);
        let mut more = vec![("WARC-Payload-Digest", payload.digest.to_string())];
        more.extend(exchange.peer.map(|peer| ("WARC-IP-Address", peer.ip().to_string())));
        more.extend(http::protocol(&exchange.version).map(|name| ("WARC-Protocol", name.to_string())));
        more.extend(exchange.truncated.map(|why| ("WARC-Truncated", truncation_name(why).to_string())));
        let head = |kind, content_type, block, more| RecordHead {
            kind,
            capture: id,
            date: exchange.started_at,
            target: Some(exchange.url.to_string()),
            content_type,
            block,
            more,
        };
        let response = head(
            RecordKind::Response,
            "application/http;msgtype=response",
            Measure::of(&[&answer, &exchange.body]),
            more,
        );
        let concurrent = vec![("WARC-Concurrent-To", RecordKind::Response.record_id(id))];
        let request = head(RecordKind::Request, "application/http;msgtype=request", Measure::of(&[&asked]), concurrent);
        let draft = Draft { id, captured_at: exchange.finished_at, origin: source_of(exchange), payload, tool };
        let mut block = answer.as_slice().chain(exchange.body.as_slice());
        self.keep(&draft, &response, &mut block, Some((&request, &asked)))
    }

    /// Keeps a file that a person ingested.
    ///
    /// # Errors
    /// As [`Archive::keep_exchange`].
    pub fn keep_file(
        &mut self,
        id: CaptureId,
        name: &str,
        format: &str,
        bytes: &[u8],
        at: Timestamp,
        tool: &Tool,
    ) -> Result<Capture> {
        self.keep_measured_file(id, (name, format), Measure::of(&[bytes]), &mut &*bytes, at, tool)
    }

    /// Keeps a file of any size in constant memory. The bytes are first copied into `spool/`, since a record begins
    /// with the digest of what follows; if the reader breaks, nothing is kept.
    ///
    /// # Errors
    /// As [`Archive::keep_exchange`], and where the reader breaks.
    pub fn keep_file_from(
        &mut self,
        id: CaptureId,
        name: &str,
        format: &str,
        reader: &mut dyn Read,
        at: Timestamp,
        tool: &Tool,
    ) -> Result<Capture> {
        let path = self.layout.path(&format!("spool/{id}"));
        let outcome = spool(&path, reader).and_then(|(measure, mut spooled)| {
            self.keep_measured_file(id, (name, format), measure, &mut spooled, at, tool)
        });
        let removed = fs::remove_file(&path);
        let capture = outcome?;
        removed.context("remove", &path)?;
        Ok(capture)
    }

    /// Records that something happened to the material. `details` holds no personal data in the clear: leaves are never
    /// deleted. Returns the index of the leaf once it is durable.
    ///
    /// # Errors
    /// Where the kind is no lower-case word, the details hold a fraction or are too long, or the log cannot be written.
    pub fn record_event(&mut self, kind: &str, at: Timestamp, actor: &str, details: Value) -> Result<u64> {
        check_event_kind(kind)?;
        let event = CustodyEvent { kind: kind.to_string(), actor: actor.to_string(), details };
        // As deep as it will stand in the leaf, so that nothing is refused after writing has begun.
        let length = canonical_json(&json!([event]))?.len();
        check_length("details", length)?;
        self.append(at, Content::Event(event), Vec::new())
    }

    /// Signs the log as it stands.
    ///
    /// # Errors
    /// Where the checkpoint cannot be written.
    pub fn checkpoint(&mut self) -> Result<Checkpoint> {
        self.guarded(|archive| archive.log.checkpoint())
    }

    /// Signs the log and gives the lock back. Dropping the archive does the same, but cannot say whether it succeeded.
    ///
    /// # Errors
    /// Where the checkpoint cannot be written.
    pub fn close(mut self) -> Result<Checkpoint> {
        self.checkpoint()
    }

    /// How many leaves the log has.
    pub const fn size(&self) -> u64 {
        self.log.size()
    }

    /// The reading end of this archive.
    pub const fn reader(&self) -> &Reader {
        &self.reader
    }

    /// See [`Reader::list`].
    ///
    /// # Errors
    /// Where the log cannot be opened.
    pub fn list(&self) -> Result<Captures> {
        self.reader.list()
    }

    /// See [`Reader::captures_after`].
    ///
    /// # Errors
    /// Where the log cannot be opened.
    pub fn captures_after(&self, index: Option<u64>) -> Result<Captures> {
        self.reader.captures_after(index)
    }

    /// See [`Reader::find`].
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub fn find(&self, id: CaptureId) -> Result<Option<Capture>> {
        self.reader.find(id)
    }

    /// See [`Reader::read_body`].
    ///
    /// # Errors
    /// Where the bytes are missing or not those that were kept.
    pub fn read_body(&self, capture: &Capture) -> Result<Vec<u8>> {
        self.reader.read_body(capture)
    }

    /// See [`Reader::body_reader`].
    ///
    /// # Errors
    /// Where the record is missing or has no head.
    pub fn body_reader(&self, capture: &Capture) -> Result<BodyReader> {
        self.reader.body_reader(capture)
    }

    fn keep_measured_file(
        &mut self,
        id: CaptureId,
        (name, format): (&str, &str),
        block: Measure,
        bytes: &mut dyn Read,
        at: Timestamp,
        tool: &Tool,
    ) -> Result<Capture> {
        let head = RecordHead {
            kind: RecordKind::Resource,
            capture: id,
            date: at,
            target: Some(format!("urn:file:{id}/{}", http::percent_encode(name.as_bytes()))),
            content_type: media_type(format),
            block,
            more: vec![("WARC-Payload-Digest", block.digest.to_string())],
        };
        let origin = CaptureSource::File { name: name.to_string(), format: format.to_string() };
        let draft = Draft { id, captured_at: at, origin, payload: block, tool };
        self.keep(&draft, &head, bytes, None)
    }

    fn keep(
        &mut self,
        draft: &Draft<'_>,
        primary: &RecordHead<'_>,
        block: &mut dyn Read,
        request: Option<(&RecordHead<'_>, &[u8])>,
    ) -> Result<Capture> {
        draft.check()?;
        self.guarded(|archive| {
            let start = CaptureStart { id: draft.id, date: primary.date, version: &draft.tool.version };
            let mut records: Vec<RecordPlace> = archive.volume.begin_capture(&start)?.into_iter().collect();
            let place = archive.volume.write(primary, block)?;
            let capture = draft.finish(&place);
            records.push(place);
            if let Some((head, mut bytes)) = request {
                records.push(archive.volume.write(head, &mut bytes)?);
            }
            let manifest = canonical_json(&manifest_value(&capture))?;
            records.push(archive.volume.write(&manifest_head(&capture, primary, &manifest), &mut manifest.as_bytes())?);
            archive.volume.sync()?;
            archive.log.append(capture.captured_at, Content::Capture(Box::new(capture.clone())), records)?;
            archive.checkpoint_when_due()?;
            Ok(capture)
        })
    }

    fn append(&mut self, at: Timestamp, content: Content, records: Vec<RecordPlace>) -> Result<u64> {
        self.guarded(|archive| {
            let index = archive.log.append(at, content, records)?;
            archive.checkpoint_when_due()?;
            Ok(index)
        })
    }

    fn checkpoint_when_due(&mut self) -> Result<()> {
        if self.log.uncovered() >= self.settings.checkpoint_every {
            self.log.checkpoint()?;
        }
        Ok(())
    }

    /// After a write that failed halfway, nobody knows what is on disk: nothing more is written until the archive was
    /// opened again.
    fn guarded<T>(&mut self, write: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.failed {
            return Err(Error::MustReopen);
        }
        let outcome = write(self);
        self.failed = outcome.is_err();
        outcome
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        if !self.failed && self.log.uncovered() > 0 {
            // Nobody is left to be told; the leaves are signed one by one in any case.
            let _ = self.log.checkpoint();
        }
    }
}

/// A manifest before it is known where its record lies.
struct Draft<'a> {
    id: CaptureId,
    captured_at: Timestamp,
    origin: CaptureSource,
    payload: Measure,
    tool: &'a Tool,
}

impl Draft<'_> {
    fn finish(&self, place: &RecordPlace) -> Capture {
        Capture {
            id: self.id,
            captured_at: self.captured_at,
            origin: self.origin.clone(),
            payload: self.payload.digest,
            payload_length: self.payload.length,
            warc: WarcLocation {
                file: place.file.clone(),
                offset: place.offset,
                length: place.length,
                digest: place.digest,
            },
            tool: self.tool.clone(),
        }
    }

    /// Refuses, before anything is written, what could not be written whole.
    fn check(&self) -> Result<()> {
        let nowhere = RecordPlace {
            kind: RecordKind::Response,
            file: String::new(),
            offset: 0,
            length: 0,
            digest: Digest::from_bytes([0; 32]),
        };
        let length = canonical_json(&manifest_value(&self.finish(&nowhere)))?.len();
        check_length("url, redirects and content type", length)
    }
}

fn check_length(what: &'static str, length: usize) -> Result<()> {
    let limit = MAX_LEAF - LEAF_OVERHEAD;
    if length > limit {
        return Err(Error::TooLarge { what, length, limit });
    }
    Ok(())
}

fn manifest_head(capture: &Capture, primary: &RecordHead<'_>, manifest: &str) -> RecordHead<'static> {
    RecordHead {
        kind: RecordKind::Metadata,
        capture: capture.id,
        date: primary.date,
        target: Some(recovery::manifest_target(capture.id)),
        content_type: "application/json",
        block: Measure::of(&[manifest.as_bytes()]),
        more: vec![("WARC-Refers-To", primary.kind.record_id(capture.id))],
    }
}

fn source_of(exchange: &Exchange) -> CaptureSource {
    CaptureSource::Http {
        url: exchange.url.clone(),
        redirected_from: exchange.redirected_from.clone(),
        method: exchange.method.clone(),
        status: exchange.status,
        version: exchange.version.clone(),
        content_type: exchange.response_header("content-type").map(str::to_string),
        peer: exchange.peer.map(|peer| peer.to_string()),
        robots: exchange.robots.clone(),
        started_at: exchange.started_at,
        first_byte_at: exchange.first_byte_at,
        waited_ms: exchange.waited_ms,
        truncated: exchange.truncated,
    }
}

const fn truncation_name(why: Truncation) -> &'static str {
    match why {
        Truncation::Length => "length",
        Truncation::Time => "time",
        Truncation::Disconnect => "disconnect",
    }
}

fn media_type(format: &str) -> &'static str {
    match format {
        "jsonl" => "application/x-ndjson",
        "json" => "application/json",
        "csv" => "text/csv",
        "html" => "text/html",
        _ => "application/octet-stream",
    }
}

fn spool(path: &Path, reader: &mut dyn Read) -> Result<(Measure, File)> {
    let file = OpenOptions::new().read(true).write(true).create_new(true).open(path).context("create", path)?;
    let mut out = Measuring::new(BufWriter::with_capacity(256 << 10, file));
    let mut buffer = vec![0; 256 << 10];
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Error::Input(error)),
        };
        out.write_all(&buffer[..count]).context("write", path)?;
    }
    let (measure, buffered) = out.into_parts();
    let mut file = buffered.into_inner().map_err(io::IntoInnerError::into_error).context("write", path)?;
    file.rewind().context("read", path)?;
    Ok((measure, file))
}

fn create_private_dir(dir: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).context("create the folder", dir)
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    let mut file = File::create(path).context("create", path)?;
    file.write_all(text.as_bytes()).context("write", path)?;
    file.sync_all().context("write", path)
}

fn check_key(layout: &Layout, keys: &Keys) -> Result<()> {
    let path = layout.public_key();
    let text = fs::read_to_string(&path).context("read", &path)?;
    let place = path.display().to_string();
    let malformed = |_| Error::KeyMalformed { place, what: "verifier key of a signed note" };
    let key: VerifierKey = text.parse().map_err(malformed)?;
    if key == keys.verifier() {
        return Ok(());
    }
    Err(Error::OtherKey { expected: key.name().to_string(), found: keys.name().to_string() })
}

/// Takes the lock. A verification holds it for an instant, hence the few tries.
fn take_lock(layout: &Layout) -> Result<File> {
    let path = layout.lock();
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .context("open the lock", &path)?;
    for _ in 0..5 {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
            Err(TryLockError::Error(error)) => return Err(error).context("lock", &path),
        }
    }
    Err(Error::Locked(layout.root().to_path_buf()))
}
