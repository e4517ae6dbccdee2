//! Who is served next: live before bulk, but one of ten for bulk while both wait.

use crate::Lane;

/// Live messages between two of bulk, while both wait.
const LIVE_PER_BULK: u32 = 9;

/// Counts the live messages since the last one of bulk.
#[derive(Debug, Default)]
pub(super) struct Share {
    live: u32,
}

impl Share {
    /// Whether bulk goes first this time, if it has anything.
    pub(super) fn is_bulk_due(&self) -> bool {
        self.live >= LIVE_PER_BULK
    }

    pub(super) fn took(&mut self, lane: Lane) {
        self.live = match lane {
            Lane::Live => self.live.saturating_add(1),
            Lane::Bulk => 0,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_both_wait_bulk_has_one_in_ten() {
        let mut share = Share::default();
        let mut bulk = 0;
        for _ in 0..100 {
            let lane = if share.is_bulk_due() {
                Lane::Bulk
            } else {
                Lane::Live
            };
            bulk += u32::from(lane == Lane::Bulk);
            share.took(lane);
        }
        assert_eq!(bulk, 10);
    }
}
