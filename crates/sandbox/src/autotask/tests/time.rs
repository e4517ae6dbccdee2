//! Time entries, and the projects and tasks some of them are about.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::bench::Bench;

const TIME: &str = "2026-11-23T01:00:00.000Z";
const TECHNICIAN: i64 = 29_682_885;
const WORK_TYPE: i64 = 29_682_801;
const INTERNAL: i64 = 29_682_808;

async fn role(bench: &Bench) -> Value {
    let all = json!([{"op": "exist", "field": "id"}]);
    bench.rows("Roles", all).await[0]["id"].clone()
}

/// An hour and a quarter of a ticket.
async fn entry(bench: &Bench, ticket: i64) -> Value {
    json!({
        "ticketID": ticket, "resourceID": TECHNICIAN, "roleID": role(bench).await, "billingCodeID": WORK_TYPE,
        "startDateTime": "2026-11-22T22:00:00Z", "endDateTime": "2026-11-22T23:15:00Z", "summaryNotes": "Replaced the disk",
    })
}

#[tokio::test]
async fn time_of_a_ticket_is_worked_out_and_moves_the_activity_above_it() {
    let bench = Bench::start().await;
    let ticket = bench.ticket("Slow").await;
    bench.hands("clock", json!({"now": TIME})).await;
    let id = bench
        .create("TimeEntries", entry(&bench, ticket).await)
        .await;
    let told = bench.item(&format!("TimeEntries/{id}")).await;
    assert_eq!(told["hoursWorked"], 1.25);
    assert_eq!(told["hoursToBill"], 1.25);
    assert_eq!(told["timeEntryType"], 2);
    assert_eq!(told["dateWorked"], "2026-11-22T22:00:00.000Z");
    assert_eq!(
        (&told["createDateTime"], &told["lastModifiedDateTime"]),
        (&json!(TIME), &json!(TIME))
    );
    assert_eq!(
        bench.item(&format!("Tickets/{ticket}")).await["lastActivityDate"],
        TIME
    );
    assert_eq!(bench.item("Companies/174").await["lastActivityDate"], TIME);
}

#[tokio::test]
async fn a_change_moves_what_depends_on_it_and_the_date_of_the_change() {
    let bench = Bench::start().await;
    let ticket = bench.ticket("Slow").await;
    let id = bench
        .create("TimeEntries", entry(&bench, ticket).await)
        .await;
    bench.hands("clock", json!({"now": TIME})).await;
    let change = json!({"id": id, "endDateTime": "2026-11-22T22:30:00Z"});
    let (status, answer) = bench.call(Method::PATCH, "TimeEntries", &change).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let told = bench.item(&format!("TimeEntries/{id}")).await;
    assert_eq!(told["hoursWorked"], 0.5);
    assert_eq!(told["lastModifiedDateTime"], TIME);
}

#[tokio::test]
async fn an_entry_is_about_a_ticket_a_task_or_the_provider_itself() {
    let bench = Bench::start().await;
    let ticket = bench.ticket("Slow").await;
    let wrong = [
        (json!({"ticketID": null}), "InternallAllocationCodeID"),
        (json!({"roleID": null}), "roleID"),
        (json!({"billingCodeID": null}), "billingCodeID"),
        (json!({"billingCodeID": INTERNAL}), "work type"),
        (
            json!({"ticketID": null, "internalBillingCodeID": WORK_TYPE}),
            "internal billing code",
        ),
        (json!({"ticketID": 1}), "ticketID"),
        (json!({"resourceID": null}), "resourceID"),
    ];
    for (change, word) in wrong {
        let mut body = entry(&bench, ticket).await;
        body.as_object_mut()
            .expect("an object")
            .extend(change.as_object().cloned().expect("an object"));
        let told = bench.errors(Method::POST, "TimeEntries", body).await;
        assert!(told.contains(word), "{change}: {told}");
    }
    let meeting = json!({
        "resourceID": TECHNICIAN, "internalBillingCodeID": INTERNAL, "dateWorked": "2026-11-22T00:00:00Z", "hoursWorked": 0.5,
    });
    let id = bench.create("TimeEntries", meeting).await;
    assert_eq!(
        bench.item(&format!("TimeEntries/{id}")).await["timeEntryType"],
        10
    );
}

