//! Whether a condition can hold, and can fail, for any listing at all. A search over what patterns, entities, kind and
//! language may be, with a bound on its steps: where the bound is reached, nothing is said.

use lapwing_types::Kind;

use super::condition::{Comparison, Condition, Operand};
use crate::entity::Path;

/// What is known of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It holds for some listings and fails for others, or the search did not end.
    Varies,
    /// It holds for no listing.
    NeverHolds,
    /// It holds for every listing.
    AlwaysHolds,
}

/// The most steps of one search.
const MOST_STEPS: usize = 4_000;

/// Judges a condition of a rule that is for some kinds of listing (and the unknown one); none means all.
pub(crate) fn judge(condition: &Condition, scope: &[Kind]) -> Outcome {
    let variables = variables(condition, scope);
    let search = |wanted: bool| {
        let mut values = vec![None; variables.len()];
        find(condition, &variables, &mut values, wanted, &mut 0)
    };
    match (search(true), search(false)) {
        (Some(false), _) => Outcome::NeverHolds,
        (_, Some(false)) => Outcome::AlwaysHolds,
        _ => Outcome::Varies,
    }
}

/// Something that a listing decides.
#[derive(Debug, PartialEq)]
enum Variable<'a> {
    /// How often a pattern matches.
    Count(usize, Vec<usize>),
    /// How many different texts it matches.
    Distinct(usize, Vec<usize>),
    /// The one value of a path; `None` where the listing has none.
    Number(Path, Vec<Option<f64>>),
    /// Whether the listing has a path's value.
    Known(Path),
    /// Whether a clause on places or several values holds.
    Free(&'a Condition),
    Kind(Vec<Kind>),
    /// Empty for a language that no clause names.
    Language(Vec<&'a str>),
}

impl Variable<'_> {
    fn choices(&self) -> usize {
        match self {
            Self::Count(_, choices) | Self::Distinct(_, choices) => choices.len(),
            Self::Number(_, choices) => choices.len(),
            Self::Known(_) | Self::Free(_) => 2,
            Self::Kind(kinds) => kinds.len(),
            Self::Language(tags) => tags.len(),
        }
    }
}

fn variables<'a>(condition: &'a Condition, scope: &[Kind]) -> Vec<Variable<'a>> {
    let mut found = Vec::new();
    collect(condition, scope, &mut found);
    found
}

fn collect<'a>(condition: &'a Condition, scope: &[Kind], found: &mut Vec<Variable<'a>>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| collect(part, scope, found)),
        Condition::Not(inner) => collect(inner, scope, found),
        Condition::Pattern { pattern, field } => {
            count(found, *pattern, 1);
            if field.is_some() {
                free(found, condition);
            }
        }
        Condition::Near { one, other, .. } => pair(found, condition, *one, *other),
        Condition::Before { first, second, .. } => pair(found, condition, *first, *second),
        Condition::SameSentence(patterns) => {
            patterns.iter().for_each(|pattern| count(found, *pattern, 1));
            free(found, condition);
        }
        Condition::Of { patterns, .. } => patterns.iter().for_each(|pattern| count(found, *pattern, 1)),
        Condition::Count { pattern, number, .. } => count(found, *pattern, *number),
        Condition::Distinct { pattern, number, .. } => {
            count(found, *pattern, *number);
            distinct(found, *pattern, *number);
        }
        Condition::Entity { path, operand, .. } => match operand {
            Operand::Number(number) if has_one_value(*path) => self::number(found, *path, Some(*number)),
            _ => {
                known(found, *path);
                if let Operand::Path(other) = operand {
                    known(found, *other);
                }
                free(found, condition);
            }
        },
        Condition::Known(path) => known(found, *path),
        Condition::Lang(tags) => language(found, tags),
        Condition::Kind(_) => {
            if !found.iter().any(|variable| matches!(variable, Variable::Kind(_))) {
                let mut kinds = if scope.is_empty() { Kind::ALL.to_vec() } else { scope.to_vec() };
                kinds.push(Kind::Unknown);
                found.push(Variable::Kind(kinds));
            }
        }
    }
}

