//! What stands beside tickets: contracts, assets, products and purchases.

use serde_json::{Value, json};

use super::{
    Change, another, autotask, compared, each_until_closed, found, found_of_new, jim2, troubles,
};
use crate::check::{Settings, Tables, Trouble, compare};

#[test]
fn every_value_of_them_that_differs_is_told() {
    let in_autotask = [
        ("Contracts", "contractName", json!("Care plus")),
        ("Contracts", "startDate", json!("2026-08-01T00:00:00.000Z")),
        ("Contracts", "endDate", json!("2027-07-31T00:00:00.000Z")),
        ("Contracts", "purchaseOrderNumber", json!("PO-8")),
        ("ConfigurationItems", "referenceTitle", json!("Back office")),
        (
            "ConfigurationItems",
            "installDate",
            json!("2026-07-02T00:00:00.000Z"),
        ),
        ("Products", "sku", json!("SSD2")),
        ("Products", "manufacturerProductName", json!("X2")),
        ("Products", "unitPrice", json!(149.51)),
        ("Products", "unitCost", json!(92.39)),
        (
            "Products",
            "userDefinedFields",
            json!([{"name": "Jim2 availability", "value": "Sydney 5, Melbourne 7"}]),
        ),
        ("PurchaseOrderItems", "quantity", json!(3)),
        ("PurchaseOrderItems", "unitCost", json!(74.51)),
        ("PurchaseOrderItems", "memo", json!("Two of them")),
    ];
    for (entity, field, value) in in_autotask {
        let found = found(|autotask, _| autotask[entity][0][field] = value);
        assert_eq!(
            troubles(&found),
            [Trouble::Differs],
            "{entity} {field}: {found:?}"
        );
    }
    for (entity, field, value) in [
        ("Stock", "shortDesc", json!("Disk")),
        ("Stock", "active", json!(false)),
        ("Purchase", "card", json!(1002)),
    ] {
        let found = found(|_, jim2| jim2[entity][0][field] = value);
        assert_eq!(
            troubles(&found),
            [Trouble::Differs],
            "{entity} {field}: {found:?}"
        );
    }
    let line = found(|_, jim2| jim2["Purchase"][0]["stock"][0]["stockCode"] = json!("SSD2"));
    assert_eq!(troubles(&line), [Trouble::Differs], "{line:?}");
}

#[test]
fn what_crossbill_made_of_them_and_nothing_names_or_two_of_one_are_found() {
    for (entity, changes, trouble, says) in [
        (
            "Project",
            json!({"id": 901, "projectCode": "901"}),
            Trouble::Twice,
            "has project 900 already",
        ),
        (
            "Project",
            json!({"id": 901, "projectCode": "901", "billingItemDesc": "Lost"}),
            Trouble::Missing,
            "no contract of its customer",
        ),
        (
            "Project",
            json!({"id": 901, "CustNo": 1002}),
            Trouble::Missing,
            "no contract of its customer",
        ),
        (
            "Asset",
            json!({"id": 951}),
            Trouble::Twice,
            "has asset 950 already",
        ),
        (
            "Asset",
            json!({"id": 951, "serialNo": "SN-2"}),
            Trouble::Missing,
            "of that serial number",
        ),
        (
            "Asset",
            json!({"id": 951, "OwnerNo": 1002}),
            Trouble::Missing,
            "of that serial number",
        ),
        (
            "Purchase",
            json!({"id": 991}),
            Trouble::Twice,
            "of the same in Autotask",
        ),
        (
            "Purchase",
            json!({"id": 991, "ourRef": "1002/1"}),
            Trouble::Missing,
            "names nothing in Autotask",
        ),
    ] {
        let found = found(|_, jim2| another(jim2, entity, &changes));
        assert_eq!(troubles(&found), [trouble], "{entity} {changes}: {found:?}");
        assert!(found[0].1.contains(says), "{found:?}");
        let theirs = changes.as_object().unwrap().clone();
        let mut theirs = Value::Object(theirs);
        theirs["madeBy"] = json!("JC");
        theirs["ourRef"] = json!("");
        let of_people = super::found(|_, jim2| another(jim2, entity, &theirs));
        assert_eq!(of_people, [], "{entity} {changes}");
    }
}

#[test]
fn a_product_names_stock_that_is_there_and_no_other_does() {
    for (changes, trouble) in [
        (json!({"id": 52}), Trouble::Twice),
        (
            json!({"id": 52, "externalProductID": null}),
            Trouble::Missing,
        ),
        (
            json!({"id": 52, "externalProductID": "Jim2 8"}),
            Trouble::Missing,
        ),
    ] {
        let found = found(|autotask, _| another(autotask, "Products", &changes));
        assert_eq!(troubles(&found), [trouble], "{changes}: {found:?}");
    }
    let withdrawn = json!({"id": 52, "externalProductID": "Jim2 8", "isActive": false});
    let gone = found(|autotask, _| another(autotask, "Products", &withdrawn));
    assert_eq!(gone, [], "its stock is gone");
}

