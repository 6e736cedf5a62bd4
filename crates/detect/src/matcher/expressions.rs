//! Regular expressions: only those that may match at a start are tried there.
//!
//! Expressions stand in groups. A group's automaton, anchored at the start, knows each member's opening: the expression
//! without what looks around, cut where it would grow too large; one walk of a few bytes says which members are worth
//! a try. Where all matches of the members begin with one of some literals, these stand among the words with which
//! terms begin, and the group is asked only behind one of them. An expression that may begin elsewhere than at a start
//! is tried over the whole text; the lint says so.

use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::meta::Regex;
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::{Anchored, Input, MatchKind};
use regex_syntax::hir::Hir;
use regex_syntax::hir::literal::Extractor;

use super::aside::Aside;
use super::opening::{Depth, begins_at_starts, opening, with_ascii_digits};
use super::{Found, LanguageId, PatternId};
use crate::text::starts::Symbols;

/// The most places that one expression yields in one text.
const MOST_PLACES: usize = 256;
/// The compiled size that an expression may have, bytes.
pub(crate) const EXPRESSION_SIZE: usize = 1 << 20;
const LONGEST_EXPRESSION: usize = 4_000;
/// An expression with more first literals than this is left to the automaton.
const MOST_LITERALS: usize = 250;
const LONGEST_LITERAL: usize = 16;
/// The size that the automaton of a group may have, bytes.
const GROUP_SIZE: usize = 1 << 20;

/// An expression as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Expression {
    regex: Regex,
    hir: Hir,
}

impl Expression {
    /// Compiles an expression within the size that is allowed. `\d` stands for the digits 0 to 9, to which the digits
    /// of other scripts are folded.
    ///
    /// # Errors
    /// The regex library's own words for what is wrong.
    pub(crate) fn compile(source: &str) -> Result<Self, String> {
        check_length(source)?;
        let parsed = regex_syntax::ParserBuilder::new().nest_limit(50).build().parse(source);
        let hir = with_ascii_digits(&parsed.map_err(|error| last_line(&error.to_string()))?);
        let limits = Regex::config().nfa_size_limit(Some(EXPRESSION_SIZE)).dfa_size_limit(Some(EXPRESSION_SIZE));
        let regex =
            Regex::builder().configure(limits).build_from_hir(&hir).map_err(|error| match error.size_limit() {
                Some(limit) => format!("compiled, it is larger than the limit of {limit} bytes"),
                None => last_line(&error.to_string()),
            })?;
        Ok(Self { regex, hir })
    }

    /// Its structure.
    pub(crate) fn hir(&self) -> &Hir {
        &self.hir
    }

    /// How many places it has in a text, by a search of its own.
    pub(crate) fn places_in(&self, text: &str) -> usize {
        self.regex.find_iter(text).take(MOST_PLACES).count()
    }

    /// Whether the empty text matches.
    pub(crate) fn matches_nothing(&self) -> bool {
        self.regex.is_match("")
    }
}

/// Refuses an expression that is too long to be read.
///
/// # Errors
/// Its length and the one that is allowed.
pub(crate) fn check_length(source: &str) -> Result<(), String> {
    if source.len() <= LONGEST_EXPRESSION {
        return Ok(());
    }
    Err(format!("the expression is {} bytes long, {LONGEST_EXPRESSION} are allowed", source.len()))
}

/// What a library says of a bad expression, without the drawing above it.
pub(crate) fn last_line(message: &str) -> String {
    message.lines().last().unwrap_or_default().trim_start_matches("error: ").to_string()
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
    /// Which first two bytes lead anywhere, a bit each; empty where literals guard the group.
    gate: Vec<u64>,
}

/// Which first bytes lead anywhere, a bit each.
type FirstBytes = [u64; 4];

/// An expression on its way into a group.
struct Member {
    number: usize,
    hir: Hir,
    opening: Hir,
    literals: Vec<Vec<u8>>,
    languages: Vec<LanguageId>,
}

#[derive(Debug, Default)]
pub(super) struct Expressions {
    kept: Vec<Kept>,
    /// Groups that are asked behind one of their literals.
    guarded: Vec<Group>,
    /// Groups that are asked at every start with one of `open_firsts`.
    open: Vec<Group>,
    open_firsts: FirstBytes,
    /// Expressions that are tried over the whole text.
    aside: Aside,
}

