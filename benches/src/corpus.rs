//! Invented adverts by the megabyte: words drawn as unevenly as in real text, prices, numbers, a few characters
//! beyond ASCII, and now and then a disguised word. The same seed gives the same bytes.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};

/// Draws for adverts and patterns.
pub struct Draw(Xoshiro256PlusPlus);

impl Draw {
    /// Begins a row of draws.
    pub fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// A number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.0.next_u64() % bound.max(1) as u64) as usize
    }

    /// Whether something that happens `of` times in a thousand happens.
    pub fn permille(&mut self, of: usize) -> bool {
        self.below(1_000) < of
    }

    /// One of several.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// A rank among `count`, low ones far more often (as 1/rank, by drawing the logarithm evenly).
    pub fn rank(&mut self, count: usize) -> usize {
        let even = self.below(1 << 20) as f64 / f64::from(1 << 20);
        ((count as f64).powf(even) - 1.0) as usize
    }
}

const COMMON: [&str; 60] = [
    "the",
    "and",
    "to",
    "a",
    "of",
    "in",
    "for",
    "you",
    "we",
    "is",
    "with",
    "are",
    "our",
    "your",
    "on",
    "be",
    "or",
    "at",
    "as",
    "will",
    "have",
    "from",
    "all",
    "this",
    "not",
    "work",
    "can",
    "any",
    "no",
    "per",
    "good",
    "new",
    "must",
    "time",
    "please",
    "job",
    "pay",
    "day",
    "one",
    "help",
    "call",
    "room",
    "week",
    "need",
    "home",
    "free",
    "team",
    "own",
    "month",
    "people",
    "offer",
    "looking",
    "staff",
    "hours",
    "contact",
    "company",
    "full",
    "city",
    "house",
    "experience",
];

const OPENINGS: [&str; 24] = [
    "b", "br", "c", "ch", "cl", "d", "dr", "f", "fl", "g", "gr", "h", "j", "l", "m", "n", "p", "pl", "r", "s", "st",
    "t", "tr", "v",
];
const VOWELS: [&str; 10] = ["a", "e", "i", "o", "u", "ai", "ea", "ie", "oo", "ou"];
const CLOSINGS: [&str; 16] = ["", "n", "r", "s", "t", "l", "nd", "st", "ck", "m", "ng", "rt", "x", "p", "d", "ll"];

/// The words of the corpus, the commonest first.
pub fn vocabulary(seed: u64) -> Vec<String> {
    let mut draw = Draw::new(seed);
    let mut words: Vec<String> = COMMON.iter().map(ToString::to_string).collect();
    while words.len() < 12_000 {
        let syllables = 1 + draw.below(3);
        let word: String =
            (0..syllables).flat_map(|_| [*draw.one(&OPENINGS), *draw.one(&VOWELS), *draw.one(&CLOSINGS)]).collect();
        if word.len() > 2 {
            words.push(word);
        }
    }
    words
}

/// Adverts of about 1 kB, as an advertiser would write them (upper case, accents, disguises).
pub fn adverts(seed: u64, bytes: usize) -> impl Iterator<Item = String> {
    let words = vocabulary(seed);
    let mut draw = Draw::new(seed ^ 0xad);
    let mut written = 0;
    std::iter::from_fn(move || {
        (written < bytes).then(|| {
            let advert = advert(&mut draw, &words);
            written += advert.len();
            advert
        })
    })
}

fn advert(draw: &mut Draw, words: &[String]) -> String {
    // Six adverts of ten hold characters beyond ASCII, about 1.2 bytes of a hundred over all.
    let beyond = draw.permille(600);
    let length = 400 + draw.below(1_200);
    let mut text = String::with_capacity(length + 64);
    let mut begins = true;
    while text.len() < length {
        let word = &words[draw.rank(words.len())];
        match draw.below(1_000) {
            0..12 => text.push_str(&format!("{}{}", draw.one(&["$", "€", "£", "$ "]), 5 * (1 + draw.below(900)))),
            12..24 => text.push_str(&(1 + draw.below(60)).to_string()),
            24..27 => text.push_str(&format!("+1 202 555 01{:02}", draw.below(100))),
            27..29 => text.push_str(&format!("{word}@example.com")),
            29..31 => text.push_str(&spaced(word)),
            31..33 => text.push_str(&word.replace('a', "4").replace('e', "3")),
            33..53 if beyond => {
                text.push_str(draw.one::<&str>(&["café", "piña", "straße", "работа", "✈", "护照", "naïve", "виза"]))
            }
            53..83 => text.push_str(&word.to_uppercase()),
            _ if begins => text.extend(word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1))),
            _ => text.push_str(word),
        }
        begins = draw.permille(90);
        text.push_str(if begins { draw.one::<&str>(&[". ", "! ", ", ", ": "]) } else { " " });
    }
    text
}

fn spaced(word: &str) -> String {
    word.chars().map(String::from).collect::<Vec<_>>().join(" ")
}
