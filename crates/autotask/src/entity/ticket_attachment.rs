//! Attachments of tickets, without what is in them.

use std::convert::Infallible;

use chrono::{DateTime, Utc};

super::entity! {
    /// An attachment of a ticket. It tells no time of a change, as it cannot be changed (`autotask.md` §3.1).
    ///
    /// The stored help does not have its fields. Public clients read these, ask for them by `parentID` (a few by
    /// `ticketID`), and warn that `data`, `fileSize` and `creatorType` are errors in a query, so they are not asked for.
    TicketAttachment, "ticket attachment", read at "TicketAttachments",
    written under Infallible: |never| match never {},
    {
        parent_id: i64 = "parentID",
        title: String = "title",
        full_path: String = "fullPath",
        publish: i64 = "publish",
        attach_date: DateTime<Utc> = "attachDate",
    }
}
