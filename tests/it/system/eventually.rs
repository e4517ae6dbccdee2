//! The one helper that waits: no test sleeps by itself.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How often to look.
const PACE: Duration = Duration::from_millis(50);

/// What usually takes well under a second; a busy machine may need much longer.
pub(crate) const SOON: Duration = Duration::from_secs(30);
/// For what waits for a deadline, a retry or a restart first.
pub(crate) const LATER: Duration = Duration::from_secs(75);

/// Looks until there is what is looked for. `look` answers it, or the state it saw instead.
pub(crate) async fn eventually<T>(
    within: Duration,
    what: &str,
    look: impl AsyncFnMut() -> Result<T, String>,
) -> T {
    eventually_every(PACE, within, what, look).await
}

/// The same at another pace, where looking is dear.
pub(crate) async fn eventually_every<T>(
    pace: Duration,
    within: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> Result<T, String>,
) -> T {
    let deadline = Instant::now() + within;
    loop {
        match look().await {
            Ok(found) => return found,
            Err(state) => assert!(
                Instant::now() < deadline,
                "not within {} s: {what}; seen last: {state}",
                within.as_secs()
            ),
        }
        sleep(pace).await;
    }
}

/// Looks for as long as `during`, and fails as soon as what must stay does not.
pub(crate) async fn meanwhile(
    during: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> Result<(), String>,
) {
    let end = Instant::now() + during;
    while Instant::now() < end {
        let state = look().await.err().unwrap_or_default();
        assert!(
            state.is_empty(),
            "it did not stay so: {what}; seen: {state}"
        );
        sleep(PACE).await;
    }
}

/// `Ok` where `is_so`, else the state that was seen instead.
#[expect(
    clippy::needless_pass_by_value,
    reason = "callers hand over what they have just made for it"
)]
pub(crate) fn only_if(is_so: bool, state: impl ToString) -> Result<(), String> {
    if is_so {
        Ok(())
    } else {
        Err(state.to_string())
    }
}
