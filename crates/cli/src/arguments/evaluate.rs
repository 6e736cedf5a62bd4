//! The words of `lapwing evaluate`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use lapwing_engine::{CapacityAsked, Columns, RankBy};
use lapwing_types::Band;

/// How labelled listings of other people are read.
#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// Which column is which field: label=fraudulent, body=description+requirements, kind==job_ad (may be repeated)
    #[arg(long, value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    /// A value of the label that means 1; all others mean 0 (may be repeated)
    #[arg(long, value_name = "VALUE")]
    positive: Vec<String>,
}

impl Reading {
    pub(crate) fn columns(&self) -> anyhow::Result<Columns> {
        Ok(Columns::parse(&self.map, &self.positive)?)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BandArgument {
    Low,
    Review,
    High,
    Urgent,
}

impl From<BandArgument> for Band {
    fn from(argument: BandArgument) -> Self {
        match argument {
            BandArgument::Low => Self::Low,
            BandArgument::Review => Self::Review,
            BandArgument::High => Self::High,
            BandArgument::Urgent => Self::Urgent,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RankByArgument {
    /// By band, then points, then the classifier's number
    Default,
    Points,
    Classifier,
}

impl From<RankByArgument> for RankBy {
    fn from(argument: RankByArgument) -> Self {
        match argument {
            RankByArgument::Default => Self::Default,
            RankByArgument::Points => Self::Points,
            RankByArgument::Classifier => Self::Classifier,
        }
    }
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct EvaluateArguments {
    #[command(subcommand)]
    pub(crate) command: Option<EvaluateCommand>,
    /// Labelled listings: JSON lines, CSV or Parquet, .gz or not, or a folder with a test part (may be repeated)
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub(crate) data: Vec<PathBuf>,
    /// The part of a folder that is read
    #[arg(long, value_name = "NAME", default_value = "test")]
    pub(crate) split: String,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Listings none of which deserves a look (may be repeated)
    #[arg(long, value_name = "FILE")]
    pub(crate) benign: Vec<PathBuf>,
    /// Pairs of adverts that differ in who is meant; their bands must agree (may be repeated)
    #[arg(long, value_name = "FILE")]
    pub(crate) swaps: Vec<PathBuf>,
    /// Listings that must stay below the line; they count in no other figure (may be repeated)
    #[arg(long, value_name = "FILE")]
    pub(crate) control: Vec<PathBuf>,
    /// A slice of the data that must stay below the line (may be repeated)
    #[arg(long, value_name = "SLICE")]
    pub(crate) control_slice: Vec<String>,
    /// A column by whose values false positives are compared (may be repeated)
    #[arg(long, value_name = "COLUMN")]
    pub(crate) attribute: Vec<String>,
    /// A folder of rules in place of the program's own (may be repeated: packs in order)
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Vec<PathBuf>,
    /// A model's folder in place of the program's own, or none; further ones stand beside it in the ablation
    #[arg(long, value_name = "DIR|none")]
    pub(crate) model: Vec<PathBuf>,
    /// The lowest band that counts as flagged
    #[arg(long, value_enum, default_value = "review", value_name = "BAND")]
    pub(crate) at: BandArgument,
    /// By what listings are ordered
    #[arg(long, value_enum, default_value = "default", value_name = "SCORE")]
    pub(crate) rank_by: RankByArgument,
    /// A share of listings that deserve a look at which precision is restated (may be repeated)
    #[arg(long, value_name = "SHARE", default_value = "0.01")]
    pub(crate) prevalence: Vec<f64>,
    /// How many listings of this set a team can read: 200, or 5%
    #[arg(long, value_name = "N|P%")]
    pub(crate) capacity: Option<CapacityAsked>,
    /// How many resamples the intervals rest on; 0 for none
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) bootstrap: u64,
    /// What the resamples follow from
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    /// An earlier run to compare with
    #[arg(long, value_name = "RUN")]
    pub(crate) baseline: Option<PathBuf>,
    /// The folder to write: run.json, listings.csv, rules.csv, report.html
    #[arg(long, short, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Replace an earlier run in that folder
    #[arg(long)]
    pub(crate) force: bool,
    /// Leave titles of listings out of the report
    #[arg(long)]
    pub(crate) without_text: bool,
    /// Print run.json
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EvaluateCommand {
    /// Compare two runs over the same listings
    Diff(DiffArguments),
}

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// The earlier run's folder
    pub(crate) first: PathBuf,
    /// The later run's folder
    pub(crate) second: PathBuf,
    /// How many resamples the intervals rest on; 0 for none
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) bootstrap: u64,
    /// What the resamples follow from
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}
