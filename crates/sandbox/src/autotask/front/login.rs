//! Who calls, by the three headers, and in whose name.

use axum::http::HeaderMap;

use super::super::answer::Refusal;
use super::super::options::ApiUser;
use super::super::world::{Actor, World, is_api_only};

/// The user that the headers name, with the right secret and integration code, while its resource is active.
pub(super) fn user(world: &World, headers: &HeaderMap) -> Result<ApiUser, Refusal> {
    let header = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let right = |user: &&ApiUser| {
        user.user_name.eq_ignore_ascii_case(header("UserName"))
            && user.secret == header("Secret")
            && user.integration_code == header("ApiIntegrationCode")
    };
    let active = |user: &&ApiUser| {
        let resource = world.row("Resources", user.resource);
        resource.is_some_and(|row| row.flag("isActive"))
    };
    let mut users = world.options.users.iter();
    users
        .find(|user| right(user) && active(user))
        .cloned()
        .ok_or(Refusal::Unauthorized)
}

/// Who acts: the user, or the person it acts for.
pub(super) fn actor(world: &World, user: &ApiUser, headers: &HeaderMap) -> Result<Actor, Refusal> {
    let own = Actor {
        resource: user.resource,
        impersonator: None,
    };
    let Some(other) = headers
        .get("ImpersonationResourceId")
        .and_then(|value| value.to_str().ok())
    else {
        return Ok(own);
    };
    let person = other.trim().parse().ok().filter(|id| {
        world
            .row("Resources", *id)
            .is_some_and(|row| row.flag("isActive") && !is_api_only(row))
    });
    match person {
        Some(resource) => Ok(Actor {
            resource,
            impersonator: Some(user.resource),
        }),
        None => Err(Refusal::invalid(format!(
            "The resource {other} does not exist or cannot be impersonated."
        ))),
    }
}
