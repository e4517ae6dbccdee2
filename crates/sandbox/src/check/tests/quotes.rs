//! Quotes with their headers and lines.

use serde_json::{Value, json};

use super::{
    BEGINNING, Change, another, each_until_closed, found, found_by, found_of_new, troubles, wanting,
};
use crate::check::{Settings, Tables, Trouble};

/// What the site says that software is sold as, and which status stands for which.
const SHEET: &str = "list,system,value,label,to,to_label,path\nbillingCodeStock,autotask,29682811,,SW.LIC,,\n\
                     quoteStatus,autotask,1,,Booked,,\nquoteStatus,autotask,2,,Lost,,\n";

/// A quote of two items, and what it is of, as Autotask has them.
pub(super) fn offered() -> Value {
    json!({
        "Services": [{"id": 55, "billingCodeID": 29_682_811}],
        "Opportunities": [{
            "id": 90, "companyID": 174, "status": 1, "probability": 60, "promisedFulfillmentDate": "2026-12-15T00:00:00.000Z",
            "closedDate": null, "lostDate": null, "lastActivity": "2026-11-23T00:00:00.000Z",
        }],
        "Quotes": [{
            "id": 91, "opportunityID": 90, "companyID": 174, "quoteNumber": 2001, "name": "Faster disks", "primaryQuote": true,
            "isActive": true, "purchaseOrderNumber": "PO 7", "expirationDate": "2026-12-31T00:00:00.000Z",
            "lastPublishedDateTime": "2026-11-23T00:00:00.000Z", "externalQuoteNumber": "980", "lastModifiedBy": 99,
            "lastActivityDate": "2026-11-23T00:02:00.000Z",
        }],
        "QuoteItems": [
            {"id": 92, "quoteID": 91, "productID": 50, "name": "Drive", "description": "Fast", "quantity": 2, "unitPrice": 149,
                "unitDiscount": 9, "percentageDiscount": 10, "lineDiscount": 0, "isOptional": false},
            {"id": 93, "quoteID": 91, "serviceID": 55, "name": "Backup", "periodType": "m", "quantity": 25, "unitPrice": 3.5,
                "unitDiscount": 0, "percentageDiscount": 0, "lineDiscount": 0, "isOptional": false},
        ],
    })
}

fn told() -> Settings {
    Settings {
        tables: Tables::read(SHEET).unwrap(),
        ..wanting(Some(BEGINNING))
    }
}

#[test]
fn every_value_of_a_quote_that_differs_is_told() {
    let in_autotask = [
        ("Quotes", "purchaseOrderNumber", json!("PO 8")),
        (
            "Quotes",
            "expirationDate",
            json!("2027-01-01T00:00:00.000Z"),
        ),
        ("Quotes", "externalQuoteNumber", json!("")),
        ("Opportunities", "probability", json!(61)),
        (
            "Opportunities",
            "promisedFulfillmentDate",
            json!("2026-12-16T00:00:00.000Z"),
        ),
        ("QuoteItems", "quantity", json!(3)),
        ("QuoteItems", "unitPrice", json!(150)),
        ("QuoteItems", "unitDiscount", json!(8)),
        ("QuoteItems", "percentageDiscount", json!(11)),
        ("QuoteItems", "lineDiscount", json!(2)),
        ("QuoteItems", "name", json!("Disk")),
        ("QuoteItems", "description", json!("Slow")),
    ];
    for (entity, field, value) in in_autotask {
        let found = found(|autotask, _| autotask[entity][0][field] = value);
        assert_eq!(
            troubles(&found),
            [Trouble::Differs],
            "{entity} {field}: {found:?}"
        );
    }
    for (field, value) in [
        ("card", json!(1002)),
        ("theirRef", json!("")),
        ("probability", json!(10)),
        ("dateValid", json!("2026-12-31T13:00:00Z")),
        ("dateRequired", json!("2026-12-16T00:00:00")),
    ] {
        let found = found(|_, jim2| jim2["Quote"][0][field] = value);
        assert_eq!(troubles(&found), [Trouble::Differs], "{field}: {found:?}");
    }
    for (line, field, value) in [
        (0, "stockCode", json!("CABLE")),
        (1, "description", json!("Backup\n\n[autotask:93/code]")),
        (1, "unitPriceTF", json!("3.6000")),
    ] {
        let found = found(|_, jim2| jim2["Quote"][0]["stock"][line][field] = value);
        assert_eq!(
            troubles(&found),
            [Trouble::Differs],
            "{line} {field}: {found:?}"
        );
    }
}

