//! What became of the work of completed tickets, as Autotask tells it.

use super::*;

/// A completed ticket with a job, on a site that finishes jobs.
async fn completed(site: &mut Site) -> RecordId {
    site.hands.settings.finishes = true;
    let ticket = site.ticket(json!({})).await;
    let done = json!({
        "entity": "Tickets", "id": ticket.number(), "set": {"status": 5}, "udf": {"Jim2 Job#": "5001"},
    });
    site.person(System::Autotask, "edit", done).await;
    ticket
}

impl Site {
    async fn finish(&self, ticket: &RecordId) -> String {
        let half = self.half(System::Autotask, ticket).await;
        half.fields["finish"].to_string()
    }

    async fn charge(&self, ticket: &RecordId) -> Json {
        let charge = json!({"entity": "TicketCharges", "set": {
            "ticketID": ticket.number(), "name": "Fuser", "unitQuantity": 1, "unitPrice": 80, "billingCodeID": 29_682_810,
            "isBillableToCompany": true, "chargeType": 1, "datePurchased": "2026-11-20T00:00:00Z",
        }});
        self.person(System::Autotask, "create", charge).await
    }

    async fn post(&self, entity: &str, id: &Json) -> Json {
        let deed = json!({"entity": entity, "id": id});
        self.person(System::Autotask, "post", deed).await
    }

    async fn carry(&self, item: &Json) {
        let set = json!({"webServiceDate": "2026-11-23T00:00:00Z"});
        let edit = json!({"entity": "BillingItems", "id": item, "set": set});
        self.person(System::Autotask, "edit", edit).await;
    }
}

#[tokio::test]
async fn a_ticket_waits_for_its_charges_to_be_posted_and_to_be_on_the_job() {
    let mut site = Site::start().await;
    let ticket = completed(&mut site).await;
    assert_eq!(site.finish(&ticket).await, "nothing");
    let charge = site.charge(&ticket).await;
    assert_eq!(site.finish(&ticket).await, "waits", "it is not posted");
    let item = site.post("TicketCharges", &charge).await;
    assert_eq!(site.finish(&ticket).await, "waits", "it is on no job");
    site.carry(&item).await;
    assert_eq!(site.finish(&ticket).await, "billed");
    site.charge(&ticket).await;
    assert_eq!(site.finish(&ticket).await, "waits", "there is one more");
}

#[tokio::test]
async fn a_ticket_waits_for_time_that_may_be_billed_and_for_no_other() {
    let mut site = Site::start().await;
    let ticket = completed(&mut site).await;
    let entry = |is_free: bool| {
        json!({"entity": "TimeEntries", "set": {
            "ticketID": ticket.number(), "resourceID": 29_682_885, "roleID": 29_683_387, "isNonBillable": is_free,
            "billingCodeID": 29_682_801, "startDateTime": "2026-11-19T22:00:00Z", "hoursWorked": 1, "summaryNotes": "Cleaned the fuser",
        }})
    };
    site.person(System::Autotask, "create", entry(true)).await;
    assert_eq!(site.finish(&ticket).await, "nothing");
    let billable = site.person(System::Autotask, "create", entry(false)).await;
    assert_eq!(site.finish(&ticket).await, "waits");
    let item = site.post("TimeEntries", &billable).await;
    site.carry(&item).await;
    assert_eq!(site.finish(&ticket).await, "billed");
}

#[tokio::test]
async fn what_was_posted_before_we_bill_keeps_no_job_open() {
    let mut site = Site::start().await;
    let ticket = completed(&mut site).await;
    let charge = site.charge(&ticket).await;
    site.post("TicketCharges", &charge).await;
    site.hands.settings.billing_from = Some("2099-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(site.finish(&ticket).await, "nothing");
}

#[tokio::test]
async fn nobody_looks_at_the_work_of_open_tickets_or_where_jobs_are_not_finished() {
    let mut site = Site::start().await;
    let done = completed(&mut site).await;
    let open = site.ticket(json!({})).await;
    let edit = json!({"entity": "Tickets", "id": open.number(), "udf": {"Jim2 Job#": "5002"}});
    site.person(System::Autotask, "edit", edit).await;
    let calls = site
        .calls(System::Autotask, async {
            assert_eq!(site.finish(&open).await, "open");
        })
        .await;
    assert_eq!(calls.values().sum::<i64>(), 2, "{calls:?}");
    let calls = site
        .calls(System::Autotask, async {
            site.half(System::Autotask, &done).await;
        })
        .await;
    assert_eq!(calls.values().sum::<i64>(), 5, "{calls:?}");
    site.hands.settings.finishes = false;
    let half = site.half(System::Autotask, &done).await;
    assert!(!half.fields.contains_key("finish"));
}
