//! Which entries get a line, and what they wait for.

use domain::Subject;

use super::*;

#[test]
fn an_entry_becomes_a_line_on_the_job_of_its_ticket() {
    let plan = plan(&unknown(entry(json!({}))), &facts());
    assert_eq!(plan.problems, []);
    assert_eq!(
        made(&plan),
        fields([
            ("comment", "Replaced the disk".into()),
            ("job", 5001.into()),
            ("labour_type", "Remote".into()),
            ("minutes", 75.into()),
            ("start", "2026-11-23T09:00".into()),
            ("technician", "JC".into()),
            ("ticket", 7001.into()),
        ])
    );
}

#[test]
fn what_is_none_of_jim2s_business_is_nobodys_problem() {
    let mut off = facts();
    off.creates.clear();
    let mut late = facts();
    late.settings
        .insert("starts_from".to_owned(), json!("2026-11-24"));
    let mut filtered = facts();
    filtered.pairs.clear();
    filtered
        .filters
        .insert((TICKET, "queues".to_owned()), json!([5]));
    let internal = json!({"ticketID": null, "internalBillingCodeID": 29_682_808});
    let opted_out = json!({"userDefinedFields": [{"name": "Jim2 opt-out", "value": "yes"}]});
    let none = json!({});
    let own = json!({"companyID": 0});
    let idle = json!({"hoursWorked": 0});
    let alien = json!({"companyType": 5});
    for (changes, ticket, company, facts, reason) in [
        (&internal, &none, &none, facts(), "provider's own time"),
        (&none, &own, &none, facts(), "for the provider itself"),
        (&none, &none, &alien, facts(), "no customer"),
        (&none, &none, &opted_out, facts(), "opted out"),
        (&idle, &none, &none, facts(), "no time"),
        (&none, &none, &none, late, "before the start"),
        (&none, &none, &none, filtered, "filtered out"),
        (&none, &none, &none, off, "no labour is written"),
    ] {
        let (changes, ticket, company) = (changes.clone(), ticket.clone(), company.clone());
        let half = entry_of(changes, ticket, company, &settings());
        let plan = plan(&unknown(half), &facts);
        let Next::Ignore(why) = &plan.next else {
            panic!("{reason}: {:?}", plan.next);
        };
        assert!(why.contains(reason), "{why}");
    }
}

#[test]
fn an_entry_of_a_ticket_without_a_job_is_held_behind_it_and_tells_it_that_work_waits() {
    let mut facts = facts();
    facts.pairs.clear();
    let plan = plan(&unknown(entry(json!({}))), &facts);
    let ticket = Key::new(TICKET, System::Autotask, 7001);
    assert_eq!(plan.next, Next::Hold);
    assert_eq!(plan.awaits, std::slice::from_ref(&ticket));
    assert_eq!(codes(&plan), ["ticket-not-paired"]);
    let subject = Subject::Pair {
        kind: ticket.kind,
        system: ticket.system,
        id: ticket.id,
    };
    assert_eq!(plan.problems[0].subject, subject, "released by itself");
    assert!(plan.problems[0].says.contains("T20261123.0001"));
}

#[test]
fn time_of_a_project_goes_to_the_projects_job_and_waits_until_it_has_one() {
    let of_task = json!({"ticketID": null, "taskID": 6001});
    let plan_of = |facts: &Facts| plan(&unknown(entry(of_task.clone())), facts);
    let order = Key::new(ORDER, System::Autotask, "P5001@174");
    let held = plan_of(&facts());
    assert_eq!((held.next, held.awaits), (Next::Hold, vec![order.clone()]));
    assert_eq!(held.problems[0].code, "order-not-paired");
    let mut facts = facts();
    facts.pairs.insert(order, 5900.into());
    assert_eq!(made(&plan_of(&facts))["job"], 5900.into());
}

#[test]
fn time_of_a_project_goes_to_the_job_of_whoever_pays_for_it() {
    let told = json!({"id": 40001, "ticketID": null, "taskID": 6001});
    let under = |contract: Json| -> TimeEntry {
        let mut told = told.clone();
        told["contractID"] = contract;
        serde_json::from_value(told).unwrap()
    };
    let read = |told: Json| serde_json::from_value(told).unwrap();
    let project: Project = read(json!({"id": 5001, "companyID": 174, "contractID": 9}));
    let child = json!({
        "id": 174, "parentCompanyID": 175, "invoiceNonContractItemsToParentCompany": true,
    });
    let child: Company = serde_json::from_value(child).unwrap();
    let bills: autotask::Contract =
        serde_json::from_value(json!({"id": 9, "billToCompanyID": 180})).unwrap();
    for (contract, expected) in [(Some(&bills), "P5001@180"), (None, "P5001@174")] {
        let about = halves::About {
            project: Some(&project),
            contract,
            company: Some(&child),
            ..halves::About::default()
        };
        let half = halves::entry(&under(Json::Null), about, &settings());
        assert_eq!(half.fact("order"), Some(&expected.into()));
    }
}

#[test]
fn all_that_stands_in_the_way_is_told_at_once() {
    let changes =
        json!({"billingCodeID": 9, "timeEntryType": 6, "resourceID": 9, "ticketID": 7002});
    let plan = plan(&unknown(entry(changes)), &facts());
    let mut codes = codes(&plan);
    codes.sort_unstable();
    assert_eq!(
        codes,
        ["lookup-missing", "lookup-missing", "ticket-not-paired"]
    );
}

#[test]
fn a_line_of_labour_makes_no_time_entry() {
    let known = Known {
        autotask: None,
        jim2: Some(line()),
        ..unknown(entry(json!({})))
    };
    let plan = plan(&known, &facts());
    assert!(matches!(plan.next, Next::Ignore(_)), "{:?}", plan.next);
}
