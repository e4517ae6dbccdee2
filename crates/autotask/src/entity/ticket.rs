//! Tickets.

use chrono::{DateTime, Utc};

super::entity! {
    /// A ticket. The assigned resource and its role are only accepted together.
    Ticket, "ticket", read at "Tickets",
    written under (): |()| "Tickets".to_owned(),
    user defined fields user_defined_fields,
    {
        ticket_number: String = "ticketNumber",
        company_id: i64 = "companyID",
        company_location_id: i64 = "companyLocationID",
        contact_id: i64 = "contactID",
        title: String = "title",
        description: String = "description",
        resolution: String = "resolution",
        purchase_order_number: String = "purchaseOrderNumber",
        external_id: String = "externalID",
        status: i64 = "status",
        priority: i64 = "priority",
        ticket_type: i64 = "ticketType",
        ticket_category: i64 = "ticketCategory",
        queue_id: i64 = "queueID",
        source: i64 = "source",
        issue_type: i64 = "issueType",
        sub_issue_type: i64 = "subIssueType",
        due_date_time: DateTime<Utc> = "dueDateTime",
        assigned_resource_id: i64 = "assignedResourceID",
        assigned_resource_role_id: i64 = "assignedResourceRoleID",
        billing_code_id: i64 = "billingCodeID",
        contract_id: i64 = "contractID",
        configuration_item_id: i64 = "configurationItemID",
        organizational_level_association_id: i64 = "organizationalLevelAssociationID",
        problem_ticket_id: i64 = "problemTicketId",
        project_id: i64 = "projectID",
        creator_resource_id: i64 = "creatorResourceID",
        completed_date: DateTime<Utc> = "completedDate",
        create_date: DateTime<Utc> = "createDate",
        last_activity_date: DateTime<Utc> = "lastActivityDate",
        last_activity_resource_id: i64 = "lastActivityResourceID",
        last_tracked_modification_date_time: DateTime<Utc> = "lastTrackedModificationDateTime",
    }
}
