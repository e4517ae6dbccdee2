//! What the security level of the API's users hides, and how that shows.

use serde_json::json;

use super::super::answer::{Answer, Refusal};
use super::super::fault::Fault;
use super::super::metadata::Access;
use super::super::options::Inventory;
use super::super::read;
use super::super::route::{Call, Deed};
use super::super::schema::Entity;
use super::super::world::World;

/// The answer where a right is missing; none where the deed is to be done.
pub(super) fn denied(world: &mut World, call: &Call) -> Option<Answer> {
    if matches!(
        call.deed,
        Deed::Info | Deed::Fields | Deed::UserDefinedFields
    ) {
        return None;
    }
    if !world.options.inventory.has(call.entity.plural) {
        let refusal = match world.options.inventory {
            Inventory::ProductsAlone => Refusal::NoRoute(call.entity.plural.to_owned()),
            Inventory::Items | Inventory::Products | Inventory::Both => Refusal::Forbidden,
        };
        return Some(Err(refusal));
    }
    if strikes(world, Fault::Forbidden, call.entity) {
        return Some(Err(Refusal::Forbidden));
    }
    if strikes(world, Fault::NoPermission, call.entity) {
        return Some(Err(Refusal::permission()));
    }
    if !strikes(world, Fault::Hidden, call.entity) {
        return None;
    }
    Some(match call.deed {
        Deed::Get(_) => read::missing(world),
        Deed::Count => Ok(json!({"queryCount": 0})),
        Deed::Create | Deed::Update(_) | Deed::Delete(_) => Err(Refusal::permission()),
        Deed::List
        | Deed::Query
        | Deed::Page
        | Deed::Info
        | Deed::Fields
        | Deed::UserDefinedFields => Ok(read::nothing()),
    })
}

/// What the metadata says of the user's rights: nothing can be done where that is told openly, a part where records
/// are hidden.
pub(super) fn access(world: &World, entity: &Entity) -> Access {
    if is_meant(world, Fault::Forbidden, entity) || is_meant(world, Fault::NoPermission, entity) {
        Access::None
    } else if is_meant(world, Fault::Hidden, entity) {
        Access::Restricted
    } else {
        Access::All
    }
}

fn strikes(world: &mut World, fault: Fault, entity: &Entity) -> bool {
    is_meant(world, fault, entity) && world.faults.strikes(fault)
}

fn is_meant(world: &World, fault: Fault, entity: &Entity) -> bool {
    let setting = world.faults.setting(fault);
    setting.is_some_and(|setting| setting.names(entity.plural))
}
