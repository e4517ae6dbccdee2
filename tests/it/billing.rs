//! What is posted in Autotask, and the lines on jobs. There are no webhooks for it: the tests sweep.

use sandbox::fault::switch::Switch;
use serde_json::{Value, json};

use crate::system::{LATER, SOON, Site, System, eventually, only_if, text};

/// The material code for hardware.
const HARDWARE: i64 = 29_682_810;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_posted_becomes_one_line_and_a_later_item_of_an_invoiced_job_opens_the_next() {
    let system = billing().await;
    let ticket = system.hands.raise("The printer is on fire").await;
    let job = system.hands.job_of(&ticket, SOON).await;
    let set =
        json!({"ticketID": ticket.id, "name": "Toner", "unitQuantity": 3, "unitPrice": 12.345});
    let charge = system.charge("TicketCharges", set).await;
    let item = system.posted("TicketCharges", charge).await;
    system.sweep().await;
    let lines = system.lines(&job, &["3 x 12.345"]).await;
    assert!(text(&lines[0], "description").starts_with("Toner"));
    system.is_marked(item, "the line was read back").await;

    let taken_back = json!({"item": item});
    system
        .hands
        .autotask
        .act("unpost", &taken_back)
        .await
        .unwrap();
    let again = system.posted("TicketCharges", charge).await;
    assert_ne!(item, again);
    for _ in 0..2 {
        system.sweep().await;
    }
    system.is_marked(again, "it is the same line").await;
    system.lines(&job, &["3 x 12.345"]).await;

    system.hands.invoice(&job).await;
    let set = json!({"ticketID": ticket.id, "name": "Fuser", "unitQuantity": 1, "unitPrice": 149});
    let late = system.charge("TicketCharges", set).await;
    let late = system.posted("TicketCharges", late).await;
    system.sweep().await;
    let next = eventually(LATER, "there is a follow-on job", async || {
        let jobs = system.hands.jobs_of(&ticket).await;
        let next = jobs.iter().map(|job| text(job, "id")).find(|it| *it != job);
        next.ok_or_else(|| format!("{} jobs", jobs.len()))
    })
    .await;
    system.lines(&next, &["1 x 149"]).await;
    system
        .is_marked(late, "its line is on the follow-on job")
        .await;
    system.lines(&job, &["3 x 12.345"]).await;
    let invoice: i64 = eventually(SOON, "the ticket names its invoice", async || {
        let ticket = system.hands.ticket(ticket.id).await;
        let invoice = crate::system::udf(&ticket, "Jim2 invoice#");
        invoice.parse().map_err(|_| ticket.to_string())
    })
    .await;
    let all_of_it = json!({"invoice": invoice});
    system.hands.jim2.act("pay", &all_of_it).await.unwrap();
    let told = system.ties_out(2).await;
    assert_eq!(
        told["total"]["posted"],
        json!({"ex": "186.04", "inc": "204.64"})
    );
    assert_eq!(
        told["total"]["invoiced"]["ex"], "37.04",
        "the second is still on a job"
    );
    assert_eq!(told["total"]["paid"]["inc"], "40.74");

    let nobody_sweeps = json!({"item": late});
    let taken_back = system.hands.autotask.act("unpost", &nobody_sweeps);
    taken_back.await.unwrap();
    let told = system.try_crossbill(&["tieout"]).await;
    assert_eq!(told.code, Some(1), "{}", told.stdout);
    let words = "for which nothing is posted in Autotask";
    assert!(told.stdout.contains(words), "{}", told.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_back_with_nobody_telling_empties_its_line_and_many_that_are_hidden_are_one_sentence()
 {
    let often =
        "billing_taken_back_autotask=3s, company_absent_autotask=3s, company_absent_jim2=off";
    let system = billing_swept(&[("CROSSBILL_SWEEP", often)]).await;
    let ticket = system.hands.raise("The printer is on fire").await;
    let job = system.hands.job_of(&ticket, SOON).await;
    let set = json!({"ticketID": ticket.id, "name": "Toner", "unitQuantity": 3, "unitPrice": 12});
    let charge = system.charge("TicketCharges", set).await;
    let item = system.posted("TicketCharges", charge).await;
    system.sweep().await;
    system.is_marked(item, "its line is on the job").await;
    // What is written is remembered, so that nothing of it is younger than what follows.
    system.quiet().await;
    let taken_back = json!({"item": item});
    let taken_back = system.hands.autotask.act("unpost", &taken_back);
    taken_back.await.unwrap();
    // What was written ten minutes ago may not be told yet.
    let later = "update pair set created_at = created_at - interval '1 hour',
                     written_at = written_at - interval '1 hour'";
    system.database.execute(later).await;
    let lines = system.lines(&job, &["0 x 0"]).await;
    assert!(text(&lines[0], "description").starts_with("Taken back in Autotask"));

    system.quiet().await;
    let hidden = Switch::on("hidden").set_to("Companies");
    system.hands.autotask.switch(&hidden).await.unwrap();
    let more = "insert into pair (id, kind, autotask_id, jim2_id, state, created_at)
                select gen_random_uuid(), 'company', (900000 + n)::text, (900000 + n)::text, 'paired', now() - interval '1 hour'
                from generate_series(1, 300) as n";
    system.database.execute(more).await;
    let words = "companies are not told any more by Autotask: was a permission or line of business";
    let told = eventually(LATER, "a person is asked", async || {
        let status = system.crossbill(&["status"]).await;
        let mut told = status.lines().filter(|line| line.contains(words));
        told.next().map(str::to_owned).ok_or(status.clone())
    })
    .await;
    assert!(told.contains("resume --release company"), "{told}");
    let published =
        "select count(*) from untold where kind = 'company' and published_at is not null";
    assert_eq!(system.database.count(published).await, 0);
    assert_eq!(system.database.count("select count(*) from held").await, 0);
    assert_eq!(
        system.crossbill(&["status"]).await.matches(words).count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_the_job_of_a_completed_ticket_is_finished_once_all_of_it_is_billed() {
    let at_once = [("finish_after_hours", "0"), ("zero_jobs_after_hours", "0")];
    let system = carrying(&at_once, &[]).await;
    let (charged, free) = (
        system.hands.raise("The printer is on fire").await,
        system.hands.raise("It is on fire again").await,
    );
    let job = system.hands.job_of(&charged, SOON).await;
    let without = system.hands.job_of(&free, SOON).await;
    let set = json!({"ticketID": charged.id, "name": "Toner", "unitQuantity": 1, "unitPrice": 80});
    let charge = system.charge("TicketCharges", set).await;
    for ticket in [&charged, &free] {
        let done = json!({"status": 5});
        system
            .hands
            .edit_in_autotask("Tickets", ticket.id, done)
            .await;
    }
    system
        .stands_on(&without, "FINISH", "nothing is to be invoiced")
        .await;
    system.quiet().await;
    system
        .stands_on(&job, "Checked", "its charge is not posted")
        .await;
    let nothing = ["pairs", "list", "--nothing-to-invoice"];
    let listed = system.crossbill(&nothing).await;
    assert!(
        listed.contains(&free.number) && !listed.contains(&charged.number),
        "{listed}"
    );

    let item = system.posted("TicketCharges", charge).await;
    system.sweep().await;
    system.holds_up("80.00").await;
    system
        .stands_on(&job, "Checked", "its charge has no stock code")
        .await;
    system.sells_parts().await;
    system.is_marked(item, "its line is on the job").await;
    system.holds_up_nothing("80.00").await;
    system.crossbill(&["sweep", "ticket"]).await;
    system.stands_on(&job, "FINISH", "all is billed").await;
    system.quiet().await;
    system.lines(&job, &["1 x 80"]).await;
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_has_one_job_for_its_time_and_charges_and_an_invoice_one_for_its_services() {
    let system = billing().await;
    let (company, _) = system.hands.customer().await;
    let project = system.project_with_time(company).await;
    let set = json!({"projectID": project, "name": "Cable", "unitQuantity": 2, "unitPrice": 90});
    let charge = system.charge("ProjectCharges", set).await;
    let item = system.posted("ProjectCharges", charge).await;
    system.sweep().await;
    let job = system.job_named(&format!("P{project}@{company}/1")).await;
    system.lines(&job, &["2 x 90"]).await;
    system
        .is_marked(item, "its line is on the project's job")
        .await;
    eventually(LATER, "the labour is on the same job", async || {
        let lines = system.hands.jim2.records("JobLabour", None).await.unwrap();
        let own = lines
            .iter()
            .filter(|line| text(line, "id").starts_with(&format!("{job}-")));
        only_if(own.count() == 1, format!("{lines:?}"))
    })
    .await;

    let contract = system.managed_desks(company).await;
    let set =
        json!({"contractID": contract, "name": "Licences", "unitQuantity": 10, "unitPrice": 22.5});
    let charge = system.charge("ContractCharges", set).await;
    let item = system.posted("ContractCharges", charge).await;
    system.sweep().await;
    system.quiet().await;
    assert_eq!(
        system.jobs_of_invoices().await,
        0,
        "it waits for its invoice"
    );
    let body = json!({"company": company, "attach": 1});
    let made = system.hands.autotask.act("invoice", &body).await.unwrap();
    let invoice = made["id"].as_i64().unwrap();
    system.sweep().await;
    let body = json!({"invoice": invoice, "items": 10});
    system.hands.autotask.act("attach", &body).await.unwrap();
    let job = system.job_named(&format!("I{invoice}@{company}/1")).await;
    system.sweep().await;
    system.lines(&job, &["10 x 22.5"]).await;
    system
        .is_marked(item, "its line is on the invoice's job")
        .await;

    let project = system.job_named(&format!("P{project}@{company}/1")).await;
    let mut numbers = Vec::new();
    for job in [&project, &job] {
        numbers.push(system.hands.invoice(job).await);
    }
    let named = numbers.iter().map(i64::to_string).collect::<Vec<_>>();
    system
        .told_of(invoice, "invoiceNumber", &named.join(", "))
        .await;
    for (paid, number) in numbers.iter().enumerate() {
        let told = system.invoice(invoice).await;
        assert_eq!(told["paidDate"], Value::Null, "{paid} of two are paid");
        let body = json!({"invoice": number});
        system.hands.jim2.act("pay", &body).await.unwrap();
        system.quiet().await;
    }
    eventually(LATER, "both are paid", async || {
        let told = system.invoice(invoice).await;
        only_if(!told["paidDate"].is_null(), told)
    })
    .await;
    system.ties_out(2).await;
}

/// A site that carries billing from its beginning on.
async fn billing() -> System {
    billing_swept(&[]).await
}

/// The same with these settings.
async fn billing_swept(settings: &[(&'static str, &str)]) -> System {
    let system = carrying(&[], settings).await;
    system.sells_parts().await;
    system
}

/// A site that carries billing, before anybody said what hardware is sold as. All is chosen before anything runs: roles
/// take in what is chosen later only when they look again.
async fn carrying(chosen: &[(&str, &str)], settings: &[(&'static str, &str)]) -> System {
    let system = System::connected(Site::default()).await;
    let from = ("billing_from", "2026-01-01T00:00:00Z");
    for (name, value) in [("billing_by", "ours"), from].iter().chain(chosen) {
        system.crossbill(&["settings", "set", name, value]).await;
    }
    system.serve_with(settings).await;
    system.settle().await;
    system
}

impl System {
    /// Somebody says what hardware is sold as.
    async fn sells_parts(&self) {
        let code = HARDWARE.to_string();
        let set = ["lookups", "set", "billingCodeStock", "autotask", &code];
        self.crossbill(&[&set[..], &["PARTS"]].concat()).await;
    }

    /// Waits until an item is held, and all that tell of money tell this.
    async fn holds_up(&self, dollars: &str) {
        let told = format!("${dollars} ex GST");
        eventually(LATER, "the item is held with its money", async || {
            let list = self.crossbill(&["held", "list"]).await;
            only_if(list.contains(&told), list)
        })
        .await;
        let items = ["held", "list", "--items", "--json"];
        let items: Value = serde_json::from_str(&self.crossbill(&items).await).unwrap();
        let id = text(&items[0], "id");
        for command in [&["held", "show", &id][..], &["status"]] {
            let said = self.crossbill(command).await;
            assert!(said.contains(&told), "{said}");
        }
        self.metric_is("crossbill_held_dollars", dollars.parse().unwrap())
            .await;
    }

    /// Waits until nothing is held, and nobody tells of this money any more.
    async fn holds_up_nothing(&self, dollars: &str) {
        self.metric_is("crossbill_held_dollars", 0.0).await;
        for command in [
            &["held", "list"][..],
            &["held", "list", "--items"],
            &["status"],
        ] {
            let said = self.crossbill(command).await;
            assert!(!said.contains(dollars), "{said}");
        }
    }

    /// Waits until a number of the process is this.
    async fn metric_is(&self, name: &str, expected: f64) {
        eventually(LATER, "the metric follows", async || {
            let told = self.metric(name).await;
            let is_it = told.is_some_and(|told| (told - expected).abs() < 0.005);
            only_if(is_it, format!("{name} is {told:?}"))
        })
        .await;
    }

    /// A project on which somebody has worked for an hour and a quarter.
    async fn project_with_time(&self, company: i64) -> i64 {
        let set = json!({"companyID": company, "projectName": "Office move"});
        let project = self.hands.create_in_autotask("Projects", set).await;
        let set = json!({"projectID": project, "title": "Cabling"});
        let task = self.hands.create_in_autotask("Tasks", set).await;
        let set = json!({
            "taskID": task, "resourceID": self.hands.person().resource, "roleID": 29_683_387,
            "billingCodeID": 29_682_801, "hoursWorked": 1.25, "startDateTime": "2026-11-22T22:00:00Z",
            "summaryNotes": "Laid the cables",
        });
        self.hands.create_in_autotask("TimeEntries", set).await;
        self.crossbill(&["sweep", "time"]).await;
        project
    }

    /// A contract for services.
    async fn managed_desks(&self, company: i64) -> i64 {
        let set = json!({
            "companyID": company, "contractName": "Managed desks", "contractType": 7, "status": 1,
            "timeReportingRequiresStartAndStopTimes": 0, "startDate": "2026-01-01T00:00:00Z", "endDate": "2027-12-31T00:00:00Z",
        });
        self.hands.create_in_autotask("Contracts", set).await
    }

    /// Somebody enters a charge.
    async fn charge(&self, entity: &str, mut set: Value) -> i64 {
        set["billingCodeID"] = HARDWARE.into();
        set["isBillableToCompany"] = true.into();
        set["chargeType"] = 1.into();
        set["datePurchased"] = "2026-11-20T00:00:00Z".into();
        self.hands.create_in_autotask(entity, set).await
    }

    /// Finance approves and posts it; the billing item.
    async fn posted(&self, entity: &str, id: i64) -> i64 {
        let body = json!({"entity": entity, "id": id});
        let made = self.hands.autotask.act("post", &body).await.unwrap();
        made["id"].as_i64().unwrap()
    }

    async fn sweep(&self) {
        self.crossbill(&["sweep", "billing"]).await;
    }

    /// All that was posted is accounted for, by the program's own comparison and by somebody who knows nothing of it.
    async fn ties_out(&self, items: usize) -> Value {
        let told = self.crossbill(&["tieout"]).await;
        assert!(told.contains("All is explained."), "{told}");
        let told: Value =
            serde_json::from_str(&self.crossbill(&["tieout", "--json"]).await).unwrap();
        let verdicts = told["items"].as_array().unwrap().iter();
        let verdicts: Vec<&Value> = verdicts.map(|item| &item["verdict"]).collect();
        assert_eq!(verdicts, vec!["matched"; items], "{told:#}");
        let sheet = self.crossbill(&["tieout", "--csv"]).await;
        assert_eq!(sheet.lines().count(), items + 1, "{sheet}");
        let agreement = self.agreement().await;
        let of_billing = agreement.findings.iter();
        let of_billing = of_billing.filter(|finding| finding.record.contains("marked [AT"));
        assert_eq!(
            of_billing.collect::<Vec<_>>(),
            Vec::<&sandbox::check::Finding>::new()
        );
        assert_eq!(agreement.compared["billing"], items);
        told
    }

    /// Waits until a job has lines of just these quantities and prices; the lines.
    async fn lines(&self, job: &str, expected: &[&str]) -> Vec<Value> {
        eventually(LATER * 2, "the lines are as they were posted", async || {
            let mut lines = self.hands.jim2.records("JobStock", None).await.unwrap();
            let prefix = format!("{job}-");
            lines.retain(|line| text(line, "id").starts_with(&prefix));
            let plain = |line: &Value, name: &str| {
                let number: rust_decimal::Decimal = text(line, name).parse().unwrap();
                number.normalize()
            };
            let told = lines
                .iter()
                .map(|line| format!("{} x {}", plain(line, "qty"), plain(line, "unitPriceTF")));
            let mut told: Vec<_> = told.collect();
            told.sort();
            if told == expected {
                Ok(lines)
            } else {
                Err(format!("{told:?}"))
            }
        })
        .await
    }

    /// Waits until a job has this status.
    async fn stands_on(&self, job: &str, status: &str, why: &str) {
        eventually(LATER, why, async || {
            let job = self.hands.job(job).await;
            only_if(text(&job, "Status") == status, job)
        })
        .await;
    }

    /// Waits until an item says that it was carried.
    async fn is_marked(&self, item: i64, why: &str) {
        let id = item.to_string();
        eventually(LATER, why, async || {
            let item = self.hands.autotask.record("BillingItems", &id).await;
            let item = item.unwrap().unwrap();
            only_if(!item["webServiceDate"].is_null(), item)
        })
        .await;
    }

    /// An invoice of Autotask's.
    async fn invoice(&self, invoice: i64) -> Value {
        let id = invoice.to_string();
        let told = self.hands.autotask.record("Invoices", &id).await;
        told.unwrap().unwrap()
    }

    /// Waits until Autotask's invoice says this in a field.
    async fn told_of(&self, invoice: i64, field: &str, expected: &str) {
        eventually(LATER, "Jim2's invoices are told", async || {
            let told = self.invoice(invoice).await;
            only_if(text(&told, field) == expected, told)
        })
        .await;
    }

    /// The job with this reference, once there is one.
    async fn job_named(&self, our_ref: &str) -> String {
        eventually(LATER, "the order has a job", async || {
            let jobs = self.hands.jim2.records("Job", None).await.unwrap();
            let mut named = jobs.iter().filter(|job| text(job, "OurRef") == our_ref);
            let job = named.next().map(|job| text(job, "id"));
            job.ok_or_else(|| {
                let refs = jobs.iter().map(|job| text(job, "OurRef"));
                format!("none of {:?} is {our_ref}", refs.collect::<Vec<_>>())
            })
        })
        .await
    }

    async fn jobs_of_invoices(&self) -> usize {
        let jobs = self.hands.jim2.records("Job", None).await.unwrap();
        let named = jobs
            .iter()
            .filter(|job| text(job, "OurRef").starts_with('I'));
        named.count()
    }
}
