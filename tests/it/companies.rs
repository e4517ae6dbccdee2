//! Companies and cardfiles, and the people in them.

use serde_json::json;

use crate::system::{LATER, SOON, Site, System, detail, eventually, only_if, text, udf};

#[tokio::test(flavor = "multi_thread")]
async fn a_company_follows_whichever_side_changes_it() {
    let system = System::start(Site::default()).await;
    let (company, card) = system.hands.customer().await;
    let (company_id, card_no) = (company.to_string(), card.to_string());

    let set = json!({"companyName": "Ngarra Freight & Cold Store"});
    system
        .hands
        .edit_in_autotask("Companies", company, set)
        .await;
    eventually(SOON, "the card has the company's new name", async || {
        let card = system
            .hands
            .jim2
            .record("CardFile", &card_no)
            .await
            .unwrap()
            .unwrap();
        only_if(
            text(&card, "name") == "Ngarra Freight & Cold Store",
            &card["name"],
        )
    })
    .await;

    let set = json!({"name": "Ngarra Logistics"});
    system.hands.edit_in_jim2("CardFile", &card_no, set).await;
    eventually(SOON, "the company has the card's new name", async || {
        let company = system.hands.autotask.record("Companies", &company_id).await;
        let name = text(&company.unwrap().unwrap(), "companyName");
        only_if(name == "Ngarra Logistics", name)
    })
    .await;
    system.quiet().await;
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_follows_whichever_side_changes_it() {
    let system = System::start(Site::default()).await;
    let (contact, person) = eventually(SOON, "a contact is paired", async || {
        let contacts = system
            .hands
            .autotask
            .records("Contacts", None)
            .await
            .unwrap();
        let mut paired = contacts
            .iter()
            .filter(|one| text(one, "externalID").contains('-'));
        let one = paired.next().ok_or("none names its other half")?;
        Ok((one["id"].as_i64().unwrap(), text(one, "externalID")))
    })
    .await;

    let set = json!({"mobilePhone": "0491 570 156"});
    system
        .hands
        .edit_in_autotask("Contacts", contact, set)
        .await;
    eventually(SOON, "Jim2 has the new mobile number", async || {
        let person = system.hands.jim2.record("CardFileContact", &person).await;
        let mobile = detail(&person.unwrap().unwrap(), "Mobile");
        only_if(mobile == "0491 570 156", mobile)
    })
    .await;

    let set = json!({"lastName": "Okonkwo-Reilly"});
    system
        .hands
        .edit_in_jim2("CardFileContact", &person, set)
        .await;
    eventually(SOON, "Autotask has the new name", async || {
        let contact = system
            .hands
            .autotask
            .record("Contacts", &contact.to_string())
            .await;
        let name = text(&contact.unwrap().unwrap(), "lastName");
        only_if(name == "Okonkwo-Reilly", name)
    })
    .await;
    system.quiet().await;
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_company_and_its_contact_are_made_in_jim2_once() {
    let system = System::start(Site::default()).await;
    let set = json!({
        "companyName": "Bunyip Bakery Pty Ltd", "phone": "03 5550 1234", "address1": "1 Station Street",
        "city": "Bunyip", "state": "VIC", "postalCode": "3815",
    });
    let company = system.hands.create_in_autotask("Companies", set).await;
    let set = json!({
        "companyID": company, "firstName": "Merindah", "lastName": "O'Brien", "emailAddress": "merindah@bunyip.example",
    });
    let contact = system.hands.create_in_autotask("Contacts", set).await;

    let card = eventually(SOON, "the company names its card", async || {
        let company = system
            .hands
            .autotask
            .record("Companies", &company.to_string())
            .await;
        let card = udf(&company.unwrap().unwrap(), "Jim2 CardNo");
        only_if(!card.is_empty(), "it names none").map(|()| card)
    })
    .await;
    eventually(LATER, "the contact names its other half", async || {
        let contact = system
            .hands
            .autotask
            .record("Contacts", &contact.to_string())
            .await;
        let named = text(&contact.unwrap().unwrap(), "externalID");
        only_if(named.starts_with(&format!("{card}-")), named)
    })
    .await;
    system.quiet().await;

    let cards = system.hands.jim2.records("CardFile", None).await.unwrap();
    let named = cards
        .iter()
        .filter(|it| text(it, "name") == "Bunyip Bakery Pty Ltd");
    assert_eq!(named.count(), 1);
    let people = system
        .hands
        .jim2
        .records("CardFileContact", None)
        .await
        .unwrap();
    let named = people
        .iter()
        .filter(|it| detail(it, "EMail") == "merindah@bunyip.example");
    assert_eq!(named.count(), 1);
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_card_and_its_contact_are_made_in_autotask_once() {
    let system = System::start(Site::default()).await;
    let set = json!({
        "name": "Wattle Street Dental", "phone": "02 5550 4321", "customer": {},
        "contacts": [{
            "firstName": "Tjarra", "lastName": "Nguyen",
            "details": [{"type": "EMail", "value": "tjarra@wattle.example", "comments": ""}],
        }],
    });
    let card = system.hands.create_in_jim2("CardFile", set).await;

    let company = eventually(SOON, "a company names the card", async || {
        let companies = system
            .hands
            .autotask
            .records("Companies", None)
            .await
            .unwrap();
        let found = companies.iter().find(|it| udf(it, "Jim2 CardNo") == card);
        found
            .map(|it| it["id"].clone())
            .ok_or_else(|| "none does".to_owned())
    })
    .await;
    eventually(
        LATER,
        "the person is a contact of the company",
        async || {
            let contacts = system
                .hands
                .autotask
                .records("Contacts", None)
                .await
                .unwrap();
            let is_it = |it: &&_| text(it, "emailAddress") == "tjarra@wattle.example";
            let found: Vec<_> = contacts.iter().filter(is_it).collect();
            only_if(
                found.len() == 1 && found[0]["companyID"] == company,
                format!("{found:?}"),
            )
        },
    )
    .await;
    system.quiet().await;

    let companies = system
        .hands
        .autotask
        .records("Companies", None)
        .await
        .unwrap();
    let named = companies
        .iter()
        .filter(|it| text(it, "companyName") == "Wattle Street Dental");
    assert_eq!(named.count(), 1);
    let contacts = system
        .hands
        .autotask
        .records("Contacts", None)
        .await
        .unwrap();
    let named = contacts
        .iter()
        .filter(|it| text(it, "emailAddress") == "tjarra@wattle.example");
    assert_eq!(named.count(), 1);
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_on_a_card_becomes_one_of_its_company_follows_it_and_is_not_made_again() {
    let system = System::start(Site::default()).await;
    let (company, card) = system.hands.customer().await;
    system
        .crossbill(&["settings", "set", "notes.company", "on"])
        .await;
    system.connect(&["--resume"]).await;
    system.quiet().await;
    let set = json!({"cardNo": card, "text": "Pays late, ring first.", "type": "Credit"});
    let note = system.hands.create_in_jim2("CardFileNote", set).await;
    let copies = async || {
        let notes = system.hands.autotask.records("CompanyNotes", None).await;
        let notes = notes.unwrap().into_iter();
        let of_it: Vec<_> = notes.filter(|it| it["companyID"] == company).collect();
        of_it
    };
    let person = system.hands.person().resource;
    let copy = eventually(SOON, "the company has the note", async || {
        let mut copies = copies().await;
        only_if(copies.len() == 1, copies.len())?;
        Ok(copies.remove(0))
    })
    .await;
    assert!(
        text(&copy, "note").ends_with(&format!("Pays late, ring first.\n\n[jim2:{note}]")),
        "{copy}"
    );
    assert_eq!(copy["assignedResourceID"], person);
    assert_eq!(text(&copy, "name"), "Jim2 note: Credit");

    let set = json!({"text": "Pays on time."});
    system.hands.edit_in_jim2("CardFileNote", &note, set).await;
    eventually(SOON, "the copy says what the note says", async || {
        let copies = copies().await;
        let says = text(&copies[0], "note");
        only_if(copies.len() == 1 && says.contains("Pays on time."), says)
    })
    .await;
    system.quiet().await;

    system.hands.delete_in_jim2("CardFileNote", &note).await;
    eventually(SOON, "somebody is told of the deleted note", async || {
        let held = system.crossbill(&["held", "list"]).await;
        only_if(held.contains("was deleted in Jim2"), held)
    })
    .await;
    assert_eq!(copies().await.len(), 1, "no call deletes it");
    let id = copy["id"].as_i64().unwrap();
    system.hands.delete_in_autotask("CompanyNotes", id).await;
    system.crossbill(&["sweep", "company"]).await;
    system.quiet().await;
    assert_eq!(copies().await.len(), 0, "it is not made again");
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_location_is_paired_with_its_ship_card_which_follows_it_and_its_tickets_jobs_go_there() {
    let system = System::start(Site::default()).await;
    let (company, card) = system.hands.customer().await;
    let address = json!({"streetAddress": "1 Dock Rd", "suburb": "Berry", "state": "NSW", "postCode": "2535", "country": "Australia"});
    let set = json!({"name": "Warehouse", "ship": true, "parentCardNo": card, "address": address});
    let ship = system.hands.create_in_jim2("CardFile", set).await;
    let set = json!({
        "companyID": company, "name": "Warehouse", "isActive": true, "address1": "1 Dock Rd", "address2": "",
        "city": "Berry", "state": "NSW", "postalCode": "2535",
    });
    let location = system
        .hands
        .create_in_autotask("CompanyLocations", set)
        .await;
    system.crossbill(&["sweep", "location"]).await;
    system.quiet().await;

    let set = json!({"address1": "2 Dock Rd"});
    system
        .hands
        .edit_in_autotask("CompanyLocations", location, set)
        .await;
    for _ in 0..2 {
        system.crossbill(&["sweep", "location"]).await;
    }
    eventually(SOON, "the ship card has moved", async || {
        let card = system.hands.jim2.record("CardFile", &ship).await;
        let street = text(&card.unwrap().unwrap()["address"], "streetAddress");
        only_if(street == "2 Dock Rd", street)
    })
    .await;

    let ticket = system
        .hands
        .raise_with(json!({"companyID": company, "companyLocationID": location, "title": "The dock gate is stuck"}))
        .await;
    let job = system.hands.job_of(&ticket, SOON).await;
    let job = system.hands.job(&job).await;
    assert_eq!(text(&job, "CustNo"), card.to_string());
    assert_eq!(text(&job, "ShipNo"), ship);
    system.quiet().await;
    system.agrees().await;
}
