//! Tasks of projects.

use chrono::{DateTime, Utc};

super::entity! {
    /// A task, which is written below its project.
    Task, "task", read at "Tasks",
    written under i64: |project| format!("Projects/{project}/Tasks"),
    user defined fields user_defined_fields,
    {
        project_id: i64 = "projectID",
        task_number: String = "taskNumber",
        title: String = "title",
        task_type: i64 = "taskType",
        status: i64 = "status",
        billing_code_id: i64 = "billingCodeID",
        create_date_time: DateTime<Utc> = "createDateTime",
        last_activity_date_time: DateTime<Utc> = "lastActivityDateTime",
    }
}
