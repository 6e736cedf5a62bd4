//! The normalised reading of a text, made in one pass.

use super::fold::{cyrillic_lookalike, fold_cluster, is_fancy, is_invisible, latin_lookalike};
use super::offsets::Offsets;
use super::script::{Script, is_word, script_of};
use super::table::{Traits, folding, is_mark};

/// A folded text and the way back to the original.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    /// The folded text.
    pub text: String,
    pub(crate) offsets: Offsets,
    /// Ranges of the folded text where letters were disguised (sorted, not overlapping).
    pub(crate) disguises: Vec<(usize, usize)>,
}

impl Folded {
    pub(crate) fn from_parts(text: String, offsets: Offsets, disguises: Vec<(usize, usize)>) -> Self {
        Self { text, offsets, disguises }
    }

    /// The bytes of the original for which a range of the folded text stands. Always on character borders.
    pub fn original(&self, start: usize, end: usize) -> (usize, usize) {
        self.offsets.original(start, end)
    }

    /// Whether a range of the folded text touches a disguised place.
    pub fn is_disguised(&self, start: usize, end: usize) -> bool {
        let after = self.disguises.partition_point(|(_, disguise_end)| *disguise_end <= start);
        self.disguises.get(after).is_some_and(|(disguise_start, _)| *disguise_start < end)
    }
}

/// Folds a text: case, width, accents, digits, fancy and invisible characters, and look-alike letters in words that
/// mix scripts. ASCII is copied run by run, other characters by table; only those whose length changes cost an entry
/// in the way back.
pub fn fold(original: &str) -> Folded {
    let mut folder = Folder { out: String::with_capacity(original.len() + 8), ..Folder::default() };
    let bytes = original.as_bytes();
    let mut position = 0;
    while position < bytes.len() {
        let run = ascii_run(&bytes[position..]);
        // An ASCII character followed by marks belongs to their cluster.
        let after = original[position + run..].chars().next();
        let marks_follow = run > 0 && after.is_some_and(|after| folding(after).traits.is_mark());
        let plain = run - usize::from(marks_follow);
        if plain > 0 {
            folder.copy_ascii(&original[position..position + plain], position);
            position += plain;
        }
        if marks_follow {
            position += folder.fold_first_cluster(original, position);
        }
        position = folder.fold_beyond_ascii(original, position);
    }
    folder.finish()
}

#[derive(Default)]
struct Folder {
    out: String,
    offsets: Offsets,
    disguises: Vec<(usize, usize)>,
    /// Whether the word that is being written holds Latin letters, and letters of Cyrillic or Greek.
    word: (bool, bool),
    /// Whether some word holds both.
    may_mix: bool,
}

