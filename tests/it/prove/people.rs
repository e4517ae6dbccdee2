//! What people of both sides do, by chance.

use std::collections::BTreeMap;

use domain::System as Side;
use rand::{Rng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use super::{
    ledger::{Ledger, Place},
    worlds,
};
use crate::system::{Hands, LATER, System, eventually, only_if, text, udf};

/// The most tickets that are deleted: of more at once Crossbill asks a person first.
const DELETED: usize = 6;
/// The most tickets with an issue type that nobody mapped.
const UNMAPPED: usize = 20;
/// The issue type that stands for nothing.
const TELEPHONY: i64 = 15;
/// The most tickets that are worked on at a time.
const DESK: usize = 200;
/// The way of a job's status, and back.
const WALK: [(&str, &str); 4] = [
    ("Booked", "Proceed"),
    ("Proceed", "Parts"),
    ("Parts", "Proceed"),
    ("Checked", "Proceed"),
];

/// The people, and what they know of.
pub(super) struct People {
    hands: Hands,
    /// Companies and their cards.
    companies: Vec<(i64, String)>,
    /// Contacts and their persons.
    contacts: Vec<(i64, String)>,
    /// Tickets by number of record, with the number that people know.
    tickets: BTreeMap<i64, String>,
    /// The jobs of tickets, as far as anybody has seen them.
    jobs: BTreeMap<String, String>,
    last_job: i64,
    /// Tickets that were deleted, with the number that people know.
    pub(super) deleted: BTreeMap<i64, String>,
    unmapped: usize,
}

impl People {
    pub(super) async fn meet(system: &System) -> Self {
        let hands = system.hands.clone();
        let companies = hands.autotask.records("Companies", None).await.unwrap();
        let contacts = hands.autotask.records("Contacts", None).await.unwrap();
        Self {
            companies: companies
                .iter()
                .filter(|it| it["companyType"] == 1 && it["isActive"] == true)
                .map(|it| (it["id"].as_i64().unwrap(), udf(it, "Jim2 CardNo")))
                .filter(|(_, card)| !card.is_empty())
                .collect(),
            contacts: contacts
                .iter()
                .filter(|it| it["isActive"] == 1)
                .map(|it| (it["id"].as_i64().unwrap(), text(it, "externalID")))
                .filter(|(_, person)| person.contains('-'))
                .collect(),
            hands,
            tickets: BTreeMap::new(),
            jobs: BTreeMap::new(),
            last_job: 0,
            deleted: BTreeMap::new(),
            unmapped: 0,
        }
    }

    /// So many changes, one after the other.
    pub(super) async fn work(
        &mut self,
        ledger: &mut Ledger,
        random: &mut ChaCha8Rng,
        changes: usize,
    ) {
        self.look_for_jobs().await;
        let until = ledger.changes() + changes;
        while ledger.changes() < until {
            match random.random_range(0..100) {
                0..16 => self.raise(ledger, random).await,
                16..18 => self.newcomer(ledger, random).await,
                18..19 => self.delete(ledger, random).await,
                19..49 => self.purchase_order(ledger, random).await,
                49..57 => self.company_name(ledger, random).await,
                57..65 => self.contact_title(ledger, random).await,
                65..80 => self.note(ledger, random).await,
                _ => self.walk(ledger, random).await,
            }
        }
    }

    async fn raise(&mut self, ledger: &mut Ledger, random: &mut ChaCha8Rng) {
        let (company, _) = *self.companies.choose(random).unwrap();
        let is_unmapped = self.unmapped < UNMAPPED && random.random_bool(0.05);
        let issue = if is_unmapped {
            TELEPHONY
        } else {
            random.random_range(11..=14)
        };
        let word = ledger.word();
        let set = json!({
            "companyID": company, "issueType": issue, "priority": 2, "ticketType": 1,
            "title": format!("Something broke {word}"), "description": "It began this morning.",
        });
        let id = self.hands.create_in_autotask("Tickets", set).await;
        if is_unmapped {
            self.unmapped += 1;
            ledger.did("tickets that nobody can map");
            return;
        }
        let number = text(&self.hands.ticket(id).await, "ticketNumber");
        if self.tickets.len() >= DESK {
            self.tickets.pop_first();
        }
        self.tickets.insert(id, number);
        ledger.did("tickets");
    }

    async fn newcomer(&mut self, ledger: &mut Ledger, random: &mut ChaCha8Rng) {
        let word = ledger.word();
        if random.random_bool(0.5) {
            let set = json!({
                "companyName": format!("Newcomer {word} Pty Ltd"), "companyType": 1, "phone": "02 5550 4711",
                "ownerResourceID": self.hands.person().resource, "isActive": true, "address1": "7 Garden Way",
                "city": "Berry", "state": "NSW", "postalCode": "2535", "countryID": 13,
            });
            self.hands.create_in_autotask("Companies", set).await;
            ledger.did("companies");
        } else {
            let (company, _) = *self.companies.choose(random).unwrap();
            let set = json!({
                "companyID": company, "firstName": "Ines", "lastName": format!("Warrigal {word}"),
                "emailAddress": format!("{word}@wattle.example"), "isActive": 1,
            });
            self.hands.create_in_autotask("Contacts", set).await;
            ledger.did("contacts");
        }
    }

    async fn delete(&mut self, ledger: &mut Ledger, random: &mut ChaCha8Rng) {
        let with_job = self.with_job();
        let Some((id, _)) = with_job
            .choose(random)
            .filter(|_| self.deleted.len() < DELETED)
        else {
            return;
        };
        let number = self.tickets.remove(id).unwrap();
        ledger.word();
        self.hands.delete_in_autotask("Tickets", *id).await;
        self.deleted.insert(*id, number);
        ledger.did("deleted tickets");
    }

    async fn purchase_order(&mut self, ledger: &mut Ledger, random: &mut ChaCha8Rng) {
        let Some((ticket, job)) = self.with_job().choose(random).cloned() else {
            return;
        };
        for side in sides(random) {
            let order = ledger.word();
            match side {
                Side::Autotask => {
                    let set = json!({"purchaseOrderNumber": order});
                    self.hands.edit_in_autotask("Tickets", ticket, set).await;
                }
                Side::Jim2 => {
                    self.hands
                        .edit_in_jim2("Job", &job, json!({"custRef": order}))
                        .await;
                }
            }
            ledger.entered(Place::PurchaseOrder(ticket), side, order);
        }
    }

    async fn company_name(&mut self, ledger: &mut Ledger, random: &mut ChaCha8Rng) {
        let (company, card) = self.companies.choose(random).unwrap().clone();
        for side in sides(random) {
            let name = format!("Harbour & Sons {}", ledger.word());
            match side {
                Side::Autotask => {
                    let set = json!({"companyName": name});
                    self.hands.edit_in_autotask("Companies", company, set).await;
                }
                Side::Jim2 => {
                    self.hands
                        .edit_in_jim2("CardFile", &card, json!({"name": name}))
                        .await;
                }
            }
            ledger.entered(Place::CompanyName(company), side, name);
        }
    }

    async fn contact_title(&mut self, ledger: &mut Ledger, random: &mut ChaCha8Rng) {
        let (contact, person) = self.contacts.choose(random).unwrap().clone();
        for side in sides(random) {
            let title = format!("Head of {}", ledger.word());
            match side {
                Side::Autotask => {
                    self.hands
                        .edit_in_autotask("Contacts", contact, json!({"title": title}))
                        .await;
                }
                Side::Jim2 => {
                    let set = json!({"jobTitle": title});
                    self.hands
                        .edit_in_jim2("CardFileContact", &person, set)
                        .await;
                }
            }
            ledger.entered(Place::ContactTitle(contact), side, title);
        }
    }

    async fn note(&mut self, ledger: &mut Ledger, random: &mut ChaCha8Rng) {
        let Some((ticket, job)) = self.with_job().choose(random).cloned() else {
            return;
        };
        let note = format!("We looked into it, {}.", ledger.word());
        if random.random_bool(0.5) {
            let set = json!({"ticketID": ticket, "title": "News", "description": note, "noteType": 1, "publish": 1});
            self.hands.create_in_autotask("TicketNotes", set).await;
        } else {
            let set = json!({"jobNo": job.parse::<i64>().unwrap(), "comment": note});
            self.hands.create_in_jim2("JobComment", set).await;
        }
        ledger.noted(ticket, note);
    }

    /// A technician moves a job on; nobody touches the ticket's status, so there is one way it can be.
    async fn walk(&mut self, ledger: &mut Ledger, random: &mut ChaCha8Rng) {
        let Some((_, job)) = self.with_job().choose(random).cloned() else {
            return;
        };
        let status = text(&self.hands.job(&job).await, "Status");
        let step = WALK.iter().find(|(from, _)| *from == status);
        if let Some((_, to)) = step {
            ledger.word();
            self.hands
                .edit_in_jim2("Job", &job, json!({"status": to}))
                .await;
            ledger.did("status steps");
        }
    }

    /// Tickets on the desk whose jobs have been seen.
    fn with_job(&self) -> Vec<(i64, String)> {
        let job = |(id, number): (&i64, &String)| Some((*id, self.jobs.get(number)?.clone()));
        self.tickets.iter().filter_map(job).collect()
    }

    async fn look_for_jobs(&mut self) {
        let jobs = self
            .hands
            .jim2
            .records("Job", Some(self.last_job))
            .await
            .unwrap();
        for job in jobs {
            self.last_job = self.last_job.max(job["id"].as_i64().unwrap());
            let reference = text(&job, "OurRef");
            let number = reference.split('/').next().unwrap_or_default().to_owned();
            self.jobs.insert(number, text(&job, "id"));
        }
    }

    /// What must be held for what was done on purpose.
    pub(super) fn planted(&self) -> BTreeMap<String, i64> {
        [
            ("lookup-missing", self.unmapped),
            ("vanished", self.deleted.len()),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(code, count)| (code.to_owned(), i64::try_from(count).unwrap()))
        .collect()
    }

    /// The integrator maps the issue type that nobody had mapped; what waited for it goes on by itself.
    pub(super) async fn map_what_was_planted(&self, system: &System) {
        if self.unmapped > 0 {
            let set = [
                "lookups",
                "set",
                "issueType",
                "autotask",
                "Telephony",
                "SERVICE",
            ];
            system.crossbill(&set).await;
            eventually(LATER, "the mapping releases what waited", async || {
                let held = worlds::held(system).await;
                only_if(!held.contains_key("lookup-missing"), format!("{held:?}"))
            })
            .await;
        }
    }
}

/// One of the two, or both at once in either order.
fn sides(random: &mut ChaCha8Rng) -> Vec<Side> {
    match random.random_range(0..10) {
        0..4 => vec![Side::Autotask],
        4..8 => vec![Side::Jim2],
        8 => vec![Side::Autotask, Side::Jim2],
        _ => vec![Side::Jim2, Side::Autotask],
    }
}
