//! Invented listings for tests of scale: repeatable, as labelled, readable, and nobody's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use lapwing_fixtures::{LabelledListing, Slice, parse_listings};

use crate::support::{run, run_with_input};

fn generate(more: &[&str]) -> String {
    run(&[&["fixtures", "generate"], more].concat()).ok().out
}

fn listings(more: &[&str]) -> Vec<LabelledListing> {
    parse_listings("synthetic", &generate(more)).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_bytes_wherever_they_go() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    let asked = ["--seed", "11", "--count", "700"];
    let printed = generate(&asked);
    let told = run(&[&["fixtures", "generate", "--json", "--out", path.to_str().unwrap()], &asked[..]].concat()).ok();
    assert!(printed == fs::read_to_string(&path).unwrap() && printed.lines().count() == 700);
    assert_eq!(told.json()["listings"], 700);
    assert_ne!(printed, generate(&["--seed", "12", "--count", "700"]));
}

#[test]
fn shares_languages_slices_and_ids_are_as_asked() {
    let all = listings(&["--count", "2000", "--positives", "0.25", "--duplicates", "0.4", "--lang", "en,es,en"]);
    assert_eq!(all.iter().filter(|listing| listing.label == 1).count(), 500);
    let clusters: BTreeSet<&str> = all.iter().map(|listing| listing.cluster.as_str()).collect();
    assert_eq!(clusters.len(), 1_200);
    let ids: BTreeSet<&str> = all.iter().map(|listing| listing.external_id.as_str()).collect();
    assert_eq!(ids.len(), all.len());
    for listing in &all {
        let flagged = matches!(listing.slice, Slice::Obvious | Slice::Subtle | Slice::Obfuscated);
        assert_eq!((listing.label == 1, listing.label == 1), (flagged, !listing.families.is_empty()), "{listing:?}");
        assert_eq!(listing.slice == Slice::Obfuscated, listing.families.contains(&"EV".to_string()), "{listing:?}");
        assert!(listing.external_id.starts_with(&format!("sy-{}-", listing.lang)), "{listing:?}");
        assert!(listing.source == "synthetic" && listing.why.starts_with("synthetic: "), "{listing:?}");
        assert!(["en", "es"].contains(&listing.lang.as_str()), "{listing:?}");
    }
}

#[test]
fn every_line_is_read_by_a_scan() {
    let text = generate(&["--count", "240", "--positives", "0.5"]);
    let scanned = run_with_input(&["scan", "--strict", "-"], text.as_bytes()).ok();
    assert_eq!(scanned.json_lines().len(), 240);
}

/// The share of three-letter pieces that two texts have in common.
fn likeness(one: &str, other: &str) -> f64 {
    let pieces = |text: &str| -> BTreeSet<String> {
        let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
        letters.windows(3).map(|piece| piece.iter().collect()).collect()
    };
    let (one, other) = (pieces(one), pieces(other));
    one.intersection(&other).count() as f64 / one.union(&other).count().max(1) as f64
}

#[test]
fn clusters_are_near_duplicates_and_others_are_not() {
    let all = listings(&["--count", "1500", "--positives", "0.5", "--duplicates", "0.5"]);
    let mut clusters: BTreeMap<&str, Vec<&LabelledListing>> = BTreeMap::new();
    for listing in &all {
        clusters.entry(&listing.cluster).or_default().push(listing);
    }
    let (mut sum, mut count, mut texts) = (0.0, 0, BTreeSet::new());
    for members in clusters.values() {
        let first = members[0];
        assert_eq!(first.external_id, first.cluster);
        for member in &members[1..] {
            let alike = likeness(&first.body, &member.body);
            assert!(alike > 0.3, "{alike}\n{}\n{}", first.body, member.body);
            let same = |one: &LabelledListing| (one.label, one.slice, one.families.clone(), one.kind.clone());
            assert_eq!(same(first), same(member));
            texts.insert(&member.body);
            sum += alike;
            count += 1;
        }
    }
    assert!(count == 750 && sum / f64::from(count) > 0.7, "{count} {sum}");
    assert!(texts.len() > 740, "near-duplicates differ in something: {}", texts.len());
    let firsts: Vec<&LabelledListing> = clusters.values().map(|members| members[0]).collect();
    let strangers: Vec<f64> = firsts.windows(2).map(|pair| likeness(&pair[0].body, &pair[1].body)).collect();
    assert!(strangers.iter().sum::<f64>() / (strangers.len() as f64) < 0.3);
}

