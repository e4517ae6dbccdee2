//! Two small worlds that agree, and every way in which they can stop doing so.

mod alone;
mod beside;
mod children;
mod quotes;
mod values;

use serde_json::{Value, json};

use super::*;

fn autotask() -> Value {
    let udf = |name: &str, value: &str| json!([{"name": name, "value": value}]);
    let mut world = json!({
        "Resources": [
            {"id": 10, "firstName": "Jane", "lastName": "Citizen", "licenseType": 1, "email": "jane@provider.example"},
            {"id": 99, "lastName": "API", "licenseType": 7, "email": "api@provider.example"},
        ],
        "Companies": [{
            "id": 174, "companyName": "Harbour", "taxID": "51824753556", "address1": "Level 3", "address2": "1 High St",
            "city": "Berry", "state": "NSW", "postalCode": "2535", "userDefinedFields": udf("Jim2 CardNo", "1001"),
            "companyType": 1, "isActive": true, "createDate": "2026-11-23T00:00:00.000Z", "createdByResourceID": 10,
        }],
        "Contacts": [{
            "id": 300, "companyID": 174, "externalID": "1001-1", "firstName": "Ines", "lastName": "Warrigal",
            "title": "Owner", "emailAddress": "Ines@harbour.example", "phone": "(02) 5550 4712", "mobilePhone": null,
            "isActive": 1, "createDate": "2026-11-23T00:00:00.000Z",
        }],
        "Tickets": [{
            "id": 7001, "companyID": 174, "ticketNumber": "T20261123.0001", "title": "No tone", "description": "Dead.",
            "status": 8, "priority": 1, "ticketType": 2, "purchaseOrderNumber": "PO-1",
            "dueDateTime": "2026-11-24T00:30:00.000Z", "issueType": 10, "assignedResourceID": 10, "creatorResourceID": 10,
            "createDate": "2026-11-23T00:00:00.000Z", "lastTrackedModificationDateTime": "2026-11-23T00:00:00.000Z",
            "userDefinedFields": udf("Jim2 Job#", "5001"),
        }],
        "Contracts": [{
            "id": 60, "companyID": 174, "contractNumber": "C-1", "contractName": "Care", "startDate": "2026-07-01T00:00:00.000Z",
            "endDate": "2027-06-30T00:00:00.000Z", "status": 1, "purchaseOrderNumber": "PO-9",
            "lastModifiedDateTime": "2026-11-23T00:00:00.000Z",
        }],
        "ConfigurationItems": [{
            "id": 70, "companyID": 174, "serialNumber": "SN-1", "referenceTitle": "Front desk", "isActive": true, "productID": 50,
            "installDate": "2026-07-01T00:00:00.000Z", "warrantyExpirationDate": null,
            "createDate": "2026-11-23T00:00:00.000Z", "createdByPersonID": 10,
        }],
        "Products": [{
            "id": 50, "name": "Drive", "sku": "SSD", "externalProductID": "Jim2 7", "manufacturerProductName": "X1",
            "isActive": true, "unitPrice": 149.5, "unitCost": 92.38, "createdByResourceID": 99,
            "userDefinedFields": udf("Jim2 availability", "Sydney 4, Melbourne 7"),
        }],
        "InventoryItems": [{"id": 51, "productID": 50, "inventoryLocationID": 11, "quantityOnHand": 5}],
        "PurchaseOrders": [{
            "id": 80, "purchaseOrderNumber": "1001", "vendorID": 174, "submitDateTime": "2026-11-23T00:00:00.000Z",
        }],
        "PurchaseOrderItems": [{"id": 81, "orderID": 80, "productID": 50, "quantity": 2, "unitCost": 74.5, "memo": ""}],
        "CompanyNotes": [
            {"id": 20, "companyID": 174, "note": "Jane Citizen wrote:\nPays on time.\n\n[jim2:1001-1]"},
            {"id": 21, "companyID": 174, "note": "Call them."},
        ],
        "TicketAttachments": [
            {"id": 30, "parentID": 7001, "title": "screen.png", "publish": 1, "attachDate": "2026-11-23T01:00:00.000Z"},
            {"id": 31, "parentID": 7001, "title": "rates.xls", "publish": 2, "attachDate": "2026-11-23T01:00:00.000Z"},
        ],
        "TicketNotes": [
            {"id": 1, "ticketID": 7001, "creatorResourceID": 10, "publish": 4, "noteType": 3,
                "description": "See you.", "createDateTime": "2026-11-23T01:00:00.000Z"},
            {"id": 2, "ticketID": 7001, "creatorResourceID": 10, "publish": 2, "noteType": 3,
                "description": "Between us.", "createDateTime": "2026-11-23T01:00:00.000Z"},
            {"id": 3, "ticketID": 7001, "creatorResourceID": 99, "publish": 2, "noteType": 3,
                "description": "Jane Citizen wrote:\nDone.\n\n[jim2:5001-2]", "createDateTime": "2026-11-23T02:00:00.000Z"},
        ],
    });
    let beside = quotes::offered();
    for (entity, records) in beside.as_object().unwrap() {
        world[entity] = records.clone();
    }
    world
}

