//! Which tickets get a job at all.

use sync::Next;

use super::*;

#[test]
fn a_ticket_that_is_filtered_out_is_nobodys_problem() {
    let filter = |name: &str, rule: serde_json::Value| {
        let mut facts = facts();
        facts.filters.insert((KIND, name.to_owned()), rule);
        facts
    };
    let mut late = facts();
    late.settings
        .insert("starts_from".to_owned(), json!("2026-11-24"));
    let mut off = facts();
    off.creates.clear();
    for (changes, facts, reason) in [
        (json!({"companyID": 0}), facts(), "own ticket"),
        (json!({"status": 5}), facts(), "completed"),
        (
            json!({"completedDate": "2026-11-22T23:00:00Z"}),
            facts(),
            "completed",
        ),
        (json!({"ticketType": 5}), facts(), "alerts"),
        (json!({"source": 8}), facts(), "alerts"),
        (
            json!({"source": 4}),
            filter("alert_sources", json!([4])),
            "alerts",
        ),
        (
            json!({}),
            filter("company_types", json!([6])),
            "no customer",
        ),
        (json!({}), filter("queues", json!([8])), "queue is filtered"),
        (
            json!({}),
            filter("sources", json!({"except": [4]})),
            "source is filtered",
        ),
        (
            json!({"ticketCategory": null}),
            filter("categories", json!([3])),
            "category is filtered",
        ),
        (json!({}), late, "before the start"),
        (json!({}), off, "no jobs are made"),
    ] {
        let plan = plan(&unknown(Some(ticket(changes)), None), &facts);
        let Next::Ignore(why) = &plan.next else {
            panic!("{reason}: {:?}", plan.next);
        };
        assert!(why.contains(reason), "{why}");
    }
}

#[test]
fn a_filter_that_names_what_passes_or_does_not_lets_the_rest_through() {
    for rule in [json!([29_682_833]), json!({"except": [8]}), json!(null)] {
        let mut facts = facts();
        facts
            .filters
            .insert((KIND, "queues".to_owned()), rule.clone());
        let plan = plan(&unknown(Some(ticket(json!({}))), None), &facts);
        assert_eq!(plan.next, Next::Write, "{rule}");
    }
}

#[test]
fn a_company_that_opted_out_keeps_its_tickets() {
    for (said, is_out) in [
        ("yes", true),
        ("x", true),
        ("No ", false),
        ("n", false),
        ("FALSE", false),
        ("0", false),
        ("", false),
    ] {
        let company =
            company(json!({"userDefinedFields": [{"name": "Jim2 opt-out", "value": said}]}));
        let plan = plan(
            &unknown(Some(ticket_of(json!({}), &company, &[])), None),
            &facts(),
        );
        assert_eq!(matches!(plan.next, Next::Ignore(_)), is_out, "{said}");
    }
}

/// Why this ticket gets no job, if it gets none.
fn left(changes: serde_json::Value, facts: &Facts) -> Option<String> {
    match plan(&unknown(Some(ticket(changes)), None), facts).next {
        Next::Ignore(why) => Some(why),
        Next::Write => None,
        other @ (Next::InStep
        | Next::Replace
        | Next::FollowOn
        | Next::Bury
        | Next::Hold
        | Next::Gone) => panic!("{other:?}"),
    }
}

fn filtered(name: &str, rule: serde_json::Value) -> Facts {
    let mut facts = facts();
    facts.filters.insert((KIND, name.to_owned()), rule);
    facts
}

#[test]
fn contracts_are_a_filter() {
    for (contract, rule, passes) in [
        (json!(7), json!([7]), true),
        (json!(8), json!([7]), false),
        (json!(null), json!([7]), false),
        (json!(7), json!({"except": [7]}), false),
        (json!(null), json!({"except": [7]}), true),
    ] {
        let facts = filtered("contracts", rule.clone());
        let why = left(json!({"contractID": contract}), &facts);
        assert_eq!(why.is_none(), passes, "{contract} {rule}: {why:?}");
    }
}

#[test]
fn what_an_alert_is_can_be_chosen_and_turned_off() {
    for (changes, filter, rule, is_left) in [
        (json!({"ticketType": 5}), "alert_types", json!(null), true),
        (json!({"ticketType": 5}), "alert_types", json!([]), false),
        (json!({"ticketType": 1}), "alert_types", json!([1]), true),
        (json!({"source": 8}), "alert_sources", json!([]), false),
        (json!({"source": 8}), "alert_types", json!([]), true),
    ] {
        let why = left(changes.clone(), &filtered(filter, rule.clone()));
        assert_eq!(why.is_some(), is_left, "{changes} {filter} {rule}: {why:?}");
        if let Some(why) = why {
            assert!(why.contains("first time or charge"), "{why}");
        }
    }
}

#[test]
fn a_recurring_ticket_waits_until_it_is_due_soon_or_somebody_works_on_it() {
    let made = "2026-11-22T22:00:00Z";
    let mut facts = filtered("recurring_sources", json!([9]));
    for (source, due, activity, is_left) in [
        (9, "2026-12-25T00:00:00Z", made, true),
        (9, "2026-12-06T00:00:00Z", made, false),
        (9, "2026-12-25T00:00:00Z", "2026-11-22T22:04:00Z", true),
        (9, "2026-12-25T00:00:00Z", "2026-11-23T09:00:00Z", false),
        (4, "2026-12-25T00:00:00Z", made, false),
    ] {
        let changes = json!({"source": source, "dueDateTime": due, "lastActivityDate": activity});
        let why = left(changes, &facts);
        assert_eq!(why.is_some(), is_left, "{source} {due} {activity}: {why:?}");
    }
    facts
        .settings
        .insert("recurring_days".to_owned(), json!(60));
    let soon =
        json!({"source": 9, "dueDateTime": "2026-12-25T00:00:00Z", "lastActivityDate": made});
    assert_eq!(left(soon, &facts), None, "how soon is the site's to say");
}

#[test]
fn a_persons_note_is_work_and_a_rules_note_is_not() {
    let facts = filtered("recurring_sources", json!([9]));
    let changes = json!({"source": 9, "dueDateTime": "2026-12-25T00:00:00Z"});
    for (kind, is_left) in [(3, false), (13, true)] {
        let note = json!({"id": 900, "ticketID": 7001, "description": "x", "noteType": kind});
        let note: TicketNote = serde_json::from_value(note).unwrap();
        let half = ticket_of(changes.clone(), &company(json!({})), &[&note]);
        let next = plan(&unknown(Some(half), None), &facts).next;
        assert_eq!(matches!(next, Next::Ignore(_)), is_left, "{kind}");
    }
}
