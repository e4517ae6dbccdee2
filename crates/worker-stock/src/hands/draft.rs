//! Fields of a plan in Autotask's words.

use autotask::Draft;
use domain::Value;
use rust_decimal::Decimal;
use sync::Fields;

/// What a product is to hold. Fields it does not have are passed over.
pub(super) fn product(fields: &Fields) -> Draft {
    let mut draft = Draft::new();
    for (name, value) in fields {
        draft = match name.as_str() {
            "name" => draft.set("name", value.clone()),
            "description" => draft.set("description", value.clone()),
            "code" => draft.set("sku", value.clone()),
            "part_number" => draft.set("manufacturerProductName", value.clone()),
            "cost" => amount(draft, "unitCost", value),
            "price" => amount(draft, "unitPrice", value),
            "active" => draft.set("isActive", value.clone()),
            "billing_code" => draft.set("productBillingCodeID", value.clone()),
            "serialized" => draft.set("isSerialized", value.clone()),
            "availability" => availability(draft, value),
            _ => draft,
        };
    }
    draft
}

/// An amount with exactly its digits.
fn amount(draft: Draft, field: &str, value: &Value) -> Draft {
    let amount = value
        .as_text()
        .and_then(|text| text.parse::<Decimal>().ok());
    match amount {
        Some(amount) => draft.set_decimal(field, amount),
        None => draft,
    }
}

/// Each user-defined field by its name.
fn availability(draft: Draft, value: &Value) -> Draft {
    let Value::Parts(parts) = value else {
        return draft;
    };
    parts.iter().fold(draft, |draft, (name, told)| {
        draft.set_udf(name, told.as_text().unwrap_or_default())
    })
}
