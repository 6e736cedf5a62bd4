//! The values that conditions may read: `entity.age.min`, `entity.phone.obscured`, …

use std::fmt;

use super::{Detail, Entities, EntityKind};
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
    EmailObscured,
    EmailFree,
    UrlShortened,
    HandlePlatform,
    MoneyAmount,
    MoneyCurrency,
    MoneyMonthly,
    AgeLeast,
    AgeMost,
    HoursPerDay,
    DaysPerWeek,
    HiddenText,
}

const PATHS: [(&str, Path, &str); 21] = [
    ("entity.phone.count", Path::Count(EntityKind::Phone), NUMBER),
    ("entity.phone.obscured", Path::PhoneObscured, TRUTH),
    ("entity.phone.country", Path::PhoneCountry, TEXT),
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
    ("entity.money.monthly_usd", Path::MoneyMonthly, NUMBER),
    ("entity.age.min", Path::AgeLeast, NUMBER),
    ("entity.age.max", Path::AgeMost, NUMBER),
    ("entity.age.count", Path::Count(EntityKind::Age), NUMBER),
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

    fn extreme(&self, choose: fn(f64, f64) -> f64, read: impl Fn(&Detail) -> Option<f64>) -> Vec<Value> {
        let values = self.found.iter().filter_map(|entity| read(&entity.detail));
        values.reduce(choose).map(Value::Number).into_iter().collect()
    }
}

fn value(detail: &Detail, path: Path) -> Option<Value> {
    match (path, detail) {
        (Path::PhoneObscured, Detail::Phone { obscured, .. })
        | (Path::EmailObscured, Detail::Email { obscured, .. }) => Some(Value::Truth(*obscured)),
        (Path::PhoneCountry, Detail::Phone { country, .. }) => country.map(|code| Value::Text(code.to_lowercase())),
        (Path::EmailFree, Detail::Email { free, .. }) => Some(Value::Truth(*free)),
        (Path::UrlShortened, Detail::Url { shortened }) => Some(Value::Truth(*shortened)),
        (Path::HandlePlatform, Detail::Handle { platform }) => Some(Value::Text(platform.as_str().to_string())),
        (Path::MoneyCurrency, Detail::Money { currency, .. }) => Some(Value::Text(currency.to_lowercase())),
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
