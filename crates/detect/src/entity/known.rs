//! What a listing names, for those who link listings or draw maps: numbers in one spelling, places with coordinates.

use lapwing_types::{Listing, Private, Span};

use super::{Detail, Entities, Entity};
use crate::reading::Reading;
use crate::text::identify;

/// A country or town that a listing names.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedPlace {
    /// Where it is named.
    pub span: Span,
    /// The ISO 3166-1 code; `None` where towns of several countries have the name.
    pub country: Option<String>,
    /// Degrees north.
    pub latitude: f32,
    /// Degrees east.
    pub longitude: f32,
}

/// The valid telephone numbers of a listing whose country is known, in E.164 (`+442079460958`), each once.
pub fn phone_numbers(listing: &Listing) -> Vec<Private<String>> {
    let numbers = found_in(listing).into_iter().filter_map(|entity| match entity.detail {
        Detail::Phone { number, .. } => number,
        _ => None,
    });
    let mut numbers: Vec<Private<String>> = numbers.collect();
    numbers.sort_by(|one, other| one.reveal().cmp(other.reveal()));
    numbers.dedup();
    numbers
}

/// The countries and towns that a listing names, in the order of its fields.
pub fn places(listing: &Listing) -> Vec<NamedPlace> {
    let places = found_in(listing).into_iter().filter_map(|entity| match entity.detail {
        Detail::Place { country, at: (latitude, longitude), .. } => {
            Some(NamedPlace { span: entity.span, country: country.map(|code| code.to_string()), latitude, longitude })
        }
        _ => None,
    });
    places.collect()
}

fn found_in(listing: &Listing) -> Vec<Entity> {
    let reading = Reading::of(listing);
    let sample = format!("{}\n{}", listing.title, listing.body);
    let language = identify(&sample, listing.lang.as_deref());
    Entities::of(listing, &reading, &language, false).found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_in_three_spellings_is_one_number() {
        let listing = Listing {
            body: "+44 20 7946 0958, 0044-20-7946-0958, plus forty-four or zero two zero seven nine four six zero nine five eight"
                .into(),
            location: Some("Leeds".into()),
            ..Listing::default()
        };
        let numbers = phone_numbers(&listing);
        assert_eq!(numbers.iter().map(|number| number.reveal().as_str()).collect::<Vec<_>>(), ["+442079460958"]);
    }

    #[test]
    fn a_place_has_coordinates() {
        let listing = Listing { body: "A hotel in Dubai".into(), ..Listing::default() };
        let found = places(&listing);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (&listing.body[found[0].span.start..found[0].span.end], found[0].country.as_deref()),
            ("Dubai", Some("AE"))
        );
        assert!((found[0].longitude - 55.3).abs() < 0.5);
    }
}
