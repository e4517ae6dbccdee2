//! The server's door: a listener that can be shut for a while, so that every connection is refused.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

/// How soon to try again what the system did not allow.
const AGAIN: Duration = Duration::from_millis(50);

/// Shuts the door from elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct Latch(watch::Sender<Option<Instant>>);

impl Latch {
    /// Shuts the door for so long, from now on.
    pub(crate) fn shut(&self, duration: Duration) {
        let until = Instant::now().checked_add(duration);
        self.0.send_replace(until);
    }

    /// Whether the door is shut now.
    pub(crate) fn is_shut(&self) -> bool {
        self.0.borrow().is_some_and(|until| until > Instant::now())
    }
}

/// A listener that lets nobody in while it is shut.
#[derive(Debug)]
pub(crate) struct Door {
    listener: Option<TcpListener>,
    address: SocketAddr,
    shut: watch::Receiver<Option<Instant>>,
}

impl Door {
    /// An open door where `listener` listens, and its latch.
    pub(crate) fn of(listener: TcpListener) -> io::Result<(Self, Latch)> {
        let (latch, shut) = watch::channel(None);
        let door = Self {
            address: listener.local_addr()?,
            listener: Some(listener),
            shut,
        };
        Ok((door, Latch(latch)))
    }
}

impl Listener for Door {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            let shut = *self.shut.borrow_and_update();
            if let Some(until) = shut.filter(|until| *until > Instant::now()) {
                // Nobody listens: the system itself refuses.
                self.listener = None;
                sleep_until(until).await;
                continue;
            }
            let Some(listener) = &self.listener else {
                match TcpListener::bind(self.address).await {
                    Ok(listener) => self.listener = Some(listener),
                    Err(error) => {
                        tracing::warn!(error = &error as &dyn std::error::Error, "not open yet");
                        sleep(AGAIN).await;
                    }
                }
                continue;
            };
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok(accepted) => return accepted,
                    Err(_) => sleep(AGAIN).await,
                },
                Ok(()) = self.shut.changed() => {}
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}
