//! Whatever moment a crash strikes, the archive opens again, loses nothing that was reported as kept, and verifies.

use std::fs;
use std::path::Path;

use crate::common::{Bench, at, capture_id, copy_dir, extent, keep_page, lines_of, tool};
use lapwing_evidence::{Archive, Error, Recovery, RecoveryKind, Settings, verify};
use serde_json::json;

/// An archive with captures 1 and 2 whose writer was killed right after the second leaf.
fn killed() -> (Bench, std::path::PathBuf) {
    let bench = Bench::new();
    let mut archive = bench.create();
    keep_page(&mut archive, 1);
    keep_page(&mut archive, 2);
    let dir = bench.snapshot("killed");
    drop(archive);
    (bench, dir)
}

fn kinds(recoveries: &[Recovery]) -> Vec<RecoveryKind> {
    recoveries.iter().map(|recovery| recovery.kind).collect()
}

/// Opens, writes one capture more, closes, and expects a clean report and the captures of these numbers.
fn goes_on(bench: &Bench, dir: &Path, expected: &[u128]) -> Vec<Recovery> {
    let (mut archive, recoveries) = bench.open(dir);
    keep_page(&mut archive, 9);
    archive.close().unwrap();
    let report = bench.verify(dir);
    assert_eq!(report.findings, [], "{recoveries:?}");
    let kept: Vec<_> = Archive::open_read_only(dir).unwrap().list().unwrap().map(|entry| entry.unwrap().1).collect();
    let expected: Vec<_> = expected.iter().map(|number| capture_id(*number)).collect();
    assert_eq!(kept.iter().map(|capture| capture.id).collect::<Vec<_>>(), expected);
    let reader = Archive::open_read_only(dir).unwrap();
    kept.iter().for_each(|capture| drop(reader.read_body(capture).unwrap()));
    recoveries
}

#[test]
fn a_killed_archive_verifies_before_and_after_opening() {
    let (bench, dir) = killed();
    assert!(bench.verify(&dir).is_clean());
    assert_eq!(goes_on(&bench, &dir, &[1, 2, 9]), []);
}

#[test]
fn a_leaf_torn_at_any_byte_is_written_again() {
    let (bench, dir) = killed();
    let log = fs::read(dir.join("log/leaves.jsonl")).unwrap();
    let begin = lines_of(&dir)[0].len() + 1;
    for length in begin..log.len() {
        let torn = bench.home.path().join("torn");
        copy_dir(&dir, &torn);
        fs::write(torn.join("log/leaves.jsonl"), &log[..length]).unwrap();
        let (archive, recoveries) = bench.open(&torn);
        drop(archive);
        let expected: &[RecoveryKind] = if length == begin {
            &[RecoveryKind::AdoptedCapture]
        } else {
            &[RecoveryKind::TornLeaf, RecoveryKind::AdoptedCapture]
        };
        assert_eq!(kinds(&recoveries), expected, "{length}");
        assert_eq!(recoveries.last().unwrap().capture, Some(capture_id(2)));
        assert_eq!(bench.verify(&torn).findings, [], "{length}");
        fs::remove_dir_all(&torn).unwrap();
    }
}

#[test]
fn records_torn_at_any_byte_are_cut_off_and_kept() {
    let (bench, dir) = killed();
    let lines = lines_of(&dir);
    let (file, begin, end) = extent(&lines[1]);
    let warc = fs::read(dir.join(&file)).unwrap();
    for length in begin..end {
        let torn = bench.home.path().join("torn");
        copy_dir(&dir, &torn);
        crate::common::write_lines(&torn, &lines[..1]);
        fs::write(torn.join(&file), &warc[..length]).unwrap();
        let (archive, recoveries) = bench.open(&torn);
        drop(archive);
        assert_eq!(recoveries.is_empty(), length == begin, "{length}: {recoveries:?}");
        assert_eq!(bench.verify(&torn).findings, [], "{length}");
        let in_place = fs::metadata(torn.join(&file)).unwrap().len();
        let moved: u64 = recoveries.iter().filter_map(|recovery| recovery.kept.as_ref()).map(|kept| kept.length).sum();
        assert_eq!(in_place + moved, length as u64, "{length}");
        fs::remove_dir_all(&torn).unwrap();
    }
}

