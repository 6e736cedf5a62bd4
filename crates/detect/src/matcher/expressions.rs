//! Regular expressions: which may match at a start is asked of one automaton for all, and only those are tried.
//!
//! The automaton knows each expression's opening: the expression without what looks around, cut where it would grow
//! too large. It is anchored at the start, so one walk of a few bytes answers for all. An expression that may begin
//! elsewhere than at a start, or with nothing, is tried by itself over the whole text; the lint says so.

use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::meta::Regex;
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::{Anchored, Input, MatchKind};
use regex_syntax::hir::Hir;

use super::aside::Aside;
use super::opening::{Depth, begins_at_starts, opening};
use super::starts::{Start, Symbols};
use super::{Found, LanguageId, PatternId};

/// The most places that one expression yields in one text.
const MOST_PLACES: usize = 256;
/// The compiled size that an expression may have, bytes.
const EXPRESSION_SIZE: usize = 1 << 20;
const LONGEST_EXPRESSION: usize = 4_000;
/// The size that the automaton of a group may have, bytes.
const GROUP_SIZE: usize = 2 << 20;

/// An expression as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Expression {
    regex: Regex,
    hir: Hir,
}

impl Expression {
    /// Compiles an expression within the size that is allowed.
    ///
    /// # Errors
    /// The regex library's own words for what is wrong.
    pub(crate) fn compile(source: &str) -> Result<Self, String> {
        if source.len() > LONGEST_EXPRESSION {
            return Err(format!("the expression is {} bytes long, {LONGEST_EXPRESSION} are allowed", source.len()));
        }
        let last_line =
            |text: String| text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_string();
        let parsed = regex_syntax::ParserBuilder::new().nest_limit(50).build().parse(source);
        let hir = parsed.map_err(|error| last_line(error.to_string()))?;
        let limits = Regex::config().nfa_size_limit(Some(EXPRESSION_SIZE)).dfa_size_limit(Some(EXPRESSION_SIZE));
        let regex =
            Regex::builder().configure(limits).build_from_hir(&hir).map_err(|error| match error.size_limit() {
                Some(limit) => format!("compiled, it is larger than the limit of {limit} bytes"),
                None => last_line(error.to_string()),
            })?;
        Ok(Self { regex, hir })
    }

    /// Whether the empty text matches.
    pub(crate) fn matches_nothing(&self) -> bool {
        self.regex.is_match("")
    }
}

#[derive(Debug)]
struct Kept {
    regex: Regex,
    pattern: PatternId,
    languages: Vec<LanguageId>,
}

/// Expressions whose openings share an automaton.
#[derive(Debug)]
struct Group {
    automaton: dense::DFA<Vec<u32>>,
    begin: StateID,
    /// By number in the automaton: number of the expression.
    members: Vec<usize>,
    /// Which first two bytes lead anywhere, a bit each.
    gate: Vec<u64>,
}

#[derive(Debug, Default)]
pub(super) struct Expressions {
    kept: Vec<Kept>,
    groups: Vec<Group>,
    /// Expressions that are tried over the whole text.
    aside: Aside,
}

impl Expressions {
    /// Sorts expressions into groups and those aside; symbols with which they begin are added to `symbols`.
    pub(super) fn build(expressions: Vec<(Expression, PatternId, Vec<LanguageId>)>, symbols: &mut Symbols) -> Self {
        let mut built = Self::default();
        let mut openings: Vec<(usize, Hir)> = Vec::new();
        let mut aside: Vec<(usize, Hir)> = Vec::new();
        for (number, (expression, pattern, languages)) in expressions.into_iter().enumerate() {
            match grouped_opening(&expression.hir, symbols) {
                Some(opening) => openings.push((number, opening)),
                None => aside.push((number, expression.hir)),
            }
            built.kept.push(Kept { regex: expression.regex, pattern, languages });
        }
        built.add_groups(&openings, &mut aside);
        built.aside = Aside::build(&aside);
        built
    }

    /// One group of all where it fits, else two of the halves.
    fn add_groups(&mut self, openings: &[(usize, Hir)], aside: &mut Vec<(usize, Hir)>) {
        if openings.is_empty() {
            return;
        }
        match Group::build(openings) {
            Some(group) => self.groups.push(group),
            None if openings.len() == 1 => aside.push(openings[0].clone()),
            None => {
                let (left, right) = openings.split_at(openings.len() / 2);
                self.add_groups(left, aside);
                self.add_groups(right, aside);
            }
        }
    }

    /// The patterns of expressions that are tried over the whole text.
    pub(super) fn aside(&self) -> impl Iterator<Item = PatternId> {
        self.aside.members().map(|number| self.kept[number].pattern)
    }

    /// Tries the expressions that may begin at a start.
    #[inline]
    pub(super) fn for_each(&self, text: &str, start: Start, tried: &mut Tried<'_>, visit: &mut dyn FnMut(Found)) {
        for group in &self.groups {
            group.for_each(text.as_bytes(), start.at, |number| {
                self.try_at(number, text, start.at, tried, visit);
            });
        }
    }

