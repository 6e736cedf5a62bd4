//! The words of the command line.

mod evaluate;
mod fixtures;
mod rules;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use evaluate::{DiffArguments, EvaluateArguments, EvaluateCommand, Reading};
pub(crate) use fixtures::{FixturesCommand, GenerateArguments};
pub(crate) use rules::{LintFormat, RulesCommand, TestFormat};

/// Scans online adverts for signs that a person in them may be exploited, and puts those that deserve a human look
/// into a review queue, with the proof kept. A person decides.
#[derive(Debug, Parser)]
#[command(name = "lapwing", version, propagate_version = true, max_term_width = 110)]
pub(crate) struct Arguments {
    /// The workspace's folder
    #[arg(long, global = true, value_name = "DIR", env = "LAPWING_DATA")]
    pub(crate) data: Option<PathBuf>,
    /// Set one setting for this run, such as crawl.delay_ms=500 (may be repeated)
    #[arg(long, global = true, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the whole way once on invented boards on this machine
    Demo(DemoArguments),
    /// Make a workspace: settings, records, evidence, keys
    Init(InitArguments),
    /// Visit sites politely, keep what they answer, judge it, fill the queue
    Crawl(CrawlArguments),
    /// Assess listings of files or standard input, one assessment a line; needs no workspace
    Scan(ScanArguments),
    /// Put the listings of files into the workspace's queue
    Ingest(IngestArguments),
    /// Work the review queue
    #[command(subcommand)]
    Queue(QueueCommand),
    /// Write listings, assessments or decisions
    Export(ExportArguments),
    /// Look at what was kept, and prove that it is whole
    #[command(subcommand)]
    Evidence(EvidenceCommand),
    /// Write, check, compare and measure rules
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Invented labelled listings for tests
    #[command(subcommand)]
    Fixtures(FixturesCommand),
    /// Train a model on labelled listings
    Train(TrainArguments),
    /// Measure rules and model on labelled listings; compare two such runs
    Evaluate(Box<EvaluateArguments>),
    /// Write the workspace's report as one HTML file
    Report(ReportArguments),
    /// Print the settings in force and where each came from
    Config(ConfigArguments),
}

#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    /// Where to make the demo's workspace; it is kept
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Keep the workspace although no --dir is given
    #[arg(long)]
    pub(crate) keep: bool,
    /// Print the summary as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// The folder to make
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct CrawlArguments {
    /// Where to begin; without any, the crawl that did not end goes on
    pub(crate) urls: Vec<String>,
    /// A site's profile
    #[arg(long, value_name = "FILE")]
    pub(crate) site: Option<PathBuf>,
    /// How many pages may be fetched; 0 sets no limit
    #[arg(long, value_name = "N")]
    pub(crate) max_pages: Option<u64>,
    /// A private or loopback address that may be visited (may be repeated)
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) allow_private: Vec<String>,
    /// Begin anew although a crawl of the same addresses did not end
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Print the summary as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum InputFormatArgument {
    Jsonl,
    Csv,
    Parquet,
    Html,
}

