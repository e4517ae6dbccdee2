//! What people see and do at the screens of the two systems, over HTTP: the client of `/sandbox/…`.

use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::fault::switch::Switch;

/// Why a stand-in could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody answers there.
    #[error("no answer from {url}: is a stand-in running there?")]
    NoAnswer {
        /// What was asked.
        url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The stand-in says no.
    #[error("{url} refused: {reason}")]
    Refused {
        /// What was asked.
        url: String,
        /// What it said.
        reason: String,
    },
}

/// How long a stand-in may take to answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// A client that does not wait for ever.
pub(crate) fn client() -> Client {
    // reqwest asks for a provider of cryptography even for plain http; one that is there already serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().timeout(PATIENCE).no_proxy().build();
    client.expect("nothing of the system is asked for")
}

/// The screens of one system.
#[derive(Clone, Debug)]
pub struct Screen {
    base: String,
    http: Client,
}

impl Screen {
    /// The screens of the stand-in at this address.
    pub fn at(base: &str) -> Self {
        Self {
            base: base.trim_end_matches('/').to_owned(),
            http: client(),
        }
    }

    /// Everything there is, by entity.
    pub async fn everything(&self) -> Result<Value, Error> {
        self.get("state").await
    }

    /// The records of an entity, ascending; those with a higher id than `after` where it is given.
    pub async fn records(&self, entity: &str, after: Option<i64>) -> Result<Vec<Value>, Error> {
        let after = after.map_or_else(String::new, |after| format!("&after={after}"));
        self.list(entity, &format!("state?entity={entity}{after}"))
            .await
    }

    /// One record, where there is one with this id.
    pub async fn record(&self, entity: &str, id: &str) -> Result<Option<Value>, Error> {
        let found = self
            .list(entity, &format!("state?entity={entity}&id={id}"))
            .await?;
        Ok(found.into_iter().next())
    }

    /// A person makes a record; its id.
    pub async fn create(&self, body: &Value) -> Result<Value, Error> {
        self.post("create", body)
            .await
            .map(|mut told| told["id"].take())
    }

    /// A person edits a record.
    pub async fn edit(&self, body: &Value) -> Result<(), Error> {
        self.post("edit", body).await.map(drop)
    }

    /// A person deletes a record.
    pub async fn delete(&self, body: &Value) -> Result<(), Error> {
        self.post("delete", body).await.map(drop)
    }

    /// A person of Jim2 makes a finished job Ready and puts it on an invoice; the invoice's number.
    pub async fn invoice(&self, job: i64, by: &str) -> Result<Value, Error> {
        self.post("ready", &json!({"job": job, "by": by})).await?;
        self.post("invoice", &json!({"jobs": [job], "by": by}))
            .await
            .map(|mut told| told["invNo"].take())
    }

    /// A person does what is no edit of a record, such as posting what was approved; what came of it.
    pub async fn act(&self, deed: &str, body: &Value) -> Result<Value, Error> {
        self.post(deed, body).await
    }

    /// What can go wrong, and what does.
    pub async fn faults(&self) -> Result<Value, Error> {
        self.get("fault").await
    }

    /// Makes something go wrong, or ends it.
    pub async fn switch(&self, switch: &Switch) -> Result<(), Error> {
        self.post("fault", &switch.to_json()).await.map(drop)
    }

    /// Makes something go wrong so many times.
    pub async fn fault(&self, name: &str, count: u64) -> Result<(), Error> {
        self.switch(&Switch::on(name).times(count)).await
    }

    /// Counts of calls and webhooks.
    pub async fn stats(&self) -> Result<Value, Error> {
        self.get("stats").await
    }

    async fn list(&self, entity: &str, path: &str) -> Result<Vec<Value>, Error> {
        let mut told = self.get(path).await?;
        match told[entity].take() {
            Value::Array(records) => Ok(records),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_) => Err(Error::Refused {
                url: format!("{}/sandbox/{path}", self.base),
                reason: format!("there is no entity {entity}"),
            }),
        }
    }

    async fn get(&self, path: &str) -> Result<Value, Error> {
        let url = format!("{}/sandbox/{path}", self.base);
        ask(self.http.get(&url), url).await
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value, Error> {
        let url = format!("{}/sandbox/{path}", self.base);
        ask(self.http.post(&url).json(body), url).await
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the sandbox shares nothing with our clients, `rest` included"
)]
async fn ask(request: RequestBuilder, url: String) -> Result<Value, Error> {
    let lost = |source| Error::NoAnswer {
        url: url.clone(),
        source,
    };
    let answer = request.send().await.map_err(lost)?;
    let status = answer.status();
    let text = answer.text().await.map_err(lost)?;
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    if status.is_success() {
        return Ok(body);
    }
    let reason = body["error"]
        .as_str()
        .map_or_else(|| format!("{status} {text}"), str::to_owned);
    Err(Error::Refused { url, reason })
}
