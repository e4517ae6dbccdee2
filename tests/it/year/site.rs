//! The site of a year: both stand-ins with its data, and what Crossbill is told to carry.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use domain::{Clock as _, SystemClock};
use sandbox::{
    autotask, jim2,
    provider::{Provider, Size},
};
use serde_json::Value;

use super::{Plan, told::Volume};
use crate::system::{Site, System, text, udf};

/// Autotask's number of the first billing code; the others follow.
const FIRST_CODE: usize = 29_682_801;

/// The status of a ticket that is complete.
const COMPLETE: i64 = 5;

/// The groups of stock of which products are made.
const GROUPS: &str = "Hardware,Consumables,Accessories";

/// A site with a year behind it.
pub(super) struct Stage {
    pub(super) system: System,
    pub(super) plan: Plan,
    pub(super) note: fn(&str),
    pub(super) volume: Volume,
    /// The jobs that people had made before Crossbill came.
    pub(super) earlier_jobs: Vec<String>,
    /// Before anything of the year.
    pub(super) from: DateTime<Utc>,
}

impl Stage {
    /// Makes the data and lets both systems answer; Crossbill has only a database yet.
    pub(super) async fn set(plan: Plan, note: fn(&str)) -> Self {
        note("making a year of a provider");
        let usual = Site::default();
        let system = System::installed(Site {
            autotask: autotask::Options {
                hourly_threshold: plan.hourly_calls,
                ..usual.autotask
            },
            jim2: jim2::Options {
                licences: 4,
                ..usual.jim2
            },
            is_direct: true,
            size: plan.size,
            ..usual
        })
        .await;
        let volume = Volume::of(&system, &plan.size).await;
        let jobs = system.hands.jim2.records("Job", None).await.unwrap();
        Self {
            earlier_jobs: jobs.iter().map(|job| text(job, "id")).collect(),
            system,
            plan,
            note,
            volume,
            from: SystemClock.now() - TimeDelta::days(400),
        }
    }

    /// Migrates, connects with everything wanted, from before the year on, and takes the brake off.
    pub(super) async fn connect(&self) {
        let system = &self.system;
        system.crossbill(&["migrate"]).await;
        let from = self.begins();
        let wanted = "ticket,company,contact,contract,order,time,billing,stock";
        let create = ["connect", "--yes", "--from", &from, "--create", wanted];
        let stock = [
            "--stock-groups",
            GROUPS,
            "--price-level",
            "1-Retail",
            "--stock-locations",
            "1=Sydney,2=Melbourne",
            "--resume",
        ];
        system.crossbill(&[&create[..], &stock[..]].concat()).await;
        for (name, value) in [
            ("billing_by", "ours"),
            ("billing_from", from.as_str()),
            ("project.type", "Managed Service"),
        ] {
            system.crossbill(&["settings", "set", name, value]).await;
        }
        let provider = Provider::generate(0, &Size::small(), self.from);
        for (index, code) in provider.billing_codes.iter().enumerate() {
            if code.external_number.is_empty() {
                continue;
            }
            let id = (FIRST_CODE + index).to_string();
            let stock = code.external_number.as_str();
            let set = ["lookups", "set", "billingCodeStock", "autotask", &id, stock];
            system.crossbill(&set).await;
        }
        system.release().await;
    }

    /// Since when everything is carried.
    pub(super) fn begins(&self) -> String {
        self.from.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// Records that were made, changed or linked so far.
    pub(super) async fn applied(&self) -> i64 {
        let database = &self.system.database;
        if database
            .count("select count(*) from pg_tables where tablename = 'journal'")
            .await
            == 0
        {
            return 0;
        }
        database
            .count("select count(*) from journal where what in ('created', 'updated', 'linked')")
            .await
    }

    /// Pairs that have been compared.
    pub(super) async fn compared(&self) -> i64 {
        self.system
            .database
            .count("select count(*) from pair where state = 'paired' and shadow is not null")
            .await
    }

    /// What is held now: how often each problem, with one of them.
    pub(super) async fn held(&self) -> Vec<String> {
        let held = "select count(*) || ' ' || coalesce(h.kind, 'dead') || ': ' || min(coalesce(hp.says, h.reason))
                    from held h left join held_problem hp on hp.held_id = h.id
                    left join problem p on p.identity = hp.identity
                    where h.archived_at is null group by h.kind, p.code order by 1";
        self.system.database.texts(held).await
    }

    /// What of the history Crossbill leaves where it is, and why: counted in Autotask, as its screens show it.
    pub(super) async fn left(&self) -> Vec<String> {
        let records = async |entity| {
            self.system
                .hands
                .autotask
                .records(entity, None)
                .await
                .unwrap()
        };
        let (tickets, items) = (records("Tickets").await, records("BillingItems").await);
        let without_job = tickets
            .iter()
            .filter(|one| udf(one, "Jim2 Job#").is_empty());
        let (done, open): (Vec<&Value>, Vec<&Value>) =
            without_job.partition(|one| one["status"] == COMPLETE);
        let not_carried = items.iter().filter(|one| one["webServiceDate"].is_null());
        let (waiting, other): (Vec<&Value>, Vec<&Value>) = not_carried.partition(|one| {
            one["invoiceID"].is_null() && !one["contractServicePeriodID"].is_null()
        });
        [
            (done.len(), "completed tickets on which nobody worked or charged anything: they get a job with their first work"),
            (open.len(), "open tickets without a job"),
            (waiting.len(), "items of a month's services that wait for their Autotask invoice"),
            (other.len(), "other billing items that are on no job"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect()
    }
}
