//! The default mapping of values, as data. Ids are those of the stand-in's picklists.

/// Ticket statuses and the job status each becomes.
pub(super) const STATUS: &[(&str, &str)] = &[
    ("1", "Booked"),
    ("5", "Checked"),
    ("7", "WAIT"),
    ("8", "Proceed"),
    ("9", "Parts"),
    ("12", "Proceed"),
];

/// Job statuses that leave the ticket as it is: the work is over, or only Jim2 knows such a step.
pub(super) const STATUS_LEFT: &[&str] = &["Call", "HOLD", "FINISH", "CANCEL", "RAI.NR", "RAI.US"];

/// Ticket priorities.
pub(super) const PRIORITY: &[(&str, &str)] = &[
    ("1", "High"),
    ("2", "Normal"),
    ("3", "Low"),
    ("4", "Critical"),
];

/// Ticket types.
pub(super) const TICKET_TYPE: &[(&str, &str)] = &[
    ("1", "Service Request"),
    ("2", "Incident"),
    ("3", "Problem"),
    ("5", "Alert"),
];

/// Publish values of notes that customers see.
pub(super) const PUBLISHED: &[&str] = &["1", "4"];

/// The type of notes that Autotask's workflow rules write.
pub(super) const WORKFLOW_NOTE: &str = "13";

/// The Item of jobs that have no fault description.
pub(super) const SALES_ITEM: &str = "SALE";

/// The licence of Autotask users that are programs.
pub(super) const API_LICENCE: &str = "7";

/// What a value stands for, in a table.
pub(super) fn of<'a>(table: &[(&str, &'a str)], value: &str) -> Option<&'a str> {
    let found = table.iter().find(|(from, _)| *from == value);
    found.map(|(_, to)| *to)
}
