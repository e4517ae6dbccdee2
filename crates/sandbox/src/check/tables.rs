//! The mapping of values: the default one as data, or the one that a site has decided on.

mod sheet;

use std::collections::BTreeMap;

/// What the values of one list become on the other side; none where the other side is left as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Lookup {
    of_tickets: BTreeMap<String, Option<String>>,
    of_jobs: BTreeMap<String, Option<String>>,
}

/// A decision on a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision<'a> {
    /// It becomes this value.
    Becomes(&'a str),
    /// The other side stays as it is.
    Left,
    /// Nobody has decided.
    Open,
}

/// The decisions on all lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables(BTreeMap<String, Lookup>);

/// Ids of Autotask's default picklists, and what each becomes in Jim2.
const OF_TICKETS: [(&str, &[(&str, &str)]); 4] = [
    (
        "status",
        &[
            ("1", "Booked"),
            ("5", "Checked"),
            ("7", "WAIT"),
            ("8", "Proceed"),
            ("9", "Parts"),
            ("12", "Proceed"),
        ],
    ),
    (
        "priority",
        &[
            ("1", "High"),
            ("2", "Normal"),
            ("3", "Low"),
            ("4", "Critical"),
        ],
    ),
    (
        "type",
        &[
            ("1", "Service Request"),
            ("2", "Incident"),
            ("3", "Problem"),
            ("5", "Alert"),
        ],
    ),
    (
        "issueType",
        &[
            ("10", "SERVICE"),
            ("11", "NETWORK"),
            ("12", "PRINTER"),
            ("13", "EMAIL"),
            ("14", "SERVER"),
        ],
    ),
];

/// Job statuses and what each becomes in Autotask.
const STATUS_OF_JOBS: &[(&str, &str)] = &[
    ("Booked", "1"),
    ("Checked", "5"),
    ("WAIT", "7"),
    ("Proceed", "8"),
    ("Parts", "9"),
];

/// Job statuses that leave the ticket as it is: the work is over, or only Jim2 knows such a step.
const STATUS_LEFT: &[&str] = &[
    "Call", "HOLD", "Checked", "FINISH", "CANCEL", "RAI.NR", "RAI.US",
];

impl Default for Tables {
    fn default() -> Self {
        let mut tables = BTreeMap::new();
        for (list, values) in OF_TICKETS {
            let lookup: &mut Lookup = tables.entry(list.to_owned()).or_default();
            lookup.of_tickets = decided(values);
        }
        let status: &mut Lookup = tables.entry("status".to_owned()).or_default();
        status.of_jobs = decided(STATUS_OF_JOBS);
        let left = STATUS_LEFT
            .iter()
            .map(|status| ((*status).to_owned(), None));
        status.of_jobs.extend(left);
        Self(tables)
    }
}

fn decided(values: &[(&str, &str)]) -> BTreeMap<String, Option<String>> {
    let owned = |(from, to): &(&str, &str)| ((*from).to_owned(), Some((*to).to_owned()));
    values.iter().map(owned).collect()
}

impl Tables {
    /// The decisions of a site, as `crossbill lookups export` writes them.
    pub fn read(text: &str) -> Result<Self, String> {
        sheet::read(text)
    }

    /// Whether anybody has decided on anything of this list.
    pub(super) fn has(&self, list: &str) -> bool {
        self.0.contains_key(list)
    }

    /// What a value of Autotask's becomes in Jim2.
    pub(super) fn of_ticket(&self, list: &str, value: &str) -> Decision<'_> {
        self.decision(list, |lookup| lookup.of_tickets.get(value))
    }

    /// What a value of Jim2's becomes in Autotask.
    pub(super) fn of_job(&self, list: &str, value: &str) -> Decision<'_> {
        self.decision(list, |lookup| lookup.of_jobs.get(value))
    }

    fn decision<'a>(
        &'a self,
        list: &str,
        find: impl FnOnce(&'a Lookup) -> Option<&'a Option<String>>,
    ) -> Decision<'a> {
        match self.0.get(list).and_then(find) {
            None => Decision::Open,
            Some(None) => Decision::Left,
            Some(Some(to)) => Decision::Becomes(to),
        }
    }
}

/// Publish values of notes that customers see.
pub(super) const PUBLISHED: &[&str] = &["1", "4"];

/// The type of notes that Autotask's workflow rules write.
pub(super) const WORKFLOW_NOTE: &str = "13";

/// The Item of jobs that have no fault description.
pub(super) const SALES_ITEM: &str = "SALE";

/// The licence of Autotask users that are programs.
pub(super) const API_LICENCE: &str = "7";

/// The type of companies that are customers.
pub(super) const CUSTOMER: &str = "1";

/// The status of tickets on which work is over.
pub(super) const COMPLETE: &str = "5";

/// The type of alerts, which get a job at their first time or charge.
pub(super) const ALERT: &str = "5";

/// The source of tickets that monitoring opens, which are alerts as well.
pub(super) const MONITORING: &str = "8";
