//! What a year brought beside tickets, done in its order and at its time: time, charges, contracts, and what a bookkeeper
//! does about them. It obeys the rules that people obey.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Duration, Months, NaiveDate, Utc};
use serde_json::{Value, json};

use super::super::billing;
use super::super::clock::Clock;
use super::super::row::{Row, stamp};
use super::super::schema::known;
use super::super::world::{Actor, World};
use super::super::write;
use super::Ids;
use crate::provider::{Provider, Subscription, Ware};

/// How many months of services are run.
const MONTHS: u32 = 12;

/// How long after a month's services a company gets its invoice of everything posted by then.
const INVOICED_AFTER: Duration = Duration::days(27);

/// What is done at a time; those of the same time in the order in which they came up.
#[derive(Clone, Copy)]
enum Deed {
    /// Somebody enters the time with this index.
    Enter(usize),
    /// Somebody charges what has this index.
    Charge(usize),
    /// A record is approved and posted.
    Post(&'static str, i64),
    /// The services of all contracts are run for a month.
    Run(NaiveDate),
    /// Everybody gets an invoice.
    Invoice,
}

/// What is still to be done.
#[derive(Default)]
struct Diary(BTreeMap<(DateTime<Utc>, usize), Deed>, usize);

impl Diary {
    fn plan(&mut self, at: DateTime<Utc>, deed: Deed) {
        self.1 += 1;
        self.0.insert((at, self.1), deed);
    }
}

/// Who does it, and for whom.
struct Books<'a> {
    provider: &'a Provider,
    ids: &'a Ids,
    /// By the ticket's index.
    tickets: &'a [Option<i64>],
    /// By the ware's number.
    products: BTreeMap<usize, i64>,
    contracts: Vec<i64>,
    actor: Actor,
}

/// Plays all of it, the latest no later than now.
pub(super) fn all(world: &mut World, provider: &Provider, ids: &Ids, tickets: &[Option<i64>]) {
    if provider.entries.is_empty() && provider.charges.is_empty() && provider.wares == 0 {
        return;
    }
    let now = world.now();
    let actor = Actor {
        resource: ids.resources.first().copied().unwrap_or_default(),
        impersonator: None,
    };
    let first = now.date_naive().with_day(1).unwrap_or_default();
    let months = (0..MONTHS).filter_map(|month| first.checked_sub_months(Months::new(month)));
    let months: Vec<NaiveDate> = months.collect();
    let mut books = Books {
        provider,
        ids,
        tickets,
        products: products(world, provider),
        contracts: Vec::new(),
        actor,
    };
    let beginning = first - Months::new(MONTHS);
    world.clock.set(morning(beginning));
    for of in &provider.subscriptions {
        books.contracts.extend(books.agree(world, of, beginning));
    }
    let mut diary = Diary::default();
    for month in months.into_iter().rev() {
        diary.plan(morning(month), Deed::Run(month));
        diary.plan(morning(month) + INVOICED_AFTER, Deed::Invoice);
    }
    for (index, entry) in provider.entries.iter().enumerate() {
        diary.plan(entry.end, Deed::Enter(index));
    }
    for (index, charge) in provider.charges.iter().enumerate() {
        diary.plan(charge.at, Deed::Charge(index));
    }
    while let Some(((at, _), deed)) = diary.0.pop_first().filter(|((at, _), _)| *at <= now) {
        world.clock.set(at);
        books.play(world, deed, &mut diary);
    }
    world.clock = Clock::default();
}

