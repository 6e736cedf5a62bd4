//! The vote of scripts, letters and small words, sentence by sentence, in one pass.

use std::sync::LazyLock;

use super::words::{CYRILLIC_WORDS, WORDS};
use crate::text::fold::is_invisible;

/// The languages that are voted for: those of the Latin script in the order of `WORDS`, then the others.
const TAGS: [&str; 22] = [
    "en", "de", "es", "fr", "pt", "id", "tl", "tr", "vi", "it", "pl", "nl", "ro", "ms", "ru", "uk", "zh", "ar", "hi",
    "th", "km", "my",
];
const LANGUAGES: usize = TAGS.len();
const EN: usize = 0;
const ES: usize = 2;
const PT: usize = 4;
const DE: usize = 1;
const FR: usize = 3;
const TR: usize = 7;
const VI: usize = 8;
const PL: usize = 10;
const RO: usize = 12;
const RU: usize = 14;
const UK: usize = 15;
const ZH: usize = 16;
const AR: usize = 17;
const HI: usize = 18;
const TH: usize = 19;
const KM: usize = 20;
const MY: usize = 21;

/// A word of one language alone; one of several languages says as much less.
const WORD: u32 = 12;
/// A letter that one language has.
const LETTER: u32 = 6;
/// Less than this is no answer for a whole text, and for a sentence.
const LEAST_TOTAL: u32 = 12;
const LEAST_SENTENCE: u32 = 36;
/// A second language needs this many letters, and this share of them.
const LEAST_LETTERS: usize = 20;
const LEAST_SHARE: usize = 8;

/// What was counted.
#[derive(Debug, Default)]
pub(super) struct Votes {
    total: Tally,
    /// Letters of the sentences that were clearly in a language.
    by_sentence: [usize; LANGUAGES],
}

#[derive(Debug, Default, Clone)]
struct Tally {
    scores: [u32; LANGUAGES],
    letters: usize,
    latin: usize,
    cyrillic: usize,
    /// Letters of a script that one language of the rules has to itself, by language.
    own_script: [usize; LANGUAGES],
    /// Letters that no language of the rules has: kana, Hangul, Persian, Serbian and Kazakh letters, …
    foreign: usize,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        for at in 0..LANGUAGES {
            self.scores[at] += other.scores[at];
            self.own_script[at] += other.own_script[at];
        }
        self.letters += other.letters;
        self.latin += other.latin;
        self.cyrillic += other.cyrillic;
        self.foreign += other.foreign;
    }

    /// The language that the tally shows; `least` points are needed where the script does not decide.
    fn winner(&self, least: u32) -> Option<usize> {
        let (own, count) = self.own_script.iter().copied().enumerate().max_by_key(|(_, count)| *count)?;
        // Ideographs say more a letter than alphabets do.
        let weight = if own == ZH { 3 } else { 1 };
        if count * weight > self.latin + self.cyrillic && count >= 4 {
            return (self.foreign * 12 < count).then_some(own);
        }
        if self.foreign * 25 > self.letters {
            return None;
        }
        let range = if self.latin >= self.cyrillic { 0..RU } else { RU..ZH };
        let (best, score) = self.scores[range.clone()].iter().enumerate().max_by_key(|(_, score)| **score)?;
        let others = self.scores[range.clone()].iter().enumerate().filter(|(at, _)| *at != best);
        let second = others.map(|(_, score)| *score).max().unwrap_or_default();
        (*score >= least && *score * 4 >= second * 5 + 12).then_some(range.start + best)
    }
}

impl Votes {
    pub(super) fn winner(&self) -> Option<&'static str> {
        self.total.winner(LEAST_TOTAL).map(|at| TAGS[at])
    }

    /// The languages of sentences that make up a fair part of the text.
    pub(super) fn of_sentences(&self) -> impl Iterator<Item = &'static str> {
        let letters = self.total.letters;
        let fair = move |count: usize| count >= LEAST_LETTERS && count * LEAST_SHARE >= letters;
        TAGS.iter().zip(self.by_sentence).filter(move |(_, count)| fair(*count)).map(|(tag, _)| *tag)
    }

    pub(super) fn letters(&self) -> usize {
        self.total.letters
    }

    /// Whether trigrams of the Latin or Cyrillic script could know more.
    pub(super) fn may_be_european(&self) -> bool {
        let total = &self.total;
        (total.latin + total.cyrillic) * 2 > total.letters && total.foreign * 25 <= total.letters
    }

    fn close(&mut self, sentence: &mut Tally) {
        if sentence.letters == 0 {
            return;
        }
        if let Some(language) = sentence.winner(LEAST_SENTENCE) {
            self.by_sentence[language] += sentence.letters;
        }
        self.total.add(sentence);
        *sentence = Tally::default();
    }
}

