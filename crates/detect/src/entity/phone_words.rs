//! Telephone numbers in words of six languages, alone or mixed with digits: `zero seven 7 double 0 …`, `ноль семь
//! девятьсот двенадцать`, `zéro six trente-neuf …`.

use std::sync::LazyLock;

use super::lexicon::Lexicon;
use super::phone::DIGITS;
use super::phone_country::{self, Regions};
use super::scan::{Marks, Sense};
use super::{Detail, FoldedEntity};

/// What a word adds to a number read aloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spoken {
    /// 0 to 9.
    Digit(u8),
    /// 10 to 19.
    Teen(u8),
    /// 20 to 90; a digit may follow.
    Tens(u8),
    /// 100 to 900, as Russian says three digits; tens and a digit may follow.
    Hundreds(u16),
    /// The next digit twice or three times.
    Repeat(u8),
}
use Spoken::{Digit, Hundreds, Repeat, Teen, Tens};

/// English, Spanish, French, German, Portuguese, Russian; folded.
const WORDS: &[(&str, Spoken)] = &[
    ("zero oh nought cero null ноль нуль нол ноля", Digit(0)),
    ("one uno una un une eins ein um uma один", Digit(1)),
    ("two dos deux zwei zwo dois duas два две", Digit(2)),
    ("three tres trois drei три", Digit(3)),
    ("four cuatro quatre vier quatro четыре", Digit(4)),
    ("five cinco cinq funf fuenf пять", Digit(5)),
    ("six seis sechs шесть meia", Digit(6)),
    ("seven siete sept sieben sete семь", Digit(7)),
    ("eight ocho huit acht oito восемь", Digit(8)),
    ("nine nueve neuf neun nove девять", Digit(9)),
    ("ten diez dix zehn dez десять", Teen(10)),
    ("eleven once onze elf одиннадцать", Teen(11)),
    ("twelve doce douze zwolf zwoelf doze двенадцать", Teen(12)),
    ("thirteen trece treize dreizehn treze тринадцать", Teen(13)),
    ("fourteen catorce quatorze vierzehn catorze четырнадцать", Teen(14)),
    ("fifteen quince quinze funfzehn fuenfzehn пятнадцать", Teen(15)),
    ("sixteen dieciseis seize sechzehn dezesseis шестнадцать", Teen(16)),
    ("seventeen diecisiete siebzehn dezessete семнадцать", Teen(17)),
    ("eighteen dieciocho achtzehn dezoito восемнадцать", Teen(18)),
    ("nineteen diecinueve neunzehn dezenove девятнадцать", Teen(19)),
    ("twenty veinte vingt vingts zwanzig vinte двадцать", Tens(20)),
    ("thirty treinta trente dreissig trinta тридцать", Tens(30)),
    ("forty cuarenta quarante vierzig quarenta сорок", Tens(40)),
    ("fifty cincuenta cinquante funfzig fuenfzig cinquenta пятьдесят", Tens(50)),
    ("sixty sesenta soixante sechzig sessenta шестьдесят", Tens(60)),
    ("seventy setenta siebzig семьдесят", Tens(70)),
    ("eighty ochenta achtzig oitenta восемьдесят", Tens(80)),
    ("ninety noventa neunzig девяносто", Tens(90)),
    ("сто", Hundreds(100)),
    ("двести", Hundreds(200)),
    ("триста", Hundreds(300)),
    ("четыреста", Hundreds(400)),
    ("пятьсот", Hundreds(500)),
    ("шестьсот", Hundreds(600)),
    ("семьсот", Hundreds(700)),
    ("восемьсот", Hundreds(800)),
    ("девятьсот", Hundreds(900)),
    ("double doble doppel duplo dobro двойной дважды", Repeat(2)),
    ("triple treble dreifach triplo тройной трижды", Repeat(3)),
];

static SPOKEN: LazyLock<Lexicon<Spoken>> = LazyLock::new(|| Lexicon::new(WORDS));

/// The words that may begin a number.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    WORDS.iter().flat_map(|(words, _)| words.split(' '))
}

/// A number needs this many words; with fewer it is written in digits.
const LEAST_WORDS: usize = 3;
/// Words of one number stand this close.
const LARGEST_GAP: usize = 4;

/// One piece of a number: a word or a few digits.
#[derive(Clone, Copy)]
enum Piece<'a> {
    Word(Spoken),
    Written(&'a str),
}

