//! Settings: what of tickets, notes, attachments and time is carried, and how.

use super::{AS_LONG, Setting, Type, of};

pub(super) const ROWS: &[Setting] = &[
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
];
