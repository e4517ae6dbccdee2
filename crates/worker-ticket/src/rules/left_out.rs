//! What is left out of a write and holds nothing back, told so that somebody can see to it.

use domain::{RecordId, System, Value};
use sync::{Act, Facts, Fields, Half, Notice};

use super::{RESOURCE, ROLE, fields::category_of};

/// What the journal shall know of an act.
pub(super) fn notices(act: &Act, half: &Half, facts: &Facts) -> Vec<Notice> {
    match act {
        Act::Create {
            on: System::Jim2,
            fields,
            ..
        } if !fields.contains_key("assignee") => nobody(half, facts).into_iter().collect(),
        Act::Refer {
            on: System::Autotask,
            to,
            ..
        } => external_id_taken(half, to.as_ref()).into_iter().collect(),
        Act::Create {
            on: System::Autotask,
            fields,
            ..
        }
        | Act::Update {
            on: System::Autotask,
            fields,
            ..
        } => no_role(fields, facts).into_iter().collect(),
        Act::Create { .. }
        | Act::Update { .. }
        | Act::Refer { .. }
        | Act::CreateChild { .. }
        | Act::UpdateChild { .. } => Vec::new(),
    }
}

/// A job is made without the ticket's resource, whose initials nobody told.
fn nobody(ticket: &Half, facts: &Facts) -> Option<Notice> {
    let resource = ticket.fields.get("assignee")?.part(RESOURCE)?;
    if resource.is_empty() {
        return None;
    }
    let name = facts.label("technician", System::Autotask, &resource.to_string());
    Some(Notice::dropped("assignee", &Value::Empty, &name.into()))
}

/// A ticket gets a resource in its own role, as the category of the user's group stands for none.
fn no_role(fields: &Fields, facts: &Facts) -> Option<Notice> {
    let assignee = fields.get("assignee")?;
    if !assignee.part(ROLE)?.is_empty() {
        return None;
    }
    let resource = assignee.part(RESOURCE)?.to_string();
    let mapping = facts.mapping("technician", System::Autotask, &resource)?;
    let category = category_of(mapping.to.as_deref()?, facts)?;
    Some(Notice::dropped("role", &Value::Empty, &category.into()))
}

/// The external id is somebody else's unless it is empty or names one of the ticket's jobs.
fn external_id_taken(ticket: &Half, job: Option<&RecordId>) -> Option<Notice> {
    let taken = ticket.fact("external_id")?;
    let text = taken.to_string();
    let current = ticket.points_to.as_ref().map(|pointer| pointer.to.as_str());
    let is_ours = current == Some(text.as_str())
        || job.is_some_and(|job| job.as_str() == text)
        || super::identity::is_earlier(ticket, &text.into());
    let ours = job.map_or_else(|| "of the new job".into(), |job| job.as_str().into());
    (!is_ours).then(|| Notice::dropped("external ID", taken, &ours))
}