    fn try_at(&self, number: usize, text: &str, at: usize, tried: &mut Tried<'_>, visit: &mut dyn FnMut(Found)) {
        let kept = &self.kept[number];
        let state = match tried.states.iter_mut().position(|state| state.number == number) {
            Some(index) => &mut tried.states[index],
            None => {
                let admitted = kept.languages.iter().any(|language| (tried.admits)(*language));
                tried.states.push(State { number, admitted, end: 0, places: 0 });
                tried.states.last_mut().expect("just pushed")
            }
        };
        if !state.admitted || at < state.end || state.places >= MOST_PLACES {
            return;
        }
        let input = Input::new(text).range(at..).anchored(Anchored::Yes);
        if let Some(place) = kept.regex.search(&input).filter(|place| !place.is_empty()) {
            state.end = place.end();
            state.places += 1;
            visit(Found { pattern: kept.pattern, start: place.start(), end: place.end() });
        }
    }

    /// Tries those aside over a whole text.
    pub(super) fn for_each_aside(&self, text: &str, tried: &Tried<'_>, visit: &mut dyn FnMut(Found)) {
        for kept in self.aside.that_may_match(text).into_iter().map(|number| &self.kept[number]) {
            if kept.languages.iter().any(|language| (tried.admits)(*language)) {
                let places = kept.regex.find_iter(text).filter(|place| !place.is_empty());
                for place in places.take(MOST_PLACES) {
                    visit(Found { pattern: kept.pattern, start: place.start(), end: place.end() });
                }
            }
        }
    }
}

/// What is known of the expressions that were tried in one text.
pub(super) struct Tried<'a> {
    states: Vec<State>,
    admits: &'a dyn Fn(LanguageId) -> bool,
}

struct State {
    number: usize,
    admitted: bool,
    /// Matches do not overlap: the next begins here or later.
    end: usize,
    places: usize,
}

impl<'a> Tried<'a> {
    pub(super) fn new(admits: &'a dyn Fn(LanguageId) -> bool) -> Self {
        Self { states: Vec::new(), admits }
    }
}

/// The opening of an expression that begins at starts only.
fn grouped_opening(hir: &Hir, symbols: &mut Symbols) -> Option<Hir> {
    if !begins_at_starts(hir, symbols) {
        return None;
    }
    [Depth::Whole, Depth::Cut]
        .into_iter()
        .map(|depth| opening(hir, depth))
        .filter(|opening| opening.properties().minimum_len().is_some_and(|length| length > 0))
        .find(|opening| automaton(std::slice::from_ref(opening), GROUP_SIZE / 16).is_some())
}

fn automaton(openings: &[Hir], size: usize) -> Option<dense::DFA<Vec<u32>>> {
    let nfa = thompson::Compiler::new()
        .configure(thompson::Config::new().nfa_size_limit(Some(4 * GROUP_SIZE)))
        .build_many_from_hir(openings)
        .ok()?;
    let config = dense::Config::new()
        .match_kind(MatchKind::All)
        .start_kind(StartKind::Anchored)
        .dfa_size_limit(Some(size))
        .determinize_size_limit(Some(2 * size));
    dense::Builder::new().configure(config).build_from_nfa(&nfa).ok()
}

impl Group {
    fn build(openings: &[(usize, Hir)]) -> Option<Self> {
        let hirs: Vec<Hir> = openings.iter().map(|(_, hir)| hir.clone()).collect();
        let automaton = automaton(&hirs, GROUP_SIZE)?;
        let begin = automaton.start_state_forward(&Input::new("").anchored(Anchored::Yes)).ok()?;
        let mut gate = vec![0; (1 << 16) / 64];
        for first in 0..=u8::MAX {
            let after = automaton.next_state(begin, first);
            if automaton.is_dead_state(after) {
                continue;
            }
            for second in 0..=u8::MAX {
                let index = usize::from(u16::from_le_bytes([first, second]));
                let leads = !automaton.is_dead_state(automaton.next_state(after, second));
                gate[index / 64] |= u64::from(leads) << (index % 64);
            }
        }
        Some(Self { automaton, begin, members: openings.iter().map(|(number, _)| *number).collect(), gate })
    }

    /// Calls a function for each member whose opening stands at a place.
    #[inline]
    fn for_each(&self, text: &[u8], at: usize, mut visit: impl FnMut(usize)) {
        if let Some(two) = text.get(at..at + 2) {
            let index = usize::from(u16::from_le_bytes([two[0], two[1]]));
            if self.gate[index / 64] & 1 << (index % 64) == 0 {
                return;
            }
        }
        let mut state = self.begin;
        // Matches are told one byte late, and those of all lengths: a member may be told more than once.
        let mut told = 0u64;
        let mut tell = |state: StateID| {
            for index in 0..self.automaton.match_len(state) {
                let member = self.automaton.match_pattern(state, index).as_usize();
                if member >= 64 || told & 1 << member == 0 {
                    told |= if member < 64 { 1 << member } else { 0 };
                    visit(self.members[member]);
                }
            }
        };
        for byte in &text[at..] {
            state = self.automaton.next_state(state, *byte);
            if self.automaton.is_special_state(state) {
                if self.automaton.is_match_state(state) {
                    tell(state);
                } else if self.automaton.is_dead_state(state) || self.automaton.is_quit_state(state) {
                    return;
                }
            }
        }
        let last = self.automaton.next_eoi_state(state);
        if self.automaton.is_match_state(last) {
            tell(last);
        }
    }
}
