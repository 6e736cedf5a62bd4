//! What an evaluation is asked for, and what of it makes no sense.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use lapwing_types::Band;

use super::document::RankBy;
use crate::config::DetectSettings;
use crate::error::{EngineError, Result};
use crate::input::LabelledInput;

/// What an evaluation is asked for.
#[derive(Debug, Clone)]
pub struct EvaluateRequest {
    /// The labelled listings.
    pub data: LabelledInput,
    /// Files of listings none of which deserves a look.
    pub benign: Vec<PathBuf>,
    /// Files of swap pairs.
    pub swaps: Vec<PathBuf>,
    /// Files of listings that must stay below the line; they are in no other figure.
    pub controls: Vec<PathBuf>,
    /// Slices of the data that must stay below the line.
    pub control_slices: Vec<String>,
    /// Columns by which false positives are told.
    pub attributes: Vec<String>,
    /// Rules and model where none are named.
    pub settings: DetectSettings,
    /// Folders of rules, in order.
    pub rules: Vec<PathBuf>,
    /// Models, `none` for none: the first is evaluated, the others stand beside it in the ablation.
    pub models: Vec<PathBuf>,
    /// The lowest band that counts as flagged.
    pub at: Band,
    /// By what listings are ordered.
    pub rank_by: RankBy,
    /// Shares of listings that deserve a look at which precision is restated; the first goes into every table.
    pub prevalence: Vec<f64>,
    /// How many listings a team can read.
    pub capacity: Option<CapacityAsked>,
    /// How many resamples the intervals rest on; 0 for no such intervals.
    pub bootstrap: u64,
    /// What they follow from.
    pub seed: u64,
    /// The folder of an earlier run.
    pub baseline: Option<PathBuf>,
    /// The folder to write.
    pub out: Option<PathBuf>,
    /// Whether a run that stands there may be replaced.
    pub force: bool,
    /// Whether the report shows titles of listings.
    pub show_text: bool,
}

const MOST_RESAMPLES: u64 = 20_000;

impl EvaluateRequest {
    pub(super) fn check(&self) -> Result<()> {
        if let Some(wrong) = self.prevalence.iter().find(|share| !(**share > 0.0 && **share < 1.0)) {
            let message =
                format!("a prevalence of {wrong} makes no sense; it is a share above 0 and below 1, such as 0.01");
            return Err(EngineError::Request(message));
        }
        if self.bootstrap > MOST_RESAMPLES {
            let message =
                format!("{} resamples are more than the {MOST_RESAMPLES} that make any difference", self.bootstrap);
            return Err(EngineError::Request(message));
        }
        if self.at == Band::None {
            let message = "at the band `none` every listing is flagged; the bands are low, review, high and urgent";
            return Err(EngineError::Request(message.to_string()));
        }
        Ok(())
    }
}

/// How many listings a team can read: so many, or a share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CapacityAsked {
    /// So many.
    Listings(u64),
    /// A share of the set, in percent.
    Percent(f64),
}

impl CapacityAsked {
    /// How many that is of a set.
    pub(super) fn of(self, listings: u64) -> u64 {
        match self {
            Self::Listings(count) => count.min(listings),
            Self::Percent(percent) => ((listings as f64 * percent / 100.0).round() as u64).clamp(1, listings.max(1)),
        }
    }
}

impl fmt::Display for CapacityAsked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listings(count) => write!(f, "{count}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

impl FromStr for CapacityAsked {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let refuse = || format!("`{text}` is neither a count of listings such as 200 nor a share such as 5%");
        let asked = match text.strip_suffix('%') {
            Some(percent) => Self::Percent(percent.trim().parse().map_err(|_| refuse())?),
            None => Self::Listings(text.trim().parse().map_err(|_| refuse())?),
        };
        match asked {
            Self::Listings(0) => Err(refuse()),
            Self::Percent(percent) if !(percent > 0.0 && percent <= 100.0) => Err(refuse()),
            _ => Ok(asked),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capacities_are_counts_or_shares() {
        assert_eq!("200".parse::<CapacityAsked>().unwrap().of(1_000), 200);
        assert_eq!("200".parse::<CapacityAsked>().unwrap().of(50), 50);
        assert_eq!("5%".parse::<CapacityAsked>().unwrap().of(1_000), 50);
        assert_eq!("0.01 %".parse::<CapacityAsked>().unwrap().of(10), 1);
        for wrong in ["0", "-3", "0%", "101%", "many", "NaN%", ""] {
            assert!(wrong.parse::<CapacityAsked>().is_err(), "{wrong}");
        }
    }
}
