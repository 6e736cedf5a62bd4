//! Sketches by which near-duplicate texts are found, so that they never straddle a split.
//!
//! One-permutation MinHash (Li, Owen and Zhang 2012, <https://arxiv.org/abs/1208.1259>) over runs of three words, digits
//! masked, empty bins filled by rotation (Shrivastava and Li 2014, <https://arxiv.org/abs/1406.4784>).

use lapwing_types::Field;

use super::feature::Feature;
use crate::reading::Reading;
use crate::text::Tokens;

const BINS: usize = 64;
/// Bins a band; two texts are compared where one band is equal.
const ROWS: usize = 4;
/// So many of the bins must be equal: a Jaccard similarity of about 0.7.
const NEAR: usize = 45;
/// Only so many words of a text are looked at.
const MOST_WORDS: usize = 2_000;
const EMPTY: u32 = u32::MAX;

/// The sketch of a text; a text of fewer than three words has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sketch(Option<Box<[u32; BINS]>>);

impl Sketch {
    pub(super) fn of(reading: &Reading<'_>) -> Self {
        let text = &reading.text(Field::Body).plain.text;
        let tokens = Tokens::of(text);
        let words = tokens.as_slice().iter().take(MOST_WORDS);
        let hashes: Vec<u64> =
            words.map(|token| Feature::Word(&text[token.start as usize..token.end as usize]).id()).collect();
        Self::of_hashes(&hashes)
    }

    fn of_hashes(words: &[u64]) -> Self {
        let mut bins = [EMPTY; BINS];
        for run in words.windows(3) {
            let hash =
                run.iter().fold(0u64, |hash, word| (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29));
            let mixed = (hash ^ (hash >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let bin = (mixed >> 58) as usize;
            bins[bin] = bins[bin].min(((mixed >> 20) as u32).min(EMPTY - 1));
        }
        if bins.iter().all(|bin| *bin == EMPTY) {
            return Self(None);
        }
        Self(Some(Box::new(filled(bins))))
    }

    /// A number for each band; texts that share one are candidates.
    pub(super) fn bands(&self) -> impl Iterator<Item = (usize, [u32; ROWS])> {
        let bins = self.0.as_deref().map(|bins| bins.as_slice()).unwrap_or_default();
        let band = |(index, rows): (usize, &[u32])| (index, [rows[0], rows[1], rows[2], rows[3]]);
        bins.chunks_exact(ROWS).enumerate().map(band)
    }

    /// Whether two texts are near-duplicates.
    pub(super) fn is_near(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => {
                one.iter().zip(other.iter()).filter(|(one, other)| one == other).count() >= NEAR
            }
            _ => false,
        }
    }
}

/// An empty bin takes the value of the next full one, moved by the distance, so that chance does not make it equal.
fn filled(bins: [u32; BINS]) -> [u32; BINS] {
    let mut filled = bins;
    for (index, bin) in filled.iter_mut().enumerate() {
        let next = (0..BINS as u32).find(|distance| bins[(index + *distance as usize) % BINS] != EMPTY);
        let distance = next.unwrap_or_default();
        *bin = bins[(index + distance as usize) % BINS].wrapping_add(distance.wrapping_mul(0x0100_0193));
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(text: &str) -> Sketch {
        let words: Vec<u64> = text.split(' ').map(|word| Feature::Word(word).id()).collect();
        Sketch::of_hashes(&words)
    }

    const ADVERT: &str = "cleaners wanted for a hotel by the sea the season begins in may and ends in october rooms are \
                          provided at no cost and pay is by the hour with overtime paid double on sundays please write";

    #[test]
    fn one_changed_word_is_near_and_another_text_is_not() {
        assert!(sketch(ADVERT).is_near(&sketch(&ADVERT.replace("hotel", "hostel"))));
        assert!(
            !sketch(ADVERT).is_near(&sketch(
                "a bicycle is for sale with two new tyres and a light it has been used for one summer"
            ))
        );
    }

    #[test]
    fn near_texts_share_a_band() {
        let (one, other) = (sketch(ADVERT), sketch(&ADVERT.replace("hotel", "hostel")));
        assert!(one.bands().zip(other.bands()).any(|(one, other)| one == other));
    }

    #[test]
    fn digits_do_not_tell_texts_apart() {
        assert_eq!(sketch("call 555 0100 for a room"), sketch("call 555 0199 for a room"));
    }

    #[test]
    fn a_text_of_two_words_is_near_to_nothing() {
        assert!(!sketch("two words").is_near(&sketch("two words")));
        assert_eq!(sketch("two words").bands().count(), 0);
    }
}
