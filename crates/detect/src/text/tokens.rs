//! Words and sentences of a folded text, by which distances are counted.
//!
//! A token is a run of letters and digits (an apostrophe between two letters included); in scripts without spaces
//! each character is a token, and distances count two characters of Chinese or Japanese, and four of Thai, Lao, Khmer or
//! Burmese, as a word, which is about what a word has there.

use super::folded::Folded;
use super::script::{is_spaceless, is_word};

/// One word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// First byte in the folded text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The number of its sentence, from 0.
    pub sentence: u32,
    /// How far from the first word of the text it stands, in quarters of a word.
    reach: u32,
}

/// The length of a word, in the unit of [`Token::reach`].
const WORD: u32 = 4;

/// The length of one character of a script without spaces.
fn length_of(c: char) -> u32 {
    if matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}') {
        WORD / 4
    } else {
        WORD / 2
    }
}

/// The words of a text, in order.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    tokens: Vec<Token>,
}

impl Tokens {
    /// Splits a folded text.
    pub fn of(text: &str) -> Self {
        let mut splitter = Splitter { text, tokens: Vec::with_capacity(text.len() / 6), sentence: 0, reach: 0 };
        let mut characters = text.char_indices().peekable();
        while let Some((index, c)) = characters.next() {
            if is_spaceless(c) {
                splitter.push(index, index + c.len_utf8(), length_of(c));
            } else if is_word(c) {
                let mut end = index + c.len_utf8();
                while let Some(&(next_index, next)) = characters.peek() {
                    let length = next.len_utf8();
                    let joins = is_word(next) && !is_spaceless(next)
                        || next == '\'' && text[next_index + 1..].chars().next().is_some_and(char::is_alphabetic);
                    if !joins {
                        break;
                    }
                    end = next_index + length;
                    characters.next();
                }
                splitter.push(index, end, WORD);
            } else if ends_sentence(c, text, index) {
                splitter.sentence += 1;
            }
        }
        Self { tokens: splitter.tokens }
    }

    /// Splits a folded text and gives the words' places in the original.
    pub fn of_original(folded: &Folded) -> Self {
        let mut tokens = Self::of(&folded.text);
        for token in &mut tokens.tokens {
            let (start, end) = folded.original(token.start as usize, token.end as usize);
            (token.start, token.end) = (narrow(start), narrow(end));
        }
        tokens
    }

    /// The tokens themselves.
    pub fn as_slice(&self) -> &[Token] {
        &self.tokens
    }

    /// The first and last token (indexes) that a byte range touches.
    pub fn touched(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let first = self.tokens.partition_point(|token| token.end as usize <= start);
        let last = self.tokens.partition_point(|token| (token.start as usize) < end);
        (first < last).then(|| (first, last - 1))
    }

    /// How many words lie between two byte ranges, characters of scripts without spaces counted as parts of words;
    /// `None` where they overlap or touch no token.
    pub fn between(&self, one: (usize, usize), other: (usize, usize)) -> Option<usize> {
        let (earlier, later) = if one.0 <= other.0 { (one, other) } else { (other, one) };
        if later.0 < earlier.1 {
            return None;
        }
        let (_, earlier_last) = self.touched(earlier.0, earlier.1)?;
        let (later_first, _) = self.touched(later.0, later.1)?;
        if later_first <= earlier_last {
            return Some(0);
        }
        let words = self.tokens[later_first].reach - self.tokens[earlier_last + 1].reach;
        Some(words.div_ceil(WORD) as usize)
    }

    /// The sentence in which a byte range begins.
    pub fn sentence(&self, start: usize, end: usize) -> Option<u32> {
        self.touched(start, end).map(|(first, _)| self.tokens[first].sentence)
    }
}

struct Splitter<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    sentence: u32,
    reach: u32,
}

impl Splitter<'_> {
    fn push(&mut self, start: usize, end: usize, length: u32) {
        debug_assert!(end <= self.text.len());
        let (sentence, reach) = (self.sentence, self.reach);
        self.tokens.push(Token { start: narrow(start), end: narrow(end), sentence, reach });
        self.reach = reach.saturating_add(length);
    }
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// A full stop ends a sentence unless a digit or lower-case word of an abbreviation follows at once; line ends do too.
fn ends_sentence(c: char, text: &str, index: usize) -> bool {
    match c {
        '!' | '?' | '\n' | '。' | '！' | '？' | '؟' | '।' | '…' | '။' | '។' | ';' => true,
        '.' => !text[index + 1..].chars().next().is_some_and(char::is_alphanumeric),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation as _;

    fn words(text: &str) -> Vec<&str> {
        Tokens::of(text).as_slice().iter().map(|t| &text[t.start as usize..t.end as usize]).collect()
    }

    #[test]
    fn words_and_characters() {
        assert_eq!(words("we don't pay 3.5 euros"), ["we", "don't", "pay", "3", "5", "euros"]);
        assert_eq!(words("包吃住 free"), ["包", "吃", "住", "free"]);
        assert_eq!(words("नौकरी है"), ["नौकरी", "है"]);
    }

    #[test]
    fn sentences_end_at_stops_and_lines_but_not_inside_numbers() {
        let tokens = Tokens::of("pay 2.500 now. keep it\nfine");
        let sentences: Vec<u32> = tokens.as_slice().iter().map(|token| token.sentence).collect();
        assert_eq!(sentences, [0, 0, 0, 0, 1, 1, 2]);
    }

    #[test]
    fn distances_count_the_words_between() {
        let text = "pay the fee before you start";
        let tokens = Tokens::of(text);
        assert_eq!(tokens.between((0, 3), (8, 11)), Some(1));
        assert_eq!(tokens.between((8, 11), (0, 3)), Some(1));
        assert_eq!(tokens.between((0, 7), (4, 11)), None);
    }

    #[test]
    fn characters_count_as_parts_of_words() {
        // Four characters of Chinese between the two ends are two words, eight of Thai are two.
        assert_eq!(Tokens::of("护包吃包住照").between((0, 3), (15, 18)), Some(2));
        let thai = "กขขขขขขขขก";
        assert_eq!(Tokens::of(thai).between((0, 3), (27, 30)), Some(2));
    }

    proptest! {
        #[test]
        fn agrees_with_uax29_on_plain_words(text in "[a-z]{1,8}( [a-z]{1,8}){0,9}") {
            prop_assert_eq!(words(&text), text.unicode_words().collect::<Vec<_>>());
        }

        #[test]
        fn tokens_are_in_order_and_inside(text in any::<String>()) {
            let mut end = 0;
            for token in Tokens::of(&text).as_slice() {
                prop_assert!(token.start as usize >= end && token.start < token.end);
                prop_assert!(text.get(token.start as usize..token.end as usize).is_some());
                end = token.end as usize;
            }
        }
    }
}
