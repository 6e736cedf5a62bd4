//! What the machine says of a listing, and on what grounds. A person decides; this never does.

use serde::{Deserialize, Serialize};

use crate::{Band, Digest, Family, Notice, RuleId, Span, View};

/// How well an indicator is supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceGrade {
    /// By an outcome study.
    Validated,
    /// By data or investigations that describe it.
    Described,
    /// By the list of an agency or the literature, untested.
    Listed,
    /// By nobody else yet.
    Proposed,
    /// An outcome study contradicts it; it never scores.
    Contradicted,
}

/// What a hit may do to the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// May lift a listing to `review` alone.
    Strong,
    /// Scores.
    Core,
    /// Scores only where two other families scored.
    Weak,
    /// Is shown, never scores.
    Context,
    /// Lowers.
    Negative,
}

/// Where a rule stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleStatus {
    /// Being written; not evaluated.
    Draft,
    /// Evaluated and kept, never queued.
    Shadow,
    /// Active on a fixed share of the listings.
    Canary,
    /// In force.
    Active,
    /// Kept for old records; not evaluated.
    Deprecated,
}

/// A span that a rule's pattern matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HitSpan {
    /// Where, in the original text.
    #[serde(flatten)]
    pub span: Span,
    /// In which reading of the text.
    pub view: View,
    /// The name of the pattern in the rule.
    pub pattern: String,
}

/// One rule that matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Which rule.
    pub rule: RuleId,
    /// Which version of it.
    pub version: u32,
    /// Where the rule stands in its life.
    pub status: RuleStatus,
    /// Its family.
    pub family: Family,
    /// The catalogue's indicators for which it looks.
    pub indicators: Vec<String>,
    /// How well these are supported.
    pub evidence: EvidenceGrade,
    /// What the hit may do to the score.
    pub strength: Strength,
    /// What it adds to the sum, after gates, halving and caps; 0 where it only shows.
    pub points: i32,
    /// The sentence for the reviewer; contacts in it are masked.
    pub explain: String,
    /// What matched.
    pub spans: Vec<HitSpan>,
}

/// The points of one family after halving and cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyPoints {
    /// Which family.
    pub family: Family,
    /// Its points; below zero for counter-indicators.
    pub points: i32,
}

/// A rule that could not be judged, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotEvaluated {
    /// Which rule.
    pub rule: RuleId,
    /// What was missing.
    pub why: String,
}

/// What one feature adds to the classifier's log-odds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// The feature's name; `bias` for the constant.
    pub feature: String,
    /// Weight times value, in log-odds.
    pub log_odds: f64,
}

/// The classifier's word: how likely a reviewer is to want to look. The contributions add up to the log-odds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassifierOutput {
    /// The model's name.
    pub model: String,
    /// The linear score.
    pub log_odds: f64,
    /// The log-odds through Platt's calibration, 0 to 1: the share of such fixtures that were labelled for a look.
    pub calibrated: f64,
    /// The largest contributions by absolute value, then one `other` for the rest, so that the sum stays whole.
    pub contributions: Vec<Contribution>,
}

/// Which rules, model and program made an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Digest of the rule pack or packs.
    pub pack: Digest,
    /// Digest of the model, where there is one.
    pub model: Option<Digest>,
    /// The program's version.
    pub engine: String,
}

/// The machine's assessment of one listing. The same text, pack and model give the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// The source's id of the listing.
    pub external_id: String,
    /// The language that was read, or `None` where it is unknown.
    pub lang: Option<String>,
    /// How much it asks for a look.
    pub band: Band,
    /// Whether it goes to the child-risk lane, whatever the sum.
    pub child_risk: bool,
    /// The sum over the families.
    pub points: i32,
    /// The families that scored, the highest first.
    pub families: Vec<FamilyPoints>,
    /// Rules that matched and score.
    pub hits: Vec<Hit>,
    /// Rules that matched and are only shown (context, shadow, gated).
    pub context: Vec<Hit>,
    /// Rules that could not be judged.
    pub not_evaluated: Vec<NotEvaluated>,
    /// The classifier's word, where a model is loaded.
    pub classifier: Option<ClassifierOutput>,
    /// Remarks on the input.
    pub notices: Vec<Notice>,
    /// A digest of the normalised text: equal texts have equal fingerprints.
    pub fingerprint: Digest,
    /// Which rules, model and program.
    pub provenance: Provenance,
}

impl Assessment {
    /// The family that scored most, if any did.
    pub fn leading_family(&self) -> Option<Family> {
        if self.child_risk {
            return Some(Family::Ch);
        }
        self.families.iter().filter(|family| family.points > 0).max_by_key(|family| family.points).map(|f| f.family)
    }
}