#[test]
fn what_should_be_there_of_them_is_missed_only_where_the_site_has_it_made_and_it_is_new() {
    let gone = [
        ("Project", "it has no project"),
        ("Asset", "it has no asset"),
        ("Purchase", "it has no purchase"),
    ];
    for (entity, says) in gone {
        let take = |_: &mut Value, jim2: &mut Value| jim2[entity] = json!([]);
        assert_eq!(found(take), [], "{entity}: it is not new");
        let of_new = found_of_new(take);
        assert_eq!(troubles(&of_new), [Trouble::Missing], "{of_new:?}");
        assert!(of_new[0].1.contains(says), "{of_new:?}");
    }
    let other = json!({"id": 8, "code": "MON"});
    let unsold = found(|_, jim2| another(jim2, "Stock", &other));
    assert_eq!(
        troubles(&unsold),
        [Trouble::Missing],
        "of a group of which others are products"
    );
    let elsewhere = json!({"id": 8, "code": "MON", "groups": [{"name": "Sundries"}]});
    assert_eq!(found(|_, jim2| another(jim2, "Stock", &elsewhere)), []);

    let (autotask, mut jim2) = (autotask(), jim2());
    for entity in ["Project", "Asset", "Purchase"] {
        jim2[entity] = json!([]);
    }
    another(&mut jim2, "Stock", &other);
    let settings = Settings {
        zone: chrono_tz::Australia::Sydney,
        since: Some("2026-11-22T00:00:00Z".parse().unwrap()),
        tables: Tables::default(),
        made: std::collections::BTreeSet::new(),
    };
    assert_eq!(
        compare(&autotask, &jim2, &settings).findings,
        [],
        "off at first"
    );
}

#[test]
fn what_is_not_carried_of_them_is_not_missed() {
    for (entity, field, value) in [
        ("Contracts", "status", json!(0)),
        ("ConfigurationItems", "isActive", json!(false)),
        ("ConfigurationItems", "serialNumber", json!("")),
        ("PurchaseOrders", "submitDateTime", Value::Null),
        (
            "PurchaseOrders",
            "cancelDateTime",
            json!("2026-11-23T02:00:00.000Z"),
        ),
    ] {
        let found = found_of_new(|autotask, jim2| {
            autotask[entity][0][field] = value.clone();
            for entity in ["Project", "Asset", "Purchase"] {
                jim2[entity] = json!([]);
            }
            let others = ["Contracts", "ConfigurationItems", "PurchaseOrders"];
            for other in others.into_iter().filter(|other| *other != entity) {
                autotask[other] = json!([]);
            }
        });
        assert_eq!(found, [], "{entity} {field}");
    }
}

#[test]
fn an_item_has_one_line_and_a_line_one_item_while_the_purchase_is_open() {
    let changes: [(Change, Trouble); 4] = [
        (
            |_, jim2| jim2["Purchase"][0]["stock"] = json!([]),
            Trouble::Missing,
        ),
        (
            |autotask, _| autotask["PurchaseOrderItems"] = json!([]),
            Trouble::Strayed,
        ),
        (
            |autotask, _| another(autotask, "PurchaseOrderItems", &json!({"id": 82})),
            Trouble::Missing,
        ),
        (
            |_, jim2| {
                let line = jim2["Purchase"][0]["stock"][0].clone();
                jim2["Purchase"][0]["stock"] = json!([line, line]);
            },
            Trouble::Twice,
        ),
    ];
    each_until_closed(&changes, ("Purchase", "Received"));
}

#[test]
fn what_autotask_counts_is_compared_where_a_location_stands_for_one_of_its_own() {
    let sheet = "list,system,value,label,to,to_label,path\nstockLocation,jim2,1,,11,,\nstockLocation,jim2,2,,(leave),,\n";
    let settings = Settings {
        zone: chrono_tz::Australia::Sydney,
        since: None,
        tables: Tables::read(sheet).unwrap(),
        made: std::collections::BTreeSet::new(),
    };
    let (mut autotask, jim2) = (autotask(), jim2());
    let whole = compare(&autotask, &jim2, &settings);
    assert!(whole.is_whole(), "whole pieces: {:?}", whole.findings);
    let of_items = autotask["InventoryItems"].take();
    let row = json!([{"id": 1, "productID": 50, "inventoryLocationID": 11, "onHandUnits": 6}]);
    autotask["InventoryProducts"] = row;
    let findings = compare(&autotask, &jim2, &settings).findings;
    assert_eq!(findings.len(), 1, "the newer edition: {findings:?}");
    autotask["InventoryProducts"].take();
    autotask["InventoryItems"] = of_items;
    autotask["InventoryItems"][0]["quantityOnHand"] = json!(6);
    assert!(
        compared(&autotask, &jim2, None).is_whole(),
        "nobody has said which"
    );
    let findings = compare(&autotask, &jim2, &settings).findings;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].says.contains("location 11"), "{findings:?}");
}
