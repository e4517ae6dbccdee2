//! What only Autotask could tell, and what a person has to do about it.

use autotask::Product;
use domain::{Fixer, Key, Problem, RecordId, Remedy, Subject, System};

use crate::KIND;

/// A product that may be this stock already is paired by a person, not made again.
pub(super) fn made_before(stock: &RecordId, code: Option<&str>, product: &Product) -> Problem {
    let name = product.name.get().map_or("", String::as_str);
    let (id, code) = (product.id, code.unwrap_or_default());
    Problem {
        code: "made-before".to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: System::Jim2,
            id: stock.clone(),
        },
        field: None,
        says: format!(
            "product {id} {name} has the stock code {code} of stock {stock} already, though they are not linked"
        ),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!(
                "if they are the same: crossbill pairs link {KIND} {id} {stock}; if not: give the product another SKU"
            ),
            continues: true,
        },
    }
}

/// Both systems number these records.
pub(super) fn not_a_number(key: &Key) -> Problem {
    Problem {
        code: "not-a-number".to_owned(),
        subject: Subject::Record {
            kind: key.kind.clone(),
            system: key.system,
            id: key.id.clone(),
        },
        field: None,
        says: format!("{key} is no record number"),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!("crossbill pairs unlink {KIND} {}", key.id),
            continues: false,
        },
    }
}
