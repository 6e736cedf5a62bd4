//! Where the patterns of a pack were found in a listing.

use lapwing_types::View;

use crate::matcher::{Found, LanguageId, PatternId};
use crate::reading::Reading;
use crate::rules::Pack;
use crate::rules::condition::Match;
use crate::text::Language;

/// The most places of one pattern in one listing that are looked at.
pub(crate) const MOST_MATCHES: usize = 256;
/// The most places of all patterns in one listing that are looked at.
const MOST_PLACES: usize = 1 << 16;

/// The places of every text pattern, sorted by pattern and place, in original offsets.
#[derive(Debug, Default)]
pub(crate) struct Places {
    places: Vec<(PatternId, Match)>,
    /// Which patterns have any place, a bit each.
    present: Vec<u64>,
}

impl Places {
    /// Searches every field of a listing in both readings, for the terms of its languages.
    pub(crate) fn search(pack: &Pack, reading: &Reading<'_>, language: &Language) -> Self {
        let tried: Vec<bool> = pack.language_tags.iter().map(|tag| is_tried(tag, language)).collect();
        let admits = |language: LanguageId| tried.get(usize::from(language.0)).is_some_and(|tried| *tried);
        let mut places: Vec<(PatternId, Match)> = Vec::new();
        let mut present = vec![0; pack.patterns.div_ceil(64)];
        for (field, text) in reading.texts().filter(|(_, text)| !text.plain.text.is_empty()) {
            let mut push = |found: Found, (start, end): (usize, usize), view: View| {
                if places.len() < MOST_PLACES {
                    present[found.pattern.0 as usize / 64] |= 1 << (found.pattern.0 % 64);
                    places.push((found.pattern, Match { field, start, end, view }));
                }
            };
            pack.matcher.for_each(&text.plain.text, &admits, &mut |found| {
                let disguised = text.plain.is_disguised(found.start, found.end);
                let view = if disguised { View::Deobfuscated } else { View::Plain };
                push(found, text.plain.original(found.start, found.end), view);
            });
            let Some(deobfuscated) = &text.deobfuscated else { continue };
            pack.matcher.for_each(&deobfuscated.text, &admits, &mut |found| {
                if deobfuscated.is_disguised(found.start, found.end) {
                    push(found, deobfuscated.original(found.start, found.end), View::Deobfuscated);
                }
            });
        }
        places.sort_unstable();
        places.dedup();
        Self { places, present }
    }

    /// Whether a pattern has any place.
    pub(crate) fn has(&self, pattern: PatternId) -> bool {
        self.present[pattern.0 as usize / 64] >> (pattern.0 % 64) & 1 != 0
    }

    /// The places of one pattern.
    pub(crate) fn of(&self, pattern: PatternId) -> impl Iterator<Item = &Match> {
        let first = self.places.partition_point(|(known, _)| *known < pattern);
        let own = self.places[first..].iter().take_while(move |(known, _)| *known == pattern);
        own.take(MOST_MATCHES).map(|(_, place)| place)
    }
}

/// English stands in adverts of every language, and terms in a script of their own cannot be taken for another's;
/// other terms are tried where the listing is, or may be, in their language.
fn is_tried(tag: &str, language: &Language) -> bool {
    matches!(tag, "en" | "ru" | "uk" | "zh" | "ar" | "hi" | "th" | "km" | "my") || language.admits(tag)
}
