use chrono_tz::Australia::Sydney;
use domain::{Cause, Key};
use sync::{Act, Known, Line, Next, Plan, Shadow, Stock, lines_in, plan, tell_lines};

use super::*;

fn line(stock: i64, qty: i64) -> Line {
    Line::new(
        Some(Stock::Number(stock)),
        qty.into(),
        "4.5".parse().unwrap(),
        "Patch lead",
    )
}

fn order(lines: &[(&str, Line)]) -> Half {
    let mut half = Half::new(30, "Purchase order 1001");
    half.know("number", Some("1001".into()));
    half.know("company", Some(175.into()));
    half.know("status", Some(2.into()));
    half.flag("submitted", true);
    half.tell("vendor_invoice", Some(Value::Empty));
    let own = |(source, line): &(&str, Line)| ((*source).to_owned(), line.clone());
    tell_lines(&mut half, lines.iter().map(own));
    half
}

fn purchase(lines: &[(&str, Line)], status: &str) -> Half {
    let mut half = order(lines);
    half.id = 801.into();
    half.label = "Purchase 801".to_owned();
    half.facts.clear();
    half.know("card", Some(1002.into()));
    half.know("status", Some(status.into()));
    half.tell("vendor_invoice", Some("INV-7".into()));
    half
}

fn facts() -> Facts {
    let mut facts = Facts::empty(Sydney, chrono::DateTime::UNIX_EPOCH);
    facts.creates.push((KIND, System::Jim2));
    facts.pairs.insert(
        Key::new(Kind::new("company"), System::Autotask, 175),
        1002.into(),
    );
    for (product, stock) in [(7, 301), (8, 302)] {
        let key = Key::new(Kind::new("stock"), System::Autotask, product);
        facts.pairs.insert(key, stock.into());
    }
    facts
}

fn known(autotask: Half, jim2: Option<Half>, shadow: Option<Shadow>) -> Known {
    Known {
        autotask_id: Some(autotask.id.clone()),
        jim2_id: jim2.as_ref().map(|jim2| jim2.id.clone()),
        autotask: Some(autotask),
        jim2,
        generation: 1,
        shadow,
        children: Vec::new(),
        cause: Cause::Live,
        evidence: Vec::new(),
    }
}

/// A pair that last agreed on two pieces of one item.
fn planned(autotask: Half, jim2: Option<Half>, facts: &Facts) -> Plan {
    let shadow = jim2.as_ref().map(|jim2| Shadow {
        autotask: order(&[("1", line(7, 2))]).fields,
        jim2: jim2.fields.clone(),
        customer: Some(1002.into()),
        company: Some(175.into()),
        ..Shadow::default()
    });
    plan(&PurchaseRules, &known(autotask, jim2, shadow), facts)
}

fn why(plan: &Plan) -> String {
    if let Next::Ignore(why) = &plan.next {
        return why.clone();
    }
    format!("{:?} {:?}", plan.next, plan.problems)
}

#[test]
fn a_submitted_order_becomes_a_purchase_of_its_vendor_with_its_lines() {
    let plan = planned(
        order(&[("1", line(7, 2)), ("2", line(8, 1))]),
        None,
        &facts(),
    );
    let Some(Act::Create {
        reference, fields, ..
    }) = plan.acts.first()
    else {
        panic!("{}", why(&plan));
    };
    assert_eq!(reference, "1001/1");
    assert_eq!(fields["customer"], 1002.into());
    assert_eq!(lines_in(fields)["1"], line(301, 2));
    assert_eq!(lines_in(fields)["2"], line(302, 1));
}

