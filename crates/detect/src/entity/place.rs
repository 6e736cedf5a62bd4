//! Countries and towns that a text names.
//!
//! A name counts where it is written with a capital letter or after a word for "in"; one that is an ordinary word needs
//! both. In the field for the place every name counts.

use std::sync::LazyLock;

use super::gazetteer::{GAZETTEER, Meaning};
use super::lexicon::{Lexicon, before, word_at};
use super::scan::{Marks, Sense};
use super::{Detail, FoldedEntity, Surroundings, overlaps};
use crate::text::is_spaceless;

static IN: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    Lexicon::new(&[(
        "in to at from near around en a de desde hasta para hacia cerca_de por nach aus bei ab fur uber zu au aux d' pres_de vers depuis chez em no na nos do da \
         ate в во из до на под около возле у з із зі від біля ke di dari dekat sa mula_sa papuntang tai o di tu den qua sang في الى من إلى ب ل قرب में से 在 去 到 来 往 从 至 赴 \
         ที่ ใน ไป จาก แถว abroad_in city_of ciudad_de город г г. м. ville_de",
        (),
    )])
});
/// What marks the character before it as part of a place's name, in Chinese.
const AFTER_HAN: [char; 8] = ['市', '省', '县', '区', '州', '城', '国', '港'];
/// The most words of a name.
const MOST_WORDS: usize = 4;

pub(super) fn find(around: &Surroundings<'_>, marks: &Marks, is_place_field: bool, found: &mut Vec<FoldedEntity>) {
    let text = around.text();
    let mut read_until = 0;
    for mark in marks.of(Sense::PLACE) {
        if mark.start < read_until {
            continue;
        }
        let Some((end, meaning)) = longest(text, mark.start, mark.end) else { continue };
        let beside = text[..mark.start].ends_with(['@', '_', '/', '#']) || text[end..].starts_with(['@', '_']);
        if (is_place_field || is_meant(around, mark.start, end, meaning))
            && !beside
            && !overlaps(found, mark.start, end)
        {
            let country = (!meaning.ambiguous).then_some(meaning.place.country);
            let at = (meaning.place.latitude, meaning.place.longitude);
            let detail = Detail::Place { country, is_country: meaning.place.is_country, at };
            found.push(FoldedEntity { start: mark.start, end, detail });
            read_until = end;
        }
    }
}

/// The longest name that begins at a word.
fn longest(text: &str, start: usize, first_end: usize) -> Option<(usize, Meaning)> {
    if text[start..].starts_with(is_spaceless) {
        return GAZETTEER.meaning(&text[start..first_end]).map(|meaning| (first_end, meaning));
    }
    let mut best = None;
    let mut end = first_end;
    for words in 1..=MOST_WORDS {
        if let Some(meaning) = GAZETTEER.meaning(&text[start..end]) {
            best = Some((end, meaning));
        }
        let next = text[end..].strip_prefix([' ', '-', '.', '\'']).map_or("", word_at);
        if next.is_empty() || words == MOST_WORDS || !GAZETTEER.continues(&text[start..end]) {
            break;
        }
        end += 1 + next.len();
    }
    best
}

fn is_meant(around: &Surroundings<'_>, start: usize, end: usize, meaning: Meaning) -> bool {
    let text = around.text();
    let head = before(text, start, 16);
    if text[start..].starts_with(is_spaceless) {
        return !meaning.ordinary || IN.ends(head).is_some() || text[end..].starts_with(AFTER_HAN);
    }
    let announced = || IN.ends(head.trim_end_matches([' ', ':'])).is_some();
    let has_case = text[start..].starts_with(|c: char| c.is_ascii_lowercase() || ('а'..='ӿ').contains(&c));
    let capital = !has_case || around.is_capitalised(start, end);
    if meaning.ordinary { capital && announced() && head.ends_with(' ') } else { capital || announced() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::tests::seen_by;

    fn seen_in(text: &str, is_place_field: bool) -> Vec<(String, String)> {
        let found = seen_by(text, |around, marks, found| find(around, marks, is_place_field, found));
        let countries = found.into_iter().map(|(text, detail)| match detail {
            Detail::Place { country, .. } => (text, country.map_or("?".to_string(), |country| country.to_string())),
            _ => unreachable!("only places are found here"),
        });
        countries.collect()
    }

    #[test]
    fn places_in_running_text() {
        for (text, place, country) in [
            ("Work in Dubai now", "dubai", "AE"),
            ("work in dubai now", "dubai", "AE"),
            ("flats in Ho Chi Minh City", "ho chi minh city", "VN"),
            ("a hotel in Nice, France", "nice", "FR"),
            ("Trabajo en Alemania", "alemania", "DE"),
            ("Travail à Bruxelles", "bruxelles", "BE"),
            ("Arbeit in Österreich", "osterreich", "AT"),
            ("работа в Москве", "москве", "RU"),
            ("Робота в Києві", "києві", "UA"),
            ("诚聘柬埔寨打字员", "柬埔寨", "KH"),
            ("去西港工作", "西港", "KH"),
            ("งานกัมพูชา", "กัมพูชา", "KH"),
            ("việc làm tại Campuchia", "campuchia", "KH"),
            ("kerja di Kamboja", "kamboja", "KH"),
            ("trabaho sa Dubai", "dubai", "AE"),
            ("عمل في الكويت", "الكويت", "KW"),
            ("دبي तक", "دبي", "AE"),
            ("दुबई में काम", "दुबई", "AE"),
            ("Antalya'da iş", "antalya", "TR"),
        ] {
            assert!(
                seen_in(text, false).contains(&(place.to_string(), country.to_string())),
                "{text}: {:?}",
                seen_in(text, false)
            );
        }
    }

    #[test]
    fn ordinary_words_are_no_places() {
        for text in [
            "nice pay, good reading",
            "Nice pay",
            "mobile phone",
            "Jordan is our chef",
            "das Essen ist gut",
            "mucho sol y playa",
            "мирный район",
            "世界工厂",
            "the union of china",
            "bar and split shifts",
            "@dubai_example",
            "как победа",
        ] {
            let found = seen_in(text, false);
            assert!(found.is_empty(), "{text}: {found:?}");
        }
    }

    #[test]
    fn every_name_counts_in_the_field_for_it() {
        assert_eq!(seen_in("nice", true), [("nice".to_string(), "FR".to_string())]);
        assert_eq!(seen_in("Bangkok, TH", true)[0].1, "TH");
    }
}
