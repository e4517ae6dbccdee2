//! The mapping table of tickets and jobs.

use domain::{System, Value};
use sync::{Compare, Facts, Field, Mapped, Transform, Way};

/// What goes from tickets to jobs and back. Longest texts are those of Jim2, where they are known.
pub const FIELDS: &[Field] = &[
    Field {
        back: Transform::None,
        way: Way::ToJim2,
        ..Field::text("fault", "Fault description")
    },
    Field {
        back: Transform::None,
        way: Way::ToJim2,
        jim2_max: Some(255),
        ..Field::text("item_desc", "Item description")
    },
    Field {
        forward: Transform::By(unless_blank),
        jim2_max: Some(50),
        autotask_max: Some(50),
        webhook_names: &["PurchaseOrderNumber", "purchaseOrderNumber"],
        ..Field::text("cust_ref", "Purchase order")
    },
    Field {
        forward: Transform::Lookup("status"),
        back: Transform::Lookup("status"),
        required: true,
        webhook_names: &["Status", "status"],
        ..Field::text("status", "Status")
    },
    Field {
        forward: Transform::Lookup("priority"),
        back: Transform::None,
        way: Way::ToJim2,
        ..Field::text("priority", "Priority")
    },
    Field {
        forward: Transform::Lookup("type"),
        back: Transform::None,
        way: Way::ToJim2,
        ..Field::text("type", "Ticket type")
    },
    Field {
        forward: Transform::Same,
        back: Transform::None,
        way: Way::ToJim2,
        compare: Compare::Exact,
        ..Field::text("due", "Due date")
    },
    ASSIGNEE,
    Field {
        forward: Transform::Lookup("issueType"),
        back: Transform::By(issue_type),
        way: Way::CreateOnly,
        required: true,
        ..Field::text("item", "Issue type")
    },
    Field {
        back: Transform::None,
        way: Way::CreateOnly,
        ..Field::text("invoice_desc", "Invoice description")
    },
    // No names for evidence: a person who edits it gives way.
    Field {
        forward: Transform::By(newest_invoice),
        back: Transform::By(named_invoice),
        way: Way::ToAutotask,
        owner: System::Jim2,
        ..Field::text("invoice", "Invoice number")
    },
];

/// The assigned resource and its role, one value: Autotask takes neither without the other.
const ASSIGNEE: Field = Field {
    forward: Transform::By(initials),
    back: Transform::By(resource),
    way: Way::CreateOnly,
    jim2_max: Some(3),
    ..Field::text("assignee", "Assigned resource")
};

/// The parts of the assignee, by Autotask's names.
pub(crate) const RESOURCE: &str = "assignedResourceID";
/// The role that a resource is assigned in.
pub(crate) const ROLE: &str = "assignedResourceRoleID";

/// A blank purchase order never empties the job's reference. The way back is plain, so that two blanks are
/// equal; a job's blank is kept from the ticket in [`super::steps`].
fn unless_blank(value: &Value, _facts: &Facts) -> Mapped {
    match value.as_text().map(str::trim) {
        Some("") | None => Mapped::Leave,
        Some(text) => Mapped::Value(text.into()),
    }
}

/// The first of the invoices that a ticket names, newest first.
fn newest_invoice(named: &Value, _facts: &Facts) -> Mapped {
    let first = named.as_text().and_then(|named| named.split(',').next());
    let number = first.and_then(|first| first.trim().parse().ok());
    Mapped::Value(number.map_or_else(|| named.clone(), Value::Number))
}

/// A job that is not invoiced leaves the invoice of the job before it.
fn named_invoice(number: &Value, _facts: &Facts) -> Mapped {
    match number.as_number() {
        Some(number) => Mapped::Value(number.to_string().into()),
        None => Mapped::Leave,
    }
}

fn initials(value: &Value, facts: &Facts) -> Mapped {
    let resource = value.part(RESOURCE).unwrap_or(&Value::Empty);
    facts.look_up(&ASSIGNEE, "technician", System::Autotask, resource)
}

/// The resource with these initials, its role left to the hands. Initials of nobody are left out.
fn resource(value: &Value, facts: &Facts) -> Mapped {
    match facts.look_up(&ASSIGNEE, "technician", System::Jim2, value) {
        Mapped::Value(resource) => {
            Mapped::Value(Value::parts([(RESOURCE, resource), (ROLE, Value::Empty)]))
        }
        other @ (Mapped::Leave | Mapped::Problem(_)) => other,
    }
}

/// An Item without an issue type is no reason to hold a ticket.
fn issue_type(value: &Value, facts: &Facts) -> Mapped {
    let item = value.as_text().unwrap_or_default();
    match facts.mapping("issueType", System::Jim2, item) {
        Some(mapping) => match mapping.to.as_deref().and_then(|to| to.parse().ok()) {
            Some(issue) => Mapped::Value(Value::Number(issue)),
            None => Mapped::Leave,
        },
        None => Mapped::Leave,
    }
}