impl Folder {
    fn copy_ascii(&mut self, run: &str, original: usize) {
        let start = self.out.len();
        self.offsets.push_run(start, original);
        self.out.push_str(run);
        self.out[start..].make_ascii_lowercase();
        let bytes = run.as_bytes();
        let head = bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric());
        self.word.0 |= head.clone().any(u8::is_ascii_alphabetic);
        self.may_mix |= self.word.0 && self.word.1;
        if head.count() < bytes.len() {
            let tail = bytes.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric());
            self.word = (tail.clone().any(|byte| byte.is_ascii_alphabetic()), false);
        }
    }

    /// Folds characters beyond ASCII up to the next that is not; says where that stands.
    fn fold_beyond_ascii(&mut self, original: &str, mut position: usize) -> usize {
        let mut characters = original[position..].chars();
        while let Some(c) = characters.next().filter(|c| !c.is_ascii()) {
            let folding = folding(c);
            match folding.text().filter(|_| folding.traits.stands_alone() && !is_changed_by(&characters)) {
                Some(text) => {
                    self.push(text, position, c.len_utf8());
                    self.note(folding.traits);
                    position += c.len_utf8();
                }
                None => {
                    position += self.fold_first_cluster(original, position);
                    characters = original[position..].chars();
                }
            }
        }
        position
    }

    fn push(&mut self, text: &str, original: usize, length: usize) {
        let start = self.out.len();
        let keeps_length = text.len() == length && text.chars().next().is_some_and(|c| c.len_utf8() == length);
        if keeps_length {
            self.offsets.push_run(start, original);
        } else {
            self.offsets.push_unit(start, original, length);
        }
        self.out.push_str(text);
    }

    fn note(&mut self, traits: Traits) {
        if !traits.is_word() {
            self.word = (false, false);
        }
        self.word.0 |= traits.is_latin();
        self.word.1 |= traits.is_other_alphabet();
        self.may_mix |= self.word.0 && self.word.1;
    }

    /// Folds the character at a place with the marks that follow it; says how many bytes they have.
    fn fold_first_cluster(&mut self, text: &str, original: usize) -> usize {
        let length = cluster_length(&text[original..]);
        let cluster = &text[original..original + length];
        let start = self.out.len();
        self.offsets.push_unit(start, original, length);
        fold_cluster(cluster, &mut self.out);
        for index in start..self.out.len() {
            if let Some(c) = self.out.get(index..).and_then(|rest| rest.chars().next()) {
                self.note(folding(c).traits);
            }
        }
        let first = cluster.chars().next().unwrap_or_default();
        let invisible_inside = is_invisible(first) && self.stands_in_word() && !is_common_joiner(first);
        let fancy = cluster.chars().any(is_fancy) && self.out.len() > start;
        if fancy || invisible_inside {
            self.disguise(start.saturating_sub(usize::from(invisible_inside)), self.out.len().max(start));
        }
        length
    }

    fn stands_in_word(&self) -> bool {
        self.out.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(script_of(c), Script::Cyrillic))
    }

    fn disguise(&mut self, start: usize, end: usize) {
        let start = self.out.floor_char_boundary(start);
        match self.disguises.last_mut() {
            Some(last) if last.1 >= start => last.1 = last.1.max(end),
            _ => self.disguises.push((start, end)),
        }
    }

    fn finish(mut self) -> Folded {
        if self.may_mix {
            return unmix(&Folded::from_parts(self.out, self.offsets, self.disguises));
        }
        self.disguises.retain(|(start, end)| end > start);
        Folded::from_parts(self.out, self.offsets, self.disguises)
    }
}

/// Zero-width joiners are ordinary in Arabic, Indic scripts and emoji; only in other words are they a disguise.
fn is_common_joiner(c: char) -> bool {
    matches!(c, '\u{fe0e}' | '\u{fe0f}' | '\u{00ad}' | '\u{feff}')
}

/// Whether the characters that follow change the one before them.
#[inline]
fn is_changed_by(following: &std::str::Chars<'_>) -> bool {
    let mut following = following.clone();
    let Some(next) = following.next().filter(|next| !next.is_ascii()) else { return false };
    let next = folding(next).traits;
    next.is_mark()
        || next.is_quiet_mark()
            && following.next().is_some_and(|c| folding(c).traits.is_mark() || folding(c).traits.is_quiet_mark())
}

fn ascii_run(bytes: &[u8]) -> usize {
    let chunks = bytes.as_chunks::<16>().0;
    let whole = chunks.iter().take_while(|chunk| chunk.is_ascii()).count() * 16;
    whole + bytes[whole..].iter().position(|byte| !byte.is_ascii()).unwrap_or(bytes.len() - whole)
}

/// The length of the first character with the marks that belong to it. Bounded, so that hostile piles of marks
/// become several clusters.
fn cluster_length(text: &str) -> usize {
    let mut characters = text.char_indices();
    let Some((_, first)) = characters.next() else { return 0 };
    if is_invisible(first) {
        return first.len_utf8();
    }
    let end = characters.take(8).find(|(_, c)| is_invisible(*c) && !is_variation(*c) || !is_mark(*c));
    match end {
        Some((index, _)) => index,
        None => text.char_indices().nth(9).map_or(text.len(), |(index, _)| index),
    }
}

fn is_variation(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}')
}

/// Rewrites look-alike letters in words that mix scripts, towards the script of most of the word's letters that
/// have only one reading.
fn unmix(folded: &Folded) -> Folded {
    let mut out = String::with_capacity(folded.text.len());
    let mut offsets = Offsets::default();
    let mut disguises = Vec::new();
    for (start, end) in words(&folded.text) {
        let word = &folded.text[start..end];
        let target = mixed_target(word);
        let word_start = out.len();
        for (index, c) in word.char_indices() {
            let (at, after) = (start + index, start + index + c.len_utf8());
            let (original_start, original_end) = folded.original(at, after);
            let was_disguised = folded.is_disguised(at, after);
            let here = out.len();
            offsets.push_unit(here, original_start, original_end - original_start);
            out.push(rewritten(c, target));
            if was_disguised && target.is_none() {
                disguises.push((here, out.len()));
            }
        }
        if target.is_some() {
            disguises.push((word_start, out.len()));
        }
    }
    Folded::from_parts(out, offsets, disguises)
}

