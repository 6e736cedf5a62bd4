//! Filters: what one site leaves out. A filter names rules and says of which listings their hits are dropped; it is
//! written and compiled as a rule is, so that whoever can write the one can write the other.

use lapwing_types::{Family, Hit, Kind, RuleId, RuleStatus, Strength};

use super::compile::Compiler;
use super::condition::Condition;
use super::diagnostic::{Place, Reporter};
use super::raw::RawFilter;
use super::rule::{Example, Rule};
use super::yaml;

/// A compiled filter.
#[derive(Debug)]
pub struct Filter {
    /// Its name; filters and rules share their names.
    pub id: RuleId,
    /// What it leaves out, in one sentence.
    pub title: String,
    /// The rules whose hits it drops: ids, or beginnings of ids such as `labour.*`.
    pub rules: Vec<String>,
    /// The kinds of listing for which it is; empty for all.
    pub kinds: Vec<Kind>,
    /// The languages for which it is; empty for all.
    pub languages: Vec<String>,
    /// The sources for which it is, or beginnings of their names such as `board.*`; empty for all.
    pub sources: Vec<String>,
    /// Its patterns, condition and examples, in the shape that the detector knows how to ask.
    pub(crate) gate: Rule,
    pub(crate) rules_place: Vec<Place>,
}

impl Filter {
    /// Whether it drops the hits of a rule. A strong child-risk rule is dropped by its whole id only.
    pub(crate) fn names(&self, hit: &Hit) -> bool {
        self.names_rule(hit.rule.as_str(), spares_globs(hit.family, hit.strength))
    }

    fn names_rule(&self, rule: &str, by_id_only: bool) -> bool {
        self.rules.iter().any(|named| match named.strip_suffix('*') {
            Some(beginning) => !by_id_only && rule.starts_with(beginning),
            None => named == rule,
        })
    }

    /// Whether it is for listings of a source, kind and language. What is unknown is not left out: to drop too much is
    /// worse than to show too much.
    pub(crate) fn is_for(&self, source: &str, kind: Kind, lang: Option<&str>) -> bool {
        self.is_for_source(source) && self.is_for_text(kind, lang)
    }

    /// The same without the source, for examples that name none.
    pub(crate) fn is_for_text(&self, kind: Kind, lang: Option<&str>) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&kind))
            && (self.languages.is_empty() || lang.is_some_and(|lang| self.languages.iter().any(|one| one == lang)))
    }

    pub(crate) fn is_for_source(&self, source: &str) -> bool {
        self.sources.is_empty()
            || self.sources.iter().any(|named| match named.strip_suffix('*') {
                Some(beginning) => source.starts_with(beginning),
                None => named == source,
            })
    }

    /// The examples of listings that it leaves out.
    pub fn matching(&self) -> &[Example] {
        &self.gate.matching
    }

    /// The examples of listings that it lets through.
    pub fn not_matching(&self) -> &[Example] {
        &self.gate.not_matching
    }

    /// The file it came from.
    pub fn file(&self) -> &str {
        &self.gate.file
    }

    /// Reports names that stand for no rule, and strong child-risk rules that a glob seems to drop and does not.
    pub(super) fn check_names(&self, rules: &[Rule], reporter: &mut Reporter<'_>) {
        for (named, place) in self.rules.iter().zip(&self.rules_place) {
            let Some(beginning) = named.strip_suffix('*') else {
                if !rules.iter().any(|rule| rule.id.as_str() == named) {
                    let message = format!("`{named}` is no rule of these packs, so nothing of it is dropped");
                    reporter.warning("unknown-rule", *place, message, "`lapwing rules list` names the rules");
                }
                continue;
            };
            let meant: Vec<&Rule> = rules.iter().filter(|rule| rule.id.as_str().starts_with(beginning)).collect();
            if meant.is_empty() {
                let message = format!("no rule's id begins with `{beginning}`, so nothing of it is dropped");
                reporter.warning("unknown-rule", *place, message, "`lapwing rules list` names the rules");
            }
            let spared: Vec<&str> = meant
                .iter()
                .filter(|rule| spares_globs(rule.family, rule.strength))
                .map(|rule| rule.id.as_str())
                .filter(|id| !self.names_rule(id, true))
                .collect();
            if !spared.is_empty() {
                let message = format!("`{named}` does not drop the strong child-risk rules {}", spared.join(", "));
                reporter.warning("spared-rule", *place, message, "name each of them by its whole id if you mean it");
            }
        }
    }
}

fn spares_globs(family: Family, strength: Strength) -> bool {
    family == Family::Ch && strength == Strength::Strong
}

