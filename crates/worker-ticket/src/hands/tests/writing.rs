//! What is written, read back as the next look would.

use super::*;
use sync::Rules as _;

use crate::TicketRules;

#[tokio::test]
async fn a_job_is_made_by_one_write_and_with_the_day_it_is_due() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    let act = site
        .job_act(
            &ticket,
            fields([
                ("status", "Proceed".into()),
                ("due_day", "2026-11-24T06:30Z".into()),
                ("item", "PRINTER".into()),
                ("fault", "Printer on fire\n\nSmoke.".into()),
                ("cust_ref", "PO 7".into()),
                ("attn", "Bob Baker".into()),
            ]),
        )
        .await;
    let mut job = None;
    let mut spent = site
        .calls(System::Jim2, async {
            job = site.hands.perform(&act).await.unwrap();
        })
        .await;
    spent.remove("POST token");
    assert_eq!(spent, [("POST jobcreate".to_owned(), 1)].into());
    let half = site.half(System::Jim2, &job.unwrap()).await;
    for (name, value) in [
        ("status", "Proceed"),
        ("due", "2026-11-23T13:00Z"),
        ("item", "PRINTER"),
        ("fault", "Printer on fire\n\nSmoke."),
        ("cust_ref", "PO 7"),
    ] {
        assert_eq!(half.fields[name], value.into(), "{name}");
    }
    assert!(!half.is("no_reference"));
}

#[tokio::test]
async fn a_field_that_a_create_call_does_not_take_is_named_and_nothing_is_made() {
    let site = Site::with(sandbox::jim2::Options {
        jobcreate_refuses: ["status".to_owned()].into(),
        ..sandbox::jim2::Options::default()
    })
    .await;
    let ticket = site.ticket(json!({})).await;
    let act = site.job_act(&ticket, Fields::new()).await;
    is_refused_as("status", &site.hands.perform(&act).await);
    assert_eq!(site.hands.find(&act).await.unwrap(), []);
}

#[tokio::test]
async fn a_sales_job_gets_the_title_and_a_service_job_the_fault() {
    let mut site = Site::start().await;
    site.hands.settings.sales_items = ["SALE".to_owned()].into();
    let ticket = site.ticket(json!({})).await;
    for (item, told, absent) in [
        ("SALE", "item_desc", "fault"),
        ("PRINTER", "fault", "item_desc"),
    ] {
        let wanted = fields([
            ("item", item.into()),
            ("fault", "Printer on fire".into()),
            ("item_desc", "Printer on fire".into()),
        ]);
        let job = site.job(&ticket, wanted).await;
        let half = site.half(System::Jim2, &job).await;
        assert_eq!(half.fields[told], "Printer on fire".into(), "{item}");
        assert_eq!(half.fields.get(absent), None, "{item}");
    }
}

#[tokio::test]
async fn a_job_is_updated_and_a_step_that_the_workflow_lacks_is_held() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    let job = site
        .job(&ticket, fields([("due_day", "2026-11-24T06:30Z".into())]))
        .await;
    let changes = fields([
        ("status", "Proceed".into()),
        ("priority", "High".into()),
        ("due", Value::Empty),
    ]);
    site.hands
        .perform(&update(System::Jim2, &job, changes))
        .await
        .unwrap();
    let half = site.half(System::Jim2, &job).await;
    assert_eq!(half.fields["status"], "Proceed".into());
    assert_eq!(half.fields["priority"], "High".into());
    assert_eq!(half.fields["due"], Value::Empty);

    let refused = update(System::Jim2, &job, fields([("status", "HOLD".into())]));
    let Err(Failure::Hold { problems }) = site.hands.perform(&refused).await else {
        panic!("the step must be held");
    };
    assert_eq!(problems[0].code, "status-step-refused");
}

#[tokio::test]
async fn a_ticket_is_updated() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    let changes = fields([
        ("status", 8.into()),
        ("cust_ref", "PO 3".into()),
        ("invoice", "812".into()),
    ]);
    site.hands
        .perform(&update(System::Autotask, &ticket, changes))
        .await
        .unwrap();
    let half = site.half(System::Autotask, &ticket).await;
    assert_eq!(
        (&half.fields["status"], &half.fields["cust_ref"]),
        (&8.into(), &"PO 3".into())
    );
    assert_eq!(half.fields["invoice"], "812".into());
    let gone = update(System::Autotask, &1.into(), fields([("status", 8.into())]));
    assert!(site.hands.perform(&gone).await.is_err());
}

