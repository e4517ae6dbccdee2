//! How an answer leaves: whole, ending halfway, or cut off amid its bytes.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use tokio::task::yield_now;

use super::super::fault::Fault;
use super::super::world::World;

/// What becomes of an answer on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outlet {
    Whole,
    Short,
    Cut,
}

impl Outlet {
    /// What becomes of the next answer.
    pub(super) fn of(world: &mut World) -> Self {
        if world.faults.strikes(Fault::CutAnswer) {
            Self::Cut
        } else if world.faults.strikes(Fault::ShortAnswer) {
            Self::Short
        } else {
            Self::Whole
        }
    }

    /// The answer as it goes out.
    pub(super) fn send(self, answer: &Value) -> Response {
        let whole = Bytes::from(answer.to_string());
        let json = (header::CONTENT_TYPE, "application/json");
        let half = whole.slice(..whole.len() / 2);
        match self {
            Self::Whole => ([json], whole).into_response(),
            Self::Short => ([json], half).into_response(),
            Self::Cut => {
                let length = (header::CONTENT_LENGTH, whole.len().to_string());
                // The server sends what it has while it waits, and nothing of it once the rest has failed.
                let rest = stream::once(async {
                    yield_now().await;
                    Err(io::Error::other("the answer is cut on purpose"))
                });
                let body = Body::from_stream(stream::iter([Ok(half)]).chain(rest));
                ([json], [length], body).into_response()
            }
        }
    }
}
