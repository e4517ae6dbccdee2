//! The mapping table of contacts.

use sync::{Compare, Field, Transform, Way};

use crate::name;

/// One row a field. Autotask owns people; Jim2's limits are the smaller ones.
pub const FIELDS: &[Field] = &[
    // No names for evidence: a webhook tells single parts, which are not a name.
    Field {
        forward: Transform::By(name::to_jim2),
        back: Transform::By(name::to_autotask),
        required: true,
        ..Field::text("name", "Name")
    },
    Field {
        jim2_max: Some(25),
        autotask_max: Some(50),
        webhook_names: &["MiddleInitial"],
        ..Field::text("middle_name", "Middle name")
    },
    Field {
        forward: Transform::Lookup("prefix"),
        back: Transform::Lookup("prefix"),
        jim2_max: Some(4),
        webhook_names: &["NamePrefix"],
        ..Field::text("prefix", "Prefix")
    },
    Field {
        jim2_max: Some(50),
        autotask_max: Some(50),
        webhook_names: &["Title"],
        ..Field::text("job_title", "Job title")
    },
    Field {
        compare: Compare::CaseFree,
        jim2_max: Some(254),
        autotask_max: Some(254),
        webhook_names: &["EmailAddress"],
        ..Field::text("email", "E-mail address")
    },
    Field {
        compare: Compare::Phone,
        jim2_max: Some(254),
        autotask_max: Some(25),
        webhook_names: &["Phone"],
        ..Field::text("phone", "Phone")
    },
    Field {
        compare: Compare::Phone,
        jim2_max: Some(254),
        autotask_max: Some(25),
        webhook_names: &["MobilePhone"],
        ..Field::text("mobile", "Mobile")
    },
    Field {
        way: Way::CreateOnly,
        forward: Transform::None,
        back: Transform::Same,
        compare: Compare::Exact,
        ..Field::text("primary", "Primary contact")
    },
    // Compared, never written: see `standing`. A person who is there is active.
    Field {
        way: Way::ToJim2,
        forward: Transform::Same,
        back: Transform::Same,
        compare: Compare::Exact,
        ..Field::text("active", "Active")
    },
];
