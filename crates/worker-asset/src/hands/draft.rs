//! Fields of a plan in the two systems' words.

use autotask::Draft;
use chrono::{NaiveDate, NaiveTime};
use domain::{Told, Value};
use jim2::{AssetChanges, AssetCreate};
use sync::Fields;

use super::number;

/// What an asset is to hold.
pub(super) fn asset(fields: &Fields) -> AssetChanges {
    AssetChanges {
        status: text(fields, "status"),
        serial_no: text(fields, "serial"),
        item_desc: text(fields, "what"),
        warranty_in: day(fields, "warranty_from"),
        warranty_out: day(fields, "warranty_to"),
    }
}

/// An asset to be made; `None` without an owner.
pub(super) fn new_asset(fields: &Fields) -> Option<AssetCreate> {
    Some(AssetCreate {
        owner_no: number(fields, "owner")?,
        ship_no: number(fields, "ship"),
        changes: asset(fields),
    })
}

/// Changes of a configuration item. A day is its midnight in UTC, as Autotask drops the time and converts nothing.
pub(super) fn item(fields: &Fields) -> Draft {
    let mut draft = Draft::new();
    for (ours, theirs) in [("serial", "serialNumber"), ("status", "isActive")] {
        if let Some(value) = fields.get(ours) {
            draft = draft.set(theirs, value.clone());
        }
    }
    for (ours, theirs) in [
        ("warranty_from", "installDate"),
        ("warranty_to", "warrantyExpirationDate"),
    ] {
        if let Told::Is(day) = day(fields, ours) {
            draft = draft.set_time(theirs, day.and_time(NaiveTime::MIN).and_utc());
        }
    }
    draft
}

/// A configuration item to be made: active, unless its status says otherwise.
pub(super) fn new_item(fields: &Fields) -> Draft {
    let mut draft = item(fields);
    if !fields.contains_key("status") {
        draft = draft.set("isActive", true);
    }
    for (ours, theirs) in [
        ("company", "companyID"),
        ("product", "productID"),
        ("title", "referenceTitle"),
    ] {
        if let Some(value) = fields.get(ours) {
            draft = draft.set(theirs, value.clone());
        }
    }
    draft
}

fn text(fields: &Fields, name: &str) -> Told<String> {
    match fields.get(name) {
        None => Told::Not,
        Some(value) => value
            .as_text()
            .map_or(Told::Empty, |text| Told::Is(text.to_owned())),
    }
}

fn day(fields: &Fields, name: &str) -> Told<NaiveDate> {
    let text = fields.get(name).and_then(Value::as_text);
    match text.map(str::parse) {
        Some(Ok(day)) => Told::Is(day),
        Some(Err(_)) | None => Told::Not,
    }
}
