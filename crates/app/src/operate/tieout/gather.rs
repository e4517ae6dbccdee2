//! What is read for a comparison, in as few calls as it takes.

mod names;
mod ours;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    ops::Range,
};

use chrono::{DateTime, Utc};
use domain::{Key, Kind, Order, RecordId, System};
use jim2::Job;
use sync::{Facts, Rules as _};
use worker_billing::{
    BillingHands, BillingRules, BillingSettings, KIND, Period,
    tieout::{Line, Posted, Reason, Row, reason},
};

pub(super) use self::{names::Names, ours::Ours};
use super::Desk;
use crate::operate::{mistake, preview::unreadable};

const COMPANY: Kind = Kind::new("company");

/// The reads.
pub(super) struct Gather<'a> {
    desk: &'a Desk<'a>,
    hands: BillingHands,
    facts: &'a Facts,
}

impl<'a> Gather<'a> {
    pub(super) fn of(desk: &'a Desk<'a>, facts: &'a Facts) -> Self {
        let hands = BillingHands {
            autotask: desk.clients.autotask.clone(),
            jim2: desk.clients.jim2.clone(),
            settings: BillingSettings::of(facts),
        };
        Self { desk, hands, facts }
    }

    /// The company that is meant by an id or a name.
    pub(super) async fn companies(&self, text: &str) -> anyhow::Result<Vec<i64>> {
        if let Ok(id) = text.trim().parse() {
            return Ok(vec![id]);
        }
        let query = autotask::Query::of(autotask::Filter::contains("companyName", text.trim()));
        let query = query.only(&["companyName"]);
        let found: Vec<autotask::Company> =
            told_by_autotask(self.hands.autotask.query_all(&query).await)?;
        let name =
            |company: &autotask::Company| company.company_name.get().cloned().unwrap_or_default();
        let same = |company: &&autotask::Company| name(company).eq_ignore_ascii_case(text.trim());
        match (found.iter().find(same), found.as_slice()) {
            (Some(company), _) | (None, [company]) => Ok(vec![company.id]),
            (None, []) => mistake(format!("no company in Autotask has {text} in its name")),
            (None, several) => {
                let names: Vec<String> = several
                    .iter()
                    .take(5)
                    .map(|company| format!("{} ({})", name(company), company.id))
                    .collect();
                mistake(format!(
                    "{} companies have {text} in their names: {}; give one by its id",
                    several.len(),
                    names.join(", ")
                ))
            }
        }
    }

    /// What was posted.
    pub(super) async fn posted(
        &self,
        when: &Range<DateTime<Utc>>,
        companies: Option<&[i64]>,
    ) -> anyhow::Result<Period> {
        self.hands.posted(when, companies).await.map_err(unreadable)
    }

    /// The jobs on which lines of these items may be, by number: those of our pairs, and those whose own references name
    /// the items' tickets and orders or have been changed in the period.
    pub(super) async fn jobs(
        &self,
        period: &Period,
        names: &Names,
        ours: &Ours,
        since: DateTime<Utc>,
    ) -> anyhow::Result<BTreeMap<i64, Job>> {
        let orders =
            halves(period).filter_map(|half| Some(half.fact("order")?.as_text()?.to_owned()));
        let references: BTreeSet<String> = orders.chain(names.ticket_numbers()).collect();
        let references: Vec<String> = references.into_iter().collect();
        let jim2 = &self.hands.jim2;
        let mut numbers: BTreeSet<i64> = ours.jobs.clone();
        let referring = told_by_jim2(jim2.jobs_by_ref(&references).await)?;
        numbers.extend(referring.iter().map(|job| job.job_no));
        let changed = told_by_jim2(jim2.jobs_modified_since(since).await)?;
        let changed = changed.iter().filter(|job| is_ours(job));
        numbers.extend(changed.map(|job| job.job_no));
        let numbers: Vec<i64> = numbers.into_iter().collect();
        let jobs = told_by_jim2(jim2.jobs(&numbers).await)?;
        Ok(jobs.into_iter().map(|job| (job.job_no, job)).collect())
    }

    /// All lines of these jobs.
    pub(super) async fn lines(&self, jobs: &[i64]) -> anyhow::Result<Vec<Line>> {
        self.hands.all_lines(jobs).await.map_err(unreadable)
    }

    /// Of the sources that lines name and no item of the period has, those for which something is posted all the same.
    pub(super) async fn elsewhere(
        &self,
        period: &Period,
        lines: &[Line],
    ) -> anyhow::Result<HashSet<RecordId>> {
        let own: HashSet<&RecordId> = period.posted.iter().filter_map(Posted::source).collect();
        let others = lines.iter().filter_map(|line| line.source.as_ref());
        let others: BTreeSet<&RecordId> = others.filter(|source| !own.contains(source)).collect();
        let others: Vec<RecordId> = others.into_iter().cloned().collect();
        self.hands.posted_now(&others).await.map_err(unreadable)
    }

