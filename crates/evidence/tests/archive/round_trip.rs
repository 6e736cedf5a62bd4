//! What goes in comes out: bodies, manifests, files of every size, whatever the headers say.

use std::io::Read as _;

use crate::common::{Bench, at, capture_id, exchange, keep_page, small_archive, tool};
use lapwing_evidence::{Archive, Content, Settings, verify};
use lapwing_types::Truncation;
use proptest::prelude::*;

#[test]
fn captures_are_listed_in_order_and_resumed_after_an_index() {
    let bench = Bench::new();
    let captures = small_archive(&bench);
    let reader = Archive::open_read_only(&bench.dir()).unwrap();
    let listed: Vec<_> = reader.list().unwrap().map(Result::unwrap).collect();
    assert_eq!(listed.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [0, 1, 3, 4]);
    assert_eq!(listed.iter().map(|(_, capture)| capture.clone()).collect::<Vec<_>>(), captures);
    for (after, expected) in [(Some(0), 3), (Some(1), 2), (Some(2), 2), (Some(4), 0), (Some(u64::MAX), 0), (None, 4)] {
        assert_eq!(reader.captures_after(after).unwrap().count(), expected, "{after:?}");
    }
    let mut list = reader.list().unwrap();
    assert_eq!(list.progress().done, 0);
    list.by_ref().for_each(drop);
    assert_eq!(list.progress().done, list.progress().total);
    let events = reader.leaves().unwrap().filter(|leaf| matches!(leaf.as_ref().unwrap().content, Content::Event(_)));
    assert_eq!(events.count(), 2);
}

#[test]
fn a_streamed_file_is_the_same_as_one_kept_at_once() {
    let bench = Bench::new();
    let mut archive = bench.create();
    let bytes: Vec<u8> = (0..700_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let whole = archive.keep_file(capture_id(1), "a b/ü.jsonl", "jsonl", &bytes, at(1), &tool()).unwrap();
    let streamed =
        archive.keep_file_from(capture_id(2), "a b/ü.jsonl", "jsonl", &mut bytes.as_slice(), at(1), &tool()).unwrap();
    assert_eq!((whole.payload, whole.payload_length), (streamed.payload, streamed.payload_length));
    let mut read = Vec::new();
    archive.body_reader(&streamed).unwrap().read_to_end(&mut read).unwrap();
    assert_eq!(read, bytes);
    archive.close().unwrap();
    assert!(bench.verify(&bench.dir()).is_clean());
}

#[test]
fn a_full_file_is_followed_by_another() {
    let bench = Bench::new();
    let mut archive = bench.create();
    archive.configure(Settings { file_limit: 2000, checkpoint_every: 2 });
    let captures: Vec<_> = (1..=6).map(|number| keep_page(&mut archive, number)).collect();
    let last = captures.last().unwrap();
    assert!(last.warc.file > captures[0].warc.file, "{}", last.warc.file);
    archive.close().unwrap();
    let report = bench.verify(&bench.dir());
    assert_eq!((report.findings.len(), report.captures, report.checkpoints), (0, 6, 4));
}

#[test]
fn progress_ends_at_its_total() {
    let bench = Bench::new();
    small_archive(&bench);
    let mut seen = Vec::new();
    verify(&bench.dir(), None, &mut |progress| seen.push(progress)).unwrap();
    assert!(seen.windows(2).all(|pair| pair[0].done <= pair[1].done));
    assert_eq!(seen.last().map(|progress| progress.done), seen.last().map(|progress| progress.total));
}

#[test]
fn a_cut_answer_says_so() {
    let bench = Bench::new();
    let mut archive = bench.create();
    let mut cut = exchange(1, b"<html>");
    cut.truncated = Some(Truncation::Disconnect);
    let capture = archive.keep_exchange(capture_id(1), &cut, &tool()).unwrap();
    let bytes = std::fs::read(bench.dir().join(&capture.warc.file)).unwrap();
    let mut text = String::new();
    let begin = usize::try_from(capture.warc.offset).unwrap();
    flate2::bufread::GzDecoder::new(&bytes[begin..]).read_to_string(&mut text).unwrap();
    for line in ["WARC-Truncated: disconnect", "WARC-IP-Address: 203.0.113.9", "x-original-transfer-encoding: chunked"]
    {
        assert!(text.contains(&format!("{line}\r\n")), "{line} in {text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_exchange_comes_back(
        exchanges in prop::collection::vec((any::<Vec<u8>>(), prop::collection::vec(any::<(String, String)>(), 0..4)), 1..4),
        status in 0u16..1000,
        method in any::<String>(),
        version in any::<String>(),
        name in any::<String>(),
    ) {
        let bench = Bench::new();
        let mut archive = bench.create();
        for (number, (body, headers)) in exchanges.iter().enumerate() {
            let mut answer = exchange(1, body);
            answer.response_headers = headers.clone();
            answer.request_headers = headers.clone();
            (answer.status, answer.method, answer.version) = (status, method.clone(), version.clone());
            let id = capture_id(number as u128 + 1);
            let capture = archive.keep_exchange(id, &answer, &tool()).unwrap();
            prop_assert_eq!(&archive.read_body(&capture).unwrap(), body);
            prop_assert_eq!(archive.find(id).unwrap(), Some(capture));
        }
        let file = archive.keep_file(capture_id(99), &name, &method, &exchanges[0].0, at(1), &tool()).unwrap();
        prop_assert_eq!(&archive.read_body(&file).unwrap(), &exchanges[0].0);
        archive.close().unwrap();
        let report = bench.verify(&bench.dir());
        prop_assert_eq!(report.findings, vec![]);
    }
}
