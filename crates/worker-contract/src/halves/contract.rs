//! A contract as a half.

use autotask::{Company, Contract};
use domain::{Told, Value};
use sync::Half;

use super::{day, word};
use crate::{alike::Said, settings::ContractSettings};

/// The status of contracts that are not in use; Autotask's own in every tenant.
pub(crate) const INACTIVE: i64 = 0;

/// The half that a contract is. `services` is what it sells, where that was read.
pub(crate) fn contract(contract: &Contract, services: Option<String>) -> Half {
    let mut half = Half::new(contract.id, label(contract));
    // Autotask keeps days as their midnight in UTC, whatever zone people are in.
    let midnight =
        |at: &Told<chrono::DateTime<chrono::Utc>>| day(at.clone().map(|at| at.date_naive()));
    half.tell("name", contract.contract_name.clone().into_value());
    half.tell("starts", midnight(&contract.start_date));
    half.tell("ends", midnight(&contract.end_date));
    half.tell("status", contract.status.clone().into_value());
    half.tell(
        "cust_ref",
        contract.purchase_order_number.clone().into_value(),
    );
    half.tell("services", services.map(Value::text));
    for (name, value) in [
        ("number", contract.contract_number.clone().into_value()),
        ("company", contract.company_id.clone().into_value()),
        ("payer", contract.bill_to_company_id.clone().into_value()),
        ("type", contract.contract_type.clone().into_value()),
        ("category", contract.contract_category.clone().into_value()),
    ] {
        half.know(name, value);
    }
    half.flag("inactive", !is_current(contract));
    half.changed_at = contract.last_modified_date_time.get().copied();
    half
}

/// As people know it: `Managed services (C-100)`.
fn label(contract: &Contract) -> String {
    let (name, number) = (
        word(&contract.contract_name),
        word(&contract.contract_number),
    );
    match (name.is_empty(), number.is_empty()) {
        (_, true) => format!("Contract {name}").trim_end().to_owned(),
        (true, false) => format!("Contract {number}"),
        (false, false) => format!("Contract {name} ({number})"),
    }
}

/// Whether it is in use: an ended year's contract often has the name of the present one.
pub(crate) fn is_current(contract: &Contract) -> bool {
    contract.status.get() != Some(&INACTIVE)
}

/// As far as it is compared with projects.
pub(crate) fn said(contract: &Contract) -> Said {
    Said {
        id: contract.id,
        number: word(&contract.contract_number),
        name: word(&contract.contract_name),
    }
}

/// What keeps the contracts of this company out of Jim2.
pub(crate) fn whose(half: &mut Half, company: &Company, settings: &ContractSettings) {
    let kind = company.company_type.clone().into_value();
    half.know("company_type", kind);
    half.know("company_name", company.company_name.clone().into_value());
    let opt_out = settings.opt_out_udf.as_ref();
    let said = opt_out.and_then(|name| company.user_defined_fields.get(name).into_value());
    half.flag("opt_out", said.is_some_and(|said| said.says_yes()));
}
