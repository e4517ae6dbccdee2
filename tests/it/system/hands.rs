//! What people do at the screens of both systems, and what they see there.

use sandbox::{provider::Provider, screen::Screen};
use serde_json::{Value, json};

use super::{SOON, eventually};

/// The two systems' screens, and who sits before them.
#[derive(Debug, Clone)]
pub(crate) struct Hands {
    pub(crate) autotask: Screen,
    pub(crate) jim2: Screen,
    /// The provider's people who are still with it.
    pub(crate) people: Vec<Person>,
}

/// Somebody of the provider's.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) resource: i64,
    pub(crate) initials: String,
    pub(crate) last_name: String,
}

/// A ticket that was raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) id: i64,
    pub(crate) number: String,
}

impl Hands {
    pub(super) async fn new(autotask: &str, jim2: &str, provider: &Provider) -> Self {
        let (autotask, jim2) = (Screen::at(autotask), Screen::at(jim2));
        let resources = autotask.records("Resources", None).await.unwrap();
        let active = provider.technicians.iter().filter(|one| one.active);
        let people = active.map(|one| {
            let resource = resources.iter().find(|it| it["email"] == *one.email);
            Person {
                resource: resource.unwrap()["id"].as_i64().unwrap(),
                initials: one.initials.clone(),
                last_name: one.last.clone(),
            }
        });
        Self {
            people: people.collect(),
            autotask,
            jim2,
        }
    }

    /// Who usually does something.
    pub(crate) fn person(&self) -> &Person {
        &self.people[0]
    }

    /// A customer that has a cardfile: its number in Autotask, and its card's.
    pub(crate) async fn customer(&self) -> (i64, i64) {
        eventually(SOON, "a customer has a card", async || {
            let companies = self.autotask.records("Companies", None).await.unwrap();
            let mut paired = companies
                .iter()
                .filter(|one| one["companyType"] == 1 && !udf(one, "Jim2 CardNo").is_empty());
            let one = paired.next().ok_or("none has")?;
            let card = udf(one, "Jim2 CardNo").parse();
            Ok((one["id"].as_i64().unwrap(), card.unwrap()))
        })
        .await
    }

    /// Raises a ticket for a customer.
    pub(crate) async fn raise(&self, title: &str) -> Ticket {
        let (company, _) = self.customer().await;
        self.raise_with(json!({"companyID": company, "title": title}))
            .await
    }

    /// Raises a ticket with these values.
    pub(crate) async fn raise_with(&self, values: Value) -> Ticket {
        let mut set = json!({"description": "It began this morning.", "priority": 2, "ticketType": 1, "issueType": 10});
        merge(&mut set, values);
        let id = self.create_in_autotask("Tickets", set).await;
        let ticket = self.ticket(id).await;
        Ticket {
            id,
            number: text(&ticket, "ticketNumber"),
        }
    }

    pub(crate) async fn create_in_autotask(&self, entity: &str, set: Value) -> i64 {
        let body = json!({"entity": entity, "by": self.person().resource, "set": set});
        self.autotask.create(&body).await.unwrap().as_i64().unwrap()
    }

    pub(crate) async fn edit_in_autotask(&self, entity: &str, id: i64, set: Value) {
        let body = json!({"entity": entity, "id": id, "by": self.person().resource, "set": set});
        self.autotask.edit(&body).await.unwrap();
    }

    pub(crate) async fn delete_in_autotask(&self, entity: &str, id: i64) {
        let body = json!({"entity": entity, "id": id, "by": self.person().resource});
        self.autotask.delete(&body).await.unwrap();
    }

    /// Somebody makes a record in Jim2; its id, a number or like `10-2`.
    pub(crate) async fn create_in_jim2(&self, entity: &str, set: Value) -> String {
        let body = json!({"entity": entity, "by": self.person().initials, "set": set});
        let id = self.jim2.create(&body).await.unwrap();
        id.as_str().map_or_else(|| id.to_string(), str::to_owned)
    }

    pub(crate) async fn edit_in_jim2(&self, entity: &str, id: &str, set: Value) {
        let body = json!({"entity": entity, "id": id, "by": self.person().initials, "set": set});
        self.jim2.edit(&body).await.unwrap();
    }

