use chrono_tz::Australia::Sydney;
use domain::{Cause, Key, Problem, System};
use sync::{
    Act, CODE_STOCK, ItemType, Known, Line, Mapping, Next, Plan, Pointer, ROLE_STOCK, Shadow, Sold,
    Stock, lines_in, plan, tell_lines,
};

use super::*;

fn line(stock: i64, qty: i64) -> Line {
    let price = "140".parse().unwrap();
    Line::new(Some(Stock::Number(stock)), qty.into(), price, "Drive")
}

/// A line of an item without a product.
fn sold(billing_code: Option<i64>, role: Option<i64>, kind: i64, text: &str) -> Line {
    let sold = Sold {
        billing_code,
        role,
        item_type: Some(ItemType::Offered(kind)),
    };
    let price = "60".parse().unwrap();
    Line::new(Some(Stock::Sold(sold)), 4.into(), price, text)
}

fn offer(lines: &[(&str, Line)]) -> Half {
    let mut half = Half::new(30, "Quote 2001 Faster disks");
    half.know("number", Some("Q2001".into()));
    half.know("company", Some(175.into()));
    half.know("status", Some(1.into()));
    half.know("approval", Some(2.into()));
    half.tell("status", Some(1.into()));
    half.tell("probability", Some(60.into()));
    half.tell("valid", Some("2026-12-31".into()));
    let own = |(source, line): &(&str, Line)| ((*source).to_owned(), line.clone());
    tell_lines(&mut half, lines.iter().map(own));
    half
}

fn quote(lines: &[(&str, Line)], status: &str) -> Half {
    let mut half = Half::new(901, "Quote 901");
    half.know("card", Some(1002.into()));
    half.know("status", Some(status.into()));
    half.tell("status", Some(status.into()));
    let own = |(source, line): &(&str, Line)| ((*source).to_owned(), line.clone());
    tell_lines(&mut half, lines.iter().map(own));
    half
}

fn mapped(facts: &mut Facts, list: &str, value: &str, to: &str) {
    let mapping = Mapping {
        to: Some(to.to_owned()),
        path: Vec::new(),
    };
    let key = (list.to_owned(), System::Autotask, value.to_owned());
    facts.mappings.insert(key, mapping);
}

fn facts() -> Facts {
    let mut facts = Facts::empty(Sydney, chrono::DateTime::UNIX_EPOCH);
    facts.creates.push((KIND, System::Jim2));
    let company = Key::new(Kind::new("company"), System::Autotask, 175);
    facts.pairs.insert(company, 1002.into());
    for (product, stock) in [(7, 301), (8, 302)] {
        let key = Key::new(Kind::new("stock"), System::Autotask, product);
        facts.pairs.insert(key, stock.into());
    }
    mapped(&mut facts, CODE_STOCK, "90", "lab.std");
    for (status, to) in [("1", "Booked"), ("2", "Lost"), ("3", "Won")] {
        mapped(&mut facts, STATUSES, status, to);
    }
    facts
}

/// A pair that last agreed on two drives.
fn planned(autotask: Half, jim2: Option<Half>, facts: &Facts) -> Plan {
    let shadow = jim2.as_ref().map(|jim2| Shadow {
        autotask: offer(&[("1", line(7, 2))]).fields,
        jim2: jim2.fields.clone(),
        customer: Some(1002.into()),
        company: Some(175.into()),
        ..Shadow::default()
    });
    let known = Known {
        autotask_id: Some(autotask.id.clone()),
        jim2_id: jim2.as_ref().map(|jim2| jim2.id.clone()),
        autotask: Some(autotask),
        jim2,
        generation: 1,
        shadow,
        children: Vec::new(),
        cause: Cause::Live,
        evidence: Vec::new(),
    };
    plan(&QuoteRules, &known, facts)
}

fn why(plan: &Plan) -> String {
    if let Next::Ignore(why) = &plan.next {
        return why.clone();
    }
    format!("{:?} {:?} {:?}", plan.next, plan.problems, plan.acts)
}

#[test]
fn a_published_quote_becomes_one_of_its_customer_with_its_lines_and_dates() {
    let service = sold(Some(90), None, 11, "Mailbox backup");
    let plan = planned(
        offer(&[("1", line(7, 2)), ("2/code", service)]),
        None,
        &facts(),
    );
    let Some(Act::Create {
        reference, fields, ..
    }) = plan.acts.first()
    else {
        panic!("{}", why(&plan));
    };
    assert_eq!(reference, "Q2001/1");
    assert_eq!(fields["customer"], 1002.into());
    assert_eq!(fields["probability"], 60.into());
    assert_eq!(fields["valid"], "2026-12-31".into());
    assert!(!fields.contains_key("status"), "off at first");
    assert_eq!(lines_in(fields)["1"], line(301, 2));
    let code = Some(Stock::Code("LAB.STD".to_owned()));
    assert_eq!(lines_in(fields)["2/code"].stock, code);
}

