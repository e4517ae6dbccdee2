//! A RabbitMQ of its own for every test: a virtual host, gone when the test ends.
//!
//! `AMQP_URL` and `AMQP_API_URL` name the broker and its management API; `ops/test` sets both.

mod api;

use std::{sync::Arc, time::Duration};

use domain::SystemClock;
use tokio::time::{Instant, sleep};

use crate::{AmqpUrl, Broker, Consumer};
use api::Api;

/// Long enough for a busy machine; a test that waits this long has failed.
const DEADLINE: Duration = Duration::from_secs(20);

/// A virtual host with a unique name, deleted on drop.
#[derive(Debug)]
pub struct Vhost {
    name: String,
    url: String,
    api: Api,
}

impl Vhost {
    /// Makes one.
    ///
    /// # Panics
    ///
    /// Panics where the broker is missing: a test without it proves nothing.
    pub fn create() -> Self {
        let api = Api::from_env();
        let name = format!("test-{}", uuid::Uuid::now_v7());
        api.call("PUT", &format!("/api/vhosts/{name}"), "{}");
        let base = from_env("AMQP_URL");
        let scheme_end = base.find("://").map_or(0, |at| at + 3);
        let host = base[scheme_end..].split('/').next().unwrap_or_default();
        let url = format!("{}{host}/{name}", &base[..scheme_end]);
        Self { name, url, api }
    }

    /// Its address, password included.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A broker on it, by the machine's clock.
    pub fn broker(&self) -> Broker {
        let url: AmqpUrl = self.url.parse().expect("AMQP_URL is an address");
        Broker::new(url, "test", Arc::new(SystemClock))
    }

    /// Cuts the connections whose name ends in `role`, such as `publisher`; waits until there is one to cut.
    pub async fn cut(&self, role: &str) {
        eventually(async || self.cut_now(role) > 0).await;
    }

    fn cut_now(&self, role: &str) -> usize {
        let listed = self
            .api
            .call("GET", &format!("/api/vhosts/{}/connections", self.name), "");
        let listed: Vec<serde_json::Value> = serde_json::from_str(&listed).unwrap_or_default();
        let is_of_role = |connection: &&serde_json::Value| {
            let name = connection["client_properties"]["connection_name"].as_str();
            name.is_some_and(|name| name.ends_with(role))
        };
        let names: Vec<_> = listed
            .iter()
            .filter(is_of_role)
            .filter_map(|connection| connection["name"].as_str())
            .collect();
        for name in &names {
            let name = name.replace(' ', "%20").replace('>', "%3E");
            self.api
                .call("DELETE", &format!("/api/connections/{name}"), "");
        }
        names.len()
    }

    /// Deletes a queue, as an operator's hand might.
    pub fn delete_queue(&self, queue: &str) {
        self.api
            .call("DELETE", &format!("/api/queues/{}/{queue}", self.name), "");
    }

    /// Forgets what waits in a queue.
    pub fn empty_queue(&self, queue: &str) {
        let path = format!("/api/queues/{}/{queue}/contents", self.name);
        self.api.call("DELETE", &path, "");
    }

    /// Declares a quorum queue with other arguments than ours.
    pub fn declare_queue(&self, queue: &str) {
        let quorum = r#"{"durable":true,"arguments":{"x-queue-type":"quorum"}}"#;
        self.api
            .call("PUT", &format!("/api/queues/{}/{queue}", self.name), quorum);
    }
}

impl Drop for Vhost {
    fn drop(&mut self) {
        self.api
            .try_call("DELETE", &format!("/api/vhosts/{}", self.name), "");
    }
}

/// Waits until all that is in the consumer's queues has come to it. What a batch is made of is certain only then.
///
/// # Panics
///
/// Panics when it does not come, and where more waits than the consumer's prefetch.
pub async fn arrived(consumer: &Consumer) {
    eventually(async || consumer.is_all_here().await.expect("the queues are there")).await;
}

/// Polls until `holds`, up to a deadline.
///
/// # Panics
///
/// Panics when the deadline passes.
pub async fn eventually(holds: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !holds().await {
        assert!(Instant::now() < deadline, "it never came true");
        sleep(Duration::from_millis(20)).await;
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no other configuration"
)]
fn from_env(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic_for(name))
}

#[expect(clippy::panic, reason = "a test without its broker must fail loudly")]
fn panic_for(name: &str) -> String {
    panic!("{name} is not set: run the tests through `ops/test`, which starts a RabbitMQ")
}
