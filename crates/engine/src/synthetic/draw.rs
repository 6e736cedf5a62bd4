//! Draws that the same seed repeats, on every machine.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};

/// A row of draws.
pub(super) struct Draw(Xoshiro256PlusPlus);

impl Draw {
    /// Begins a row.
    pub(super) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// A seed for another row.
    pub(super) fn seed(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below a bound; 0 where the bound is 0.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        // The high half of the product is even enough, and never reaches the bound.
        ((u128::from(self.0.next_u64()) * u128::from(bound)) >> 64) as u64
    }

    /// A place in a list of this length.
    pub(super) fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// One of several, of which there is at least one.
    pub(super) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.index(of.len())]
    }

    /// Whether something that happens once in `of` happens.
    pub(super) fn once_in(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    /// Puts a list into another order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.index(last + 1));
        }
    }
}
