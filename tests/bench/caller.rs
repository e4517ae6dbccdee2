//! HTTP with as little of the machine as can be: what calls must not be what is measured.

use std::sync::Arc;

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

use crate::{it::system::Call, load::Deed};

/// A request as it goes over the wire.
pub(crate) type Request = Vec<u8>;

/// One connection, used again and again.
#[derive(Debug)]
pub(crate) struct Caller(BufReader<TcpStream>);

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Caller {
    /// Connects to a host and port.
    pub(crate) async fn to(address: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends a request and reads the answer to its end.
    pub(crate) async fn call(&mut self, request: &[u8]) -> Answer {
        self.0.get_mut().write_all(request).await.unwrap();
        let mut line = String::new();
        self.0.read_line(&mut line).await.unwrap();
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
        let mut length = 0;
        loop {
            line.clear();
            self.0.read_line(&mut line).await.unwrap();
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.unwrap();
        Answer {
            status: status.expect("an answer begins with its status"),
            body,
        }
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

pub(crate) fn get(path: &str) -> Request {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n").into()
}

/// A request with a body, with these headers beside its length.
pub(crate) fn send(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Request {
    let length = body.len().to_string();
    let headers = headers.iter().copied();
    let headers = headers.chain([("host", "bench"), ("content-length", length.as_str())]);
    let headers: Vec<String> = headers
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let headers = headers.concat();
    let head = format!("{method} {path} HTTP/1.1\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

/// Calls of Autotask's as they came, to be made again.
pub(crate) fn requests(calls: &[Call]) -> Arc<[Request]> {
    let request = |call: &Call| {
        let headers = [
            ("content-type", "application/json"),
            ("x-hook-signature", call.signature.as_str()),
        ];
        send("POST", &call.path, &headers, &call.body)
    };
    calls.iter().map(request).collect()
}

/// Makes the same calls over one connection in turn; each must be accepted.
#[derive(Debug)]
pub(crate) struct Repeat {
    caller: Caller,
    requests: Arc<[Request]>,
    next: usize,
    expected: u16,
}

impl Repeat {
    /// So many of them, each beginning with another request.
    pub(crate) async fn many(
        count: usize,
        address: &str,
        requests: &Arc<[Request]>,
        expected: u16,
    ) -> Vec<Self> {
        let mut all = Vec::new();
        for next in 0..count {
            all.push(Self {
                caller: Caller::to(address).await.unwrap(),
                requests: Arc::clone(requests),
                next,
                expected,
            });
        }
        all
    }
}

impl Deed for Repeat {
    async fn once(&mut self) {
        let request = &self.requests[self.next % self.requests.len()];
        let answer = self.caller.call(request).await;
        assert_eq!(answer.status, self.expected, "{}", answer.text());
        self.next += 1;
    }
}
