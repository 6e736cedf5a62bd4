//! The words of `lapwing rules`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// How a command answers whose answer is text or JSON.
#[derive(Debug, Args)]
pub(crate) struct Output {
    /// How to answer
    #[arg(long, value_enum, default_value = "text", conflicts_with = "json")]
    format: PlainFormat,
    /// The same as --format json
    #[arg(long)]
    json: bool,
}

impl Output {
    pub(crate) fn is_json(&self) -> bool {
        self.json || self.format == PlainFormat::Json
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlainFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
    /// SARIF 2.1.0, for code hosts
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// For people
    Text,
    /// One JSON object
    Json,
    /// JUnit XML, for build servers
    Junit,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// Write the file of a new rule: a draft that loads and says what belongs where
    New {
        /// The rule's id, such as labour.recruitment-fee.upfront
        id: String,
        /// Its family, such as LB; that of rules whose ids begin alike where it is not said
        #[arg(long)]
        family: Option<String>,
        /// The pack to write into; further ones that it builds on come before it
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
    },
    /// Lay out files of a pack: one term a line, spaces, blank lines; order and comments stay
    Fmt {
        /// Files; all of the packs where none is named
        files: Vec<PathBuf>,
        /// Write nothing, name the files whose layout is another
        #[arg(long)]
        check: bool,
        /// A pack's folder (may be repeated)
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
        #[command(flatten)]
        output: Output,
    },
    /// Every finding about the rules
    Lint {
        /// A folder of rules in place of the program's own (may be repeated)
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
        /// The pack as it was: rules that changed must have a higher version
        #[arg(long, value_name = "DIR")]
        base: Option<PathBuf>,
        /// How to answer
        #[arg(long, value_enum, default_value = "text", conflicts_with = "json")]
        format: LintFormat,
        /// The same as --format json
        #[arg(long)]
        json: bool,
    },
    /// Run the rules' own examples
    Test {
        /// Only rules whose id begins so
        prefix: Option<String>,
        /// A folder of rules in place of the program's own (may be repeated)
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
        /// How to answer
        #[arg(long, value_enum, default_value = "text", conflicts_with = "json")]
        format: TestFormat,
        /// The same as --format json
        #[arg(long)]
        json: bool,
    },
    /// What each rule says of a listing, and why or why not
    Explain {
        /// A JSON file with one listing; - for standard input
        listing: PathBuf,
        /// Every clause of this rule: what was true, false or not available, and what the listing has there
        #[arg(long, value_name = "RULE")]
        rule: Option<String>,
        /// Only what keeps this rule from hitting
        #[arg(long, value_name = "RULE", conflicts_with = "rule")]
        why_not: Option<String>,
        /// A folder of rules in place of the program's own (may be repeated)
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
        #[command(flatten)]
        output: Output,
    },
    /// The rules, one a line
    List {
        /// A folder of rules in place of the program's own (may be repeated)
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
        #[command(flatten)]
        output: Output,
    },
    /// What changed from one pack's folder to another, and whether versions were raised
    Diff {
        /// The pack as it was
        before: PathBuf,
        /// The pack as it is
        after: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// Terms by concept and language, and indicators without a rule
    Coverage {
        /// A folder of rules in place of the program's own (may be repeated)
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
        #[command(flatten)]
        output: Output,
    },
    /// The indicators with grade, role and the rules that look for each
    Catalogue {
        /// A folder of rules in place of the program's own (may be repeated)
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
        #[command(flatten)]
        output: Output,
    },
    /// JSON Schema of a pack's files, for editors; all as one JSON object where no folder is named
    Schema {
        /// The folder to write `NAME.schema.json` into
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// What each rule costs on listings of your own
    Bench {
        /// Files of listings, JSON lines or CSV; - for standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// How many rules to show, the most expensive first; 0 for all
        #[arg(long, default_value_t = 20)]
        top: usize,
        /// A folder of rules in place of the program's own (may be repeated)
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
        #[command(flatten)]
        output: Output,
    },
}