#[test]
fn the_stock_code_of_a_service_is_compared_where_the_site_has_said_it_and_a_status_where_it_follows()
 {
    let other = |_: &mut Value, jim2: &mut Value| {
        jim2["Quote"][0]["stock"][1]["stockCode"] = json!("FREIGHT");
    };
    assert_eq!(found(other), [], "nobody has said which");
    assert_eq!(troubles(&found_by(&told(), other)), [Trouble::Differs]);
    let lost = |autotask: &mut Value, _: &mut Value| {
        autotask["Opportunities"][0]["status"] = json!(2);
    };
    assert_eq!(troubles(&found_by(&told(), lost)), [Trouble::Differs]);
    let mut off = told();
    off.made.remove("quote-status");
    assert_eq!(found_by(&off, lost), []);
}

#[test]
fn labour_shipping_and_bundles_are_sold_as_the_site_says_of_their_role_their_type_and_their_code() {
    let sheet = "list,system,value,label,to,to_label,path\nbillingCodeStock,autotask,29682811,,SW.LIC,,\n\
                 billingCodeRoleStock,autotask,29682811/9,,SW.FIT,,\nroleStock,autotask,9,,LAB.SNR,,\n\
                 quoteItemTypeStock,autotask,6,,FREIGHT,,\nquoteItemTypeStock,autotask,3,,LAB.STD,,\n";
    let settings = Settings {
        tables: Tables::read(sheet).unwrap(),
        ..wanting(Some(BEGINNING))
    };
    for (of, code) in [
        (json!({"quoteItemType": 3, "laborID": 9}), "LAB.SNR"),
        (json!({"quoteItemType": 3, "laborID": 10}), "LAB.STD"),
        (json!({"quoteItemType": 6, "shippingID": 1}), "FREIGHT"),
        (json!({"quoteItemType": 12, "serviceBundleID": 7}), "SW.LIC"),
        (
            json!({"quoteItemType": 2, "chargeID": 29_682_811, "laborID": 9}),
            "SW.FIT",
        ),
    ] {
        let sold = |here: &'static str| {
            let of = of.clone();
            found_by(&settings, move |autotask, jim2| {
                autotask["ServiceBundles"] = json!([{"id": 7, "billingCodeID": 29_682_811}]);
                let item = &mut autotask["QuoteItems"][1];
                item["serviceID"] = Value::Null;
                for (name, value) in of.as_object().unwrap() {
                    item[name] = value.clone();
                }
                jim2["Quote"][0]["stock"][1]["stockCode"] = json!(here);
            })
        };
        assert_eq!(sold(code), [], "{of}");
        assert_eq!(troubles(&sold("CABLE")), [Trouble::Differs], "{of}");
    }
}

#[test]
fn a_total_that_does_not_divide_is_one_line_of_it_to_the_cent() {
    let third = |autotask: &mut Value, jim2: &mut Value| {
        autotask["QuoteItems"][0]["quantity"] = json!(3);
        autotask["QuoteItems"][0]["lineDiscount"] = json!(1);
        let line = &mut jim2["Quote"][0]["stock"][0];
        line["qty"] = json!("1.0000");
        line["unitPriceTF"] = json!("377.0000");
        line["description"] = json!("3 x Drive\nFast\n\n[autotask:92]");
    };
    assert_eq!(found(third), []);
    let divided = found(|autotask, jim2| {
        third(autotask, jim2);
        let line = &mut jim2["Quote"][0]["stock"][0];
        line["qty"] = json!("3.0000");
        line["unitPriceTF"] = json!("125.6667");
    });
    assert_eq!(troubles(&divided), [Trouble::Differs, Trouble::Differs]);
}

