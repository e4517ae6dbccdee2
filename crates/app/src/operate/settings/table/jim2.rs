//! Settings: how this Jim2 is, and what is made in it.

use super::{HELD, LEARNT, Setting, Type, of};

pub(super) const ROWS: &[Setting] = &[
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
];
