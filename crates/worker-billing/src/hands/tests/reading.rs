//! Reading items by their sources.

use super::*;

#[tokio::test]
async fn an_items_id_leads_to_its_source_also_after_it_was_posted_anew() {
    let site = Site::start().await;
    let charge = site.charge("1", "10").await;
    let source = RecordId::from(format!("ticket-charge:{charge}:1"));
    let first = site.post(charge).await;
    let ids = vec![first.into(), source.clone(), 1.into(), "wombat:1".into()];
    let resolved = site.hands.resolve(System::Autotask, ids).await.unwrap();
    assert_eq!(
        resolved,
        [vec![source.clone()], vec![source.clone()], vec![], vec![]]
    );
    site.person(System::Autotask, "unpost", json!({"item": first}))
        .await;
    let again = site.post(charge).await;
    assert_ne!(first, again);
    let resolved = site
        .hands
        .resolve(System::Autotask, vec![again.into()])
        .await;
    assert_eq!(resolved.unwrap(), [[source]]);
    let lines = vec!["5001-2".into(), "JC".into()];
    let resolved = site.hands.resolve(System::Jim2, lines).await.unwrap();
    assert_eq!(resolved, [vec!["5001-2".into()], vec![]]);
}

#[tokio::test]
async fn an_invoice_leads_to_all_that_is_attached_to_it_and_to_itself_until_that_is_all() {
    let site = Site::start().await;
    let sources = [site.posted("1", "10").await, site.posted("2", "20").await];
    let half = json!({"company": COMPANY_ID, "attach": 1});
    let invoice = site.person(System::Autotask, "invoice", half).await;
    let invoice = invoice["id"].as_i64().unwrap();
    let id = RecordId::from(format!("invoice:{invoice}"));
    let ids = vec![id.clone(), "invoice:999999".into()];
    let found = site.hands.resolve(System::Autotask, ids.clone()).await;
    let first = vec![sources[0].clone(), id];
    assert_eq!(found.unwrap(), [first, vec![]]);
    let rest = json!({"invoice": invoice, "items": 1});
    site.person(System::Autotask, "attach", rest).await;
    let found = site.hands.resolve(System::Autotask, ids).await;
    assert_eq!(found.unwrap(), [sources.to_vec(), vec![]]);
}

#[tokio::test]
async fn a_charge_that_was_taken_back_is_a_line_of_nothing_and_one_that_is_hidden_is_not() {
    let site = Site::start().await;
    let charge = site.charge("1", "10").await;
    let source = RecordId::from(format!("ticket-charge:{charge}:1"));
    let item = site.post(charge).await;
    let half = site.half(System::Autotask, &source).await.unwrap();
    assert_eq!(half.fields["net"], "10".into());
    let hidden = json!({"name": "hidden", "value": "BillingItems"});
    site.person(System::Autotask, "fault", hidden).await;
    assert_eq!(
        site.half(System::Autotask, &source).await,
        None,
        "nothing is told"
    );
    let seen = json!({"name": "hidden", "on": false});
    site.person(System::Autotask, "fault", seen).await;
    site.person(System::Autotask, "unpost", json!({"item": item}))
        .await;
    let half = site.half(System::Autotask, &source).await.unwrap();
    assert!(half.is("gone"));
    assert_eq!(half.fields["net"], "0".into());
}

#[tokio::test]
async fn two_adjustments_of_one_source_are_told_as_twins() {
    let site = Site::start().await;
    let charge = site.charge("4", "10").await;
    let item = site.post(charge).await;
    let adjusted = RecordId::from(format!("ticket-charge:{charge}:2"));
    for is_twin in [false, true] {
        let body = json!({"item": item, "quantity": -1});
        site.person(System::Autotask, "adjust", body).await;
        let half = site.half(System::Autotask, &adjusted).await.unwrap();
        assert_eq!(half.is("twin"), is_twin);
    }
    let own = RecordId::from(format!("ticket-charge:{charge}:1"));
    assert!(!site.half(System::Autotask, &own).await.unwrap().is("twin"));
}

#[tokio::test]
async fn many_sources_are_read_in_as_few_calls_as_there_are_kinds_of_records() {
    let site = Site::start().await;
    let mut sources = Vec::new();
    for _ in 0..5 {
        sources.push(site.posted("1", "10").await);
    }
    let url = format!("{}/sandbox/stats", site.autotask.base_url());
    let calls = async || {
        let request = site.http.request(Method::GET, url.clone());
        let stats: Json = site
            .http
            .send("test", request)
            .await
            .unwrap()
            .json()
            .unwrap();
        stats["calls"]["total"].as_i64().unwrap()
    };
    let before = calls().await;
    let halves = site.hands.read(System::Autotask, &sources).await.unwrap();
    assert_eq!(halves.len(), 5);
    assert_eq!(calls().await - before, 3, "items, companies, charges");
}

