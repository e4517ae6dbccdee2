//! Stands before the stand-in of Autotask as a tenant that has less: without some user-defined fields, and without the
//! right to make some records.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinSet};

/// What this tenant has not.
#[derive(Debug, Clone, Default)]
pub(in crate::connect::tests) struct Lacks {
    /// User-defined fields, by name.
    pub(in crate::connect::tests) fields: Vec<&'static str>,
    /// The right to make these, by plural name.
    pub(in crate::connect::tests) create: Vec<&'static str>,
}

/// The front. It ends when it is dropped.
pub(in crate::connect::tests) struct Front {
    pub(in crate::connect::tests) url: String,
    desk: Arc<Desk>,
    _server: JoinSet<()>,
}

struct Desk {
    behind: String,
    own: String,
    lacks: Mutex<Lacks>,
    http: rest::Client,
}

impl Front {
    pub(in crate::connect::tests) async fn before(behind: String, lacks: Lacks) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let desk = Arc::new(Desk {
            behind,
            own: url.clone(),
            lacks: Mutex::new(lacks),
            http: super::http(),
        });
        let router = Router::new().fallback(pass).with_state(Arc::clone(&desk));
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            desk,
            _server: server,
        }
    }

    /// From now on it lacks this.
    pub(in crate::connect::tests) fn lacks(&self, lacks: Lacks) {
        *self.desk.lacks.lock().unwrap() = lacks;
    }
}

async fn pass(
    State(desk): State<Arc<Desk>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    let lacks = desk.lacks.lock().unwrap().clone();
    let asked = String::from_utf8_lossy(&body);
    if let Some(field) = lacks.fields.iter().find(|field| asked.contains(**field)) {
        let says = format!(r#"{{"errors":["Unable to find {field} in the Entity."]}}"#);
        return (StatusCode::INTERNAL_SERVER_ERROR, says);
    }
    let url = format!("{}{uri}", desk.behind);
    let mut request = desk.http.request(method, url).body(body.clone());
    for (name, value) in headers.iter().filter(|(name, _)| *name != "host") {
        request = request.header(name, value);
    }
    let answer = match desk.http.send("front", request).await {
        Ok(answer) => answer.json::<Value>().unwrap(),
        Err(rest::Error::Refused { status, body }) => return (status, body),
        Err(error) => return (StatusCode::BAD_GATEWAY, error.to_string()),
    };
    let text = less(answer, uri.path(), &lacks).to_string();
    (StatusCode::OK, text.replace(&desk.behind, &desk.own))
}

/// An answer of a tenant that has less.
fn less(mut answer: Value, path: &str, lacks: &Lacks) -> Value {
    if path.ends_with("userDefinedFields")
        && let Some(fields) = answer["fields"].as_array_mut()
    {
        fields.retain(|field| !lacks.fields.iter().any(|name| field["name"] == **name));
    }
    let is_denied = |plural: &&'static str| path.ends_with(&format!("{plural}/entityInformation"));
    if lacks.create.iter().any(is_denied) {
        answer["info"]["userAccessForCreate"] = "None".into();
    }
    answer
}
