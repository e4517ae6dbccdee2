//! What the hands need to know of the site: names of fields, who we are, what people are called.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::System;
use serde_json::Value as Json;
use sync::{Facts, finish};

use crate::KIND;

/// The site as the hands see it. Taken from the mappings when a worker starts, which a changed setting does anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketSettings {
    /// The ticket's user-defined field that names its current job (`udf.job_no`).
    pub job_no_udf: String,
    /// The one that names the jobs before it (`udf.earlier_jobs`).
    pub earlier_jobs_udf: String,
    /// The one that names the invoices of its jobs (`udf.invoice_no`).
    pub invoice_no_udf: String,
    /// The company's user-defined field that keeps its tickets out (`udf.opt_out`).
    pub opt_out_udf: String,
    /// Our own resource in Autotask (`autotask.resource_id`).
    pub api_resource: Option<i64>,
    /// Our own initials in Jim2 (`jim2.initials`).
    pub api_initials: String,
    /// The initials that a job gets where Jim2 refuses the assignee's (`default.initials`).
    pub fallback_initials: Option<String>,
    /// Whether comments can be written on jobs (`jim2.comments_writable`).
    pub comments_writable: bool,
    /// Names of Autotask's resources: the labels of the list `technician`.
    pub resources: HashMap<i64, String>,
    /// Names of Jim2's users by their initials: the other labels of the same list.
    pub users: HashMap<String, String>,
    /// Items of sales jobs, in capitals (`jim2.sales_items`): all others are service Items.
    pub sales_items: BTreeSet<String>,
    /// The publish value of a note that only our own people see (`note.publish.internal`).
    pub publish_internal: i64,
    /// The publish value of a note that customers see (first of `note.publish.customer`).
    pub publish_customer: i64,
    /// All publish values of what customers may see (`note.publish.customer`).
    pub publish_customers: Vec<i64>,
    /// Whether what only our own people see travels, too (`notes.internal_to_jim2`).
    pub internal_notes: bool,
    /// Since when attachments are listed on the job (`attachments.from`); none are before it is set.
    pub attachments_from: Option<DateTime<Utc>>,
    /// Where a ticket is looked at, with `{id}` or `{number}` in it (`autotask.ticket_url`), if not where Autotask says.
    pub ticket_url: Option<String>,
    /// The type of the notes we make (`note.type`).
    pub note_type: i64,
    /// Types of notes that Autotask writes by itself (`note.system_types`).
    pub system_note_types: Vec<i64>,
    /// Whether jobs of completed tickets are finished once all is billed: where we bill (`billing_by`), and unless the
    /// field was switched off.
    pub finishes: bool,
    /// What was posted before this was billed before Crossbill (`billing_from`).
    pub billing_from: Option<DateTime<Utc>>,
}

impl TicketSettings {
    /// The settings that a snapshot of the mappings holds, with the defaults for the rest.
    pub fn of(facts: &Facts) -> Self {
        let word = |name, default: &str| facts.setting(name).unwrap_or(default).to_owned();
        let names = |system| {
            facts
                .labels
                .iter()
                .filter(move |((list, on, _), _)| list == "technician" && *on == system)
                .map(|((_, _, value), label)| (value.clone(), label.clone()))
        };
        Self {
            job_no_udf: word("udf.job_no", "Jim2 Job#"),
            earlier_jobs_udf: word("udf.earlier_jobs", "Jim2 earlier jobs"),
            invoice_no_udf: word("udf.invoice_no", "Jim2 invoice#"),
            opt_out_udf: word("udf.opt_out", "Jim2 opt-out"),
            api_resource: facts.number("autotask.resource_id"),
            api_initials: word("jim2.initials", "API"),
            fallback_initials: facts
                .setting("default.initials")
                .map(|initials| initials.trim().to_owned())
                .filter(|initials| !initials.is_empty()),
            comments_writable: facts.is_on("jim2.comments_writable"),
            resources: names(System::Autotask)
                .filter_map(|(id, name)| Some((id.parse().ok()?, name)))
                .collect(),
            users: names(System::Jim2).collect(),
            sales_items: sales_items(facts),
            publish_internal: facts.number("note.publish.internal").unwrap_or(2),
            publish_customer: customer_publish_values(facts).first().copied().unwrap_or(1),
            publish_customers: customer_publish_values(facts),
            internal_notes: facts.is_on("notes.internal_to_jim2"),
            attachments_from: facts.moment("attachments.from"),
            ticket_url: facts
                .setting("autotask.ticket_url")
                .map(|url| url.trim().to_owned())
                .filter(|url| !url.is_empty()),
            note_type: facts.number("note.type").unwrap_or(3),
            system_note_types: numbers(facts.settings.get("note.system_types"))
                .unwrap_or_else(|| vec![WORKFLOW_NOTE]),
            finishes: finish::is_wanted(&KIND, facts),
            billing_from: facts.moment("billing_from"),
        }
    }

    /// Whether jobs with this Item are sales jobs, which have no fault description.
    pub(crate) fn is_sales(&self, item: &str) -> bool {
        self.sales_items.contains(&item.to_uppercase())
    }
}

/// The type of notes that workflow rules write.
const WORKFLOW_NOTE: i64 = 13;

/// The Items of sales jobs, in capitals.
pub(crate) fn sales_items(facts: &Facts) -> BTreeSet<String> {
    let items = facts.settings.get("jim2.sales_items");
    let items = items.and_then(Json::as_array).into_iter().flatten();
    items
        .filter_map(Json::as_str)
        .map(str::to_uppercase)
        .collect()
}

/// The publish values of notes that customers see; 1 and 4 where the site did not say.
pub(crate) fn customer_publish_values(facts: &Facts) -> Vec<i64> {
    numbers(facts.settings.get("note.publish.customer")).unwrap_or_else(|| vec![1, 4])
}

/// One whole number or an array of them.
pub(crate) fn numbers(setting: Option<&Json>) -> Option<Vec<i64>> {
    let setting = setting?;
    match setting.as_array() {
        Some(all) => Some(all.iter().filter_map(whole).collect()),
        None => whole(setting).map(|number| vec![number]),
    }
}

fn whole(json: &Json) -> Option<i64> {
    json.as_i64().or_else(|| json.as_str()?.trim().parse().ok())
}
