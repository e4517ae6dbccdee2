//! What a site can choose of tickets.

use sync::{Choices, Filter, Holds, Setting};

pub(super) const CHOICES: Choices = Choices {
    kind: "ticket",
    filters: FILTERS,
    settings: SETTINGS,
    learnt: &["jim2.refused.ticket.create", "jim2.refused.ticket.update"],
    ..Choices::NONE
};

/// What a text is that has no limit.
const AS_LONG: &str = "as long as the ticket's";

const FILTERS: &[Filter] = &[
    Filter {
        default: "as for companies",
        ..Filter::meant(
            "company_types",
            "types of companies whose tickets get jobs",
            "companyType",
        )
    },
    Filter {
        default: "8",
        ..Filter::marking(
            "alert_sources",
            "sources of tickets that are alerts, which get no job; none: no source is",
            "source",
        )
    },
    Filter {
        default: "5",
        ..Filter::marking(
            "alert_types",
            "types of tickets that are alerts, which get no job; none: no type is",
            "type",
        )
    },
    Filter::marking(
        "recurring_sources",
        "sources of recurring tickets, which get their jobs days before they are due (setting recurring_days) or when \
         somebody works on them",
        "source",
    ),
    Filter::passing("queues", "queues whose tickets get jobs", "queue"),
    Filter::passing("types", "types of tickets that get jobs", "type"),
    Filter::passing("sources", "sources of tickets that get jobs", "source"),
    Filter::passing(
        "statuses",
        "statuses in which a ticket gets its job",
        "status",
    ),
    Filter::passing(
        "categories",
        "categories (numbers) of tickets that get jobs",
        "",
    ),
    Filter::passing(
        "contracts",
        "contracts (numbers) whose tickets get jobs",
        "",
    ),
    Filter::of_jim2("job_types", "types of jobs that become tickets", "type"),
    Filter::of_jim2(
        "job_items",
        "Items of jobs that become tickets",
        "issueType",
    ),
    Filter::of_jim2(
        "job_customers",
        "customers (Card#) whose jobs become tickets",
        "",
    ),
];

const SETTINGS: &[Setting] = &[
    Setting::new(
        "starts_from",
        Holds::Moment,
        "none",
        "tickets made before this get no job",
    ),
    Setting::new(
        "recurring_days",
        Holds::Number(None),
        "14",
        "how many days before they are due recurring tickets get their jobs",
    ),
    Setting::new(
        "limit.fault_desc",
        Holds::Number(None),
        AS_LONG,
        "the most characters that fault descriptions have in Jim2",
    ),
    Setting::new(
        "limit.invoice_desc",
        Holds::Number(None),
        AS_LONG,
        "the most characters that invoice descriptions have in Jim2",
    ),
    Setting::new(
        "limit.item_desc",
        Holds::Number(None),
        "255",
        "the most characters that descriptions of Items have in Jim2; 0: as long as the ticket's",
    ),
    Setting::new(
        "limit.attention",
        Holds::Number(None),
        "51",
        "the most characters that the name in a job's attention has; 0: as long as the contact's",
    ),
    Setting::new(
        "limit.our_ref",
        Holds::Number(None),
        "50",
        "the most characters of a job's Our Ref; a ticket's number that is longer is held, never cut",
    ),
    Setting::new(
        "notes.internal_to_jim2",
        Holds::Switch,
        "off",
        "whether internal notes of tickets become comments too",
    ),
    Setting::new(
        "notes.publish_to_customers",
        Holds::Switch,
        "off",
        "whether comments that Jim2 prints are for customers to see",
    ),
    Setting::new(
        "note.publish.internal",
        Holds::Number(Some("publish")),
        "2",
        "how notes are published for our own people only",
    ),
    Setting::new(
        "note.publish.customer",
        Holds::Numbers("publish"),
        "1, 4",
        "how notes are published for customers; new ones take the first",
    ),
    Setting::new(
        "note.type",
        Holds::Number(Some("noteType")),
        "3",
        "the type of notes made from comments",
    ),
    Setting::new(
        "note.system_types",
        Holds::Numbers("noteType"),
        "13",
        "types of notes that Autotask writes by itself, which stay there",
    ),
    Setting::new(
        "notes.labour_prefix",
        Holds::Text,
        "none",
        "comments that begin with this come from labour too and stay in Jim2, as those do that say what a line of labour \
         says",
    ),
    Setting::new(
        "attachments.from",
        Holds::Moment,
        "none: attachments are not looked at",
        "from when on what is attached to tickets is listed on their jobs, with a link to the ticket; the files stay in \
         Autotask",
    ),
    Setting::new(
        "autotask.ticket_url",
        Holds::Text,
        "the address that Autotask tells for the tenant's zone",
        "where a ticket is looked at, with {id} or {number} in it: the link beside the list of its attachments",
    ),
    Setting::new(
        "zero_jobs",
        Holds::OneOf(&["finish", "cancel", "leave"]),
        "finish",
        "what becomes of the job of a completed ticket or project that has nothing to invoice",
    ),
    Setting::new(
        "zero_jobs_after_hours",
        Holds::Number(None),
        "24",
        "how many hours after it was completed that is done",
    ),
    Setting::new(
        "finish_after_hours",
        Holds::Number(None),
        "1",
        "how many hours after its ticket or project was completed, or its Autotask invoice made, a job whose work is all \
         billed goes to FINISH",
    ),
    Setting::new(
        "jim2.first_status",
        Holds::Text,
        "Booked",
        "the status of a job just made",
    ),
    Setting::new(
        "jim2.sales_items",
        Holds::Words,
        "none",
        "Items of sales jobs; connect reads them where Jim2 tells its lists",
    ),
    Setting::new(
        "default.queue",
        Holds::Number(Some("queue")),
        Setting::HELD,
        "the queue of tickets made from jobs",
    ),
    Setting::new(
        "default.source",
        Holds::Number(Some("source")),
        Setting::HELD,
        "the source of tickets made from jobs",
    ),
    Setting::new(
        "default.priority",
        Holds::Number(Some("priority")),
        Setting::HELD,
        "the priority of tickets made from jobs, where theirs is not mapped",
    ),
    Setting::new(
        "default.status",
        Holds::Number(Some("status")),
        Setting::HELD,
        "the status of tickets made from jobs, where theirs is not mapped",
    ),
    Setting::new(
        "default.work_type",
        Holds::Number(None),
        Setting::HELD,
        "the work type (id of a billing code) of tickets made from jobs",
    ),
    Setting::new(
        "default.initials",
        Holds::Text,
        "nobody",
        "who a job or a line of labour is given to where Jim2 refuses the initials; labour says who worked",
    ),
    Setting::new(
        "udf.job_no",
        Holds::Text,
        "Jim2 Job#",
        "the field of tickets with their job",
    ),
    Setting::new(
        "udf.earlier_jobs",
        Holds::Text,
        "Jim2 earlier jobs",
        "the field of tickets with the jobs before",
    ),
    Setting::new(
        "udf.invoice_no",
        Holds::Text,
        "Jim2 invoice#",
        "the field of tickets with the invoice of their job",
    ),
];
