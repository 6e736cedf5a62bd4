//! Which advert comes next, so that the shares come out to the listing and memory stays bounded.
//!
//! Each row is drawn with the chance of what is still owed over what is still to come; that gives the exact share in
//! an even mixture, without a list of all rows. Of the adverts that can be repeated only the latest are remembered.

use super::SyntheticRequest;
use super::draw::Draw;
use super::grammar::{Grammar, Slice};

/// How many adverts of each label can be repeated at a time.
const REMEMBERED: u64 = 256;

/// An advert before its names and numbers are filled in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    /// The row in which it first stood.
    pub(super) number: u64,
    /// Its language, by its place in the request.
    pub(super) language: usize,
    /// Its scene, by its place in the grammar.
    pub(super) scene: usize,
    pub(super) slice: Slice,
    /// Decides its sentences and disguises.
    pub(super) shape: u64,
}

/// One row of the output.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// From 1.
    pub(super) number: u64,
    pub(super) origin: Origin,
    /// Whether it repeats an earlier row.
    pub(super) repeats: bool,
    /// Decides its names, sums, numbers, and which words are changed.
    pub(super) surface: u64,
}

/// What is still to be written.
pub(super) struct Plan {
    draw: Draw,
    written: u64,
    left: u64,
    positives: u64,
    repeats: u64,
    recent: [Recent; 2],
}

impl Plan {
    pub(super) fn new(request: &SyntheticRequest, draw: Draw) -> Self {
        let share = |share: f64| ((request.count as f64 * share).round() as u64).min(request.count);
        Self {
            draw,
            written: 0,
            left: request.count,
            positives: share(request.positives),
            repeats: share(request.duplicates),
            recent: [Recent::default(), Recent::default()],
        }
    }

    /// The next row; `None` where all were given.
    pub(super) fn next_row(&mut self, grammars: &[&Grammar]) -> Option<Row> {
        if self.left == 0 {
            return None;
        }
        let positive = self.draw.below(self.left) < self.positives;
        let repeat = self.draw.below(self.left) < self.repeats;
        let number = self.written + 1;
        let earlier = if repeat { self.recent[usize::from(positive)].one(&mut self.draw) } else { None };
        let origin = earlier.unwrap_or_else(|| self.new_origin(number, positive, grammars));
        self.written = number;
        self.left -= 1;
        self.positives -= u64::from(positive);
        self.repeats -= u64::from(earlier.is_some());
        Some(Row { number, origin, repeats: earlier.is_some(), surface: self.draw.seed() })
    }

    fn new_origin(&mut self, number: u64, positive: bool, grammars: &[&Grammar]) -> Origin {
        let slices: &[Slice] = if positive { &Slice::POSITIVE } else { &Slice::NEGATIVE };
        let slice = *self.draw.one(slices);
        let language = self.draw.index(grammars.len());
        let scene = *self.draw.one(grammars[language].scenes_of(slice));
        let origin = Origin { number, language, scene, slice, shape: self.draw.seed() };
        self.recent[usize::from(positive)].remember(origin);
        origin
    }
}

/// The latest adverts of one label.
#[derive(Default)]
struct Recent {
    origins: Vec<Origin>,
    seen: u64,
}

impl Recent {
    fn remember(&mut self, origin: Origin) {
        let place = (self.seen % REMEMBERED) as usize;
        match self.origins.get_mut(place) {
            Some(oldest) => *oldest = origin,
            None => self.origins.push(origin),
        }
        self.seen += 1;
    }

    fn one(&self, draw: &mut Draw) -> Option<Origin> {
        (!self.origins.is_empty()).then(|| *draw.one(&self.origins))
    }
}
