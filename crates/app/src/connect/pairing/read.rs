//! Reading the records of both systems, and no more of them than matching needs.

use std::collections::BTreeMap;

use autotask::{Contact, Entity, Filter, Query};
use chrono::{DateTime, TimeDelta, Utc};
use domain::Told;
use jim2::{CardFile, Client, Job, Which};

use crate::{
    connect::{
        Kit, Report,
        autotask_side::AutotaskSide,
        failure::{of_autotask, of_jim2},
        jim2_side::Jim2Side,
        matching,
        settings::names::{COMPANY_UDFS, CONTACT_UDF, TICKET_UDFS, udf_name},
    },
    operate::pairs::id_in_two_parts,
};

/// Rows of one page of Jim2.
const PAGE_ROWS: usize = 500;
/// Cards whose contacts are asked for at once.
const CARDS: usize = 200;
/// How long before the oldest open ticket a job for it may have been changed last.
const EARLIER: TimeDelta = TimeDelta::days(30);

/// An open ticket, and when it was made.
#[derive(Debug, Clone)]
pub(super) struct OpenTicket {
    /// As matching sees it.
    pub(super) ticket: matching::Ticket,
    /// When it was made.
    pub(super) created: Option<DateTime<Utc>>,
}

/// All companies but the provider itself.
pub(super) async fn companies(
    kit: &Kit,
    report: &Report<'_>,
) -> anyhow::Result<Vec<matching::Company>> {
    let udf = udf_name(&kit.db, COMPANY_UDFS[0]).await?;
    let types = store::mapping::load(&kit.db).await?.filters;
    let types = types
        .iter()
        .find(|filter| filter.kind.as_str() == "company" && filter.name == "types");
    let customers: Option<Vec<i64>> =
        types.and_then(|filter| serde_json::from_value(filter.setting.clone()).ok());
    let query = Query::of(Filter::gt("id", 0))
        .only(&["companyName", "companyType", "taxID", "isActive"])
        .udfs(udf.as_slice());
    let rows: Vec<autotask::Company> = all(kit, &query, report).await?;
    let is_customer = |kind: &Told<i64>| match (&customers, kind.get()) {
        (Some(customers), Some(kind)) => customers.contains(kind),
        (None, Some(kind)) => *kind == 1,
        (_, None) => false,
    };
    Ok(rows
        .iter()
        .map(|company| matching::Company {
            id: company.id,
            name: word(&company.company_name),
            abn: word(&company.tax_id),
            card_no: udf.as_ref().and_then(|udf| number(&company.udf(udf))),
            is_customer: is_customer(&company.company_type),
            is_active: company.is_active != Told::Is(false),
        })
        .collect())
}

/// All cards.
pub(super) async fn cards(
    jim2: &Client,
    named_queries: bool,
    report: &Report<'_>,
) -> anyhow::Result<Vec<matching::Card>> {
    let failed = |error| of_jim2(error, "read cardfiles");
    let mut rows = Vec::new();
    if named_queries {
        let mut last = 0;
        loop {
            let page = jim2
                .cardfiles_after(last, PAGE_ROWS)
                .await
                .map_err(failed)?;
            let Some(end) = page.iter().map(|card| card.card_no).max() else {
                break;
            };
            last = end;
            report.advance(page.len());
            rows.extend(page);
        }
    } else {
        let ever = DateTime::UNIX_EPOCH;
        rows = jim2.cardfiles_modified_since(ever).await.map_err(failed)?;
    }
    let card = |card: &CardFile| matching::Card {
        no: card.card_no,
        name: word(&card.name),
        abn: word(&card.abn),
        is_customer: card.is_customer == Told::Is(true),
        is_active: card.active != Told::Is(false),
    };
    Ok(rows.iter().map(card).collect())
}

/// The contacts of linked companies.
pub(super) async fn contacts(
    kit: &Kit,
    card_of: &BTreeMap<i64, i64>,
    report: &Report<'_>,
) -> anyhow::Result<Vec<matching::Contact>> {
    let fields = [
        "companyID",
        "firstName",
        "lastName",
        "emailAddress",
        "externalID",
        "isActive",
    ];
    let udf = udf_name(&kit.db, CONTACT_UDF).await?;
    let query = Query::of(Filter::gt("id", 0))
        .only(&fields)
        .udfs(udf.as_slice());
    let rows: Vec<Contact> = all(kit, &query, report).await?;
    let contact = |contact: &Contact| {
        let card_no = *card_of.get(contact.company_id.get()?)?;
        let in_udf = udf.as_ref().map(|udf| word(&contact.udf(udf)));
        // What others keep there is no reference of ours.
        let refers_to = id_in_two_parts(&word(&contact.external_id));
        Some(matching::Contact {
            id: contact.id,
            card_no,
            first: word(&contact.first_name),
            last: word(&contact.last_name),
            email: word(&contact.email_address),
            refers_to: refers_to.or_else(|| id_in_two_parts(in_udf.as_deref()?)),
            is_active: contact.is_active != Told::Is(0),
        })
    };
    Ok(rows.iter().filter_map(contact).collect())
}

/// The people inside linked cards.
pub(super) async fn people(
    jim2: &Client,
    card_of: &BTreeMap<i64, i64>,
    report: &Report<'_>,
) -> anyhow::Result<Vec<matching::Person>> {
    let card_nos: Vec<i64> = card_of.values().copied().collect();
    let types = &jim2.settings().contact_types;
    let mut people = Vec::new();
    for batch in card_nos.chunks(CARDS) {
        let rows = jim2
            .card_contacts(batch)
            .await
            .map_err(|error| of_jim2(error, "read contacts"))?;
        report.advance(rows.len());
        people.extend(rows.iter().map(|row| matching::Person {
            card_no: row.card_no,
            cont_no: row.cont_no,
            first: word(&row.first_name),
            last: word(&row.last_name),
            email: word(&row.email(types)),
        }));
    }
    Ok(people)
}

