//! Why a webhook call was turned away: 4xx where the caller must change something, 503 where we must.

use axum::{
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};

use crate::{metrics as names, payload::Unreadable};

/// Autotask tries again after 30 s by itself (Autotask help, `Webhooks_Error_Handling`).
const COME_BACK: HeaderValue = HeaderValue::from_static("30");

/// Why a call was turned away.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Rejection {
    /// There is no webhook of this name.
    #[error("there is no webhook of this name")]
    Unknown,
    /// The content is not called JSON.
    #[error("the content is not JSON")]
    NotJson,
    /// The call carries no signature.
    #[error("the call carries no `X-Hook-Signature`")]
    Unsigned,
    /// The signature is not of this body with a secret of ours.
    #[error(
        "the signature does not fit the body; run `crossbill connect` if the secret key was changed"
    )]
    WrongSignature,
    /// More than we read.
    #[error("the body is larger than 256 KiB")]
    TooLarge,
    /// The body ended early.
    #[error("the body could not be received")]
    CutOff,
    /// Signed, and not an event.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Neither RabbitMQ nor Postgres took it.
    #[error("neither RabbitMQ nor Postgres took the event")]
    NotKept(#[from] store::Error),
    /// Neither RabbitMQ nor Postgres took it in time.
    #[error("neither RabbitMQ nor Postgres took the event in time")]
    TooSlow,
    /// It cannot be checked, as our webhooks were never read.
    #[error("the webhooks could not be read from Postgres yet")]
    Blind,
}

impl Rejection {
    /// The word in metrics.
    const fn reason(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NotJson => "not-json",
            Self::Unsigned => "unsigned",
            Self::WrongSignature => "wrong-signature",
            Self::TooLarge => "too-large",
            Self::CutOff => "cut-off",
            Self::Unreadable(Unreadable::Foreign(_)) => "foreign-entity",
            Self::Unreadable(Unreadable::Json(_) | Unreadable::Missing(_)) => "malformed",
            Self::NotKept(_) | Self::TooSlow => "not-kept",
            Self::Blind => "blind",
        }
    }

    const fn status(&self) -> StatusCode {
        match self {
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unsigned | Self::WrongSignature => StatusCode::UNAUTHORIZED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::CutOff | Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::NotKept(_) | Self::TooSlow | Self::Blind => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Whether the call may have been a true one that we could not keep.
    pub(crate) fn is_ours(&self) -> bool {
        self.status() == StatusCode::SERVICE_UNAVAILABLE
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let (reason, status) = (self.reason(), self.status());
        metrics::counter!(names::REJECTED, "reason" => reason).increment(1);
        let error = &self as &dyn std::error::Error;
        if self.is_ours() {
            tracing::error!(
                error,
                reason,
                "webhook turned away, Autotask will try again"
            );
            return (status, [(RETRY_AFTER, COME_BACK)], "not kept, try again\n").into_response();
        }
        // Scanners of the internet would fill the log.
        if status == StatusCode::NOT_FOUND {
            tracing::debug!(error, reason, "webhook turned away");
        } else {
            tracing::warn!(error, reason, "webhook turned away");
        }
        (status, format!("{reason}\n")).into_response()
    }
}
