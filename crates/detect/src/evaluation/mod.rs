//! The mathematics of an evaluation: from labelled outcomes to figures. Pure, one file a subject, each with its source.
//!
//! Nothing here reads a file or draws chance of its own: resamples follow from a seed and a number, so that whoever
//! spreads them over threads gets the same figures. What a figure does not say stands in docs/EVALUATION.md.

mod ablation;
mod bootstrap;
mod calibration;
mod confusion;
mod difference;
mod mcnemar;
mod outcome;
mod overlap;
mod prevalence;
mod ranking;

pub use ablation::{Rescored, rescored};
pub use bootstrap::{
    Interval, Intervals, LEAST_CLUSTERS, Point, Sample, SampleItem, cluster_weights, percentile_interval,
};
pub use calibration::{Calibration, ReliabilityBin, calibration};
pub use confusion::{Confusion, Share, Z_95, wilson};
pub use difference::{Difference, newcombe};
pub use mcnemar::{McNemar, mcnemar};
pub use outcome::{Outcome, RuleHit, rank_key};
pub use overlap::{Overlap, overlaps};
pub use prevalence::{Restated, restated};
pub use ranking::{AtK, CurvePoint, Ranking, average_precision};