#[test]
fn a_whole_capture_without_a_leaf_is_adopted_and_work_goes_on() {
    let (bench, dir) = killed();
    crate::common::write_lines(&dir, &lines_of(&dir)[..1]);
    let recoveries = goes_on(&bench, &dir, &[1, 2, 9]);
    assert_eq!(kinds(&recoveries), [RecoveryKind::AdoptedCapture]);
}

#[test]
fn whole_records_that_are_no_capture_stay_and_are_answered_for() {
    let (bench, dir) = killed();
    let lines = lines_of(&dir);
    let leaf: serde_json::Value = serde_json::from_str(&lines[1]).unwrap();
    let end = leaf["records"][1]["offset"].as_u64().unwrap();
    let path = dir.join("warc/00000001.warc.gz");
    let warc = fs::read(&path).unwrap();
    fs::write(&path, &warc[..usize::try_from(end).unwrap()]).unwrap();
    crate::common::write_lines(&dir, &lines[..1]);
    let recoveries = goes_on(&bench, &dir, &[1, 9]);
    assert_eq!(kinds(&recoveries), [RecoveryKind::OrphanRecord]);
}

#[test]
fn an_archive_whose_first_capture_was_torn_opens() {
    let bench = Bench::new();
    let mut archive = bench.create();
    keep_page(&mut archive, 1);
    let whole = bench.snapshot("whole");
    drop(archive);
    let warc = fs::read(whole.join("warc/00000001.warc.gz")).unwrap();
    for length in [0, 1, 300, warc.len() / 2, warc.len()] {
        let torn = bench.home.path().join(format!("torn-{length}"));
        copy_dir(&whole, &torn);
        crate::common::write_lines(&torn, &[]);
        fs::write(torn.join("warc/00000001.warc.gz"), &warc[..length]).unwrap();
        let expected: &[u128] = if length == warc.len() { &[1, 9] } else { &[9] };
        goes_on(&bench, &torn, expected);
    }
}

#[test]
fn a_mending_that_was_itself_interrupted_is_told() {
    let (bench, dir) = killed();
    fs::write(dir.join("recovered/00000001-leaves.jsonl"), "{\"at\":").unwrap();
    fs::write(dir.join("spool/half"), "half a file").unwrap();
    fs::write(dir.join("log/checkpoint.tmp"), "lapwing").unwrap();
    let recoveries = goes_on(&bench, &dir, &[1, 2, 9]);
    let expected = [RecoveryKind::InterruptedRecovery, RecoveryKind::UnfinishedFile, RecoveryKind::UnfinishedFile];
    assert_eq!(kinds(&recoveries), expected);
    assert_eq!(goes_on_again(&bench, &dir), []);
    fs::write(dir.join("recovered/00000002-half"), "half a fire").unwrap();
    assert_eq!(bench.verify(&dir).findings.len(), 1);
}

fn goes_on_again(bench: &Bench, dir: &Path) -> Vec<Recovery> {
    bench.open(dir).1
}

#[test]
fn a_checkpoint_that_was_not_yet_the_latest_becomes_it() {
    let (bench, dir) = killed();
    let first = fs::read(dir.join("log/checkpoints/0")).unwrap();
    let (archive, _) = bench.open(&dir);
    archive.close().unwrap();
    fs::write(dir.join("log/checkpoint"), first).unwrap();
    assert!(!bench.verify(&dir).is_clean());
    assert_eq!(kinds(&goes_on(&bench, &dir, &[1, 2, 9])), [RecoveryKind::StaleCheckpoint]);
}

