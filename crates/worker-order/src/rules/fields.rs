//! The mapping table of orders: what a job begins with, and people edit freely after.

use domain::{Fixer, Problem, Remedy, Subject, System, Value};
use sync::{Facts, Field, Mapped, Transform, Way};

/// The Item of these jobs.
const ITEM: &str = "order.item";

/// One row a field.
pub const FIELDS: &[Field] = &[
    Field {
        way: Way::CreateOnly,
        back: Transform::None,
        ..Field::text("invoice_desc", "Invoice description")
    },
    Field {
        way: Way::CreateOnly,
        back: Transform::None,
        jim2_max: Some(50),
        ..Field::text("cust_ref", "Purchase order")
    },
    Field {
        way: Way::CreateOnly,
        forward: Transform::By(item),
        back: Transform::None,
        required: true,
        ..Field::text("item", "Item")
    },
    sync::finish::FIELD,
];

/// The Item that a blank issue type stands for on tickets, unless the site chose one for these jobs.
fn item(_: &Value, facts: &Facts) -> Mapped {
    let blank = || facts.mapping("issueType", System::Autotask, "");
    let chosen = facts.setting(ITEM).map(str::trim);
    let chosen = chosen.filter(|item| !item.is_empty()).map(str::to_owned);
    let vanished = facts.vanished(("item", "Issue type"), "issueType", System::Autotask, "");
    if let Some(problem) = vanished.filter(|_| chosen.is_none()) {
        return Mapped::Problem(problem);
    }
    match chosen.or_else(|| blank()?.to.clone()) {
        Some(item) => Mapped::Value(item.into()),
        None => Mapped::Problem(Problem {
            code: "default-missing".to_owned(),
            subject: Subject::Setting {
                name: ITEM.to_owned(),
            },
            field: Some("item".to_owned()),
            says: "no Item is chosen for jobs of projects and invoices".to_owned(),
            remedy: Remedy {
                who: Fixer::Integrator,
                step: format!("crossbill settings set {ITEM} <Item#>"),
                continues: true,
            },
        }),
    }
}
