//! Findings about a pack that compiles: what a careful colleague would say of its rules.

use std::collections::BTreeMap;

use lapwing_types::{RuleStatus, Strength};
use regex_syntax::hir::{Class, Hir, HirKind};

use super::codes;
use super::condition::{Condition, spell};
use super::diagnostic::{Diagnostic, Place, Reporter};
use super::diff::diff;
use super::pack::{Pack, PackFile};
use super::rule::{Rule, Source, Written};
use super::satisfy::{Outcome, fewest, for_each_clause, judge};
use crate::entity::Path;
use crate::matcher::{LanguageId, PatternId};

/// Looks at every rule and filter; `today` is an ISO 8601 date by which `review_by` is judged.
pub fn lint(pack: &Pack, today: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let aside: Vec<PatternId> = pack.matcher.aside().collect();
    for rule in &pack.rules {
        let mut reporter = Reporter::new(&rule.file, &rule.text);
        lint_rule(rule, today, &mut reporter);
        slow_patterns(rule, &aside, &mut reporter);
        found.append(&mut silence(rule, reporter));
    }
    for filter in &pack.filters {
        let mut reporter = Reporter::new(filter.file(), &filter.gate.text);
        filter.check_names(&pack.rules, &mut reporter);
        lint_filter(&filter.gate, today, &mut reporter);
        found.append(&mut silence(&filter.gate, reporter));
    }
    lexicon_examples(pack, &mut found);
    found
}

/// Findings about rules of `after` that decide otherwise than in `before` under the same version.
///
/// # Errors
/// The findings, where a file of either is no YAML that a pack may hold.
pub fn lint_versions(before: &[PackFile], after: &[PackFile]) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let difference = diff(before, after)?;
    let mut found = Vec::new();
    for changed in difference.versions_not_raised() {
        let file = after.iter().find(|file| file.path == changed.file);
        let text = file.and_then(|file| std::str::from_utf8(&file.bytes).ok()).unwrap_or_default();
        let line = text.lines().position(|line| line.starts_with("version:")).map_or(0, |index| index + 1);
        let column = if line == 0 { 0 } else { "version: ".len() + 1 };
        let narrow = |number: usize| u32::try_from(number).unwrap_or(0);
        let what: Vec<&str> = changed.changes.iter().map(|change| change.what.as_str()).collect();
        let mut reporter = Reporter::new(&changed.file, text);
        let message = format!("`{}` decides otherwise than before and has the version that it had", changed.id);
        let help = format!("raise `version`; what changed: {}", what.join(", "));
        let place = Place { line: narrow(line), column: narrow(column) };
        reporter.warning("version-not-raised", place, message, help);
        found.append(&mut reporter.found);
    }
    Ok(found)
}

/// Leaves out what the rule silences with a reason, and says where it silences wrongly.
fn silence(rule: &Rule, mut reporter: Reporter<'_>) -> Vec<Diagnostic> {
    // What depends on the day or on another pack may be silenced ahead.
    let may_wait = |code: &str| matches!(code, "expired" | "version-not-raised");
    let mut wrong = Reporter::new(reporter.file, reporter.text);
    for (code, reason) in &rule.suppress {
        let place = rule.places.suppress.get(code).copied().unwrap_or(rule.place);
        if codes::entry(code).is_none() {
            let message = format!("`{code}` is the code of no finding");
            wrong.warning("unknown-code", place, message, "docs/RULES.md, Diagnostics, names the codes");
        } else if reason.trim().is_empty() {
            let message = format!("`{code}` is silenced without a reason");
            wrong.warning("no-reason", place, message, "say in a few words why it does not apply here");
        } else if !may_wait(code) && !reporter.found.iter().any(|finding| finding.code == *code) {
            let message = format!("there is no `{code}` here to silence");
            wrong.warning("needless-suppression", place, message, "remove it");
        }
    }
    reporter.found.retain(|finding| rule.suppress.get(&finding.code).is_none_or(|reason| reason.trim().is_empty()));
    reporter.found.append(&mut wrong.found);
    reporter.found
}

