//! Four hundred invented rules: 1,500 keywords and 150 regular expressions, in the forms that each matcher reads.

use lapwing_detect::matcher::{LanguageId, Matcher, MatcherBuilder, PatternId};

use crate::corpus::{Draw, vocabulary};

/// A pattern.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// As a lexicon writes it; `None` for a regular expression.
    pub term: Option<String>,
    /// The same as a regular expression on lower-case text.
    pub regex: String,
}

/// How many keywords there are.
pub const KEYWORDS: usize = 1_500;
/// How many regular expressions there are.
pub const EXPRESSIONS: usize = 150;
/// What may stand between the words of a keyword.
const GAP: &str = r"[\s/',-]{1,3}";

/// The patterns of a seed. Keywords: two of five single words, one of five the beginnings of words, the rest phrases.
pub fn patterns(seed: u64) -> Vec<Pattern> {
    let words = vocabulary(seed);
    let mut draw = Draw::new(seed ^ 0x9a);
    let mut patterns = Vec::new();
    while patterns.len() < KEYWORDS {
        let pieces = [1, 1, 1, 2, 3][draw.below(5)];
        let open = draw.permille(300);
        // What rules look for is rare: a single keyword is none of the common words, phrases may hold some.
        let least = if pieces == 1 { 600 } else { 40 };
        let chosen: Vec<&str> = (0..pieces).map(|_| words[least + draw.below(words.len() - least)].as_str()).collect();
        let term = chosen.join(" ") + if open { "*" } else { "" };
        let regex = format!(r"\b{}{}", chosen.join(GAP), if open { r"[a-z0-9]*" } else { r"\b" });
        if !patterns.iter().any(|known: &Pattern| known.term.as_ref() == Some(&term)) {
            patterns.push(Pattern { term: Some(term), regex });
        }
    }
    for number in 0..EXPRESSIONS {
        let mut word = || words[200 + draw.below(words.len() - 200)].clone();
        let (one, two, three) = (word(), word(), word());
        let regex = match number % 10 {
            0 => format!(r"\b(?:{one}|{two}|{three}) (?:of |for )?[$€£]? ?\d{{2,4}}\b"),
            1 => format!(r"\b{one}[a-z]{{0,6}} {two}"),
            2 => format!(r"\b(?:{one}|{two})s?,? (?:and |or )?{three}\b"),
            3 => format!(r"\b{one}(?: [a-z]+){{1,3}} {two}\b"),
            4 => format!(r"\b\d{{1,2}} ?(?:{one}|{two}|hours|days)"),
            5 => format!(r"\b(?:no|not any|without) (?:{one}|{two})"),
            6 => format!(r"[$€£] ?\d{{{},5}} (?:per |a )?(?:{one}|week|{two})", 1 + number % 3),
            7 => format!(r"\b(?:send|pay|{one}) (?:us |only )?(?:the )?{two}"),
            8 => format!(r"\b{}\d ?(?:{one}|people|{two})", number % 9),
            _ => format!(r"\b(?:{one}|{two}|{three})(?:ing|ed|er)?\b"),
        };
        patterns.push(Pattern { term: None, regex });
    }
    patterns
}

/// Our matcher over all patterns.
///
/// # Errors
/// The first pattern that cannot be read.
pub fn matcher(patterns: &[Pattern]) -> Result<Matcher, String> {
    let mut builder = MatcherBuilder::default();
    for (number, pattern) in (0..).map(PatternId).zip(patterns) {
        match &pattern.term {
            Some(term) => builder.term(term, number, LanguageId(0))?,
            None => builder.expression(&pattern.regex, number, &[LanguageId(0)])?,
        }
    }
    Ok(builder.build())
}