fn pair<'a>(found: &mut Vec<Variable<'a>>, condition: &'a Condition, one: usize, other: usize) {
    count(found, one, 1);
    count(found, other, 1);
    free(found, condition);
}

fn around(number: usize) -> [usize; 5] {
    [0, 1, number.saturating_sub(1), number, number.saturating_add(1)]
}

fn widen(choices: &mut Vec<usize>, number: usize) {
    choices.extend(around(number));
    choices.sort_unstable();
    choices.dedup();
}

fn count(found: &mut Vec<Variable<'_>>, pattern: usize, number: usize) {
    for variable in found.iter_mut() {
        if let Variable::Count(known, choices) = variable
            && *known == pattern
        {
            return widen(choices, number);
        }
    }
    let mut choices = vec![0, 1];
    if number > 1 {
        widen(&mut choices, number);
    }
    found.push(Variable::Count(pattern, choices));
}

fn distinct(found: &mut Vec<Variable<'_>>, pattern: usize, number: usize) {
    for variable in found.iter_mut() {
        if let Variable::Distinct(known, choices) = variable
            && *known == pattern
        {
            return widen(choices, number);
        }
    }
    let mut choices = Vec::new();
    widen(&mut choices, number);
    found.push(Variable::Distinct(pattern, choices));
}

/// Paths that have one number or none.
fn has_one_value(path: Path) -> bool {
    matches!(
        path,
        Path::Count(_)
            | Path::AgeLeast
            | Path::AgeMost
            | Path::MoneyAmount
            | Path::MoneyMonthly
            | Path::HoursPerDay
            | Path::DaysPerWeek
    )
}

fn number(found: &mut Vec<Variable<'_>>, path: Path, number: Option<f64>) {
    let near: Vec<f64> = number.into_iter().flat_map(|number| [number - 0.5, number, number + 0.5]).collect();
    // How many there are is a whole number from 0 up, and always known.
    let is_count = matches!(path, Path::Count(_));
    let fitting =
        near.into_iter().flat_map(|value| if is_count { vec![value.floor(), value.ceil()] } else { vec![value] });
    let mut fitting: Vec<Option<f64>> = fitting.filter(|value| !is_count || *value >= 0.0).map(Some).collect();
    let position = found.iter().position(|variable| matches!(variable, Variable::Number(known, _) if *known == path));
    if let Some(Variable::Number(_, choices)) = position.map(|at| &mut found[at]) {
        choices.append(&mut fitting);
        return;
    }
    fitting.push(if is_count { Some(0.0) } else { None });
    fitting.push(Some(1.0));
    found.push(Variable::Number(path, fitting));
}

fn known(found: &mut Vec<Variable<'_>>, path: Path) {
    if has_one_value(path) {
        return number(found, path, None);
    }
    if !found.contains(&Variable::Known(path)) {
        found.push(Variable::Known(path));
    }
}

fn free<'a>(found: &mut Vec<Variable<'a>>, condition: &'a Condition) {
    if !found.contains(&Variable::Free(condition)) {
        found.push(Variable::Free(condition));
    }
}

fn language<'a>(found: &mut Vec<Variable<'a>>, tags: &'a [String]) {
    let tags = tags.iter().map(String::as_str);
    for variable in found.iter_mut() {
        if let Variable::Language(choices) = variable {
            choices.extend(tags);
            return;
        }
    }
    found.push(Variable::Language(std::iter::once("").chain(tags).collect()));
}

/// Whether values exist for which the condition is as wanted; `None` where the search grew too long.
fn find(
    condition: &Condition,
    variables: &[Variable<'_>],
    values: &mut Vec<Option<usize>>,
    wanted: bool,
    steps: &mut usize,
) -> Option<bool> {
    *steps += 1;
    if *steps > MOST_STEPS {
        return None;
    }
    let world = World { variables, values };
    if let Some(holds) = world.holds(condition) {
        return Some(holds == wanted);
    }
    let next = values.iter().position(Option::is_none)?;
    for choice in 0..variables[next].choices() {
        // What makes more clauses true is tried first where the condition is to hold.
        let choice = if wanted { variables[next].choices() - 1 - choice } else { choice };
        values[next] = Some(choice);
        if find(condition, variables, values, wanted, steps)? {
            return Some(true);
        }
        values[next] = None;
    }
    Some(false)
}

struct World<'a> {
    variables: &'a [Variable<'a>],
    values: &'a [Option<usize>],
}

