//! Whom Autotask bills. Pure.

use crate::{Company, Contract};

/// The company that pays for work of the company `own`: whom its contract bills; else the parent, where the company says
/// so, for what is under no contract; else the company itself. `contract` is the contract that the work is under, by
/// its id and as far as it may be seen.
pub fn payer(
    own: i64,
    company: Option<&Company>,
    contract: Option<(i64, Option<&Contract>)>,
) -> i64 {
    let bills = contract.and_then(|(_, contract)| contract?.bill_to_company_id.get().copied());
    let parent = company.filter(|company| {
        contract.is_none()
            && company.invoice_non_contract_items_to_parent_company.get() == Some(&true)
    });
    let parent = parent.and_then(|company| company.parent_company_id.get().copied());
    bills.or(parent).unwrap_or(own)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nobody_pays_for_what_a_contract_or_a_parent_pays_for() {
        let company = |parent_pays: bool| -> Company {
            let told = json!({
                "id": 174, "parentCompanyID": 175, "invoiceNonContractItemsToParentCompany": parent_pays,
            });
            serde_json::from_value(told).unwrap()
        };
        let contract = |told| -> Contract { serde_json::from_value(told).unwrap() };
        let bills = contract(json!({"id": 9, "billToCompanyID": 176}));
        let silent = contract(json!({"id": 9}));
        let (child, own) = (company(true), company(false));
        for (company, contract, expected) in [
            (None, None, 174),
            (Some(&own), None, 174),
            (Some(&child), None, 175),
            (Some(&child), Some((9, None)), 174),
            (Some(&child), Some((9, Some(&silent))), 174),
            (Some(&child), Some((9, Some(&bills))), 176),
        ] {
            assert_eq!(payer(174, company, contract), expected);
        }
    }
}
