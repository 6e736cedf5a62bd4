//! Names of countries and towns, read once from the file beside this one. `gazetteer.NOTICE.md` says where they are from.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher as _};
use std::sync::LazyLock;

use super::country::Country;
use super::lexicon::{WordHasher, is_letter};
use crate::text::is_spaceless;

/// A country or town.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) country: Country,
    pub(super) is_country: bool,
    pub(super) latitude: f32,
    pub(super) longitude: f32,
    /// Inhabitants, in thousands.
    pub(super) people: u32,
}

/// One name of one place.
#[derive(Debug, Clone, Copy)]
struct Name {
    start: u32,
    length: u16,
    ordinary: bool,
    place: u32,
}

/// All places, their names sorted for the search.
#[derive(Debug)]
pub(super) struct Gazetteer {
    places: Vec<Place>,
    /// Every name one after the other.
    letters: String,
    names: Vec<Name>,
    /// By hash of a name, one more than its first place in `names`; 0 where the slot is free.
    slots: Vec<u32>,
    /// Hashes of the beginnings, word by word, of names of several words.
    beginnings: HashSet<u64, BuildHasherDefault<WordHasher>>,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Meaning {
    /// The largest place of that name.
    pub(super) place: Place,
    /// The name is an ordinary word, too.
    pub(super) ordinary: bool,
    /// A place of that name in another country is nearly as large.
    pub(super) ambiguous: bool,
}

pub(super) static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::read(include_str!("gazetteer.tsv")));

impl Gazetteer {
    fn read(table: &str) -> Self {
        let mut gazetteer = Self {
            places: Vec::new(),
            letters: String::with_capacity(table.len() * 2),
            names: Vec::new(),
            slots: Vec::new(),
            beginnings: HashSet::default(),
        };
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            gazetteer.add(line);
        }
        gazetteer.names.sort_by(|one, other| {
            let rank = |name: &Name| {
                let place = &gazetteer.places[name.place as usize];
                (!place.is_country, std::cmp::Reverse(place.people))
            };
            gazetteer.letters[one.start as usize..][..one.length as usize]
                .cmp(&gazetteer.letters[other.start as usize..][..other.length as usize])
                .then_with(|| rank(one).cmp(&rank(other)))
        });
        gazetteer.index();
        gazetteer
    }

    /// Makes the tables by which a name is found without a search.
    fn index(&mut self) {
        self.slots = vec![0; (self.names.len() * 2).next_power_of_two().max(2)];
        for at in 0..self.names.len() {
            let name = self.text(&self.names[at]).to_string();
            if at > 0 && self.text(&self.names[at - 1]) == name {
                continue;
            }
            let slot = self.slot(&name);
            self.slots[slot] = u32::try_from(at + 1).unwrap_or(0);
            for (end, _) in name.char_indices().filter(|(_, c)| !is_letter(*c)) {
                self.beginnings.insert(hash(&name[..end]));
            }
        }
    }

    /// Where a name stands in the table, or the free slot where it would.
    fn slot(&self, name: &str) -> usize {
        let most = self.slots.len() - 1;
        let mut slot = hash(name) as usize & most;
        while let Some(first) = (self.slots[slot] as usize).checked_sub(1) {
            if self.text(&self.names[first]) == name {
                break;
            }
            slot = (slot + 1) & most;
        }
        slot
    }

    fn add(&mut self, line: &str) -> Option<()> {
        let mut columns = line.split('\t');
        let is_country = columns.next()? == "C";
        let place = Place {
            country: Country::parse(columns.next()?)?,
            is_country,
            latitude: columns.next()?.parse().ok()?,
            longitude: columns.next()?.parse().ok()?,
            people: columns.next()?.parse().ok()?,
        };
        let number = u32::try_from(self.places.len()).ok()?;
        self.places.push(place);
        for written in columns.next()?.split('|') {
            let name = written.strip_prefix('~');
            let (name, ordinary) = (name.unwrap_or(written), name.is_some());
            self.push(name, ordinary, number);
            if !ordinary {
                for form in declined(name) {
                    self.push(&form, ordinary, number);
                }
            }
        }
        Some(())
    }

    fn push(&mut self, name: &str, ordinary: bool, place: u32) -> Option<()> {
        let (start, length) = (u32::try_from(self.letters.len()).ok()?, u16::try_from(name.len()).ok()?);
        self.letters.push_str(name);
        self.names.push(Name { start, length, ordinary, place });
        Some(())
    }

    fn text(&self, name: &Name) -> &str {
        &self.letters[name.start as usize..][..name.length as usize]
    }

    /// All names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| self.text(name))
    }

    /// What a whole name stands for.
    pub(super) fn meaning(&self, name: &str) -> Option<Meaning> {
        let first = (self.slots[self.slot(name)] as usize).checked_sub(1)?;
        let known = self.names[first..].iter().take_while(|known| self.text(known) == name);
        let mut places = known.map(|known| (self.places[known.place as usize], known.ordinary));
        let (place, ordinary) = places.next()?;
        let ambiguous = !place.is_country
            && places.any(|(other, _)| other.country != place.country && other.people * 2 >= place.people);
        Some(Meaning { place, ordinary, ambiguous })
    }

    /// Whether some name of several words begins with these.
    pub(super) fn continues(&self, words: &str) -> bool {
        self.beginnings.contains(&hash(words))
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = WordHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}