impl Expressions {
    /// Sorts expressions into groups and those aside; symbols with which they begin are added to `symbols`.
    ///
    /// `opens` is told the literals that guard a group, for each language of their expression.
    pub(super) fn build(
        expressions: Vec<(Expression, PatternId, Vec<LanguageId>)>,
        symbols: &mut Symbols,
        opens: &mut dyn FnMut(&[u8], usize, LanguageId),
    ) -> Self {
        let mut built = Self::default();
        let (mut guarded, mut open, mut aside) = (Vec::new(), Vec::new(), Vec::new());
        for (number, (expression, pattern, languages)) in expressions.into_iter().enumerate() {
            let hir = expression.hir;
            let opening = if begins_at_starts(&hir, symbols) { small_opening(&hir) } else { None };
            match (opening, first_literals(&hir)) {
                (Some(opening), literals) => {
                    let list = if literals.is_some() { &mut guarded } else { &mut open };
                    let (literals, languages) = (literals.unwrap_or_default(), languages.clone());
                    list.push(Member { number, hir, opening, literals, languages });
                }
                (None, _) => aside.push((number, hir)),
            }
            built.kept.push(Kept { regex: expression.regex, pattern, languages });
        }
        built.guarded = groups(guarded, false, &mut aside, opens);
        built.open = groups(open, true, &mut aside, &mut |_, _, _| {});
        for group in &built.open {
            for first in 0..=u8::MAX {
                let leads = !group.automaton.is_dead_state(group.automaton.next_state(group.begin, first));
                built.open_firsts[usize::from(first / 64)] |= u64::from(leads) << (first % 64);
            }
        }
        built.aside = Aside::build(&aside);
        built
    }

    /// The patterns of expressions that are tried over the whole text.
    pub(super) fn aside(&self) -> impl Iterator<Item = PatternId> {
        self.aside.members().map(|number| self.kept[number].pattern)
    }

    /// Tries the expressions that may begin at a start and that no literal guards.
    #[inline]
    pub(super) fn for_each(&self, text: &str, at: usize, tried: &mut Tried<'_>, visit: &mut dyn FnMut(Found)) {
        let first = text.as_bytes()[at];
        if self.open_firsts[usize::from(first / 64)] >> (first % 64) & 1 != 0 {
            self.for_each_open(text, at, tried, visit);
        }
    }

    #[inline(never)]
    fn for_each_open(&self, text: &str, at: usize, tried: &mut Tried<'_>, visit: &mut dyn FnMut(Found)) {
        for group in self.open.iter().filter(|group| group.may_begin(text.as_bytes(), at)) {
            group.for_each(text.as_bytes(), at, |number| self.try_at(number, text, at, tried, visit));
        }
    }

    /// Tries the expressions of a group, one of whose literals stands at a place.
    #[inline(never)]
    pub(super) fn for_each_guarded(
        &self,
        group: usize,
        text: &str,
        at: usize,
        tried: &mut Tried<'_>,
        visit: &mut dyn FnMut(Found),
    ) {
        if tried.group_at != (group, at) {
            tried.group_at = (group, at);
            self.guarded[group].for_each(text.as_bytes(), at, |number| self.try_at(number, text, at, tried, visit));
        }
    }