/// Counts a text.
pub(super) fn votes(text: &str) -> Votes {
    let table = &*TABLE;
    let mut votes = Votes::default();
    let mut sentence = Tally::default();
    let mut hash = SEED;
    let (mut word, mut ascii) = (0, 0);
    let bytes = text.as_bytes();
    let mut position = 0;
    while position < bytes.len() {
        let byte = bytes[position];
        if byte.is_ascii_alphabetic() {
            hash = mix(hash, u32::from(byte | 0x20));
            word += 1;
            ascii += 1;
            position += 1;
            continue;
        }
        if byte.is_ascii() {
            position += 1;
            if byte == b'\'' && word > 0 {
                hash = mix(hash, u32::from(byte));
                continue;
            }
            table.vote(hash, word, ascii, &mut sentence);
            (hash, word, ascii) = (SEED, 0, 0);
            if matches!(byte, b'.' | b'!' | b'?' | b'\n' | b';') {
                votes.close(&mut sentence);
            }
            continue;
        }
        let Some(c) = text[position..].chars().next() else { break };
        position += c.len_utf8();
        let lower = lowered(c);
        if count(lower, &mut sentence) {
            hash = mix(hash, lower as u32);
            word += 1;
        } else if lower == '’' && word > 0 {
            hash = mix(hash, u32::from(b'\''));
        } else if !is_invisible(c) && !matches!(c, '\u{300}'..='\u{36f}') {
            table.vote(hash, word, ascii, &mut sentence);
            (hash, word, ascii) = (SEED, 0, 0);
            if matches!(c, '。' | '！' | '？' | '।' | '؟' | '…' | '။' | '។') {
                votes.close(&mut sentence);
            }
        }
    }
    table.vote(hash, word, ascii, &mut sentence);
    votes.close(&mut sentence);
    votes
}

fn lowered(c: char) -> char {
    match c {
        'А'..='Я' => char::from_u32(c as u32 + 0x20).unwrap_or(c),
        'Ѐ'..='Џ' => char::from_u32(c as u32 + 0x50).unwrap_or(c),
        'À'..='Þ' => char::from_u32(c as u32 + 0x20).unwrap_or(c),
        '\u{100}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{460}'..='\u{52f}' => c.to_lowercase().next().unwrap_or(c),
        _ => c,
    }
}

/// Counts a letter that is not ASCII; gives whether it belongs to a word that may be voted by.
fn count(c: char, tally: &mut Tally) -> bool {
    let own = match c {
        'à'..='ÿ' | '\u{100}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => {
            tally.letters += 1;
            tally.latin += 1;
            if let Some(language) = letter_of(c) {
                tally.scores[language] += LETTER;
            }
            return true;
        }
        '\u{400}'..='\u{52f}' => {
            tally.letters += 1;
            tally.cyrillic += 1;
            match c {
                'ы' | 'э' | 'ё' => tally.scores[RU] += WORD,
                'ъ' => tally.scores[RU] += 1,
                'і' | 'ї' | 'є' | 'ґ' => tally.scores[UK] += WORD,
                'ј' | 'љ' | 'њ' | 'ћ' | 'ђ' | 'џ' | 'ѓ' | 'ќ' | 'ў' | 'ә' | 'қ' | 'ң' | 'ғ' | 'ү' | 'ұ' | 'һ' | 'ө' => {
                    tally.foreign += 1
                }
                _ => {}
            }
            return true;
        }
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' => ZH,
        '\u{620}'..='\u{64a}' => AR,
        '\u{671}'..='\u{6d3}' => {
            // Persian and Urdu letters; a few stand in Gulf Arabic.
            tally.foreign += 1;
            AR
        }
        '\u{904}'..='\u{939}' | '\u{93e}'..='\u{94c}' => HI,
        '\u{e01}'..='\u{e4e}' => TH,
        '\u{1780}'..='\u{17d3}' => KM,
        '\u{1000}'..='\u{103f}' => MY,
        '\u{3040}'..='\u{30ff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{1100}'..='\u{11ff}'
        | '\u{370}'..='\u{3ff}'
        | '\u{530}'..='\u{5ff}'
        | '\u{980}'..='\u{dff}'
        | '\u{e80}'..='\u{eff}'
        | '\u{10a0}'..='\u{10ff}' => {
            tally.letters += 1;
            tally.foreign += 1;
            return false;
        }
        _ => return false,
    };
    tally.letters += 1;
    tally.own_script[own] += 1;
    false
}