fn jim2() -> Value {
    json!({
        "CardFile": [
            {"id": 1001, "cardNo": 1001, "name": "Harbour", "active": true, "madeBy": "JC", "madeAt": "2026-11-23T00:00:00Z",
                 "aBN": "51 824 753 556", "customer": {"creditHold": "N"},
                "address": {"streetAddress": "Level 3\n1 High St", "suburb": "Berry", "state": "NSW", "postCode": "2535"}},
            {"id": 1002, "name": "Jane Citizen", "active": true, "user": {"initials": "JC", "email": "jane@provider.example"}},
            {"id": 1003, "name": "API", "active": true, "user": {"initials": "API", "email": "api@provider.example"}},
        ],
        "CardFileContact": [{
            "id": "1001-1", "madeBy": "JC", "madeAt": "2026-11-23T00:00:00Z", "firstName": "Ines", "lastName": "Warrigal", "jobTitle": "Owner",
            "details": [{"type": "EMail", "value": "ines@harbour.example"}, {"type": "Phone", "value": "+61 2 5550 4712"}],
        }],
        "Job": [{
            "id": 5001, "OurRef": "T20261123.0001/1", "CustNo": 1001, "ShipNo": 1001, "CustRef": "PO-1", "Status": "Proceed",
            "Priority": "High", "Type": "Incident", "ItemCode": "SERVICE", "FaultDesc": "No tone\n\nDead.",
            "DateDue": "2026-11-24T11:30:00", "madeBy": "API", "madeAt": "2026-11-23T00:01:00Z",
            "madeWith": {"ShipNo": 1001, "ItemCode": "SERVICE", "NameInit": "JC"},
        }],
        "Project": [{
            "id": 900, "projectCode": "c-1", "billingItemDesc": "Care", "CustNo": 1001, "status": "Active", "custRef": "PO-9",
            "dateIn": "2026-07-01T00:00:00", "dateOut": "2027-06-30T00:00:00", "madeBy": "API",
        }],
        "Asset": [{
            "id": 950, "serialNo": "sn-1", "OwnerNo": 1001, "itemDesc": "Front desk", "warDateIn": "2026-07-01T00:00:00",
            "warDateOut": "", "madeBy": "API",
        }],
        "Stock": [{
            "id": 7, "code": "SSD", "shortDesc": "Drive", "description": "Drive", "manufacturePartNumber": "X1", "active": true,
            "lastCost": "92.3800", "avgCost": "90.0000", "prices": {"1-Retail": "149.5000"}, "groups": [{"name": "Hardware"}],
            "available": {"1": "4.0000", "2": "7.0000"}, "onHand": {"1": "5.5000"},
        }],
        "Purchase": [{
            "id": 990, "ourRef": "1001/1", "card": 1001, "status": "Open", "madeBy": "API",
            "stock": [{"qty": "2.0000", "unitPriceTF": "74.5000", "stockCode": "SSD", "description": "Drive\n\n[autotask:81]"}],
        }],
        "Quote": [{
            "id": 980, "ourRef": "Q2001/1", "card": 1001, "status": "Booked", "theirRef": "PO 7", "probability": 60,
            "dateValid": "2026-12-30T13:00:00Z", "dateRequired": "2026-12-15T00:00:00", "madeBy": "API",
            "madeAt": "2026-11-23T00:01:00Z", "ModifiedBy": "API",
            "stock": [
                {"qty": "2.0000", "unitPriceTF": "126.0000", "stockCode": "SSD", "description": "Drive\nFast\n\n[autotask:92]"},
                {"qty": "25.0000", "unitPriceTF": "3.5000", "stockCode": "SW.LIC",
                    "description": "Backup (monthly)\n\n[autotask:93/code]"},
            ],
        }],
        "CardFileNote": [{"id": "1001-1", "CardNo": 1001, "text": "Pays on time.", "by": "JC", "date": "2026-11-23T01:00:00Z"}],
        "JobComment": [
            {"id": "5001-1", "comment": "", "status": "Proceed", "modifyinit": "API", "modifydate": "2026-11-23T12:00:00"},
            {"id": "5001-2", "comment": "Done.", "status": "", "modifyinit": "JC", "modifydate": "2026-11-23T12:30:00"},
            {"id": "5001-3", "comment": "Jane Citizen wrote:\nSee you.\n\n[autotask:1]", "status": "", "modifyinit": "API",
                "modifydate": "2026-11-23T12:31:00"},
            {"id": "5001-9", "comment": "Attachments in Autotask:\n- screen.png\nhttps://desk.example/7001\n\n[autotask:attachments-7001]",
                "status": "", "modifyinit": "API", "modifydate": "2026-11-23T12:32:00"},
        ],
    })
}

