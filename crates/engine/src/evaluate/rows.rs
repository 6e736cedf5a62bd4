//! The rows of `run.json` about rules, parts, groups, two runs and mistakes.

use lapwing_detect::evaluation::{Confusion, Difference, Interval, McNemar, Share};
use lapwing_types::{Band, Family, RuleId, RuleStatus, Strength};
use serde::Serialize;

/// What a rule is worth on these listings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleState {
    /// It hit nothing.
    Dead,
    /// It hit at least ten and is right less often than chance would be.
    Noisy,
    /// It hit and scored, and no listing changes side without it.
    Redundant,
    /// It is shown and never scored here.
    Shown,
    /// It scored, and some listing needs it.
    Working,
}

impl RuleState {
    /// Its name as it stands in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dead => "dead",
            Self::Noisy => "noisy",
            Self::Redundant => "redundant",
            Self::Shown => "shown",
            Self::Working => "working",
        }
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleRow {
    /// Which.
    pub rule: RuleId,
    /// Its version.
    pub version: u32,
    /// Its family.
    pub family: Family,
    /// What it may do.
    pub strength: Strength,
    /// Where it stands in its life.
    pub status: RuleStatus,
    /// Listings that it hit.
    pub hits: u64,
    /// Listings in which it was let score.
    pub scored: u64,
    /// Of the listings that it hit, the share labelled for a look.
    pub precision: Share,
    /// Of the labelled, the share that it hit.
    pub recall: Share,
    /// Its precision by the share labelled in the set: 1 is chance.
    pub lift: Option<f64>,
    /// Flagged listings in which no other rule raised the sum.
    pub alone: u64,
    /// What it is worth.
    pub state: RuleState,
    /// Its hits by language.
    pub by_language: Vec<RuleLanguage>,
}

/// A rule in a language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleLanguage {
    /// The language.
    pub language: String,
    /// Listings that it hit.
    pub hits: u64,
    /// Of these, labelled.
    pub labelled: u64,
}

/// Two rules that hit the same listings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OverlapRow {
    /// The one.
    pub first: RuleId,
    /// The other.
    pub second: RuleId,
    /// Listings that both hit.
    pub both: u64,
    /// Of those that either hits, the share of both.
    pub jaccard: f64,
    /// Of those of the rarer rule, the share of both.
    pub contained: f64,
}

/// What each part adds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ablation {
    /// Rules alone, classifier alone, both.
    pub parts: Vec<PartRow>,
    /// Without one family.
    pub without_family: Vec<WithoutRow>,
    /// Without one rule.
    pub without_rule: Vec<WithoutRow>,
}

/// A part of the program alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartRow {
    /// Which.
    pub part: String,
    /// Flags and labels.
    pub counts: Confusion,
    /// Of the flagged, the share labelled.
    pub precision: Share,
    /// Of the labelled, the share flagged.
    pub recall: Share,
    /// The two as one.
    pub f1: Option<f64>,
    /// Average precision of its order.
    pub average_precision: Option<f64>,
    /// The area under its ROC curve.
    pub roc_auc: Option<f64>,
    /// Against the whole as it was run; absent for the whole itself.
    pub mcnemar: Option<McNemar>,
}

/// The whole without a rule or a family.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WithoutRow {
    /// What is left out.
    pub without: String,
    /// Rightly flagged listings that are no longer flagged.
    pub lost: u64,
    /// Wrongly flagged listings that are no longer flagged.
    pub spared: u64,
    /// Labelled listings that are flagged only now.
    pub gained: u64,
    /// Unlabelled listings that are flagged only now.
    pub added_wrong: u64,
    /// Precision then.
    pub precision: Option<f64>,
    /// Recall then.
    pub recall: Option<f64>,
    /// The change of F1.
    pub f1_change: Option<f64>,
    /// The change of average precision.
    pub average_precision_change: Option<f64>,
}

/// Whether groups are treated alike.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fairness {
    /// By language, and by each column that was asked for.
    pub rates: Vec<RateTable>,
    /// Pairs that differ in an attribute alone; absent where no file was named.
    pub swaps: Option<Swaps>,
    /// Listings that must stay below.
    pub controls: Vec<Control>,
}

