//! Time entries and the labour on jobs. There are no webhooks for time: the tests tell of it themselves.

use domain::{Key, Kind};
use sandbox::fault::switch::Switch;
use serde_json::{Value, json};

use crate::system::{LATER, SOON, Site, System, Ticket, eventually, only_if, text, udf};

const TIME: Kind = Kind::new("time");

#[tokio::test(flavor = "multi_thread")]
async fn a_time_entry_becomes_a_line_of_labour_and_its_edit_and_deletion_follow() {
    let system = System::start(Site::default()).await;
    let ticket = system.hands.raise("The server is slow").await;
    let job = system.hands.job_of(&ticket, SOON).await;

    let entry = system.work(&ticket, json!({})).await;
    let line = system.labour(&job, &[("1:15", "Replaced the disk")]).await;
    assert_eq!(text(&line[0], "labourType"), "Remote");
    let initials = system.hands.person().initials.clone();
    assert_eq!(text(&line[0], "labourInit"), initials);

    let set = json!({"hoursWorked": 2, "summaryNotes": "Replaced both disks"});
    system
        .hands
        .edit_in_autotask("TimeEntries", entry, set)
        .await;
    system.tell(entry).await;
    system
        .labour(&job, &[("2:00", "Replaced both disks")])
        .await;

    system.hands.delete_in_autotask("TimeEntries", entry).await;
    system.tell(entry).await;
    system
        .labour(&job, &[("0:00", "removed in Autotask")])
        .await;
    system.tell(entry).await;
    system.quiet().await;
    system
        .labour(&job, &[("0:00", "removed in Autotask")])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_is_found_by_the_logs_and_the_job_of_a_deleted_ticket_is_told_of() {
    const HOW: &str = "time_deletions_autotask=3s, time_ticket_deletions_autotask=3s, ticket_deletions_autotask=3s";
    let system = System::connected(Site::default()).await;
    system.serve_with(&[("CROSSBILL_SWEEP", HOW)]).await;
    let (kept, lost) = (
        system.hands.raise("The server is slow").await,
        system.hands.raise("Raised by mistake").await,
    );
    let (job, orphan) = (
        system.hands.job_of(&kept, SOON).await,
        system.hands.job_of(&lost, SOON).await,
    );
    let entry = system.work(&kept, json!({})).await;
    system.work(&kept, json!({"summaryNotes": "Stays"})).await;
    system.work(&lost, json!({})).await;
    system
        .labour(&job, &[("1:15", "Replaced the disk"), ("1:15", "Stays")])
        .await;
    system
        .labour(&orphan, &[("1:15", "Replaced the disk")])
        .await;
    let nobody_tells = Switch::on("lost-webhook");
    system.hands.autotask.switch(&nobody_tells).await.unwrap();

    system.hands.delete_in_autotask("TimeEntries", entry).await;
    system.hands.delete_in_autotask("Tickets", lost.id).await;
    let gone = ("0:00", "removed in Autotask");
    system.labour(&job, &[gone, ("1:15", "Stays")]).await;
    system.labour(&orphan, &[gone]).await;
    let said = eventually(LATER * 2, "the job is told of", async || {
        let held = system.crossbill(&["held", "list"]).await;
        only_if(held.contains("not there any more"), &held).map(|()| held)
    })
    .await;
    let told = format!("was paired with {} in Autotask", lost.id);
    assert_eq!(said.matches(&told).count(), 1, "{said}");
    assert!(said.contains(&orphan), "{said}");
    system.quiet().await;
    assert_eq!(system.hands.jobs_of(&lost).await.len(), 1);
    let tickets = system
        .hands
        .autotask
        .records("Tickets", None)
        .await
        .unwrap();
    let again = tickets
        .iter()
        .filter(|it| it["title"] == "Raised by mistake");
    assert_eq!(again.count(), 0, "it is not made again");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_entries_that_say_the_same_are_two_lines_however_often_they_are_told() {
    let system = System::start(Site::default()).await;
    let ticket = system.hands.raise("The phone rang twice").await;
    let job = system.hands.job_of(&ticket, SOON).await;
    let first = system.work(&ticket, json!({})).await;
    let line = ("1:15", "Replaced the disk");
    system.labour(&job, &[line]).await;
    let second = system.work(&ticket, json!({})).await;
    system.labour(&job, &[line, line]).await;
    for _ in 0..2 {
        system.tell(first).await;
        system.tell(second).await;
    }
    system.quiet().await;
    system.labour(&job, &[line, line]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_entry_of_an_invoiced_job_goes_to_a_follow_on_job_and_nothing_else_opens_one() {
    let system = System::start(Site::default()).await;
    let ticket = system.hands.raise("The server is slow").await;
    let job = system.hands.job_of(&ticket, SOON).await;
    system.hands.invoice(&job).await;
    let set = json!({"status": 8});
    system
        .hands
        .edit_in_autotask("Tickets", ticket.id, set)
        .await;
    system.quiet().await;
    assert_eq!(
        system.hands.jobs_of(&ticket).await.len(),
        1,
        "a re-open opens none"
    );

    system.work(&ticket, json!({})).await;
    let next = eventually(LATER, "there is a follow-on job", async || {
        let jobs = system.hands.jobs_of(&ticket).await;
        let next = jobs.iter().map(|job| text(job, "id")).find(|it| *it != job);
        next.ok_or_else(|| format!("{} jobs", jobs.len()))
    })
    .await;
    system.labour(&next, &[("1:15", "Replaced the disk")]).await;
    system.labour(&job, &[]).await;
    eventually(SOON, "the ticket names both", async || {
        let ticket = system.hands.ticket(ticket.id).await;
        let named = udf(&ticket, "Jim2 Job#") == next && udf(&ticket, "Jim2 earlier jobs") == job;
        only_if(named, ticket)
    })
    .await;
    system
        .work(&ticket, json!({"summaryNotes": "And the other disk"}))
        .await;
    system
        .labour(
            &next,
            &[
                ("1:15", "Replaced the disk"),
                ("1:15", "And the other disk"),
            ],
        )
        .await;
    system.quiet().await;
    assert_eq!(system.hands.jobs_of(&ticket).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_gets_its_job_with_its_first_time() {
    let system = System::start(Site::default()).await;
    let (company, _) = system.hands.customer().await;
    let set = json!({"companyID": company, "title": "Disk is full", "ticketType": 5});
    let ticket = system.hands.raise_with(set).await;
    system.quiet().await;
    assert_eq!(system.hands.jobs_of(&ticket).await.len(), 0);
    system.work(&ticket, json!({})).await;
    let job = system.hands.job_of(&ticket, LATER).await;
    system.labour(&job, &[("1:15", "Replaced the disk")]).await;
}

impl System {
    /// Somebody enters an hour and a quarter on a ticket, and Crossbill hears of it.
    async fn work(&self, ticket: &Ticket, changes: Value) -> i64 {
        let mut set = json!({
            "ticketID": ticket.id, "resourceID": self.hands.person().resource, "roleID": 29_683_387,
            "billingCodeID": 29_682_801, "hoursWorked": 1.25, "startDateTime": "2026-11-22T22:00:00Z",
            "summaryNotes": "Replaced the disk",
        });
        for (name, value) in changes.as_object().cloned().unwrap_or_default() {
            set[name] = value;
        }
        let entry = self.hands.create_in_autotask("TimeEntries", set).await;
        self.tell(entry).await;
        entry
    }

    /// Tells of a change of a time entry, as a sweep does.
    async fn tell(&self, entry: i64) {
        self.tell_of(Key::new(TIME, domain::System::Autotask, entry))
            .await;
    }

    /// Waits until the labour of a job comes to these times and comments; the lines. That a record is gone which was just
    /// written about is not believed for a minute.
    async fn labour(&self, job: &str, expected: &[(&str, &str)]) -> Vec<Value> {
        eventually(LATER * 2, "the labour is as it was entered", async || {
            let mut lines = self.hands.jim2.records("JobLabour", None).await.unwrap();
            let prefix = format!("{job}-");
            lines.retain(|line| text(line, "id").starts_with(&prefix));
            let told = lines.iter().map(|line| {
                let (hours, minutes) = (&line["hours"], line["minutes"].as_i64().unwrap());
                (format!("{hours}:{minutes:02}"), text(line, "comment"))
            });
            let mut told: Vec<_> = told.collect();
            let mut wanted: Vec<_> = expected
                .iter()
                .map(|(time, said)| ((*time).to_owned(), (*said).to_owned()))
                .collect();
            told.sort();
            wanted.sort();
            if told == wanted {
                Ok(lines)
            } else {
                Err(format!("{told:?}"))
            }
        })
        .await
    }
}
