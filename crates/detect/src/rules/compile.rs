//! Raw rules to compiled ones: names resolved, conditions read, patterns interned.

use std::collections::{BTreeMap, HashMap};

use lapwing_types::{EvidenceGrade, Family, Field, RuleId, Strength, View};
use serde_saphyr::Spanned;

use super::catalogue::Indicator;
use super::condition::{Condition, parse};
use super::diagnostic::{Place, Reporter};
use super::lexicon::Lexicon;
use super::raw::{RawExample, RawPattern, RawReference, RawRule, RawSensitive, RawView};
use super::rule::{Example, Places, Rule, RulePattern, Source, Written};
use super::term;
use super::yaml;
use crate::entity::EntityKind;
use crate::matcher::{Expression, LanguageId, MatcherBuilder, PatternId};

/// What all rules of a pack share while they are compiled.
pub(super) struct Compiler<'a> {
    pub(super) catalogue: &'a BTreeMap<String, Indicator>,
    pub(super) lexicons: &'a [Lexicon],
    pub(super) languages: Vec<String>,
    pub(super) builder: MatcherBuilder,
    interned: HashMap<String, PatternId>,
    expressions: HashMap<PatternId, Expression>,
}

/// Words and expressions of a rule that the matcher is given once, however many rules name them.
const WIDEST_GUARD: usize = 50;
const DEFAULT_GUARD: usize = 6;
/// What one rule may look for.
const MOST_PATTERNS: usize = 100;
/// How to mend a family that there is not.
pub(super) const FAMILIES: &str = "write one of the families of docs/RULES.md, pack.yaml";

impl<'a> Compiler<'a> {
    pub(super) fn new(catalogue: &'a BTreeMap<String, Indicator>, lexicons: &'a [Lexicon]) -> Self {
        let languages = lexicons.iter().map(|lexicon| lexicon.language.clone()).collect();
        Self {
            catalogue,
            lexicons,
            languages,
            builder: MatcherBuilder::default(),
            interned: HashMap::new(),
            expressions: HashMap::new(),
        }
    }

    /// How many patterns were interned.
    pub(super) fn patterns(&self) -> usize {
        self.interned.len()
    }

    /// Compiles a rule, or reports why not.
    pub(super) fn rule(&mut self, reporter: &mut Reporter<'_>) -> Option<Rule> {
        let raw = yaml::read::<RawRule>(reporter)?;
        let errors_before = reporter.found.len();
        if raw.format.value != 1 {
            reporter.error(
                "unknown-format",
                Place::of(&raw.format),
                "this rule has another format than 1",
                "write `format: 1`",
            );
        }
        let id = self.rule_id(&raw.id, reporter);
        let family = self.family(&raw, reporter);
        let patterns = self.patterns_of(&raw.patterns, &raw.scope.fields, reporter);
        let names: Vec<&str> = patterns.iter().map(|pattern| pattern.name.as_str()).collect();
        let condition = read_condition(&raw.condition, &names, reporter);
        let mut boosts = Vec::new();
        for boost in &raw.score.boost {
            if let Some(condition) = read_condition(&boost.condition, &names, reporter) {
                boosts.push((condition, boost.add));
            }
        }
        self.check_score(&raw, family, reporter);
        let (Some(id), Some(family), Some(condition)) = (id, family, condition) else { return None };
        if reporter.found.len() > errors_before {
            return None;
        }
        let places = Places {
            condition: Place::of(&raw.condition),
            points: Place::of(&raw.score.points),
            review_by: raw.review_by.as_ref().map(Place::of).unwrap_or_default(),
            examples: Place::of(&raw.examples),
            suppress: raw.suppress.iter().map(|(code, reason)| (code.clone(), Place::of(reason))).collect(),
        };
        let examples = raw.examples.value;
        let place = Place::of(&raw.id);
        Some(Rule {
            id,
            title: raw.title,
            version: raw.version.value,
            status: raw.status,
            family,
            strength: raw.score.strength,
            points: raw.score.points.value,
            indicators: raw.indicators.value.into_iter().map(|indicator| indicator.value).collect(),
            evidence: raw.evidence.value,
            explain: raw.about.explain,
            about: format!("{} {}", raw.about.what.trim(), raw.about.why.trim()),
            false_positives: raw.about.false_positives,
            ask_the_reviewer: raw.about.ask_the_reviewer,
            references: raw.references.into_iter().map(RawReference::into_reference).collect(),
            owner: raw.owner,
            related: raw.related,
            suppress: raw.suppress.into_iter().map(|(code, reason)| (code, reason.value)).collect(),
            review_by: raw.review_by.map(|day| day.value),
            kinds: raw.scope.kinds,
            languages: raw.scope.languages,
            sensitive: raw.sensitive.value != RawSensitive::None,
            matching: examples.matching.into_iter().map(example).collect(),
            not_matching: examples.no_match.into_iter().map(example).collect(),
            todo: examples.todo_match.into_iter().map(example).collect(),
            written_condition: raw.condition.value,
            file: reporter.file.to_string(),
            patterns,
            condition,
            boosts,
            place,
            places,
            text: reporter.text.to_string(),
        })
    }

