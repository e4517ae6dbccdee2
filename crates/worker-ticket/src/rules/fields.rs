//! The mapping table of tickets and jobs.

use domain::{Key, Kind, RecordId, System, Value};
use sync::{Compare, Facts, Field, Mapped, Transform, Way};

use super::limits;
use crate::{ASSET, CONTRACT, KIND};

/// What goes from tickets to jobs and back. Longest texts are those of Jim2, where they are known.
pub const FIELDS: &[Field] = &[
    Field {
        forward: Transform::By(limits::fault_desc),
        back: Transform::None,
        way: Way::ToJim2,
        ..Field::text("fault", "Fault description")
    },
    Field {
        forward: Transform::By(limits::item_desc),
        back: Transform::None,
        way: Way::ToJim2,
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
    ITEM,
    CONTRACT_OF,
    ASSET_OF,
    Field {
        forward: Transform::By(limits::invoice_desc),
        back: Transform::None,
        way: Way::CreateOnly,
        ..Field::text("invoice_desc", "Invoice description")
    },
    // Where a site wants it, the resolution takes the place of what the job was made with.
    Field {
        forward: Transform::By(resolution),
        back: Transform::None,
        way: Way::Off,
        ..Field::text("resolution", "Resolution as invoice description")
    },
    sync::finish::FIELD,
    // No names for evidence: a person who edits it gives way.
    Field {
        forward: Transform::None,
        back: Transform::By(named_invoice),
        way: Way::ToAutotask,
        owner: System::Jim2,
        compare: Compare::Listed,
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

/// The Item, which the issue type and the sub-issue type stand for together, or the issue type alone.
const ITEM: Field = Field {
    forward: Transform::By(item),
    back: Transform::By(issue_type),
    way: Way::CreateOnly,
    required: true,
    ..Field::text("item", "Issue type")
};

/// The contract, as the project that it is paired with. No document shows that a job takes one: where it is told that it
/// does not, it is learnt.
const CONTRACT_OF: Field = Field {
    forward: Transform::By(project),
    back: Transform::None,
    way: Way::ToJim2,
    compare: Compare::Exact,
    ..Field::text("contract", "Contract")
};

/// The configuration item, as the asset that it is paired with, to which the same applies.
const ASSET_OF: Field = Field {
    forward: Transform::By(asset),
    back: Transform::None,
    way: Way::ToJim2,
    compare: Compare::Exact,
    ..Field::text("asset", "Configuration item")
};

/// The list of Items: an issue type by its number, a sub-issue type by both, as in `12/34`.
const ISSUES: &str = "issueType";

/// The parts of an issue with a sub-issue, by Autotask's names.
pub(crate) const ISSUE: &str = "issueType";
/// The sub-issue type.
pub(crate) const SUB_ISSUE: &str = "subIssueType";

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

/// A job that is not invoiced leaves the invoice of the job before it.
fn named_invoice(number: &Value, _facts: &Facts) -> Mapped {
    match number.as_number() {
        Some(number) => Mapped::Value(number.to_string().into()),
        None => Mapped::Leave,
    }
}

/// Initials of nobody are left out. Where a job's assignee is set when it is made only, a mapping that comes later is
/// for later jobs.
fn initials(value: &Value, facts: &Facts) -> Mapped {
    let resource = value.part(RESOURCE).unwrap_or(&Value::Empty);
    match facts.look_up(&ASSIGNEE, "technician", System::Autotask, resource) {
        Mapped::Problem(mut problem) if facts.rule(&KIND, &ASSIGNEE).0 == Way::CreateOnly => {
            problem.remedy.continues = false;
            problem
                .remedy
                .step
                .push_str(", for the jobs to come; give this one its Name in Jim2 by hand");
            Mapped::Problem(problem)
        }
        other @ (Mapped::Value(_) | Mapped::Leave | Mapped::Problem(_)) => other,
    }
}

/// The project of a contract.
fn project(contract: &Value, facts: &Facts) -> Mapped {
    paired(&CONTRACT, contract, facts)
}

/// The asset of a configuration item.
fn asset(item: &Value, facts: &Facts) -> Mapped {
    paired(&ASSET, item, facts)
}

/// What a record of another kind is paired with; one that is alone leaves the job's as it is.
fn paired(kind: &Kind, id: &Value, facts: &Facts) -> Mapped {
    let key = |id: i64| Key::new(kind.clone(), System::Autotask, id);
    let paired = id.as_number().and_then(|id| facts.other_half(&key(id)));
    let number = paired.and_then(RecordId::number);
    number.map_or(Mapped::Leave, |number| Mapped::Value(number.into()))
}

/// The resource with these initials, in the role of its user group's category; where that stands for none, the hands
/// take the resource's own. Initials of nobody are left out.
fn resource(value: &Value, facts: &Facts) -> Mapped {
    match facts.look_up(&ASSIGNEE, "technician", System::Jim2, value) {
        Mapped::Value(resource) => {
            let category = category_of(&value.to_string(), facts);
            let vanished = category.and_then(|category| {
                facts.vanished(
                    (ASSIGNEE.name, "Category of users"),
                    "role",
                    System::Jim2,
                    category,
                )
            });
            if let Some(problem) = vanished {
                return Mapped::Problem(problem);
            }
            let role = role_of(&value.to_string(), facts).unwrap_or(Value::Empty);
            Mapped::Value(Value::parts([(RESOURCE, resource), (ROLE, role)]))
        }
        other @ (Mapped::Leave | Mapped::Problem(_)) => other,
    }
}

/// The category of the group that a user of Jim2 is in, as far as this Jim2 tells it.
pub(super) fn category_of<'a>(initials: &str, facts: &'a Facts) -> Option<&'a str> {
    let key = ("userCategory".to_owned(), System::Jim2, initials.to_owned());
    facts.labels.get(&key).map(|category| category.trim())
}

/// The role that the category of a user's group stands for.
pub(super) fn role_of(initials: &str, facts: &Facts) -> Option<Value> {
    let category = category_of(initials, facts)?;
    let mapping = facts.mapping("role", System::Jim2, category)?;
    let role: i64 = mapping.to.as_deref()?.trim().parse().ok()?;
    Some(role.into())
}

/// The Item of an issue: of the sub-issue where that has one, else of the issue type.
fn item(value: &Value, facts: &Facts) -> Mapped {
    let (Some(issue), Some(sub)) = (value.part(ISSUE), value.part(SUB_ISSUE)) else {
        return facts.look_up(&ITEM, ISSUES, System::Autotask, value);
    };
    let both = format!("{issue}/{sub}");
    if facts.mapping(ISSUES, System::Autotask, &both).is_some() {
        return facts.look_up(&ITEM, ISSUES, System::Autotask, &both.into());
    }
    facts.look_up(&ITEM, ISSUES, System::Autotask, issue)
}

/// The issue of an Item. An Item without one is no reason to hold a ticket.
fn issue_type(value: &Value, facts: &Facts) -> Mapped {
    let item = value.as_text().unwrap_or_default();
    if let Some(problem) = facts.vanished((ITEM.name, "Item"), ISSUES, System::Jim2, item) {
        return Mapped::Problem(problem);
    }
    let mapping = facts.mapping(ISSUES, System::Jim2, item);
    let Some(to) = mapping.and_then(|mapping| mapping.to.as_deref()) else {
        return Mapped::Leave;
    };
    let number = |text: &str| text.trim().parse().ok().map(Value::Number);
    let issue = match to.split_once('/') {
        Some((issue, sub)) => number(issue)
            .zip(number(sub))
            .map(|(issue, sub)| Value::parts([(ISSUE, issue), (SUB_ISSUE, sub)])),
        None => number(to),
    };
    issue.map_or(Mapped::Leave, Mapped::Value)
}

/// A resolution that is not written yet leaves the invoice description.
fn resolution(value: &Value, facts: &Facts) -> Mapped {
    match value.as_text().map(str::trim) {
        Some("") | None => Mapped::Leave,
        Some(_) => limits::invoice_desc(value, facts),
    }
}
