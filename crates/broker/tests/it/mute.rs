//! A way to the broker that can fall silent: what is sent arrives, and no answer comes back.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    sync::watch,
    task::JoinSet,
};

/// Passes connections on to a broker.
pub(crate) struct Mute {
    url: String,
    generation: watch::Sender<u64>,
    _passing: JoinSet<()>,
}

impl Mute {
    /// In front of the broker at `url`.
    pub(crate) async fn before(url: &str) -> Self {
        let (user, rest) = url.split_once('@').unwrap();
        let (host, vhost) = rest.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{user}@{}/{vhost}", listener.local_addr().unwrap());
        let (generation, heard) = watch::channel(0);
        let mut passing = JoinSet::new();
        passing.spawn(pass(listener, host.to_owned(), heard));
        Self {
            url,
            generation,
            _passing: passing,
        }
    }

    /// Its address, in place of the broker's.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// From now on nothing comes back over the connections that are open. New ones work.
    pub(crate) fn silence(&self) {
        self.generation.send_modify(|generation| *generation += 1);
    }
}

async fn pass(listener: TcpListener, host: String, heard: watch::Receiver<u64>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let broker = TcpStream::connect(&host).await.unwrap();
        let (from_client, to_client) = client.into_split();
        let (from_broker, to_broker) = broker.into_split();
        connections.spawn(forward(from_client, to_broker));
        connections.spawn(answer(from_broker, to_client, heard.clone()));
    }
}

async fn forward(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
    // Either end may go away at any time.
    let _ = copy(&mut from, &mut to).await;
}

/// Brings answers back for as long as nobody silences this connection; then it only listens.
async fn answer(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut heard: watch::Receiver<u64>) {
    heard.mark_unchanged();
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length) = from.read(&mut buffer).await {
        if length == 0 {
            break;
        }
        if !heard.has_changed().unwrap_or(true) && to.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
}
