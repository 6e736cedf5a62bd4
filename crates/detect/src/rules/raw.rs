//! The files of a pack as YAML gives them, before anything is checked but their shape.

use std::collections::BTreeMap;

use lapwing_types::{EvidenceGrade, Field, Kind, RuleStatus, Strength};
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::rule::Reference;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRule {
    pub(crate) format: Spanned<u32>,
    pub(crate) id: Spanned<String>,
    pub(crate) title: String,
    pub(crate) version: Spanned<u32>,
    pub(crate) status: RuleStatus,
    pub(crate) owner: Option<String>,
    pub(crate) review_by: Option<Spanned<String>>,
    pub(crate) indicators: Spanned<Vec<Spanned<String>>>,
    pub(crate) evidence: Spanned<EvidenceGrade>,
    pub(crate) about: RawAbout,
    #[serde(default)]
    pub(crate) references: Vec<RawReference>,
    #[serde(default)]
    pub(crate) related: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) scope: RawScope,
    #[serde(default = "not_sensitive")]
    pub(crate) sensitive: Spanned<RawSensitive>,
    pub(crate) patterns: BTreeMap<String, Spanned<RawPattern>>,
    pub(crate) condition: Spanned<String>,
    pub(crate) score: RawScore,
    pub(crate) examples: Spanned<RawExamples>,
    #[serde(default)]
    pub(crate) suppress: BTreeMap<String, Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawAbout {
    pub(crate) what: String,
    pub(crate) why: String,
    pub(crate) explain: String,
    #[serde(default)]
    pub(crate) false_positives: Vec<String>,
    #[serde(default)]
    pub(crate) ask_the_reviewer: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawReference {
    pub(crate) title: String,
    pub(crate) url: Option<String>,
    pub(crate) doi: Option<String>,
    pub(crate) year: Option<u32>,
    pub(crate) supports: Option<String>,
}

impl RawReference {
    pub(crate) fn into_reference(self) -> Reference {
        let Self { title, url, doi, year, supports } = self;
        Reference { title, url, doi, year, supports }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawScope {
    #[serde(default)]
    pub(crate) kinds: Vec<Kind>,
    #[serde(default)]
    pub(crate) fields: Vec<Field>,
    #[serde(default)]
    pub(crate) languages: Vec<String>,
}

/// The attribute of a person on which a rule touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawSensitive {
    None,
    Age,
    Gender,
    Ethnicity,
    Nationality,
    Language,
}

fn not_sensitive() -> Spanned<RawSensitive> {
    Spanned::new(RawSensitive::None, serde_saphyr::Location::UNKNOWN, serde_saphyr::Location::UNKNOWN)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPattern {
    pub(crate) concept: Option<Spanned<String>>,
    pub(crate) words: Option<Vec<Spanned<String>>>,
    pub(crate) regex: Option<Spanned<String>>,
    pub(crate) entity: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) languages: Vec<String>,
    #[serde(default)]
    pub(crate) view: RawView,
    #[serde(default)]
    pub(crate) unless: Vec<Spanned<String>>,
    pub(crate) within: Option<Spanned<usize>>,
    #[serde(default)]
    pub(crate) fields: Vec<Field>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawView {
    Plain,
    Deobfuscated,
    #[default]
    Both,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawScore {
    pub(crate) points: Spanned<i32>,
    pub(crate) family: Spanned<String>,
    pub(crate) strength: Strength,
    #[serde(default)]
    pub(crate) boost: Vec<RawBoost>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBoost {
    #[serde(rename = "if")]
    pub(crate) condition: Spanned<String>,
    pub(crate) add: i32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawExamples {
    #[serde(rename = "match", default)]
    pub(crate) matching: Vec<Spanned<RawExample>>,
    #[serde(default)]
    pub(crate) no_match: Vec<Spanned<RawExample>>,
    #[serde(default)]
    pub(crate) todo_match: Vec<Spanned<RawExample>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawExample {
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) title: String,
    pub(crate) kind: Option<Kind>,
    pub(crate) lang: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) price: Option<String>,
    pub(crate) score: Option<i32>,
    pub(crate) why: Option<String>,
    #[serde(default)]
    pub(crate) hard: bool,
    #[serde(default)]
    pub(crate) hidden_text: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFilter {
    pub(crate) format: Spanned<u32>,
    pub(crate) id: Spanned<String>,
    pub(crate) title: String,
    pub(crate) owner: Option<String>,
    pub(crate) review_by: Option<Spanned<String>>,
    pub(crate) rules: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(crate) scope: RawFilterScope,
    #[serde(default)]
    pub(crate) patterns: BTreeMap<String, Spanned<RawPattern>>,
    pub(crate) condition: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) examples: RawFilterExamples,
    #[serde(default)]
    pub(crate) suppress: BTreeMap<String, Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFilterScope {
    #[serde(default)]
    pub(crate) kinds: Vec<Kind>,
    #[serde(default)]
    pub(crate) fields: Vec<Field>,
    #[serde(default)]
    pub(crate) languages: Vec<String>,
    #[serde(default)]
    pub(crate) sources: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFilterExamples {
    #[serde(rename = "match", default)]
    pub(crate) matching: Vec<Spanned<RawExample>>,
    #[serde(default)]
    pub(crate) no_match: Vec<Spanned<RawExample>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawLexicon {
    pub(crate) format: Spanned<u32>,
    pub(crate) language: Spanned<String>,
    pub(crate) concepts: BTreeMap<String, RawConcept>,
    #[serde(default)]
    pub(crate) suppress: BTreeMap<String, Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawConcept {
    pub(crate) example: Option<Spanned<String>>,
    pub(crate) terms: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPack {
    pub(crate) format: Spanned<u32>,
    pub(crate) name: String,
    pub(crate) version: String,
    #[expect(dead_code, reason = "every pack must say under which licence it stands")]
    pub(crate) licence: String,
    pub(crate) bands: Spanned<RawBands>,
    pub(crate) families: BTreeMap<String, Spanned<RawFamily>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBands {
    pub(crate) low: i32,
    pub(crate) review: i32,
    pub(crate) high: i32,
    pub(crate) urgent: i32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFamily {
    pub(crate) cap: i32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawCatalogue {
    pub(crate) format: Spanned<u32>,
    pub(crate) indicators: BTreeMap<String, Spanned<RawIndicator>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawIndicator {
    pub(crate) family: String,
    pub(crate) role: Strength,
    pub(crate) evidence: EvidenceGrade,
    pub(crate) sentence: String,
    #[serde(default)]
    pub(crate) pitfall: String,
    #[serde(default)]
    pub(crate) observe: Vec<String>,
    #[serde(default)]
    pub(crate) references: Vec<RawReference>,
}
