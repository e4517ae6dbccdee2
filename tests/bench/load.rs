//! Doing the same thing over and over: as fast as it goes, or at a given pace.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

/// What is done before anything is counted.
const WARM_UP: Duration = Duration::from_millis(300);

/// Something that is done over and over, one after the other.
pub(crate) trait Deed: Send + 'static {
    /// Does it once; panics where it did not work.
    fn once(&mut self) -> impl Future<Output = ()> + Send;
}

/// How often a second all of them together do it, each as fast as it can.
pub(crate) async fn per_second<D: Deed>(deeds: Vec<D>, length: Duration) -> f64 {
    let from = Instant::now() + WARM_UP;
    let to = from + length;
    let mut tasks = JoinSet::new();
    for mut deed in deeds {
        tasks.spawn(async move {
            let mut done = 0_u32;
            loop {
                deed.once().await;
                let now = Instant::now();
                if now >= to {
                    return done;
                }
                done += u32::from(now >= from);
            }
        });
    }
    let done: u32 = tasks.join_all().await.into_iter().sum();
    f64::from(done) / length.as_secs_f64()
}

/// Does it so often a second; how long each took from when it was due, in milliseconds. Whoever waits for a free hand
/// waits as well.
pub(crate) async fn at_pace<D: Deed>(deeds: Vec<D>, pace: f64, length: Duration) -> Vec<f64> {
    let (begin, next) = (Instant::now(), Arc::new(AtomicU32::new(0)));
    let mut tasks = JoinSet::new();
    for mut deed in deeds {
        let next = Arc::clone(&next);
        tasks.spawn(async move {
            let mut took = Vec::new();
            loop {
                let turn = next.fetch_add(1, Ordering::Relaxed);
                let after = Duration::from_secs_f64(f64::from(turn) / pace);
                if after > length {
                    return took;
                }
                let due = begin + after;
                sleep_until(due).await;
                deed.once().await;
                took.push(due.elapsed().as_secs_f64() * 1_000.0);
            }
        });
    }
    tasks.join_all().await.concat()
}
