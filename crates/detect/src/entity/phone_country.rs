//! From which country a telephone number is, and whether it can exist there, by the numbering plans of the
//! `rlibphonenumber` crate. They are loaded with the first candidate and asked only about candidates.

use lapwing_types::Private;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, enums::Region};

use super::Detail;
use super::country::Country;

/// Countries whose national way of writing is tried where a number has no country code, the likeliest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Regions(Vec<Country>);

/// More guesses than this make a wrong one likely.
const MOST_GUESSES: usize = 3;

impl Regions {
    /// By the places that the listing names, then by its language.
    pub(super) fn of(places: impl IntoIterator<Item = Country>, language: Option<&str>) -> Self {
        let mut regions: Vec<Country> = Vec::new();
        for country in places.into_iter().chain(language.and_then(country_of_language)) {
            if !regions.contains(&country) && regions.len() < MOST_GUESSES {
                regions.push(country);
            }
        }
        Self(regions)
    }
}

/// The country of a language tag: its region (`pt-BR`), or where nearly all who write the language live.
fn country_of_language(tag: &str) -> Option<Country> {
    let mut parts = tag.split(['-', '_']);
    let language = parts.next()?;
    if let Some(region) = parts.find(|part| part.len() == 2) {
        return Country::parse(region);
    }
    Country::parse(match language {
        "de" => "DE",
        "fr" => "FR",
        "hi" => "IN",
        "id" => "ID",
        "km" => "KH",
        "my" => "MM",
        "ru" => "RU",
        "th" => "TH",
        "tl" => "PH",
        "tr" => "TR",
        "uk" => "UA",
        "vi" => "VN",
        "zh" => "CN",
        _ => return None,
    })
}

/// What is known of a number.
pub(super) fn detail(written: &str, obscured: bool, regions: &Regions) -> Detail {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let is_international = written.trim_start().trim_start_matches('(').starts_with('+');
    let international = if is_international {
        Some(digits.as_str())
    } else {
        digits.strip_prefix("00").filter(|rest| !rest.starts_with('0'))
    };
    let known = match international {
        Some(number) => with_country_code(number),
        None => regions.0.iter().find_map(|country| nationally_in(*country, &digits)),
    };
    let Some((country, valid, number)) = known else {
        return Detail::Phone { obscured, country: None, valid: None, number: None };
    };
    Detail::Phone { obscured, country, valid: Some(valid), number: number.map(Private::new) }
}

type Known = (Option<Country>, bool, Option<String>);

fn with_country_code(digits: &str) -> Option<Known> {
    let plans = &*PHONE_NUMBER_UTIL;
    let Ok(number) = plans.parse(format!("+{digits}"), None) else { return Some((None, false, None)) };
    let valid = plans.is_valid_number(&number);
    let region =
        plans.get_region_for_number(&number).or_else(|| plans.get_region_for_country_code(number.country_code));
    let written = valid.then(|| plans.format(&number, PhoneNumberFormat::E164).to_string());
    Some((region.and_then(|region| Country::parse(region.as_region_str().as_str())), valid, written))
}

/// Only a valid number says that the guess was right.
fn nationally_in(country: Country, digits: &str) -> Option<Known> {
    let plans = &*PHONE_NUMBER_UTIL;
    let region = Region::try_from(country.as_str()).ok()?;
    let number = plans.parse(digits, Some(region)).ok()?;
    let valid = plans.is_valid_number_for_region(&number, region);
    valid.then(|| (Some(country), true, Some(plans.format(&number, PhoneNumberFormat::E164).to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(written: &str, regions: &Regions) -> (Option<String>, Option<bool>, Option<String>) {
        let Detail::Phone { country, valid, number, .. } = detail(written, false, regions) else { unreachable!() };
        (country.map(|country| country.to_string()), valid, number.map(|number| number.reveal().clone()))
    }

    fn of(country: &str, valid: bool, number: Option<&str>) -> (Option<String>, Option<bool>, Option<String>) {
        (Some(country.to_string()), Some(valid), number.map(str::to_string))
    }

    #[test]
    fn a_country_code_says_the_country() {
        let none = Regions::default();
        assert_eq!(known("+44 20 7946 0958", &none), of("GB", true, Some("+442079460958")));
        assert_eq!(known("0033 6 39 98 12 34", &none), of("FR", false, None));
        assert_eq!(known("(+1) 202 555 0143", &none), of("US", true, Some("+12025550143")));
        assert_eq!(known("+380 44 000", &none), of("UA", false, None));
        assert_eq!(known("+999 999 9999", &none), (None, Some(false), None));
    }

    #[test]
    fn a_national_number_is_of_the_place_where_it_is_valid() {
        let none = Regions::default();
        assert_eq!(known("06 39 98 12 34", &none), (None, None, None));
        let britain = Regions::of(Country::parse("GB"), None);
        assert_eq!(known("020 7946 0958", &britain), of("GB", true, Some("+442079460958")));
        let by_region = Regions::of(None, Some("en-us"));
        assert_eq!(known("(202) 555-0143", &by_region), of("US", true, Some("+12025550143")));
        let germany = Regions::of(None, Some("de"));
        assert_eq!(known("030 23125 111", &germany), of("DE", true, Some("+493023125111")));
        assert_eq!(known("0000000", &britain), (None, None, None));
    }

    #[test]
    fn the_place_goes_before_the_language_and_both_may_be_unknown() {
        let regions = Regions::of([Country::parse("MM"), Country::parse("TH")].into_iter().flatten(), Some("zh"));
        assert_eq!(regions.0.iter().map(ToString::to_string).collect::<Vec<_>>(), ["MM", "TH", "CN"]);
        assert!(Regions::of(None, Some("es")).0.is_empty());
    }
}