    pub(super) fn rule_id(&self, raw: &Spanned<String>, reporter: &mut Reporter<'_>) -> Option<RuleId> {
        let id = match raw.value.parse::<RuleId>() {
            Ok(id) => id,
            Err(error) => {
                reporter.error(
                    "bad-rule-id",
                    Place::of(raw),
                    error.to_string(),
                    "write such as `labour.hours.excessive`",
                );
                return None;
            }
        };
        let stem = reporter.file.rsplit('/').next().unwrap_or_default().trim_end_matches(".yaml");
        if id.as_str() != stem {
            let message = format!("the id is `{id}` but the file is named `{stem}.yaml`");
            reporter.error("misplaced-file", Place::of(raw), message, "name the file after the rule");
        }
        Some(id)
    }

    fn family(&self, raw: &RawRule, reporter: &mut Reporter<'_>) -> Option<Family> {
        for indicator in &raw.indicators.value {
            if !self.catalogue.contains_key(&indicator.value) {
                let message = format!("`{}` is not in the catalogue", indicator.value);
                reporter.error("unknown-indicator", Place::of(indicator), message, "see indicators.yaml");
            }
        }
        if raw.indicators.value.is_empty() {
            reporter.error(
                "no-indicator",
                Place::of(&raw.indicators),
                "the rule names no indicator",
                "name one at least",
            );
        }
        match raw.score.family.value.parse() {
            Ok(family) => Some(family),
            Err(error) => {
                reporter.error("unknown-family", Place::of(&raw.score.family), error.to_string(), FAMILIES);
                None
            }
        }
    }

    fn check_score(&self, raw: &RawRule, family: Option<Family>, reporter: &mut Reporter<'_>) {
        let points = raw.score.points.value;
        let place = Place::of(&raw.score.points);
        match raw.score.strength {
            Strength::Context if points != 0 || !raw.score.boost.is_empty() => {
                reporter.error(
                    "context-scores",
                    place,
                    "a `context` rule never scores",
                    "write `points: 0` without boosts",
                );
            }
            Strength::Negative if points >= 0 => {
                let message = "a `negative` rule must have points below zero";
                reporter.error("negative-raises", place, message, "write such as `points: -10`");
            }
            Strength::Strong | Strength::Core | Strength::Weak if points <= 0 => {
                reporter.error(
                    "no-points",
                    place,
                    "a scoring rule must have points above zero",
                    "or write `strength: context`",
                );
            }
            _ => {}
        }
        if points.abs() > 100 {
            let message = format!("{points} points; 100 are the most");
            reporter.error("too-many-points", place, message, "a strong rule has 40 to 60");
        }
        if (family == Some(Family::Pr)) != (raw.score.strength == Strength::Negative) {
            let message = "the family PR and the strength `negative` belong together";
            let help = "change the family, or write `strength: negative` with points below zero";
            reporter.error("negative-family", Place::of(&raw.score.family), message, help);
        }
        if raw.evidence.value == EvidenceGrade::Contradicted && raw.score.strength != Strength::Context {
            let message = "a contradicted indicator never scores";
            reporter.error(
                "contradicted-scores",
                Place::of(&raw.evidence),
                message,
                "write `strength: context` and `points: 0`",
            );
        }
        for indicator in &raw.indicators.value {
            let contradicted =
                self.catalogue.get(&indicator.value).is_some_and(|entry| entry.evidence == EvidenceGrade::Contradicted);
            if contradicted && raw.score.strength != Strength::Context {
                let message = format!("`{}` is contradicted by a study and never scores", indicator.value);
                reporter.error("contradicted-scores", Place::of(indicator), message, "write `strength: context`");
            }
        }
    }

