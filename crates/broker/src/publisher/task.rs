//! The task that owns the publisher's connection, and opens a new one whenever the old one fails.

use std::{convert::Infallible, error::Error as StdError, sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, mpsc},
    time::{MissedTickBehavior, interval, sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{Job, Limits, PublishError, flight::Flight, gate::Gate};
use crate::{
    Broker, Error,
    connection::{Session, backoff, passive},
};

const LOOK_AT_CONNECTION: Duration = Duration::from_millis(200);
const LOOK_AT_QUEUES: Duration = Duration::from_secs(1);
/// How long a channel may take to open.
const OPEN_WITHIN: Duration = Duration::from_secs(5);
/// How often at most what is missing is declared.
const DECLARE_EVERY: Duration = Duration::from_secs(1);

/// Runs a [`super::Publisher`].
#[derive(Debug)]
pub struct PublisherTask {
    broker: Broker,
    limits: Limits,
    jobs: mpsc::Receiver<Job>,
    gate: Arc<Gate>,
}

/// Why the pump on one connection stopped.
enum End {
    Stopped,
    Lost,
}

impl PublisherTask {
    pub(super) fn new(
        broker: Broker,
        limits: Limits,
        jobs: mpsc::Receiver<Job>,
        gate: Arc<Gate>,
    ) -> Self {
        Self {
            broker,
            limits,
            jobs,
            gate,
        }
    }

    /// Publishes until `stop`, or until the last publisher is gone. A lost connection does not end it.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut waits = backoff();
        while !stop.is_cancelled() {
            let outcome = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                outcome = self.open() => outcome,
            };
            match outcome {
                Ok((session, flight)) => {
                    info!("publisher connected");
                    waits = backoff();
                    let end = self.serve(&session, flight, &stop).await;
                    self.gate.shut();
                    session.close().await;
                    match end {
                        End::Stopped => return,
                        End::Lost => warn!("publisher lost its connection"),
                    }
                }
                Err(error) => warn!(
                    error = &error as &dyn StdError,
                    "publisher could not connect"
                ),
            }
            let wait = waits.next().unwrap_or(LOOK_AT_QUEUES);
            tokio::select! {
                () = stop.cancelled() => break,
                () = refuse_all(&mut self.jobs) => break,
                () = sleep(wait) => {}
            }
        }
        self.gate.shut();
    }

    async fn open(&self) -> Result<(Session, Flight), Error> {
        let session = self.broker.connect("publisher").await?;
        declare(&self.broker, &session).await;
        let channel = timeout(OPEN_WITHIN, session.confirm_channel());
        let channel = channel.await.map_err(|_| self.broker.silent())??;
        self.gate.open(session.status());
        Ok((session, Flight::new(channel, self.limits.confirm)))
    }

    async fn serve(&mut self, session: &Session, flight: Flight, stop: &CancellationToken) -> End {
        let unroutable = flight.unroutable();
        let mend = mend(&self.broker, session, &unroutable);
        let watch = watch(session, &self.limits, &self.gate);
        tokio::select! {
            end = pump(session, flight, &mut self.jobs, &self.limits, stop) => end,
            never = watch => match never {},
            never = mend => match never {},
        }
    }
}

async fn pump(
    session: &Session,
    mut flight: Flight,
    jobs: &mut mpsc::Receiver<Job>,
    limits: &Limits,
    stop: &CancellationToken,
) -> End {
    let mut look = interval(LOOK_AT_CONNECTION);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            _ = look.tick() => {
                if session.status().blocked() {
                    flight.excuse_silence();
                }
                if !session.is_connected() || !flight.is_connected() || flight.is_mute() {
                    return End::Lost;
                }
            }
            landed = flight.landed() => flight.settle(landed),
            job = jobs.recv(), if flight.len() < limits.window => match job {
                Some(job) => flight.launch(job),
                None => break,
            }
        }
    }
    while !flight.is_empty() {
        let landed = flight.landed().await;
        flight.settle(landed);
    }
    End::Stopped
}

/// Fails whatever arrives while there is no broker. Ends when the last publisher is gone.
async fn refuse_all(jobs: &mut mpsc::Receiver<Job>) {
    while let Some(job) = jobs.recv().await {
        let _ = job.done.send(Err(PublishError::Down));
    }
}

/// Declares what is missing whenever a message found no queue. The message itself was refused; its caller keeps it.
async fn mend(broker: &Broker, session: &Session, unroutable: &Notify) -> Infallible {
    loop {
        unroutable.notified().await;
        warn!("a message found no queue; declaring all queues again");
        declare(broker, session).await;
        sleep(DECLARE_EVERY).await;
    }
}

/// What cannot be declared must not keep from their queues the messages that have one.
async fn declare(broker: &Broker, session: &Session) {
    if let Err(error) = broker.declared(session).await {
        warn!(
            error = &error as &dyn StdError,
            "RabbitMQ does not take our queues"
        );
    }
}

/// Keeps the gate informed about the length of the watched queues.
async fn watch(session: &Session, limits: &Limits, gate: &Gate) -> Infallible {
    if limits.watched.is_empty() {
        return std::future::pending().await;
    }
    let mut look = interval(LOOK_AT_QUEUES);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        match timeout(LOOK_AT_QUEUES, is_full(session, limits)).await {
            Ok(Ok(full)) => gate.set_full(full),
            Ok(Err(error)) => warn!(
                error = &error as &dyn StdError,
                "could not look at the queue lengths"
            ),
            Err(_) => warn!("no answer about the queue lengths"),
        }
    }
}

async fn is_full(session: &Session, limits: &Limits) -> Result<bool, Error> {
    let channel = session.channel().await?;
    for queue in &limits.watched {
        if passive(&channel, queue).await?.messages >= limits.queue_length {
            return Ok(true);
        }
    }
    Ok(false)
}
