//! Many tickets that have jobs, and how Autotask told of them.

use std::{collections::BTreeMap, time::Duration};

use broker::{Delivery, Headers};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Stage, float};
use crate::{
    caller::{Caller, requests},
    it::system::{Call, udf},
    say::note,
};

/// People who work at once.
const PEOPLE: usize = 8;
/// Tickets beside the burst, whose jobs others write to.
const SPARE: usize = 8;
/// Long enough for any burst on a slow machine.
pub(crate) const PATIENCE: Duration = Duration::from_mins(10);

/// The tickets.
pub(crate) struct Burst {
    /// By Autotask's ids.
    pub(crate) tickets: Vec<i64>,
    /// The calls that told of each, once it was raised.
    pub(crate) calls: Vec<Call>,
    /// What ingress made of those calls.
    pub(crate) messages: Vec<Message>,
    /// Jobs of other tickets.
    pub(crate) spare: Vec<String>,
}

/// A message as it was on the queue.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) body: Bytes,
    pub(crate) headers: Headers,
}

impl From<Delivery> for Message {
    fn from(delivery: Delivery) -> Self {
        Self {
            body: delivery.body,
            headers: delivery.headers,
        }
    }
}

impl Burst {
    /// Raises the tickets, waits until all have their jobs, and has ingress tell of them once more.
    pub(super) async fn make(stage: &Stage) -> Self {
        let system = &stage.system;
        let process = stage.serve().await;
        system.doorway.open();
        drop(system.doorway.calls());
        let calls_before = calls(&system.hands.jim2.stats().await.unwrap());
        let began = Instant::now();
        let mut tickets = raise(stage, stage.scale.tickets + SPARE).await;
        system.quiet_within(PATIENCE).await;
        let took = began.elapsed().as_secs_f64();
        let spent = calls(&system.hands.jim2.stats().await.unwrap()) - calls_before;
        note(&format!(
            "{} new tickets have their jobs after {took:.1} s, {:.2} calls to Jim2 each",
            tickets.len(),
            spent / float(tickets.len())
        ));
        system.doorway.hold();
        stage.end(process).await;
        let told = created(system.doorway.calls());
        let jobs = jobs(
            &system
                .hands
                .autotask
                .records("Tickets", None)
                .await
                .unwrap(),
        );
        let spare = tickets.split_off(stage.scale.tickets);
        let calls: Vec<Call> = tickets.iter().map(|id| told[id].clone()).collect();
        Self {
            spare: spare.iter().map(|id| jobs[id].clone()).collect(),
            messages: taken_in(stage, &calls).await,
            tickets,
            calls,
        }
    }

    /// Somebody changes each of them: in the end every job has to be written to once.
    pub(crate) async fn change(&self, stage: &Stage, word: &str) {
        let hands = &stage.system.hands;
        stream::iter(&self.tickets)
            .for_each_concurrent(PEOPLE, async |id| {
                let set = json!({"purchaseOrderNumber": format!("{word}-{id}")});
                hands.edit_in_autotask("Tickets", *id, set).await;
            })
            .await;
    }
}

async fn raise(stage: &Stage, count: usize) -> Vec<i64> {
    let hands = &stage.system.hands;
    let (company, _) = hands.customer().await;
    let raised = stream::iter(0..count).map(async |number| {
        let set = json!({
            "companyID": company, "title": format!("Burst {number}"), "description": "It began this morning.",
            "priority": 2, "ticketType": 1, "issueType": 10,
        });
        hands.create_in_autotask("Tickets", set).await
    });
    raised.buffer_unordered(PEOPLE).collect().await
}

/// The calls that told of new tickets, by ticket.
fn created(calls: Vec<Call>) -> BTreeMap<i64, Call> {
    let keyed = |call: Call| {
        let body: Value = serde_json::from_slice(&call.body).unwrap();
        let is_new_ticket = body["Action"] == "Create" && body["EntityType"] == "Ticket";
        is_new_ticket.then(|| (body["Id"].as_i64().unwrap(), call))
    };
    calls.into_iter().filter_map(keyed).collect()
}

/// The job of each ticket.
fn jobs(tickets: &[Value]) -> BTreeMap<i64, String> {
    let keyed = |ticket: &Value| (ticket["id"].as_i64().unwrap(), udf(ticket, "Jim2 Job#"));
    tickets.iter().map(keyed).collect()
}

/// What ingress makes of the calls.
async fn taken_in(stage: &Stage, calls: &[Call]) -> Vec<Message> {
    let requests = requests(calls);
    let process = stage.take_in(&[], &requests[0]).await;
    let mut caller = Caller::to(stage.ingress()).await.unwrap();
    for request in requests.iter() {
        assert_eq!(caller.call(request).await.status, 202);
    }
    drop(caller);
    let (_, messages) = stage.drain(calls.len()).await;
    stage.end(process).await;
    messages
}

fn calls(stats: &Value) -> f64 {
    stats["calls"]["total"].as_f64().unwrap()
}