    /// The patterns of a rule or filter; `scope_fields` are where they look that do not say it themselves.
    pub(super) fn patterns_of(
        &mut self,
        raw: &BTreeMap<String, Spanned<RawPattern>>,
        scope_fields: &[Field],
        reporter: &mut Reporter<'_>,
    ) -> Vec<RulePattern> {
        let names: Vec<&String> = raw.keys().collect();
        let mut patterns = Vec::new();
        if let Some(one) = raw.values().next().filter(|_| raw.len() > MOST_PATTERNS) {
            let message = format!("{} patterns; {MOST_PATTERNS} are the most", raw.len());
            reporter.error("too-many-patterns", Place::of(one), message, "split the rule, or put words into a lexicon");
            return patterns;
        }
        for (name, entry) in raw {
            let place = Place::of(entry);
            let pattern = &entry.value;
            let source = self.source(name, pattern, place, reporter).unwrap_or(Source::Entity(EntityKind::Name));
            let mut unless = Vec::new();
            for guard in &pattern.unless {
                match names.iter().position(|other| **other == guard.value) {
                    Some(index) if *names[index] != *name => unless.push(index),
                    _ => {
                        let message = format!("`{}` is not another pattern of this rule", guard.value);
                        reporter.error(
                            "unknown-name",
                            Place::of(guard),
                            message,
                            "name a pattern that negates this one",
                        );
                    }
                }
            }
            let within = pattern.within.as_ref().map_or(DEFAULT_GUARD, |within| within.value);
            if let Some(written) = pattern.within.as_ref().filter(|within| within.value > WIDEST_GUARD) {
                let message = format!("a window of {within} words; {WIDEST_GUARD} is the most");
                reporter.error("window-too-wide", Place::of(written), message, "narrow it");
            }
            let view = match pattern.view {
                RawView::Both => None,
                RawView::Plain => Some(View::Plain),
                RawView::Deobfuscated => Some(View::Deobfuscated),
            };
            let fields = if pattern.fields.is_empty() { scope_fields.to_vec() } else { pattern.fields.clone() };
            let written = self.written(pattern, source);
            patterns.push(RulePattern { name: name.clone(), written, place, source, view, fields, unless, within });
        }
        patterns
    }

    fn source(
        &mut self,
        name: &str,
        pattern: &RawPattern,
        place: Place,
        reporter: &mut Reporter<'_>,
    ) -> Option<Source> {
        let given =
            [pattern.concept.is_some(), pattern.words.is_some(), pattern.regex.is_some(), pattern.entity.is_some()];
        if given.iter().filter(|given| **given).count() != 1 {
            let message = format!("pattern `{name}` must have one of concept, words, regex and entity");
            reporter.error("bad-pattern", place, message, "keep one");
            return None;
        }
        if let Some(written) = &pattern.entity {
            let entity = &written.value;
            let kind = EntityKind::ALL.into_iter().find(|kind| kind.as_str() == entity);
            if kind.is_none() {
                let names = EntityKind::ALL.map(EntityKind::as_str).join(", ");
                reporter.error(
                    "unknown-entity",
                    Place::of(written),
                    format!("`{entity}` is not an entity"),
                    format!("the entities are: {names}"),
                );
            }
            return kind.map(Source::Entity);
        }
        if let Some(concept) = &pattern.concept {
            return self.concept(concept, &pattern.languages, reporter);
        }
        if pattern.languages.is_empty() {
            let message = format!("pattern `{name}` has words of its own and must say of which languages");
            reporter.error("no-language", place, message, "write `languages: [en]`");
            return None;
        }
        if let Some(words) = &pattern.words {
            return Some(self.words(words, &pattern.languages, reporter));
        }
        pattern.regex.as_ref().and_then(|regex| self.regex(regex, &pattern.languages, reporter))
    }

    /// The pattern of a concept in all its languages, where a rule uses it.
    pub(super) fn known_concept(&self, concept: &str) -> Option<PatternId> {
        self.interned.get(&concept_key(concept, &[])).copied()
    }

    fn language(&mut self, tag: &str) -> LanguageId {
        let index = self.languages.iter().position(|language| language == tag).unwrap_or_else(|| {
            self.languages.push(tag.to_string());
            self.languages.len() - 1
        });
        LanguageId(u8::try_from(index).unwrap_or(u8::MAX))
    }

    fn written(&self, pattern: &RawPattern, source: Source) -> Written {
        match (&pattern.concept, &pattern.words, source) {
            (Some(concept), _, _) => Written::Concept(concept.value.clone()),
            (_, Some(_), _) => Written::Words,
            (_, _, Source::Text(id)) => {
                self.expressions.get(&id).map_or(Written::Words, |regex| Written::Expression(regex.clone()))
            }
            _ => Written::Entity,
        }
    }

    /// The number under which a text pattern is known, and whether it is new.
    fn intern(&mut self, key: String) -> (PatternId, bool) {
        let next = PatternId(u32::try_from(self.interned.len()).unwrap_or(u32::MAX));
        match self.interned.entry(key) {
            std::collections::hash_map::Entry::Occupied(known) => (*known.get(), false),
            std::collections::hash_map::Entry::Vacant(place) => (*place.insert(next), true),
        }
    }

