//! Somebody who is called by webhooks.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha1::Sha1;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};
use tokio_util::task::AbortOnDropHandle;

/// Keeps every call, and fails as often as it is told to.
pub(super) struct Receiver {
    address: String,
    calls: Mutex<mpsc::UnboundedReceiver<Call>>,
    failures: Arc<AtomicUsize>,
    silences: Arc<AtomicUsize>,
    _server: AbortOnDropHandle<()>,
}

/// One call.
#[derive(Debug)]
pub(super) struct Call {
    pub path: String,
    pub text: String,
    signature: String,
}

#[derive(Clone)]
struct Inside {
    calls: mpsc::UnboundedSender<Call>,
    failures: Arc<AtomicUsize>,
    silences: Arc<AtomicUsize>,
}

impl Receiver {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test's server ends with the test"
    )]
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let (sender, calls) = mpsc::unbounded_channel();
        let failures = Arc::new(AtomicUsize::new(0));
        let silences = Arc::new(AtomicUsize::new(0));
        let inside = Inside {
            calls: sender,
            failures: Arc::clone(&failures),
            silences: Arc::clone(&silences),
        };
        let router = Router::new().fallback(receive).with_state(inside);
        let server =
            tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self {
            address,
            calls: Mutex::new(calls),
            failures,
            silences,
            _server: AbortOnDropHandle::new(server),
        }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.address)
    }

    /// Answers 500 to so many calls from now on.
    pub(super) fn fail(&self, times: usize) {
        self.failures.store(times, Ordering::SeqCst);
    }

    /// Takes so many calls from now on and never answers them.
    pub(super) fn keep_silent(&self, times: usize) {
        self.silences.store(times, Ordering::SeqCst);
    }

    /// The next call, within ten seconds.
    pub(super) async fn next(&self) -> Call {
        let mut calls = self.calls.lock().await;
        let next = tokio::time::timeout(Duration::from_secs(10), calls.recv()).await;
        next.expect("a call within ten seconds")
            .expect("the receiver runs")
    }
}

impl Call {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("the body is JSON")
    }

    pub(super) fn is_unsigned(&self) -> bool {
        self.signature.is_empty()
    }

    pub(super) fn is_signed_with(&self, secret: &str) -> bool {
        let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).expect("any length");
        mac.update(self.text.as_bytes());
        self.signature == format!("sha1={}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

async fn receive(
    State(inside): State<Inside>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let signature = headers
        .get("X-Hook-Signature")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let text = String::from_utf8_lossy(&body).into_owned();
    let call = Call {
        path: uri.path().to_owned(),
        text,
        signature,
    };
    let (failing, silent) = (counts_down(&inside.failures), counts_down(&inside.silences));
    inside.calls.send(call).expect("the test still listens");
    if silent {
        std::future::pending::<()>().await;
    }
    if failing {
        StatusCode::INTERNAL_SERVER_ERROR
    } else {
        StatusCode::OK
    }
}

fn counts_down(left: &AtomicUsize) -> bool {
    let less = |left: usize| left.checked_sub(1);
    left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
        .is_ok()
}