impl Books<'_> {
    fn play(&self, world: &mut World, deed: Deed, diary: &mut Diary) {
        match deed {
            Deed::Enter(index) => {
                let posted = self.provider.entries[index].posted;
                if let (Some(id), Some(posted)) = (self.enter(world, index), posted) {
                    diary.plan(posted, Deed::Post("TimeEntries", id));
                }
            }
            Deed::Charge(index) => {
                if let Some(id) = self.charge(world, index) {
                    let posted = self.provider.charges[index].posted;
                    diary.plan(posted, Deed::Post("TicketCharges", id));
                }
            }
            Deed::Post(entity, id) => {
                billing::post_new(world, entity, id, self.actor);
            }
            Deed::Run(month) => {
                let month = month.format("%Y-%m").to_string();
                for contract in &self.contracts {
                    let body = json!({"contract": contract, "month": month});
                    let _nothing_to_bill = billing::act(world, "run-services", &body, self.actor);
                }
            }
            Deed::Invoice => {
                for company in self.ids.companies.values() {
                    let body = json!({"company": company});
                    let _nothing_to_invoice = billing::act(world, "invoice", &body, self.actor);
                }
            }
        }
    }

    fn enter(&self, world: &mut World, index: usize) -> Option<i64> {
        let entry = &self.provider.entries[index];
        let technician = &self.provider.technicians[entry.technician];
        let body = json!({
            "ticketID": self.tickets[entry.ticket]?,
            "resourceID": self.ids.resources[entry.technician],
            "roleID": self.ids.roles.get(technician.role),
            "billingCodeID": self.ids.billing_codes.get(entry.billing_code),
            "startDateTime": stamp(entry.start),
            "endDateTime": stamp(entry.end),
            "summaryNotes": entry.text,
        });
        self.create(world, "TimeEntries", &body)
    }

    fn charge(&self, world: &mut World, index: usize) -> Option<i64> {
        let charge = &self.provider.charges[index];
        let body = json!({
            "ticketID": self.tickets[charge.ticket]?,
            "productID": charge.ware.and_then(|ware| self.products.get(&ware)),
            "billingCodeID": self.ids.billing_codes.get(charge.billing_code),
            "name": charge.name,
            "chargeType": 1,
            "datePurchased": stamp(charge.at),
            "unitQuantity": charge.quantity,
            "unitPrice": dollars(charge.cents),
        });
        self.create(world, "TicketCharges", &body)
    }

    /// A contract for two services, agreed on from a day on.
    fn agree(&self, world: &mut World, of: &Subscription, from: NaiveDate) -> Option<i64> {
        let company = self.ids.companies.get(&of.company)?;
        let body = json!({
            "companyID": company, "contractName": "Managed services", "contractType": 7, "status": 1,
            "startDate": from.to_string(), "endDate": (from + Months::new(36)).to_string(),
            "timeReportingRequiresStartAndStopTimes": 0,
        });
        let contract = self.create(world, "Contracts", &body)?;
        let services: Vec<i64> = world.rows("Services").map(|(id, _)| id).collect();
        for (service, units) in services.into_iter().zip(of.units) {
            let body = json!({
                "contractID": contract, "serviceID": service, "effectiveDate": from.to_string(), "unitChange": units,
            });
            self.create(world, "ContractServiceAdjustments", &body);
        }
        Some(contract)
    }

    fn create(&self, world: &mut World, plural: &'static str, body: &Value) -> Option<i64> {
        write::create(world, known(plural), None, body, self.actor).ok()
    }
}

/// Products of two thirds of the catalogue, sold as hardware.
fn products(world: &mut World, provider: &Provider) -> BTreeMap<usize, i64> {
    let mut codes = world.rows("BillingCodes");
    let goods = codes.find(|(_, code)| code.text("name") == "Hardware");
    let goods = goods.map(|(id, _)| id);
    drop(codes);
    let numbers = (0..provider.wares).filter(|index| Ware::is_product(*index));
    numbers
        .map(|index| {
            let ware = Ware::numbered(index);
            let mut row = Row::default();
            row.set("name", ware.words);
            row.set("sku", ware.code);
            row.set("unitPrice", dollars(ware.cents));
            row.set("unitCost", dollars(ware.cents / 2));
            row.set("productBillingCodeID", goods);
            row.set("isActive", true);
            row.set("isSerialized", false);
            (index, world.insert(known("Products"), row))
        })
        .collect()
}

/// When a bookkeeper begins on a day, in UTC.
fn morning(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc() + Duration::hours(1)
}

fn dollars(cents: i64) -> Value {
    i32::try_from(cents).map_or(Value::Null, |cents| json!(f64::from(cents) / 100.0))
}
