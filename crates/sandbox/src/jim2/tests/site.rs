//! A Jim2 of a test's own, and a caller that is signed in to it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::jim2::{Jim2, Options};
use crate::provider::{Provider, Size};

/// Ten in the morning of 23 November 2026 in Sydney.
pub(super) const NOW: &str = "2026-11-22T23:00:00Z";

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// Its media type.
    pub(super) kind: String,
    pub(super) body: Value,
}

impl Reply {
    /// The code of the first error, with the status.
    pub(super) fn refusal(&self) -> (u16, &str) {
        let code = self.body["errors"][0]["code"].as_str();
        (self.status, code.unwrap_or("no error"))
    }

    /// What the first error blames.
    pub(super) fn pointer(&self) -> &str {
        let pointer = &self.body["errors"][0]["source"]["pointer"];
        pointer.as_str().unwrap_or_default()
    }

    /// The attributes of the one resource.
    pub(super) fn attributes(&self) -> &Value {
        assert!(self.status < 300, "{self:?}");
        &self.body["data"]["attributes"]
    }

    /// The ids of the resources of a list.
    pub(super) fn ids(&self) -> Vec<&str> {
        assert_eq!(self.status, 200, "{self:?}");
        let list = self.body["data"].as_array().unwrap();
        list.iter().map(|one| one["id"].as_str().unwrap()).collect()
    }
}

/// A running Jim2 and a signed-in caller.
pub(super) struct Site {
    jim2: Jim2,
    client: Client,
    token: String,
}

