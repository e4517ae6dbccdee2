//! What is read, and with how many calls.

use super::*;

#[tokio::test]
async fn a_batch_of_new_tickets_costs_four_calls_and_a_batch_of_jobs_two() {
    let site = Site::start().await;
    let mut tickets = Vec::new();
    for title in ["One", "Two", "Three"] {
        tickets.push(site.ticket(json!({"title": title})).await);
    }
    let company = site.company_of(&tickets[0]).await;
    let contact = json!({"entity": "Contacts", "set": {"companyID": company, "firstName": "Bob", "lastName": "Baker"}});
    let contact = site.person(System::Autotask, "create", contact).await;
    let edit =
        json!({"entity": "Tickets", "id": tickets[0].number(), "set": {"contactID": contact}});
    site.person(System::Autotask, "edit", edit).await;
    let spent = site
        .calls(System::Autotask, async {
            assert_eq!(
                site.hands
                    .read(System::Autotask, &tickets)
                    .await
                    .unwrap()
                    .len(),
                3
            );
        })
        .await;
    let counts = |names: &[&str]| {
        names
            .iter()
            .map(|name| ((*name).to_owned(), 1))
            .collect::<BTreeMap<_, _>>()
    };
    assert_eq!(
        spent,
        counts(&[
            "Tickets query",
            "TicketNotes query",
            "Companies query",
            "Contacts query"
        ])
    );

    let first = site.job(&tickets[0], Fields::new()).await;
    let second = site.job(&tickets[1], Fields::new()).await;
    let spent = site
        .calls(System::Jim2, async {
            let halves = site
                .hands
                .read(System::Jim2, &[first.clone(), second, 99_999.into()])
                .await
                .unwrap();
            assert_eq!(halves.len(), 2, "what is not there is left out");
        })
        .await;
    assert_eq!(
        spent,
        counts(&["getdata crossbill_jobs", "getdata crossbill_job_comments"])
    );
}

#[tokio::test]
async fn a_ticket_that_has_its_job_costs_two_calls() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    let edit = json!({"entity": "Tickets", "id": ticket.number(), "udf": {"Jim2 Job#": "5001"}});
    site.person(System::Autotask, "edit", edit).await;
    let spent = site
        .calls(System::Autotask, async {
            let half = site.half(System::Autotask, &ticket).await;
            assert_eq!(half.points_to.unwrap().to, 5001.into());
        })
        .await;
    assert_eq!(spent.values().sum::<i64>(), 2, "{spent:?}");
}

#[tokio::test]
async fn a_note_that_a_customer_wrote_has_its_name_also_once_there_is_a_job() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    let edit = json!({"entity": "Tickets", "id": ticket.number(), "udf": {"Jim2 Job#": "5001"}});
    site.person(System::Autotask, "edit", edit).await;
    let company = site.company_of(&ticket).await;
    let contact = json!({"entity": "Contacts", "set": {"companyID": company, "firstName": "Bob", "lastName": "Baker"}});
    let contact = site.person(System::Autotask, "create", contact).await;
    let note = json!({"entity": "TicketNotes", "set": {"ticketID": ticket.number(), "title": "Re",
        "description": "Still broken", "createdByContactID": contact}});
    site.person(System::Autotask, "create", note).await;
    let spent = site
        .calls(System::Autotask, async {
            let half = site.half(System::Autotask, &ticket).await;
            assert_eq!(half.children[0].author, "Bob Baker");
        })
        .await;
    assert_eq!(spent.values().sum::<i64>(), 3, "{spent:?}");
}

#[tokio::test]
async fn a_ticket_is_found_by_its_number_and_by_its_notes() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    let note = json!({"entity": "TicketNotes", "set": {"ticketID": ticket.number(), "title": "Call", "description": "Rang"}});
    let note = site.person(System::Autotask, "create", note).await;
    let half = site.half(System::Autotask, &ticket).await;
    assert_eq!(half.children[0].text, "Rang");
    let number = RecordId::from(half.fact("number").unwrap().to_string());
    assert_eq!(half.label, format!("{number} Printer on fire"));
    let located = site
        .hands
        .locate(System::Autotask, &[number.clone(), "T19990101.0001".into()])
        .await
        .unwrap();
    assert_eq!(located, [(number, ticket.clone())]);

    let ids = vec![
        format!("note:{note}").into(),
        "note:1".into(),
        ticket.clone(),
    ];
    let resolved = site.hands.resolve(System::Autotask, ids).await.unwrap();
    assert_eq!(resolved, [vec![ticket.clone()], vec![], vec![ticket]]);
    let ids = vec!["5001-2".into(), "5001".into(), "x".into()];
    let resolved = site.hands.resolve(System::Jim2, ids).await.unwrap();
    assert_eq!(resolved, [vec![5001.into()], vec![5001.into()], vec![]]);
}

