//! The settings that there are. One that is not in this table, and that no kind says of itself, cannot be set.

use std::sync::LazyLock;

use crate::kinds;

/// A setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Setting {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) is: Type,
    /// What holds where nobody chose; of what `connect` finds out, how to have it found out again.
    pub(crate) default: &'static str,
    /// What it is for.
    pub(crate) about: &'static str,
}

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    /// What `connect` finds out each time.
    Found,
    /// A text.
    Text,
    /// Texts with commas between them.
    Words,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// On or off.
    Switch,
    /// A moment.
    Moment,
    /// A number of Autotask's; by its name too, where it is of a list.
    Number(Option<&'static str>),
    /// Several of them.
    Numbers(&'static str),
    /// Days on which something is not done.
    Freeze,
}

/// Every setting: those of the table below, and what kinds say of themselves.
pub(crate) static SETTINGS: LazyLock<Vec<Setting>> = LazyLock::new(|| {
    let said = kinds::choices().flat_map(|choices| {
        let learnt = choices
            .learnt
            .iter()
            .map(|name| of(name, Type::Found, LEARNT, UNTAKEN));
        let switches = choices.switches.iter();
        learnt.chain(switches.map(|(name, about)| of(name, Type::Switch, "off", about)))
    });
    TABLE.iter().copied().chain(said).collect()
});

const TABLE: &[Setting] = &[
    of(
        "starts_from",
        Type::Moment,
        "none",
        "tickets made before this get no job",
    ),
    of(
        "recurring_days",
        Type::Number(None),
        "14",
        "how many days before they are due recurring tickets get their jobs",
    ),
    of(
        "limit.fault_desc",
        Type::Number(None),
        AS_LONG,
        "the most characters that fault descriptions have in Jim2",
    ),
    of(
        "limit.invoice_desc",
        Type::Number(None),
        AS_LONG,
        "the most characters that invoice descriptions have in Jim2",
    ),
    of(
        "limit.item_desc",
        Type::Number(None),
        "255",
        "the most characters that descriptions of Items have in Jim2; 0: as long as the ticket's",
    ),
    of(
        "limit.attention",
        Type::Number(None),
        "51",
        "the most characters that the name in a job's attention has; 0: as long as the contact's",
    ),
    of(
        "limit.our_ref",
        Type::Number(None),
        "50",
        "the most characters of a job's Our Ref; a ticket's number that is longer is held, never cut",
    ),
    of(
        "notes.internal_to_jim2",
        Type::Switch,
        "off",
        "whether internal notes of tickets become comments too",
    ),
    of(
        "notes.publish_to_customers",
        Type::Switch,
        "off",
        "whether comments that Jim2 prints are for customers to see",
    ),
    of(
        "notes.company",
        Type::Switch,
        "off",
        "whether notes of cards become notes of their companies; Jim2 tells them by the named query crossbill_card_notes",
    ),
    of(
        "company_note.action_type",
        Type::Number(Some("companyNoteAction")),
        "connect proposes one where notes.company is on; none: such notes are held",
        "the action type of notes made from those of cards",
    ),
    of(
        "attachments.from",
        Type::Moment,
        "none: attachments are not looked at",
        "from when on what is attached to tickets is listed on their jobs, with a link to the ticket; the files stay in \
         Autotask",
    ),
    of(
        "autotask.ticket_url",
        Type::Text,
        "the address that Autotask tells for the tenant's zone",
        "where a ticket is looked at, with {id} or {number} in it: the link beside the list of its attachments",
    ),
    of(
        "notes.labour_prefix",
        Type::Text,
        "none",
        "comments that begin with this come from labour too and stay in Jim2, as those do that say what a line of labour \
         says",
    ),
    of(
        "time.internal_notes",
        Type::Switch,
        "off",
        "whether internal notes of time entries go along with their summaries into the comments of labour",
    ),
    of(
        "loop_limit",
        Type::Number(None),
        "5",
        "how often the same value of a field is written again for two who undo each other, before a person is asked; 0: \
         as often as it takes",
    ),
    of(
        "loop_minutes",
        Type::Number(None),
        "15",
        "within how many minutes",
    ),
    of(
        "billing_by",
        Type::OneOf(&["ours", "theirs", "off"]),
        "theirs",
        "who carries what is posted in Autotask to jobs: Crossbill, the official connector or nobody; two that do make \
         every line twice",
    ),
    of(
        "billing_from",
        Type::Moment,
        "none, and nothing is billed before it is set",
        "what was posted before this, or is on an Autotask invoice older than it, was billed before Crossbill",
    ),
    of(
        "bill_when",
        Type::OneOf(&["posted", "invoiced"]),
        "posted",
        "whether items of tickets and projects go to their jobs once they are posted, or with their Autotask invoice",
    ),
    of(
        "zero_jobs",
        Type::OneOf(&["finish", "cancel", "leave"]),
        "finish",
        "what becomes of the job of a completed ticket that has nothing to invoice",
    ),
    of(
        "zero_jobs_after_hours",
        Type::Number(None),
        "24",
        "how many hours after the ticket was completed that is done",
    ),
    of(
        "finish_after_hours",
        Type::Number(None),
        "1",
        "how many hours after its ticket was completed a job whose work is all billed goes to FINISH",
    ),
    of(
        "billing_freeze",
        Type::Freeze,
        "none",
        "the days on which no line is written, with commas: 30..2 of each month, 2026-12-24..2027-01-04 of this one",
    ),
    of(
        "billing_currency",
        Type::Number(None),
        "none, and only amounts in a currency of the customer's own are held",
        "the id of Australian dollars in Autotask, where it has several currencies",
    ),
    of(
        "order.item",
        Type::Text,
        "the Item of tickets without an issue type",
        "the Item of jobs for projects, Autotask invoices and other payers",
    ),
    of(
        "note.publish.internal",
        Type::Number(Some("publish")),
        "2",
        "how notes are published for our own people only",
    ),
    of(
        "note.publish.customer",
        Type::Numbers("publish"),
        "1, 4",
        "how notes are published for customers; new ones take the first",
    ),
    of(
        "note.type",
        Type::Number(Some("noteType")),
        "3",
        "the type of notes made from comments",
    ),
    of(
        "note.system_types",
        Type::Numbers("noteType"),
        "13",
        "types of notes that Autotask writes by itself, which stay there",
    ),
    of(
        "jim2.first_status",
        Type::Text,
        "Booked",
        "the status of a job just made",
    ),
    of(
        "jim2.initials",
        Type::Text,
        "found by e-mail address",
        "the initials that Jim2 stamps on what we do",
    ),
    of(
        "jim2.refused.ticket.create",
        Type::Found,
        LEARNT,
        "fields of new jobs that this build of Jim2 takes only once a job is made, if at all",
    ),
    of(
        "jim2.refused.ticket.update",
        Type::Found,
        LEARNT,
        "fields of jobs that this build of Jim2 lets nobody change through its API",
    ),
    of(
        "jim2.refused.order.create",
        Type::Found,
        LEARNT,
        "the same of new jobs for projects, Autotask invoices and other payers",
    ),
    of(
        "jim2.refused.order.update",
        Type::Found,
        LEARNT,
        "the same of fields of those jobs that nobody can change",
    ),
    of(
        "jim2.refused.contract.create",
        Type::Found,
        LEARNT,
        "fields of new projects that this build of Jim2 takes only once a project is made, if at all",
    ),
    of(
        "jim2.refused.contract.update",
        Type::Found,
        LEARNT,
        "fields of projects that this build of Jim2 lets nobody change through its API",
    ),
    of(
        "jim2.refused.asset.create",
        Type::Found,
        LEARNT,
        "fields of new assets that this build of Jim2 takes only once an asset is made, if at all",
    ),
    of(
        "jim2.refused.asset.update",
        Type::Found,
        LEARNT,
        "fields of assets that this build of Jim2 lets nobody change through its API",
    ),
    of(
        "default.product",
        Type::Number(None),
        HELD,
        "the product (its id) of configuration items made from assets",
    ),
    of(
        "project.type",
        Type::Text,
        HELD,
        "the type of projects made for contracts, as Jim2 names it; templates have no API",
    ),
    of(
        "jim2.date_reading",
        Type::OneOf(&["instant", "wall-clock"]),
        "instant; connect finds it where Jim2 tells its clock",
        "whether Jim2's /Date(ms)/ counts true time, or the server's wall clock as if it were UTC",
    ),
    of(
        "jim2.contact_ids",
        Type::OneOf(&["cardno-contno", "contno"]),
        "cardno-contno; connect finds it where a card has a contact",
        "how this build of Jim2 writes a contact's id",
    ),
    of(
        "jim2.contact_type.email",
        Type::Text,
        "EMail",
        "what Jim2 calls an e-mail address of a contact",
    ),
    of(
        "jim2.contact_type.phone",
        Type::Text,
        "Phone",
        "what Jim2 calls a fixed line of a contact",
    ),
    of(
        "jim2.contact_type.mobile",
        Type::Text,
        "Mobile",
        "what Jim2 calls a mobile of a contact",
    ),
    of(
        "jim2.sales_items",
        Type::Words,
        "none",
        "Items of sales jobs; connect reads them where Jim2 tells its lists",
    ),
    of(
        "default.queue",
        Type::Number(Some("queue")),
        HELD,
        "the queue of tickets made from jobs",
    ),
    of(
        "default.source",
        Type::Number(Some("source")),
        HELD,
        "the source of tickets made from jobs",
    ),
    of(
        "default.priority",
        Type::Number(Some("priority")),
        HELD,
        "the priority of tickets made from jobs, where theirs is not mapped",
    ),
    of(
        "default.status",
        Type::Number(Some("status")),
        HELD,
        "the status of tickets made from jobs, where theirs is not mapped",
    ),
    of(
        "default.work_type",
        Type::Number(None),
        HELD,
        "the work type (id of a billing code) of tickets made from jobs",
    ),
    of(
        "default.company_type",
        Type::Number(Some("companyType")),
        "1",
        "the type of companies made from cards",
    ),
    of(
        "default.owner",
        Type::Number(Some("technician")),
        HELD,
        "the owner of companies made from cards, where the account manager is nobody we know",
    ),
    of(
        "default.phone",
        Type::Text,
        HELD,
        "the phone of companies made from cards without one",
    ),
    of(
        "default.initials",
        Type::Text,
        "nobody",
        "who a job or a line of labour is given to where Jim2 refuses the initials; labour says who worked",
    ),
    of(
        "udf.job_no",
        Type::Text,
        "Jim2 Job#",
        "the field of tickets with their job",
    ),
    of(
        "udf.earlier_jobs",
        Type::Text,
        "Jim2 earlier jobs",
        "the field of tickets with the jobs before",
    ),
    of(
        "udf.invoice_no",
        Type::Text,
        "Jim2 invoice#",
        "the field of tickets with the invoice of their job",
    ),
    of(
        "udf.card_no",
        Type::Text,
        "Jim2 CardNo",
        "the field of companies with their card",
    ),
    of(
        "udf.credit_hold",
        Type::Text,
        "Jim2 credit hold",
        "the field of companies that says they are on hold",
    ),
    of(
        "udf.opt_out",
        Type::Text,
        "Jim2 opt-out",
        "the field of companies that keeps them out of Jim2",
    ),
    of(
        "udf.contact_no",
        Type::Text,
        "externalID",
        "the field of contacts with their number in Jim2",
    ),
    of(
        "udf.availability",
        Type::Text,
        "Jim2 availability",
        "the field of products with what can be sold of their stock at the chosen locations",
    ),
    of(
        "stock.price_level",
        Type::Text,
        "none: prices of products stay as they are",
        "the price level of Jim2 whose price without GST products get",
    ),
    of(
        "stock.tax_code",
        Type::Text,
        "any",
        "the letter of the tax code whose price is meant, where a level has prices of several",
    ),
    of(
        "stock.cost",
        Type::OneOf(&["last", "average", "none"]),
        "last",
        "which cost of stock products get; none: theirs stays",
    ),
    of(
        "stock.decimals",
        Type::Number(None),
        "4",
        "how many decimals Autotask keeps of prices and costs of products, at most 4",
    ),
    of(
        "stock.locations",
        Type::Text,
        "all, as one number",
        "the locations of Jim2 whose stock is told, with their names: 1=Sydney, 2=Melbourne",
    ),
    of(
        "stock.location_udfs",
        Type::Text,
        "none",
        "fields of products for single locations: 1=Available in Sydney",
    ),
    of(
        "default.product_billing_code",
        Type::Number(None),
        HELD,
        "the material billing code (id) of products made of stock",
    ),
    of(
        "default.product_serialized",
        Type::Switch,
        "off",
        "whether products made of stock have serial numbers",
    ),
    of(
        "autotask.poll_only",
        Type::Found,
        "crossbill connect --poll-only",
        "whether Autotask is polled instead of telling by webhooks",
    ),
    of(
        "autotask.resource_id",
        Type::Found,
        "crossbill connect",
        "who we are in Autotask",
    ),
    of(
        "jim2.named_queries",
        Type::Found,
        "crossbill connect",
        "whether Jim2 has the named queries",
    ),
    of(
        "jim2.comments_writable",
        Type::Found,
        "crossbill connect",
        "whether comments can be written on jobs",
    ),
];

/// How it is found out what Jim2 does not take.
const LEARNT: &str = "none; learnt from refusals, and forgotten by connect";

/// What of a kind is learnt so.
const UNTAKEN: &str = "fields that this build of Jim2 does not take: when such a record is made, or when it is changed";

/// What a text is that has no limit.
const AS_LONG: &str = "as long as the ticket's";

/// What happens where a needed default is missing.
const HELD: &str = "none: such records are held";

const fn of(name: &'static str, is: Type, default: &'static str, about: &'static str) -> Setting {
    Setting {
        name,
        is,
        default,
        about,
    }
}