/// Each concept's example must hold one of its terms in that language.
fn lexicon_examples(pack: &Pack, found: &mut Vec<Diagnostic>) {
    for example in pack.lexicon_examples.iter().filter(|example| !example.is_suppressed) {
        let Some(pattern) = example.pattern else { continue };
        let mut holds = false;
        let in_language = |language: LanguageId| pack.language_tags[usize::from(language.0)] == example.language;
        pack.matcher.for_each(&crate::text::fold(&example.sentence).text, &in_language, &mut |place| {
            holds |= place.pattern == pattern;
        });
        if !holds {
            let file = format!("lexicons/{}.yaml", example.language);
            let mut reporter = Reporter::new(&file, "");
            let message = format!("the example of `{}` holds none of its terms", example.concept);
            reporter.warning("example-without-term", example.place, message, "change the example or add its term");
            reporter.found.iter_mut().for_each(|finding| finding.excerpt.clone_from(&example.line));
            found.append(&mut reporter.found);
        }
    }
}

fn lint_filter(gate: &Rule, today: &str, reporter: &mut Reporter<'_>) {
    if !gate.written_condition.is_empty() && (gate.matching.is_empty() || gate.not_matching.is_empty()) {
        let message = "a filter asks for an example that it leaves out and one that it lets through";
        reporter.warning("few-examples", gate.place, message, "add invented adverts under `match` and `no_match`");
    }
    lint_logic(gate, today, reporter);
}

fn lint_rule(rule: &Rule, today: &str, reporter: &mut Reporter<'_>) {
    if rule.references.is_empty() && rule.status != RuleStatus::Draft {
        reporter.warning("no-reference", rule.place, "the rule names no reference", "name a work and what it supports");
    }
    let examples = rule.places.examples;
    if rule.matching.len() < 3 {
        let message = format!("{} examples that match; 3 are asked", rule.matching.len());
        reporter.warning("few-examples", examples, message, "add invented adverts");
    }
    if rule.not_matching.len() < 3 {
        let message = format!("{} examples that do not match; 3 are asked", rule.not_matching.len());
        reporter.warning("few-examples", examples, message, "add invented adverts that look alike");
    }
    if !rule.not_matching.iter().any(|example| example.hard) {
        let help = "add an honest advert that looks alike, with `hard: true`";
        reporter.warning("no-hard-negative", examples, "no example is marked as a hard negative", help);
    }
    sensitive(rule, reporter);
    lint_logic(rule, today, reporter);
}

/// What rules and filters have in common.
fn lint_logic(rule: &Rule, today: &str, reporter: &mut Reporter<'_>) {
    if let Some(day) = rule.review_by.as_deref().filter(|day| *day < today) {
        let message = format!("it should have been looked at by {day}");
        reporter.warning("expired", rule.places.review_by, message, "look at it and move the day");
    }
    unused_patterns(rule, reporter);
    duplicate_patterns(rule, reporter);
    unguarded_negation(rule, reporter);
    document_wide_guards(rule, reporter);
    fixed_conditions(rule, reporter);
}

fn sensitive(rule: &Rule, reporter: &mut Reporter<'_>) {
    if !rule.sensitive {
        return;
    }
    if rule.strength == Strength::Strong {
        let message = "a rule on a sensitive attribute may not be strong";
        reporter.warning("sensitive-strong", rule.places.points, message, "it scores only beside two other families");
    }
    if matches!(rule.strength, Strength::Strong | Strength::Core) && fewest(&rule.condition) < 2 {
        let message = "one clause on a sensitive attribute is enough for this rule to hit";
        reporter.warning(
            "sensitive-alone",
            rule.places.condition,
            message,
            "ask for something else beside it, by `and`",
        );
    }
}

fn conditions(rule: &Rule) -> impl Iterator<Item = &Condition> {
    std::iter::once(&rule.condition).chain(rule.boosts.iter().map(|(condition, _)| condition))
}

