//! Projects.

use chrono::{DateTime, Utc};

super::entity! {
    /// A project, which has tasks.
    Project, "project", read at "Projects",
    written under (): |()| "Projects".to_owned(),
    user defined fields user_defined_fields,
    {
        project_number: String = "projectNumber",
        project_name: String = "projectName",
        project_type: i64 = "projectType",
        company_id: i64 = "companyID",
        contract_id: i64 = "contractID",
        description: String = "description",
        ext_project_number: String = "extProjectNumber",
        purchase_order_number: String = "purchaseOrderNumber",
        project_lead_resource_id: i64 = "projectLeadResourceID",
        status: i64 = "status",
        start_date_time: DateTime<Utc> = "startDateTime",
        end_date_time: DateTime<Utc> = "endDateTime",
        create_date_time: DateTime<Utc> = "createDateTime",
        completed_date_time: DateTime<Utc> = "completedDateTime",
        last_activity_date_time: DateTime<Utc> = "lastActivityDateTime",
    }
}
