//! The second reading: spaced, dotted and leetspeak words read as words.
//!
//! `p a s s p o r t`, `p.a.s.s.p.o.r.t`, `p4ssp0rt`, `护 照` and `งาu` become words again. The reading is made only where
//! something changes, and what changed is remembered, so that a hit in it can be told from an ordinary one.

use std::sync::LazyLock;

use super::folded::Folded;
use super::offsets::Offsets;
use super::script::{is_spaceless, is_word};
use super::starts::{Start, Symbols, for_each_start};

/// Single letters that follow one another with one and the same separator, this many at least, are a spaced word.
const LEAST_SPACED_LETTERS: usize = 4;
/// The same for scripts whose words are short.
const LEAST_SPACED_IDEOGRAPHS: usize = 3;

/// The second reading of a folded text, or `None` where it would be the same.
pub(crate) fn deobfuscate(plain: &Folded) -> Option<Folded> {
    let mut reading =
        Reading { plain, copied: 0, out: String::new(), offsets: Offsets::default(), disguises: Vec::new() };
    let text = plain.text.as_str();
    let mut position = 0;
    for_each_start(text.as_bytes(), &LEET_SYMBOLS, |start| {
        if start.at < position {
            return;
        }
        if let Some(read) = thai_lookalikes(text, start) {
            position = reading.take(start.at, start.letters, &read);
        } else if may_be_disguised(text.as_bytes(), start) {
            position = reading.read_from(text, start.at);
        }
    });
    if reading.disguises.is_empty() {
        return None;
    }
    reading.copy(text.len());
    Some(Folded::from_parts(reading.out, reading.offsets, reading.disguises))
}

static LEET_SYMBOLS: LazyLock<Symbols> = LazyLock::new(|| Symbols::of(b"@$!"));

/// Whether a disguised word may begin at a start: nearly always not, and said so after a look at a few bytes.
fn may_be_disguised(text: &[u8], start: Start) -> bool {
    let word = &text[start.at..start.at + start.letters];
    let behind = text.get(start.at + start.letters).copied().unwrap_or(b' ');
    match word {
        // A symbol in the place of a letter, or a character beyond ASCII that stands alone.
        [] if text[start.at].is_ascii() => text.get(start.at + 1).is_some_and(u8::is_ascii_alphanumeric),
        [] => {
            let length = 1 + text[start.at + 1..].iter().take_while(|byte| **byte & 0xc0 == 0x80).count();
            let next = text.get(start.at + length).copied().unwrap_or(b' ');
            !next.is_ascii_alphanumeric() && (next.is_ascii_punctuation() || matches!(next, b' ' | 0xc2 | 0xe2))
        }
        [letter] => letter.is_ascii_alphabetic() && !(behind.is_ascii_whitespace() && behind != b' '),
        _ if matches!(behind, b'@' | b'$' | b'!' | 0xe2) => true,
        several => several.iter().any(u8::is_ascii_digit) && several.iter().any(u8::is_ascii_alphabetic),
    }
}

struct Reading<'a> {
    plain: &'a Folded,
    /// How much of the plain text has been taken over.
    copied: usize,
    out: String,
    offsets: Offsets,
    disguises: Vec<(usize, usize)>,
}