#[derive(Debug, Args)]
pub(crate) struct ScanArguments {
    /// Files to read; - or nothing for standard input
    pub(crate) files: Vec<PathBuf>,
    /// How the files hold listings; by their names where it is not said
    #[arg(long, value_enum)]
    pub(crate) format: Option<InputFormatArgument>,
    /// A folder of rules in place of the program's own (may be repeated)
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Vec<PathBuf>,
    /// A model's folder in place of the program's own; `none` for no model
    #[arg(long, value_name = "DIR")]
    pub(crate) model: Option<PathBuf>,
    /// Stop at the first bad record
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, Args)]
pub(crate) struct IngestArguments {
    /// Files to read
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// How the files hold listings; by their names where it is not said
    #[arg(long, value_enum)]
    pub(crate) format: Option<InputFormatArgument>,
    /// Where the listings come from, where they do not say it themselves
    #[arg(long)]
    pub(crate) source: Option<String>,
    /// Print the summary as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum QueueCommand {
    /// Items, the most urgent first
    List {
        /// Only this lane (may be repeated)
        #[arg(long)]
        lane: Vec<String>,
        /// Only this status: open, claimed, decided (may be repeated)
        #[arg(long)]
        status: Vec<String>,
        /// How many at most
        #[arg(long, default_value_t = 20)]
        limit: u32,
        /// Where the page before ended
        #[arg(long)]
        cursor: Option<String>,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// One item with its listing, masked, and why it is here
    Show {
        /// The item
        item: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Take an item: this one, or the most urgent
    Claim {
        /// The item
        item: Option<String>,
        /// The most urgent of this lane
        #[arg(long)]
        lane: Option<String>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Give an item back
    Release {
        /// The item
        item: String,
    },
    /// Decide an item
    Decide {
        /// The item
        item: String,
        /// escalate, not-an-indicator, cannot-tell, needs-specialist or duplicate
        #[arg(long)]
        outcome: String,
        /// Why, in your words
        #[arg(long)]
        reason: String,
        /// An indicator that you see too, such as LB04 (may be repeated)
        #[arg(long, value_name = "ID")]
        confirm: Vec<String>,
        /// An indicator that you do not see (may be repeated)
        #[arg(long, value_name = "ID")]
        refuse: Vec<String>,
        /// The number of your claim
        #[arg(long)]
        token: Option<u64>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// The queue in numbers
    Stats {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ExportWhat {
    Listings,
    Assessments,
    Decisions,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ExportFormatArgument {
    Jsonl,
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// What to write
    #[arg(value_enum)]
    pub(crate) what: ExportWhat,
    /// How
    #[arg(long, value_enum, default_value = "jsonl")]
    pub(crate) format: ExportFormatArgument,
    /// The file; standard output where none is named
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Show contacts in the clear; needs --purpose and is written to the custody log
    #[arg(long, requires = "purpose")]
    pub(crate) reveal: bool,
    /// What the contacts are needed for
    #[arg(long)]
    pub(crate) purpose: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceCommand {
    /// Every capture with its digest
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// One capture's manifest; --body writes its bytes
    Show {
        /// The capture
        capture: String,
        /// Write the kept bytes to standard output instead
        #[arg(long)]
        body: bool,
    },
    /// Compare every kept byte with the custody log
    Verify {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct TrainArguments {
    /// Labelled listings: JSON lines, CSV or Parquet, or a folder with a train part (may be repeated)
    #[arg(long, required_unless_present = "from_decisions", num_args = 1.., value_name = "FILE")]
    pub(crate) data: Vec<PathBuf>,
    /// Learn from the decisions of a workspace too; of LAPWING_DATA where none is named
    #[arg(long, value_name = "DIR", num_args = 0..=1)]
    pub(crate) from_decisions: Option<Option<PathBuf>>,
    /// The part of a folder that is learned from
    #[arg(long, value_name = "NAME", default_value = "train")]
    pub(crate) split: String,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// The folder of the model; its name is the model's
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Let the model that stands there go on learning, and say whether the listings look otherwise than in its training
    #[arg(long, conflicts_with_all = ["learner", "features", "passes", "capacity", "prevalence"])]
    pub(crate) update: bool,
    /// Decides the split and the order of learning
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    /// What learns: ftrl is quick and can go on learning, logistic refits all at once; logistic for small sets where
    /// none is named
    #[arg(long, value_enum)]
    pub(crate) learner: Option<LearnerArgument>,
    /// How many features are kept
    #[arg(long, default_value_t = 1024, value_parser = clap::value_parser!(u64).range(16..=4_096))]
    pub(crate) features: u64,
    /// How many times ftrl reads the training part
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    pub(crate) passes: u64,
    /// The share of all listings, 0 to 1, that the model may add to the queue
    #[arg(long, default_value_t = 0.03, value_parser = share)]
    pub(crate) capacity: f64,
    /// The share of all listings, 0 to 1, that deserve a look where the model is to be used
    #[arg(long, default_value_t = 0.01, value_parser = share)]
    pub(crate) prevalence: f64,
    /// A folder of rules in place of the program's own (may be repeated)
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Vec<PathBuf>,
    /// Replace a model that is better
    #[arg(long)]
    pub(crate) force: bool,
    /// Print the figures as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What learns the weights.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LearnerArgument {
    Ftrl,
    Logistic,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("it is not a share between 0 and 1, such as 0.03".to_string()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    /// The file; report.html in the workspace where none is named
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArguments {
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}