/// Compiles a filter, or reports why not.
pub(super) fn read(compiler: &mut Compiler<'_>, reporter: &mut Reporter<'_>) -> Option<Filter> {
    let raw = yaml::read::<RawFilter>(reporter)?;
    let found_before = reporter.found.len();
    if raw.format.value != 1 {
        let message = "this filter has another format than 1";
        reporter.error("unknown-format", Place::of(&raw.format), message, "write `format: 1`");
    }
    let id = compiler.rule_id(&raw.id, reporter);
    check_rules(&raw, reporter);
    let patterns = compiler.patterns_of(&raw.patterns, &raw.scope.fields, reporter);
    let names: Vec<&str> = patterns.iter().map(|pattern| pattern.name.as_str()).collect();
    let condition = match &raw.condition {
        Some(written) => super::compile::read_condition(written, &names, reporter),
        None => Some(Condition::All(Vec::new())),
    };
    let scope = raw.scope;
    if raw.condition.is_none() && scope.kinds.is_empty() && scope.languages.is_empty() && scope.sources.is_empty() {
        let message = "without a scope and a condition the filter would leave out every listing";
        reporter.error("boundless-filter", Place::of(&raw.id), message, "give it a scope or a condition");
    }
    let (Some(id), Some(condition)) = (id, condition) else { return None };
    if reporter.found.len() > found_before {
        return None;
    }
    let written_condition = raw.condition.as_ref().map_or(String::new(), |condition| condition.value.clone());
    let mut gate = Rule::gate(id.clone(), raw.title.clone(), patterns, condition, written_condition);
    gate.place = Place::of(&raw.id);
    gate.file = reporter.file.to_string();
    gate.places.review_by = raw.review_by.as_ref().map(Place::of).unwrap_or_default();
    gate.places.condition = raw.condition.as_ref().map(Place::of).unwrap_or_default();
    gate.review_by = raw.review_by.map(|day| day.value);
    gate.owner = raw.owner;
    gate.text = reporter.text.to_string();
    gate.places.suppress = raw.suppress.iter().map(|(code, reason)| (code.clone(), Place::of(reason))).collect();
    gate.suppress = raw.suppress.into_iter().map(|(code, reason)| (code, reason.value)).collect();
    gate.places.examples = gate.place;
    gate.matching = raw.examples.matching.into_iter().map(super::compile::example).collect();
    gate.not_matching = raw.examples.no_match.into_iter().map(super::compile::example).collect();
    Some(Filter {
        id,
        title: raw.title,
        rules_place: raw.rules.value.iter().map(Place::of).collect(),
        rules: raw.rules.value.into_iter().map(|rule| rule.value).collect(),
        kinds: scope.kinds,
        languages: scope.languages,
        sources: scope.sources,
        gate,
    })
}

fn check_rules(raw: &RawFilter, reporter: &mut Reporter<'_>) {
    if raw.rules.value.is_empty() {
        let help = "name a rule, or the beginning of several such as `labour.*`";
        reporter.error("boundless-filter", Place::of(&raw.rules), "the filter names no rule", help);
    }
    for rule in &raw.rules.value {
        let plain = rule.value.strip_suffix(".*");
        let is_shaped = match plain {
            Some(beginning) => format!("{beginning}.x").parse::<RuleId>().is_ok(),
            None => rule.value.parse::<RuleId>().is_ok(),
        };
        if !is_shaped {
            let message = format!("`{}` is neither a rule's id nor the beginning of some", rule.value);
            reporter.error("bad-rule-id", Place::of(rule), message, "write `labour.hours.excessive` or `labour.*`");
        }
    }
}

impl Rule {
    /// A rule that scores nothing and only asks: what stands behind a filter.
    fn gate(
        id: RuleId,
        title: String,
        patterns: Vec<super::rule::RulePattern>,
        condition: Condition,
        written_condition: String,
    ) -> Self {
        Self {
            id,
            title,
            version: 1,
            status: RuleStatus::Active,
            family: Family::Pr,
            strength: Strength::Context,
            points: 0,
            indicators: Vec::new(),
            evidence: lapwing_types::EvidenceGrade::Proposed,
            explain: String::new(),
            about: String::new(),
            false_positives: Vec::new(),
            ask_the_reviewer: Vec::new(),
            references: Vec::new(),
            owner: None,
            related: std::collections::BTreeMap::new(),
            suppress: std::collections::BTreeMap::new(),
            review_by: None,
            kinds: Vec::new(),
            languages: Vec::new(),
            sensitive: false,
            matching: Vec::new(),
            not_matching: Vec::new(),
            todo: Vec::new(),
            written_condition,
            file: String::new(),
            patterns,
            condition,
            boosts: Vec::new(),
            place: Place::default(),
            places: super::rule::Places::default(),
            text: String::new(),
        }
    }
}
