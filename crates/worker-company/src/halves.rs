//! Records of the two systems as halves of a company. Pure.

use autotask::{Company, Entity as _};
use domain::{RecordId, Told, Value};
use jim2::CardFile;
use sync::{Half, Pointer};

use crate::{CompanySettings, address};

/// A company of Autotask.
pub(crate) fn of_company(company: &Company, settings: &CompanySettings) -> Half {
    let label = label(&company.company_name, "Company", company.id);
    let mut half = Half::new(company.id, label);
    half.tell("name", company.company_name.clone().into_value());
    let street = address::joined(&company.address1, &company.address2);
    let state = company.state.clone().map(|state| address::state(&state));
    let place = [&company.city, &state, &company.postal_code];
    half.tell("address", address::told(street, place));
    half.tell("country", company.country_id.clone().into_value());
    half.tell("abn", company.tax_id.clone().into_value());
    half.tell("active", company.is_active.clone().into_value());
    half.tell("parent", company.parent_company_id.clone().into_value());
    half.tell("phone", company.phone.clone().into_value());
    half.tell("owner", company.owner_resource_id.clone().into_value());
    half.tell("credit_hold", udf(company, &settings.credit_hold_udf));

    half.facts.extend(
        [
            ("type", company.company_type.clone().into_value()),
            (
                "invoice_method",
                company.invoice_method.clone().into_value(),
            ),
            ("card_no", udf(company, &settings.card_no_udf)),
            ("opt_out", opt_out(company, &settings.opt_out_udf)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?))),
    );
    half.points_to = half.fact("card_no").and_then(card_no).map(|to| Pointer {
        to,
        by_name: false,
        generation: 1,
    });
    let stamps = [
        &company.last_tracked_modified_date_time,
        &company.last_activity_date,
    ];
    half.changed_at = stamps.into_iter().filter_map(Told::get).max().copied();
    half.created_at = company.create_date.get().copied();
    half
}

/// What a user-defined field tells: nothing where the site has none of that name.
fn udf(company: &Company, name: &str) -> Option<Value> {
    if name.is_empty() {
        return None;
    }
    company.udf(name).into_value()
}

/// Where the site has no field that keeps companies out, none is kept out by it.
fn opt_out(company: &Company, name: &str) -> Option<Value> {
    if name.is_empty() {
        return Some(Value::Empty);
    }
    udf(company, name)
}

/// A cardfile of Jim2. It names no company: Jim2 has no field for that.
pub(crate) fn of_card(card: &CardFile) -> Half {
    let mut half = Half::new(card.card_no, label(&card.name, "Card", card.card_no));
    half.tell("name", card.name.clone().into_value());
    let street = match &card.street_address {
        Told::Not => None,
        Told::Empty => Some(String::new()),
        Told::Is(street) => Some(street.replace("\r\n", "\n")),
    };
    let state = card.state.clone().map(|state| address::state(&state));
    let place = [&card.suburb, &state, &card.post_code];
    half.tell("address", address::told(street, place));
    half.tell("country", card.country.clone().into_value());
    half.tell("abn", card.abn.clone().into_value());
    half.tell("active", card.active.clone().into_value());
    half.tell("parent", card.parent_card_no.clone().into_value());
    half.tell("phone", card.phone.clone().into_value());
    half.tell("owner", card.acc_mgr_init.clone().into_value());
    half.tell("credit_hold", card.credit_hold.clone().into_value());
    half.facts.extend(
        [
            ("is_customer", card.is_customer.clone().into_value()),
            ("send_inv_via", card.send_inv_via.clone().into_value()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?))),
    );
    half.changed_at = card.last_modified.get().copied();
    half
}

/// The card number that a company's reference names, where it is one.
fn card_no(reference: &Value) -> Option<RecordId> {
    let number: i64 = reference.as_text()?.trim().parse().ok()?;
    Some(number.into())
}

pub(crate) fn label(name: &Told<String>, what: &str, id: i64) -> String {
    let name = name.get().filter(|name| !name.trim().is_empty());
    name.map_or_else(|| format!("{what} {id}"), |name| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn company(json: serde_json::Value) -> Half {
        let company = serde_json::from_value(json).unwrap();
        of_company(&company, &CompanySettings::default())
    }

    #[test]
    fn a_field_that_the_site_does_not_have_takes_no_part_and_keeps_nobody_out() {
        let mut company: Company = serde_json::from_value(json!({"id": 174})).unwrap();
        company.read_by_id();
        let none = CompanySettings {
            card_no_udf: String::new(),
            credit_hold_udf: String::new(),
            opt_out_udf: String::new(),
            ..CompanySettings::default()
        };
        assert_eq!(none.udfs(), Vec::<String>::new());
        let half = of_company(&company, &none);
        assert_eq!(half.fields.get("credit_hold"), None);
        assert_eq!(half.fact("card_no"), None);
        assert_eq!(half.fact("opt_out"), Some(&Value::Empty));
        let half = of_company(&company, &CompanySettings::default());
        assert_eq!(half.fields.get("credit_hold"), Some(&Value::Empty));
    }

    #[test]
    fn what_autotask_did_not_tell_takes_no_part() {
        let half = company(json!({"id": 174, "address1": "1 High St", "taxID": null}));
        assert_eq!(half.label, "Company 174");
        assert_eq!(half.fields.get("abn"), Some(&Value::Empty));
        for field in ["name", "address", "credit_hold", "active"] {
            assert_eq!(half.fields.get(field), None, "{field}");
        }
        assert_eq!((half.points_to, half.facts.len()), (None, 0));
    }

    #[test]
    fn a_company_points_to_the_card_its_field_names() {
        for (told, to) in [
            (json!(" 12 "), Some("12")),
            (json!("n/a"), None),
            (json!(null), None),
        ] {
            let half = company(json!({"id": 174, "companyName": " Acme ",
                "userDefinedFields": [{"name": "Jim2 CardNo", "value": told}]}));
            assert_eq!(half.label, "Acme");
            assert!(half.fact("card_no").is_some());
            assert_eq!(
                half.points_to.as_ref().map(|it| it.to.as_str()),
                to,
                "{told}"
            );
        }
    }

    #[test]
    fn a_card_tells_an_address_only_as_a_whole() {
        let mut card = CardFile {
            card_no: 12,
            street_address: Told::Is("1 High St\r\nUnit 2".to_owned()),
            suburb: Told::Empty,
            state: Told::Empty,
            ..CardFile::default()
        };
        assert_eq!(of_card(&card).fields.get("address"), None);
        card.post_code = Told::Is("0800".to_owned());
        let half = of_card(&card);
        assert_eq!(
            half.fields["address"].to_string(),
            "0800, 1 High St\nUnit 2"
        );
    }
}
