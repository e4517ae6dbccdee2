//! Samples of one thing, summed up.

/// The middle of some samples, and how far they go to either side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    /// The one in the middle, or the mean of the two there.
    pub(crate) median: f64,
    /// The smallest.
    pub(crate) least: f64,
    /// The largest.
    pub(crate) most: f64,
}

impl Spread {
    /// Sums up samples, of which there is at least one.
    pub(crate) fn of(samples: &[f64]) -> Self {
        let sorted = sorted(samples);
        let half = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 {
            sorted[half]
        } else {
            f64::midpoint(sorted[half - 1], sorted[half])
        };
        Self {
            median,
            least: sorted[0],
            most: sorted[sorted.len() - 1],
        }
    }

    /// Whether both have values in common.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.least <= other.most && other.least <= self.most
    }
}

/// The smallest sample that at least `percent` of all do not exceed.
pub(crate) fn percentile(samples: &[f64], percent: usize) -> f64 {
    let sorted = sorted(samples);
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted[rank.max(1) - 1]
}

fn sorted(samples: &[f64]) -> Vec<f64> {
    assert!(!samples.is_empty(), "a measurement has samples");
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_one_in_the_middle_or_between_the_two_there() {
        for (samples, expected) in [
            (&[7.0][..], [7.0, 7.0, 7.0]),
            (&[3.0, 1.0, 2.0], [2.0, 1.0, 3.0]),
            (&[4.0, 1.0, 2.0, 10.0], [3.0, 1.0, 10.0]),
        ] {
            let [median, least, most] = expected;
            let expected = Spread {
                median,
                least,
                most,
            };
            assert_eq!(Spread::of(samples), expected, "{samples:?}");
        }
    }

    #[test]
    fn a_percentile_is_a_sample_that_was_seen() {
        let samples: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        for (percent, expected) in [(0, 1.0), (50, 100.0), (99, 198.0), (100, 200.0)] {
            let found = percentile(&samples, percent);
            assert!(found.total_cmp(&expected).is_eq(), "{percent} %: {found}");
        }
        assert!(percentile(&[5.0], 99).total_cmp(&5.0).is_eq());
    }

    #[test]
    fn spreads_meet_where_they_have_a_value_in_common() {
        let spread = |least, most| Spread::of(&[least, most]);
        for (one, other, meet) in [
            (spread(1.0, 2.0), spread(2.0, 3.0), true),
            (spread(1.0, 9.0), spread(2.0, 3.0), true),
            (spread(1.0, 2.0), spread(2.5, 3.0), false),
        ] {
            assert_eq!(one.meets(&other), meet, "{one:?} {other:?}");
            assert_eq!(other.meets(&one), meet, "{other:?} {one:?}");
        }
    }
}