/// A site that has everything made, and where new is what is from then on.
fn wanting(since: Option<&str>) -> Settings {
    Settings {
        zone: chrono_tz::Australia::Sydney,
        since: since.map(|since| since.parse().unwrap()),
        tables: Tables::default(),
        made: MADE.map(str::to_owned).into(),
    }
}

fn compared(autotask: &Value, jim2: &Value, since: Option<&str>) -> Agreement {
    compare(autotask, jim2, &wanting(since))
}

/// Everything is from after this.
const BEGINNING: &str = "2026-11-22T00:00:00Z";

/// What is found after one side was changed.
fn found(change: impl FnOnce(&mut Value, &mut Value)) -> Vec<(Trouble, String)> {
    found_since(None, change)
}

/// The same, where everything is from after the start.
fn found_of_new(change: impl FnOnce(&mut Value, &mut Value)) -> Vec<(Trouble, String)> {
    found_since(Some(BEGINNING), change)
}

fn found_since(
    since: Option<&str>,
    change: impl FnOnce(&mut Value, &mut Value),
) -> Vec<(Trouble, String)> {
    found_by(&wanting(since), change)
}

/// The same with a site's settings.
fn found_by(
    settings: &Settings,
    change: impl FnOnce(&mut Value, &mut Value),
) -> Vec<(Trouble, String)> {
    let (mut autotask, mut jim2) = (autotask(), jim2());
    change(&mut autotask, &mut jim2);
    let findings = compare(&autotask, &jim2, settings).findings;
    findings
        .into_iter()
        .map(|finding| (finding.trouble, finding.says))
        .collect()
}

fn troubles(found: &[(Trouble, String)]) -> Vec<Trouble> {
    found.iter().map(|(trouble, _)| *trouble).collect()
}

/// What may become of both worlds.
type Change = fn(&mut Value, &mut Value);

/// Each of these of a record's lines is told, and once it has this status only what is there twice. A line of a person's is not.
fn each_until_closed(changes: &[(Change, Trouble)], (entity, closed): (&str, &str)) {
    for (number, (change, trouble)) in changes.iter().enumerate() {
        assert_eq!(troubles(&found(change)), [*trouble], "change {number}");
        let closed = found(|autotask, jim2| {
            change(autotask, jim2);
            jim2[entity][0]["status"] = json!(closed);
        });
        let is_twice = *trouble == Trouble::Twice;
        assert_eq!(closed.is_empty(), !is_twice, "change {number}: {closed:?}");
    }
    let theirs = found(|_, jim2| {
        let line = json!({"qty": "9.0000", "stockCode": "CABLE", "description": "Cable"});
        jim2[entity][0]["stock"].as_array_mut().unwrap().push(line);
    });
    assert_eq!(theirs, []);
}

