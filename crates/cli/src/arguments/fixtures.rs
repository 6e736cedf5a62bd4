//! The words of `lapwing fixtures`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum FixturesCommand {
    /// Write invented labelled listings as JSON lines, as many as a test of scale needs
    Generate(GenerateArguments),
}

#[derive(Debug, Args)]
pub(crate) struct GenerateArguments {
    /// Decides everything: the same seed gives the same bytes
    #[arg(long, default_value_t = 7, value_name = "N")]
    pub(crate) seed: u64,
    /// How many listings
    #[arg(long, value_name = "N")]
    pub(crate) count: u64,
    /// The share that is labelled 1, from 0 to 1
    #[arg(long, default_value_t = 0.1, value_name = "SHARE", allow_negative_numbers = true)]
    pub(crate) positives: f64,
    /// The share that repeats an earlier advert with other names and numbers and a changed word or two, from 0 to 1
    #[arg(long, default_value_t = 0.2, value_name = "SHARE", allow_negative_numbers = true)]
    pub(crate) duplicates: f64,
    /// Their languages, such as en,es; all that there are where none is named
    #[arg(long, value_name = "LANG", value_delimiter = ',')]
    pub(crate) lang: Vec<String>,
    /// The file; standard output where none is named
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Print a summary as JSON; needs --out, for the listings take standard output
    #[arg(long, requires = "out")]
    pub(crate) json: bool,
}
