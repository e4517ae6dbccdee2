//! The hands against both stand-ins, over HTTP.

mod site;

use domain::{Failure, Key, RecordId, Subject, System, Value};
use serde_json::{Value as Json, json};
use sync::{Act, Fields, Half, Hands as _};

use self::site::Site;
use super::*;
use crate::{ORDER, TICKET};

const A: System = System::Autotask;
const J: System = System::Jim2;

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Fields {
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

#[tokio::test]
async fn an_entry_is_told_with_its_ticket_and_a_task_with_its_project() {
    let site = Site::start().await;
    let ticket = site.ticket().await;
    let worked = site.entry(json!({"ticketID": ticket})).await;
    let half = site.half(A, &worked).await;
    assert_eq!(half.fields["minutes"], 75.into());
    assert_eq!(half.fields["start"], "2026-11-22T22:00Z".into());
    assert_eq!(half.fact("ticket"), Some(&ticket.into()));
    assert_eq!(half.fact("owner"), Some(&format!("ticket {ticket}").into()));
    assert!(half.fact("number").is_some() && half.fact("company_type").is_some());
    let task = site.task().await;
    let planned = site.entry(json!({"taskID": task})).await;
    let half = site.half(A, &planned).await;
    let project = half.fact("project").and_then(Value::as_number).unwrap();
    assert_eq!(
        half.fact("owner"),
        Some(&format!("project {project}").into())
    );
    assert_eq!(half.fact("order"), Some(&format!("P{project}@174").into()));
    assert!(half.fact("company_type").is_some() && !half.is("internal"));
    let meeting =
        json!({"internalBillingCodeID": 29_682_808, "roleID": null, "billingCodeID": null});
    let meeting = site.entry(meeting).await;
    assert!(site.half(A, &meeting).await.is("internal"));
}

#[tokio::test]
async fn a_log_of_deletions_is_about_the_entries_of_a_ticket_or_of_the_tasks_project() {
    let site = Site::start().await;
    let (ticket, task) = (site.ticket().await, site.task().await);
    let (on_ticket, on_task) = (
        site.entry(json!({"ticketID": ticket})).await,
        site.entry(json!({"taskID": task})).await,
    );
    let about = [
        RecordId::from(format!("ticket:{ticket}")),
        RecordId::from(format!("task:{task}")),
        "task:1".into(),
        on_ticket.clone(),
    ];
    let owners = site.hands.owners(A, &about).await.unwrap();
    for (worked, owner) in [(on_ticket, &owners[0]), (on_task, &owners[1])] {
        let half = site.half(A, &worked).await;
        assert_eq!(
            half.fact("owner"),
            owner.as_ref(),
            "or its pair is not found"
        );
    }
    assert_eq!(owners[2], Some("task 1".into()), "it is not there any more");
    assert_eq!(owners[3], None);
    let calls = site.calls(A, async {
        let lines = ["7-1".into()];
        assert_eq!(site.hands.owners(J, &lines).await.unwrap(), [None]);
        site.hands.owners(A, &about[..1]).await.unwrap();
    });
    assert_eq!(calls.await, 0);
}

#[tokio::test]
async fn many_entries_and_lines_cost_a_call_for_all_and_one_for_each_job() {
    let site = Site::start().await;
    let (first, second) = (site.job().await, site.job().await);
    let ticket = site.ticket().await;
    let (mut entries, mut lines, mut acts) = (Vec::new(), Vec::new(), Vec::new());
    for minute in 0..8 {
        let start = format!("2026-11-22T22:{minute:02}:00Z");
        let entry = json!({"ticketID": ticket, "startDateTime": start});
        entries.push(site.entry(entry).await);
        let job = if minute % 2 == 0 { first } else { second };
        let start = format!("2026-11-23T09:{minute:02}");
        let act = site.act(job, fields([("start", start.as_str().into())]));
        lines.push(site.hands.perform(&act).await.unwrap().unwrap());
        acts.push(act);
    }
    let calls = site.calls(A, async {
        assert_eq!(site.hands.read(A, &entries).await.unwrap().len(), 8);
    });
    assert_eq!(calls.await, 3, "entries, tickets, companies");
    let calls = site.calls(J, async {
        assert_eq!(site.hands.read(J, &lines).await.unwrap().len(), 8);
    });
    assert_eq!(calls.await, 3, "both jobs, and the labour of each");
    let calls = site.calls(J, async {
        assert_eq!(
            site.hands.surely_new(&acts).await.unwrap(),
            [],
            "all are there"
        );
    });
    assert_eq!(calls.await, 3);
}

#[tokio::test]
async fn a_line_is_made_as_it_was_meant_and_found_again_by_what_it_says() {
    let site = Site::start().await;
    let job = site.job().await;
    let act = site.act(job, Fields::new());
    assert_eq!(
        site.hands
            .surely_new(std::slice::from_ref(&act))
            .await
            .unwrap(),
        [site.on_its_job(&act).await]
    );
    assert_eq!(site.hands.find(&act).await.unwrap(), []);
    let made = site.hands.perform(&act).await.unwrap().unwrap();
    assert_eq!(made, RecordId::from(format!("{job}-1")));
    let line = site.half(J, &made).await;
    for (name, value) in [
        ("start", "2026-11-23T09:00".into()),
        ("minutes", 75.into()),
        ("labour_type", "Remote".into()),
        ("technician", site.initials.as_str().into()),
        ("comment", "Replaced the disk".into()),
    ] {
        assert_eq!(line.fields[name], value, "{name}");
    }
    assert_eq!(site.hands.find(&act).await.unwrap(), [made]);
    let other = site.act(job, fields([("comment", "Replaced the other disk".into())]));
    assert_eq!(site.hands.find(&other).await.unwrap(), []);
}

#[tokio::test]
async fn a_lost_answer_is_a_line_that_is_found_again() {
    let site = Site::start().await;
    let act = site.act(site.job().await, Fields::new());
    site.lose_an_answer().await;
    let lost = site.hands.perform(&act).await.unwrap_err();
    assert!(matches!(lost, Failure::Unsure { .. }), "{lost:?}");
    assert_eq!(site.hands.find(&act).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_line_that_a_person_added_is_theirs_however_much_it_looks_like_ours() {
    let site = Site::start().await;
    let job = site.job().await;
    let act = site.act(job, Fields::new());
    let set = json!({
        "jobNo": job, "start": "2026-11-23T09:00:00", "hours": 1, "minutes": 15, "labourType": "Remote",
        "labourInit": site.initials, "comment": "Replaced the disk",
    });
    let by = site.initials.clone();
    site.person(
        J,
        "create",
        json!({"entity": "JobLabour", "by": by, "set": set}),
    )
    .await;
    assert_eq!(site.hands.find(&act).await.unwrap(), []);
}

#[tokio::test]
async fn labour_for_an_invoiced_job_waits_for_the_one_that_follows_it() {
    let site = Site::start().await;
    let job = site.job().await;
    let act = site.act(job, Fields::new());
    site.finish(job).await;
    site.ready(job).await;
    site.invoice(job).await;
    assert_eq!(
        site.hands
            .surely_new(std::slice::from_ref(&act))
            .await
            .unwrap(),
        []
    );
    for refused in [
        site.hands.prepare(act.clone()).await.map(|_| None),
        site.hands.perform(&act).await,
    ] {
        let Err(Failure::Await { key, .. }) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(key, Key::new(TICKET, A, 7001));
    }
    let mut of_project = act;
    if let Act::Create { fields, .. } = &mut of_project {
        fields.remove("ticket");
        fields.insert("order".to_owned(), "P5001@174".into());
    }
    let refused = site.hands.prepare(of_project).await.unwrap_err();
    let Failure::Await { key, .. } = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(key, Key::new(ORDER, A, "P5001@174"));
}

#[tokio::test]
async fn labour_for_a_finished_or_ready_job_waits_and_asks_for_no_other_job() {
    let site = Site::start().await;
    let job = site.job().await;
    let act = site.act(job, Fields::new());
    site.finish(job).await;
    let finished = site.hands.prepare(act.clone()).await.map(drop);
    site.ready(job).await;
    for (refused, code) in [
        (finished, "job-is-finished"),
        (site.hands.prepare(act.clone()).await.map(drop), "job-ready"),
    ] {
        let Err(Failure::Wait { problem }) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(problem.code, code);
        assert_eq!(problem.subject, Subject::Job { number: job });
    }
    let between = site.hands.perform(&act).await;
    assert!(matches!(between, Err(Failure::Retry { .. })), "{between:?}");
}

#[tokio::test]
async fn labour_for_a_job_that_is_gone_has_its_ticket_looked_at() {
    let site = Site::start().await;
    let act = site.act(999_999, Fields::new());
    let gone = site.hands.prepare(act).await.unwrap_err();
    assert!(matches!(gone, Failure::Await { .. }), "{gone:?}");
}

#[tokio::test]
async fn somebody_whom_jim2_does_not_take_is_stood_in_for_and_named() {
    let mut site = Site::start().await;
    let job = site.job().await;
    let act = site.act(job, fields([("technician", "ZZZ".into())]));
    let refused = site.hands.perform(&act).await.unwrap_err();
    assert!(matches!(refused, Failure::Hold { .. }), "{refused:?}");
    site.hands.settings.fallback_initials = Some(site.initials.clone());
    let made = site.hands.perform(&act).await.unwrap().unwrap();
    let line = site.half(J, &made).await;
    assert_eq!(line.fields["technician"], "ZZZ".into(), "as it was meant");
    assert_eq!(line.fields["comment"], "Replaced the disk".into());
    assert_eq!(
        site.hands.find(&act).await.unwrap(),
        std::slice::from_ref(&made)
    );
    let told = site.line(&made).await;
    assert_eq!(told["labourInit"], json!(site.initials));
    assert_eq!(told["comment"], "Replaced the disk\nWorked by (ZZZ)");

    let change = fields([("technician", "YYY".into()), ("comment", Value::Empty)]);
    site.hands
        .perform(&Act::Update {
            on: J,
            id: made.clone(),
            fields: change,
        })
        .await
        .unwrap();
    let line = site.half(J, &made).await;
    assert_eq!(line.fields["technician"], "YYY".into());
    assert!(line.fields["comment"].is_empty());
}

#[tokio::test]
async fn a_line_is_changed_and_emptied_and_what_was_not_meant_stays() {
    let site = Site::start().await;
    let act = site.act(site.job().await, Fields::new());
    let made = site.hands.perform(&act).await.unwrap().unwrap();
    let nothing = fields([
        ("minutes", 0.into()),
        ("comment", "removed in Autotask".into()),
    ]);
    let update = Act::Update {
        on: J,
        id: made.clone(),
        fields: nothing.clone(),
    };
    for _ in 0..2 {
        site.hands.perform(&update).await.unwrap();
    }
    let line = site.half(J, &made).await;
    assert_eq!(line.fields["labour_type"], "Remote".into());
    assert!(
        nothing
            .iter()
            .all(|(name, value)| line.fields[name] == *value)
    );
}

#[tokio::test]
async fn a_deleted_entry_is_gone_and_one_that_is_there_is_not() {
    let site = Site::start().await;
    let ticket = site.ticket().await;
    let entry = site.entry(json!({"ticketID": ticket})).await;
    assert!(!site.hands.is_gone(A, &entry).await.unwrap());
    site.person(
        A,
        "delete",
        json!({"entity": "TimeEntries", "id": entry.number()}),
    )
    .await;
    assert!(site.hands.is_gone(A, &entry).await.unwrap());
    assert_eq!(site.hands.read(A, &[entry]).await.unwrap(), []);
}

#[tokio::test]
async fn an_id_that_is_no_lines_is_nothing_that_can_be_read() {
    let site = Site::start().await;
    let ids = ["5001", "x-1", "999999-1"].map(RecordId::from);
    assert_eq!(site.hands.read(J, &ids).await.unwrap(), []);
}
