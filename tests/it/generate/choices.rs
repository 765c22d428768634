//! What is decided at random, and can be taken back: behind the last draw every choice is the first, which is the simplest.

use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// A source of choices.
pub(crate) struct Choices {
    random: TestRng,
    draws: usize,
}

impl Choices {
    /// As many draws from this seed; the rest is simple.
    pub(crate) fn new(seed: u64, draws: usize) -> Self {
        let mut bytes = [1; 16];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let random = TestRng::from_seed(RngAlgorithm::XorShift, &bytes);
        Self { random, draws }
    }

    /// A number below `bound`, 0 being the simplest.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        if self.draws == 0 || bound < 2 {
            return 0;
        }
        self.draws -= 1;
        usize::try_from(self.random.next_u64() % bound as u64).unwrap_or_default()
    }

    /// Yes, once in `n` times.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) + 1 == n
    }

    /// One of several, the first being the simplest.
    pub(crate) fn of<T: Copy>(&mut self, several: &[T]) -> T {
        several[self.below(several.len())]
    }

    /// The same in another order.
    pub(crate) fn shuffled<T>(&mut self, mut all: Vec<T>) -> Vec<T> {
        for end in (1..all.len()).rev() {
            // The simplest order is the one given.
            all.swap(end, end - self.below(end + 1));
        }
        all
    }
}
