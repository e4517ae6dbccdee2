//! The provider's price list: what time and charges are billed under.

use super::BillingCode;

/// Name, stock code in the finance system, Autotask's use type. Two have no stock code, as happens.
const BILLING_CODES: [(&str, &str, u8); 12] = [
    ("Remote Support", "LAB.REMOTE", 1),
    ("Onsite Support", "LAB.ONSITE", 1),
    ("Onsite AH", "", 1),
    ("Remote AH", "LAB.AFTER", 1),
    ("Project Work", "LAB.PROJ", 1),
    ("Travel", "TRAVEL", 1),
    ("Training & Documentation", "LAB.TRAIN", 1),
    ("Internal Meeting", "", 3),
    ("Annual Leave", "", 3),
    ("Hardware", "PARTS", 2),
    ("Software Licences", "SW.LIC", 2),
    ("Freight", "FREIGHT", 2),
];

/// All of them.
pub(super) fn billing_codes() -> Vec<BillingCode> {
    BILLING_CODES
        .iter()
        .map(|&(name, external_number, use_type)| BillingCode {
            name: name.to_owned(),
            external_number: external_number.to_owned(),
            use_type,
        })
        .collect()
}
