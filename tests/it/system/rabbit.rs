//! The RabbitMQ of a test: a virtual host of its own, or a whole node of its own that can be stopped.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
};

use broker::{AmqpUrl, Broker, testing::Vhost};
use domain::SystemClock;
use url::Url;

use super::binary;

/// Where messages go.
#[derive(Debug)]
pub(crate) enum Rabbit {
    /// On the RabbitMQ that all tests share.
    Shared(Vhost),
    /// Nobody else's.
    Own(Node),
}

impl Rabbit {
    fn url(&self) -> Url {
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

    /// Straight to it, past any proxy.
    pub(crate) fn broker(&self) -> Broker {
        let url: AmqpUrl = self.url().as_str().parse().unwrap();
        Broker::new(url, "test", Arc::new(SystemClock))
    }
}

/// A RabbitMQ node under a folder, with ports, cookie and data of its own, by the same scripts as everybody's.
#[derive(Debug)]
pub(crate) struct Node {
    home: PathBuf,
    url: String,
}

impl Node {
    pub(crate) fn start(home: &Path) -> Self {
        fs::create_dir_all(home).unwrap();
        let mut node = Self {
            home: home.to_owned(),
            url: String::new(),
        };
        node.url = node.script("rabbitmq_start >&2; rabbitmq_url");
        node
    }

    /// Stops the node and starts it again on what it kept on disk.
    pub(crate) fn restart(&self) {
        let url = self.script("rabbitmq_end >&2; rabbitmq_start >&2; rabbitmq_url");
        assert_eq!(url, self.url, "its port was taken meanwhile");
    }

    fn script(&self, commands: &str) -> String {
        let (is_done, said) = self.run(commands);
        assert!(is_done, "a private RabbitMQ: {said}");
        said
    }

    /// Runs functions of the library. Files take what is said: the node would keep a pipe open for ever.
    /// Answers whether they succeeded, and their answer, or what they said instead.
    fn run(&self, commands: &str) -> (bool, String) {
        let library = binary::root().join("ops/lib/services.sh");
        let script = format!(
            r#"set -euo pipefail; . "$1"; services_configure "$2"; services_lock; rabbitmq_install; {commands}"#
        );
        let file = |name: &str| self.home.join(name);
        let status = Command::new("bash")
            .args(["-c", &script, "private-rabbitmq"])
            .args([&library, &self.home])
            .env_remove("AMQP_URL")
            .env_remove("AMQP_API_URL")
            .stdin(Stdio::null())
            .stdout(File::create(file("answer")).unwrap())
            .stderr(File::create(file("said")).unwrap())
            .status()
            .unwrap();
        let name = if status.success() { "answer" } else { "said" };
        let text = fs::read_to_string(file(name)).unwrap();
        (status.success(), text.trim().to_owned())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // What is left running is told by the next one that finds it in its way.
        let _ = self.run("rabbitmq_end");
    }
}
