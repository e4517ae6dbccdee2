use autotask::CompanyLocation;
use domain::Cause;
use jim2::CardFile;
use serde_json::json;
use sync::{Act, Known, Next, Plan, Shadow, plan};

use super::*;
use crate::location::halves;

/// A site where company 174 is card 12.
fn facts() -> Facts {
    let mut facts = Facts::empty(chrono_tz::Tz::UTC, chrono::DateTime::UNIX_EPOCH);
    let company = Key::new(COMPANY, System::Autotask, 174);
    facts.pairs.insert(company, 12.into());
    facts
}

fn location(street: &str) -> Half {
    let location: CompanyLocation = serde_json::from_value(json!({
        "id": 901, "companyID": 174, "name": "Warehouse", "isActive": true, "address1": street, "address2": "",
        "city": "Berry", "state": "New South Wales", "postalCode": "2535",
    }))
    .unwrap();
    halves::of_location(&location)
}

fn ship(street: &str, parent: i64) -> Half {
    let text = |text: &str| domain::Told::Is(text.to_owned());
    halves::of_card(&CardFile {
        card_no: 77,
        name: text("Harbour & Sons, warehouse"),
        street_address: text(street),
        suburb: text("Berry"),
        state: text("NSW"),
        post_code: text("2535"),
        is_ship: domain::Told::Is(true),
        parent_card_no: domain::Told::Is(parent),
        ..CardFile::default()
    })
}

/// The plan for a pair that agreed on `street`.
fn again(street: &str, now: Half, ship: Half) -> Plan {
    let mut shadow = Shadow::default();
    for (name, value) in location(street).fields {
        let theirs = ship_fields(street)[&name].clone();
        shadow.agree(&name, value, theirs);
    }
    let known = Known {
        autotask_id: Some(now.id.clone()),
        jim2_id: Some(ship.id.clone()),
        autotask: Some(now),
        jim2: Some(ship),
        generation: 1,
        shadow: Some(shadow),
        children: Vec::new(),
        cause: Cause::Sweep,
        evidence: Vec::new(),
    };
    plan(&LocationRules, &known, &facts())
}

fn ship_fields(street: &str) -> Fields {
    ship(street, 12).fields
}

#[test]
fn a_location_that_moves_takes_its_ship_card_along_and_each_keeps_its_name() {
    let plan = again("1 High St", location("2 High St"), ship("1 High St", 12));
    let [Act::Update { on, fields, .. }] = plan.acts.as_slice() else {
        panic!("{:?}", plan.acts);
    };
    assert_eq!(*on, System::Jim2);
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["address"]);
    assert_eq!(fields["address"], ship_fields("2 High St")["address"]);
}

#[test]
fn what_people_do_to_the_ship_card_never_comes_to_the_location() {
    let plan = again("1 High St", location("1 High St"), ship("9 Bay St", 12));
    let into_autotask = plan.acts.iter().filter(|act| act.on() == System::Autotask);
    assert_eq!(into_autotask.count(), 0, "{:?}", plan.acts);
}

#[test]
fn a_ship_card_below_another_company_is_another_site_and_is_not_written() {
    let plan = again("1 High St", location("2 High St"), ship("1 High St", 13));
    assert_eq!((plan.next, plan.acts), (Next::Hold, Vec::new()));
    assert_eq!(plan.problems[0].code, "not-the-same-record");
    assert!(plan.problems[0].says.contains("below card 13"));
}

#[test]
fn neither_side_is_made_by_itself() {
    for (to, half) in [
        (System::Jim2, location("1 High St")),
        (System::Autotask, ship("1 High St", 12)),
    ] {
        let creation = LocationRules.create(to, &half, 1, &facts());
        assert!(matches!(creation, Creation::No(_)), "{creation:?}");
    }
}

#[test]
fn a_location_out_of_use_looks_for_no_ship_card() {
    let mut closed = location("1 High St");
    assert!(LocationRules.seeks(System::Autotask, &closed));
    closed.know("inactive", Some(true.into()));
    assert!(!LocationRules.seeks(System::Autotask, &closed));
    assert!(!LocationRules.seeks(System::Jim2, &ship("1 High St", 12)));
}
