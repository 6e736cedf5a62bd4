//! The tricks by which adverts are written so as to be missed by a machine and read by a person.
//!
//! Which word is disguised depends on the word and the advert's shape only, so near-duplicates are disguised alike.

use serde::Deserialize;

use super::draw::Draw;
use super::grammar::Grammar;

/// What is done to words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WordTrick {
    /// Characters without width between the letters.
    ZeroWidth,
    /// Letters of another script that look the same.
    Homoglyph,
    /// Spaces or points between the letters.
    Spaced,
    /// Digits and signs that look like letters.
    Leet,
    /// Letters of the width of Chinese characters.
    FullWidth,
    /// The line that lengthens Arabic letters.
    Stretched,
}

/// What is done to digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DigitTrick {
    /// Nothing.
    Plain,
    /// Keycap emoji.
    Emoji,
    /// Digits of the width of Chinese characters.
    FullWidth,
    /// Arabic digits.
    Arabic,
    /// Spaces between them.
    Spaced,
}

/// Letters and what stands for them, Latin and Cyrillic for each other, Persian and Urdu for Arabic.
const LOOK_ALIKES: [(char, char); 27] = [
    ('a', 'а'),
    ('c', 'с'),
    ('e', 'е'),
    ('o', 'о'),
    ('p', 'р'),
    ('x', 'х'),
    ('y', 'у'),
    ('i', 'і'),
    ('A', 'А'),
    ('B', 'В'),
    ('C', 'С'),
    ('E', 'Е'),
    ('H', 'Н'),
    ('K', 'К'),
    ('M', 'М'),
    ('O', 'О'),
    ('P', 'Р'),
    ('T', 'Т'),
    ('X', 'Х'),
    ('s', 'ѕ'),
    ('j', 'ј'),
    ('S', 'Ѕ'),
    ('I', 'І'),
    ('J', 'Ј'),
    ('ك', 'ک'),
    ('ي', 'ی'),
    ('ه', 'ہ'),
];
const LEET: [(char, char); 12] = [
    ('a', '4'),
    ('e', '3'),
    ('i', '1'),
    ('o', '0'),
    ('s', '5'),
    ('t', '7'),
    ('о', '0'),
    ('з', '3'),
    ('е', '3'),
    ('а', '@'),
    ('б', '6'),
    ('ч', '4'),
];

/// How one advert is disguised.
pub(super) struct Disguise {
    shape: u64,
    word: WordTrick,
    digit: DigitTrick,
    separator: char,
    shortest: usize,
}

impl Disguise {
    /// The disguise of an advert of this shape.
    pub(super) fn new(shape: u64, grammar: &Grammar) -> Self {
        let mut draw = Draw::new(shape.rotate_left(32));
        Self {
            shape,
            word: *draw.one(&grammar.word_tricks),
            digit: *draw.one(&grammar.digit_tricks),
            separator: if draw.once_in(3) { '.' } else { ' ' },
            shortest: if grammar.joiner.is_empty() { 2 } else { 4 },
        }
    }

    /// The text, disguised. Names on messengers and addresses stay whole, or nobody could answer.
    pub(super) fn text(&self, text: &str) -> String {
        let disguised = self.pass(text, |word| self.is_chosen(word));
        if disguised == text { self.pass(text, |_| true) } else { disguised }
    }

    fn pass(&self, text: &str, chosen: impl Fn(&str) -> bool) -> String {
        let mut result = String::with_capacity(text.len() * 2);
        for token in text.split_inclusive([' ', '\n']) {
            if token.contains("example") {
                result.push_str(token);
                continue;
            }
            for run in runs(token) {
                let first = run.chars().next().unwrap_or(' ');
                if first.is_ascii_digit() {
                    self.digits(run, &mut result);
                } else if first.is_alphabetic() && run.chars().count() >= self.shortest && chosen(run) {
                    self.word(run, &mut result);
                } else {
                    result.push_str(run);
                }
            }
        }
        result
    }

    fn is_chosen(&self, word: &str) -> bool {
        // FNV-1a, whose values are the same on every machine; its lowest bit alone is not even.
        let start = 0xcbf2_9ce4_8422_2325 ^ self.shape;
        let hash = word.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        (hash ^ (hash >> 32)).count_ones().is_multiple_of(2)
    }

