//! The file with which a new rule begins: it loads, it is a draft, and it says at each place what belongs there.

use lapwing_types::{EvidenceGrade, Family, RuleId, Strength};

use super::catalogue::Indicator;
use super::pack::Pack;

/// The text of a new rule's file.
///
/// # Errors
/// A sentence, where the family cannot be told or has no indicator in the catalogue.
pub fn skeleton(pack: &Pack, id: &RuleId, family: Option<Family>) -> Result<String, String> {
    if let Some(known) = pack.rules.iter().find(|rule| rule.id == *id) {
        return Err(format!("the rule `{id}` stands in `{}` already; an id is never used again", known.file));
    }
    let family = family.or_else(|| family_of_siblings(pack, id)).ok_or_else(|| {
        let all = Family::ALL.map(Family::as_str).join(", ");
        format!("no rule's id begins as `{id}` does, so say the family: `--family` with one of {all}")
    })?;
    let indicator = indicator_for(pack, family)
        .ok_or_else(|| format!("the catalogue has no indicator of the family {family}; add one to indicators.yaml"))?;
    Ok(write(id, family, indicator))
}

/// The folder in which rules with such an id stand: that of their siblings, else the id's first word.
pub fn folder_for(pack: &Pack, id: &RuleId) -> String {
    let first_word = first_word(id.as_str());
    let sibling = pack.rules.iter().find(|rule| self::first_word(rule.id.as_str()) == first_word);
    let folder = sibling.and_then(|rule| rule.file.rsplit_once('/')).map(|(folder, _)| folder.to_string());
    folder.unwrap_or_else(|| first_word.to_string())
}

fn first_word(id: &str) -> &str {
    id.split('.').next().unwrap_or_default()
}

fn family_of_siblings(pack: &Pack, id: &RuleId) -> Option<Family> {
    let own = first_word(id.as_str());
    pack.rules.iter().find(|rule| first_word(rule.id.as_str()) == own).map(|rule| rule.family)
}

/// The first indicator of the family that can be seen in a text and may score.
fn indicator_for(pack: &Pack, family: Family) -> Option<&Indicator> {
    let in_text =
        |indicator: &&Indicator| indicator.observe.is_empty() || indicator.observe.iter().any(|place| place == "text");
    let scores = |indicator: &&Indicator| indicator.evidence != EvidenceGrade::Contradicted;
    let of_family = || pack.catalogue.values().filter(|indicator| indicator.family == family);
    of_family().filter(in_text).find(scores).or_else(|| of_family().find(scores)).or_else(|| of_family().next())
}

fn word<T: serde::Serialize>(value: T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_string)).unwrap_or_default()
}

fn write(id: &RuleId, family: Family, indicator: &Indicator) -> String {
    let (strength, points) = match (family, indicator.evidence) {
        (_, EvidenceGrade::Contradicted) => (Strength::Context, 0),
        (Family::Pr, _) => (Strength::Negative, -10),
        _ => (Strength::Core, 10),
    };
    format!(
        r#"# A new rule. Replace what stands in capitals, then raise the status. docs/RULES.md tells each field.
format: 1
id: {id}
title: "WHAT A LISTING SAYS THAT MAKES THIS RULE HIT"
version: 1                      # raise it whenever the logic changes
status: draft                   # draft: not evaluated; shadow: evaluated, never scored; active: in force
owner: "WHO ANSWERS FOR IT"
# review_by: 2027-01-31         # a day after which lint asks for another look
indicators: [{indicator}]              # {sentence}
evidence: {evidence}
about:
  what: "WHAT IT FINDS, IN ONE SENTENCE."
  why: "WHY THAT IS A REASON TO LOOK."
  explain: "WHAT THE REVIEWER READS: {{quote}}"
  false_positives: ["WHO WRITES THE SAME AND MEANS NO HARM"]
  ask_the_reviewer: ["WHAT WOULD TELL THE TWO APART?"]
references: []                  # - {{title: "…", supports: "…"}}; a rule in force needs one
# scope: {{kinds: [job_ad, social_post], languages: [en]}}
sensitive: none                 # age, gender, ethnicity, nationality or language where it touches on one
patterns:                       # prefer concepts of the lexicons: job: {{concept: job-offer}}
  first:  {{words: ["replace these words"], languages: [en]}}
  second: {{words: ["and these words"], languages: [en]}}
condition: near(first, second, 12)
score: {{points: {points}, family: {family}, strength: {strength}}}
examples:
  match: []                     # at least three invented adverts that it must hit: - {{text: "…", kind: job_ad}}
  no_match:                     # at least three, one of them `hard: true`: an honest advert that looks alike
    - {{text: "AN HONEST ADVERT THAT LOOKS ALIKE", hard: true, why: "WHY IT IS HONEST"}}
  todo_match:                   # gaps that are known; the test fails when one begins to match
    - {{text: "AN ADVERT THAT IT SHALL HIT ONE DAY", why: "WHAT IS MISSING"}}
"#,
        indicator = indicator.id,
        sentence = indicator.sentence.replace('\n', " "),
        evidence = word(indicator.evidence),
        strength = word(strength),
    )
}
