//! Payer, site, and what a job begins with.

use serde_json::{Value, json};

use super::{another, found, found_of_new};
use crate::check::Trouble;

#[test]
fn the_payer_and_the_site_of_a_job_are_two_things() {
    let parent = |autotask: &mut Value, pays: bool| {
        let udf = json!([{"name": "Jim2 CardNo", "value": "1010"}]);
        another(
            autotask,
            "Companies",
            &json!({"id": 175, "companyName": "Group", "userDefinedFields": udf}),
        );
        autotask["Companies"][0]["parentCompanyID"] = json!(175);
        autotask["Companies"][0]["invoiceNonContractItemsToParentCompany"] = json!(pays);
    };
    let card = |jim2: &mut Value| another(jim2, "CardFile", &json!({"id": 1010, "name": "Group"}));
    let paid_by_parent = found(|autotask, jim2| {
        parent(autotask, true);
        card(jim2);
        jim2["Job"][0]["CustNo"] = json!(1010);
    });
    assert_eq!(paid_by_parent, []);
    let wrongly_paid = found(|autotask, jim2| {
        parent(autotask, false);
        card(jim2);
        jim2["Job"][0]["CustNo"] = json!(1010);
    });
    assert_eq!(wrongly_paid.len(), 1, "{wrongly_paid:?}");
    assert!(
        wrongly_paid[0].1.contains("payer's card"),
        "{wrongly_paid:?}"
    );
    let elsewhere = found(|_, jim2| jim2["Job"][0]["madeWith"]["ShipNo"] = json!(1010));
    assert_eq!(elsewhere.len(), 1, "{elsewhere:?}");
    assert!(elsewhere[0].1.contains("ship card"), "{elsewhere:?}");
    let at_the_location = |parent: i64| {
        found(|autotask, jim2| {
            autotask["Tickets"][0]["companyLocationID"] = json!(901);
            autotask["CompanyLocations"] = json!([{"id": 901, "companyID": 174, "name": "Dock"}]);
            let ship = json!({"id": 1010, "name": "dock", "ship": true, "parentCardNo": parent});
            another(jim2, "CardFile", &ship);
            jim2["Job"][0]["madeWith"]["ShipNo"] = json!(1010);
        })
    };
    assert_eq!(at_the_location(1001), []);
    let below_another = at_the_location(1002);
    assert!(
        below_another[0].1.contains("ship card"),
        "{below_another:?}"
    );
    let moved_by_people = found(|_, jim2| jim2["Job"][0]["ShipNo"] = json!(1010));
    assert_eq!(moved_by_people, []);
}

#[test]
fn what_a_job_of_ours_began_with_is_compared_while_the_ticket_is_as_raised() {
    for (field, value) in [("ItemCode", json!("SERVER")), ("NameInit", json!(""))] {
        let change =
            |_: &mut Value, jim2: &mut Value| jim2["Job"][0]["madeWith"][field] = value.clone();
        assert_eq!(found(change), [], "{field}");
        let of_new = found_of_new(change);
        assert_eq!(of_new.len(), 1, "{field}: {of_new:?}");
        assert_eq!(of_new[0].0, Trouble::Differs);
        let edited = found_of_new(|autotask, jim2| {
            change(autotask, jim2);
            autotask["Tickets"][0]["lastTrackedModificationDateTime"] =
                json!("2026-11-23T01:00:00.000Z");
        });
        assert_eq!(edited, [], "{field}");
    }
    let leaver = found_of_new(|_, jim2| {
        jim2["CardFile"][1]["active"] = json!(false);
        jim2["Job"][0]["madeWith"]["NameInit"] = json!("");
    });
    assert_eq!(leaver, []);
}

#[test]
fn users_without_an_address_are_not_crossbill() {
    let found = found(|autotask, jim2| {
        autotask["Resources"][1]["email"] = json!("");
        jim2["CardFile"][1]["user"]["email"] = json!("");
        jim2["Job"][0]["OurRef"] = json!("T20261123.0001");
        jim2["Job"][0]["madeBy"] = json!("JC");
        jim2["Job"][0]["madeWith"]["ShipNo"] = json!(1);
    });
    let about_the_job = found.iter().filter(|(_, says)| says.contains("ship card"));
    assert_eq!(about_the_job.count(), 0, "{found:?}");
}
