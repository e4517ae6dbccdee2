//! Signing on and off: OAuth client credentials, where the secret is a Jim2 user's password.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{App, parameter, reading};
use crate::jim2::fault::Fault;
use crate::jim2::refusal::Refusal;
use crate::jim2::session::{Scope, Session};
use crate::jim2::world::World;

/// Why no token is given, in OAuth's shape.
pub(super) struct NoToken {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
}

impl IntoResponse for NoToken {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        (self.status, Json(body)).into_response()
    }
}

/// `POST token`.
pub(super) async fn issue(
    State(app): State<App>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, NoToken> {
    let form = parameter::parse(&body);
    let field = |name: &str| parameter::find(&form, name);
    let mut world = app.world();
    check_credentials(&world, &headers, &form)?;
    let session = match field("grant_type") {
        Some("client_credentials") => open(&mut world, scope(field("scope").unwrap_or_default())?)?,
        Some("refresh_token") if world.options.refresh_grant => {
            let now = world.now();
            let token = field("refresh_token").unwrap_or_default();
            world.sessions.refresh(token, now).ok_or(refused(
                "invalid_grant",
                "The refresh token is unknown or has expired.",
            ))?
        }
        Some(_) => {
            return Err(refused(
                "unsupported_grant_type",
                "Only client_credentials is supported.",
            ));
        }
        None => return Err(refused("invalid_request", "grant_type is missing.")),
    };
    let answer = json!({
        "access_token": session.access,
        "token_type": "bearer",
        "expires_in": world.sessions.life_seconds(),
        "refresh_token": session.refresh,
        "scope": session.scope.name(),
    });
    Ok(Json(answer).into_response())
}

/// `logoff`: ends the bearer's session and frees its licence.
pub(super) async fn log_off(
    State(app): State<App>,
    _: reading::Reader,
    headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
    if let Some(token) = reading::bearer(&headers) {
        app.world().sessions.close(token);
    }
    Ok(StatusCode::OK)
}

fn open(world: &mut World, scope: Scope) -> Result<Session, NoToken> {
    let now = world.now();
    let others = world.faults.setting(Fault::LicencesTaken);
    let others = others.map_or(0, |setting| {
        usize::try_from(setting.number()).unwrap_or(usize::MAX)
    });
    let others = if scope == Scope::All && world.faults.strikes(Fault::NoLicence) {
        usize::MAX
    } else {
        others
    };
    let session = world.sessions.open(scope, others, now);
    session.map_err(|_| NoToken {
        status: StatusCode::from_u16(world.options.no_licence_status)
            .unwrap_or(StatusCode::FORBIDDEN),
        error: "access_denied",
        description: "There are no available licences.",
    })
}

fn check_credentials(
    world: &World,
    headers: &HeaderMap,
    form: &[(String, String)],
) -> Result<(), NoToken> {
    let in_body = || {
        let id = parameter::find(form, "client_id")?;
        let secret = parameter::find(form, "client_secret")?;
        Some((id.to_owned(), secret.to_owned()))
    };
    let right = (
        world.options.client_id.clone(),
        world.options.client_secret.clone(),
    );
    let is_changed = world.faults.setting(Fault::PasswordChanged).is_some();
    if !is_changed && basic(headers).or_else(in_body) == Some(right) {
        return Ok(());
    }
    Err(NoToken {
        status: StatusCode::UNAUTHORIZED,
        error: "invalid_client",
        description: "The client id or the password is wrong.",
    })
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

/// The widest of the scopes asked for; none means everything.
fn scope(text: &str) -> Result<Scope, NoToken> {
    let mut widest = None;
    for word in text.split_whitespace() {
        widest = match word {
            "all" => Some(Scope::All),
            "view" => widest.or(Some(Scope::View)),
            _ => return Err(refused("invalid_scope", "The scopes are view and all.")),
        };
    }
    Ok(widest.unwrap_or(Scope::All))
}

const fn refused(error: &'static str, description: &'static str) -> NoToken {
    NoToken {
        status: StatusCode::BAD_REQUEST,
        error,
        description,
    }
}
