//! Notes of companies.

use chrono::{DateTime, Utc};

super::entity! {
    /// A note of a company. It cannot be deleted by the API, and does not tell who made it (`autotask.md` §3.1, §6).
    CompanyNote, "company note", read at "CompanyNotes",
    written under i64: |company| format!("Companies/{company}/Notes"),
    {
        company_id: i64 = "companyID",
        name: String = "name",
        note: String = "note",
        action_type: i64 = "actionType",
        assigned_resource_id: i64 = "assignedResourceID",
        start_date_time: DateTime<Utc> = "startDateTime",
        end_date_time: DateTime<Utc> = "endDateTime",
    }
}