fn unused_patterns(rule: &Rule, reporter: &mut Reporter<'_>) {
    let mut used = vec![false; rule.patterns.len()];
    for condition in conditions(rule) {
        condition.for_each_pattern(&mut |pattern| used[pattern] = true);
    }
    for pattern in &rule.patterns {
        for guard in &pattern.unless {
            used[*guard] = true;
        }
    }
    for (pattern, _) in rule.patterns.iter().zip(&used).filter(|(_, used)| !**used) {
        let message = format!("pattern `{}` is used nowhere", pattern.name);
        reporter.warning("unused-name", pattern.place, message, "remove it or use it");
    }
}

fn duplicate_patterns(rule: &Rule, reporter: &mut Reporter<'_>) {
    let mut groups = Vec::new();
    conditions(rule).for_each(|condition| collect_groups(condition, &mut groups));
    for (index, pattern) in rule.patterns.iter().enumerate() {
        // A pattern may stand twice so that `2 of sign*` counts it and another clause names it.
        let is_grouped_alike =
            |other: usize| groups.iter().all(|group| group.contains(&other) == group.contains(&index));
        let same = rule.patterns[..index].iter().enumerate().filter(|(other, _)| is_grouped_alike(*other)).find(
            |(_, other)| {
                (other.source, other.view, &other.fields) == (pattern.source, pattern.view, &pattern.fields)
                    && (&other.unless, other.within) == (&pattern.unless, pattern.within)
            },
        );
        if let Some((_, other)) = same {
            // Names are sorted, files are not: the later line is the one that repeats.
            let (first, second) =
                if other.place.line <= pattern.place.line { (other, pattern) } else { (pattern, other) };
            let message = format!("pattern `{}` looks for the same as `{}`", second.name, first.name);
            reporter.warning("duplicate-pattern", second.place, message, "keep one, or let them differ");
        }
    }
}

fn collect_groups<'a>(condition: &'a Condition, groups: &mut Vec<&'a [usize]>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| collect_groups(part, groups)),
        Condition::Not(inner) => collect_groups(inner, groups),
        Condition::Of { patterns, .. } => groups.push(patterns),
        _ => {}
    }
}

fn slow_patterns(rule: &Rule, aside: &[PatternId], reporter: &mut Reporter<'_>) {
    for pattern in &rule.patterns {
        let Written::Expression(expression) = &pattern.written else { continue };
        if matches!(pattern.source, Source::Text(id) if aside.contains(&id)) {
            let message =
                format!("`{}` may begin in the middle of a word, so every text is searched for it", pattern.name);
            let help = "begin each alternative with `\\b`, a symbol, or a character of a script without spaces";
            reporter.warning("slow-pattern", pattern.place, message, help);
        }
        if has_wide_repetition(expression.hir()) {
            let message = format!("`{}` repeats almost any character without an end", pattern.name);
            let help = "each place where it begins is searched to the text's end; write a bound such as `.{0,40}`";
            reporter.warning("slow-pattern", pattern.place, message, help);
        }
    }
}

/// Whether a part that may cross words, such as `.` or `[^,]`, is repeated without a bound.
fn has_wide_repetition(expression: &Hir) -> bool {
    match expression.kind() {
        HirKind::Repetition(repetition) => {
            let is_endless = repetition.max.is_none_or(|most| most > 200);
            (is_endless && crosses_words(&repetition.sub)) || has_wide_repetition(&repetition.sub)
        }
        HirKind::Capture(capture) => has_wide_repetition(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(has_wide_repetition),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => false,
    }
}

fn crosses_words(expression: &Hir) -> bool {
    match expression.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            let holds = |c: char| class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&c));
            holds(' ') && (holds('a') || holds('я') || holds('中'))
        }
        HirKind::Capture(capture) => crosses_words(&capture.sub),
        HirKind::Alternation(parts) => parts.iter().any(crosses_words),
        _ => false,
    }
}

/// A negated clause on an entity is true when the entity is missing: `known(…) and not …` says what is meant.
fn unguarded_negation(rule: &Rule, reporter: &mut Reporter<'_>) {
    let mut known = Vec::new();
    collect_known(&rule.condition, &mut known);
    rule.condition.for_each_path(
        &mut |path, negated| {
            let is_always_known = matches!(path, Path::Count(_) | Path::HiddenText);
            if negated && !is_always_known && !known.contains(&path) {
                let message = format!("`not` on `{path}` also holds where there is none");
                let help = format!("write `known({path}) and not …`");
                reporter.warning("unguarded-negation", place_of(rule, &path.to_string()), message, help);
            }
        },
        false,
    );
}