#[tokio::test]
async fn a_tenant_may_let_the_work_type_be_missing() {
    let options = super::super::Options {
        work_type_required: false,
        ..super::super::Options::default()
    };
    let bench = Bench::start_with(options).await;
    let ticket = bench.ticket("Slow").await;
    let mut body = entry(&bench, ticket).await;
    body["billingCodeID"] = Value::Null;
    bench.create("TimeEntries", body).await;
}

#[tokio::test]
async fn a_task_is_made_below_its_project_only_and_takes_time() {
    let bench = Bench::start().await;
    let project = json!({
        "companyID": 174, "projectName": "Office move", "projectType": 8, "status": 1,
        "startDateTime": "2026-11-01T00:00:00Z", "endDateTime": "2026-12-01T00:00:00Z",
    });
    let project = bench.create("Projects", project).await;
    let task = json!({"title": "Cabling", "status": 1, "taskType": 1});
    let (status, _) = bench.post("Tasks", task.clone()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let mut typeless = task.clone();
    typeless["taskType"] = Value::Null;
    let path = format!("Projects/{project}/Tasks");
    let told = bench.errors(Method::POST, &path, typeless).await;
    assert!(told.contains("taskType"), "{told}");
    let task = bench.create(&path, task).await;
    bench.hands("clock", json!({"now": TIME})).await;
    let mut body = entry(&bench, 0).await;
    body["ticketID"] = Value::Null;
    body["taskID"] = json!(task);
    let id = bench.create("TimeEntries", body).await;
    assert_eq!(
        bench.item(&format!("TimeEntries/{id}")).await["timeEntryType"],
        6
    );
    for path in [format!("Tasks/{task}"), format!("Projects/{project}")] {
        assert_eq!(
            bench.item(&path).await["lastActivityDateTime"],
            TIME,
            "{path}"
        );
    }
    let (status, _) = bench
        .call(Method::DELETE, &format!("TimeEntries/{id}"), &Value::Null)
        .await;
    assert_eq!(status, StatusCode::OK);
    let logs = bench
        .rows(
            "DeletedTaskActivityLogs",
            json!([{"op": "eq", "field": "taskID", "value": task}]),
        )
        .await;
    assert_eq!((logs.len(), &logs[0]["typeID"]), (1, &json!(2)));
}

#[tokio::test]
async fn a_deleted_entry_leaves_a_log_that_does_not_say_which_it_was() {
    let bench = Bench::start().await;
    let ticket = bench.ticket("Slow").await;
    let id = bench
        .create("TimeEntries", entry(&bench, ticket).await)
        .await;
    let path = format!("TimeEntries/{id}");
    let (status, _) = bench.call(Method::DELETE, &path, &Value::Null).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(bench.item(&path).await, Value::Null);
    let logs = bench
        .rows(
            "DeletedTicketActivityLogs",
            json!([{"op": "eq", "field": "ticketID", "value": ticket}]),
        )
        .await;
    assert_eq!(logs.len(), 1);
    assert_eq!(
        (&logs[0]["typeID"], &logs[0]["hoursWorked"]),
        (&json!(2), &json!(1.25))
    );
    let says_which = logs[0].as_object().is_some_and(|log| {
        log.iter()
            .any(|(name, value)| name != "id" && *value == json!(id))
    });
    assert!(!says_which, "{}", logs[0]);
}

#[tokio::test]
async fn an_approved_entry_stays_as_it_is_until_the_approval_is_taken_back() {
    let bench = Bench::start().await;
    let ticket = bench.ticket("Slow").await;
    let id = bench
        .create("TimeEntries", entry(&bench, ticket).await)
        .await;
    let edit = |set: Value| json!({"entity": "TimeEntries", "id": id, "set": set});
    bench
        .hands("edit", edit(json!({"billingApprovalDateTime": TIME})))
        .await;
    let change = json!({"id": id, "hoursWorked": 9});
    let told = bench
        .errors(Method::PATCH, "TimeEntries", change.clone())
        .await;
    assert!(told.contains("approved"), "{told}");
    let told = bench
        .errors(Method::DELETE, &format!("TimeEntries/{id}"), Value::Null)
        .await;
    assert!(told.contains("approved"), "{told}");
    bench
        .hands("edit", edit(json!({"billingApprovalDateTime": null})))
        .await;
    let (status, answer) = bench.call(Method::PATCH, "TimeEntries", &change).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}