fn rewritten(c: char, target: Option<Script>) -> char {
    match target {
        Some(Script::Latin) => latin_lookalike(c).unwrap_or(c),
        Some(Script::Cyrillic) => cyrillic_lookalike(c).unwrap_or(c),
        _ => c,
    }
}

/// Alternating stretches of word and other characters that cover the text.
fn words(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = &text[start..];
        let first = rest.chars().next()?;
        let inside = is_word(first);
        let length = rest.find(|c| is_word(c) != inside).unwrap_or(rest.len());
        let found = (start, start + length);
        start += length;
        Some(found)
    })
}

/// The script towards which a word that mixes scripts is rewritten: the one of its letters that have no look-alike;
/// `None` where the word mixes honestly (`IT-компания`, `QR-код` have both).
fn mixed_target(word: &str) -> Option<Script> {
    let (mut latin, mut others) = (0, 0);
    let (mut only_latin, mut only_other) = (0, 0);
    for c in word.chars() {
        match script_of(c) {
            Script::Latin => {
                latin += 1;
                only_latin += usize::from(cyrillic_lookalike(c).is_none());
            }
            Script::Cyrillic | Script::Greek => {
                others += 1;
                only_other += usize::from(latin_lookalike(c).is_none());
            }
            Script::Other => {}
        }
    }
    if latin == 0 || others == 0 || (only_latin > 0 && only_other > 0) {
        return None;
    }
    Some(if only_other > 0 { Script::Cyrillic } else { Script::Latin })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(original: &str, expected: &str) {
        assert_eq!(fold(original).text, expected);
    }

    #[test]
    fn accents_case_width_and_fancy_letters_fold() {
        check("Cuota de INSCRIPCIÓN", "cuota de inscripcion");
        check("Ｖｉｓａ ①②", "visa 12");
        check("𝗻𝗼 𝓯𝓮𝓮𝓼", "no fees");
        check("việc nhẹ lương cao", "viec nhe luong cao");
        check("pass\u{200b}port", "passport");
        check("cafe\u{301}s", "cafes");
    }

    #[test]
    fn only_mixed_words_lose_their_look_alikes() {
        check("pаsspоrt", "passport");
        check("паспорт и visa", "паспорт и visa");
        check("пacпopт", "паспорт");
    }

    #[test]
    fn spans_lead_back_through_disguises() {
        let original = "Send your pаss\u{200b}port now";
        let folded = fold(original);
        let start = folded.text.find("passport").unwrap();
        let (from, to) = folded.original(start, start + 8);
        assert_eq!(&original[from..to], "pаss\u{200b}port");
        assert!(folded.is_disguised(start, start + 8));
        assert!(!folded.is_disguised(0, 4));
    }

    #[test]
    fn an_emoji_digit_is_one_unit() {
        let original = "call 0\u{fe0f}\u{20e3}7\u{fe0f}\u{20e3}";
        let folded = fold(original);
        assert_eq!(folded.text, "call 07");
        assert_eq!(folded.original(5, 6), (5, 12));
    }

    proptest! {
        #[test]
        fn every_range_leads_back_to_character_borders(original in any::<String>()) {
            let folded = fold(&original);
            let borders: Vec<usize> =
                folded.text.char_indices().map(|(index, _)| index).chain([folded.text.len()]).collect();
            let mut before = 0;
            for pair in borders.windows(2) {
                let (start, end) = folded.original(pair[0], pair[1]);
                prop_assert!(original.get(start..end).is_some());
                prop_assert!(start >= before || start == end || start <= end);
                before = start;
            }
        }

        #[test]
        fn folding_twice_changes_nothing_more(original in "[a-zA-ZÀ-ÿа-яё0-9 .,!?]{0,60}") {
            let once = fold(&original).text;
            prop_assert_eq!(fold(&once).text, once);
        }

        #[test]
        fn ascii_is_only_lower_cased(original in "[ -~]{0,80}") {
            prop_assert_eq!(fold(&original).text, original.to_ascii_lowercase());
        }
    }
}