#[test]
fn worlds_that_agree_are_whole_and_everything_is_compared() {
    let since = Some(BEGINNING);
    assert_eq!(compared(&autotask(), &jim2(), None).findings, []);
    let agreement = compared(&autotask(), &jim2(), since);
    assert!(agreement.is_whole(), "{:?}", agreement.findings);
    let pairs: Vec<_> = agreement.compared.into_iter().collect();
    assert_eq!(
        pairs,
        [
            ("assets", 1),
            ("companies", 1),
            ("contacts", 1),
            ("contracts", 1),
            ("lists of attachments", 1),
            ("notes", 2),
            ("notes of cards", 1),
            ("products", 1),
            ("purchases", 1),
            ("quotes", 1),
            ("tickets", 1)
        ]
    );
}

#[test]
fn every_value_that_differs_is_told() {
    let places: [(&str, &str, Value); 17] = [
        ("Companies", "companyName", json!("Haven")),
        ("Companies", "taxID", json!("1")),
        ("Companies", "address2", json!("2 High St")),
        ("Companies", "city", json!("Kiama")),
        ("Companies", "state", json!("VIC")),
        ("Companies", "postalCode", json!("0800")),
        ("Contacts", "firstName", json!("Inez")),
        ("Contacts", "title", json!("Boss")),
        ("Contacts", "emailAddress", json!("other@harbour.example")),
        ("Contacts", "phone", json!("02 5550 4713")),
        ("Contacts", "mobilePhone", json!("0491 570 006")),
        ("Tickets", "title", json!("Tone")),
        ("Tickets", "status", json!(1)),
        ("Tickets", "priority", json!(3)),
        ("Tickets", "ticketType", json!(1)),
        ("Tickets", "purchaseOrderNumber", json!("PO-2")),
        ("Tickets", "dueDateTime", json!("2026-11-24T00:31:00.000Z")),
    ];
    for (entity, field, value) in places {
        let found = found(|autotask, _| autotask[entity][0][field] = value);
        assert_eq!(found.len(), 1, "{entity} {field}: {found:?}");
        assert_eq!(found[0].0, Trouble::Differs, "{entity} {field}");
    }
}

#[test]
fn a_credit_hold_that_the_ticket_desk_cannot_see_differs() {
    let found = found(|_, jim2| jim2["CardFile"][0]["customer"]["creditHold"] = json!("Y"));
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_status_that_is_left_alone_does_not_differ() {
    for status in ["Checked", "FINISH", "CANCEL", "Call"] {
        let found = found(|_, jim2| jim2["Job"][0]["Status"] = json!(status));
        assert_eq!(found, [], "{status}");
    }
}

#[test]
fn references_to_nothing_are_missing() {
    for (entity, list) in [
        ("CardFile", "company"),
        ("CardFileContact", "contact"),
        ("Job", "ticket"),
    ] {
        let found = found(|_, jim2| drop(jim2[entity].as_array_mut().unwrap().remove(0)));
        let missing = found
            .iter()
            .filter(|(trouble, _)| *trouble == Trouble::Missing);
        assert_eq!(missing.count(), 1, "{list}: {found:?}");
    }
}

#[test]
fn a_job_that_names_another_ticket_is_one_sided() {
    let found = found(|_, jim2| jim2["Job"][0]["OurRef"] = json!("T20261123.0009/1"));
    assert!(
        found
            .iter()
            .any(|(_, says)| says.contains("not the ticket's number")),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|(_, says)| says.contains("no ticket T20261123.0009")),
        "{found:?}"
    );
}

