//! Of which stock products are made, and with what.

use super::*;

fn made(stock: &StockItem, facts: &Facts) -> Plan {
    planned_with(None, Some(halves::of_stock(stock)), None, facts)
}

fn why_not(stock: &StockItem, facts: &Facts) -> String {
    let next = made(stock, facts).next;
    let Next::Ignore(reason) = next else {
        panic!("{next:?}");
    };
    reason
}

#[test]
fn stock_of_a_chosen_group_becomes_a_product_with_all_that_is_told_of_it() {
    let plan = made(&drive(), &facts());
    let Some(Act::Create {
        on: System::Autotask,
        reference,
        fields,
        ..
    }) = plan.acts.first()
    else {
        panic!("{plan:?}");
    };
    assert_eq!(reference, "Jim2 7");
    let text = |name: &str| fields[name].to_string();
    assert_eq!(text("name"), "Solid state drive 1 TB");
    assert_eq!(
        text("description"),
        "Solid state drive.\nFive years of warranty."
    );
    assert_eq!(text("code"), "SSD.1TB");
    assert_eq!(text("part_number"), "AST-SSD1");
    assert_eq!(
        (text("cost"), text("price")),
        ("92.38".into(), "149".into())
    );
    assert_eq!(fields["active"], true.into());
    assert_eq!(fields["serialized"], false.into());
    assert_eq!(fields["billing_code"], 29_682_810.into());
    let available = Value::parts([("Jim2 availability", "5".into())]);
    assert_eq!(fields["availability"], available, "of all locations");
}

#[test]
fn nothing_is_made_before_groups_are_chosen_and_then_of_those_only() {
    let mut facts = facts();
    let mut other = drive();
    other.groups = Told::Is(vec!["Consumables".to_owned()]);
    assert!(why_not(&other, &facts).contains("none of the chosen"));
    other.groups = Told::Empty;
    assert!(why_not(&other, &facts).contains("none of the chosen"));
    let mut withdrawn = drive();
    withdrawn.active = Told::Is(false);
    assert!(why_not(&withdrawn, &facts).contains("not active"));
    facts.filters.clear();
    assert!(why_not(&drive(), &facts).contains("no stock groups"));
    let key = Key::new(KIND, System::Jim2, 7).to_string();
    facts
        .settings
        .insert(sync::SIGNED_OFF.to_owned(), json!([key]));
    assert_eq!(made(&drive(), &facts).next, Next::Write, "a person decided");
    facts.creates.clear();
    assert!(why_not(&drive(), &facts).contains("off"));
}

#[test]
fn a_product_without_a_billing_code_is_held_until_one_is_chosen() {
    let mut facts = facts();
    facts.settings.remove("default.product_billing_code");
    let plan = made(&drive(), &facts);
    assert_eq!((plan.next, plan.problems.len()), (Next::Hold, 1));
    assert_eq!(plan.problems[0].code, "setting-missing");
}

#[test]
fn stock_without_a_price_at_the_level_becomes_a_product_and_its_price_is_a_problem() {
    let mut stock = drive();
    stock.prices = Told::Is(vec![price("2-Trade", "G", "134.1")]);
    let plan = made(&stock, &facts());
    assert_eq!(plan.next, Next::Write);
    assert_eq!(plan.problems[0].code, "no-price");
    assert!(!written(&plan).contains_key("price"));
}

#[test]
fn no_stock_is_made_of_a_product() {
    let plan = planned(
        Some(product(json!({"externalProductID": null}))),
        None,
        None,
    );
    assert_eq!(plan.next, Next::Ignore("stock is made in Jim2".to_owned()));
}
