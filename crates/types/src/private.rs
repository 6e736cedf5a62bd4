//! A value that must not reach a log, a metric or a screen by accident.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// Holds a contact or another personal value. It prints as `…`, cannot be serialised, and is read only through
/// [`Private::reveal`], so that each place that shows one can be found by that word.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Puts a value behind the screen.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value in the clear. The caller answers for where it goes.
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Private(…)")
    }
}

impl<T> fmt::Display for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Private<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_debug_nor_display_shows_the_value() {
        let contact = Private::new("+44 20 7946 0958");
        assert!(!format!("{contact} {contact:?}").contains("7946"));
        assert_eq!(*contact.reveal(), "+44 20 7946 0958");
    }
}