/// Tickets that are not complete.
pub(super) async fn tickets(
    kit: &Kit,
    autotask: &AutotaskSide,
    card_of: &BTreeMap<i64, i64>,
    report: &Report<'_>,
) -> anyhow::Result<Vec<OpenTicket>> {
    let udf = udf_name(&kit.db, TICKET_UDFS[0]).await?;
    let statuses = autotask.picklist("Tickets", "status");
    let query = Query::of(Filter::not_eq("status", complete(statuses)))
        .only(&["ticketNumber", "title", "companyID", "createDate"])
        .udfs(udf.as_slice());
    let rows: Vec<autotask::Ticket> = all(kit, &query, report).await?;
    Ok(rows
        .iter()
        .map(|ticket| OpenTicket {
            ticket: matching::Ticket {
                id: ticket.id,
                number: word(&ticket.ticket_number),
                title: word(&ticket.title),
                card_no: ticket
                    .company_id
                    .get()
                    .and_then(|id| card_of.get(id))
                    .copied(),
                job_no: udf.as_ref().and_then(|udf| number(&ticket.udf(udf))),
            },
            created: ticket.create_date.get().copied(),
        })
        .collect())
}

/// The contracts of linked companies that are in use, by id. Where we may not read them there are none, which was told.
pub(super) async fn contracts(
    kit: &Kit,
    card_of: &BTreeMap<i64, i64>,
    report: &mut Report<'_>,
) -> anyhow::Result<Vec<i64>> {
    let query = Query::of(Filter::not_eq("status", 0)).only(&["companyID"]);
    let rows: Vec<autotask::Contract> = match all(kit, &query, report).await {
        Ok(rows) => rows,
        Err(error) => {
            report.warn(format!("contracts are not matched now: {error:#}"))?;
            return Ok(Vec::new());
        }
    };
    let is_linked = |company: &Told<i64>| company.get().is_some_and(|id| card_of.contains_key(id));
    let linked = rows.iter().filter(|one| is_linked(&one.company_id));
    Ok(linked.map(|contract| contract.id).collect())
}

/// The configuration items of linked companies that are in use and have a serial number, by id. Where we may not read
/// them there are none, which was told.
pub(super) async fn things(
    kit: &Kit,
    card_of: &BTreeMap<i64, i64>,
    report: &mut Report<'_>,
) -> anyhow::Result<Vec<i64>> {
    let in_use = Filter::all([Filter::eq("isActive", true), Filter::exists("serialNumber")]);
    let query = Query::of(in_use).only(&["companyID"]);
    let rows: Vec<autotask::ConfigurationItem> = match all(kit, &query, report).await {
        Ok(rows) => rows,
        Err(error) => {
            report.warn(format!(
                "configuration items are not matched now: {error:#}"
            ))?;
            return Ok(Vec::new());
        }
    };
    let is_linked = |company: &Told<i64>| company.get().is_some_and(|id| card_of.contains_key(id));
    let linked = rows.iter().filter(|one| is_linked(&one.company_id));
    Ok(linked.map(|item| item.id).collect())
}

/// Open jobs, and those that open tickets name.
pub(super) async fn jobs(
    jim2: &Jim2Side,
    open: &[OpenTicket],
    report: &Report<'_>,
) -> anyhow::Result<Vec<matching::Job>> {
    let failed = |error| of_jim2(error, "read jobs");
    let mut rows = Vec::new();
    if jim2.named_queries {
        let mut last = 0;
        loop {
            let page = jim2
                .client
                .jobs_after(last, PAGE_ROWS, Which::Open)
                .await
                .map_err(failed)?;
            let Some(end) = page.iter().map(|job| job.job_no).max() else {
                break;
            };
            last = end;
            report.advance(page.len());
            rows.extend(page);
        }
    } else if let Some(oldest) = open.iter().filter_map(|one| one.created).min() {
        rows = jim2
            .client
            .jobs_modified_since(oldest - EARLIER)
            .await
            .map_err(failed)?;
    }
    let mut named: Vec<i64> = open.iter().filter_map(|one| one.ticket.job_no).collect();
    named.retain(|no| rows.iter().all(|job| job.job_no != *no));
    rows.extend(jim2.client.jobs(&named).await.map_err(failed)?);
    let job = |job: &Job| matching::Job {
        no: job.job_no,
        our_ref: word(&job.our_ref),
        cust_ref: word(&job.cust_ref),
        cards: [&job.cust_no, &job.ship_no, &job.from_no]
            .into_iter()
            .filter_map(|card| card.get().copied())
            .collect(),
    };
    Ok(rows.iter().map(job).collect())
}

pub(super) async fn all<E: Entity>(
    kit: &Kit,
    query: &Query,
    report: &Report<'_>,
) -> anyhow::Result<Vec<E>> {
    let reading = format!("read each {}", E::NAME);
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let page = kit
            .autotask
            .query_page::<E>(query, after)
            .await
            .map_err(|error| of_autotask(error, &reading))?;
        report.advance(page.items.len());
        rows.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(rows);
        }
    }
}

/// The status on which a ticket is done: Autotask's own, 5 in every tenant.
fn complete(statuses: &[autotask::PicklistValue]) -> i64 {
    let own = statuses
        .iter()
        .find(|status| status.is_system && status.label.eq_ignore_ascii_case("complete"));
    own.and_then(|status| status.value.parse().ok())
        .unwrap_or(5)
}

fn word(told: &Told<String>) -> String {
    told.get().cloned().unwrap_or_default()
}

fn number(told: &Told<String>) -> Option<i64> {
    told.get()?.trim().parse().ok()
}
