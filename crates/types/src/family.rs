//! The families of indicators.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A family of indicators; the two letters stand in the catalogue's ids (`LB04`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Family {
    /// Sexual exploitation, in the text of an advert.
    Sx,
    /// Sexual exploitation, in the structure across adverts.
    Xs,
    /// Recruitment into sexual exploitation.
    Rs,
    /// Labour exploitation and deceptive job offers.
    Lb,
    /// Domestic servitude.
    Ds,
    /// Forced criminality and scam compounds.
    Fc,
    /// Child risk: always its own lane.
    Ch,
    /// Evasion and opacity.
    Ev,
    /// Counter-indicators, which lower.
    Pr,
}

impl Family {
    /// All families, in the catalogue's order.
    pub const ALL: [Self; 9] =
        [Self::Sx, Self::Xs, Self::Rs, Self::Lb, Self::Ds, Self::Fc, Self::Ch, Self::Ev, Self::Pr];

    /// The two letters.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sx => "SX",
            Self::Xs => "XS",
            Self::Rs => "RS",
            Self::Lb => "LB",
            Self::Ds => "DS",
            Self::Fc => "FC",
            Self::Ch => "CH",
            Self::Ev => "EV",
            Self::Pr => "PR",
        }
    }

    /// The family in words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Sx => "sexual exploitation, advert text",
            Self::Xs => "sexual exploitation, structure across adverts",
            Self::Rs => "recruitment into sexual exploitation",
            Self::Lb => "labour exploitation and deceptive job offers",
            Self::Ds => "domestic servitude",
            Self::Fc => "forced criminality and scam compounds",
            Self::Ch => "child risk",
            Self::Ev => "evasion and opacity",
            Self::Pr => "counter-indicators",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why a text is not a family.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a family; the families are SX, XS, RS, LB, DS, FC, CH, EV and PR")]
pub struct FamilyParseError(String);

impl FromStr for Family {
    type Err = FamilyParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|family| family.as_str() == text);
        found.ok_or_else(|| FamilyParseError(text.chars().take(40).collect()))
    }
}
