//! Stands between Autotask and ingress: what Autotask sends is recorded and, unless held, passed on.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
};
use tokio::{net::TcpListener, task::JoinSet};

use super::http;

/// The address that Autotask knows.
#[derive(Debug)]
pub(crate) struct Doorway {
    address: SocketAddr,
    porter: Arc<Porter>,
    _server: JoinSet<()>,
}

/// One call of Autotask's, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    /// Path with the webhook's name.
    pub(crate) path: String,
    /// `X-Hook-Signature`.
    pub(crate) signature: String,
    /// The bytes that were signed.
    pub(crate) body: Bytes,
}

#[derive(Debug)]
struct Porter {
    ingress: String,
    calls: Mutex<Vec<Call>>,
    holds: Mutex<bool>,
}

impl Doorway {
    /// Opens it in front of the ingress at `ingress`, an address without a path.
    pub(crate) async fn before(ingress: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let porter = Arc::new(Porter {
            ingress,
            calls: Mutex::default(),
            holds: Mutex::new(false),
        });
        let router = Router::new()
            .fallback(arrived)
            .with_state(Arc::clone(&porter));
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            porter,
            _server: server,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on calls are recorded and answered, and go no further.
    pub(crate) fn hold(&self) {
        *self.porter.holds.lock().unwrap() = true;
    }

    /// Ends [`Self::hold`]; what was held stays where it is.
    pub(crate) fn open(&self) {
        *self.porter.holds.lock().unwrap() = false;
    }

    /// Takes what came since it was last asked for.
    pub(crate) fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut *self.porter.calls.lock().unwrap())
    }

    /// Passes a call on to ingress, and answers what it says.
    pub(crate) async fn deliver(&self, call: &Call) -> StatusCode {
        self.porter.pass(call).await
    }
}

async fn arrived(
    State(porter): State<Arc<Porter>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let signature = headers.get("x-hook-signature");
    let call = Call {
        path: uri.path().to_owned(),
        signature: signature.map_or("", |it| it.to_str().unwrap()).to_owned(),
        body,
    };
    porter.calls.lock().unwrap().push(call.clone());
    let holds = *porter.holds.lock().unwrap();
    if holds {
        return StatusCode::ACCEPTED;
    }
    porter.pass(&call).await
}

impl Porter {
    /// Whoever is not there answers as a gateway would.
    async fn pass(&self, call: &Call) -> StatusCode {
        let url = format!("{}{}", self.ingress, call.path);
        let headers = [("x-hook-signature", call.signature.as_str())];
        http::post(&url, &headers, call.body.clone())
            .await
            .unwrap_or(StatusCode::BAD_GATEWAY)
    }
}
