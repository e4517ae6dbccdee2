//! What the API says of an entity itself: rights, fields, user-defined fields.

use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use super::schema::field::{Field, Flag, Kind};
use super::schema::picklist::Choice;
use super::schema::{Entity, Verb};
use super::udf::{LONGEST, Udf, Udfs};
use super::world::World;

/// What the user may do with the entity: all that the API can, a part of it, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    All,
    Restricted,
    None,
}

impl Access {
    fn name(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Restricted => "Restricted",
            Self::None => "None",
        }
    }
}

/// What can be done with the entity.
pub(super) fn info(entity: &Entity, udfs: &[Udf], access: Access) -> Value {
    let can = |verb| entity.allows(verb) && access != Access::None;
    let rights = |verb| if can(verb) { access } else { Access::None }.name();
    json!({"info": {
        "name": entity.singular,
        "canCreate": can(Verb::Create),
        "canDelete": can(Verb::Delete),
        "canQuery": access != Access::None,
        "canUpdate": can(Verb::Update),
        "userAccessForCreate": rights(Verb::Create),
        "userAccessForDelete": rights(Verb::Delete),
        "userAccessForQuery": access.name(),
        "userAccessForUpdate": rights(Verb::Update),
        "hasUserDefinedFields": !udfs.is_empty(),
        "supportsWebhookCallouts": entity.payload.is_some(),
    }})
}

/// The entity's fields.
pub(super) fn fields(entity: &Entity, world: &World) -> Value {
    let tell = |field: &Field| {
        let mut told = tell(entity, field, &world.udfs);
        let values = told["picklistValues"].as_array_mut();
        for value in values.into_iter().flatten() {
            let named = value["value"].as_str().unwrap_or_default();
            let key = (entity.plural, field.name, named);
            let key = (key.0.to_owned(), key.1.to_owned(), key.2.to_owned());
            if let Some(label) = world.labels.get(&key) {
                value["label"] = json!(label);
            }
        }
        told
    };
    let fields: Vec<_> = entity.fields.iter().map(tell).collect();
    json!({"fields": fields})
}

/// The tenant's user-defined fields of the entity; 404 for an entity that has none.
pub(super) fn user_defined_fields(entity: &Entity, udfs: &[Udf]) -> Answer {
    if udfs.is_empty() {
        return Err(Refusal::NoRecord);
    }
    let fields = udfs.iter().map(|udf| {
        let length = if udf.kind == Kind::Text { LONGEST } else { 0 };
        json!({
            "name": udf.name,
            "label": udf.name,
            "type": udf.kind.name(),
            "length": length,
            "description": udf.description,
            "isRequired": udf.is_required,
            "isReadOnly": false,
            "isQueryable": true,
            "isReference": false,
            "referenceEntityType": "",
            "isPickList": udf.choices.is_some(),
            "picklistValues": udf.choices.as_deref().map(choices),
            "picklistParentValueField": "",
            "defaultValue": "",
            "isSupportedWebhookField": entity.payload.is_some(),
        })
    });
    Ok(json!({"fields": fields.collect::<Vec<_>>()}))
}

fn tell(entity: &Entity, field: &Field, udfs: &Udfs) -> Value {
    let picklist = entity.picklist(field, udfs);
    let target = entity
        .target(field)
        .map(|plural| super::schema::entity(plural).map_or(plural, |target| target.singular));
    json!({
        "name": field.name,
        "dataType": field.kind.name(),
        "length": field.max_length.unwrap_or(0),
        "isRequired": field.is(Flag::Required),
        "isReadOnly": field.is(Flag::ReadOnly) || field.is(Flag::CreateOnly),
        "isQueryable": !field.is(Flag::NotQueryable),
        "isReference": target.is_some(),
        "referenceEntityType": target.unwrap_or_default(),
        "isPickList": field.is(Flag::Picklist),
        "picklistValues": field.is(Flag::Picklist).then(|| choices(&picklist.choices)),
        "picklistParentValueField": picklist.parent_field,
        "isSupportedWebhookField": field.is(Flag::Webhook),
    })
}

fn choices(choices: &[Choice]) -> Vec<Value> {
    let tell = |(index, choice): (usize, &Choice)| {
        json!({
            "value": choice.value,
            "label": choice.label,
            "isDefaultValue": choice.is_default,
            "sortOrder": index + 1,
            "parentValue": choice.parent,
            "isActive": choice.is_active,
            "isSystem": choice.is_system,
        })
    };
    choices.iter().enumerate().map(tell).collect()
}
