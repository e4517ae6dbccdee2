//! Plain HTTP for tests: the only place that sends a request.

use std::{sync::LazyLock, time::Duration};

use axum::{body::Bytes, http::StatusCode};
use reqwest::Client;

/// Autotask waits ten seconds for a webhook's answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Posts JSON. `Err`: nobody answered.
pub(crate) async fn post(
    url: &str,
    headers: &[(&str, &str)],
    body: Bytes,
) -> Result<StatusCode, reqwest::Error> {
    let mut request = CLIENT
        .post(url)
        .timeout(PATIENCE)
        .header("content-type", "application/json")
        .body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Ok(send(request).await?.status())
}

/// Posts a form on to somebody else, and answers what that one says.
pub(crate) async fn pass_on(
    url: &str,
    body: Bytes,
) -> Result<(StatusCode, String), reqwest::Error> {
    let form = "application/x-www-form-urlencoded";
    let request = CLIENT
        .post(url)
        .timeout(PATIENCE)
        .header("content-type", form)
        .body(body);
    let answer = send(request).await?;
    let status = answer.status();
    Ok((status, answer.text().await?))
}

/// Status and text of an address. `Err`: nobody answered.
pub(crate) async fn get(url: &str) -> Result<(StatusCode, String), reqwest::Error> {
    let answer = send(CLIENT.get(url).timeout(PATIENCE)).await?;
    let status = answer.status();
    Ok((status, answer.text().await?))
}

/// Status of an address, asked by somebody with these headers. `Err`: nobody answered.
pub(crate) async fn get_as(
    url: &str,
    headers: &[(&str, &str)],
) -> Result<StatusCode, reqwest::Error> {
    let mut request = CLIENT.get(url).timeout(PATIENCE);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Ok(send(request).await?.status())
}

/// Made once, as that takes longer than a call. The stand-ins have installed a provider of cryptography by then.
static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let keeps_no_connection = Client::builder().pool_max_idle_per_host(0);
    keeps_no_connection.build().unwrap()
});

#[expect(
    clippy::disallowed_methods,
    reason = "tests share nothing with our clients, the one way to send included"
)]
async fn send(request: reqwest::RequestBuilder) -> Result<reqwest::Response, reqwest::Error> {
    request.send().await
}
