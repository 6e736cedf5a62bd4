//! Canonical JSON (RFC 8785): one value, one sequence of bytes, so that a digest of the text is a digest of the value.
//!
//! Members are sorted by their UTF-16 code units, there is no white space, and strings carry the shortest escapes. Only
//! integers that every reader holds exactly (up to 2⁵³ − 1) are accepted as numbers: nothing that we keep needs others,
//! and the printing of fractions is where implementations differ.

use serde_json::Value;

use crate::error::{Error, Result};

const MAX_DEPTH: usize = 64;
const MAX_INTEGER: u64 = (1 << 53) - 1;

/// The canonical text of a value.
///
/// # Errors
/// Where the value holds a fraction, an integer beyond 2⁵³ − 1, or more than 64 nested levels.
pub fn canonical_json(value: &Value) -> Result<String> {
    let mut text = String::new();
    write_value(value, 0, &mut text)?;
    Ok(text)
}

/// The value of a text that is canonical JSON, or `None` where it is no JSON or not canonical.
pub fn parse_canonical(text: &[u8]) -> Option<Value> {
    let value: Value = serde_json::from_slice(text).ok()?;
    (canonical_json(&value).ok()?.as_bytes() == text).then_some(value)
}

fn write_value(value: &Value, depth: usize, text: &mut String) -> Result<()> {
    if depth > MAX_DEPTH {
        return Err(Error::NotCanonical("a value nested more than 64 levels deep"));
    }
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => {
            let exact = number.as_i64().is_some_and(|n| n.unsigned_abs() <= MAX_INTEGER);
            if !exact {
                return Err(Error::NotCanonical("a fraction, or an integer beyond 9007199254740991,"));
            }
            text.push_str(&number.to_string());
        }
        Value::String(string) => write_string(string, text),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_value(item, depth + 1, text)?;
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            sorted.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
            text.push('{');
            for (index, (name, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_string(name, text);
                text.push(':');
                write_value(member, depth + 1, text)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            control if u32::from(control) < 0x20 => text.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => text.push(other),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn check(value: Value, expected: &str) {
        assert_eq!(canonical_json(&value).unwrap(), expected);
    }

    #[test]
    fn members_are_sorted_and_nothing_is_spaced() {
        check(json!({"b": [1, true, null], "a": {"d": "x", "c": -7}}), r#"{"a":{"c":-7,"d":"x"},"b":[1,true,null]}"#);
    }

    #[test]
    fn members_are_sorted_by_utf_16_code_units() {
        // The example of RFC 8785, section 3.2.3.
        let value = json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7});
        let expected = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
        check(value, expected);
    }

    #[test]
    fn strings_carry_the_shortest_escapes() {
        check(json!("\u{8}\t\n\u{c}\r\"\\/\u{1f}\u{7f}€"), "\"\\b\\t\\n\\f\\r\\\"\\\\/\\u001f\u{7f}€\"");
    }

    #[test]
    fn numbers_that_readers_would_round_are_refused() {
        for value in [json!(0.5), json!(1.0), json!(9_007_199_254_740_992_u64), json!(u64::MAX), json!(i64::MIN)] {
            assert!(canonical_json(&value).is_err(), "{value}");
        }
        check(json!(-9_007_199_254_740_991_i64), "-9007199254740991");
    }

    #[test]
    fn depth_is_bounded() {
        let nested = (0..100).fold(json!(1), |inner, _| json!([inner]));
        assert!(canonical_json(&nested).is_err());
    }

    #[test]
    fn other_spellings_are_not_canonical() {
        for text in [r#"{"b":1,"a":2}"#, r#"{ "a":1}"#, r#"{"a":1,"a":1}"#, r#""\u0041""#, "-0", "1e2", "[1] ", ""] {
            assert!(parse_canonical(text.as_bytes()).is_none(), "{text}");
        }
        assert_eq!(parse_canonical(br#"{"a":2,"b":1}"#), Some(json!({"a": 2, "b": 1})));
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn canonical_text_reads_back_as_the_same_value(value in any_value()) {
            let text = canonical_json(&value).unwrap();
            prop_assert_eq!(parse_canonical(text.as_bytes()), Some(value));
        }

        #[test]
        fn parsing_never_panics(bytes in any::<Vec<u8>>()) {
            let _ = parse_canonical(&bytes);
        }
    }
}