impl Site {
    /// A Jim2 with the default set-up, standing still at [`NOW`].
    pub(super) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A Jim2 with a set-up of its own.
    pub(super) async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let now: DateTime<Utc> = NOW.parse().unwrap();
        let mut options = Options {
            now: Some(now),
            ..Options::default()
        };
        change(&mut options);
        let provider = Provider::generate(7, &Size::small(), now);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let jim2 = Jim2::start(listener, &provider, options).await.unwrap();
        // Another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut site = Self {
            jim2,
            client: Client::new(),
            token: String::new(),
        };
        let signed_in = site.sign_in("all").await;
        if let Some(token) = signed_in.body["access_token"].as_str() {
            token.clone_into(&mut site.token);
        }
        site
    }

    /// Asks for a token.
    pub(super) async fn sign_in(&self, scope: &str) -> Reply {
        self.token(&format!("grant_type=client_credentials&scope={scope}"))
            .await
    }

    /// Posts a form to `token`, with the right credentials.
    pub(super) async fn token(&self, form: &str) -> Reply {
        let request = self.request(Method::POST, "/jim2/token");
        let request = request.basic_auth("crossbill", Some("sandbox-secret"));
        self.send(request.body(form.to_owned())).await.unwrap()
    }

    /// Asks for a token, which may not come.
    pub(super) async fn try_sign_in(&self, scope: &str) -> Result<Reply, reqwest::Error> {
        let form = format!("grant_type=client_credentials&scope={scope}");
        let request = self.request(Method::POST, "/jim2/token");
        let request = request.basic_auth("crossbill", Some("sandbox-secret"));
        self.send(request.body(form)).await
    }

    /// Posts a form to `token`, whose credentials it has in it.
    pub(super) async fn anonymous_token(&self, form: &str) -> Reply {
        let request = self.request(Method::POST, "/jim2/token");
        self.send(request.body(form.to_owned())).await.unwrap()
    }

    /// Switches a fault.
    pub(super) async fn fault(&self, switch: Value) {
        let reply = self.hands("fault", switch.clone()).await;
        assert_eq!(reply.status, 200, "{switch}: {reply:?}");
    }

    /// Whether anybody lets us in.
    pub(super) async fn connects(&self) -> std::io::Result<()> {
        let address = self.jim2.base_url().replace("http://", "");
        tokio::net::TcpStream::connect(address).await.map(drop)
    }

    /// Goes on with another token.
    pub(super) fn use_token(&mut self, token: &Value) {
        token.as_str().unwrap().clone_into(&mut self.token);
    }

    pub(super) async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, None).await.unwrap()
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Reply {
        self.call(Method::POST, path, Some(body)).await.unwrap()
    }

    pub(super) async fn delete(&self, path: &str) -> Reply {
        self.call(Method::DELETE, path, None).await.unwrap()
    }

    /// Creates a resource with these attributes.
    pub(super) async fn add(&self, path: &str, kind: &str, attributes: Value) -> Reply {
        let body = json!({ "data": { "type": kind, "attributes": attributes } });
        self.post(path, body).await
    }

    /// Changes attributes of the resource at an address that ends with its id.
    pub(super) async fn patch(&self, path: &str, kind: &str, attributes: Value) -> Reply {
        let id = path.rsplit('/').next().unwrap();
        let body = json!({ "data": { "type": kind, "id": id, "attributes": attributes } });
        self.call(Method::PATCH, path, Some(body)).await.unwrap()
    }

    /// Changes attributes of a job.
    pub(super) async fn patch_job(&self, no: i64, attributes: Value) -> Reply {
        self.patch(&format!("jobs/{no}"), "Job", attributes).await
    }

    /// Calls the API, which may not answer.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Reply, reqwest::Error> {
        let request = self.request(method, &format!("/jim2/api/v1/{path}"));
        let request = request.bearer_auth(&self.token);
        self.send(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }

    /// Does something with a person's hands.
    pub(super) async fn hands(&self, what: &str, body: Value) -> Reply {
        let request = self.request(Method::POST, &format!("/sandbox/{what}"));
        self.send(request.json(&body)).await.unwrap()
    }

    /// Looks at the sandbox.
    pub(super) async fn look(&self, what: &str) -> Value {
        let request = self.request(Method::GET, &format!("/sandbox/{what}"));
        self.send(request).await.unwrap().body
    }

    /// A record of the state.
    pub(super) async fn record(&self, entity: &str, id: &Value) -> Value {
        let state = self.look("state").await;
        let records = state[entity].as_array().unwrap();
        let found = records.iter().find(|record| record["id"] == *id);
        found.unwrap_or(&Value::Null).clone()
    }

    /// The rows of each result set of a named query, as objects.
    pub(super) async fn query(&self, query: &str) -> Vec<Vec<Value>> {
        let reply = self.get(&format!("custom/getdata?queryname={query}")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let sets = reply.body["resultSets"].as_array().unwrap();
        sets.iter().map(rows).collect()
    }

    /// Makes a job for the first customer, by a person, and answers its number.
    pub(super) async fn job(&self, set: Value) -> i64 {
        let mut set = set;
        set["custNo"] = self.customer().await.into();
        let body = json!({ "entity": "Job", "by": "JC", "set": set });
        let made = self.hands("create", body).await;
        made.body["id"]
            .as_i64()
            .unwrap_or_else(|| panic!("{made:?}"))
    }

    /// Takes a job along a path of statuses, by a person.
    pub(super) async fn walk(&self, job: i64, path: &[&str]) {
        for status in path {
            let set = json!({ "Status": status });
            let body = json!({ "entity": "Job", "id": job, "by": "JC", "set": set });
            let reply = self.hands("edit", body).await;
            assert_eq!(reply.status, 200, "{status}: {reply:?}");
        }
    }

    /// Changes a record as a caller who does not wait long.
    pub(super) async fn patience(
        &self,
        patience: Duration,
        path: &str,
        body: Value,
    ) -> Result<Reply, reqwest::Error> {
        let request = self.request(Method::PATCH, &format!("/jim2/api/v1/{path}"));
        let request = request.bearer_auth(&self.token).timeout(patience);
        self.send(request.json(&body)).await
    }

    /// The number of the first customer, without asking the API.
    pub(super) async fn first_customer(&self) -> i64 {
        let state = self.look("state").await;
        let cards = state["CardFile"].as_array().unwrap();
        let mut customers = cards.iter().filter(|card| card["customer"].is_object());
        customers.next().unwrap()["id"].as_i64().unwrap()
    }

    /// The number of the first customer.
    pub(super) async fn customer(&self) -> i64 {
        let list = self.get("cardfiles?filter[Customer]=True").await;
        list.ids()[0].parse().unwrap()
    }

    /// The initials of an active technician.
    pub(super) async fn initials(&self) -> String {
        let state = self.look("state").await;
        let cards = state["CardFile"].as_array().unwrap();
        let mut users = cards.iter().filter(|card| card["active"] == true);
        let user = users.find_map(|card| card["user"]["initials"].as_str());
        user.unwrap().to_owned()
    }

    pub(super) async fn stop(self) {
        drop(self.client);
        self.jim2.stop().await;
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.jim2.base_url());
        self.client.request(method, url)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the stand-in is tested as a stranger's client would call it"
    )]
    async fn send(&self, request: RequestBuilder) -> Result<Reply, reqwest::Error> {
        let response = request.send().await?;
        let status = response.status().as_u16();
        let kind = response.headers().get("content-type");
        let kind = kind.map_or("", |kind| kind.to_str().unwrap()).to_owned();
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok(Reply { status, kind, body })
    }
}

fn rows(set: &Value) -> Vec<Value> {
    let columns = set["columns"].as_array().unwrap();
    let rows = set["rows"].as_array().unwrap();
    let object = |row: &Value| {
        let cells = row.as_array().unwrap();
        assert_eq!(cells.len(), columns.len());
        let names = columns.iter().map(|one| one["Name"].as_str().unwrap());
        names
            .map(str::to_owned)
            .zip(cells.iter().cloned())
            .collect::<Value>()
    };
    rows.iter().map(object).collect()
}