/// A Latin letter with a mark that one language uses far more than the others do.
const fn letter_of(c: char) -> Option<usize> {
    Some(match c {
        'ñ' => ES,
        'ß' | 'ä' => DE,
        'ã' | 'õ' => PT,
        'ğ' | 'ş' | 'ı' => TR,
        'đ' | 'ơ' | 'ư' | '\u{1ea0}'..='\u{1ef9}' => VI,
        'ł' | 'ę' | 'ą' | 'ś' | 'ż' | 'ź' | 'ń' => PL,
        'ș' | 'ț' | 'ă' => RO,
        'œ' | 'ë' | 'ù' => FR,
        _ => return None,
    })
}

const SEED: u32 = 0x811c_9dc5;

const fn mix(hash: u32, letter: u32) -> u32 {
    (hash ^ letter).wrapping_mul(0x0100_0193).rotate_left(5)
}

/// Words by hash, with the languages that have each.
struct Table {
    slots: Vec<(u32, u32)>,
}

const SLOTS: usize = 1 << 13;
/// Words longer than this are no small words.
const LONGEST: usize = 14;

impl Table {
    fn slot(&self, hash: u32) -> usize {
        let mut slot = (hash.wrapping_mul(0x9e37_79b1) >> 19) as usize;
        while self.slots[slot].1 != 0 && self.slots[slot].0 != hash {
            slot = (slot + 1) % SLOTS;
        }
        slot
    }

    #[inline]
    fn vote(&self, hash: u32, length: usize, ascii: usize, tally: &mut Tally) {
        if length == 0 {
            return;
        }
        tally.letters += ascii;
        tally.latin += ascii;
        if length > LONGEST {
            return;
        }
        let mut languages = self.slots[self.slot(hash)].1;
        if languages == 0 {
            return;
        }
        // Single letters stand in words that are spelled out, too.
        let most = if length == 1 { WORD / 4 } else { WORD };
        let points = most / languages.count_ones().min(most);
        while languages != 0 {
            tally.scores[languages.trailing_zeros() as usize] += points;
            languages &= languages - 1;
        }
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { slots: vec![(0, 0); SLOTS] };
    for (tag, words) in WORDS.iter().chain(&CYRILLIC_WORDS) {
        let language = TAGS.iter().position(|known| known == tag).unwrap_or(EN);
        for word in words.split_whitespace() {
            let hash = word.chars().fold(SEED, |hash, c| mix(hash, c as u32));
            let slot = table.slot(hash);
            table.slots[slot] = (hash, table.slots[slot].1 | 1 << language);
        }
    }
    table
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_its_tag() {
        for (tag, _) in WORDS.iter().chain(&CYRILLIC_WORDS) {
            assert!(TAGS.contains(tag), "{tag}");
        }
        assert_eq!((TAGS[RU], TAGS[UK], TAGS[ZH], TAGS[MY], TAGS[VI], TAGS[RO]), ("ru", "uk", "zh", "my", "vi", "ro"));
    }

    #[test]
    fn a_word_of_many_languages_says_little() {
        let of = |text: &str| votes(text).total.scores;
        assert_eq!(of("the")[EN], WORD);
        assert!(of("de")[ES] < WORD / 2);
    }
}
