//! Whom a record is given to, what a site may open, and what somebody made before.

use std::slice;

use super::*;

#[tokio::test]
async fn an_assignee_that_jim2_refuses_gives_way_to_the_fallback_or_to_nobody() {
    let mut site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    for (fallback, expected) in [
        (None, Value::Empty),
        (Some("??"), Value::Empty),
        (Some("!!"), Value::Empty),
        (Some(US.1), US.1.into()),
    ] {
        site.hands.settings.fallback_initials = fallback.map(str::to_owned);
        let job = site.job(&ticket, fields([("assignee", "??".into())])).await;
        let half = site.half(System::Jim2, &job).await;
        assert_eq!(half.fields["assignee"], expected, "{fallback:?}");
    }
}

#[tokio::test]
async fn a_job_says_whom_jim2_refused_where_comments_can_be_written() {
    let mut site = Site::with(sandbox::jim2::Options {
        job_comments_writable: true,
        ..sandbox::jim2::Options::default()
    })
    .await;
    let ticket = site.ticket(json!({})).await;
    site.hands.settings.users = [("??".to_owned(), "Jane Citizen".to_owned())].into();
    for (writable, assignee, said) in [
        (true, "??", Some("Jane Citizen (??)")),
        (false, "??", None),
        (true, US.1, None),
    ] {
        site.hands.settings.comments_writable = writable;
        let job = site
            .job(&ticket, fields([("assignee", assignee.into())]))
            .await;
        let half = site.half(System::Jim2, &job).await;
        let told = half
            .children
            .iter()
            .find(|it| it.text.contains("assigned to"));
        let told = told.map(|it| it.text.as_str());
        match (told, said) {
            (Some(told), Some(said)) => assert!(told.contains(said), "{told}"),
            (told, said) => assert_eq!(told, said, "{writable} {assignee}"),
        }
        assert!(
            half.children.iter().all(|it| it.ours),
            "none goes to the ticket"
        );
    }
}

#[tokio::test]
async fn every_field_that_a_site_may_open_is_written_to_the_job() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    for (field, value, read_as) in [
        ("invoice_desc", "On our account", "invoice_desc"),
        ("resolution", "New fan.", "invoice_desc"),
    ] {
        let job = site.job(&ticket, Fields::new()).await;
        let change = update(System::Jim2, &job, fields([(field, value.into())]));
        site.hands.perform(&change).await.unwrap();
        let half = site.half(System::Jim2, &job).await;
        assert_eq!(half.fields[read_as], value.into(), "{field}");
    }
    // What no document shows to be writable is Jim2's to refuse, and is not passed over in silence.
    for (field, value) in [("assignee", US.1), ("item", "PRINTER")] {
        let job = site.job(&ticket, Fields::new()).await;
        let change = update(System::Jim2, &job, fields([(field, value.into())]));
        is_refused_as(field, &site.hands.perform(&change).await);
    }
}

#[tokio::test]
async fn a_resource_assigned_later_gets_its_role_too() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    let resources: Vec<Resource> = site
        .hands
        .autotask
        .query_all(&Query::everything())
        .await
        .unwrap();
    let has_role = |one: &&Resource| one.default_service_desk_role_id.get().is_some();
    let jane = resources.iter().find(has_role).unwrap();
    let assignee = Value::parts([(RESOURCE, jane.id.into()), (ROLE, Value::Empty)]);
    let change = update(System::Autotask, &ticket, fields([("assignee", assignee)]));
    site.hands.perform(&change).await.unwrap();
    let half = site.half(System::Autotask, &ticket).await;
    let role = half.fields["assignee"].part(ROLE).cloned();
    let expected = jane.default_service_desk_role_id.get().copied();
    assert_eq!(role, expected.map(Value::Number));
}

#[tokio::test]
async fn a_job_with_the_tickets_number_in_the_customers_reference_is_a_persons_to_look_at() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    let act = site.job_act(&ticket, Fields::new()).await;
    let Act::Create { reference, .. } = &act else {
        panic!("it makes a job");
    };
    let number = reference.trim_end_matches("/1").to_owned();
    let is_new =
        async || site.hands.surely_new(slice::from_ref(&act)).await.unwrap() == [act.clone()];
    site.hands.prepare(act.clone()).await.unwrap();
    assert!(is_new().await);

    // Another ticket's job that mentions this one is that ticket's.
    let others = fields([("cust_ref", number.as_str().into())]);
    let Act::Create { fields, .. } = site.job_act(&ticket, others).await else {
        panic!("it makes a job");
    };
    let typed = |our_ref: &str| Act::Create {
        on: System::Jim2,
        from: ticket.clone(),
        generation: 1,
        reference: our_ref.to_owned(),
        fields: fields.clone(),
    };
    site.hands.perform(&typed("T20200101.0001")).await.unwrap();
    site.hands.prepare(act.clone()).await.unwrap();
    assert!(is_new().await);

    let job = site
        .hands
        .perform(&typed("Ring first"))
        .await
        .unwrap()
        .unwrap();
    assert!(!is_new().await);
    let Err(Failure::Hold { problems }) = site.hands.prepare(act.clone()).await else {
        panic!("it must be held");
    };
    assert_eq!(problems[0].code, "made-before");
    let step = format!("crossbill pairs link ticket {ticket} {job}");
    assert!(problems[0].remedy.step.contains(&step), "{problems:?}");
}

#[tokio::test]
async fn a_resource_without_a_role_is_left_out() {
    let site = Site::start().await;
    let assignee = Value::parts([(RESOURCE, US.0.into()), (ROLE, Value::Empty)]);
    let act = Act::Create {
        on: System::Autotask,
        from: 5001.into(),
        generation: 1,
        reference: "5001".to_owned(),
        fields: fields([("assignee", assignee)]),
    };
    let Act::Create { fields, .. } = site.hands.prepare(act).await.unwrap() else {
        panic!("it is still a create");
    };
    assert!(!fields.contains_key("assignee"));
}
