//! What a handler takes out of a request: the caller's right, a JSON body, a JSON:API resource.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value};

use super::App;
use crate::jim2::fault::Fault;
use crate::jim2::input::Input;
use crate::jim2::refusal::{Blame, JSON_API, Refusal};
use crate::jim2::session::Scope;

/// Somebody with a living token.
pub(super) struct Reader;

/// Somebody with a living token that may change things.
pub(super) struct Writer;

impl FromRequestParts<App> for Reader {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        scope(&parts.headers, app).map(|_| Self)
    }
}

impl FromRequestParts<App> for Writer {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        match scope(&parts.headers, app)? {
            Scope::All => Ok(Self),
            Scope::View => Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "view-only",
                "This token has the scope view; a change needs a token with the scope all.",
            )),
        }
    }
}

/// The access token of a request.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn scope(headers: &HeaderMap, app: &App) -> Result<Scope, Refusal> {
    let mut world = app.world();
    let now = world.now();
    if world.faults.strikes(Fault::LoggedOff) || world.has_ended_sessions() {
        world.sessions.close_all();
    }
    if let Some(token) = bearer(headers)
        && world.sessions.scope(token, now).is_some()
        && world.faults.strikes(Fault::TokenExpires)
    {
        world.sessions.close(token);
    }
    bearer(headers)
        .and_then(|token| world.sessions.scope(token, now))
        .ok_or_else(|| {
            Refusal::new(
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "The access token is missing, unknown or older than its life; ask for a new one.",
            )
        })
}

/// A body in JSON.
pub(super) struct Document(pub(super) Value);

impl FromRequest<App> for Document {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .map(|value| value.split(';').next().unwrap_or(value).trim().to_owned());
        if !kind.is_some_and(|kind| kind == JSON_API || kind == "application/json") {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                format!("The body must be application/json or {JSON_API}."),
            ));
        }
        let unreadable = |error: String| Refusal::malformed("unreadable", format!("{error}."));
        let bytes = Bytes::from_request(request, app)
            .await
            .map_err(|error| unreadable(error.body_text()))?;
        Json::<Value>::from_bytes(&bytes)
            .map(|Json(value)| Self(value))
            .map_err(|error| unreadable(error.body_text()))
    }
}

/// A resource object somebody sent.
pub(super) struct Resource {
    pub(super) attributes: Map<String, Value>,
    pub(super) relationships: Map<String, Value>,
}

impl Document {
    /// The resource of this type to create.
    pub(super) fn new_resource(&self, kind: &str) -> Result<Resource, Refusal> {
        let data = self.data(kind)?;
        if data.contains_key("id") {
            return Err(blame(
                StatusCode::FORBIDDEN,
                "client-generated-id",
                "Jim2 numbers its own records; leave the id out.",
                "/data/id",
            ));
        }
        resource(data)
    }

    /// The resource of this type to change, which must say an id that `is_it` recognises.
    pub(super) fn known_resource(
        &self,
        kind: &str,
        is_it: impl Fn(&str) -> bool,
    ) -> Result<Resource, Refusal> {
        let data = self.data(kind)?;
        match data.get("id").and_then(Value::as_str) {
            Some(id) if is_it(id) => resource(data),
            Some(id) => Err(blame(
                StatusCode::CONFLICT,
                "id-mismatch",
                &format!("The body is about {kind} {id}, the address about another."),
                "/data/id",
            )),
            None => Err(blame(
                StatusCode::BAD_REQUEST,
                "id-required",
                "A change needs the resource's id as text.",
                "/data/id",
            )),
        }
    }

    fn data(&self, kind: &str) -> Result<&Map<String, Value>, Refusal> {
        let data = self.0.get("data").and_then(Value::as_object);
        let data = data.ok_or_else(|| {
            blame(
                StatusCode::BAD_REQUEST,
                "data-required",
                "The body needs a resource object in data.",
                "/data",
            )
        })?;
        if data.get("type").and_then(Value::as_str) != Some(kind) {
            return Err(blame(
                StatusCode::CONFLICT,
                "type-mismatch",
                &format!("This address takes resources of type {kind}."),
                "/data/type",
            ));
        }
        Ok(data)
    }
}

/// A to-one relationship of a new record to a resource of this type, as a field.
pub(super) fn related(
    name: &str,
    value: &Value,
    known: &[&str],
    kind: &str,
) -> Result<Input, Refusal> {
    let refuse = |detail: String| {
        let pointer = format!("/data/relationships/{name}");
        Refusal::malformed("relationship", detail).blaming(Blame::Pointer(pointer))
    };
    if !known.contains(&name) {
        return Err(refuse(format!(
            "A new record takes no relationship {name}."
        )));
    }
    let data = &value["data"];
    let id = data["id"].as_str().and_then(|id| id.parse::<i64>().ok());
    match (data["type"].as_str(), id) {
        (Some(sent), Some(id)) if sent == kind => {
            Ok(Input::new("/data/relationships", name, &id.into()))
        }
        _ => Err(refuse(format!(
            "{name} must be a {kind} with its number as id."
        ))),
    }
}

/// The refusal of a change of what a record belongs to.
pub(super) fn read_only_relationship(what: &str, name: &str) -> Refusal {
    blame(
        StatusCode::FORBIDDEN,
        "relationship-read-only",
        &format!("The relationship {name} of a {what} cannot be changed."),
        &format!("/data/relationships/{name}"),
    )
}

fn resource(data: &Map<String, Value>) -> Result<Resource, Refusal> {
    let part = |name: &str| match data.get(name) {
        None => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members.clone()),
        Some(_) => Err(blame(
            StatusCode::BAD_REQUEST,
            "wrong-type",
            &format!("{name} must be an object."),
            &format!("/data/{name}"),
        )),
    };
    Ok(Resource {
        attributes: part("attributes")?,
        relationships: part("relationships")?,
    })
}

fn blame(status: StatusCode, code: &'static str, detail: &str, pointer: &str) -> Refusal {
    Refusal::new(status, code, detail).blaming(Blame::Pointer(pointer.to_owned()))
}
