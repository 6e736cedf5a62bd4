//! How one character, or one character with its marks, is folded.
//!
//! Compatibility forms (NFKC), lower case, Latin and Greek accents off, Arabic vowel signs and letter variants,
//! Devanagari nukta and candrabindu, Hebrew points, digits of all scripts to ASCII, enclosed and small-capital letters to letters.
//! The scripts' own letters stay: a Russian word stays Russian.

use unicode_normalization::UnicodeNormalization as _;

use super::script::{Script, script_of};

/// Folds a character with the marks that follow it; what is invisible gives nothing.
pub(crate) fn fold_cluster(cluster: &str, out: &mut String) {
    for composed in cluster.chars().map(unenclose).nfkc() {
        for lower in composed.to_lowercase() {
            fold_lower(lower, out);
        }
    }
}

fn fold_lower(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c);
    } else if is_dropped(c) {
        // invisible characters and vowel signs leave no trace
    } else if let Some(text) = replacement(c) {
        out.push_str(text);
    } else if let Some(digit) = decimal_digit(c) {
        out.push(digit);
    } else if matches!(script_of(c), Script::Latin | Script::Greek) {
        out.extend(std::iter::once(c).nfd().filter(|part| !is_dropped(*part)));
    } else {
        out.push(c);
    }
}

/// Whether a character is left out: default-ignorable characters and marks whose absence is a usual spelling.
pub(crate) fn is_dropped(c: char) -> bool {
    is_invisible(c)
        || matches!(c,
            '\u{0300}'..='\u{036f}'
            | '\u{0591}'..='\u{05c7}'
            | '\u{0610}'..='\u{061a}' | '\u{0640}' | '\u{064b}'..='\u{065f}' | '\u{0670}' | '\u{06d6}'..='\u{06ed}'
            | '\u{093c}'
            | '\u{20d0}'..='\u{20ff}')
}

/// Whether a character has no width at all and no business inside a word.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character imitates a plain letter or digit: mathematical, enclosed, full-width, small capital.
pub(crate) fn is_fancy(c: char) -> bool {
    matches!(c,
        '\u{1d400}'..='\u{1d7ff}'
        | '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}'
        | '\u{1f100}'..='\u{1f189}'
        | '\u{ff01}'..='\u{ff5e}'
        | '\u{1d00}'..='\u{1d25}'
        | '\u{2100}'..='\u{2101}' | '\u{210a}'..='\u{2113}' | '\u{2119}'..='\u{211d}' | '\u{20e3}')
}

/// Squared and circled white-on-black letters have no compatibility mapping of their own.
fn unenclose(c: char) -> char {
    let letter = |base: u32| char::from(b'a' + u8::try_from(c as u32 - base).unwrap_or(0));
    match c {
        '\u{1f150}'..='\u{1f169}' => letter(0x1f150),
        '\u{1f170}'..='\u{1f189}' => letter(0x1f170),
        '\u{24eb}'..='\u{24f4}' => c,
        '\u{2776}'..='\u{277e}' => char::from(b'1' + u8::try_from(c as u32 - 0x2776).unwrap_or(0)),
        '\u{2780}'..='\u{2788}' => char::from(b'1' + u8::try_from(c as u32 - 0x2780).unwrap_or(0)),
        '\u{278a}'..='\u{2792}' => char::from(b'1' + u8::try_from(c as u32 - 0x278a).unwrap_or(0)),
        _ => c,
    }
}

fn replacement(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'þ' => "th",
        'ŋ' => "n",
        'ς' => "σ",
        'ё' => "е",
        'أ' | 'إ' | 'آ' | 'ٱ' => "ا",
        'ى' | 'ئ' | 'ی' => "ي",
        'ة' => "ه",
        'ؤ' => "و",
        'ک' => "ك",
        'ँ' => "ं",
        '‘' | '’' | '‛' | 'ʼ' | '´' => "'",
        '“' | '”' | '„' | '«' | '»' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '−' => "-",
        'ᴀ' => "a",
        'ʙ' => "b",
        'ᴄ' => "c",
        'ᴅ' => "d",
        'ᴇ' => "e",
        'ꜰ' => "f",
        'ɢ' => "g",
        'ʜ' => "h",
        'ɪ' => "i",
        'ᴊ' => "j",
        'ᴋ' => "k",
        'ʟ' => "l",
        'ᴍ' => "m",
        'ɴ' => "n",
        'ᴏ' => "o",
        'ᴘ' => "p",
        'ʀ' => "r",
        'ꜱ' => "s",
        'ᴛ' => "t",
        'ᴜ' => "u",
        'ᴠ' => "v",
        'ᴡ' => "w",
        'ʏ' => "y",
        'ᴢ' => "z",
        '🔟' => "10",
        _ => return None,
    })
}

/// Digits of the scripts in the pack's languages, as ASCII.
fn decimal_digit(c: char) -> Option<char> {
    const ZEROS: [u32; 12] = [0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xe50, 0xed0, 0x1040, 0x17e0];
    let code = c as u32;
    let zero = ZEROS.into_iter().find(|zero| (*zero..*zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}

/// The letter for which a look-alike of another script stands, towards Latin.
pub(crate) fn latin_lookalike(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' => 'c',
        'ԁ' => 'd',
        'е' | 'є' | 'ε' => 'e',
        'һ' | 'н' | 'η' => 'h',
        'і' | 'ι' | 'ї' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'о' | 'ο' | 'σ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => return None,
    })
}

/// The Cyrillic letter for which a Latin look-alike stands.
pub(crate) fn cyrillic_lookalike(c: char) -> Option<char> {
    Some(match c {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'н',
        'i' => 'і',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        fold_cluster(text, &mut out);
        out
    }

    #[test]
    fn spellings_meet() {
        for (one, other) in [
            ("É", "e"),
            ("e\u{301}", "e"),
            ("ß", "ss"),
            ("Ａ", "a"),
            ("𝓥", "v"),
            ("🅰", "a"),
            ("５", "5"),
            ("٥", "5"),
            ("5\u{fe0f}\u{20e3}", "5"),
            ("é", "e"),
            ("đ", "d"),
            ("ế", "e"),
            ("İ", "i"),
            ("ё", "е"),
            ("й", "й"),
            ("и\u{306}", "й"),
            ("أ", "ا"),
            ("ﷲ", "الله"),
            ("\u{200d}", ""),
        ] {
            assert_eq!(folded(one), other, "{one}");
        }
    }
}