    /// Why items without a line have none, by the rules and by how things stand.
    pub(super) async fn reasons(
        &self,
        period: &Period,
        ours: &Ours,
        jobs: &BTreeMap<i64, Job>,
    ) -> anyhow::Result<HashMap<RecordId, Reason>> {
        let facts = Facts {
            pairs: ours.others.clone(),
            ..self.facts.clone()
        };
        let stop = ours::standing(self.desk.db).await?;
        let of = |item: &Posted| {
            let source = item.source()?.clone();
            let is_free = item.exported_at.is_none();
            let why = reason(item, &facts, jobs).or_else(|| stop.clone().filter(|_| is_free))?;
            Some((source, why))
        };
        Ok(period.posted.iter().filter_map(of).collect())
    }

    /// The companies of lines that no item accounts for, by the card that pays for their jobs.
    pub(super) async fn owners(
        &self,
        rows: &[Row],
        jobs: &BTreeMap<i64, Job>,
    ) -> anyhow::Result<HashMap<i64, names::Owner>> {
        let stray = rows.iter().filter(|row| row.posted.is_none());
        let stray: BTreeSet<i64> = stray
            .filter_map(|row| Some(row.line.as_ref()?.job))
            .collect();
        let card = |job: &i64| jobs.get(job)?.cust_no.get().copied();
        let cards: BTreeSet<i64> = stray.iter().filter_map(card).collect();
        let key = |card: i64| Key::new(COMPANY, System::Jim2, card);
        let keys: Vec<Key> = cards.iter().map(|card| key(*card)).collect();
        let pairs = store::pair::others(self.desk.db, &keys).await?;
        let company = |job: &i64| pairs.get(&key(card(job)?))?.number();
        let ids: Vec<i64> = stray.iter().filter_map(company).collect();
        let found: Vec<autotask::Company> =
            told_by_autotask(self.hands.autotask.by_ids(&ids, &[]).await)?;
        let owner = |job: i64| {
            let id = company(&job);
            let named = found.iter().find(|company| Some(company.id) == id);
            let name = named.and_then(|company| company.company_name.get().cloned());
            let by_card = || card(&job).map(|card| format!("card {card} in Jim2"));
            let our_ref = jobs.get(&job).and_then(|job| job.our_ref.get().cloned());
            let owner = names::Owner {
                company: id,
                name: name.or_else(by_card).unwrap_or_default(),
                reference: our_ref.unwrap_or_default(),
            };
            (job, owner)
        };
        Ok(stray.iter().copied().map(owner).collect())
    }
}

fn told_by_autotask<T>(answer: Result<T, autotask::Error>) -> anyhow::Result<T> {
    let key = Key::new(KIND, System::Autotask, "posted");
    answer.map_err(|error| unreadable(error.into_failure(&key)))
}

fn told_by_jim2<T>(answer: Result<T, jim2::Error>) -> anyhow::Result<T> {
    let key = Key::new(KIND, System::Jim2, "jobs");
    answer.map_err(|error| unreadable(error.into_failure(&key)))
}

fn halves(period: &Period) -> impl Iterator<Item = &sync::Half> {
    period.posted.iter().filter_map(|item| item.half.as_ref())
}

/// What the items refer to: their sources, tickets, orders, payers.
fn needs(period: &Period) -> Vec<Key> {
    let needs = halves(period).flat_map(|half| {
        let own = Key::new(KIND, System::Autotask, half.id.clone());
        let mut keys = BillingRules.needs(System::Autotask, half);
        keys.push(own);
        keys
    });
    let needs: BTreeSet<Key> = needs.collect();
    needs.into_iter().collect()
}

/// Whether a job has a reference of the form that we give: of a ticket (`T20261123.0001/1`) or an order (`P12@175/1`).
fn is_ours(job: &Job) -> bool {
    let our_ref = job.our_ref.get().and_then(|text| text.split_once('/'));
    our_ref.is_some_and(|(name, generation)| {
        let is_number =
            |text: &str| !text.is_empty() && text.chars().all(|one| one.is_ascii_digit());
        let is_ticket = name
            .strip_prefix('T')
            .and_then(|rest| rest.split_once('.'))
            .is_some_and(|(day, number)| is_number(day) && is_number(number));
        is_number(generation) && (is_ticket || Order::read(name).is_some())
    })
}
