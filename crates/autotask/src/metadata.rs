//! What the tenant's entities and fields are like: picklists, lengths, rights.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use crate::{Client, Entity, Error, client::Request};

/// One field of an entity, or one user-defined field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "Autotask's own form")]
pub struct FieldInfo {
    /// Its name in records.
    pub name: String,
    /// What people see; only user-defined fields have one.
    #[serde(default)]
    pub label: Option<String>,
    /// `string`, `integer`, `long`, `double`, `decimal`, `boolean` or `datetime`.
    #[serde(default, alias = "type", deserialize_with = "or_default")]
    pub data_type: String,
    /// The most characters of a text; 0 where there is no limit.
    #[serde(default, deserialize_with = "or_default")]
    pub length: i64,
    /// Whether a create needs it.
    #[serde(default, deserialize_with = "or_default")]
    pub is_required: bool,
    /// Whether it cannot be written (or, for some, only at creation).
    #[serde(default, deserialize_with = "or_default")]
    pub is_read_only: bool,
    /// Whether a query may filter by it.
    #[serde(default, deserialize_with = "or_default")]
    pub is_queryable: bool,
    /// Whether its value is another record's id.
    #[serde(default, deserialize_with = "or_default")]
    pub is_reference: bool,
    /// That record's entity, where it is a reference.
    #[serde(default, deserialize_with = "or_default")]
    pub reference_entity_type: String,
    /// Whether its value is one of a list.
    #[serde(default, deserialize_with = "or_default")]
    pub is_pick_list: bool,
    /// That list.
    #[serde(default, deserialize_with = "or_default")]
    pub picklist_values: Vec<PicklistValue>,
    /// The field whose value decides which part of the list applies.
    #[serde(default, deserialize_with = "or_default")]
    pub picklist_parent_value_field: String,
    /// Whether webhooks can watch it.
    #[serde(default, deserialize_with = "or_default")]
    pub is_supported_webhook_field: bool,
}

/// One value of a list. Its identifiers are the tenant's own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PicklistValue {
    /// What records hold, as text here and mostly as a number there.
    #[serde(deserialize_with = "text")]
    pub value: String,
    /// What people see.
    #[serde(default, deserialize_with = "or_default")]
    pub label: String,
    /// Whether it may still be chosen.
    #[serde(default = "yes", deserialize_with = "or_default")]
    pub is_active: bool,
    /// Whether it is taken where none is given.
    #[serde(default, rename = "isDefaultValue", deserialize_with = "or_default")]
    pub is_default: bool,
    /// Whether it is Autotask's own.
    #[serde(default, deserialize_with = "or_default")]
    pub is_system: bool,
    /// Its place in the list.
    #[serde(default, deserialize_with = "or_default")]
    pub sort_order: i64,
    /// The value of the parent field to which it belongs; empty where there is none.
    #[serde(default, deserialize_with = "text")]
    pub parent_value: String,
}

/// What the API user may do with an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "Autotask's own form")]
pub struct EntityInfo {
    /// Whether the entity can be created by the API at all.
    #[serde(default, deserialize_with = "or_default")]
    pub can_create: bool,
    /// Whether it can be changed.
    #[serde(default, deserialize_with = "or_default")]
    pub can_update: bool,
    /// Whether it can be deleted.
    #[serde(default, deserialize_with = "or_default")]
    pub can_delete: bool,
    /// Whether it can be queried.
    #[serde(default, deserialize_with = "or_default")]
    pub can_query: bool,
    /// What this user may create.
    #[serde(default)]
    pub user_access_for_create: Access,
    /// What this user may change.
    #[serde(default)]
    pub user_access_for_update: Access,
    /// What this user may delete.
    #[serde(default)]
    pub user_access_for_delete: Access,
    /// What this user may see.
    #[serde(default)]
    pub user_access_for_query: Access,
    /// Whether it has user-defined fields.
    #[serde(default, deserialize_with = "or_default")]
    pub has_user_defined_fields: bool,
    /// Whether webhooks can watch it.
    #[serde(default, deserialize_with = "or_default")]
    pub supports_webhook_callouts: bool,
}

/// How much of an entity a user may use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Access {
    /// The answer did not say, or in a way that we do not know.
    #[default]
    Unknown,
    /// Nothing.
    None,
    /// Some records.
    Restricted,
    /// Everything.
    All,
}

impl<'de> Deserialize<'de> for Access {
    /// From the words, or from numbers in the same order, which were seen too.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let access = text(deserializer)?.to_ascii_lowercase();
        Ok(match access.as_str() {
            "none" | "0" => Self::None,
            "all" | "1" => Self::All,
            "restricted" | "2" => Self::Restricted,
            _ => Self::Unknown,
        })
    }
}

#[derive(Deserialize)]
pub(crate) struct Fields {
    pub(crate) fields: Vec<FieldInfo>,
}

#[derive(Deserialize)]
pub(crate) struct Info {
    info: EntityInfo,
}

impl Client {
    /// The fields of an entity.
    pub async fn fields<E: Entity>(&self) -> Result<Vec<FieldInfo>, Error> {
        self.fields_of(E::PATH).await
    }

    /// The user-defined fields of an entity: none where it has no such fields, whose call does not exist then.
    pub async fn udfs<E: Entity>(&self) -> Result<Vec<FieldInfo>, Error> {
        let found: Result<Fields, Error> = self.about(E::PATH, "/userDefinedFields").await;
        match found {
            Err(Error::Gone { .. } | Error::NoSuchCall { passing: false, .. }) => Ok(Vec::new()),
            found => Ok(found?.fields),
        }
    }

    /// What may be done with an entity.
    pub async fn entity_information<E: Entity>(&self) -> Result<EntityInfo, Error> {
        let Info { info } = self.about(E::PATH, "").await?;
        Ok(info)
    }

    /// The fields of the entity at `path`.
    pub async fn fields_of(&self, path: &str) -> Result<Vec<FieldInfo>, Error> {
        let Fields { fields } = self.about(path, "/fields").await?;
        Ok(fields)
    }

    async fn about<T: DeserializeOwned>(&self, entity: &str, what: &str) -> Result<T, Error> {
        let path = format!("{entity}/entityInformation{what}");
        self.ask(Request::get("autotask.metadata", entity, &path))
            .await
    }
}

fn yes() -> bool {
    true
}

/// Null means the same as absent.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Text, or the text of a number; null is empty.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    crate::wire::told::<D, String>(deserializer).map(|told| told.get().cloned().unwrap_or_default())
}
