//! `run.json`: everything that an evaluation found, under names that stay. docs/EVALUATION.md explains each.

use lapwing_detect::Raise;
use lapwing_detect::evaluation::{AtK, Calibration, Confusion, CurvePoint, Interval, Intervals, Restated, Share};
use lapwing_types::{Band, Digest, Family};
use serde::Serialize;

use super::cases::DataFile;

pub use super::rows::*;

/// The format of the document.
pub(super) const RUN_FORMAT: u32 = 1;

/// An evaluation, whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Run {
    /// The format of this document: 1.
    pub format: u32,
    /// Which program, rules, models and data.
    pub provenance: RunProvenance,
    /// What was asked for.
    pub options: RunOptions,
    /// The set.
    pub set: SetFigures,
    /// All listings together.
    pub overall: Figures,
    /// Listings by band and label.
    pub bands: Vec<BandRow>,
    /// How well each score orders.
    pub rankings: Vec<RankingRow>,
    /// The curve of the ranking that was asked for.
    pub curve: Vec<CurvePoint>,
    /// Precision and recall among the first k.
    pub at_k: Vec<AtK>,
    /// What a team finds that can read so many.
    pub capacity: Option<Capacity>,
    /// Precision where fewer listings deserve a look.
    pub prevalence: Vec<PrevalenceRow>,
    /// Whether the classifier's number means what it says; absent without a model.
    pub calibration: Option<Calibration>,
    /// The languages that were read, the largest first.
    pub by_language: Vec<Group>,
    /// The slices that the data name.
    pub by_slice: Vec<Group>,
    /// The kinds of listing.
    pub by_kind: Vec<Group>,
    /// The families of indicators.
    pub by_family: Vec<FamilyRow>,
    /// The rules in force.
    pub rules: Vec<RuleRow>,
    /// Pairs of rules that hit the same listings.
    pub overlaps: Vec<OverlapRow>,
    /// What each part of the program adds.
    pub ablation: Ablation,
    /// Whether groups are treated alike.
    pub fairness: Fairness,
    /// The comparison with an earlier run; absent where none was named.
    pub baseline: Option<Comparison>,
    /// The listings that were furthest on the wrong side, by id.
    pub mistakes: Mistakes,
}

/// Which program, rules, models and data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunProvenance {
    /// The program and its version.
    pub engine: String,
    /// The rules.
    pub pack: PackLine,
    /// The models, the one that is judged first.
    pub models: Vec<ModelLine>,
    /// The files, in the order in which they were read.
    pub data: Vec<DataFile>,
    /// The digest of the files' digests.
    pub data_digest: Digest,
}

/// The rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackLine {
    /// Their names.
    pub name: String,
    /// The version of the first.
    pub version: String,
    /// The digest of all.
    pub digest: Digest,
    /// How many rules are in force.
    pub rules: usize,
}

/// A model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelLine {
    /// Its name.
    pub name: String,
    /// The digest of its file.
    pub digest: Digest,
    /// The numbers from which it lifts listings of band `low`, and of none.
    pub raise: Raise,
}

/// By what listings are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RankBy {
    /// By band, then points, then the classifier's number.
    #[default]
    Default,
    /// By points.
    Points,
    /// By the classifier's number.
    Classifier,
}

impl RankBy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Default, Self::Points, Self::Classifier];

    /// Its name as it stands in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Points => "points",
            Self::Classifier => "classifier",
        }
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunOptions {
    /// The lowest band that counts as flagged.
    pub at: Band,
    /// The order.
    pub rank_by: RankBy,
    /// The shares of listings that deserve a look at which precision is restated.
    pub prevalence: Vec<f64>,
    /// How many resamples the intervals rest on.
    pub bootstrap: u64,
    /// What they follow from.
    pub seed: u64,
    /// The part of folders that was read.
    pub split: String,
    /// Columns by which false positives are told.
    pub attributes: Vec<String>,
}

