//! What lies where, in a tenant with inventory products: pieces come and go.

use super::{
    counting::{at, counting, counts, on_hand},
    *,
};
use crate::{
    inventory::INVENTORY,
    movement::{AVAILABLE, Movement, Step},
};

/// A site with inventory products and a vendor for what has none.
fn moving() -> Facts {
    let mut facts = counting();
    let settings = [
        ("stock.inventory", json!("products")),
        ("stock.inventory_vendor", json!(200)),
    ];
    for (name, value) in settings {
        facts.settings.insert(name.to_owned(), value);
    }
    let sydney = (
        "stockLocation".to_owned(),
        System::Autotask,
        "11".to_owned(),
    );
    facts.labels.insert(sydney, "Sydney".to_owned());
    facts
}

/// The product with so many pieces at the first location, and none at the other.
fn counted(pieces: i64) -> Half {
    let mut product = product(json!({}));
    product.tell(INVENTORY.name, Some(at(&[("11", pieces), ("12", 0)])));
    product
}

fn follows(product: Half, lying: &[StockQuantity], facts: &Facts) -> Plan {
    let mut stock = drive();
    stock.quantities = Told::Is(lying.to_vec());
    let stock = halves::of_stock(&stock);
    planned_with(Some(product), Some(stock), Some(agreed()), facts)
}

fn movements(plan: &Plan) -> Vec<Movement> {
    let fields = plan.acts.iter().filter_map(Act::fields);
    fields.filter_map(Movement::read).collect()
}

fn sydney(from: i64, to: i64) -> Movement {
    Movement {
        at: 11,
        from,
        to,
        cost: Some("92.38".parse().unwrap()),
        vendor: Some(200),
    }
}

fn held(plan: &Plan) -> &Problem {
    assert_eq!(movements(plan), [], "{plan:?}");
    let problem = plan.problems.first();
    let problem = problem.unwrap_or_else(|| panic!("nothing is told: {plan:?}"));
    assert_eq!(problem.field.as_deref(), Some(INVENTORY.name));
    problem
}

#[test]
fn each_location_is_moved_by_itself_from_what_is_there_and_nothing_where_it_is_equal() {
    let lying = [on_hand(1, "4.9"), on_hand(2, "7")];
    let plan = follows(counted(1), &lying, &moving());
    let melbourne = Movement {
        at: 12,
        ..sydney(0, 7)
    };
    assert_eq!(movements(&plan), [sydney(1, 4), melbourne]);
    let plan = follows(counted(4), &lying[..1], &moving());
    assert_eq!((movements(&plan), plan.problems), (vec![], vec![]));
    let plan = follows(counted(9), &lying[..1], &moving());
    assert_eq!(movements(&plan), [sydney(9, 4)]);
    // In a tenant with inventory items the count is set, whoever the vendor is.
    let plan = follows(counted(9), &lying[..1], &counting());
    assert_eq!(movements(&plan), []);
    assert_eq!(counts(&plan), [at(&[("11", 4), ("12", 0)])]);
}

#[test]
fn a_movement_is_made_from_the_count_it_was_planned_from_and_never_twice() {
    for (there, step) in [
        (1, Step::Move(3)),
        (4, Step::Done),
        (2, Step::Elsewhere),
        (7, Step::Elsewhere),
    ] {
        assert_eq!(sydney(1, 4).pieces(there), step, "{there}");
    }
    assert_eq!(sydney(4, 1).pieces(4), Step::Move(-3));
}

#[test]
fn what_comes_costs_what_the_product_does_after_this_plan_and_comes_from_its_own_vendor() {
    let mut told = json!({"unitCost": 50, "defaultVendorID": 174});
    told["isActive"] = json!(false);
    let mut product = product(told);
    product.tell(INVENTORY.name, Some(at(&[("11", 0), ("12", 0)])));
    let plan = follows(product, &[on_hand(1, "4")], &moving());
    let expected = Movement {
        vendor: Some(174),
        ..sydney(0, 4)
    };
    assert_eq!(movements(&plan), [expected]);
    let first = plan.acts[0].fields().unwrap();
    assert_eq!(first["active"], true.into(), "before its pieces are moved");
    assert_eq!(first["cost"], "92.38".into());
    assert!(!written(&plan).contains_key("price"), "it stays");
}

#[test]
fn a_serialized_product_is_for_a_person_and_the_rest_of_it_is_written() {
    let mut product = product(json!({"isSerialized": true, "name": "Old"}));
    product.tell(INVENTORY.name, Some(at(&[("11", 1), ("12", 0)])));
    let plan = follows(product.clone(), &[on_hand(1, "4")], &moving());
    let problem = held(&plan);
    assert_eq!(problem.code, "serialized-product");
    assert!(
        problem
            .says
            .contains("there are 1 at Sydney in Autotask, and 4 in Jim2")
    );
    assert!(problem.remedy.step.contains("until there are 4 at Sydney"));
    assert!(written(&plan).contains_key("name"));
    let plan = follows(product, &[on_hand(1, "1")], &moving());
    assert_eq!(plan.problems, [], "a person made it equal");
}

#[test]
fn pieces_that_come_from_nobody_or_have_no_cost_are_held_and_those_that_go_are_not() {
    let mut facts = moving();
    facts.settings.remove("stock.inventory_vendor");
    let plan = follows(counted(1), &[on_hand(1, "4")], &facts);
    assert_eq!(held(&plan).code, "setting-missing");
    let step = &held(&plan).remedy.step;
    assert!(
        step.contains("settings set stock.inventory_vendor"),
        "{step}"
    );
    let plan = follows(counted(5), &[on_hand(1, "4")], &facts);
    assert_eq!(movements(&plan).len(), 1);

    let mut facts = moving();
    facts
        .settings
        .insert("stock.cost".to_owned(), json!("none"));
    let mut product = product(json!({"unitCost": null}));
    product.tell(INVENTORY.name, Some(at(&[("11", 1), ("12", 0)])));
    let plan = follows(product, &[on_hand(1, "4")], &facts);
    assert_eq!(held(&plan).code, "no-cost");
}

#[test]
fn what_is_reserved_is_not_taken_away() {
    let mut product = counted(5);
    let free = Value::parts([("11", 3.into())]);
    product.know(AVAILABLE, Some(free));
    let plan = follows(product.clone(), &[on_hand(1, "2")], &moving());
    assert_eq!(movements(&plan), [sydney(5, 2)]);
    let plan = follows(product, &[on_hand(1, "1")], &moving());
    let problem = held(&plan);
    assert_eq!(problem.code, "pieces-reserved");
    assert!(problem.says.starts_with("4 pieces of "), "{}", problem.says);
    assert!(problem.says.contains("only 3"), "{}", problem.says);
}
