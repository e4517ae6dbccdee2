//! A project as a half.

use domain::Value;
use jim2::Project;
use sync::Half;

use super::{day, word};
use crate::alike::Said;

/// Statuses of projects that no contract is: Template is what others are made of; the rest is over.
const NOT_IN_USE: [&str; 3] = ["template", "finish", "cancel"];

/// The half that a project is.
pub(crate) fn project(project: &Project) -> Half {
    let mut half = Half::new(project.project_no, label(project));
    half.tell("name", project.billing_item_desc.clone().into_value());
    half.tell("starts", day(project.date_in.clone()));
    half.tell("ends", day(project.date_out.clone()));
    half.tell("status", project.status.clone().into_value());
    half.tell("cust_ref", project.cust_ref.clone().into_value());
    // Its billing lines are not told: there is always a difference to what a contract sells.
    half.tell("services", Some(Value::Empty));
    half.know("number", project.code.clone().into_value());
    half.know("customer", project.cust_no.clone().into_value());
    half.flag("inactive", !is_in_use(project));
    half.changed_at = project.last_modified.get().copied();
    half
}

fn label(project: &Project) -> String {
    let (no, code) = (project.project_no, word(&project.code));
    let name = word(&project.billing_item_desc);
    let code = if code.is_empty() || code == no.to_string() {
        String::new()
    } else {
        format!(" ({code})")
    };
    format!("Project {no}{code} {name}").trim_end().to_owned()
}

/// Whether a contract may be what it stands for.
pub(crate) fn is_in_use(project: &Project) -> bool {
    let status = word(&project.status).to_lowercase();
    !NOT_IN_USE.contains(&status.as_str())
}

/// As far as it is compared with contracts. The number that Jim2 gave by itself is nobody's contract number.
pub(crate) fn said(project: &Project) -> Said {
    Said {
        id: project.project_no,
        number: word(&project.code),
        name: word(&project.billing_item_desc),
    }
}
