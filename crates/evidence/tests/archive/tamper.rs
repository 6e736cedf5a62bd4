//! Whatever is changed in an archive, a verification finds it, and says which capture it concerns.

use std::fs;
use std::path::Path;

use crate::common::{
    Bench, capture_id, codes, extent, files_in, keep_page, lines_of, named, small_archive, write_lines,
};
use lapwing_evidence::{Error, FindingCode, Keys, verify};

/// Builds the small archive, lets `change` at it, and gives the report.
fn after(change: impl FnOnce(&Path)) -> lapwing_evidence::Report {
    let bench = Bench::new();
    small_archive(&bench);
    change(&bench.dir());
    bench.verify(&bench.dir())
}

#[test]
fn an_untouched_archive_is_clean() {
    let report = after(|_| {});
    assert_eq!(report.findings, []);
    assert_eq!((report.captures, report.events, report.checkpoints), (4, 2, 3));
    assert_eq!(report.notes.len(), 3, "{:?}", report.notes);
}

#[test]
fn every_flipped_byte_is_found() {
    let bench = Bench::new();
    small_archive(&bench);
    let mut tried = 0;
    for path in files_in(&bench.dir()) {
        let original = fs::read(&path).unwrap();
        for index in (0..original.len()).step_by(97) {
            for mask in [0x01, 0x80] {
                let mut bytes = original.clone();
                bytes[index] ^= mask;
                fs::write(&path, &bytes).unwrap();
                let report = bench.verify(&bench.dir());
                assert!(!report.is_clean(), "byte {index} of {}", path.display());
                tried += 1;
            }
        }
        fs::write(&path, &original).unwrap();
    }
    assert!(tried > 200, "{tried}");
    assert!(bench.verify(&bench.dir()).is_clean());
}

#[test]
fn a_flipped_byte_in_a_record_names_its_capture() {
    let bench = Bench::new();
    let captures = small_archive(&bench);
    for capture in captures {
        let path = bench.dir().join(&capture.warc.file);
        let original = fs::read(&path).unwrap();
        let begin = usize::try_from(capture.warc.offset).unwrap();
        for index in (begin..begin + usize::try_from(capture.warc.length).unwrap()).step_by(31) {
            let mut bytes = original.clone();
            bytes[index] ^= 0x10;
            fs::write(&path, &bytes).unwrap();
            let report = bench.verify(&bench.dir());
            assert_eq!(named(&report), [capture.id], "byte {index}: {:?}", report.findings);
        }
        fs::write(&path, &original).unwrap();
    }
}

#[test]
fn every_cut_file_is_found() {
    let bench = Bench::new();
    small_archive(&bench);
    for path in files_in(&bench.dir()) {
        let original = fs::read(&path).unwrap();
        for length in (0..original.len()).step_by(53) {
            fs::write(&path, &original[..length]).unwrap();
            assert!(!bench.verify(&bench.dir()).is_clean(), "{length} bytes of {}", path.display());
        }
        fs::write(&path, &original).unwrap();
    }
}

#[test]
fn every_removed_file_is_found() {
    let bench = Bench::new();
    small_archive(&bench);
    // The lock is empty and is made anew by whoever writes.
    for path in files_in(&bench.dir()).into_iter().filter(|path| !path.ends_with("lock")) {
        let original = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(!bench.verify(&bench.dir()).is_clean(), "{}", path.display());
        fs::write(&path, &original).unwrap();
    }
}

