//! The values that conditions may read: `entity.age.min`, `entity.phone.obscured`, …

use std::fmt;

use lapwing_types::Field;

use super::country::Country;
use super::{Detail, Entities, Entity, EntityKind};
use crate::rules::condition::Operand;

/// A value of an entity.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub(crate) enum Value {
    Number(f64),
    Text(String),
    Truth(bool),
}

/// The name of a value. One line of the table below is all that a new path needs besides its reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Path {
    Count(EntityKind),
    PhoneObscured,
    PhoneCountry,
    PhoneValid,
    EmailObscured,
    EmailFree,
    UrlShortened,
    HandlePlatform,
    MoneyAmount,
    MoneyCurrency,
    MoneyPeriod,
    MoneyMonthly,
    AgeLeast,
    AgeMost,
    BirthLeast,
    BirthMost,
    PlaceCountry,
    PlaceCountries,
    HoursPerDay,
    DaysPerWeek,
    HiddenText,
}

const PATHS: [(&str, Path, &str); 30] = [
    ("entity.phone.count", Path::Count(EntityKind::Phone), NUMBER),
    ("entity.phone.obscured", Path::PhoneObscured, TRUTH),
    ("entity.phone.country", Path::PhoneCountry, TEXT),
    ("entity.phone.valid", Path::PhoneValid, TRUTH),
    ("entity.email.count", Path::Count(EntityKind::Email), NUMBER),
    ("entity.email.obscured", Path::EmailObscured, TRUTH),
    ("entity.email.free_mail", Path::EmailFree, TRUTH),
    ("entity.url.count", Path::Count(EntityKind::Url), NUMBER),
    ("entity.url.shortened", Path::UrlShortened, TRUTH),
    ("entity.handle.count", Path::Count(EntityKind::Handle), NUMBER),
    ("entity.handle.platform", Path::HandlePlatform, TEXT),
    ("entity.money.count", Path::Count(EntityKind::Money), NUMBER),
    ("entity.money.amount", Path::MoneyAmount, NUMBER),
    ("entity.money.currency", Path::MoneyCurrency, TEXT),
    ("entity.money.period", Path::MoneyPeriod, TEXT),
    ("entity.money.monthly_usd", Path::MoneyMonthly, NUMBER),
    ("entity.age.min", Path::AgeLeast, NUMBER),
    ("entity.age.max", Path::AgeMost, NUMBER),
    ("entity.age.count", Path::Count(EntityKind::Age), NUMBER),
    ("entity.birth_year.min", Path::BirthLeast, NUMBER),
    ("entity.birth_year.max", Path::BirthMost, NUMBER),
    ("entity.birth_year.count", Path::Count(EntityKind::BirthYear), NUMBER),
    ("entity.date.count", Path::Count(EntityKind::Date), NUMBER),
    ("entity.place.count", Path::Count(EntityKind::Place), NUMBER),
    ("entity.place.country", Path::PlaceCountry, TEXT),
    ("entity.place.countries", Path::PlaceCountries, NUMBER),
    ("entity.hours.per_day", Path::HoursPerDay, NUMBER),
    ("entity.hours.days_per_week", Path::DaysPerWeek, NUMBER),
    ("entity.name.count", Path::Count(EntityKind::Name), NUMBER),
    ("entity.page.hidden_text", Path::HiddenText, TRUTH),
];

const NUMBER: &str = "a number";
const TEXT: &str = "a text";
const TRUTH: &str = "true or false";

impl Path {
    pub(crate) fn parse(written: &str) -> Option<Self> {
        PATHS.iter().find(|(name, _, _)| *name == written).map(|(_, path, _)| *path)
    }

    pub(crate) fn all_names() -> Vec<&'static str> {
        PATHS.iter().map(|(name, _, _)| *name).collect()
    }

    pub(crate) fn value_kind(self) -> &'static str {
        PATHS.iter().find(|(_, path, _)| *path == self).map_or("", |(_, _, kind)| kind)
    }

    pub(crate) fn accepts(self, operand: &Operand) -> bool {
        let given = match operand {
            Operand::Number(_) => NUMBER,
            Operand::Text(_) => TEXT,
            Operand::Truth(_) => TRUTH,
            Operand::Path(other) => other.value_kind(),
        };
        given == self.value_kind()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = PATHS.iter().find(|(_, path, _)| path == self).map_or("entity", |(name, _, _)| name);
        f.write_str(name)
    }
}

