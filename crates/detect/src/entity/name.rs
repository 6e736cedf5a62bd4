//! Given names, to count how many persons one advert presents.
//!
//! A short list of names that are hardly ever other words; only capitalised ones count, since the list serves to see
//! rosters ("Anna, Mia and Lola"), not to identify anybody.

use super::scan::{Marks, Sense};
use super::{Detail, FoldedEntity, Surroundings};

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

/// The names.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().chain(CYRILLIC_NAMES)
}

pub(super) fn find(around: &Surroundings<'_>, marks: &Marks, found: &mut Vec<FoldedEntity>) {
    for mark in marks.of(Sense::NAME) {
        let word = &around.text()[mark.start..mark.end];
        let is_name = NAMES.binary_search(&word).is_ok() || CYRILLIC_NAMES.contains(&word);
        if is_name && around.is_capitalised(mark.start, mark.end) {
            found.push(FoldedEntity {
                start: mark.start,
                end: mark.end,
                detail: Detail::Name { name: word.to_string() },
            });
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
        let found = crate::entity::tests::seen_by("Anna, Mia and Лена; not a mia", find);
        assert_eq!(found.len(), 3);
    }
}