#[test]
fn none_is_made_before_the_site_wants_it_or_of_what_is_no_offer_yet_or_any_more() {
    let off = Facts {
        creates: Vec::new(),
        ..facts()
    };
    let filtered = |name: &str| {
        let mut facts = facts();
        let filter = (KIND, name.to_owned());
        facts.filters.insert(filter, serde_json::json!([9]));
        facts
    };
    let with = |flag, holds| {
        let mut offer = offer(&[("1", line(7, 2))]);
        offer.flag(flag, holds);
        offer
    };
    let plain = || with("withdrawn", false);
    for (offer, facts, reason) in [
        (plain(), off, "making quotes in Jim2 is off"),
        (with("withdrawn", true), facts(), "it is withdrawn"),
        (with("second", true), facts(), "it is not the primary quote"),
        (
            with("over", true),
            facts(),
            "its opportunity is won or lost already",
        ),
        (with("draft", true), facts(), "it was not published yet"),
        (
            plain(),
            filtered("statuses"),
            "its opportunity's status is filtered out",
        ),
        (
            plain(),
            filtered("approvals"),
            "its approval is filtered out",
        ),
    ] {
        assert_eq!(why(&planned(offer, None, &facts)), reason);
    }
    let mut drafts = facts();
    drafts.settings.insert(DRAFTS.to_owned(), true.into());
    assert_eq!(planned(with("draft", true), None, &drafts).acts.len(), 2);
}

#[test]
fn all_that_stands_in_the_way_is_told_at_once_and_what_has_no_stock_by_its_words() {
    let mut facts = facts();
    facts.pairs.clear();
    for (list, value, label) in [
        (ROLE_STOCK, "9", "Senior Engineer"),
        (QUOTE_TYPE_STOCK, "3", "Labor"),
    ] {
        let key = (list.to_owned(), System::Autotask, value.to_owned());
        facts.labels.insert(key, label.to_owned());
    }
    let labour = sold(None, Some(9), 3, "Fit the drives");
    let plan = planned(offer(&[("1/code", labour)]), None, &facts);
    let codes: Vec<&str> = plan.problems.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["company-not-paired", "lookup-missing"]);
    let says = "the line \"Fit the drives\" (Labor) cannot go: role \"Senior Engineer\" has no Jim2 stock code";
    assert_eq!(plan.problems[1].says, says);
    let step = "crossbill lookups set roleStock autotask \"Senior Engineer\" \"<Jim2 stock code>\"";
    assert_eq!(plan.problems[1].remedy.step, step);
    assert!(plan.acts.is_empty());
}

#[test]
fn a_service_whose_billing_code_is_sold_as_nothing_names_the_code() {
    let service = sold(Some(91), None, 11, "Mailbox backup");
    let plan = planned(offer(&[("1/code", service)]), None, &facts());
    assert_eq!(plan.problems[0].code, "lookup-missing");
    let step = "crossbill lookups set billingCodeStock autotask \"91\" \"<Jim2 stock code>\"";
    assert_eq!(plan.problems[0].remedy.step, step);
}

#[test]
fn labour_goes_by_its_role_shipping_by_its_type_and_a_bundle_by_its_code_or_its_type() {
    let mut facts = facts();
    mapped(&mut facts, ROLE_STOCK, "9", "lab.senior");
    mapped(&mut facts, QUOTE_TYPE_STOCK, "6", "freight");
    mapped(&mut facts, QUOTE_TYPE_STOCK, "12", "managed");
    let lines = [
        ("1/code", sold(None, Some(9), 3, "Fit the drives")),
        ("2/code", sold(None, None, 6, "Courier")),
        ("3/code", sold(Some(90), None, 12, "Managed desk")),
        ("4/code", sold(None, None, 12, "Managed server room")),
    ];
    let plan = planned(offer(&lines), None, &facts);
    let fields = plan.acts.first().and_then(Act::fields);
    let made = lines_in(fields.unwrap_or_else(|| panic!("{}", why(&plan))));
    for (source, code) in [
        ("1/code", "LAB.SENIOR"),
        ("2/code", "FREIGHT"),
        ("3/code", "LAB.STD"),
        ("4/code", "MANAGED"),
    ] {
        let line = &made[source];
        assert_eq!(line.stock, Some(Stock::Code(code.to_owned())), "{source}");
        assert_eq!((line.qty, line.price), (4.into(), 60.into()), "{source}");
    }
    // Given other stock, the line that is there makes room for another.
    let there = |lines: &[(&str, Line)]| Some(quote(lines, "Booked"));
    let there = there(&[("2/code", made["2/code"].clone())]);
    mapped(&mut facts, QUOTE_TYPE_STOCK, "6", "courier");
    let plan = planned(offer(&lines[1..2]), there, &facts);
    let changed = plan.acts.iter().filter_map(Act::fields).map(lines_in);
    let stock: Vec<_> = changed.map(|lines| lines["2/code"].stock.clone()).collect();
    assert_eq!(stock, [Some(Stock::Code("COURIER".to_owned()))]);
}

