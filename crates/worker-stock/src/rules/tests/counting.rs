//! What lies where, counted by Autotask's inventory items.

use sync::{Mapping, Way};

use super::*;
use crate::inventory::INVENTORY;

/// A site that has Autotask count: Sydney and Melbourne are locations of its own, the van is left out, and nobody has said
/// anything of the fourth.
pub(super) fn counting() -> Facts {
    let mut facts = facts();
    let rule = (KIND, INVENTORY.name.to_owned());
    facts.rules.insert(rule, (Way::ToAutotask, System::Jim2));
    for (location, to) in [("1", Some("11")), ("2", Some("12")), ("3", None)] {
        let key = (
            "stockLocation".to_owned(),
            System::Jim2,
            location.to_owned(),
        );
        let mapping = Mapping {
            to: to.map(str::to_owned),
            path: Vec::new(),
        };
        facts.mappings.insert(key, mapping);
    }
    facts
}

pub(super) fn on_hand(location_no: i64, on_hand: &str) -> StockQuantity {
    StockQuantity {
        location_no,
        on_hand: amount(on_hand),
        available: amount("0"),
    }
}

pub(super) fn at(counts: &[(&str, i64)]) -> Value {
    let counts = counts.iter();
    Value::Parts(
        counts
            .map(|(at, count)| ((*at).to_owned(), Value::Number(*count)))
            .collect(),
    )
}

/// What a plan writes of it, each write with all that is counted after it.
pub(super) fn counts(plan: &Plan) -> Vec<Value> {
    let fields = plan.acts.iter().filter_map(Act::fields);
    fields
        .filter_map(|fields| fields.get(INVENTORY.name).cloned())
        .collect()
}

fn follows(lying: &[StockQuantity], counted: &[(&str, i64)], facts: &Facts) -> Plan {
    let mut stock = drive();
    stock.quantities = Told::Is(lying.to_vec());
    let mut product = product(json!({}));
    product.tell(INVENTORY.name, Some(at(counted)));
    let stock = halves::of_stock(&stock);
    planned_with(Some(product), Some(stock), Some(agreed()), facts)
}

#[test]
fn nothing_is_counted_before_the_site_wants_it() {
    let plan = follows(&[on_hand(1, "4")], &[("11", 0)], &facts());
    assert_eq!(counts(&plan), []);
    assert_eq!(StockSettings::of(&facts()).inventory, None);
    let kept = StockSettings::of(&counting()).inventory;
    assert_eq!(kept, Some([11, 12].into()));
}

#[test]
fn each_location_that_differs_is_written_by_itself_in_whole_pieces() {
    let lying = [on_hand(1, "4.9"), on_hand(2, "7"), on_hand(3, "2")];
    let plan = follows(&lying, &[("11", 0), ("12", 0)], &counting());
    let (one, both) = (at(&[("11", 4), ("12", 0)]), at(&[("11", 4), ("12", 7)]));
    assert_eq!(counts(&plan), [one, both]);
    assert_eq!(plan.problems, [], "the van is left out, as somebody said");

    let plan = follows(&lying, &[("11", 4), ("12", 7)], &counting());
    assert_eq!(counts(&plan), []);
    // What is owed to customers is no piece, and what lies nowhere is not counted.
    let plan = follows(&[on_hand(1, "-3")], &[("11", 1), ("12", 0)], &counting());
    assert_eq!(counts(&plan), [at(&[("11", 0), ("12", 0)])]);
    let plan = follows(&[], &[("11", 1), ("12", 0)], &counting());
    assert_eq!(counts(&plan), []);
}

#[test]
fn several_locations_may_be_one_and_one_that_is_not_mapped_holds_no_other_back() {
    let mut facts = counting();
    let van = ("stockLocation".to_owned(), System::Jim2, "3".to_owned());
    facts.mappings.get_mut(&van).unwrap().to = Some("11".to_owned());
    let lying = [
        on_hand(1, "4"),
        on_hand(3, "2"),
        on_hand(4, "1"),
        on_hand(5, "0"),
    ];
    let plan = follows(&lying, &[("11", 0), ("12", 0)], &facts);
    assert_eq!(counts(&plan), [at(&[("11", 6), ("12", 0)])]);
    let said: Vec<&str> = plan.problems.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(said, ["lookup-missing"], "nothing lies at the fifth");
    assert!(
        plan.problems[0]
            .remedy
            .step
            .contains("set stockLocation jim2 \"4\"")
    );
}

#[test]
fn a_new_product_is_made_first_and_counted_after() {
    let mut stock = drive();
    stock.quantities = Told::Is(vec![on_hand(1, "4")]);
    let stock = halves::of_stock(&stock);
    let plan = planned_with(None, Some(stock.clone()), None, &counting());
    assert!(matches!(plan.acts[0], Act::Create { .. }));
    assert_eq!(counts(&plan), [], "no call makes both");
    let mut made = product(json!({}));
    made.tell(INVENTORY.name, Some(at(&[("11", 0), ("12", 0)])));
    let next = planned_with(Some(made), Some(stock), Some(plan.shadow), &counting());
    assert_eq!(counts(&next), [at(&[("11", 4), ("12", 0)])]);
}

#[test]
fn a_persons_count_is_undone() {
    let lying = [on_hand(1, "4")];
    let first = follows(&lying, &[("11", 0), ("12", 0)], &counting());
    let mut stock = drive();
    stock.quantities = Told::Is(lying.to_vec());
    let mut edited = product(json!({}));
    edited.tell(INVENTORY.name, Some(at(&[("11", 9), ("12", 0)])));
    let stock = halves::of_stock(&stock);
    let plan = planned_with(Some(edited), Some(stock), Some(first.shadow), &counting());
    assert_eq!(counts(&plan), [at(&[("11", 4), ("12", 0)])]);
}
