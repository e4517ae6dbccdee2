//! `ops/bench governor`: two processes at full load beside another integration, one of them killed, and what they kept to.

use crate::{
    it::governor::{ALLOWANCE, play},
    say::{note, tell},
};

/// Plays it. What is not kept is a panic, and so a failure.
pub(crate) async fn run() {
    let kept = play(note).await;
    let (used, all) = (kept.most_used, u64::from(ALLOWANCE));
    tell(&format!(
        "{} tickets in {:.0} s with {used} of {all} calls at most in any minute ({} %), half of it somebody else's; {} at once at \
         most at one endpoint ({})",
        kept.tickets,
        kept.took.as_secs_f64(),
        used * 100 / all,
        kept.most_at_once.1,
        kept.most_at_once.0,
    ));
}
