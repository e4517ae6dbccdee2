//! How a product follows its stock, and what a person's edit comes to.

use super::*;

fn follows(change: impl FnOnce(&mut StockItem), facts: &Facts) -> Plan {
    let mut stock = drive();
    change(&mut stock);
    let (product, stock) = (product(json!({})), halves::of_stock(&stock));
    planned_with(Some(product), Some(stock), Some(agreed()), facts)
}

fn one(name: &str, value: Value) -> Fields {
    [(name.to_owned(), value)].into()
}

#[test]
fn each_thing_that_changes_in_jim2_is_written_and_nothing_else() {
    type Change = fn(&mut StockItem);
    let long = "x".repeat(120);
    assert_eq!(long.len(), 120);
    let cases: [(Change, &str, Value); 8] = [
        (
            |stock| stock.short_desc = is("Drive 1 TB"),
            "name",
            "Drive 1 TB".into(),
        ),
        (
            |stock| stock.short_desc = is(&"x".repeat(120)),
            "name",
            "x".repeat(100).into(),
        ),
        (
            |stock| stock.detailed_desc = is("New words"),
            "description",
            "New words".into(),
        ),
        (|stock| stock.code = is("SSD.2TB"), "code", "SSD.2TB".into()),
        (
            |stock| stock.last_cost = amount("0.12345"),
            "cost",
            "0.1235".into(),
        ),
        (
            |stock| stock.prices = Told::Is(vec![price("1-Retail", "G", "151.5")]),
            "price",
            "151.5".into(),
        ),
        (
            |stock| stock.active = Told::Is(false),
            "active",
            false.into(),
        ),
        (
            |stock| stock.quantities = Told::Is(vec![lying(1, "3"), lying(3, "1")]),
            "availability",
            Value::parts([("Jim2 availability", "4".into())]),
        ),
    ];
    for (change, name, value) in cases {
        let plan = follows(change, &facts());
        assert_eq!(written(&plan), one(name, value), "{name}");
        assert_eq!(plan.problems, [], "{name}");
    }
}

#[test]
fn what_is_the_same_in_other_digits_or_not_told_writes_nothing() {
    let plan = follows(
        |stock| {
            stock.last_cost = amount("92.38");
            stock.prices = Told::Not;
            stock.quantities = Told::Not;
            stock.detailed_desc = Told::Empty;
            stock.description = Told::Empty;
            stock.part_number = Told::Empty;
        },
        &facts(),
    );
    assert_eq!(written(&plan), Fields::new(), "{plan:?}");
}

#[test]
fn a_persons_edit_of_what_jim2_owns_is_written_back_and_told() {
    let stock = halves::of_stock(&drive());
    for (edit, name, value) in [
        (json!({"unitPrice": 99.95}), "price", "149".into()),
        (json!({"isActive": false}), "active", true.into()),
        (
            json!({"userDefinedFields": [{"name": "Jim2 availability", "value": "50"}]}),
            "availability",
            Value::parts([("Jim2 availability", "5".into())]),
        ),
    ] {
        let plan = planned(Some(product(edit)), Some(stock.clone()), Some(agreed()));
        assert_eq!(written(&plan), one(name, value), "{name}");
        assert_eq!(plan.notices[0].what, "conflict", "{name}");
    }
    // What is not Jim2's is theirs.
    let plan = planned(
        Some(product(json!({"productBillingCodeID": 5}))),
        Some(stock),
        Some(agreed()),
    );
    assert_eq!(plan.next, Next::InStep);
}

#[test]
fn the_site_chooses_cost_price_level_and_tax_code() {
    let prices = vec![
        price("1-Retail", "G", "149"),
        price("1-Retail", "N", "139"),
        price("2-Trade", "G", "134.1"),
    ];
    for (set, cost, price) in [
        (json!({}), Some("92.38"), Err("several-prices")),
        (json!({"stock.tax_code": "n"}), Some("92.38"), Ok("139")),
        (
            json!({"stock.price_level": "2-trade", "stock.cost": "average"}),
            Some("89.4"),
            Ok("134.1"),
        ),
        (
            json!({"stock.price_level": "9-Friends", "stock.cost": "none"}),
            None,
            Err("no-price"),
        ),
        (json!({"stock.price_level": ""}), Some("92.38"), Ok("")),
    ] {
        let mut facts = facts();
        let changes = set.as_object().unwrap().clone();
        facts.settings.extend(changes);
        let mut stock = drive();
        stock.prices = Told::Is(prices.clone());
        let plan = planned_with(None, Some(halves::of_stock(&stock)), None, &facts);
        let fields = written(&plan);
        let told = |name: &str| fields.get(name).map(Value::to_string);
        assert_eq!(told("cost").as_deref(), cost, "{set}");
        let found = match plan.problems.first() {
            Some(problem) => Err(problem.code.clone()),
            None => Ok(told("price").unwrap_or_default()),
        };
        assert_eq!(found.as_deref().map_err(String::as_str), price, "{set}");
    }
}

