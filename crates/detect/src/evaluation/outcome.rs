//! What an evaluation keeps of one assessed listing: little enough for a hundred thousand of them in memory, enough to
//! score it again without a rule.

use lapwing_types::{Band, Digest, FamilyPoints};

use crate::model::Said;

/// A rule that matched a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleHit {
    /// The rule's place in the pack's list.
    pub rule: u32,
    /// Its points before gates, halving and caps.
    pub points: i32,
    /// Whether it was let score.
    pub scores: bool,
}

/// An assessment as far as figures need it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The band of rules and model together.
    pub band: Band,
    /// The band of the rules alone.
    pub rules_band: Band,
    /// The sum over the families.
    pub points: i32,
    /// Whether it goes to the child-risk lane.
    pub child_risk: bool,
    /// The families that scored.
    pub families: Vec<FamilyPoints>,
    /// The rules that matched, in the order of the pack.
    pub hits: Vec<RuleHit>,
    /// What the model says, where there is one.
    pub said: Option<Said>,
    /// What further models say, in their order.
    pub further: Vec<Said>,
    /// The language that was read.
    pub lang: Option<String>,
    /// A digest of the text.
    pub fingerprint: Digest,
}

impl Outcome {
    /// The model's number, where there is one.
    pub fn calibrated(&self) -> Option<f64> {
        self.said.map(|said| said.calibrated)
    }
}

/// A place in the default order as one number: by band, then points, then the model's number.
pub fn rank_key(band: Band, points: i32, calibrated: Option<f64>) -> u64 {
    let points = (i64::from(points) + (1 << 27)).clamp(0, (1 << 28) - 1) as u64;
    // Bits of positive floating-point numbers stand in the order of the numbers.
    let calibrated = calibrated.filter(|number| number.is_finite()).unwrap_or(0.0);
    let calibrated = (calibrated.clamp(0.0, 1.0) as f32).to_bits();
    (band as u64) << 60 | points << 32 | u64::from(calibrated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_order_by_band_then_points_then_number() {
        let keys = [
            rank_key(Band::None, 500, Some(1.0)),
            rank_key(Band::Low, -40, None),
            rank_key(Band::Low, -40, Some(0.2)),
            rank_key(Band::Low, 3, Some(0.1)),
            rank_key(Band::Review, -100_000, Some(0.0)),
            rank_key(Band::Urgent, i32::MAX, Some(1.0)),
        ];
        assert!(keys.is_sorted_by(|one, other| one < other), "{keys:?}");
        assert_eq!(rank_key(Band::Low, 1, None), rank_key(Band::Low, 1, Some(f64::NAN)));
    }
}