impl Reading<'_> {
    /// Reads the word at a place, disguised or not; says from where to go on.
    fn read_from(&mut self, text: &str, position: usize) -> usize {
        let rest = &text[position..];
        let Some(first) = rest.chars().next() else { return text.len() };
        let at_word_start = is_word(first) && !text[..position].chars().next_back().is_some_and(is_word)
            || is_spaceless(first)
            || leet_symbol(first).is_some();
        if !at_word_start {
            return position + first.len_utf8();
        }
        if let Some(spaced) = spaced_word(rest) {
            self.copy(position);
            self.join(position, &spaced);
            self.copied = position + spaced.length;
            return self.copied;
        }
        if is_spaceless(first) {
            return position + first.len_utf8();
        }
        let length = leet_length(rest);
        let is_address = rest[..length].contains('@') && rest[length..].starts_with('.');
        if !is_address && let Some(word) = leet_word(&rest[..length]) {
            return self.take(position, length, &word);
        }
        position + length.max(first.len_utf8())
    }

    /// Takes a piece of the plain text as the letters for which it stands; says from where to go on.
    fn take(&mut self, position: usize, length: usize, read: &[char]) -> usize {
        let plain = self.plain;
        self.copy(position);
        self.replace(position, &plain.text[position..position + length], read);
        self.copied = position + length;
        self.copied
    }

    /// Takes over the plain text up to a place.
    fn copy(&mut self, end: usize) {
        self.offsets.append(&self.plain.offsets, self.copied..end, self.out.len());
        self.out.push_str(&self.plain.text[self.copied..end]);
        self.copied = end;
    }

    fn join(&mut self, start: usize, spaced: &SpacedWord) {
        let disguise = self.out.len();
        for (index, c) in &spaced.letters {
            self.put(start + index, c.len_utf8(), *c);
        }
        self.disguises.push((disguise, self.out.len()));
    }

    fn replace(&mut self, start: usize, written: &str, word: &[char]) {
        let disguise = self.out.len();
        for ((index, c), read) in written.char_indices().zip(word) {
            self.put(start + index, c.len_utf8(), *read);
        }
        self.disguises.push((disguise, self.out.len()));
    }

    fn put(&mut self, plain: usize, length: usize, c: char) {
        let (start, end) = self.plain.original(plain, plain + length);
        self.offsets.push_unit(self.out.len(), start, end - start);
        self.out.push(c);
    }
}

/// More Latin letters than this between Thai ones are a word of their own.
const MOST_LOOKALIKES: usize = 2;

/// Latin letters in the place of Thai ones: one or two, with a Thai letter right before and right behind.
fn thai_lookalikes(text: &str, start: Start) -> Option<Vec<char>> {
    if !(1..=MOST_LOOKALIKES).contains(&start.letters) || start.at == 0 || text.as_bytes()[start.at - 1].is_ascii() {
        return None;
    }
    let (before, rest) = text.split_at(start.at);
    let (letters, behind) = rest.split_at(start.letters);
    let is_thai = |c: char| matches!(c, '\u{0e01}'..='\u{0e4e}');
    if !before.chars().next_back().is_some_and(is_thai) || !behind.chars().next().is_some_and(is_thai) {
        return None;
    }
    letters.chars().map(thai_letter).collect()
}

fn thai_letter(c: char) -> Option<char> {
    Some(match c {
        'e' => 'ย',
        'l' => 'เ',
        'n' => 'ก',
        'o' => 'อ',
        's' => 'ร',
        'u' => 'น',
        'v' => 'ง',
        'w' => 'พ',
        _ => return None,
    })
}

struct SpacedWord {
    letters: Vec<(usize, char)>,
    length: usize,
}

/// Reads `v i s a`, `v.i.s.a`, `v-i-s-a` at the start of a text.
fn spaced_word(rest: &str) -> Option<SpacedWord> {
    let mut letters = Vec::new();
    let mut separator = None;
    let mut length = 0;
    let mut characters = rest.char_indices().peekable();
    while let Some((index, letter)) = characters.next() {
        let single = letter.is_alphabetic() && !characters.peek().is_some_and(|(_, next)| continues(letter, *next));
        if !single {
            break;
        }
        letters.push((index, letter));
        length = index + letter.len_utf8();
        let Some((_, between)) = characters.next() else { break };
        if !is_separator(between) || separator.is_some_and(|earlier| earlier != between) {
            break;
        }
        separator = Some(between);
    }
    let spaceless = letters.iter().all(|(_, letter)| is_spaceless(*letter));
    let least = if spaceless { LEAST_SPACED_IDEOGRAPHS } else { LEAST_SPACED_LETTERS };
    (letters.len() >= least).then_some(SpacedWord { letters, length })
}

fn continues(letter: char, next: char) -> bool {
    is_word(next) && !is_spaceless(letter)
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '.' | '-' | '_' | '*' | '|' | '~' | '·' | '•' | '/' | '\u{3000}')
}

fn leet_symbol(c: char) -> Option<char> {
    Some(match c {
        '@' => 'a',
        '$' => 's',
        '!' => 'i',
        '€' => 'e',
        _ => return None,
    })
}

fn leet_digit(c: char) -> Option<char> {
    Some(match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        '8' => 'b',
        _ => return None,
    })
}

