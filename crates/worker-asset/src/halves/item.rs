//! A configuration item as a half.

use autotask::{Company, ConfigurationItem};
use chrono::{DateTime, Utc};
use domain::{Told, Value};
use sync::Half;

use super::{day, label};
use crate::settings::AssetSettings;

/// The half that a configuration item is. `product` is what its product is called, where that was read.
pub(crate) fn item(item: &ConfigurationItem, product: Option<&String>) -> Half {
    let what = what(item, product);
    let otherwise = format!("Configuration item {}", item.id);
    let mut half = Half::new(item.id, label(&what, &item.serial_number, &otherwise));
    // Autotask keeps days as their midnight in UTC, whatever zone people are in.
    let midnight = |at: &Told<DateTime<Utc>>| day(at.clone().map(|at| at.date_naive()));
    half.tell("serial", item.serial_number.clone().into_value());
    half.tell("what", what.into_value());
    half.tell("warranty_from", midnight(&item.install_date));
    half.tell("warranty_to", midnight(&item.warranty_expiration_date));
    half.tell("status", item.is_active.clone().into_value());
    for (name, value) in [
        ("company", item.company_id.clone().into_value()),
        ("type", item.configuration_item_type.clone().into_value()),
        (
            "category",
            item.configuration_item_category_id.clone().into_value(),
        ),
    ] {
        half.know(name, value);
    }
    half.flag("inactive", item.is_active == Told::Is(false));
    half.changed_at = item.last_modified_time.get().copied();
    half.created_at = item.create_date.get().copied();
    half
}

/// What people call it: its own title, else its product.
fn what(item: &ConfigurationItem, product: Option<&String>) -> Told<String> {
    let own = item
        .reference_title
        .get()
        .filter(|title| !title.trim().is_empty());
    match own.or(product) {
        Some(what) => Told::Is(what.clone()),
        None => item.reference_title.clone(),
    }
}

/// What keeps the things of this company out of Jim2.
pub(crate) fn whose(half: &mut Half, company: &Company, settings: &AssetSettings) {
    let kind = company.company_type.clone().into_value();
    half.know("company_type", kind);
    let name = company.company_name.clone().into_value();
    half.know("company_name", name);
    let opt_out = settings.opt_out_udf.as_ref();
    let said = opt_out.and_then(|name| company.user_defined_fields.get(name).into_value());
    let says_yes = said.as_ref().is_some_and(Value::says_yes);
    half.flag("opt_out", says_yes);
}