#[tokio::test]
async fn only_a_source_that_is_not_there_any_more_is_gone() {
    let site = Site::start().await;
    let charge = site.charge("1", "10").await;
    let source = RecordId::from(format!("ticket-charge:{charge}:1"));
    let is_gone = async |id: &str| {
        let gone = site.hands.is_gone(System::Autotask, &id.into()).await;
        gone.unwrap()
    };
    assert!(
        !is_gone(source.as_str()).await,
        "it is not posted, and may be"
    );
    let delete = json!({"entity": "TicketCharges", "id": charge});
    site.person(System::Autotask, "delete", delete).await;
    assert!(is_gone(source.as_str()).await);
    assert!(!is_gone("milestone:1:1").await, "nobody can delete one");
}

#[tokio::test]
async fn posted_time_is_read_with_what_its_entry_says_of_being_shown() {
    let site = Site::start().await;
    for is_shown in [true, false] {
        let set = json!({
            "ticketID": site.ticket, "resourceID": 29_682_885, "roleID": 29_683_387, "billingCodeID": 29_682_801,
            "dateWorked": "2026-11-20", "hoursWorked": 1.5, "summaryNotes": "Fixed it", "showOnInvoice": is_shown,
        });
        let entry = json!({"entity": "TimeEntries", "set": set});
        let entry = site.person(System::Autotask, "create", entry).await["id"]
            .as_i64()
            .unwrap();
        let body = json!({"entity": "TimeEntries", "id": entry, "rate": 0});
        let item = site.person(System::Autotask, "post", body).await["id"].clone();
        let source = RecordId::from(format!("time-entry:{entry}:1"));
        let half = site.half(System::Autotask, &source).await.unwrap();
        assert_eq!((half.is("shown"), half.is("labour")), (is_shown, true));
        assert_eq!(half.fields["split"], "1.5 x 0".into());
        site.person(System::Autotask, "unpost", json!({"item": item}))
            .await;
        assert!(
            site.half(System::Autotask, &source)
                .await
                .unwrap()
                .is("gone")
        );
    }
}

#[tokio::test]
async fn what_is_not_attached_to_an_invoice_yet_is_told_until_it_is() {
    let site = Site::start().await;
    let set = json!({
        "companyID": COMPANY_ID, "contractName": "Managed", "contractType": 1, "startDate": "2026-01-01",
        "endDate": "2027-12-31", "status": 1, "timeReportingRequiresStartAndStopTimes": 0,
    });
    let contract = json!({"entity": "Contracts", "set": set});
    let contract = site.person(System::Autotask, "create", contract).await["id"].clone();
    let mut milestones = Vec::new();
    for _ in 0..2 {
        let set = json!({"contractID": contract, "title": "Half", "amount": 500, "dateDue": "2026-11-30", "status": 1});
        let made = json!({"entity": "ContractMilestones", "set": set});
        let made = site.person(System::Autotask, "create", made).await["id"].clone();
        let body = json!({"entity": "ContractMilestones", "id": made});
        site.person(System::Autotask, "post", body).await;
        milestones.push(RecordId::from(format!("milestone:{made}:1")));
    }
    let body = json!({"company": COMPANY_ID, "attach": 1});
    let invoice = site.person(System::Autotask, "invoice", body).await["id"].clone();
    let half = site.half(System::Autotask, &milestones[0]).await.unwrap();
    assert_eq!(half.fact("unattached"), Some(&"500".into()));
    let body = json!({"invoice": invoice, "items": 1});
    site.person(System::Autotask, "attach", body).await;
    let half = site.half(System::Autotask, &milestones[0]).await.unwrap();
    assert_eq!((half.fact("unattached"), half.is("twin")), (None, false));
}

#[tokio::test]
async fn a_purchase_order_is_held_against_its_tickets() {
    let site = Site::start().await;
    let edit =
        json!({"entity": "Tickets", "id": site.ticket, "set": {"purchaseOrderNumber": "4711"}});
    site.person(System::Autotask, "edit", edit).await;
    for (order, other) in [("4711", None), ("4712", Some("4712"))] {
        let charge = site.charge("1", "10").await;
        let set = json!({"purchaseOrderNumber": order});
        let edit = json!({"entity": "TicketCharges", "id": charge, "set": set});
        site.person(System::Autotask, "edit", edit).await;
        site.post(charge).await;
        let source = RecordId::from(format!("ticket-charge:{charge}:1"));
        let half = site.half(System::Autotask, &source).await.unwrap();
        let told = half.fact("other_po").and_then(Value::as_text);
        assert_eq!(told, other, "{order}");
    }
}