/// The length of the word at the start of a text, leet symbols inside it included.
fn leet_length(rest: &str) -> usize {
    let mut end = 0;
    let mut characters = rest.char_indices().peekable();
    while let Some((index, c)) = characters.next() {
        let inside_symbol = leet_symbol(c).is_some() && characters.peek().is_some_and(|(_, next)| is_word(*next));
        if !(is_word(c) || inside_symbol) {
            break;
        }
        end = index + c.len_utf8();
    }
    end
}

/// Reads a word that mixes letters with digits or symbols in their place; ordinary mixtures (`24h`, `b2b`, `covid19`,
/// `3rd`) stay as they are.
fn leet_word(word: &str) -> Option<Vec<char>> {
    let characters: Vec<char> = word.chars().collect();
    let letters = characters.iter().filter(|c| c.is_ascii_lowercase()).count();
    let first = characters.iter().position(char::is_ascii_lowercase)?;
    let last = characters.iter().rposition(char::is_ascii_lowercase)?;
    let stands_for = |c: char| leet_symbol(c).or_else(|| leet_digit(c));
    let inside = characters[first..=last].iter().filter(|c| stands_for(**c).is_some()).count();
    let outside = characters.len() - (last + 1 - first);
    let is_leet = characters.len() >= 4
        && letters >= 2
        && inside >= 1
        && outside <= 1
        && letters >= inside
        && characters.iter().all(|c| c.is_ascii_lowercase() || stands_for(*c).is_some());
    is_leet.then(|| characters.iter().map(|c| stands_for(*c).unwrap_or(*c)).collect())
}

#[cfg(test)]
mod tests {
    use super::super::fold;
    use super::*;
    use proptest::prelude::*;

    fn check(original: &str, expected: Option<&str>) {
        let reading = deobfuscate(&fold(original));
        assert_eq!(reading.map(|reading| reading.text).as_deref(), expected, "{original}");
    }

    #[test]
    fn disguised_words_are_read() {
        check("send p a s s p o r t now", Some("send passport now"));
        check("P.A.S.S.P.O.R.T", Some("passport"));
        check("p4ssp0rt k3pt", Some("passport kept"));
        check("v!sa fr€e", Some("visa free"));
        check("扣 押 护 照", Some("扣押护照"));
        check("หาvานต่าvประเทศ", Some("หางานต่างประเทศ"));
        check("แอดมิuคุมคิว", Some("แอดมินคุมคิว"));
    }

    #[test]
    fn ordinary_text_has_no_second_reading() {
        for text in [
            "open 24h, b2b, 3rd floor",
            "a b c",
            "covid19 mp3",
            "I am a cook",
            "10% off!!",
            "x@example.com",
            "ไลน์Lineไทย",
            "ชั้น2มีห้อง",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn a_long_text_without_spaces_takes_no_longer_than_one_with() {
        // Quadratic work on this would take hours.
        assert!(deobfuscate(&fold(&"招聘工人包吃住".repeat(40_000))).is_none());
    }

    #[test]
    fn spans_lead_back() {
        let original = "Your p-a-s-s-p-o-r-t is kept";
        let reading = deobfuscate(&fold(original)).unwrap();
        let start = reading.text.find("passport").unwrap();
        let (from, to) = reading.original(start, start + 8);
        assert_eq!(&original[from..to], "p-a-s-s-p-o-r-t");
        assert!(reading.is_disguised(start, start + 8));
    }

    proptest! {
        #[test]
        fn never_panics_and_leads_back_to_borders(original in any::<String>()) {
            if let Some(reading) = deobfuscate(&fold(&original)) {
                for (index, c) in reading.text.char_indices() {
                    let (start, end) = reading.original(index, index + c.len_utf8());
                    prop_assert!(original.get(start..end).is_some());
                }
            }
        }

        #[test]
        fn any_latin_word_survives_spacing(word in "[b-hj-np-z]{4,12}", separator in "[ ._*-]") {
            let letters: Vec<String> = word.chars().map(String::from).collect();
            let reading = deobfuscate(&fold(&letters.join(&separator))).unwrap();
            prop_assert_eq!(reading.text, word);
        }
    }
}