#[test]
fn two_writers_are_one_too_many_but_readers_are_welcome() {
    let bench = Bench::new();
    let mut archive = bench.create();
    let capture = keep_page(&mut archive, 1);
    assert!(matches!(Archive::open(&bench.dir(), &bench.keys, at(1)), Err(Error::Locked(_))));
    let reader = Archive::open_read_only(&bench.dir()).unwrap();
    assert_eq!(reader.find(capture.id).unwrap(), Some(capture));
    assert_eq!(reader.find(capture_id(77)).unwrap(), None);
    drop(archive);
    assert!(Archive::open(&bench.dir(), &bench.keys, at(1)).is_ok());
}

#[test]
fn a_verification_beside_a_writer_passes_over_what_is_unfinished() {
    let bench = Bench::new();
    let mut archive = bench.create();
    keep_page(&mut archive, 1);
    let path = bench.dir().join("warc/00000001.warc.gz");
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend_from_slice(&[0x1f, 0x8b, 8]);
    fs::write(&path, bytes).unwrap();
    let report = bench.verify(&bench.dir());
    assert_eq!(report.findings, []);
    assert!(report.notes.iter().any(|note| note.contains("another process is writing")), "{:?}", report.notes);
    drop(archive);
    assert!(!bench.verify(&bench.dir()).is_clean());
}

#[test]
fn a_verification_is_not_confused_by_what_a_writer_adds_meanwhile() {
    let bench = Bench::new();
    let mut archive = bench.create();
    archive.configure(Settings { file_limit: 3000, checkpoint_every: 2 });
    (1..=4).for_each(|number| drop(keep_page(&mut archive, number)));
    let mut number = 4;
    let key = bench.keys.verifier();
    let report = verify(&bench.dir(), Some(&key), &mut |_| {
        number += 1;
        keep_page(&mut archive, number);
    })
    .unwrap();
    assert_eq!(report.findings, []);
    assert_eq!((report.captures, archive.size()), (4, 9));
}

#[test]
fn an_archive_is_not_created_twice_nor_opened_where_none_is() {
    let bench = Bench::new();
    drop(bench.create());
    assert!(matches!(Archive::create(&bench.dir(), &bench.keys), Err(Error::ArchiveExists(_))));
    let nowhere = bench.home.path().join("nowhere");
    assert!(matches!(Archive::open(&nowhere, &bench.keys, at(0)), Err(Error::NotAnArchive(_))));
    assert!(matches!(Archive::open_read_only(&nowhere), Err(Error::NotAnArchive(_))));
}

#[test]
fn a_reader_that_breaks_leaves_nothing_behind() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the drive was pulled out"))
        }
    }
    let bench = Bench::new();
    let mut archive = bench.create();
    let outcome = archive.keep_file_from(capture_id(1), "a.csv", "csv", &mut Broken, at(1), &tool());
    assert!(matches!(outcome, Err(Error::Input(_))));
    archive.record_event("viewed", at(2), "desk-1", json!({})).unwrap();
    archive.close().unwrap();
    let report = bench.verify(&bench.dir());
    assert_eq!((report.findings.len(), report.captures, report.events), (0, 0, 1));
}

#[test]
fn details_that_cannot_be_written_are_refused_and_nothing_breaks() {
    let bench = Bench::new();
    let mut archive = bench.create();
    let deep = (0..63).fold(json!(1), |inner, _| json!([inner]));
    for details in [json!(0.5), json!("x".repeat(2 << 20)), deep] {
        assert!(archive.record_event("viewed", at(2), "desk-1", details).is_err());
    }
    assert!(archive.record_event("Viewed", at(2), "desk-1", json!({})).is_err());
    assert!(archive.record_event("viewed", at(2), &"\u{1}".repeat(500_000), json!({})).is_err());
    let mut endless = crate::common::exchange(1, b"");
    endless.response_headers = vec![("content-type".into(), "x".repeat(2 << 20))];
    assert!(matches!(archive.keep_exchange(capture_id(1), &endless, &tool()), Err(Error::TooLarge { .. })));
    archive.record_event("viewed", at(2), "desk-1", json!({"n": 1})).unwrap();
    archive.close().unwrap();
    assert!(bench.verify(&bench.dir()).is_clean());
}
