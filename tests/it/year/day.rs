//! A day after the load: a 365th of the year's volume, by people on both sides, and what became of it.

use serde_json::{Value, json};

use super::{Played, site::Stage};
use crate::system::{Ticket, memory, text, udf};

/// Days of a year.
const DAYS: usize = 365;
/// Work types that have a stock code: remote and onsite.
const WORK_TYPES: [i64; 2] = [29_682_801, 29_682_802];
/// A material code that has one.
const HARDWARE: i64 = 29_682_810;
/// A role.
const ROLE: i64 = 29_683_387;

/// What is done on the day.
struct Day<'a> {
    stage: &'a Stage,
    tickets: Vec<Ticket>,
}

/// Plays it, at least one of everything.
pub(super) async fn play(stage: &Stage, played: &mut Played) {
    let begun = stage.begin("a day of changes").await;
    let of_day = |year: usize| (year / DAYS).max(1);
    let mut day = Day {
        stage,
        tickets: Vec::new(),
    };
    let earlier = day.open_tickets().await;
    for number in 0..of_day(stage.volume.tickets) {
        day.raise(number).await;
        day.touch(&earlier, number).await;
    }
    day.settle().await;
    let mut posted = Vec::new();
    for number in 0..of_day(stage.volume.entries) {
        let entry = day.work(number).await;
        if number % 3 == 0 {
            posted.push(("TimeEntries", entry));
        }
    }
    for number in posted.len()..of_day(stage.volume.items).max(posted.len() + 1) {
        posted.push(("TicketCharges", day.charge(number).await));
    }
    for (entity, id) in posted {
        let body = json!({"entity": entity, "id": id});
        stage
            .system
            .hands
            .autotask
            .act("post", &body)
            .await
            .unwrap();
    }
    day.reprice(of_day(stage.volume.wares)).await;
    stage.system.crossbill(&["sweep"]).await;
    day.settle().await;
    played
        .phases
        .push(stage.phase("a day of changes", begun).await);
    played.memory = played
        .memory
        .max(stage.system.with_process(|it| memory(it, "VmHWM")).unwrap());

    (stage.note)("comparing both systems once more");
    (played.agreements[1], _) = stage.agreement().await;
}

impl Day<'_> {
    async fn settle(&self) {
        self.stage
            .system
            .quiet_within(self.stage.plan.patience)
            .await;
    }

    /// Tickets that have jobs and are not complete: ticket and job.
    async fn open_tickets(&self) -> Vec<(i64, String)> {
        let tickets = self
            .stage
            .system
            .hands
            .autotask
            .records("Tickets", None)
            .await;
        let open = tickets
            .unwrap()
            .into_iter()
            .filter(|one| one["status"] != 5);
        open.filter_map(|one| Some((one["id"].as_i64()?, udf(&one, "Jim2 Job#"))))
            .filter(|(_, job)| !job.is_empty())
            .collect()
    }

    /// Somebody raises a ticket.
    async fn raise(&mut self, number: usize) {
        let hands = &self.stage.system.hands;
        self.tickets
            .push(hands.raise(&format!("Call {number} of the day")).await);
    }

    /// Somebody writes on a ticket of the year before, and somebody else changes a job.
    async fn touch(&self, earlier: &[(i64, String)], number: usize) {
        let hands = &self.stage.system.hands;
        let Some((ticket, job)) = earlier.get(number % earlier.len().max(1)) else {
            return;
        };
        let set = json!({
            "ticketID": ticket, "title": "News", "description": format!("News {number} of it"), "noteType": 1, "publish": 1,
        });
        hands.create_in_autotask("TicketNotes", set).await;
        let set = json!({"custRef": format!("PO {number}")});
        hands.edit_in_jim2("Job", job, set).await;
    }

    /// Somebody works on one of the day's tickets.
    async fn work(&self, number: usize) -> i64 {
        let hands = &self.stage.system.hands;
        let ticket = &self.tickets[number % self.tickets.len()];
        let set = json!({
            "ticketID": ticket.id, "resourceID": hands.person().resource, "roleID": ROLE,
            "billingCodeID": WORK_TYPES[number % WORK_TYPES.len()], "hoursWorked": 0.5,
            "startDateTime": "2026-11-22T22:00:00Z", "summaryNotes": format!("Did what was to be done, {number}"),
        });
        hands.create_in_autotask("TimeEntries", set).await
    }

    async fn charge(&self, number: usize) -> i64 {
        let hands = &self.stage.system.hands;
        let ticket = &self.tickets[number % self.tickets.len()];
        let set = json!({
            "ticketID": ticket.id, "name": format!("Part {number}"), "chargeType": 1, "billingCodeID": HARDWARE,
            "datePurchased": "2026-11-22", "unitQuantity": 2, "unitPrice": 12.345,
        });
        hands.create_in_autotask("TicketCharges", set).await
    }

    /// Prices of stock move.
    async fn reprice(&self, count: usize) {
        let hands = &self.stage.system.hands;
        let stock = hands.jim2.records("Stock", None).await.unwrap();
        let sold = stock
            .iter()
            .filter(|one: &&Value| text(one, "code").contains('.'))
            .skip(12);
        for (number, one) in sold.take(count).enumerate() {
            let set = json!({"price": format!("{}.5", 100 + number)});
            hands.edit_in_jim2("Stock", &text(one, "id"), set).await;
        }
    }
}
