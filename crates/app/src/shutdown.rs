//! One way to stop: a signal or the end of any part stops all parts, and the process waits for them, up to a
//! limit. A second signal ends the process at once.

use std::{
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{error, info, warn};

/// How long the parts have to finish what they have in hand.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs parts and stops them together.
#[derive(Debug)]
pub(crate) struct Shutdown {
    stop: CancellationToken,
    /// Cancelled by the second signal.
    abort: CancellationToken,
    parts: TaskTracker,
    /// What the parts lean on: stopped after them.
    supports: TaskTracker,
    last: CancellationToken,
    failed: Arc<AtomicBool>,
}

impl Shutdown {
    /// Starts listening for SIGTERM and SIGINT.
    pub(crate) fn on_signal() -> std::io::Result<Self> {
        let signals = Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        };
        let this = Self::new();
        let (stop, abort) = (this.stop.clone(), this.abort.clone());
        // Not one of the parts: it goes on listening while they stop. It ends with the process.
        TaskTracker::new().spawn(signals.pass_on(stop, abort));
        Ok(this)
    }

    fn new() -> Self {
        Self {
            stop: CancellationToken::new(),
            abort: CancellationToken::new(),
            parts: TaskTracker::new(),
            supports: TaskTracker::new(),
            last: CancellationToken::new(),
            failed: Arc::default(),
        }
    }

    /// What is cancelled when the parts are to stop.
    pub(crate) fn token(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Runs a part. Its end, however it ends, stops the others.
    pub(crate) fn run(
        &self,
        name: &'static str,
        part: impl Future<Output = anyhow::Result<()>> + Send + 'static,
    ) {
        let (stop, failed) = (self.stop.clone().drop_guard(), Arc::clone(&self.failed));
        self.parts.spawn(async move {
            // Dropped last, also when the part panics.
            let _stop = stop;
            let _told = Panics(&failed);
            match part.await {
                Ok(()) => info!(part = name, "stopped"),
                Err(error) => {
                    failed.store(true, Ordering::Relaxed);
                    error!(
                        part = name,
                        error = &*error as &dyn std::error::Error,
                        "stopped by an error"
                    );
                }
            }
        });
    }

    /// What is cancelled once all parts have ended, for [`Self::support`].
    pub(crate) fn last(&self) -> CancellationToken {
        self.last.clone()
    }

    /// Runs what the parts lean on until they have ended: it is to stop with [`Self::last`].
    pub(crate) fn support(&self, support: impl Future<Output = ()> + Send + 'static) {
        self.supports.spawn(support);
    }

    /// Waits for every part, then for what they leaned on. Success only if none failed and all were in time.
    pub(crate) async fn finish(self) -> ExitCode {
        self.stop.cancelled().await;
        self.parts.close();
        self.supports.close();
        let all = async {
            self.parts.wait().await;
            self.last.cancel();
            self.supports.wait().await;
        };
        let in_time = tokio::select! {
            ended = timeout(PATIENCE, all) => ended.is_ok(),
            () = self.abort.cancelled() => false,
        };
        if !in_time {
            warn!("ended with work in hand; it is taken up again by whoever runs next");
        }
        if in_time && !self.failed.load(Ordering::Relaxed) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

/// Tells of a part that panicked.
struct Panics<'a>(&'a AtomicBool);

impl Drop for Panics<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    async fn pass_on(mut self, stop: CancellationToken, abort: CancellationToken) {
        let first = self.next().await;
        info!(signal = first, "asked to stop; finishing what is in hand");
        stop.cancel();
        let second = self.next().await;
        warn!(signal = second, "asked to stop again; ending at once");
        abort.cancel();
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    fn is_success(code: ExitCode) -> bool {
        format!("{code:?}") == format!("{:?}", ExitCode::SUCCESS)
    }

    fn waiting(shutdown: &Shutdown) -> impl Future<Output = anyhow::Result<()>> + use<> {
        let stop = shutdown.token();
        async move {
            stop.cancelled().await;
            Ok(())
        }
    }

    #[tokio::test]
    async fn parts_that_stop_when_asked_end_well() {
        let shutdown = Shutdown::new();
        shutdown.run("one", waiting(&shutdown));
        shutdown.run("another", waiting(&shutdown));
        shutdown.token().cancel();
        assert!(is_success(shutdown.finish().await));
    }

    #[tokio::test]
    async fn a_part_that_fails_stops_the_others_and_is_told() {
        let shutdown = Shutdown::new();
        shutdown.run("one", waiting(&shutdown));
        shutdown.run("broken", async { anyhow::bail!("broken") });
        assert!(!is_success(shutdown.finish().await));
    }

    #[tokio::test]
    async fn a_part_that_panics_is_a_part_that_failed() {
        let shutdown = Shutdown::new();
        shutdown.run("one", waiting(&shutdown));
        shutdown.run("broken", async { panic!("on purpose") });
        assert!(!is_success(shutdown.finish().await));
    }

    #[tokio::test]
    async fn what_the_parts_lean_on_outlives_them() {
        let shutdown = Shutdown::new();
        let (last, ended) = (shutdown.last(), CancellationToken::new());
        let end = ended.clone();
        shutdown.support(async move {
            last.cancelled().await;
            end.cancel();
        });
        let (stop, still_there) = (shutdown.token(), ended.clone());
        shutdown.run("part", async move {
            stop.cancelled().await;
            anyhow::ensure!(!still_there.is_cancelled());
            Ok(())
        });
        shutdown.token().cancel();
        assert!(is_success(shutdown.finish().await));
        assert!(ended.is_cancelled());
    }

    #[tokio::test]
    async fn a_second_signal_does_not_wait_for_the_parts() {
        let shutdown = Shutdown::new();
        shutdown.run("stuck", pending());
        shutdown.token().cancel();
        shutdown.abort.cancel();
        assert!(!is_success(shutdown.finish().await));
    }
}
