use serde_json::{Value, json};

use super::*;

/// An item of Autotask with these fields beside what each has.
fn item(set: &Value) -> QuoteItem {
    let mut told = json!({
        "id": 7, "name": "Solid state drive", "quantity": 3, "unitPrice": 149, "unitDiscount": 0,
        "percentageDiscount": 0, "lineDiscount": 0, "isOptional": false, "productID": 70,
    });
    for (name, value) in set.as_object().unwrap() {
        told[name] = value.clone();
    }
    serde_json::from_value(told).unwrap()
}

fn offered_as(set: &Value) -> String {
    let (_, line) = line(&item(set), None).unwrap();
    let text = line.text.replace('\n', " | ");
    format!("{} x {} {text}", line.qty, line.price)
}

#[test]
fn the_price_is_what_the_customer_pays_a_unit_after_every_discount() {
    for (set, expected) in [
        (json!({}), "3 x 149 Solid state drive"),
        (json!({"unitDiscount": 9}), "3 x 140 Solid state drive"),
        (
            json!({"percentageDiscount": 10}),
            "3 x 134.1 Solid state drive",
        ),
        (json!({"lineDiscount": 27}), "3 x 140 Solid state drive"),
        (
            json!({"unitDiscount": 9, "percentageDiscount": 10, "lineDiscount": 3}),
            "3 x 125 Solid state drive",
        ),
        (
            json!({"quantity": 2.5, "lineDiscount": 10}),
            "2.5 x 145 Solid state drive",
        ),
        (json!({"quantity": 0}), "1 x 0 0 x Solid state drive"),
        (json!({"unitPrice": null}), "3 x 0 Solid state drive"),
    ] {
        assert_eq!(offered_as(&set), expected, "{set}");
    }
}

#[test]
fn no_cent_is_lost_where_the_total_does_not_divide() {
    for (set, expected) in [
        (json!({"lineDiscount": 10}), "1 x 437 3 x Solid state drive"),
        (
            json!({"lineDiscount": 0.01}),
            "1 x 446.99 3 x Solid state drive",
        ),
        (
            json!({"quantity": 7, "unitPrice": 0.35, "percentageDiscount": 33.333}),
            "1 x 1.63 7 x Solid state drive",
        ),
        (
            json!({"quantity": 1, "unitPrice": 2.345, "percentageDiscount": 0}),
            "1 x 2.345 Solid state drive",
        ),
    ] {
        assert_eq!(offered_as(&set), expected, "{set}");
    }
}

#[test]
fn a_line_says_how_often_it_is_paid_and_what_the_item_says_beside_its_name() {
    for (set, expected) in [
        (
            json!({"periodType": "Monthly"}),
            "3 x 149 Solid state drive (monthly)",
        ),
        (
            json!({"periodType": "One-Time"}),
            "3 x 149 Solid state drive",
        ),
        (
            json!({"description": "Solid state drive"}),
            "3 x 149 Solid state drive",
        ),
        (
            json!({"description": "1 TB"}),
            "3 x 149 Solid state drive | 1 TB",
        ),
    ] {
        assert_eq!(offered_as(&set), expected, "{set}");
    }
}

#[test]
fn an_item_is_of_a_product_or_of_what_else_it_says_and_its_source_says_which() {
    let of = |set: &Value, code| {
        let mut whole = json!({"quoteItemType": 1});
        for (name, value) in set.as_object().unwrap() {
            whole[name] = value.clone();
        }
        let (source, line) = line(&item(&whole), code).unwrap();
        (source, line.stock.unwrap())
    };
    let product = ("7".to_owned(), Stock::Number(70));
    assert_eq!(of(&json!({}), None), product);
    let sold = |billing_code, role, kind| {
        let sold = Sold {
            billing_code,
            role,
            item_type: Some(ItemType::Offered(kind)),
        };
        ("7/code".to_owned(), Stock::Sold(sold))
    };
    for (kind, of_what, code, expected) in [
        (
            11,
            json!({"serviceID": 5}),
            Some(90),
            sold(Some(90), None, 11),
        ),
        (
            12,
            json!({"serviceBundleID": 5}),
            Some(90),
            sold(Some(90), None, 12),
        ),
        (
            12,
            json!({"serviceBundleID": 5}),
            None,
            sold(None, None, 12),
        ),
        (2, json!({"chargeID": 90}), None, sold(Some(90), None, 2)),
        (4, json!({"expenseID": 90}), None, sold(Some(90), None, 4)),
        (3, json!({"laborID": 9}), None, sold(None, Some(9), 3)),
        (6, json!({"shippingID": 2}), None, sold(None, None, 6)),
    ] {
        let mut set = of_what;
        set["productID"] = Value::Null;
        set["quoteItemType"] = json!(kind);
        assert_eq!(of(&set, code), expected, "{set}");
    }
}

#[test]
fn labour_shipping_and_bundles_cost_what_the_customer_pays_to_the_cent() {
    for (set, expected) in [
        (
            json!({"laborID": 9, "quantity": 7.5, "unitPrice": 187.5, "percentageDiscount": 10}),
            "7.5 x 168.75 Solid state drive",
        ),
        (
            json!({"serviceBundleID": 5, "quantity": 12, "unitPrice": 48.5, "lineDiscount": 32, "periodType": "Monthly"}),
            "1 x 550 12 x Solid state drive (monthly)",
        ),
        (
            json!({"shippingID": 2, "quantity": 1, "unitPrice": 22.95, "unitDiscount": 22.95}),
            "1 x 0 Solid state drive",
        ),
    ] {
        let mut set = set;
        set["productID"] = Value::Null;
        assert_eq!(offered_as(&set), expected, "{set}");
    }
}

#[test]
fn what_is_optional_is_no_line_before_the_customer_takes_it() {
    assert_eq!(line(&item(&json!({"isOptional": true})), None), None);
    assert!(line(&item(&json!({"isOptional": null})), None).is_some());
}