/// The cases in which Russian and Ukrainian adverts name a place, and the Arabic words that are written together with it.
fn declined(name: &str) -> Vec<String> {
    let Some(last) = name.chars().next_back() else { return Vec::new() };
    let with = |stem: &str, endings: &[&str]| endings.iter().map(|ending| format!("{stem}{ending}")).collect();
    let stem = &name[..name.len() - last.len_utf8()];
    match last {
        _ if name.chars().count() < 4 || name.starts_with(is_spaceless) => Vec::new(),
        'а' => with(stem, &["ы", "и", "е", "у", "ой", "і", "ою"]),
        'я' => with(stem, &["и", "е", "ю", "ей", "і", "ї", "ею"]),
        'ь' => with(stem, &["и", "ю", "ью", "я", "е", "ем", "і"]),
        'й' => with(stem, &["я", "ю", "е", "ем", "ї"]),
        'ы' | 'и' => with(stem, &["ах", "ов", "ам", "ами", ""]),
        // Ukrainian: Київ, у Києві; Львів, зі Львова.
        'в' if name.ends_with("їв") || name.ends_with("ів") => {
            let bare = &stem[..stem.len() - 'ї'.len_utf8()];
            with(&format!("{bare}{}", if name.ends_with("їв") { "єв" } else { "ов" }), &["а", "у", "ом", "і"])
        }
        'б'..='щ' => with(name, &["а", "у", "е", "ом", "і", "ові"]),
        'ا'..='ي' => {
            let joined = name.strip_prefix("ال").map_or_else(|| format!("ل{name}"), |bare| format!("لل{bare}"));
            vec![format!("ب{name}"), format!("و{name}"), joined]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(name: &str) -> Option<String> {
        GAZETTEER.meaning(name).map(|meaning| meaning.place.country.to_string())
    }

    #[test]
    fn the_file_is_folded_sorted_and_within_its_size() {
        let table = include_str!("gazetteer.tsv");
        assert!(table.len() <= 1_500_000);
        let lines: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.is_sorted() && lines.len() > 5000);
        assert_eq!(GAZETTEER.places.len(), lines.len());
        for name in GAZETTEER.names().step_by(97) {
            assert_eq!(crate::text::fold(name).text, name);
        }
    }

    #[test]
    fn places_have_names_in_the_languages_of_the_rules() {
        for (name, code) in [
            ("dubai", "AE"),
            ("дубай", "AE"),
            ("دبي", "AE"),
            ("迪拜", "AE"),
            ("ดูไบ", "AE"),
            ("दुबई", "AE"),
            ("moscow", "RU"),
            ("москве", "RU"),
            ("киеве", "UA"),
            ("киев", "UA"),
            ("ho chi minh city", "VN"),
            ("manila", "PH"),
            ("sihanoukville", "KH"),
            ("西港", "KH"),
            ("妙瓦底", "MM"),
            ("myawaddy", "MM"),
            ("poipet", "KH"),
            ("kambodscha", "KH"),
            ("камбоджу", "KH"),
            ("กัมพูชา", "KH"),
            ("campuchia", "KH"),
            ("بالكويت", "KW"),
            ("للكويت", "KW"),
            ("deutschland", "DE"),
            ("estados unidos", "US"),
            ("united arab emirates", "AE"),
            ("वियतनाम", "VN"),
            ("turkiye", "TR"),
            ("pilipinas", "PH"),
            ("缅甸", "MM"),
        ] {
            assert_eq!(country(name).as_deref(), Some(code), "{name}");
        }
        assert_eq!(country("nowhere at all"), None);
    }

    #[test]
    fn doubtful_names_are_marked() {
        assert!(GAZETTEER.meaning("nice").unwrap().ordinary);
        assert!(!GAZETTEER.meaning("dubai").unwrap().ordinary);
        assert!(
            GAZETTEER.meaning("tripoli").unwrap().ambiguous || !GAZETTEER.meaning("tripoli").unwrap().place.is_country
        );
        assert!(GAZETTEER.continues("ho chi") && !GAZETTEER.continues("xyzzy"));
    }

    #[test]
    fn coordinates_are_on_the_globe() {
        assert!(GAZETTEER.places.iter().all(|place| place.latitude.abs() <= 90.0 && place.longitude.abs() <= 180.0));
        let dubai = GAZETTEER.meaning("dubai").unwrap().place;
        assert!((dubai.latitude - 25.1).abs() < 0.5 && dubai.people > 1000);
    }
}
