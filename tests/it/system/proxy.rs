//! A TCP proxy in front of a service: it can be cut and restored, and it can keep answers back.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinSet,
    time::sleep,
};

/// The proxy. Its connections end when it is dropped.
#[derive(Debug)]
pub(crate) struct Proxy {
    address: SocketAddr,
    control: Arc<Control>,
    _tasks: JoinSet<()>,
}

#[derive(Debug)]
struct Control {
    upstream: String,
    is_open: watch::Sender<bool>,
    /// How long each piece waits on its way, either way.
    delay: watch::Sender<Duration>,
    /// The answers to what begins so are kept back.
    silent_to: Mutex<Option<String>>,
}

impl Proxy {
    /// Listens on a free port in front of `upstream`, a host and port.
    pub(crate) async fn before(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let control = Arc::new(Control {
            upstream: upstream.to_owned(),
            is_open: watch::Sender::new(true),
            delay: watch::Sender::new(Duration::ZERO),
            silent_to: Mutex::default(),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, Arc::clone(&control)));
        Self {
            address,
            control,
            _tasks: tasks,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Cuts every connection, and refuses new ones.
    pub(crate) fn cut(&self) {
        self.control.is_open.send_replace(false);
    }

    /// Lets each piece wait so long, either way.
    pub(crate) fn slow(&self, delay: Duration) {
        self.control.delay.send_replace(delay);
    }

    /// Lets new connections through again, and nothing wait.
    pub(crate) fn restore(&self) {
        self.control.is_open.send_replace(true);
        self.control.delay.send_replace(Duration::ZERO);
    }

    /// From now on, whoever sends a request that begins so hears nothing any more on that connection.
    pub(crate) fn keep_back_answers_to(&self, request: &str) {
        *self.control.silent_to.lock().unwrap() = Some(request.to_owned());
    }

    /// Ends [`Self::keep_back_answers_to`] for new requests; what was kept back is lost.
    pub(crate) fn answer_again(&self) {
        *self.control.silent_to.lock().unwrap() = None;
    }
}

async fn accept(listener: TcpListener, control: Arc<Control>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        if *control.is_open.borrow() {
            connections.spawn(pass(client, Arc::clone(&control)));
        }
    }
}

async fn pass(client: TcpStream, control: Arc<Control>) {
    let Ok(server) = TcpStream::connect(&control.upstream).await else {
        return;
    };
    // A piece that waits for the acknowledgement of the one before it takes 40 ms longer than without us.
    if client.set_nodelay(true).is_err() || server.set_nodelay(true).is_err() {
        return;
    }
    let (client_reads, client_writes) = client.into_split();
    let (server_reads, server_writes) = server.into_split();
    let (silence, is_silent) = watch::channel(false);
    let mut is_open = control.is_open.subscribe();
    tokio::select! {
        () = ask(client_reads, server_writes, &control, silence) => {}
        () = answer(server_reads, client_writes, &control, is_silent) => {}
        _ = is_open.wait_for(|is_open| !is_open) => {}
    }
}

async fn ask(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    control: &Control,
    silence: watch::Sender<bool>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if control.keeps_back(&buffer[..read]) {
            silence.send_replace(true);
        }
        control.wait().await;
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

async fn answer(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    control: &Control,
    is_silent: watch::Receiver<bool>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if *is_silent.borrow() {
            std::future::pending::<()>().await;
        }
        control.wait().await;
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

impl Control {
    async fn wait(&self) {
        let delay = *self.delay.borrow();
        if !delay.is_zero() {
            sleep(delay).await;
        }
    }

    fn keeps_back(&self, request: &[u8]) -> bool {
        let silent_to = self.silent_to.lock().unwrap();
        silent_to
            .as_ref()
            .is_some_and(|beginning| request.starts_with(beginning.as_bytes()))
    }
}
