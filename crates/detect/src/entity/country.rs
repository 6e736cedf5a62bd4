//! A country by its ISO 3166-1 alpha-2 code.

use std::fmt;

/// Two capital letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Country([u8; 2]);

impl Country {
    /// Reads a code in either case.
    pub(crate) fn parse(code: &str) -> Option<Self> {
        let [first, second] = *code.as_bytes() else { return None };
        let letters = first.is_ascii_alphabetic() && second.is_ascii_alphabetic();
        letters.then(|| Self([first.to_ascii_uppercase(), second.to_ascii_uppercase()]))
    }

    /// The code.
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("two ASCII letters")
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_letters_are_a_code() {
        assert_eq!(Country::parse("mx").unwrap().to_string(), "MX");
        for text in ["", "m", "mex", "m1", "é"] {
            assert_eq!(Country::parse(text), None, "{text}");
        }
    }
}