    fn concept(
        &mut self,
        written: &Spanned<String>,
        languages: &[String],
        reporter: &mut Reporter<'_>,
    ) -> Option<Source> {
        let concept = written.value.as_str();
        let lexicons = self.lexicons;
        let holders: Vec<&Lexicon> = lexicons
            .iter()
            .filter(|lexicon| languages.is_empty() || languages.contains(&lexicon.language))
            .filter(|lexicon| lexicon.concepts.contains_key(concept))
            .collect();
        if holders.is_empty() {
            let near = nearest(concept, lexicons.iter().flat_map(|lexicon| lexicon.concepts.keys()));
            let help = near.map_or("`lapwing rules coverage` names the concepts".to_string(), |near| {
                format!("did you mean `{near}`?")
            });
            reporter.error(
                "unknown-concept",
                Place::of(written),
                format!("no lexicon has the concept `{concept}`"),
                help,
            );
            return None;
        }
        let (pattern, is_new) = self.intern(concept_key(concept, languages));
        if is_new {
            for lexicon in holders {
                let language = self.language(&lexicon.language);
                for term in &lexicon.concepts[concept] {
                    self.builder.add_term(term, pattern, language);
                }
            }
        }
        Some(Source::Text(pattern))
    }

    fn words(&mut self, words: &[Spanned<String>], languages: &[String], reporter: &mut Reporter<'_>) -> Source {
        let written: Vec<&str> = words.iter().map(|word| word.value.as_str()).collect();
        let (pattern, is_new) = self.intern(format!("words {} {}", languages.join(","), written.join("\n")));
        for word in words.iter().filter(|_| is_new) {
            match term::read(&word.value) {
                Ok(term) => {
                    for language in languages {
                        let language = self.language(language);
                        self.builder.add_term(&term, pattern, language);
                    }
                }
                Err(message) => {
                    let message = format!("term `{}`: {message}", word.value);
                    reporter.error("bad-term", Place::of(word), message, "see docs/RULES.md, Terms");
                }
            }
        }
        Source::Text(pattern)
    }

    fn regex(&mut self, regex: &Spanned<String>, languages: &[String], reporter: &mut Reporter<'_>) -> Option<Source> {
        let (pattern, is_new) = self.intern(format!("regex {} {}", languages.join(","), regex.value));
        if !is_new {
            return Some(Source::Text(pattern));
        }
        match Expression::compile(&regex.value) {
            Ok(compiled) if compiled.matches_nothing() => {
                let message = "the expression matches the empty text";
                reporter.error("empty-regex", Place::of(regex), message, "ask for one character at least");
                None
            }
            Ok(compiled) => {
                self.expressions.insert(pattern, compiled.clone());
                let languages = languages.iter().map(|language| self.language(language)).collect();
                self.builder.add_expression(compiled, pattern, languages);
                Some(Source::Text(pattern))
            }
            Err(message) => {
                let help = "look-around and back-references are not part of the language; see docs/RULES.md, Regexes";
                reporter.error("bad-regex", Place::of(regex), message, help);
                None
            }
        }
    }
}

fn concept_key(concept: &str, languages: &[String]) -> String {
    format!("concept {concept} {}", languages.join(","))
}

pub(super) fn read_condition(raw: &Spanned<String>, names: &[&str], reporter: &mut Reporter<'_>) -> Option<Condition> {
    match parse(&raw.value, names) {
        Ok(condition) => Some(condition),
        Err(error) => {
            let place = Place::inside(reporter.text, Place::of(raw), &raw.value, error.position);
            reporter.error(error.code, place, error.message, error.help);
            None
        }
    }
}

pub(super) fn example(raw: Spanned<RawExample>) -> Example {
    let place = Place::of(&raw);
    let raw = raw.value;
    Example {
        text: raw.text,
        title: raw.title,
        kind: raw.kind.unwrap_or_default(),
        lang: raw.lang,
        source: raw.source,
        location: raw.location,
        price: raw.price,
        score: raw.score,
        why: raw.why.unwrap_or_default(),
        hard: raw.hard,
        hidden_text: raw.hidden_text,
        place,
    }
}

/// The known name most like a wrong one, for a helping hand.
pub(super) fn nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a String>) -> Option<&'a String> {
    let trigrams = |text: &str| {
        let characters: Vec<char> = format!("  {text} ").chars().collect();
        characters.windows(3).map(<[char]>::to_vec).collect::<std::collections::HashSet<_>>()
    };
    let ours = trigrams(wrong);
    let scored = names.map(|name| (trigrams(name).intersection(&ours).count(), name));
    scored.filter(|(common, _)| *common >= 3).max_by_key(|(common, _)| *common).map(|(_, name)| name)
}
