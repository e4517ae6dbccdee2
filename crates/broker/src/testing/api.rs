//! Just enough HTTP for the management API. It blocks, so that it also works in a destructor.

use std::{
    fmt,
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::from_env;

const PATIENCE: Duration = Duration::from_secs(10);

/// The management API, with the user of `AMQP_URL`.
pub(super) struct Api {
    host: String,
    authorization: String,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)
    }
}

impl Api {
    pub(super) fn from_env() -> Self {
        let (api, amqp) = (from_env("AMQP_API_URL"), from_env("AMQP_URL"));
        let host = api.trim_start_matches("http://").trim_end_matches('/');
        let user = amqp
            .split_once("://")
            .and_then(|(_, rest)| rest.rsplit_once('@'))
            .map_or("guest:guest", |(user, _)| user);
        Self {
            host: host.to_owned(),
            authorization: format!("Basic {}", BASE64_STANDARD.encode(user)),
        }
    }

    /// The answer's body.
    pub(super) fn call(&self, method: &str, path: &str, body: &str) -> String {
        let answer = self.try_call(method, path, body);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).unwrap_or("no answer");
        assert!(
            status.starts_with('2'),
            "{method} {path} at {}: {status}; is the RabbitMQ of `ops/test` running?",
            self.host
        );
        body.to_owned()
    }

    /// Head and body as they came; nothing where nobody answered.
    pub(super) fn try_call(&self, method: &str, path: &str, body: &str) -> String {
        self.exchange(method, path, body).unwrap_or_default()
    }

    /// HTTP 1.0: the answer ends where the connection ends.
    fn exchange(&self, method: &str, path: &str, body: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(&self.host)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {}\r\nAuthorization: {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.host,
            self.authorization,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}
