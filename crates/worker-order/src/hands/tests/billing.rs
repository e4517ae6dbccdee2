//! What became of the work of orders, as Autotask tells it.

use super::*;

/// Another company, which pays for a part.
const OTHER_ID: i64 = 175;

impl Site {
    async fn finish(&self, order: Order) -> String {
        let ids = [RecordId::from(order)];
        let halves = self.hands.read(System::Autotask, &ids).await.unwrap();
        halves[0].fields["finish"].to_string()
    }

    async fn complete(&self, entity: &str, id: i64) {
        let edit = json!({"entity": entity, "id": id, "set": {"status": 5}});
        self.does("edit", edit).await;
    }

    /// A charge of $80 on a ticket or a project.
    async fn charge(&self, entity: &str, column: &str, id: i64) -> i64 {
        let mut set = json!({
            "name": "Rack", "unitQuantity": 1, "unitPrice": 80, "billingCodeID": 29_682_810,
            "isBillableToCompany": true, "chargeType": 1, "datePurchased": "2026-11-20T00:00:00Z",
        });
        set[column] = id.into();
        self.makes(entity, set).await
    }

    async fn post(&self, entity: &str, id: i64) -> i64 {
        let posted = self.does("post", json!({"entity": entity, "id": id})).await;
        posted["id"].as_i64().unwrap()
    }

    async fn carry(&self, item: i64) {
        let set = json!({"webServiceDate": "2026-11-23T00:00:00Z"});
        let edit = json!({"entity": "BillingItems", "id": item, "set": set});
        self.does("edit", edit).await;
    }
}

#[tokio::test]
async fn a_project_waits_for_its_charges_and_for_the_time_on_its_tasks() {
    let site = Site::start().await;
    let set = json!({"companyID": COMPANY_ID, "projectName": "Office move"});
    let project = order(OrderFor::Project, site.makes("Projects", set).await);
    let task = json!({"projectID": project.id, "title": "Cabling"});
    let task = site.makes("Tasks", task).await;
    assert_eq!(site.finish(project).await, "open", "it goes on");
    site.complete("Projects", project.id).await;
    assert_eq!(site.finish(project).await, "nothing");
    let charge = site.charge("ProjectCharges", "projectID", project.id).await;
    assert_eq!(site.finish(project).await, "waits", "it is not posted");
    let item = site.post("ProjectCharges", charge).await;
    assert_eq!(site.finish(project).await, "waits", "it is on no job");
    site.carry(item).await;
    assert_eq!(site.finish(project).await, "billed");
    let entry = json!({
        "taskID": task, "resourceID": 29_682_885, "roleID": 29_683_387, "billingCodeID": 29_682_801,
        "startDateTime": "2026-11-19T22:00:00Z", "hoursWorked": 1, "summaryNotes": "Cabled",
    });
    let entry = site.makes("TimeEntries", entry).await;
    assert_eq!(site.finish(project).await, "waits", "there is time");
    let item = site.post("TimeEntries", entry).await;
    site.carry(item).await;
    assert_eq!(site.finish(project).await, "billed");
}

#[tokio::test]
async fn each_payer_of_a_ticket_waits_for_its_own_items_and_for_what_is_nobodys_yet() {
    let site = Site::start().await;
    let set = json!({"companyID": COMPANY_ID, "title": "Slow"});
    let ticket = site.makes("Tickets", set).await;
    let theirs = Order {
        payer: OTHER_ID,
        ..order(OrderFor::Ticket, ticket)
    };
    site.complete("Tickets", ticket).await;
    let own = site.charge("TicketCharges", "ticketID", ticket).await;
    assert_eq!(site.finish(theirs).await, "waits", "nobody's yet");
    site.post("TicketCharges", own).await;
    assert_eq!(site.finish(theirs).await, "nothing", "somebody else's");
    let contract = site.makes("Contracts", json!({
        "companyID": COMPANY_ID, "billToCompanyID": OTHER_ID, "contractName": "Group", "contractType": 1, "status": 1,
        "timeReportingRequiresStartAndStopTimes": 0, "startDate": "2026-01-01T00:00:00Z", "endDate": "2027-12-31T00:00:00Z",
    }));
    let set = json!({"contractID": contract.await});
    let under = json!({"entity": "Tickets", "id": ticket, "set": set});
    site.does("edit", under).await;
    let other = site.charge("TicketCharges", "ticketID", ticket).await;
    let item = site.post("TicketCharges", other).await;
    assert_eq!(site.finish(theirs).await, "waits");
    site.carry(item).await;
    assert_eq!(site.finish(theirs).await, "billed");
}

#[tokio::test]
async fn the_order_of_an_invoice_waits_for_all_of_its_items() {
    let site = Site::start().await;
    let set = json!({"companyID": COMPANY_ID, "title": "Slow"});
    let ticket = site.makes("Tickets", set).await;
    let mut items = Vec::new();
    for _ in 0..2 {
        let charge = site.charge("TicketCharges", "ticketID", ticket).await;
        items.push(site.post("TicketCharges", charge).await);
    }
    let invoice = site.does("invoice", json!({"company": COMPANY_ID})).await;
    let invoice = order(OrderFor::Invoice, invoice["id"].as_i64().unwrap());
    for (item, expected) in items.into_iter().zip(["waits", "billed"]) {
        assert_eq!(site.finish(invoice).await, "waits");
        site.carry(item).await;
        assert_eq!(site.finish(invoice).await, expected);
    }
}

#[tokio::test]
async fn nobody_looks_at_work_where_jobs_are_not_finished() {
    let mut site = Site::start().await;
    site.hands.settings.finishes = false;
    let set = json!({"companyID": COMPANY_ID, "projectName": "Office move"});
    let project = order(OrderFor::Project, site.makes("Projects", set).await);
    site.complete("Projects", project.id).await;
    let ids = [RecordId::from(project)];
    let halves = site.hands.read(System::Autotask, &ids).await.unwrap();
    assert!(!halves[0].fields.contains_key("finish"));
}

#[tokio::test]
async fn a_job_goes_on_by_a_step_that_its_workflow_has() {
    let site = Site::start().await;
    let act = site.act(order(OrderFor::Project, 12)).await;
    let job = site.hands.perform(&act).await.unwrap().unwrap();
    assert_eq!(site.job(&job).await.fields["finish"], "open".into());
    for status in ["Proceed", "Checked", "FINISH"] {
        let update = Act::Update {
            on: System::Jim2,
            id: job.clone(),
            fields: Fields::from([("status".to_owned(), status.into())]),
        };
        site.hands.perform(&update).await.unwrap();
    }
    assert_eq!(site.job(&job).await.fields["finish"], "finished".into());
}