#[tokio::test]
async fn what_a_lost_answer_made_is_found() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    let act = site.job_act(&ticket, Fields::new()).await;
    assert_eq!(site.hands.find(&act).await.unwrap(), []);
    site.lose_an_answer(System::Jim2).await;
    let lost = site.hands.perform(&act).await.unwrap_err();
    assert!(matches!(lost, Failure::Unsure { .. }), "{lost:?}");
    let found = site.hands.find(&act).await.unwrap();
    let [job] = found.as_slice() else {
        panic!("one job was made: {found:?}");
    };
    let other = site.ticket(json!({})).await;
    let other = site.job_act(&other, Fields::new()).await;
    let new = site.hands.surely_new(&[act, other.clone()]).await.unwrap();
    assert_eq!(new, [other]);
    assert_eq!(
        site.half(System::Jim2, job)
            .await
            .points_to
            .unwrap()
            .generation,
        1
    );
}

#[tokio::test]
async fn a_job_that_a_person_named_after_the_ticket_is_its_first_generation_only() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    let act = site.job_act(&ticket, Fields::new()).await;
    let Act::Create { reference, .. } = &act else {
        panic!("it is a create")
    };
    let bare = reference.trim_end_matches("/1");
    let typed =
        json!({"entity": "Job", "by": "SYS", "set": {"custNo": site.card().await, "ourRef": bare}});
    let typed = site.person(System::Jim2, "create", typed).await;
    assert_eq!(
        site.hands.find(&act).await.unwrap(),
        [RecordId::from(typed.as_i64().unwrap())]
    );
    let second = Act::Create {
        on: System::Jim2,
        from: ticket,
        generation: 2,
        reference: format!("{bare}/2"),
        fields: Fields::new(),
    };
    assert_eq!(site.hands.find(&second).await.unwrap(), []);
}

#[tokio::test]
async fn a_comment_that_jim2_copied_from_labour_is_told_from_a_persons() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    let job = site.job(&ticket, Fields::new()).await;
    let lists = site.hands.jim2.lists().await.unwrap();
    let is_person = |entry: &&jim2::ListEntry| entry.list == "User" && entry.code != US.1;
    let by = &lists.iter().find(is_person).unwrap().code;
    for (entity, set) in [
        ("JobComment", json!({"comment": "Changed the fan."})),
        ("JobComment", json!({"comment": "Ring Bob."})),
        (
            "JobLabour",
            json!({"labourType": "Onsite", "labourInit": by, "comment": "Changed the fan."}),
        ),
    ] {
        let mut deed = json!({"entity": entity, "by": by, "set": set});
        deed["set"]["jobNo"] = job.number().into();
        site.person(System::Jim2, "create", deed).await;
    }
    let half = site.half(System::Jim2, &job).await;
    let told = |text: &str| {
        let child = half.children.iter().find(|child| child.text == text);
        child.unwrap().facts.get("labour") == Some(&Value::Flag(true))
    };
    assert!(told("Changed the fan."));
    assert!(!told("Ring Bob."));
}

#[tokio::test]
async fn attachments_cost_one_query_a_batch_and_none_before_the_site_wants_lists() {
    let mut site = Site::start().await;
    let mut tickets = Vec::new();
    for title in ["One", "Two", "Three"] {
        tickets.push(site.ticket(json!({"title": title})).await);
    }
    let set = json!({"parentID": tickets[0].number(), "title": "screen.png"});
    let body = json!({"entity": "TicketAttachments", "set": set});
    site.person(System::Autotask, "create", body).await;
    let lists = |halves: &[Half]| {
        let children = halves.iter().flat_map(|half| &half.children);
        children.map(|it| it.text.clone()).collect::<Vec<_>>()
    };
    let spent = site
        .calls(System::Autotask, async {
            let read = site.hands.read(System::Autotask, &tickets).await.unwrap();
            assert_eq!(lists(&read), [""; 0]);
        })
        .await;
    assert_eq!(spent.get("TicketAttachments query"), None);

    site.hands.settings.attachments_from = Some("2026-11-01T00:00:00Z".parse().unwrap());
    let spent = site
        .calls(System::Autotask, async {
            let read = site.hands.read(System::Autotask, &tickets).await.unwrap();
            assert_eq!(lists(&read), ["- screen.png", "", ""]);
            assert_eq!(
                read[0].children[0].facts.get("link"),
                None,
                "the zone is fixed"
            );
        })
        .await;
    assert_eq!(spent.get("TicketAttachments query"), Some(&1));

    site.hands.settings.ticket_url = Some("https://desk.example/{number}?id={id}".to_owned());
    let half = site.half(System::Autotask, &tickets[0]).await;
    let number = half.fact("number").unwrap().to_string();
    let link = half.children[0].facts["link"].to_string();
    assert_eq!(
        link,
        format!("https://desk.example/{number}?id={}", tickets[0])
    );
}

#[tokio::test]
async fn who_may_not_read_attachments_gets_no_lists_and_all_else() {
    let mut site = Site::start().await;
    site.hands.settings.attachments_from = Some("2026-11-01T00:00:00Z".parse().unwrap());
    let ticket = site.ticket(json!({})).await;
    let fault = json!({"name": "no-permission", "value": "TicketAttachments"});
    site.sandbox(System::Autotask, Method::POST, "fault", &fault)
        .await;
    let half = site.half(System::Autotask, &ticket).await;
    assert!(half.children.is_empty());
    assert!(half.fields.contains_key("status"));
}