/// Long numbers of a text, read through full-width, Arabic and keycap digits and spaces between them.
fn long_numbers(text: &str) -> Vec<String> {
    let mut numbers = vec![String::new()];
    for character in text.chars() {
        let shifted =
            |zero: char| (character as u32).checked_sub(zero as u32).and_then(|value| char::from_digit(value, 10));
        match character {
            '\u{fe0f}' | '\u{20e3}' | ' ' | '+' | '\u{200b}' => {}
            _ => match ['0', '０', '٠'].into_iter().find_map(shifted) {
                Some(digit) => numbers.last_mut().unwrap().push(digit),
                None => numbers.push(String::new()),
            },
        }
    }
    numbers.retain(|number| number.len() > 6);
    numbers
}

fn is_fiction(number: &str) -> bool {
    let starts = ["447700900", "442079460", "441632960", "3363998", "493023125", "0491570"];
    let american = number.len() == 11 && number.starts_with('1') && &number[4..9] == "55501";
    american || starts.iter().any(|start| number.starts_with(start)) && (10..=12).contains(&number.len())
}

#[test]
fn numbers_handles_and_addresses_are_nobodys() {
    let mut seen = 0;
    for listing in listings(&["--count", "3000", "--positives", "0.7"]) {
        for text in [&listing.title, &listing.body] {
            let numbers = long_numbers(text);
            assert!(numbers.iter().all(|number| is_fiction(number)), "{numbers:?} {text}");
            seen += numbers.len();
        }
        for contact in &listing.contacts {
            let number = long_numbers(&contact.value).iter().any(|number| is_fiction(number));
            assert!(number || contact.value.contains("example"), "{contact:?}");
        }
        assert!(!listing.contacts.is_empty());
    }
    assert!(seen > 900, "{seen}");
}

#[test]
fn what_makes_no_sense_is_refused_and_nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.jsonl");
    fs::write(&path, "kept").unwrap();
    let out = path.to_str().unwrap();
    for (arguments, told) in [
        (vec!["--count", "0"], "`--count 0` asks for no listing; give 1 or more"),
        (vec!["--count", "-1"], "-1"),
        (vec!["--count", "99999999999999999999"], "--count"),
        (vec!["--count", "9", "--positives", "1.5"], "`--positives 1.5` is not a share between 0 and 1; write 0.2"),
        (vec!["--count", "9", "--positives", "NaN"], "`--positives NaN` is not a share"),
        (vec!["--count", "9", "--duplicates", "-0.1"], "`--duplicates -0.1` is not a share"),
        (vec!["--count", "9", "--lang", "en,xx"], "names `xx`, in which no adverts can be made; choose among ar, en,"),
        (vec!["--count", "9", "--lang", ""], "names ``"),
        (vec!["--count", "9", "--lang", "\u{1b}[31m../../en"], "choose among"),
        (vec!["--count", "9", "--seed", "x"], "--seed"),
        (vec![], "--count"),
    ] {
        let ran = run(&[&["fixtures", "generate", "--out", out], &arguments[..]].concat());
        assert!(ran.code == 2 && ran.err.contains(told), "{arguments:?}: {}", ran.err);
        assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "kept");
    let alone = run(&["fixtures", "generate", "--count", "9", "--json"]);
    assert!(alone.code == 2 && alone.err.contains("--out"), "{}", alone.err);
    let nowhere = run(&["fixtures", "generate", "--count", "9", "--out", "no/such/folder/a.jsonl"]);
    assert!(nowhere.code == 2 && nowhere.err.contains("failed to write `no/such/folder/a.jsonl`"), "{}", nowhere.err);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_with_the_file() {
    let full = run(&["fixtures", "generate", "--count", "3000", "--out", "/dev/full"]);
    assert!(full.code == 2 && full.err.contains("failed to write `/dev/full`"), "{}", full.err);
}