    pub(crate) async fn delete_in_jim2(&self, entity: &str, id: &str) {
        let body = json!({"entity": entity, "id": id, "by": self.person().initials});
        self.jim2.delete(&body).await.unwrap();
    }

    pub(crate) async fn ticket(&self, id: i64) -> Value {
        let found = self.autotask.record("Tickets", &id.to_string()).await;
        found.unwrap().unwrap()
    }

    pub(crate) async fn job(&self, number: &str) -> Value {
        self.jim2.record("Job", number).await.unwrap().unwrap()
    }

    /// All jobs whose reference is this ticket's number, whatever their generation.
    pub(crate) async fn jobs_of(&self, ticket: &Ticket) -> Vec<Value> {
        let jobs = self.jim2.records("Job", None).await.unwrap();
        let is_of = |job: &Value| {
            let reference = text(job, "OurRef");
            reference.split('/').next() == Some(ticket.number.as_str())
        };
        jobs.into_iter().filter(is_of).collect()
    }

    /// Waits until the ticket has its one job and names it; the job's number.
    pub(crate) async fn job_of(&self, ticket: &Ticket, within: std::time::Duration) -> String {
        let what = format!("ticket {} has a job and names it", ticket.number);
        eventually(within, &what, async || {
            let jobs = self.jobs_of(ticket).await;
            let named = udf(&self.ticket(ticket.id).await, "Jim2 Job#");
            match jobs.as_slice() {
                [job] if text(job, "id") == named => Ok(named),
                jobs => Err(format!("{} jobs, and it names {named:?}", jobs.len())),
            }
        })
        .await
    }

    /// People finish a job, make it Ready and put it on an invoice; its number.
    pub(crate) async fn invoice(&self, job: &str) -> i64 {
        for status in ["Proceed", "Checked", "FINISH"] {
            self.edit_in_jim2("Job", job, json!({"status": status}))
                .await;
        }
        let by = &self.person().initials;
        let invoice = self.jim2.invoice(job.parse().unwrap(), by).await;
        invoice.unwrap().as_i64().unwrap()
    }

    /// The notes of a ticket.
    pub(crate) async fn notes(&self, ticket: &Ticket) -> Vec<Value> {
        let mut notes = self.autotask.records("TicketNotes", None).await.unwrap();
        notes.retain(|note| note["ticketID"] == ticket.id);
        notes
    }

    /// The comments on a job that say something.
    pub(crate) async fn comments(&self, job: &str) -> Vec<Value> {
        let mut comments = self.jim2.records("JobComment", None).await.unwrap();
        let prefix = format!("{job}-");
        comments
            .retain(|one| text(one, "id").starts_with(&prefix) && !text(one, "comment").is_empty());
        comments
    }

    /// How many writes both systems have taken from programs.
    pub(crate) async fn writes(&self) -> u64 {
        let mut writes = 0;
        for screen in [&self.autotask, &self.jim2] {
            let stats = screen.stats().await.unwrap();
            writes += stats["calls"]["writes"].as_u64().unwrap();
        }
        writes
    }
}

fn merge(into: &mut Value, values: Value) {
    let Value::Object(values) = values else {
        return;
    };
    for (name, value) in values {
        into[name] = value;
    }
}

/// A field as text; nothing is empty text.
pub(crate) fn text(record: &Value, field: &str) -> String {
    match &record[field] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            other.to_string()
        }
    }
}

/// A user-defined field as text.
pub(crate) fn udf(record: &Value, name: &str) -> String {
    let fields = record["userDefinedFields"].as_array().into_iter().flatten();
    let mut named = fields.filter(|field| field["name"] == name);
    named
        .next()
        .map_or_else(String::new, |field| text(field, "value"))
}

/// The first detail of this type of a card's contact.
pub(crate) fn detail(person: &Value, kind: &str) -> String {
    let details = person["details"].as_array().into_iter().flatten();
    let mut found = details.filter(|detail| text(detail, "type").eq_ignore_ascii_case(kind));
    found
        .next()
        .map_or_else(String::new, |detail| text(detail, "value"))
}
