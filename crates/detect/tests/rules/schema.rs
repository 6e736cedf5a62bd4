//! The committed schemas are the generated ones, accept every shipped file, and refuse what the loader refuses.

use lapwing_detect::rules::schemas;
use serde_json::Value;

use crate::support::{INDICATORS, PACK, RULE};

const COMMITTED: [(&str, &str); 5] = [
    ("rule", include_str!("../../../../docs/schema/rule.schema.json")),
    ("filter", include_str!("../../../../docs/schema/filter.schema.json")),
    ("lexicon", include_str!("../../../../docs/schema/lexicon.schema.json")),
    ("indicators", include_str!("../../../../docs/schema/indicators.schema.json")),
    ("pack", include_str!("../../../../docs/schema/pack.schema.json")),
];

fn committed(name: &str) -> jsonschema::Validator {
    let (_, text) = COMMITTED.iter().find(|(known, _)| *known == name).unwrap();
    jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap()
}

fn value(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

#[test]
fn the_committed_schemas_are_current() {
    for (name, schema) in schemas() {
        let (_, text) = COMMITTED.iter().find(|(known, _)| *known == name).unwrap();
        let generated = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        assert_eq!(generated, *text, "run `lapwing rules schema --out docs/schema`");
    }
    assert_eq!(schemas().len(), COMMITTED.len());
}

#[test]
fn every_shipped_file_is_accepted() {
    let validators: Vec<_> = COMMITTED.iter().map(|(name, _)| (*name, committed(name))).collect();
    for (path, bytes) in lapwing_rules::default_pack() {
        let name = match path.split('/').next().unwrap() {
            "pack.yaml" => "pack",
            "indicators.yaml" => "indicators",
            "lexicons" => "lexicon",
            "filters" => "filter",
            "sites" => continue,
            _ => "rule",
        };
        let (_, validator) = validators.iter().find(|(known, _)| *known == name).unwrap();
        let wrong: Vec<String> = validator
            .iter_errors(&value(std::str::from_utf8(&bytes).unwrap()))
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{path}: {wrong:?}");
    }
}

#[test]
fn mistakes_are_refused() {
    let rule = committed("rule");
    assert!(rule.is_valid(&value(RULE)));
    for (from, to) in [
        ("title: A fee", "titel: A fee"),
        ("format: 1", "format: 2"),
        ("id: labour.fee", "id: Labour"),
        ("status: active", "status: live"),
        ("{concept: job-offer}", "{concept: job-offer, entity: money}"),
        ("{concept: job-offer}", "{}"),
        ("points: 20", "points: twenty"),
        ("[LB04]", "[lb4]"),
        ("patterns", "suppress: {no-such-code: x}\npatterns"),
        ("hard: true", "hard: maybe"),
    ] {
        assert!(RULE.contains(from));
        assert!(!rule.is_valid(&value(&RULE.replacen(from, to, 1))), "{to}");
    }
    assert!(committed("pack").is_valid(&value(PACK)));
    assert!(!committed("pack").is_valid(&value(&PACK.replace("LB", "QQ"))));
    assert!(committed("indicators").is_valid(&value(INDICATORS)));
    assert!(!committed("lexicon").is_valid(&value("format: 1\nlanguage: en\nconcepts: {a: {terms: b}}\n")));
    let filter = "format: 1\nid: local.a\ntitle: A\nrules: [labour.*]\nscope: {sources: [board]}\n";
    assert!(committed("filter").is_valid(&value(filter)));
    assert!(!committed("filter").is_valid(&value(&filter.replace("[labour.*]", "[]"))));
}