impl World<'_> {
    /// Whether a condition holds, where what is chosen decides it.
    fn holds(&self, condition: &Condition) -> Option<bool> {
        match condition {
            Condition::All(parts) => all(parts.iter().map(|part| self.holds(part))),
            Condition::Any(parts) => {
                all(parts.iter().map(|part| self.holds(part).map(|holds| !holds))).map(|none| !none)
            }
            Condition::Not(inner) => self.holds(inner).map(|holds| !holds),
            Condition::Pattern { pattern, field: None } => self.matches(*pattern),
            Condition::Pattern { pattern, field: Some(_) } => self.places(condition, &[*pattern]),
            Condition::Near { one, other, .. } => self.places(condition, &[*one, *other]),
            Condition::Before { first, second, .. } => self.places(condition, &[*first, *second]),
            Condition::SameSentence(patterns) => self.places(condition, patterns),
            Condition::Count { pattern, comparison, number } => {
                self.count(*pattern).map(|count| comparison.holds(&count, number))
            }
            Condition::Distinct { pattern, comparison, number } => {
                let texts = self.distinct(*pattern)?;
                self.count(*pattern).map(|count| comparison.holds(&texts.max(1).min(count), number))
            }
            Condition::Of { least, patterns } => self.of(*least, patterns),
            Condition::Entity { path, comparison, operand: Operand::Number(number) } if has_one_value(*path) => {
                self.number(*path).map(|value| value.is_some_and(|value| comparison.holds(&value, number)))
            }
            Condition::Entity { path, operand, .. } => {
                let other = if let Operand::Path(other) = operand { self.known(*other) } else { Some(true) };
                all([self.known(*path), other, self.free(condition)].into_iter())
            }
            Condition::Known(path) => self.known(*path),
            Condition::Lang(tags) => self.find(|variable, choice| match variable {
                Variable::Language(choices) => Some(tags.iter().any(|tag| tag == choices[choice])),
                _ => None,
            }),
            Condition::Kind(kinds) => self.find(|variable, choice| match variable {
                Variable::Kind(choices) => Some(kinds.contains(&choices[choice])),
                _ => None,
            }),
        }
    }

    fn find<T>(&self, read: impl Fn(&Variable<'_>, usize) -> Option<T>) -> Option<T> {
        let chosen =
            self.variables.iter().zip(self.values).filter_map(|(variable, value)| value.map(|v| (variable, v)));
        chosen.into_iter().find_map(|(variable, value)| read(variable, value))
    }

    fn count(&self, pattern: usize) -> Option<usize> {
        self.find(|variable, choice| match variable {
            Variable::Count(known, choices) if *known == pattern => Some(choices[choice]),
            _ => None,
        })
    }

    fn distinct(&self, pattern: usize) -> Option<usize> {
        self.find(|variable, choice| match variable {
            Variable::Distinct(known, choices) if *known == pattern => Some(choices[choice]),
            _ => None,
        })
    }

    fn matches(&self, pattern: usize) -> Option<bool> {
        self.count(pattern).map(|count| count > 0)
    }

    fn places(&self, condition: &Condition, patterns: &[usize]) -> Option<bool> {
        let matched = patterns.iter().map(|pattern| self.matches(*pattern));
        all(matched.chain(std::iter::once(self.free(condition))))
    }

    fn free(&self, condition: &Condition) -> Option<bool> {
        self.find(|variable, choice| match variable {
            Variable::Free(known) if *known == condition => Some(choice == 1),
            _ => None,
        })
    }

    fn number(&self, path: Path) -> Option<Option<f64>> {
        self.find(|variable, choice| match variable {
            Variable::Number(known, choices) if *known == path => Some(choices[choice]),
            _ => None,
        })
    }

    fn known(&self, path: Path) -> Option<bool> {
        match path {
            Path::Count(_) | Path::HiddenText => Some(true),
            _ if has_one_value(path) => self.number(path).map(|value| value.is_some()),
            _ => self.find(|variable, choice| match variable {
                Variable::Known(known) if *known == path => Some(choice == 1),
                _ => None,
            }),
        }
    }

    fn of(&self, least: usize, patterns: &[usize]) -> Option<bool> {
        let found: Vec<Option<bool>> = patterns.iter().map(|pattern| self.matches(*pattern)).collect();
        let matched = found.iter().filter(|found| **found == Some(true)).count();
        let open = found.iter().filter(|found| found.is_none()).count();
        match (matched >= least, matched + open < least) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }
}