#[test]
fn every_added_file_is_found() {
    let bench = Bench::new();
    small_archive(&bench);
    let names = [
        "x",
        "log/x",
        "log/checkpoints/07",
        "log/checkpoints/99",
        "warc/x",
        "warc/00000009.warc.gz",
        "recovered/x",
        "spool/x",
    ];
    for name in names {
        let path = bench.dir().join(name);
        fs::write(&path, "x").unwrap();
        assert!(!bench.verify(&bench.dir()).is_clean(), "{name}");
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_removed_capture_is_missed_by_name() {
    let report = after(|dir| {
        let (file, begin, end) = extent(&lines_of(dir)[1]);
        let mut bytes = fs::read(dir.join(&file)).unwrap();
        bytes.drain(begin..end);
        fs::write(dir.join(&file), bytes).unwrap();
    });
    assert_eq!(codes(&report), [FindingCode::RecordMissing]);
    assert_eq!(named(&report), [capture_id(2)]);
}

#[test]
fn captures_behind_a_removed_one_are_still_judged() {
    let report = after(|dir| {
        let (file, begin, end) = extent(&lines_of(dir)[0]);
        let mut bytes = fs::read(dir.join(&file)).unwrap();
        bytes.drain(begin..end);
        let last = bytes.len() - 40;
        bytes[last] ^= 1;
        fs::write(dir.join(&file), bytes).unwrap();
    });
    assert_eq!(codes(&report), [FindingCode::RecordMissing, FindingCode::RecordChanged]);
    assert_eq!(named(&report), [capture_id(1), capture_id(2)]);
}

#[test]
fn a_capture_removed_with_its_leaf_is_missed() {
    let report = after(|dir| {
        let mut lines = lines_of(dir);
        let (file, begin, end) = extent(&lines.remove(1));
        write_lines(dir, &lines);
        let mut bytes = fs::read(dir.join(&file)).unwrap();
        bytes.drain(begin..end);
        fs::write(dir.join(&file), bytes).unwrap();
    });
    assert!(codes(&report).contains(&FindingCode::LeafNumber), "{:?}", report.findings);
    assert!(report.findings.iter().any(|finding| finding.place == "log/leaves.jsonl, leaf 1"));
}

#[test]
fn a_removed_leaf_is_named_by_its_records() {
    let report = after(|dir| {
        let mut lines = lines_of(dir);
        lines.remove(1);
        write_lines(dir, &lines);
    });
    for code in [FindingCode::LeafNumber, FindingCode::LeafPrevious, FindingCode::RecordWithoutLeaf] {
        assert!(codes(&report).contains(&code), "{code:?}: {:?}", report.findings);
    }
    assert_eq!(named(&report), [capture_id(2)]);
}

#[test]
fn swapped_leaves_are_found_without_blaming_the_records() {
    let report = after(|dir| {
        let mut lines = lines_of(dir);
        lines.swap(0, 1);
        write_lines(dir, &lines);
    });
    assert_eq!(codes(&report), [FindingCode::LeafNumber, FindingCode::LeafPrevious], "{:?}", report.findings);
    assert_eq!(named(&report), [capture_id(1), capture_id(2)]);
}

#[test]
fn a_doubled_leaf_is_found() {
    let report = after(|dir| {
        let mut lines = lines_of(dir);
        lines.insert(1, lines[0].clone());
        write_lines(dir, &lines);
    });
    for code in [FindingCode::LeafNumber, FindingCode::LeafPrevious, FindingCode::RecordOverlap] {
        assert!(codes(&report).contains(&code), "{code:?}: {:?}", report.findings);
    }
}

#[test]
fn swapped_captures_are_both_named() {
    let report = after(|dir| {
        let lines = lines_of(dir);
        let ((file, middle, _), (_, _, end)) = (extent(&lines[1]), extent(&lines[1]));
        let begin = usize::try_from(first_response_offset(&lines[0])).unwrap();
        let mut bytes = fs::read(dir.join(&file)).unwrap();
        bytes[begin..end].rotate_left(middle - begin);
        fs::write(dir.join(&file), bytes).unwrap();
    });
    assert_eq!(named(&report), [capture_id(1), capture_id(2)], "{:?}", report.findings);
}

fn first_response_offset(line: &str) -> u64 {
    let leaf: serde_json::Value = serde_json::from_str(line).unwrap();
    leaf["capture"]["warc"]["offset"].as_u64().unwrap()
}

#[test]
fn a_capture_added_between_two_others_is_found() {
    let report = after(|dir| {
        let (file, begin, _) = extent(&lines_of(dir)[1]);
        let stranger = fs::read(dir.join("warc/00000002.warc.gz")).unwrap();
        let mut bytes = fs::read(dir.join(&file)).unwrap();
        let (_, _, end) = extent(&lines_of(dir)[3]);
        bytes.splice(begin..begin, stranger[..end].iter().copied());
        fs::write(dir.join(&file), bytes).unwrap();
    });
    assert_eq!(codes(&report), [FindingCode::RecordMoved], "{:?}", report.findings);
    assert_eq!(named(&report), [capture_id(2)]);
}

#[test]
fn bytes_added_behind_the_last_record_are_found() {
    let report = after(|dir| {
        let path = dir.join("warc/00000001.warc.gz");
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend_from_slice(b"stray");
        fs::write(&path, bytes).unwrap();
    });
    assert_eq!(codes(&report), [FindingCode::BytesWithoutLeaf]);
}

#[test]
fn an_edited_leaf_is_named_even_behind_the_last_checkpoint() {
    let bench = Bench::new();
    let mut archive = bench.create();
    keep_page(&mut archive, 1);
    archive.record_event("viewed", crate::common::at(9), "desk-1", serde_json::json!({})).unwrap();
    let dir = bench.snapshot("crashed");
    let mut lines = lines_of(&dir);
    lines[1] = lines[1].replace("desk-1", "desk-2");
    write_lines(&dir, &lines);
    let report = bench.verify(&dir);
    assert_eq!(codes(&report), [FindingCode::LeafSignature]);
    assert_eq!(report.findings[0].place, "log/leaves.jsonl, leaf 1");
    assert!(matches!(
        lapwing_evidence::Archive::open(&dir, &bench.keys, crate::common::at(10)),
        Err(Error::Damaged { .. })
    ));
}

#[test]
fn a_log_that_was_cut_behind_its_checkpoint_is_found_and_not_written_to() {
    let bench = Bench::new();
    small_archive(&bench);
    let mut lines = lines_of(&bench.dir());
    lines.pop();
    write_lines(&bench.dir(), &lines);
    assert_eq!(codes(&bench.verify(&bench.dir())), [FindingCode::CheckpointBeyondLog]);
    let opened = lapwing_evidence::Archive::open(&bench.dir(), &bench.keys, crate::common::at(10));
    assert!(matches!(opened, Err(Error::Damaged { .. })));
}

#[test]
fn a_deleted_checkpoint_is_missed() {
    for name in ["0", "3"] {
        let report = after(|dir| fs::remove_file(dir.join("log/checkpoints").join(name)).unwrap());
        assert_eq!(codes(&report), [FindingCode::CheckpointMissing], "{name}");
    }
    let report = after(|dir| fs::remove_file(dir.join("log/checkpoints/6")).unwrap());
    assert_eq!(codes(&report), [FindingCode::CheckpointLatest]);
}

#[test]
fn another_key_fits_nothing() {
    let bench = Bench::new();
    small_archive(&bench);
    let other = Keys::generate(&bench.home.path().join("other")).unwrap();
    let report = verify(&bench.dir(), Some(&other.verifier()), &mut |_| {}).unwrap();
    let expected = [FindingCode::KeyMismatch, FindingCode::LeafSignature, FindingCode::CheckpointInvalid];
    assert_eq!(codes(&report), expected);
    let opened = lapwing_evidence::Archive::open(&bench.dir(), &other, crate::common::at(10));
    assert!(matches!(opened, Err(Error::OtherKey { .. })));
}

#[test]
fn without_a_key_the_report_says_whose_was_used() {
    let bench = Bench::new();
    small_archive(&bench);
    let report = verify(&bench.dir(), None, &mut |_| {}).unwrap();
    assert!(report.is_clean());
    assert!(report.notes[0].contains(&bench.keys.verifier().to_string()));
}

#[test]
fn damaged_bytes_are_not_given_out() {
    let bench = Bench::new();
    let captures = small_archive(&bench);
    let capture = &captures[1];
    let path = bench.dir().join(&capture.warc.file);
    let original = fs::read(&path).unwrap();
    let begin = usize::try_from(capture.warc.offset).unwrap();
    let reader = lapwing_evidence::Reader::open(&bench.dir()).unwrap();
    for index in begin..begin + usize::try_from(capture.warc.length).unwrap() {
        let mut bytes = original.clone();
        bytes[index] ^= 4;
        fs::write(&path, bytes).unwrap();
        assert!(matches!(reader.read_body(capture), Err(Error::CaptureDamaged { .. })), "byte {index}");
    }
    let mut astray = capture.clone();
    astray.warc.file = "../evidence/warc/00000001.warc.gz".into();
    assert!(matches!(reader.read_body(&astray), Err(Error::CaptureDamaged { .. })));
}