#[test]
fn locations_that_are_chosen_are_told_by_name_and_those_with_a_field_of_their_own_there() {
    let quantities = [lying(1, "5"), lying(2, "0"), lying(3, "1.5")];
    for (set, told) in [
        (json!({}), json!({"Jim2 availability": "6.5"})),
        (
            json!({"stock.locations": "3"}),
            json!({"Jim2 availability": "1.5"}),
        ),
        (
            json!({"stock.locations": "1=Sydney, 2 = Melbourne,9=Perth"}),
            json!({"Jim2 availability": "Sydney 5, Melbourne 0, Perth 0"}),
        ),
        (
            json!({"udf.availability": "", "stock.location_udfs": "1=In Sydney, 9=In Perth"}),
            json!({"In Sydney": "5", "In Perth": "0"}),
        ),
    ] {
        let mut facts = facts();
        facts.settings.extend(set.as_object().unwrap().clone());
        let mut stock = drive();
        stock.quantities = Told::Is(quantities.to_vec());
        let plan = planned_with(None, Some(halves::of_stock(&stock)), None, &facts);
        let told: Value = serde_json::from_value(told).unwrap();
        assert_eq!(written(&plan)["availability"], told, "{set}");
    }
}

#[test]
fn what_does_not_lie_anywhere_has_no_availability() {
    let mut stock = drive();
    stock.quantities = Told::Is(Vec::new());
    let plan = planned(None, Some(halves::of_stock(&stock)), None);
    let written = written(&plan);
    let told = written.get("availability");
    assert!(told.is_none_or(Value::is_empty), "{told:?}");
}

#[test]
fn a_product_that_names_another_stock_is_not_the_same_any_more_and_one_that_names_none_is_given_its_own()
 {
    let stock = || Some(halves::of_stock(&drive()));
    let of = |external: Json| product(json!({"externalProductID": external}));
    let plan = planned(Some(of(json!("Jim2 8"))), stock(), Some(agreed()));
    assert_eq!(plan.next, Next::Hold);
    assert_eq!(plan.problems[0].code, "not-the-same-record");
    let plan = planned(Some(of(json!(null))), stock(), Some(agreed()));
    assert!(matches!(
        &plan.acts[..],
        [Act::Refer {
            on: System::Autotask,
            ..
        }]
    ));
    for others in [json!("SSD.1TB"), json!("Distributor 44")] {
        let plan = planned(Some(of(others)), stock(), Some(agreed()));
        assert_eq!(plan.next, Next::InStep, "what others wrote there stays");
    }
}

#[test]
fn stock_that_is_gone_leaves_an_inactive_product_and_a_product_that_is_gone_is_a_problem() {
    let known = |autotask, jim2| Known {
        autotask,
        jim2,
        autotask_id: Some(29_690_001.into()),
        jim2_id: Some(7.into()),
        generation: 1,
        shadow: Some(agreed()),
        children: Vec::new(),
        cause: Cause::Sweep,
        evidence: Vec::new(),
    };
    let plan = sync::plan(
        &StockRules,
        &known(Some(product(json!({}))), None),
        &facts(),
    );
    assert_eq!(plan.next, Next::Bury);
    assert_eq!(written(&plan), one("active", false.into()));
    let stock = halves::of_stock(&drive());
    let plan = sync::plan(&StockRules, &known(None, Some(stock)), &facts());
    assert_eq!((plan.next, plan.acts.len()), (Next::Hold, 0));
    assert_eq!(plan.problems[0].code, "vanished");
}

#[test]
fn a_way_that_leads_to_jim2_is_a_problem_and_no_write() {
    let mut facts = facts();
    facts.rules.insert(
        (KIND, "code".to_owned()),
        (sync::Way::Both, System::Autotask),
    );
    let edited = product(json!({"sku": "OTHER"}));
    let stock = halves::of_stock(&drive());
    let plan = planned_with(Some(edited), Some(stock), Some(agreed()), &facts);
    assert_eq!(written(&plan), Fields::new());
}
