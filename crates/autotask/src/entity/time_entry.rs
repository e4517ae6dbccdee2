//! Time that people worked: on tickets, on tasks of projects, or for the provider itself.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

super::entity! {
    /// A time entry. It has a ticket or a task or, for the provider's own time, an internal billing code.
    TimeEntry, "time entry", read at "TimeEntries",
    written under (): |()| "TimeEntries".to_owned(),
    {
        ticket_id: i64 = "ticketID",
        task_id: i64 = "taskID",
        internal_billing_code_id: i64 = "internalBillingCodeID",
        resource_id: i64 = "resourceID",
        role_id: i64 = "roleID",
        billing_code_id: i64 = "billingCodeID",
        time_entry_type: i64 = "timeEntryType",
        contract_id: i64 = "contractID",
        date_worked: DateTime<Utc> = "dateWorked",
        start_date_time: DateTime<Utc> = "startDateTime",
        end_date_time: DateTime<Utc> = "endDateTime",
        hours_worked: Decimal = "hoursWorked",
        hours_to_bill: Decimal = "hoursToBill",
        offset_hours: Decimal = "offsetHours",
        is_non_billable: bool = "isNonBillable",
        show_on_invoice: bool = "showOnInvoice",
        summary_notes: String = "summaryNotes",
        internal_notes: String = "internalNotes",
        billing_approval_date_time: DateTime<Utc> = "billingApprovalDateTime",
        creator_user_id: i64 = "creatorUserID",
        create_date_time: DateTime<Utc> = "createDateTime",
        last_modified_date_time: DateTime<Utc> = "lastModifiedDateTime",
        last_modified_user_id: i64 = "lastModifiedUserID",
    }
}
