//! The filters of projects.

use super::{Rule, Told};
use crate::jim2::project::Project;

/// Every filter of projects; the first is there always.
pub(super) const RULES: &[Rule<Project>] = &[
    ("LastModified", |_, project| {
        Told::Moment(Some(project.modified.at))
    }),
    ("CustNo", |_, project| Told::Number(Some(project.customer))),
    ("ProjectNo", |_, project| Told::Number(Some(project.no))),
    ("Status", |_, project| Told::Text(project.status.clone())),
];
