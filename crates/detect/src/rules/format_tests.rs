//! The layout, on small files and on random ones.

use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn check(path: &str, text: &str, expected: Expect) {
    let once = format(path, text).unwrap();
    expected.assert_eq(&once);
    assert_eq!(format(path, &once).unwrap(), once, "a second run changes nothing");
}

#[test]
fn a_lexicon_has_one_term_a_line() {
    check(
        "lexicons/en.yaml",
        "# English.\r\nformat: 1\r\nconcepts:\r\n  fee:\r\n    example: \"A, b\"\r\n    terms: [a b,\"(c|d)? e\", # of f\r\n      'f',\r\n      # and g\r\n      g\r\n      h,]  # all\r\n  none:\r\n    terms: []\r\n",
        expect![[r##"
            # English.
            format: 1
            concepts:
              fee:
                example: "A, b"
                terms:
                  - a b
                  - "(c|d)? e"
                  # of f
                  - 'f'
                  # and g
                  - g h  # all
              none:
                terms: []
        "##]],
    );
}

#[test]
fn a_rule_keeps_its_order_and_comments() {
    check(
        "labour/labour.a.yaml",
        "format:   1\n\n\n\ntitle: \"a  # b\"   \npatterns:   # c\n  job: { concept: x,unless: [ y ] }\n  # d\n  long_name:    {concept: y}   # e\n  multi: {words: [a,\n    b], languages: [en]}\ncondition: >-\n  job   \n\n\n  and long_name\nexamples:\n  match:\n    - {text: 'a  {b}',why: c}\n\n",
        expect![[r#"
            format:   1

            title: "a  # b"
            patterns:   # c
              job:       {concept: x, unless: [y]}
              # d
              long_name: {concept: y}   # e
              multi:     {words: [a,
                b], languages: [en]}
            condition: >-
              job   


              and long_name
            examples:
              match:
                - {text: 'a  {b}', why: c}
        "#]],
    );
}

#[test]
fn what_is_no_yaml_is_left_alone() {
    assert!(format("labour/a.yaml", "a: [b").unwrap_err().contains("yaml"));
    assert!(format("labour/a.yaml", "a: &b c\n").unwrap_err().contains("anchors"));
}

/// A small YAML value written in one of several ways.
fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6}( [a-z]{1,4}){0,2}",
        "'[a-z ,#:\\[\\]{}|>-]{0,8}'",
        "\"[a-z ,#:\\[\\]{}|>-]{0,8}\"",
        "[0-9]{1,3}",
    ]
}

fn flow_list() -> impl Strategy<Value = String> {
    let separator = prop_oneof![Just(","), Just(" , "), Just(",  "), Just(",\n      "), Just(", # note\n      ")];
    (proptest::collection::vec((scalar(), separator), 0..5), scalar()).prop_map(|(items, last)| {
        let items: String = items.into_iter().map(|(item, separator)| item + separator).collect();
        format!("[{items}{last}]")
    })
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        scalar(),
        flow_list(),
        (scalar(), flow_list()).prop_map(|(one, list)| format!("{{a:  {one} ,b: {list}}}")),
        "[a-z]{1,5}( [a-z]{1,5}){0,3}".prop_map(|text| format!("|\n      {text}\n\n        more  ")),
        "[a-z]{1,5}".prop_map(|text| format!(">-\n      # {text}\n      {text}")),
    ]
}

fn file() -> impl Strategy<Value = String> {
    let gap = prop_oneof![Just(""), Just("\n\n"), Just("# remark\n"), Just("    # deep\n"), Just("   \n")];
    let end = prop_oneof![Just(""), Just("  "), Just("  # tail")];
    proptest::collection::vec((value(), gap, end, any::<bool>()), 1..6).prop_map(|entries| {
        let mut text = String::from("patterns:\n");
        for (index, (value, gap, end, is_terms)) in entries.into_iter().enumerate() {
            let is_block = value.starts_with(['|', '>']);
            let end = if is_block { "" } else { end };
            match is_terms && !is_block {
                true => text.push_str(&format!("{gap}  k{index}:\n    terms: {value}{end}\n")),
                false => text.push_str(&format!("{gap}  k{index}: {value}{end}\n")),
            }
        }
        text
    })
}

proptest! {
    #[test]
    fn meaning_and_comments_stay_and_a_second_run_changes_nothing(
        text in file(), path in prop_oneof![Just("lexicons/en.yaml"), Just("labour/labour.a.yaml")]
    ) {
        let meaning = yaml::value(path, &text);
        prop_assume!(meaning.is_ok());
        let once = format(path, &text).unwrap();
        prop_assert_eq!(yaml::value(path, &once).unwrap(), meaning.unwrap());
        prop_assert_eq!(comments(&once), comments(&text));
        prop_assert_eq!(format(path, &once).unwrap(), once);
    }

    #[test]
    fn never_panics(text in "[-a#:'\"|>,\\[\\]{}\\\\ \n&é]{0,80}") {
        let _ = format("lexicons/a.yaml", &text);
        let _ = format("a.yaml", &text);
    }
}

#[test]
fn every_shipped_file_has_a_layout_that_is_its_own() {
    for (path, bytes) in lapwing_rules::default_pack() {
        let text = std::str::from_utf8(&bytes).unwrap();
        let once = format(&path, text).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(format(&path, &once).unwrap(), once, "{path}");
    }
}