/// Rates by the values of one attribute.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RateTable {
    /// The attribute: `language`, or a column.
    pub attribute: String,
    /// Its values, the largest first.
    pub rows: Vec<RateRow>,
}

/// Rates of one group beside those of all others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RateRow {
    /// The value.
    pub value: String,
    /// Of its unlabelled listings, the share flagged.
    pub false_positive_rate: Share,
    /// This minus the same of all others.
    pub false_positive_difference: Option<Difference>,
    /// Of its labelled listings, the share flagged.
    pub recall: Share,
    /// This minus the same of all others.
    pub recall_difference: Option<Difference>,
}

/// What swapping came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Swaps {
    /// Pairs of one band.
    pub same_band: Share,
    /// Pairs on one side of the line.
    pub same_side: Share,
    /// By attribute.
    pub by_attribute: Vec<SwapRow>,
    /// By language.
    pub by_language: Vec<SwapRow>,
    /// The pairs whose bands differ.
    pub differing: Vec<SwapDifference>,
}

/// Pairs of one sort.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SwapRow {
    /// The attribute, or the language.
    pub name: String,
    /// Pairs of one band.
    pub same_band: Share,
    /// Pairs on one side of the line.
    pub same_side: Share,
    /// The mean difference of their points, whichever is higher.
    pub mean_points: f64,
}

/// A pair whose bands differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SwapDifference {
    /// Its id.
    pub id: String,
    /// In what its spellings differ.
    pub attribute: String,
    /// Its language.
    pub language: String,
    /// The bands of `a` and `b`.
    pub bands: [Band; 2],
    /// Their points.
    pub points: [i32; 2],
    /// Rules that hit `a` alone.
    pub only_a: Vec<RuleId>,
    /// Rules that hit `b` alone.
    pub only_b: Vec<RuleId>,
}

/// Listings that must stay below the line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Control {
    /// The file, or the slice.
    pub name: String,
    /// The share flagged.
    pub flagged: Share,
    /// Whether none is.
    pub held: bool,
    /// The ids of the flagged, the first fifty.
    pub ids: Vec<String>,
}

/// Two runs over the same listings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// What the first run is called.
    pub first: RunName,
    /// What the second run is called.
    pub second: RunName,
    /// Listings that are in both, with the same label and text.
    pub paired: u64,
    /// Listings that are in the first alone.
    pub only_first: u64,
    /// Listings that are in the second alone.
    pub only_second: u64,
    /// Listings left out because their label or text changed.
    pub changed_data: u64,
    /// The test on who is right.
    pub mcnemar: McNemar,
    /// The second minus the first, on the paired listings.
    pub differences: Vec<FigureDifference>,
    /// Listings that changed side.
    pub changed_side: Vec<ChangedSide>,
    /// How many did.
    pub changed_side_count: u64,
}

/// A run as a comparison names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunName {
    /// The folder's name; `this run` for the one in the making.
    pub name: String,
    /// The digest of its rules.
    pub pack: String,
    /// The digest of its model, where there is one.
    pub model: Option<String>,
}

/// One figure of both runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureDifference {
    /// Its name.
    pub figure: &'static str,
    /// In the first run.
    pub first: Option<f64>,
    /// In the second.
    pub second: Option<f64>,
    /// The second minus the first.
    pub difference: Option<f64>,
    /// The interval of the difference over resampled clusters.
    pub interval: Option<Interval>,
}

/// A listing that is flagged by one run alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedSide {
    /// Its id.
    pub external_id: String,
    /// Its label.
    pub label: u8,
    /// Its bands.
    pub bands: [Band; 2],
    /// Its points.
    pub points: [i32; 2],
    /// Whether the second run is right.
    pub mended: bool,
}

/// The listings that were furthest on the wrong side.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Mistakes {
    /// Flagged and not labelled, the highest first.
    pub false_positives: Vec<Mistake>,
    /// Labelled and not flagged, the lowest first.
    pub false_negatives: Vec<Mistake>,
}

/// One of them. Its text is not in this document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// Its id.
    pub external_id: String,
    /// Its band.
    pub band: Band,
    /// Its points.
    pub points: i32,
    /// Its language.
    pub language: String,
    /// The rules that hit it.
    pub rules: Vec<RuleId>,
    /// Its title with contacts masked, for the report alone.
    #[serde(skip)]
    pub title: String,
}