#[test]
fn a_job_of_ours_that_no_ticket_names_is_missing_and_anybody_elses_is_not() {
    let forget = |autotask: &mut Value| autotask["Tickets"][0]["userDefinedFields"] = json!([]);
    let ours = found(|autotask, _| forget(autotask));
    assert_eq!(ours.len(), 1, "{ours:?}");
    let theirs = found(|autotask, jim2| {
        forget(autotask);
        jim2["Job"][0]["madeBy"] = json!("JC");
        jim2["Job"][0]["OurRef"] = json!("T20261123.0001");
    });
    assert_eq!(theirs, []);
}

#[test]
fn two_of_a_thing_are_told() {
    let again = |world: &mut Value, entity: &str, id: Value| {
        let mut copy = world[entity][0].clone();
        copy["id"] = id;
        world[entity].as_array_mut().unwrap().push(copy);
    };
    let jobs = found(|_, jim2| again(jim2, "Job", json!(5002)));
    let companies = found(|autotask, _| again(autotask, "Companies", json!(175)));
    let contacts = found(|autotask, _| again(autotask, "Contacts", json!(301)));
    for found in [jobs, companies, contacts] {
        assert!(
            found.iter().any(|(trouble, _)| *trouble == Trouble::Twice),
            "{found:?}"
        );
    }
}

#[test]
fn a_comment_copied_twice_is_told() {
    let found = found(|autotask, _| {
        let mut copy = autotask["TicketNotes"][2].clone();
        copy["id"] = json!(4);
        autotask["TicketNotes"].as_array_mut().unwrap().push(copy);
    });
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, Trouble::Twice);
}

#[test]
fn a_note_without_a_copy_is_missing() {
    let found = found(|_, jim2| drop(jim2["JobComment"].as_array_mut().unwrap().remove(2)));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains("note 1 has no comment"), "{found:?}");
}

#[test]
fn notes_from_before_crossbill_need_no_copy() {
    let found = found(|_, jim2| {
        jim2["Job"][0]["madeBy"] = json!("SYS");
        jim2["JobComment"].as_array_mut().unwrap().remove(2);
    });
    assert_eq!(found, []);
}

#[test]
fn an_internal_note_that_travelled_and_a_copy_that_came_back_have_strayed() {
    let comment = |id: &str, text: &str| json!({"id": id, "comment": text, "status": "", "modifyinit": "API"});
    for (source, text) in [("2", "Between us."), ("3", "Jane Citizen wrote:\nDone.")] {
        let copy = comment(
            "5001-4",
            &format!("Citizen wrote:\n{text}\n\n[autotask:{source}]"),
        );
        let found = found(|_, jim2| jim2["JobComment"].as_array_mut().unwrap().push(copy));
        let strayed = found
            .iter()
            .filter(|(trouble, _)| *trouble == Trouble::Strayed);
        assert_eq!(strayed.count(), 1, "{source}: {found:?}");
    }
}

