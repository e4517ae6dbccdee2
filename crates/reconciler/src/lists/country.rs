//! Countries: numbered records in Autotask, plain text in Jim2.

use autotask::{Client, Entity, Query};
use domain::{System, Told, Value};
use serde::Deserialize;
use store::lookup::Entry;

use super::{Error, List, unread};

/// The list's name.
pub const LIST: &str = "country";

/// A country of Autotask.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Country {
    id: i64,
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    is_active: Option<bool>,
    #[serde(default, rename = "isDefaultCountry")]
    is_default: Option<bool>,
}

impl Entity for Country {
    type Parent = ();

    const PATH: &'static str = "Countries";
    const NAME: &'static str = "country";
    const FIELDS: &'static [&'static str] = &["id", "displayName", "isActive", "isDefaultCountry"];

    fn collection((): Self::Parent) -> String {
        Self::PATH.to_owned()
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn value(&self, _field: &str) -> Option<Value> {
        None
    }

    fn udf(&self, _name: &str) -> Told<String> {
        Told::Not
    }

    fn read_by_id(&mut self) {}
}

/// The countries that Autotask has switched on, and the same as Jim2's text.
pub(super) async fn both(autotask: &Client) -> Result<[List; 2], Error> {
    let countries: Vec<Country> = autotask
        .query_all(&Query::everything())
        .await
        .map_err(|error| unread(error, "read countries"))?;
    let named = |country: &Country, value: String| Entry {
        value,
        label: country.display_name.clone().unwrap_or_default(),
        active: country.is_active != Some(false),
        is_default: country.is_default == Some(true),
        extra: None,
    };
    let numbered = countries.iter().map(|one| named(one, one.id.to_string()));
    let worded = countries
        .iter()
        .filter_map(|one| Some(named(one, one.display_name.clone()?)));
    Ok([
        (LIST, System::Autotask, numbered.collect()),
        (LIST, System::Jim2, worded.collect()),
    ])
}