#[test]
fn none_is_made_before_the_site_wants_it_or_of_what_nobody_has_sent() {
    let off = Facts {
        creates: Vec::new(),
        ..facts()
    };
    let mut filtered = facts();
    let statuses = (KIND, "statuses".to_owned());
    filtered.filters.insert(statuses, serde_json::json!([3]));
    let with = |flag, holds| {
        let mut order = order(&[("1", line(7, 2))]);
        order.flag(flag, holds);
        order
    };
    for (order, facts, reason) in [
        (
            with("submitted", true),
            off,
            "making purchases in Jim2 is off",
        ),
        (
            with("submitted", false),
            facts(),
            "it was not submitted yet",
        ),
        (with("cancelled", true), facts(), "it is cancelled"),
        (
            with("submitted", true),
            filtered,
            "its status is filtered out",
        ),
    ] {
        assert_eq!(why(&planned(order, None, &facts)), reason);
    }
}

#[test]
fn half_an_order_is_none_and_all_that_stands_in_the_way_is_told_at_once() {
    let mut facts = facts();
    facts.pairs.clear();
    let plan = planned(order(&[("1", line(7, 2))]), None, &facts);
    let codes: Vec<&str> = plan.problems.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["company-not-paired", "product-not-paired"]);
    assert!(plan.acts.is_empty());
}

#[test]
fn items_that_are_changed_added_and_removed_follow_a_line_an_act() {
    let there = purchase(&[("1", line(301, 2))], "Booked");
    let plan = planned(order(&[("2", line(8, 1))]), Some(there), &facts());
    let told = |act: &Act| {
        let fields = act.fields().unwrap();
        lines_in(fields).into_keys().collect::<Vec<_>>().join(",")
    };
    let told: Vec<String> = plan.acts.iter().map(told).collect();
    assert_eq!(told, ["", "2"], "{}", why(&plan));
}

#[test]
fn what_goes_back_is_off_at_first() {
    let there = purchase(&[("1", line(301, 2))], "Booked");
    let now = planned(order(&[("1", line(7, 2))]), Some(there.clone()), &facts());
    assert_eq!(now.next, Next::InStep, "{}", why(&now));
    let mut on = facts();
    let rule = (KIND, "vendor_invoice".to_owned());
    on.rules.insert(rule, (Way::ToAutotask, System::Jim2));
    let mut before = there.clone();
    before.tell("vendor_invoice", Some(Value::Empty));
    let shadow = Shadow {
        autotask: order(&[("1", line(7, 2))]).fields,
        jim2: before.fields,
        ..Shadow::default()
    };
    let known = known(order(&[("1", line(7, 2))]), Some(there), Some(shadow));
    let plan = plan(&PurchaseRules, &known, &on);
    let fields = plan.acts.first().and_then(Act::fields).unwrap();
    assert_eq!(fields["vendor_invoice"], "INV-7".into());
}

#[test]
fn a_purchase_that_was_received_is_told_of_and_left_alone() {
    for status in ["Received", "FINISH", "CANCEL"] {
        let there = purchase(&[("1", line(301, 2))], status);
        let plan = planned(order(&[("1", line(7, 5))]), Some(there), &facts());
        assert_eq!(plan.problems[0].code, "purchase-is-closed");
        assert!(plan.acts.is_empty(), "{status}");
    }
}

#[test]
fn a_cancelled_order_is_for_people_to_cancel_in_jim2() {
    let mut order = order(&[("1", line(7, 2))]);
    order.flag("cancelled", true);
    let there = |status| Some(purchase(&[("1", line(301, 2))], status));
    let plan = planned(order.clone(), there("Booked"), &facts());
    assert_eq!(plan.problems[0].code, "cancelled");
    assert_eq!(planned(order, there("CANCEL"), &facts()).problems, []);
}

#[test]
fn a_purchase_that_names_another_order_or_vendor_is_not_the_same_record() {
    let mut other = purchase(&[("1", line(301, 2))], "Booked");
    other.points_to = Some(sync::Pointer {
        to: "1002".into(),
        by_name: true,
        generation: 1,
    });
    let mut others = purchase(&[("1", line(301, 2))], "Booked");
    others.know("card", Some(1003.into()));
    for jim2 in [other, others] {
        let plan = planned(order(&[("1", line(7, 5))]), Some(jim2), &facts());
        assert!(
            !plan.problems.is_empty() && plan.acts.is_empty(),
            "{}",
            why(&plan)
        );
    }
}