#[test]
fn what_a_quote_was_made_with_is_compared_while_nobody_has_changed_it_since() {
    let later: [Change; 3] = [
        |autotask, _| autotask["Quotes"][0]["lastModifiedBy"] = json!(10),
        |autotask, _| {
            autotask["Opportunities"][0]["lastActivity"] = json!("2026-11-23T00:02:00.000Z");
        },
        |_, jim2| jim2["Quote"][0]["ModifiedBy"] = json!("JC"),
    ];
    for (number, change) in later.into_iter().enumerate() {
        let found = found(|autotask, jim2| {
            autotask["Quotes"][0]["purchaseOrderNumber"] = json!("PO 8");
            autotask["Opportunities"][0]["probability"] = json!(10);
            change(autotask, jim2);
        });
        assert_eq!(found, [], "change {number}");
    }
}

#[test]
fn quotes_of_ours_that_are_of_nothing_or_of_the_same_are_told_and_anybody_elses_are_not() {
    for (changes, trouble) in [
        (json!({"id": 981}), Trouble::Twice),
        (json!({"id": 981, "ourRef": "Q2009/1"}), Trouble::Missing),
        (json!({"id": 981, "ourRef": "2001/1"}), Trouble::Missing),
    ] {
        let ours = found(|_, jim2| another(jim2, "Quote", &changes));
        assert_eq!(troubles(&ours), [trouble], "{changes}: {ours:?}");
    }
    let theirs = json!({"id": 981, "ourRef": "Phone call", "madeBy": "JC"});
    assert_eq!(found(|_, jim2| another(jim2, "Quote", &theirs)), []);
}

#[test]
fn a_published_quote_without_its_other_half_is_missing_where_the_site_has_them_made() {
    let gone = |_: &mut Value, jim2: &mut Value| jim2["Quote"] = json!([]);
    let missing = found_by(&told(), gone);
    assert_eq!(troubles(&missing), [Trouble::Missing], "{missing:?}");
    assert_eq!(found(gone), [], "it is not new");
    assert_eq!(
        found_of_new(gone),
        [],
        "nobody has said what software is sold as"
    );
    let mut off = told();
    off.made.remove("quote");
    assert_eq!(found_by(&off, gone), [], "off at first");
    for (entity, field, value) in [
        ("Quotes", "primaryQuote", json!(false)),
        ("Quotes", "isActive", json!(false)),
        ("Quotes", "lastPublishedDateTime", Value::Null),
        (
            "Opportunities",
            "closedDate",
            json!("2026-11-23T02:00:00.000Z"),
        ),
        (
            "Opportunities",
            "lostDate",
            json!("2026-11-23T02:00:00.000Z"),
        ),
        ("Opportunities", "companyID", json!(175)),
        ("QuoteItems", "productID", Value::Null),
    ] {
        let found = found_by(&told(), |autotask, jim2| {
            gone(autotask, jim2);
            autotask[entity][0][field] = value;
        });
        assert_eq!(found, [], "{entity} {field} is not carried");
    }
}

#[test]
fn an_item_of_a_quote_has_one_line_and_a_line_one_item_until_the_quote_is_closed() {
    let changes: [(Change, Trouble); 4] = [
        (
            |_, jim2| drop(jim2["Quote"][0]["stock"].as_array_mut().unwrap().remove(0)),
            Trouble::Missing,
        ),
        (
            |autotask, _| autotask["QuoteItems"][0]["isOptional"] = json!(true),
            Trouble::Strayed,
        ),
        (
            |autotask, _| drop(autotask["QuoteItems"].as_array_mut().unwrap().remove(1)),
            Trouble::Strayed,
        ),
        (
            |_, jim2| {
                let line = jim2["Quote"][0]["stock"][0].clone();
                jim2["Quote"][0]["stock"].as_array_mut().unwrap().push(line);
            },
            Trouble::Twice,
        ),
    ];
    each_until_closed(&changes, ("Quote", "Won"));
}
