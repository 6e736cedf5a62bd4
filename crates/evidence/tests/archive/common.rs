//! Small archives of invented captures, and ways to copy and look at them.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use lapwing_evidence::{Archive, FindingCode, Keys, Report, Settings, verify};
use lapwing_types::{Capture, CaptureId, Digest, Exchange, RobotsDecision, Tool};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

pub(crate) fn capture_id(number: u128) -> CaptureId {
    CaptureId::new(Uuid::from_u128(number))
}

pub(crate) fn tool() -> Tool {
    Tool { name: "lapwing".into(), version: "0.1.0".into(), config: Digest::of(b"config") }
}

pub(crate) fn exchange(page: u32, body: &[u8]) -> Exchange {
    Exchange {
        url: format!("https://jobs.example/list?page={page}").parse().unwrap(),
        method: "GET".into(),
        redirected_from: vec!["https://jobs.example/".parse().unwrap()],
        started_at: at(0),
        first_byte_at: at(1),
        finished_at: at(2),
        peer: Some("203.0.113.9:443".parse().unwrap()),
        request_headers: vec![("user-agent".into(), "lapwing/0.1 (+https://lapwing.example)".into())],
        version: "HTTP/1.1".into(),
        status: 200,
        response_headers: vec![
            ("content-type".into(), "text/html; charset=utf-8".into()),
            ("transfer-encoding".into(), "chunked".into()),
        ],
        body: body.to_vec(),
        truncated: None,
        robots: RobotsDecision { allowed: true, rule: "no rule matches".into() },
        waited_ms: 1000,
    }
}

/// An archive in a folder of its own, with its key beside it.
pub(crate) struct Bench {
    pub(crate) home: TempDir,
    pub(crate) keys: Keys,
}

impl Bench {
    pub(crate) fn new() -> Self {
        // Files in memory, where there are any: the tests wait for thousands of writes to be durable.
        let memory = Path::new("/dev/shm");
        let home = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        let keys = Keys::generate(&home.path().join("keys")).unwrap();
        Self { home, keys }
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.home.path().join("evidence")
    }

    pub(crate) fn create(&self) -> Archive {
        Archive::create(&self.dir(), &self.keys).unwrap()
    }

    /// A copy of the archive as it is now, as a crash would leave it.
    pub(crate) fn snapshot(&self, name: &str) -> PathBuf {
        let target = self.home.path().join(name);
        copy_dir(&self.dir(), &target);
        target
    }

    pub(crate) fn verify(&self, dir: &Path) -> Report {
        verify(dir, Some(&self.keys.verifier()), &mut |_| {}).unwrap()
    }

    pub(crate) fn open(&self, dir: &Path) -> (Archive, Vec<lapwing_evidence::Recovery>) {
        Archive::open(dir, &self.keys, at(100)).unwrap()
    }
}

/// Six leaves, captures 1 to 4 among them, two checkpoints besides the first, two WARC files.
pub(crate) fn small_archive(bench: &Bench) -> Vec<Capture> {
    let mut archive = bench.create();
    let mut captures = vec![keep_page(&mut archive, 1), keep_page(&mut archive, 2)];
    archive.record_event("viewed", at(3), "desk-1", json!({"capture": "2"})).unwrap();
    archive.checkpoint().unwrap();
    archive.configure(Settings { file_limit: 1, ..Settings::default() });
    captures.push(
        archive.keep_file(capture_id(3), "adverts.csv", "csv", b"id,text\n1,cook wanted\n", at(4), &tool()).unwrap(),
    );
    archive.configure(Settings::default());
    captures.push(keep_page(&mut archive, 4));
    archive.record_event("decided", at(5), "desk-2", json!({"item": "7", "outcome": "cannot_tell"})).unwrap();
    archive.close().unwrap();
    captures
}

/// Keeps an invented page; pages of different numbers have different lengths.
pub(crate) fn keep_page(archive: &mut Archive, number: u32) -> Capture {
    let text: String = (0..number * 7 + 3).map(|row| format!("<p>row {}: cook wanted</p>", row * 37 % 101)).collect();
    archive.keep_exchange(capture_id(number.into()), &exchange(number, text.as_bytes()), &tool()).unwrap()
}

pub(crate) fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

pub(crate) fn files_in(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_in(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

pub(crate) fn codes(report: &Report) -> Vec<FindingCode> {
    let mut codes: Vec<FindingCode> = report.findings.iter().map(|finding| finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The captures that the findings name, each once.
pub(crate) fn named(report: &Report) -> Vec<CaptureId> {
    let mut ids: Vec<CaptureId> = report.findings.iter().filter_map(|finding| finding.capture).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

pub(crate) fn lines_of(dir: &Path) -> Vec<String> {
    fs::read_to_string(dir.join("log/leaves.jsonl")).unwrap().lines().map(str::to_string).collect()
}

pub(crate) fn write_lines(dir: &Path, lines: &[String]) {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    fs::write(dir.join("log/leaves.jsonl"), text).unwrap();
}

/// Where the records of a leaf lie in their file: begin and end.
pub(crate) fn extent(line: &str) -> (String, usize, usize) {
    let leaf: serde_json::Value = serde_json::from_str(line).unwrap();
    let records = leaf["records"].as_array().unwrap();
    let number = |record: &serde_json::Value, key: &str| usize::try_from(record[key].as_u64().unwrap()).unwrap();
    let last = records.last().unwrap();
    let end = number(last, "offset") + number(last, "length");
    (records[0]["file"].as_str().unwrap().to_string(), number(&records[0], "offset"), end)
}
