//! The use-cases, in the order of the flow: a workspace, a crawl or a file, evidence, judgement, the queue, what
//! leaves the house. Here are the clock, the ids, the configuration and the wiring of the four modules below.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use lapwing_engine::{Config, Workspace};
//!
//! let config = Config::default();
//! Workspace::init("case-17".as_ref(), &config).await?;
//! let workspace = Workspace::open("case-17".as_ref(), &config).await?;
//! println!("{} listings", workspace.store().stats(jiff::Timestamp::now()).await?.listings);
//! # Ok(())
//! # }
//! ```

mod clock;
mod config;
mod crawl;
mod custody;
mod demo;
mod error;
mod evaluate;
mod evidence;
mod export;
mod ingest;
mod input;
mod judge;
mod operator;
mod packs;
mod queue;
mod report;
mod rules;
mod scan;
mod synthetic;
mod training;
mod workspace;

pub use config::{Config, DetectSettings, Layered, Origin, Setting};
pub use crawl::{CrawlOutcome, CrawlRequest, CrawlState, start_or_resume};
pub use demo::{Demo, DemoSite, run_demo};
pub use error::{EngineError, Result};
pub use evaluate::{
    Ablation, CapacityAsked, Comparison, EvaluateRequest, EvaluateStep, Evaluated, FigureDifference, Figures, Group,
    PartRow, RankBy, Run, WithoutRow, compare_runs, evaluate, run_json,
};
pub use evidence::{CaptureRow, show_capture, verify_evidence};
pub use export::{ExportFormat, ExportRequest, Exported, Reveal, export};
pub use ingest::{Ingested, ingest};
pub use input::{BadRecord, Columns, InputFormat, LabelledFile, LabelledInput, read_labelled};
pub use judge::Counts;
pub use operator::operator;
pub use packs::{detector, load_pack, load_packs, read_pack_folder};
pub use queue::{ItemSummary, MaskedItem, claim, decide, item, items, release, stats};
pub use report::{ReportData, write_report};
pub use rules::{
    BenchReport, BenchRow, FormatReport, bench, coverage_of, diff_packs, explain_rule, format_files, lint_packs,
    new_rule, test_packs, write_schemas,
};
pub use scan::{ScanOptions, ScanSummary, scan};
pub use synthetic::{SyntheticRequest, SyntheticSummary, check_synthetic, generate_synthetic, synthetic_languages};
pub use training::{TrainRequest, TrainedFiles, UpdatedFiles, decided_listings, train_model, update_model};
pub use workspace::{DATABASE_FILE, EVIDENCE_FOLDER, KEYS_FOLDER, SETTINGS_FILE, Workspace};

/// What the doors pass through from below, so that they need no other crate for it.
pub use lapwing_crawl::{HostPort, Progress as CrawlProgress, Summary as CrawlSummary, Tally};
pub use lapwing_detect::evaluation::{Interval, Share};
pub use lapwing_detect::rules::{
    CODES, Change, Changes, Clause, Coverage, ExampleReport, Explanation, IndicatorCoverage, PackDiff, Rule, Verdict,
    schemas,
};
pub use lapwing_detect::{Capacity, Detector, Diagnostic, Labelled, Learner, Pack, Profile, Severity, TrainOptions};
pub use lapwing_evidence::{Finding, Progress as EvidenceProgress, Recovery, Report as EvidenceReport};
pub use lapwing_store::{Claim, ItemFilter, ItemStatus, Stats, StoreError};
