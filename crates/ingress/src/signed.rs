//! The extractor of signed bodies: what does not carry our webhook's signature never reaches a handler.

use std::{sync::Arc, time::Duration};

use axum::{
    RequestExt as _,
    extract::{FromRequest, Path, Request},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::IntoResponse as _,
};
use bytes::Bytes;
use tokio::time::timeout;

use crate::{registry::Known, rejection::Rejection, router::Desk};

const SIGNATURE: &str = "x-hook-signature";
/// Strangers can keep us listening no longer than this; Autotask itself gives up after 10 s.
const RECEIVE_WITHIN: Duration = Duration::from_secs(10);

/// A body with a signature of webhook `name`.
pub(crate) struct Signed {
    /// The webhook.
    pub(crate) name: String,
    /// The bytes that were signed.
    pub(crate) body: Bytes,
    /// What was known when it was checked.
    pub(crate) known: Arc<Known>,
}

impl FromRequest<Arc<Desk>> for Signed {
    type Rejection = Rejection;

    async fn from_request(mut request: Request, desk: &Arc<Desk>) -> Result<Self, Rejection> {
        let name = name(&mut request).await?;
        let checked = check(request, &name, desk).await;
        if matches!(checked, Err(Rejection::Blind)) {
            desk.missed.note(desk.clock.now(), None);
        }
        let (body, known) = checked?;
        Ok(Self { name, body, known })
    }
}

/// The name of a webhook of ours, signed or not, with a body that is not looked at.
pub(crate) struct Named(pub(crate) String);

impl FromRequest<Arc<Desk>> for Named {
    type Rejection = Rejection;

    async fn from_request(mut request: Request, desk: &Arc<Desk>) -> Result<Self, Rejection> {
        let name = name(&mut request).await?;
        desk.known_with(&name).await?;
        receive(request).await?;
        Ok(Self(name))
    }
}

async fn name(request: &mut Request) -> Result<String, Rejection> {
    let path = request.extract_parts::<Path<String>>().await;
    path.map(|Path(name)| name).map_err(|_| Rejection::Unknown)
}

async fn check(
    request: Request,
    name: &str,
    desk: &Desk,
) -> Result<(Bytes, Arc<Known>), Rejection> {
    let known = desk.known_with(name).await?;
    if !may_be_json(request.headers()) {
        return Err(Rejection::NotJson);
    }
    let signature = request.headers().get(SIGNATURE).cloned();
    let signature = signature.ok_or(Rejection::Unsigned)?;
    let signature = signature.to_str().map_err(|_| Rejection::WrongSignature)?;
    let body = receive(request).await?;
    let now = desk.clock.now();
    if known.is_signed((name, signature), &body, now) {
        return Ok((body, known));
    }
    // The secret may have been changed by another process.
    let known = desk.registry.again().await.ok_or(Rejection::Blind)?;
    if known.is_signed((name, signature), &body, now) {
        return Ok((body, known));
    }
    desk.suspect(name).await;
    Err(Rejection::WrongSignature)
}

async fn receive(request: Request) -> Result<Bytes, Rejection> {
    let received = timeout(RECEIVE_WITHIN, Bytes::from_request(request, &())).await;
    let received = received.map_err(|_| Rejection::CutOff)?;
    received.map_err(|refused| {
        if refused.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
            Rejection::TooLarge
        } else {
            Rejection::CutOff
        }
    })
}

/// Autotask says `application/json`, with or without a character set. Saying nothing is no reason to lose an event.
fn may_be_json(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_none_or(|content| {
        let content = content.to_str().unwrap_or_default().to_ascii_lowercase();
        let essence = content.split(';').next().unwrap_or_default().trim();
        essence == "application/json" || essence.ends_with("+json")
    })
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::body::Body;
    use futures_util::stream;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_cut_off() {
        let never = stream::pending::<Result<Bytes, Infallible>>();
        let request = Request::new(Body::from_stream(never));
        let began = tokio::time::Instant::now();
        let received = receive(request).await;
        assert!(matches!(received, Err(Rejection::CutOff)), "{received:?}");
        assert_eq!(began.elapsed().as_secs(), RECEIVE_WITHIN.as_secs());
    }
}
