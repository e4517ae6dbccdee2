//! The RabbitMQ of a test: a virtual host of its own, or a whole node of its own that can be stopped.

use std::{path::Path, sync::Arc};

use broker::{AmqpUrl, Broker, testing::Vhost};
use domain::SystemClock;
use url::Url;

use super::private::Private;

/// Where messages go.
#[derive(Debug)]
pub(crate) enum Rabbit {
    /// On the RabbitMQ that all tests share.
    Shared(Vhost),
    /// Nobody else's.
    Own(Node),
}

impl Rabbit {
    /// Its address, past any proxy.
    pub(crate) fn url(&self) -> Url {
        let url = match self {
            Self::Shared(vhost) => vhost.url(),
            Self::Own(node) => &node.url,
        };
        url.parse().unwrap()
    }

    /// Host and port.
    pub(crate) fn server(&self) -> String {
        let url = self.url();
        format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5672))
    }

    /// Its address by way of another port of this machine.
    pub(crate) fn url_by(&self, port: u16) -> String {
        let mut url = self.url();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(port)).unwrap();
        url.to_string()
    }

    /// The node, where it is nobody else's.
    pub(crate) fn own(&self) -> &Node {
        match self {
            Self::Own(node) => node,
            Self::Shared(_) => unreachable!("this site asked for no RabbitMQ of its own"),
        }
    }

    /// Straight to it, past any proxy.
    pub(crate) fn broker(&self) -> Broker {
        let url: AmqpUrl = self.url().as_str().parse().unwrap();
        Broker::new(url, "test", Arc::new(SystemClock))
    }
}

/// A RabbitMQ node of a test's own.
#[derive(Debug)]
pub(crate) struct Node {
    private: Private,
    url: String,
}

impl Node {
    pub(crate) fn start(home: &Path) -> Self {
        let private = Private::under(home, "rabbitmq_install");
        let url = private.script("rabbitmq_start >&2; rabbitmq_url");
        Self { private, url }
    }

    /// Stops the node and starts it again on what it kept on disk.
    pub(crate) fn restart(&self) {
        let url = self
            .private
            .script("rabbitmq_end >&2; rabbitmq_start >&2; rabbitmq_url");
        assert_eq!(url, self.url, "its port was taken meanwhile");
    }

    /// Has it find its disk full, or find room again: while it is full it takes nothing from publishers.
    pub(crate) fn alarm(&self, is_full: bool) {
        let limit = if is_full { "1000000GB" } else { "200MB" };
        self.private.script(&format!(
            r#"rabbitmq_run "$RABBITMQ_BIN/rabbitmqctl" -q set_disk_free_limit {limit} >&2"#
        ));
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.private.end("rabbitmq_end");
    }
}