impl Entities {
    /// The values of a path; none where the listing has no such entity.
    pub(crate) fn values(&self, path: Path) -> Vec<Value> {
        match path {
            Path::Count(kind) => vec![Value::Number(self.count(kind) as f64)],
            Path::HiddenText => vec![Value::Truth(self.hidden_text)],
            Path::AgeLeast => self.extreme(f64::min, |detail| match detail {
                Detail::Age { least, .. } => Some(*least),
                _ => None,
            }),
            Path::AgeMost => self.extreme(f64::max, |detail| match detail {
                Detail::Age { most, .. } => Some(*most),
                _ => None,
            }),
            Path::BirthLeast => self.extreme(f64::min, |detail| match detail {
                Detail::BirthYear { least, .. } => Some(*least),
                _ => None,
            }),
            Path::BirthMost => self.extreme(f64::max, |detail| match detail {
                Detail::BirthYear { most, .. } => Some(*most),
                _ => None,
            }),
            Path::PlaceCountry => self.place_country().map(of_country).into_iter().collect(),
            Path::PlaceCountries => vec![Value::Number(distinct(self.countries(|_| true)).len() as f64)],
            Path::MoneyAmount => self.extreme(f64::max, |detail| match detail {
                Detail::Money { amount, .. } => Some(*amount),
                _ => None,
            }),
            Path::MoneyMonthly => self.extreme(f64::max, |detail| match detail {
                Detail::Money { monthly_usd, .. } => *monthly_usd,
                _ => None,
            }),
            Path::HoursPerDay => self.extreme(f64::max, |detail| match detail {
                Detail::Hours { per_day, .. } => *per_day,
                _ => None,
            }),
            Path::DaysPerWeek => self.extreme(f64::max, |detail| match detail {
                Detail::Hours { days_per_week, .. } => *days_per_week,
                _ => None,
            }),
            _ => self.found.iter().filter_map(|entity| value(&entity.detail, path)).collect(),
        }
    }

    fn count(&self, kind: EntityKind) -> usize {
        let of_kind = self.found.iter().filter(|entity| entity.detail.kind() == kind);
        if kind != EntityKind::Name {
            return of_kind.count();
        }
        let mut names: Vec<&str> = of_kind
            .filter_map(|entity| match &entity.detail {
                Detail::Name { name } => Some(name.as_str()),
                _ => None,
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        names.len()
    }

    /// The country in which the listing is: of the field for the place, where a country's own name goes before its
    /// towns, else the only one that the text names.
    fn place_country(&self) -> Option<Country> {
        let is_country = |entity: &Entity| matches!(entity.detail, Detail::Place { is_country: true, .. });
        let in_field = |entity: &Entity| entity.span.field == Field::Location;
        let only = |countries: Vec<Country>| (countries.len() == 1).then(|| countries[0]);
        only(distinct(self.countries(|entity| in_field(entity) && is_country(entity))))
            .or_else(|| only(distinct(self.countries(in_field))))
            .or_else(|| only(distinct(self.countries(|_| true))))
    }

    fn countries(&self, wanted: impl Fn(&Entity) -> bool) -> impl Iterator<Item = Country> {
        self.found.iter().filter(move |entity| wanted(entity)).filter_map(|entity| match entity.detail {
            Detail::Place { country, .. } => country,
            _ => None,
        })
    }

    fn extreme(&self, choose: fn(f64, f64) -> f64, read: impl Fn(&Detail) -> Option<f64>) -> Vec<Value> {
        let values = self.found.iter().filter_map(|entity| read(&entity.detail));
        values.reduce(choose).map(Value::Number).into_iter().collect()
    }
}

fn of_country(country: Country) -> Value {
    Value::Text(country.as_str().to_lowercase())
}

fn distinct(countries: impl Iterator<Item = Country>) -> Vec<Country> {
    let mut countries: Vec<Country> = countries.collect();
    countries.sort_unstable();
    countries.dedup();
    countries
}

fn value(detail: &Detail, path: Path) -> Option<Value> {
    match (path, detail) {
        (Path::PhoneObscured, Detail::Phone { obscured, .. })
        | (Path::EmailObscured, Detail::Email { obscured, .. }) => Some(Value::Truth(*obscured)),
        (Path::PhoneCountry, Detail::Phone { country, .. }) => country.map(of_country),
        (Path::PhoneValid, Detail::Phone { valid, .. }) => valid.map(Value::Truth),
        (Path::EmailFree, Detail::Email { free, .. }) => Some(Value::Truth(*free)),
        (Path::UrlShortened, Detail::Url { shortened }) => Some(Value::Truth(*shortened)),
        (Path::HandlePlatform, Detail::Handle { platform }) => Some(Value::Text(platform.as_str().to_string())),
        (Path::MoneyCurrency, Detail::Money { currency, .. }) => {
            currency.map(|currency| Value::Text(currency.to_lowercase()))
        }
        (Path::MoneyPeriod, Detail::Money { period, .. }) => period.map(|period| Value::Text(period.as_str().into())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_read_by_its_own_name() {
        for (name, path, kind) in PATHS {
            assert_eq!(Path::parse(name), Some(path));
            assert_eq!((path.to_string().as_str(), path.value_kind()), (name, kind));
        }
    }
}