fn collect_known(condition: &Condition, known: &mut Vec<Path>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| collect_known(part, known)),
        Condition::Not(inner) => collect_known(inner, known),
        Condition::Known(path) => known.push(*path),
        _ => {}
    }
}

/// A concept `no-…` that is the denial of another one of the rule is meant beside it, not anywhere in the listing.
fn document_wide_guards(rule: &Rule, reporter: &mut Reporter<'_>) {
    // What lowers, and what leaves out, is rightly cautious about the whole listing.
    if !matches!(rule.strength, Strength::Strong | Strength::Core | Strength::Weak) {
        return;
    }
    let Condition::All(parts) = &rule.condition else { return };
    let concepts: BTreeMap<usize, &str> = rule
        .patterns
        .iter()
        .enumerate()
        .filter_map(|(index, pattern)| match &pattern.written {
            Written::Concept(concept) => Some((index, concept.as_str())),
            _ => None,
        })
        .collect();
    for part in parts {
        let Condition::Not(inner) = part else { continue };
        let Condition::Pattern { pattern: guard, field: None } = inner.as_ref() else { continue };
        let Some(denied) = concepts.get(guard).and_then(|concept| concept.strip_prefix("no-")) else { continue };
        let meant = concepts.iter().find(|(index, concept)| {
            *index != guard && (**concept == denied || concept.ends_with(&format!("-{denied}")))
        });
        if let Some((meant, _)) = meant {
            let (guard, meant) = (&rule.patterns[*guard].name, &rule.patterns[*meant].name);
            let message = format!("`not {guard}` drops the rule wherever in the listing `{guard}` stands");
            let help = format!("deny the one match instead: give `{meant}` the option `unless: [{guard}]`");
            reporter.warning("document-wide-guard", place_of(rule, &format!("not {guard}")), message, help);
        }
    }
}

fn fixed_conditions(rule: &Rule, reporter: &mut Reporter<'_>) {
    let names = rule.pattern_names();
    let mut told = Vec::new();
    for condition in conditions(rule) {
        if condition == &Condition::All(Vec::new()) || tell_fixed(rule, condition, "the condition", reporter) {
            continue;
        }
        for_each_clause(condition, &mut |clause| {
            let text = spell(clause, &names);
            if is_said_for_clarity(clause) {
                return;
            }
            let is_inside = told.iter().any(|told: &String| told.contains(&text));
            if !is_inside && tell_fixed(rule, clause, &format!("`{text}`"), reporter) {
                told.push(text);
            }
        });
    }
}

/// Clauses that readers like to see although they always hold: a scope said again, and `known(…)` of a count.
fn is_said_for_clarity(clause: &Condition) -> bool {
    match clause {
        Condition::Known(_) => true,
        Condition::Not(inner) => matches!(inner.as_ref(), Condition::Kind(_) | Condition::Lang(_)),
        _ => false,
    }
}

fn tell_fixed(rule: &Rule, condition: &Condition, what: &str, reporter: &mut Reporter<'_>) -> bool {
    let place = rule.places.condition;
    match judge(condition, &rule.kinds) {
        Outcome::Varies => return false,
        Outcome::NeverHolds => {
            let message = format!("{what} can hold for no listing");
            reporter.warning("unsatisfiable-condition", place, message, "look for clauses that exclude each other");
        }
        Outcome::AlwaysHolds => {
            let message = format!("{what} holds for every listing");
            reporter.warning("invariant-condition", place, message, "leave it out, or ask for something");
        }
    }
    true
}

/// Where a piece of the condition stands; the condition's beginning where it is written otherwise.
fn place_of(rule: &Rule, piece: &str) -> Place {
    let start = rule.places.condition;
    match rule.written_condition.find(piece) {
        Some(at) => {
            let position = rule.written_condition[..at].chars().count();
            Place::inside(&rule.text, start, &rule.written_condition, position)
        }
        None => start,
    }
}
