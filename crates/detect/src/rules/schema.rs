//! JSON Schema for the files of a pack, so that an editor completes and checks them while they are written. The
//! schemas say less than lint does; a test holds their fields to those that the loader reads.

use lapwing_types::{EvidenceGrade, Family, Field, Kind, RuleStatus, Strength};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::entity::EntityKind;

/// The schemas with the names of their files, without `.schema.json`.
pub fn schemas() -> Vec<(&'static str, Value)> {
    vec![
        ("rule", whole("A rule: rules/<family>/<id>.yaml", rule())),
        ("filter", whole("A filter: rules/filters/<id>.yaml", filter())),
        ("lexicon", whole("A lexicon: rules/lexicons/<language>.yaml", lexicon())),
        ("indicators", whole("The catalogue: rules/indicators.yaml", indicators())),
        ("pack", whole("A pack: rules/pack.yaml", pack())),
    ]
}

fn whole(title: &str, mut schema: Value) -> Value {
    let mut written = Map::new();
    written.insert("$schema".to_string(), json!("https://json-schema.org/draft/2020-12/schema"));
    written.insert("title".to_string(), json!(title));
    if let Some(object) = schema.as_object_mut() {
        written.append(object);
    }
    Value::Object(written)
}

const STATUSES: [RuleStatus; 5] =
    [RuleStatus::Draft, RuleStatus::Shadow, RuleStatus::Canary, RuleStatus::Active, RuleStatus::Deprecated];
const STRENGTHS: [Strength; 5] =
    [Strength::Strong, Strength::Core, Strength::Weak, Strength::Context, Strength::Negative];
const GRADES: [EvidenceGrade; 5] = [
    EvidenceGrade::Validated,
    EvidenceGrade::Described,
    EvidenceGrade::Listed,
    EvidenceGrade::Proposed,
    EvidenceGrade::Contradicted,
];

/// A field: its name, whether it must be there, what it is.
type Entry = (&'static str, bool, Value);

fn object(entries: Vec<Entry>) -> Value {
    let required: Vec<&str> = entries.iter().filter(|(_, required, _)| *required).map(|(name, _, _)| *name).collect();
    let properties: Map<String, Value> =
        entries.into_iter().map(|(name, _, schema)| (name.to_string(), schema)).collect();
    json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties})
}

/// A mapping whose keys the author chooses.
fn mapping(of: Value, about: &str) -> Value {
    json!({"type": "object", "additionalProperties": of, "description": about})
}

fn text(about: &str) -> Value {
    json!({"type": "string", "description": about})
}

fn flag(about: &str) -> Value {
    json!({"type": "boolean", "description": about})
}

fn number(about: &str) -> Value {
    json!({"type": "integer", "description": about})
}

fn list(of: Value, about: &str) -> Value {
    json!({"type": "array", "items": of, "description": about})
}

fn texts(about: &str) -> Value {
    list(json!({"type": "string"}), about)
}

fn one_of<T: Serialize>(choices: &[T], about: &str) -> Value {
    json!({"enum": choices, "description": about})
}

fn format() -> Entry {
    ("format", true, json!({"const": 1, "description": "the format of this file"}))
}

fn id(about: &str) -> Value {
    json!({
        "type": "string",
        "maxLength": 120,
        "pattern": "^[a-z0-9]+(-[a-z0-9]+)*(\\.[a-z0-9]+(-[a-z0-9]+)*)+$",
        "description": about,
    })
}

fn day() -> Value {
    json!({"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$", "description": "a day after which lint asks for a look"})
}

fn suppress() -> Value {
    let names: Vec<&str> = super::codes::CODES.iter().map(|code| code.name).collect();
    json!({
        "type": "object",
        "propertyNames": {"enum": names},
        "additionalProperties": {"type": "string", "minLength": 1},
        "description": "warnings that do not apply here: code and reason",
    })
}

fn kinds(about: &str) -> Value {
    list(json!({"enum": Kind::ALL}), about)
}

fn fields(about: &str) -> Value {
    list(json!({"enum": Field::ALL}), about)
}

fn reference() -> Value {
    object(vec![
        ("title", true, text("the work")),
        ("url", false, text("where it can be read")),
        ("doi", false, text("its digital object identifier")),
        ("year", false, number("when it appeared")),
        ("supports", false, text("what it supports")),
    ])
}