#[tokio::test]
async fn a_ticket_is_made_from_a_job_with_the_role_of_its_resource() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    let company = site
        .half(System::Autotask, &ticket)
        .await
        .fact("company")
        .unwrap()
        .clone();
    let resources: Vec<Resource> = site
        .hands
        .autotask
        .query_all(&Query::everything())
        .await
        .unwrap();
    let jane = resources
        .iter()
        .find(|one| one.default_service_desk_role_id.get().is_some())
        .unwrap();
    let assignee = Value::parts([(RESOURCE, jane.id.into()), (ROLE, Value::Empty)]);
    let act = Act::Create {
        on: System::Autotask,
        from: 5001.into(),
        generation: 1,
        reference: "5001".to_owned(),
        fields: fields([
            ("title", "From a job".into()),
            ("description", "All of it".into()),
            ("company", company),
            ("status", 1.into()),
            ("priority", 2.into()),
            ("queue", 29_682_833.into()),
            ("source", 2.into()),
            ("due", "2026-11-24T06:30Z".into()),
            ("assignee", assignee),
            ("customer", 12.into()),
        ]),
    };
    assert_eq!(site.hands.find(&act).await.unwrap(), []);
    let act = site.hands.prepare(act).await.unwrap();
    site.lose_an_answer(System::Autotask).await;
    let lost = site.hands.perform(&act).await.unwrap_err();
    assert!(matches!(lost, Failure::Unsure { .. }), "{lost:?}");
    let found = site.hands.find(&act).await.unwrap();
    assert_eq!(found.len(), 1);
    let half = site.half(System::Autotask, &found[0]).await;
    assert_eq!(half.fields["due"], "2026-11-24T06:30Z".into());
    assert_eq!(
        half.fields["assignee"].part(ROLE).cloned(),
        jane.default_service_desk_role_id.clone().into_value()
    );
    assert_eq!(half.points_to.unwrap().to, 5001.into());

    let again = site.hands.prepare(act).await;
    let Err(Failure::Hold { problems }) = again else {
        panic!("it must be held: {again:?}");
    };
    let step = format!("crossbill pairs link ticket {} 5001", found[0]);
    assert_eq!(problems[0].code, "made-before");
    assert!(problems[0].remedy.step.contains(&step), "{problems:?}");
}

#[tokio::test]
async fn references_are_written_on_both_sides_and_earlier_jobs_are_kept() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    let refer = |to: i64, generation| Act::Refer {
        on: System::Autotask,
        id: ticket.clone(),
        to: Some(to.into()),
        generation,
        knowing: sync::Fields::new(),
    };
    for (job, generation, earlier) in [
        (5001, 1, None),
        (6002, 2, Some("5001")),
        (6002, 2, Some("5001")),
        (7003, 3, Some("6002, 5001")),
    ] {
        site.hands.perform(&refer(job, generation)).await.unwrap();
        let half = site.half(System::Autotask, &ticket).await;
        assert_eq!(half.points_to.as_ref().unwrap().to, job.into());
        assert_eq!(half.fact("earlier_jobs").and_then(Value::as_text), earlier);
    }
    let stored: Option<Ticket> = site
        .hands
        .autotask
        .get(ticket.number().unwrap())
        .await
        .unwrap();
    assert_eq!(
        stored.unwrap().external_id.get().map(String::as_str),
        Some("7003")
    );

    let job = json!({"entity": "Job", "by": "SYS", "set": {"custNo": site.card().await}});
    let job = RecordId::from(
        site.person(System::Jim2, "create", job)
            .await
            .as_i64()
            .unwrap(),
    );
    let act = Act::Refer {
        on: System::Jim2,
        id: job.clone(),
        to: Some(ticket.clone()),
        generation: 2,
        knowing: sync::Fields::new(),
    };
    site.hands.perform(&act).await.unwrap();
    let number = site
        .half(System::Autotask, &ticket)
        .await
        .fact("number")
        .unwrap()
        .to_string();
    let pointer = site.half(System::Jim2, &job).await.points_to.unwrap();
    assert_eq!(
        (pointer.to.as_str(), pointer.generation),
        (number.as_str(), 2)
    );
}

#[tokio::test]
async fn a_ticket_is_not_read_again_for_a_reference_whose_plan_knows_what_it_names() {
    let site = Site::start().await;
    for is_known in [true, false] {
        let ticket = site.ticket(json!({})).await;
        for (job, earlier) in [(5001, None), (6002, Some("5001"))] {
            let half = site.half(System::Autotask, &ticket).await;
            let told = TicketRules.to_refer(System::Autotask, &half);
            assert_eq!(told.len(), 1, "{half:?}");
            let act = Act::Refer {
                on: System::Autotask,
                id: ticket.clone(),
                to: Some(job.into()),
                generation: 1,
                knowing: if is_known { told } else { Fields::new() },
            };
            let calls = site.calls(System::Autotask, async {
                site.hands.perform(&act).await.unwrap();
            });
            let calls: Vec<String> = calls.await.into_keys().collect();
            let wanted = ["Tickets get", "Tickets patch"];
            assert_eq!(calls, wanted[usize::from(is_known)..]);
            let half = site.half(System::Autotask, &ticket).await;
            assert_eq!(half.points_to.unwrap().to, job.into());
            let named = half.facts.get("earlier_jobs").and_then(Value::as_text);
            assert_eq!(named, earlier);
        }
    }
}

