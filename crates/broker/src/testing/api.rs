//! Just enough HTTP for the management API. It blocks, so that it also works in a destructor.

use std::{
    fmt,
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use lapin::uri::AMQPUri;

use super::from_env;

const PATIENCE: Duration = Duration::from_secs(10);

/// The management API, with the user of `AMQP_URL`.
pub(super) struct Api {
    /// With the port.
    host: String,
    /// Where the API begins there, such as `/rabbitmq`; empty in most places.
    base: String,
    authorization: String,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)
    }
}

impl Api {
    pub(super) fn from_env() -> Self {
        Self::new(&from_env("AMQP_API_URL"), &from_env("AMQP_URL"))
    }

    fn new(api: &str, amqp: &str) -> Self {
        let address = api.strip_prefix("http://").expect(
            "AMQP_API_URL begins with http://, as the tests speak no TLS to the management API",
        );
        let address = address.trim_end_matches('/');
        let (host, base) = address.split_at(address.find('/').unwrap_or(address.len()));
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let has_port = host
            .rsplit_once(':')
            .is_some_and(|(_, end)| !end.ends_with(']'));
        let amqp: AMQPUri = amqp.parse().expect("AMQP_URL is an address");
        let login = amqp.authority.userinfo;
        let login = format!("{}:{}", login.username, login.password);
        Self {
            host: format!("{host}{}", if has_port { "" } else { ":80" }),
            base: base.to_owned(),
            authorization: format!("Basic {}", BASE64_STANDARD.encode(login)),
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
            "{method} {}{path} HTTP/1.0\r\nHost: {}\r\nAuthorization: {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.base,
            self.host,
            self.authorization,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_login_is_sent_as_it_is_meant_not_as_it_is_written_in_an_address() {
        let api = Api::new(
            "http://mq.example:15672/",
            "amqp://cross%40bill:p%2Fw%3A1@mq.example/%2f",
        );
        let login = BASE64_STANDARD.encode("cross@bill:p/w:1");
        assert_eq!(api.authorization, format!("Basic {login}"));
        assert_eq!(
            (api.host.as_str(), api.base.as_str()),
            ("mq.example:15672", "")
        );
    }

    #[test]
    fn the_management_api_may_be_below_a_path_and_at_the_usual_port_of_http() {
        let api = Api::new("http://admin@[::1]/rabbitmq/", "amqp://mq.example");
        assert_eq!(
            (api.host.as_str(), api.base.as_str()),
            ("[::1]:80", "/rabbitmq")
        );
        let login = BASE64_STANDARD.encode("guest:guest");
        assert_eq!(api.authorization, format!("Basic {login}"));
    }
}
