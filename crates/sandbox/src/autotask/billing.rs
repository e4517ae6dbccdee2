//! What people do about money in Autotask's own screens: approve and post, take back, adjust, invoice, void, and run a
//! month's services. The API itself can do none of it.

mod invoice;
mod item;
pub(super) mod money;
mod month;
mod post;
mod source;

use serde_json::Value;

use super::world::{Actor, World};

/// What such an act answers: JSON, or a sentence on why it cannot be done.
pub(super) type Outcome = Result<Value, String>;

/// Does a bookkeeper's act; none where there is no such act.
pub(super) fn act(world: &mut World, deed: &str, body: &Value, actor: Actor) -> Option<Outcome> {
    Some(match deed {
        "post" => post::post(world, body, actor),
        "unpost" => post::unpost(world, body),
        "adjust" => post::adjust(world, body, actor),
        "invoice" => invoice::invoice(world, body, actor),
        "attach" => invoice::attach(world, body),
        "void" => invoice::void(world, body, actor),
        "run-services" => month::run(world, body, actor),
        _ => return None,
    })
}

/// Posts a record of which is known that it was never posted; nothing where it is none that can be.
pub(super) fn post_new(world: &mut World, entity: &str, id: i64, actor: Actor) {
    if let Some(source) = source::named(entity) {
        let _cannot_be_posted = post::put(world, source, id, &Value::Null, actor);
    }
}

fn whole(body: &Value, name: &str) -> Result<i64, String> {
    body[name]
        .as_i64()
        .ok_or_else(|| format!("{name} must be a whole number"))
}
