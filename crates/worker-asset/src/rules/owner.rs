//! Who owns a configuration item, and who its asset.

use domain::{Fixer, Key, Problem, RecordId, Remedy, Subject, System, Value};
use sync::{Facts, Half};

use crate::{COMPANY, KIND};

/// The company of a configuration item, or the card of an asset.
pub(crate) fn owner(on: System, half: &Half) -> Option<i64> {
    let fact = match on {
        System::Autotask => "company",
        System::Jim2 => "owner",
    };
    half.fact(fact).and_then(Value::as_number)
}

/// The problem that an asset is another owner's than its configuration item's. What was not told, or is not paired, says
/// nothing.
pub(super) fn differs(item: &Half, asset: &Half, facts: &Facts) -> Option<Problem> {
    let card = owner(System::Jim2, asset)?;
    let key = Key::new(COMPANY, System::Autotask, owner(System::Autotask, item)?);
    let right = facts.other_half(&key).and_then(RecordId::number)?;
    if card == right {
        return None;
    }
    Some(Problem {
        code: "owner-differs".to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: System::Jim2,
            id: asset.id.clone(),
        },
        field: None,
        says: format!(
            "asset {} {} is card {card}'s in Jim2; {} is a company's whose card is {right}",
            asset.id, asset.label, item.label
        ),
        remedy: Remedy {
            who: Fixer::Desk,
            step: format!(
                "give it its right owner in Jim2, or make the configuration item inactive and another for its new company; if they are two things: crossbill pairs unlink {KIND} {}",
                item.id
            ),
            continues: true,
        },
    })
}