/// The set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetFigures {
    /// Listings that were read.
    pub listings: u64,
    /// Of these, labelled for a look.
    pub labelled: u64,
    /// The share of these.
    pub base_rate: Option<f64>,
    /// Clusters of near-duplicates; a listing without one is its own.
    pub clusters: u64,
    /// Records that were not read.
    pub bad_records: u64,
    /// Listings whose id another has too.
    pub repeated_ids: u64,
    /// Texts that stand under both labels.
    pub contradictory_texts: u64,
}

/// The figures of a group of listings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// How many.
    pub listings: u64,
    /// Labelled for a look.
    pub labelled: u64,
    /// Flagged.
    pub flagged: u64,
    /// Flags and labels.
    pub counts: Confusion,
    /// Of the flagged, the share labelled.
    pub precision: Share,
    /// Of the labelled, the share flagged.
    pub recall: Share,
    /// Of the unlabelled, the share flagged.
    pub false_positive_rate: Share,
    /// Precision and recall with equal weights.
    pub f1: Option<f64>,
    /// Recall with twice the weight.
    pub f2: Option<f64>,
    /// Recall with half the weight.
    pub f_half: Option<f64>,
    /// The correlation of flag and label.
    pub matthews: Option<f64>,
    /// Average precision of the order.
    pub average_precision: Option<f64>,
    /// The area under the ROC curve.
    pub roc_auc: Option<f64>,
    /// Intervals over resampled clusters; absent where none were drawn.
    pub intervals: Option<Intervals>,
    /// Precision at the first of the prevalences.
    pub restated: Option<Restated>,
}

impl Figures {
    /// The interval of precision that is shown: the wider end of Wilson's and of the resampled one on each side, since
    /// the first does not know of clusters and the second is blind where all or none is right.
    pub fn precision_interval(&self) -> Option<Interval> {
        wider(&self.precision, self.intervals.and_then(|all| all.precision))
    }

    /// The same of recall.
    pub fn recall_interval(&self) -> Option<Interval> {
        wider(&self.recall, self.intervals.and_then(|all| all.recall))
    }
}

fn wider(share: &Share, resampled: Option<Interval>) -> Option<Interval> {
    let (low, high) = share.low.zip(share.high)?;
    Some(
        resampled
            .map_or(Interval { low, high }, |found| Interval { low: low.min(found.low), high: high.max(found.high) }),
    )
}

/// A named group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its figures.
    pub figures: Figures,
}

/// A band.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BandRow {
    /// Which.
    pub band: Band,
    /// Listings labelled for a look.
    pub labelled: u64,
    /// The others.
    pub unlabelled: u64,
}

/// How well a score orders.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RankingRow {
    /// Which score.
    pub by: RankBy,
    /// Average precision.
    pub average_precision: Option<f64>,
    /// The area under the ROC curve.
    pub roc_auc: Option<f64>,
}

/// What a team finds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Capacity {
    /// What was asked for, as written.
    pub asked: String,
    /// Precision and recall among so many.
    pub at: AtK,
    /// The band of the last listing that is read.
    pub down_to_band: Band,
    /// Its points.
    pub down_to_points: i32,
}

/// Precision and order at another share.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PrevalenceRow {
    /// Precision.
    pub restated: Restated,
    /// Average precision.
    pub average_precision: Option<f64>,
}

/// A family of indicators.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FamilyRow {
    /// Which.
    pub family: Family,
    /// Listings for which labellers named it.
    pub labelled: u64,
    /// Of these, the share flagged for whatever reason.
    pub flagged: Share,
    /// Of these, the share in which the program saw the family too.
    pub named_recall: Share,
    /// Of those in which the program saw it, the share for which labellers named it.
    pub named_precision: Share,
    /// The two as one.
    pub named_f1: Option<f64>,
    /// Of the flagged listings in which it scored most, the share labelled.
    pub led: Share,
}