    /// Tries an expression at a place.
    fn try_at(&self, number: usize, text: &str, at: usize, tried: &mut Tried<'_>, visit: &mut dyn FnMut(Found)) {
        let kept = &self.kept[number];
        let state = match tried.states.iter_mut().position(|state| state.number == number) {
            Some(index) => &mut tried.states[index],
            None => {
                let admitted = kept.languages.iter().any(|language| (tried.admits)(*language));
                tried.states.push(State { number, admitted, next: 0, places: 0 });
                tried.states.last_mut().expect("just pushed")
            }
        };
        if !state.admitted || at < state.next || state.places >= MOST_PLACES {
            return;
        }
        state.next = at + 1;
        let input = Input::new(text).range(at..).anchored(Anchored::Yes);
        if let Some(place) = kept.regex.search(&input).filter(|place| !place.is_empty()) {
            state.next = place.end();
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
    /// The group that was asked last, and where.
    group_at: (usize, usize),
}

struct State {
    number: usize,
    admitted: bool,
    /// Matches do not overlap, and no place is tried twice: the next begins here or later.
    next: usize,
    places: usize,
}

impl<'a> Tried<'a> {
    pub(super) fn new(admits: &'a dyn Fn(LanguageId) -> bool) -> Self {
        Self { states: Vec::new(), admits, group_at: (usize::MAX, usize::MAX) }
    }
}

/// The literals of which one begins every match; `None` where there are too many or too short ones.
fn first_literals(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    let mut extractor = Extractor::new();
    extractor.limit_total(MOST_LITERALS).limit_literal_len(LONGEST_LITERAL);
    let mut literals: Vec<Vec<u8>> =
        extractor.extract(hir).literals()?.iter().map(|literal| literal.as_bytes().to_vec()).collect();
    literals.sort_unstable();
    // What begins with another literal of the list is found by that one.
    literals.dedup_by(|longer, shorter| longer.starts_with(shorter));
    let tells_enough = |literal: &Vec<u8>| literal.len() > 1 || literal.first().is_some_and(u8::is_ascii_punctuation);
    (!literals.is_empty() && literals.iter().all(tells_enough)).then_some(literals)
}

/// The opening of an expression, as whole as is cheap.
fn small_opening(hir: &Hir) -> Option<Hir> {
    [Depth::Whole, Depth::Cut]
        .into_iter()
        .map(|depth| opening(hir, depth))
        .filter(|opening| opening.properties().minimum_len().is_some_and(|length| length > 0))
        .find(|opening| automaton(std::slice::from_ref(opening), GROUP_SIZE / 2).is_some())
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

/// Groups of members: one of all where it fits, else two of the halves, and so on.
fn groups(
    members: Vec<Member>,
    is_open: bool,
    aside: &mut Vec<(usize, Hir)>,
    opens: &mut dyn FnMut(&[u8], usize, LanguageId),
) -> Vec<Group> {
    let mut built: Vec<Group> = Vec::new();
    let mut waiting = vec![members];
    while let Some(mut members) = waiting.pop() {
        match Group::build(&members, is_open) {
            Some(group) => {
                for member in &members {
                    for literal in &member.literals {
                        member.languages.iter().for_each(|language| opens(literal, built.len(), *language));
                    }
                }
                built.push(group);
            }
            None if members.len() <= 1 => aside.extend(members.into_iter().map(|member| (member.number, member.hir))),
            None => {
                let half = members.split_off(members.len() / 2);
                waiting.extend([half, members]);
            }
        }
    }
    built
}

impl Group {
    fn build(members: &[Member], is_open: bool) -> Option<Self> {
        let hirs: Vec<Hir> = members.iter().map(|member| member.opening.clone()).collect();
        let automaton = automaton(&hirs, GROUP_SIZE).filter(|_| !members.is_empty())?;
        let begin = automaton.start_state_forward(&Input::new("").anchored(Anchored::Yes)).ok()?;
        let gate = if is_open { first_two_bytes(&automaton, begin) } else { Vec::new() };
        Some(Self { automaton, begin, members: members.iter().map(|member| member.number).collect(), gate })
    }

    /// Whether the two bytes at a place lead anywhere.
    #[inline]
    fn may_begin(&self, text: &[u8], at: usize) -> bool {
        text.get(at..at + 2).is_none_or(|two| {
            let index = usize::from(u16::from_le_bytes([two[0], two[1]]));
            self.gate[index / 64] & 1 << (index % 64) != 0
        })
    }

    /// Calls a function for each member whose opening stands at a place.
    fn for_each(&self, text: &[u8], at: usize, mut visit: impl FnMut(usize)) {
        let mut state = self.begin;
        let mut told = 0u128;
        // Matches are told one byte late, and those of all lengths: a member beyond the 128th may be told repeatedly.
        let mut tell = |state: StateID| {
            for index in 0..self.automaton.match_len(state) {
                let member = self.automaton.match_pattern(state, index).as_usize();
                let bit = if member < 128 { 1 << member } else { 0 };
                if told & bit == 0 {
                    told |= bit;
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

/// Which first two bytes lead anywhere, a bit each.
fn first_two_bytes(automaton: &dense::DFA<Vec<u32>>, begin: StateID) -> Vec<u64> {
    let mut bits = vec![0; (1 << 16) / 64];
    for first in 0..=u8::MAX {
        let after = automaton.next_state(begin, first);
        if automaton.is_dead_state(after) {
            continue;
        }
        for second in 0..=u8::MAX {
            let index = usize::from(u16::from_le_bytes([first, second]));
            let leads = !automaton.is_dead_state(automaton.next_state(after, second));
            bits[index / 64] |= u64::from(leads) << (index % 64);
        }
    }
    bits
}
