//! What the API says of an entity itself: rights, fields, user-defined fields.

use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use super::schema::field::{Field, Flag};
use super::schema::picklist::{Choice, Picklist};
use super::schema::{Entity, Verb};

/// What can be done with the entity.
pub(super) fn info(entity: &Entity) -> Value {
    let access = |verb| if entity.allows(verb) { "All" } else { "None" };
    json!({"info": {
        "name": entity.singular,
        "canCreate": entity.allows(Verb::Create),
        "canDelete": entity.allows(Verb::Delete),
        "canQuery": true,
        "canUpdate": entity.allows(Verb::Update),
        "userAccessForCreate": access(Verb::Create),
        "userAccessForDelete": access(Verb::Delete),
        "userAccessForQuery": "All",
        "userAccessForUpdate": access(Verb::Update),
        "hasUserDefinedFields": !entity.udfs.is_empty(),
        "supportsWebhookCallouts": entity.payload.is_some(),
    }})
}

/// The entity's fields.
pub(super) fn fields(entity: &Entity) -> Value {
    let fields: Vec<_> = entity
        .fields
        .iter()
        .map(|field| tell(entity, field))
        .collect();
    json!({"fields": fields})
}

/// The tenant's user-defined fields of the entity; 404 for an entity that has none.
pub(super) fn user_defined_fields(entity: &Entity) -> Answer {
    if entity.udfs.is_empty() {
        return Err(Refusal::NoRecord);
    }
    let fields = entity.udfs.iter().map(|udf| {
        json!({
            "name": udf.name,
            "label": udf.name,
            "type": "string",
            "length": 255,
            "description": "",
            "isRequired": false,
            "isReadOnly": false,
            "isQueryable": true,
            "isReference": false,
            "referenceEntityType": "",
            "isPickList": false,
            "picklistValues": null,
            "picklistParentValueField": "",
            "defaultValue": "",
            "isSupportedWebhookField": entity.payload.is_some(),
        })
    });
    Ok(json!({"fields": fields.collect::<Vec<_>>()}))
}

fn tell(entity: &Entity, field: &Field) -> Value {
    let picklist = entity.picklist(field);
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
        "picklistValues": field.is(Flag::Picklist).then(|| choices(&picklist)),
        "picklistParentValueField": picklist.parent_field,
        "isSupportedWebhookField": field.is(Flag::Webhook),
    })
}

fn choices(picklist: &Picklist) -> Vec<Value> {
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
    picklist.choices.iter().enumerate().map(tell).collect()
}
