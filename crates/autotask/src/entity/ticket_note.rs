//! Notes of tickets.

use chrono::{DateTime, Utc};

super::entity! {
    /// A note of a ticket. It cannot be deleted by the API.
    TicketNote, "ticket note", read at "TicketNotes",
    written under i64: |ticket| format!("Tickets/{ticket}/Notes"),
    {
        ticket_id: i64 = "ticketID",
        title: String = "title",
        description: String = "description",
        note_type: i64 = "noteType",
        publish: i64 = "publish",
        creator_resource_id: i64 = "creatorResourceID",
        created_by_contact_id: i64 = "createdByContactID",
        impersonator_creator_resource_id: i64 = "impersonatorCreatorResourceID",
        impersonator_updater_resource_id: i64 = "impersonatorUpdaterResourceID",
        create_date_time: DateTime<Utc> = "createDateTime",
        last_activity_date: DateTime<Utc> = "lastActivityDate",
    }
}