#[test]
fn a_copy_without_its_author_differs() {
    let found =
        found(|_, jim2| jim2["JobComment"][2]["comment"] = json!("See you.\n\n[autotask:1]"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, Trouble::Differs);
}

/// A copy of the first record of an entity, with changes, beside it.
fn another(world: &mut Value, entity: &str, changes: &Value) {
    let mut copy = world[entity][0].clone();
    for (name, value) in changes.as_object().unwrap() {
        copy[name] = value.clone();
    }
    world[entity].as_array_mut().unwrap().push(copy);
}

#[test]
fn a_copy_on_another_ticket_or_job_has_strayed() {
    let udf = json!([{"name": "Jim2 Job#", "value": "5002"}]);
    let second = |autotask: &mut Value, jim2: &mut Value| {
        let ticket =
            json!({"id": 7002, "ticketNumber": "T20261123.0002", "userDefinedFields": udf});
        another(autotask, "Tickets", &ticket);
        another(
            jim2,
            "Job",
            &json!({"id": 5002, "OurRef": "T20261123.0002/1"}),
        );
    };
    assert_eq!(found(second), []);
    let comment = found(|autotask, jim2| {
        second(autotask, jim2);
        let mut copy = jim2["JobComment"][2].clone();
        copy["id"] = json!("5002-1");
        jim2["JobComment"].as_array_mut().unwrap().push(copy);
    });
    assert_eq!(comment.len(), 1, "{comment:?}");
    assert_eq!(comment[0].0, Trouble::Strayed);
    let note = found(|autotask, jim2| {
        second(autotask, jim2);
        another(
            autotask,
            "TicketNotes",
            &json!({"id": 9, "ticketID": 7002, "creatorResourceID": 99, "publish": 2,
            "description": "Jane Citizen wrote:\nDone.\n\n[jim2:5001-2]"}),
        );
    });
    assert_eq!(note.len(), 1, "{note:?}");
    assert_eq!(note[0].0, Trouble::Strayed);
}

#[test]
fn a_sites_own_mapping_takes_the_place_of_the_default_one() {
    let settings = |sheet: &str| Settings {
        zone: chrono_tz::Australia::Sydney,
        since: None,
        tables: Tables::read(sheet).unwrap(),
        made: BTreeSet::new(),
    };
    let sheet = "list,system,value,label,to,to_label,path\nstatus,autotask,8,,Parts,,\npriority,autotask,1,,High,,\n";
    let agreement = compare(&autotask(), &jim2(), &settings(sheet));
    let says: Vec<_> = agreement.findings.iter().map(|one| &one.says).collect();
    assert_eq!(
        says,
        ["status is \"8\" in Autotask and \"Proceed\" in Jim2"]
    );
    let left = "list,system,value,label,to,to_label,path\nstatus,autotask,8,,(leave),,\n";
    assert!(compare(&autotask(), &jim2(), &settings(left)).is_whole());
}

/// The same worlds with an hour and a quarter on the ticket, as an entry and as a line.
fn worked() -> (Value, Value) {
    let (mut autotask, mut jim2) = (autotask(), jim2());
    autotask["TimeEntries"] = json!([{
        "id": 40001, "ticketID": 7001, "hoursWorked": 1.25, "startDateTime": "2026-11-22T22:00:00.000Z",
        "summaryNotes": "Replaced the disk", "createDateTime": "2026-11-23T01:00:00.000Z",
    }]);
    jim2["JobLabour"] = json!([{
        "id": "5001-1", "start": "2026-11-23T09:00:00", "hours": 1, "minutes": 15, "labourType": "Remote",
        "labourInit": "JC", "comment": "Replaced the disk", "addInit": "API",
    }]);
    (autotask, jim2)
}

#[test]
fn time_on_a_ticket_is_labour_on_its_job_once() {
    let since = Some("2026-11-23T00:00:00Z");
    let (autotask, jim2) = worked();
    let whole = compared(&autotask, &jim2, since);
    assert_eq!(
        (whole.findings.clone(), whole.compared["time"]),
        (vec![], 1)
    );
    let changes: [(Change, &[Trouble]); 6] = [
        (|_, jim2| jim2["JobLabour"] = json!([]), &[Trouble::Missing]),
        (
            |_, jim2| jim2["JobLabour"][0]["minutes"] = json!(0),
            &[Trouble::Missing, Trouble::Strayed],
        ),
        (
            |_, jim2| {
                let mut twice = jim2["JobLabour"][0].clone();
                twice["id"] = json!("5001-2");
                jim2["JobLabour"] = json!([jim2["JobLabour"][0].clone(), twice]);
            },
            &[Trouble::Strayed],
        ),
        (
            |autotask, _| autotask["TimeEntries"] = json!([]),
            &[Trouble::Strayed],
        ),
        (
            |_, jim2| jim2["JobLabour"][0]["addInit"] = json!("JC"),
            &[Trouble::Missing],
        ),
        (
            |autotask, jim2| {
                autotask["TimeEntries"] = json!([]);
                jim2["JobLabour"][0]["hours"] = json!(0);
                jim2["JobLabour"][0]["minutes"] = json!(0);
            },
            &[],
        ),
    ];
    for (number, (change, expected)) in changes.into_iter().enumerate() {
        let (mut autotask, mut jim2) = worked();
        change(&mut autotask, &mut jim2);
        let found = compared(&autotask, &jim2, since).findings;
        let found: Vec<Trouble> = found.iter().map(|finding| finding.trouble).collect();
        assert_eq!(found, expected, "change {number}");
    }
}