fn pattern() -> Value {
    let entities: Vec<&str> = EntityKind::ALL.into_iter().map(EntityKind::as_str).collect();
    let mut schema = object(vec![
        ("concept", false, text("the terms of a concept, in all lexicons or those of `languages`")),
        ("words", false, texts("terms of the rule's own; `languages` is asked")),
        ("regex", false, text("a regular expression on the folded text; `languages` is asked")),
        ("entity", false, one_of(&entities, "the places of an entity")),
        ("languages", false, texts("language tags")),
        ("view", false, one_of(&["plain", "deobfuscated", "both"], "in which reading of the text")),
        ("unless", false, texts("patterns that drop a match which they touch or stand beside")),
        (
            "within",
            false,
            json!({"type": "integer", "minimum": 0, "maximum": 50, "description": "the reach of `unless`"}),
        ),
        ("fields", false, fields("where to look")),
    ]);
    let sources = ["concept", "words", "regex", "entity"].map(|source| json!({"required": [source]}));
    schema["oneOf"] = json!(sources);
    schema
}

fn example() -> Value {
    object(vec![
        ("text", true, text("the body of the advert; invented")),
        ("title", false, text("its title")),
        ("kind", false, one_of(&Kind::ALL, "its kind; unknown where it is not said")),
        ("lang", false, text("its language tag")),
        ("source", false, text("where it comes from; for filters")),
        ("location", false, text("its place")),
        ("price", false, text("its price or pay")),
        ("score", false, number("what the rule alone gives it")),
        ("why", false, text("why it does not match, or what is missing")),
        ("hard", false, flag("an honest advert that looks alike")),
        ("hidden_text", false, flag("the page held text that it did not show")),
    ])
}

fn examples(with_gaps: bool) -> Value {
    let mut lists = vec![
        ("match", false, list(example(), "adverts that it must hit")),
        ("no_match", false, list(example(), "adverts that it must not hit")),
    ];
    if with_gaps {
        lists.push(("todo_match", false, list(example(), "known gaps: a failure once one hits")));
    }
    object(lists)
}

fn score() -> Value {
    let boost = object(vec![
        ("if", true, text("a condition")),
        ("add", true, number("what it adds where the condition holds")),
    ]);
    object(vec![
        ("points", true, json!({"type": "integer", "minimum": -100, "maximum": 100, "description": "what a hit adds"})),
        ("family", true, one_of(&Family::ALL, "the family that it counts in")),
        ("strength", true, one_of(&STRENGTHS, "what a hit may do")),
        ("boost", false, list(boost, "points on conditions")),
    ])
}

fn rule() -> Value {
    let about = object(vec![
        ("what", true, text("what it finds, in one or two sentences")),
        ("why", true, text("why that is a reason to look")),
        ("explain", true, text("what the reviewer reads; {quote} is what matched")),
        ("false_positives", false, texts("who writes the same and means no harm")),
        ("ask_the_reviewer", false, texts("questions that tell the two apart")),
    ]);
    let scope = object(vec![
        ("kinds", false, kinds("the kinds of listing for which it is; none means all")),
        ("fields", false, fields("where its patterns look; none means all")),
        ("languages", false, texts("the languages for which it is; none means all")),
    ]);
    let sensitive = ["none", "age", "gender", "ethnicity", "nationality", "language"];
    object(vec![
        format(),
        ("id", true, id("the rule's name, and its file's; never used again")),
        ("title", true, text("the rule in one sentence")),
        ("version", true, json!({"type": "integer", "minimum": 0, "description": "rises when the logic changes"})),
        ("status", true, one_of(&STATUSES, "where it stands in its life")),
        ("owner", false, text("who answers for it")),
        ("review_by", false, day()),
        (
            "indicators",
            true,
            list(json!({"type": "string", "pattern": "^[A-Z]{2}\\d{2}$"}), "what it looks for, from the catalogue"),
        ),
        ("evidence", true, one_of(&GRADES, "how well that is supported")),
        ("about", true, about),
        ("references", false, list(reference(), "the works that support it")),
        ("related", false, mapping(json!({"type": "string"}), "other rules, by relation")),
        ("scope", false, scope),
        ("sensitive", false, one_of(&sensitive, "the attribute of a person on which it touches")),
        ("patterns", true, mapping(pattern(), "what it looks for, by name")),
        ("condition", true, text("when it hits; see docs/RULES.md, Conditions")),
        ("score", true, score()),
        ("examples", true, examples(true)),
        ("suppress", false, suppress()),
    ])
}

