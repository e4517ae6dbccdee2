//! Random choices: the only place that touches the generator, so that every choice comes from the seed.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// A family of records that draws from a random stream of its own.
#[derive(Clone, Copy)]
pub(super) enum Stream {
    Technicians = 1,
    Businesses = 2,
    People = 3,
    Tickets = 4,
    Entries = 5,
    Charges = 6,
    Subscriptions = 7,
}

/// Draws from one stream of one seed.
pub(super) struct Draw(ChaCha8Rng);

impl Draw {
    pub(super) fn new(seed: u64, stream: Stream) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream as u64);
        Self(generator)
    }

    /// A number from 0 to `limit` - 1; 0 where the limit is 0.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        if limit == 0 {
            0
        } else {
            self.0.random_range(0..limit)
        }
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// True in `percent` of a hundred cases.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.0.random_ratio(percent, 100)
    }

    /// One of a list that is not empty.
    pub(super) fn one<'list, T>(&mut self, list: &'list [T]) -> &'list T {
        &list[self.below(list.len())]
    }

    /// That many digits.
    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + self.0.random_range(0..10u8)))
            .collect()
    }
}