/// Whether all hold, where that is decided.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut decided = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            Some(true) => {}
            None => decided = None,
        }
    }
    decided
}

/// Calls a function for each clause inside a condition, the condition itself left out.
pub(crate) fn for_each_clause<'a>(condition: &'a Condition, visit: &mut dyn FnMut(&'a Condition)) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                visit(part);
                for_each_clause(part, visit);
            }
        }
        Condition::Not(inner) => for_each_clause(inner, visit),
        _ => {}
    }
}

/// The fewest matches and values on which a condition can rest.
pub(crate) fn fewest(condition: &Condition) -> usize {
    match condition {
        Condition::All(parts) => parts.iter().map(fewest).sum(),
        Condition::Any(parts) => parts.iter().map(fewest).min().unwrap_or(0),
        Condition::Near { .. } | Condition::Before { .. } => 2,
        Condition::SameSentence(patterns) => patterns.len(),
        Condition::Of { least, .. } => *least,
        Condition::Count { comparison: Comparison::Less | Comparison::LessOrEqual, .. } => 0,
        Condition::Pattern { .. } | Condition::Count { .. } | Condition::Distinct { .. } | Condition::Entity { .. } => {
            1
        }
        Condition::Not(_) | Condition::Known(_) | Condition::Lang(_) | Condition::Kind(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::condition::parse;
    use super::*;

    const PATTERNS: [&str; 4] = ["a", "b", "c", "d"];

    fn check(text: &str, expected: Outcome) {
        let condition = parse(text, &PATTERNS).unwrap();
        assert_eq!(judge(&condition, &[Kind::JobAd]), expected, "{text}");
    }

    #[test]
    fn what_can_never_hold_is_found() {
        for text in [
            "a and not a",
            "near(a, b, 5) and not b",
            "count(a) >= 3 and count(a) < 2",
            "distinct(a) >= 2 and count(a) == 1",
            "entity.age.min < 18 and entity.age.min > 20",
            "entity.age.min < 18 and not known(entity.age.min)",
            "entity.phone.count < 0",
            "title:a and not a",
            "kind in [adult_ad]",
            "lang in [en] and lang in [de]",
            "2 of (a, b) and not a",
            "same_sentence(a, b) and not (a and b)",
            "entity.handle.platform == telegram and not known(entity.handle.platform)",
        ] {
            check(text, Outcome::NeverHolds);
        }
    }

    #[test]
    fn what_always_holds_is_found() {
        for text in
            ["a or not a", "count(a) >= 0", "not kind in [adult_ad]", "entity.phone.count >= 0", "a or not near(a, b)"]
        {
            check(text, Outcome::AlwaysHolds);
        }
    }

    #[test]
    fn what_varies_is_left_alone() {
        for text in [
            "a",
            "a and not b",
            "near(a, b, 5) and not near(a, b, 2)",
            "count(a) >= 2 and distinct(a) == 1",
            "entity.age.min < 18 and entity.age.max > 20",
            "entity.money.currency == usd and entity.money.currency == eur",
            "kind in [job_ad]",
            "not entity.age.min < 18",
            "known(entity.age.min) and not entity.age.min < 18",
            "entity.phone.count >= 1 and entity.phone.count < 2",
        ] {
            check(text, Outcome::Varies);
        }
    }

    #[test]
    fn the_fewest_grounds_are_counted() {
        for (text, expected) in
            [("a", 1), ("a and b or near(c, d)", 2), ("(a or b and c) and not d", 1), ("2 of them", 2)]
        {
            assert_eq!(fewest(&parse(text, &PATTERNS).unwrap()), expected, "{text}");
        }
    }
}