pub(super) fn find(text: &str, marks: &Marks, regions: &Regions, found: &mut Vec<FoldedEntity>) {
    if marks.of(Sense::DIGIT).nth(LEAST_WORDS - 1).is_none() {
        return;
    }
    let spoken = marks.of(Sense::DIGIT).filter_map(|mark| {
        SPOKEN.word(&text[mark.start..mark.end]).map(|word| (mark.start, mark.end, Piece::Word(word)))
    });
    let written = marks.digits.iter().filter(|(start, end)| end - start <= 4);
    let written = written.map(|(start, end)| (*start, *end, Piece::Written(&text[*start..*end])));
    let mut pieces: Vec<(usize, usize, Piece<'_>)> = spoken.chain(written).collect();
    pieces.sort_unstable_by_key(|(start, _, _)| *start);
    let mut from = 0;
    for at in 1..=pieces.len() {
        let joined = pieces.get(at).is_some_and(|(start, _, _)| {
            let between = &text[pieces[at - 1].1..*start];
            between.len() <= LARGEST_GAP && !between.contains(|c: char| c.is_alphanumeric() || c == '\n')
        });
        if !joined {
            close(&pieces[from..at], regions, found);
            from = at;
        }
    }
}

fn close(run: &[(usize, usize, Piece<'_>)], regions: &Regions, found: &mut Vec<FoldedEntity>) {
    let spelled = run.iter().filter(|(_, _, piece)| matches!(piece, Piece::Word(_))).count();
    let (Some((start, _, _)), Some((_, end, _))) = (run.first(), run.last()) else { return };
    if spelled < LEAST_WORDS {
        return;
    }
    let number = dictate(run.iter().map(|(_, _, piece)| *piece));
    if DIGITS.contains(&number.len()) {
        found.retain(|entity| {
            entity.end <= *start || entity.start >= *end || !matches!(entity.detail, Detail::Phone { .. })
        });
        let detail = phone_country::detail(&number, true, regions);
        found.push(FoldedEntity { start: *start, end: *end, detail });
    }
}

/// Writes the digits down as somebody would who hears the number.
fn dictate<'a>(pieces: impl Iterator<Item = Piece<'a>>) -> String {
    let mut number = String::new();
    let mut open: u16 = 0; // tens or hundreds that wait for what follows
    let mut times = 1;
    for piece in pieces {
        let (value, most) = match piece {
            Piece::Word(Digit(digit)) => (u16::from(digit), 10),
            Piece::Word(Teen(teen)) => (u16::from(teen), 20),
            Piece::Word(Tens(tens)) => (u16::from(tens), 100),
            Piece::Word(Hundreds(hundreds)) => (hundreds, 1000),
            Piece::Word(Repeat(repeat)) => {
                write(&mut number, &mut open);
                times = repeat;
                continue;
            }
            Piece::Written(digits) => {
                write(&mut number, &mut open);
                let (first, rest) = digits.split_at(1);
                number.extend(std::iter::repeat_n(first, usize::from(times)));
                number.push_str(rest);
                times = 1;
                continue;
            }
        };
        // French counts 70 and 90 as sixty-ten and four-twenty-ten, and 80 as four-twenty.
        let four_twenties = value == 20 && open == 0 && number.ends_with('4') && most == 100;
        if four_twenties {
            number.pop();
            open = 80;
        } else if open != 0
            && value != 0
            && (most == 10 && open.is_multiple_of(10)
                || most == 20 && matches!(open, 60 | 80)
                || most <= 100 && open.is_multiple_of(100) && open >= 100)
        {
            open += value;
        } else {
            write(&mut number, &mut open);
            if most == 10 {
                number.extend(std::iter::repeat_n(value.to_string(), usize::from(times)));
            } else {
                open = value;
            }
        }
        times = 1;
    }
    write(&mut number, &mut open);
    number
}

fn write(number: &mut String, open: &mut u16) {
    if *open != 0 {
        number.push_str(&open.to_string());
        *open = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::scan::scan;
    use crate::text::fold;

    fn seen(text: &str) -> Vec<String> {
        let folded = fold(text);
        let mut found = Vec::new();
        find(&folded.text, &scan(&folded.text), &Regions::default(), &mut found);
        found.iter().map(|entity| folded.text[entity.start..entity.end].to_string()).collect()
    }

    fn dictated(text: &str) -> String {
        let piece = |word: &'static str| SPOKEN.word(word).map_or(Piece::Written(word), Piece::Word);
        let words: Vec<&'static str> = WORDS.iter().flat_map(|(words, _)| words.split(' ')).collect();
        let known = |word: &str| words.iter().copied().find(|known| *known == word);
        let digits = ["0", "7", "44", "900"];
        let pieces = text.split([' ', '-']).map(|word| {
            piece(known(word).or_else(|| digits.into_iter().find(|digits| *digits == word)).expect("a known word"))
        });
        dictate(pieces)
    }

    #[test]
    fn numbers_are_written_down_as_they_are_said() {
        for (said, number) in [
            ("zero seven 7 double 0 900 one two three", "07700900123"),
            ("triple five zero one", "55501"),
            ("zero six trente neuf quatre-vingt-dix-huit zero zero douze", "0639980012"),
            ("soixante dix vingt un cinq", "70215"),
            ("девятьсот двенадцать сто двадцать три сорок пять", "91212345"),
            ("double 44 seven", "4447"),
        ] {
            assert_eq!(dictated(said), number, "{said}");
        }
    }

    #[test]
    fn every_language_is_heard() {
        for text in [
            "zero seven seven zero zero nine zero zero one two three",
            "siete siete cero cero nueve cero cero",
            "zéro six trente-neuf quatre-vingt-dix-huit zéro zéro douze",
            "null eins sieben eins drei neun zwei null null",
            "zero sete sete zero zero nove zero zero um",
            "ноль семь семь ноль ноль девять ноль ноль один",
            "oh seven 7 double 0 nine triple 0 1",
        ] {
            assert_eq!(seen(text), [fold(text).text], "{text}");
        }
    }

    #[test]
    fn counting_words_are_no_number() {
        for text in
            ["one or two years, three rooms, four beds", "zwei drei vier", "un deux trois\nquatre cinq six sept"]
        {
            assert!(seen(text).is_empty(), "{text}");
        }
    }
}
