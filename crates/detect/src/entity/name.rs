//! Given names, to count how many persons one advert presents.
//!
//! A short list of names that are hardly ever other words; only capitalised ones count, since the list serves to see
//! rosters ("Anna, Mia and Lola"), not to identify anybody.

use super::{Detail, FoldedEntity};
use crate::text::Folded;

const NAMES: [&str; 96] = [
    "adriana",
    "agnes",
    "aisha",
    "alejandra",
    "alexandra",
    "alice",
    "alicia",
    "alina",
    "alisa",
    "amanda",
    "amina",
    "ana",
    "anastasia",
    "andrea",
    "angela",
    "angelica",
    "anita",
    "anna",
    "antonia",
    "bianca",
    "camila",
    "carla",
    "carmen",
    "carolina",
    "catalina",
    "chloe",
    "clara",
    "claudia",
    "cristina",
    "daniela",
    "daria",
    "diana",
    "elena",
    "elisa",
    "ella",
    "emilia",
    "emma",
    "erika",
    "eva",
    "fatima",
    "gabriela",
    "giulia",
    "helena",
    "ines",
    "irina",
    "isabel",
    "isabella",
    "jasmine",
    "jennifer",
    "jessica",
    "julia",
    "juliana",
    "karina",
    "katarina",
    "katya",
    "kim",
    "lara",
    "larisa",
    "laura",
    "leila",
    "lena",
    "lina",
    "linda",
    "lola",
    "lucia",
    "luisa",
    "maria",
    "mariana",
    "marina",
    "marta",
    "maya",
    "mia",
    "michelle",
    "monica",
    "nadia",
    "natalia",
    "natasha",
    "nicole",
    "nina",
    "oksana",
    "olga",
    "patricia",
    "paula",
    "petra",
    "sabrina",
    "sandra",
    "sara",
    "sofia",
    "sonia",
    "svetlana",
    "tanya",
    "tatiana",
    "valentina",
    "vanessa",
    "veronica",
    "victoria",
];
const CYRILLIC_NAMES: [&str; 20] = [
    "анна",
    "алина",
    "алиса",
    "анастасия",
    "виктория",
    "дарья",
    "диана",
    "екатерина",
    "елена",
    "ирина",
    "карина",
    "катя",
    "лена",
    "марина",
    "мария",
    "наташа",
    "оксана",
    "ольга",
    "светлана",
    "юлия",
];

pub(super) fn find<'a>(text: &Folded, original: &dyn Fn(usize, usize) -> &'a str, found: &mut Vec<FoldedEntity>) {
    let folded = text.text.as_str();
    for word in folded.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() >= 3) {
        if NAMES.binary_search(&word).is_err() && !CYRILLIC_NAMES.contains(&word) {
            continue;
        }
        let start = word.as_ptr() as usize - folded.as_ptr() as usize;
        let end = start + word.len();
        let (original_start, original_end) = text.original(start, end);
        if original(original_start, original_end).starts_with(char::is_uppercase) {
            found.push(FoldedEntity { start, end, detail: Detail::Name { name: word.to_string() } });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_for_the_search() {
        let mut sorted = NAMES;
        sorted.sort_unstable();
        let mut swapped: Vec<_> = NAMES.iter().zip(sorted).filter(|(one, other)| **one != *other).collect();
        swapped.truncate(2);
        assert!(swapped.is_empty(), "{swapped:?}");
    }

    #[test]
    fn capitalised_names_count() {
        let text = "Anna, Mia and Лена; not a mia";
        let folded = crate::text::fold(text);
        let mut found = Vec::new();
        find(&folded, &|start, end| &text[start..end], &mut found);
        assert_eq!(found.len(), 3);
    }
}