#[tokio::test]
async fn an_external_id_of_somebody_else_stays() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({"externalID": "PSA-1"})).await;
    let act = Act::Refer {
        on: System::Autotask,
        id: ticket.clone(),
        to: Some(5001.into()),
        generation: 1,
        knowing: sync::Fields::new(),
    };
    site.hands.perform(&act).await.unwrap();
    let stored: Option<Ticket> = site
        .hands
        .autotask
        .get(ticket.number().unwrap())
        .await
        .unwrap();
    let stored = stored.unwrap();
    assert_eq!(stored.external_id.get().map(String::as_str), Some("PSA-1"));
    assert_eq!(
        site.half(System::Autotask, &ticket)
            .await
            .points_to
            .unwrap()
            .to,
        5001.into()
    );
}

fn child(on: System, under: &RecordId, text: &str, internal: bool) -> Act {
    Act::CreateChild {
        on,
        under: Some(under.clone()),
        source: "1".into(),
        text: text.to_owned(),
        internal,
        extra: Fields::new(),
    }
}

#[tokio::test]
async fn a_note_is_made_by_us_with_its_mark_and_changed() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    for (internal, publish) in [(true, 2), (false, 1)] {
        let act = child(
            System::Autotask,
            &ticket,
            "JC wrote:\nhi\n\n[jim2:5001-2]",
            internal,
        );
        let id = site.hands.perform(&act).await.unwrap().unwrap();
        let change = Act::UpdateChild {
            on: System::Autotask,
            under: ticket.clone(),
            id: id.clone(),
            source: "5001-2".into(),
            text: "JC wrote:\nhi again\n\n[jim2:5001-2]".to_owned(),
        };
        site.hands.perform(&change).await.unwrap();
        let half = site.half(System::Autotask, &ticket).await;
        let note = half.children.iter().find(|note| note.id == id).unwrap();
        assert!(note.ours);
        assert_eq!(note.text, "JC wrote:\nhi again");
        assert_eq!(note.mark.as_ref().unwrap().source, "5001-2".into());
        assert_eq!(note.facts["publish"], publish.into());
    }
}

#[tokio::test]
async fn a_comment_is_made_by_us_with_its_mark_and_changed() {
    let site = Site::with(sandbox::jim2::Options {
        job_comments_writable: true,
        ..sandbox::jim2::Options::default()
    })
    .await;
    let ticket = site.ticket(json!({})).await;
    let job = site.job(&ticket, Fields::new()).await;
    let act = child(
        System::Jim2,
        &job,
        "Jane wrote:\nhi\n\n[autotask:900]",
        false,
    );
    let id = site.hands.perform(&act).await.unwrap().unwrap();
    let change = Act::UpdateChild {
        on: System::Jim2,
        under: job.clone(),
        id: id.clone(),
        source: "900".into(),
        text: "Jane wrote:\nhi again\n\n[autotask:900]".to_owned(),
    };
    site.hands.perform(&change).await.unwrap();
    let half = site.half(System::Jim2, &job).await;
    let comment = half.children.iter().find(|line| line.id == id).unwrap();
    assert!(comment.ours);
    assert_eq!(comment.text, "Jane wrote:\nhi again");
}

#[tokio::test]
async fn a_finished_job_takes_no_comment() {
    let site = Site::with(sandbox::jim2::Options {
        job_comments_writable: true,
        ..sandbox::jim2::Options::default()
    })
    .await;
    let ticket = site.ticket(json!({})).await;
    let job = site.job(&ticket, Fields::new()).await;
    for status in ["Proceed", "Checked", "FINISH"] {
        let act = update(System::Jim2, &job, fields([("status", status.into())]));
        site.hands.perform(&act).await.unwrap();
    }
    let Err(Failure::Hold { problems }) = site
        .hands
        .perform(&child(System::Jim2, &job, "late", false))
        .await
    else {
        panic!("the comment must wait");
    };
    assert_eq!(
        (problems[0].code.as_str(), problems[0].field.as_deref()),
        ("job-is-finished", Some("notes"))
    );
}

#[tokio::test]
async fn a_job_that_a_user_has_open_is_tried_again() {
    let site = Site::start().await;
    let ticket = site.ticket(json!({})).await;
    let job = site.job(&ticket, Fields::new()).await;
    let lock = json!({"job": job.number(), "by": "JC"});
    site.sandbox(System::Jim2, Method::POST, "lock", &lock)
        .await;
    let act = update(System::Jim2, &job, fields([("priority", "High".into())]));
    let failure = site.hands.perform(&act).await.unwrap_err();
    assert!(
        matches!(failure, Failure::Retry { after: Some(_), .. }),
        "{failure:?}"
    );
}