    fn word(&self, word: &str, result: &mut String) {
        let last = word.chars().count() - 1;
        for (place, letter) in word.chars().enumerate() {
            match self.word {
                WordTrick::ZeroWidth if place > 0 => result.extend(['\u{200b}', letter]),
                WordTrick::Spaced if place > 0 => result.extend([self.separator, letter]),
                WordTrick::Stretched if place > 0 => result.extend(['ـ', letter]),
                WordTrick::Homoglyph => result.push(look_alike(letter)),
                // The first and last letters stay, so that a disguised word never runs into a number.
                WordTrick::Leet if place > 0 && place < last => result.push(pair(&LEET, letter).unwrap_or(letter)),
                WordTrick::FullWidth => result.push(full_width(letter)),
                _ => result.push(letter),
            }
        }
    }

    fn digits(&self, digits: &str, result: &mut String) {
        for (place, digit) in digits.chars().enumerate() {
            match self.digit {
                DigitTrick::Emoji => result.extend([digit, '\u{fe0f}', '\u{20e3}']),
                DigitTrick::FullWidth => result.push(full_width(digit)),
                DigitTrick::Arabic => result.push(arabic(digit)),
                DigitTrick::Spaced if place > 0 => result.extend([' ', digit]),
                DigitTrick::Plain | DigitTrick::Spaced => result.push(digit),
            }
        }
    }
}

/// A text in runs of letters, of digits, and of neither.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let class = |c: char| if c.is_ascii_digit() { 1 } else { u8::from(c.is_alphabetic()) * 2 };
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = class(rest.chars().next()?);
        let end = rest.find(|c| class(c) != first).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}

fn pair(pairs: &[(char, char)], letter: char) -> Option<char> {
    pairs.iter().find(|(plain, _)| *plain == letter).map(|(_, other)| *other)
}

fn look_alike(letter: char) -> char {
    let back = || LOOK_ALIKES.iter().find(|(_, other)| *other == letter).map(|(plain, _)| *plain);
    pair(&LOOK_ALIKES, letter).or_else(back).unwrap_or(letter)
}

fn full_width(character: char) -> char {
    if !character.is_ascii_graphic() {
        return character;
    }
    char::from_u32(character as u32 + 0xfee0).unwrap_or(character)
}

fn arabic(digit: char) -> char {
    digit.to_digit(10).and_then(|value| char::from_u32('٠' as u32 + value)).unwrap_or(digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: WordTrick, digit: DigitTrick, expected: &str) {
        let disguise = Disguise { shape: 0, word, digit, separator: ' ', shortest: 4 };
        assert_eq!(disguise.pass("Keep passport, 90 @a_example7", |_| true), expected);
    }

    #[test]
    fn each_trick_does_what_it_says() {
        use DigitTrick::{Arabic, Emoji, Plain};
        use WordTrick::{FullWidth, Homoglyph, Leet, Spaced, Stretched, ZeroWidth};
        check(Spaced, Plain, "K e e p p a s s p o r t, 90 @a_example7");
        check(Leet, DigitTrick::FullWidth, "K33p p455p0rt, ９０ @a_example7");
        check(FullWidth, DigitTrick::Spaced, "Ｋｅｅｐ ｐａｓｓｐｏｒｔ, 9 0 @a_example7");
        check(Homoglyph, Arabic, "Кеер раѕѕроrt, ٩٠ @a_example7");
        check(Stretched, Plain, "Kـeـeـp pـaـsـsـpـoـrـt, 90 @a_example7");
        let zero_width =
            "K\u{200b}e\u{200b}e\u{200b}p p\u{200b}a\u{200b}s\u{200b}s\u{200b}p\u{200b}o\u{200b}r\u{200b}t";
        check(ZeroWidth, Emoji, &format!("{zero_width}, 9\u{fe0f}\u{20e3}0\u{fe0f}\u{20e3} @a_example7"));
    }

    #[test]
    fn a_look_alike_looks_back() {
        for (plain, other) in LOOK_ALIKES {
            assert_eq!((look_alike(plain), look_alike(other)), (other, plain));
        }
    }
}