fn filter() -> Value {
    let scope = object(vec![
        ("kinds", false, kinds("the kinds of listing for which it is")),
        ("fields", false, fields("where its patterns look")),
        ("languages", false, texts("the languages for which it is")),
        ("sources", false, texts("the sources for which it is, whole or as a beginning with *")),
    ]);
    object(vec![
        format(),
        ("id", true, id("the filter's name, and its file's")),
        ("title", true, text("what it leaves out, in one sentence")),
        ("owner", false, text("who answers for it")),
        ("review_by", false, day()),
        (
            "rules",
            true,
            json!({"type": "array", "minItems": 1, "items": {"type": "string"}, "description": "ids, or beginnings such as labour.*"}),
        ),
        ("scope", false, scope),
        ("patterns", false, mapping(pattern(), "what it looks for, by name")),
        ("condition", false, text("when it leaves a listing out; without one, in its whole scope")),
        ("examples", false, examples(false)),
        ("suppress", false, suppress()),
    ])
}

fn lexicon() -> Value {
    let concept = object(vec![
        ("example", false, text("a sentence that holds one of the terms")),
        ("terms", true, texts("see docs/RULES.md, Terms")),
    ]);
    object(vec![
        format(),
        ("language", true, text("the language tag, and the file's name")),
        ("concepts", true, mapping(concept, "the terms of each concept")),
        ("suppress", false, suppress()),
    ])
}

fn indicators() -> Value {
    let indicator = object(vec![
        ("family", true, one_of(&Family::ALL, "its family")),
        ("role", true, one_of(&STRENGTHS, "what it may do to a score")),
        ("evidence", true, one_of(&GRADES, "how well it is supported")),
        ("sentence", true, text("the indicator in one sentence")),
        ("pitfall", false, text("what looks alike")),
        ("observe", false, texts("where it can be seen: text, metadata, structure, image")),
        ("references", false, list(reference(), "the works that name it")),
    ]);
    let mut indicators = mapping(indicator, "the indicators, by id");
    indicators["propertyNames"] = json!({"pattern": "^[A-Z]{2}\\d{2}$"});
    object(vec![format(), ("indicators", true, indicators)])
}

fn pack() -> Value {
    let bands = ["low", "review", "high", "urgent"].map(|band| (band, true, number("the points from which it begins")));
    let family = object(vec![("cap", true, number("the most points of the family"))]);
    let mut families = mapping(family, "families with a cap of their own");
    families["propertyNames"] = json!({"enum": Family::ALL});
    object(vec![
        format(),
        ("name", true, text("the pack's name")),
        ("version", true, text("the pack's version")),
        ("licence", true, text("under which it may be used")),
        ("bands", true, object(bands.to_vec())),
        ("families", true, families),
    ])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::de::DeserializeOwned;

    use super::super::{raw, yaml};
    use super::*;
    use crate::rules::diagnostic::Reporter;

    /// The loader names the fields that it expects where it meets one that it does not.
    fn check<T: DeserializeOwned>(schema: &Value) {
        let mut reporter = Reporter::new("a.yaml", "zzz: 1\n");
        assert!(yaml::read::<T>(&mut reporter).is_none());
        let message = &reporter.found[0].message;
        let read: BTreeSet<&str> = message
            .split_once(", expected ")
            .map(|(_, names)| names.trim_start_matches("one of ").split([',', ' ']).map(|name| name.trim_matches('`')))
            .unwrap_or_else(|| panic!("{message}"))
            .filter(|name| !name.is_empty() && *name != "or")
            .collect();
        let told: BTreeSet<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(told, read, "{}", std::any::type_name::<T>());
    }

    #[test]
    fn every_schema_has_the_fields_that_the_loader_reads() {
        check::<raw::RawRule>(&rule());
        check::<raw::RawAbout>(&rule()["properties"]["about"]);
        check::<raw::RawScope>(&rule()["properties"]["scope"]);
        check::<raw::RawScore>(&score());
        check::<raw::RawBoost>(&score()["properties"]["boost"]["items"]);
        check::<raw::RawPattern>(&pattern());
        check::<raw::RawExamples>(&examples(true));
        check::<raw::RawExample>(&example());
        check::<raw::RawReference>(&reference());
        check::<raw::RawFilter>(&filter());
        check::<raw::RawFilterScope>(&filter()["properties"]["scope"]);
        check::<raw::RawFilterExamples>(&examples(false));
        check::<raw::RawLexicon>(&lexicon());
        check::<raw::RawConcept>(&lexicon()["properties"]["concepts"]["additionalProperties"]);
        check::<raw::RawCatalogue>(&indicators());
        check::<raw::RawIndicator>(&indicators()["properties"]["indicators"]["additionalProperties"]);
        check::<raw::RawPack>(&pack());
        check::<raw::RawBands>(&pack()["properties"]["bands"]);
        check::<raw::RawFamily>(&pack()["properties"]["families"]["additionalProperties"]);
    }
}