#[test]
fn items_that_are_changed_added_and_removed_follow_a_line_an_act() {
    let there = quote(&[("1", line(301, 2))], "Booked");
    let plan = planned(offer(&[("2", line(8, 1))]), Some(there), &facts());
    let told = |act: &Act| {
        let fields = act.fields().unwrap();
        lines_in(fields).into_keys().collect::<Vec<_>>().join(",")
    };
    let told: Vec<String> = plan.acts.iter().map(told).collect();
    assert_eq!(told, ["", "2"], "{}", why(&plan));
}

#[test]
fn lines_that_a_build_lets_nobody_change_are_one_standing_problem_of_no_quote() {
    let mut facts = facts();
    let refused = sync::refused_fields(System::Jim2, &KIND, sync::Deed::Update);
    let lines = serde_json::json!([LINES.name]);
    facts.settings.insert(refused, lines);
    let there = || quote(&[("1", line(301, 2))], "Booked");
    let plan = planned(offer(&[("1", line(7, 5))]), Some(there()), &facts);
    assert!(plan.acts.is_empty(), "{}", why(&plan));
    assert_eq!(plan.problems[0].code, Problem::NOT_WRITABLE);
    let mut other = there();
    other.id = 902.into();
    let again = planned(offer(&[("1", line(7, 6))]), Some(other), &facts);
    assert_eq!(again.problems[0].subject, plan.problems[0].subject);
    let says = &plan.problems[0].says;
    assert!(says.contains("Lines of quotes"), "{says}");
}

#[test]
fn what_became_of_the_opportunity_follows_only_where_the_site_wants_it_and_after_the_lines() {
    let mut won = offer(&[("1", line(7, 3))]);
    won.tell("status", Some(3.into()));
    let there = || Some(quote(&[("1", line(301, 2))], "Booked"));
    let names = |plan: &Plan| {
        let of = |act: &Act| act.fields().unwrap().keys().cloned().collect::<Vec<_>>();
        plan.acts.iter().flat_map(of).collect::<Vec<_>>()
    };
    let plan = planned(won.clone(), there(), &facts());
    assert_eq!(names(&plan), ["lines"], "{}", why(&plan));
    let mut on = facts();
    let rule = (KIND, STATUS.name.to_owned());
    on.rules.insert(rule, (Way::ToJim2, System::Autotask));
    let plan = planned(won.clone(), there(), &on);
    assert_eq!(names(&plan), ["lines", "status"], "{}", why(&plan));
    assert_eq!(plan.acts[1].fields().unwrap()["status"], "Won".into());
    on.mappings.retain(|(list, ..), _| list != STATUSES);
    let plan = planned(won, there(), &on);
    assert_eq!(names(&plan), ["lines"]);
    assert_eq!(plan.problems[0].code, "lookup-missing");
}

#[test]
fn a_quote_that_is_closed_is_told_of_and_its_lines_are_left_alone() {
    for status in ["Won", "Lost", "FINISH", "CANCEL"] {
        let there = quote(&[("1", line(301, 2))], status);
        let plan = planned(offer(&[("1", line(7, 5))]), Some(there), &facts());
        assert_eq!(plan.problems[0].code, "quote-is-closed");
        assert!(plan.acts.is_empty(), "{status}");
    }
}

#[test]
fn an_offer_that_was_withdrawn_is_for_people_to_cancel_in_jim2() {
    let mut offer = offer(&[("1", line(7, 2))]);
    offer.flag("withdrawn", true);
    let there = |status| Some(quote(&[("1", line(301, 2))], status));
    let plan = planned(offer.clone(), there("Booked"), &facts());
    assert_eq!(plan.problems[0].code, "withdrawn");
    assert_eq!(planned(offer, there("CANCEL"), &facts()).problems, []);
}

#[test]
fn a_quote_that_names_another_or_is_for_another_customer_is_not_the_same_record() {
    let mut other = quote(&[("1", line(301, 2))], "Booked");
    other.points_to = Some(Pointer {
        to: "Q2002".into(),
        by_name: true,
        generation: 1,
    });
    let mut others = quote(&[("1", line(301, 2))], "Booked");
    others.know("card", Some(1003.into()));
    for jim2 in [other, others] {
        let plan = planned(offer(&[("1", line(7, 5))]), Some(jim2), &facts());
        let is_held = !plan.problems.is_empty() && plan.acts.is_empty();
        assert!(is_held, "{}", why(&plan));
    }
}
