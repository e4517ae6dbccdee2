//! A value that the other side does not tell any more: what stands for it waits, nothing else takes its place.

use super::*;

/// A site whose Jim2, or whose Autotask, has lost a value that is mapped.
fn without(list: &str, system: System, value: &str) -> Facts {
    let mut facts = facts();
    let gone = (list.to_owned(), system, value.to_owned());
    facts.gone.insert(gone, facts.now);
    facts
}

fn codes(plan: &Plan) -> Vec<&str> {
    plan.problems.iter().map(|it| it.code.as_str()).collect()
}

#[test]
fn no_job_is_made_with_another_priority_status_or_item_than_what_is_gone() {
    for (list, value, ticket_has) in [
        ("priority", "Normal", json!({})),
        ("status", "Booked", json!({})),
        // Nor does the mapping of blank take the place of a printer.
        ("issueType", "PRINTER", json!({})),
        ("issueType", "SERVICE", json!({"issueType": null})),
    ] {
        let facts = without(list, System::Jim2, value);
        let plan = plan(&unknown(Some(ticket(ticket_has)), None), &facts);
        assert!(
            codes(&plan).contains(&"lookup-gone"),
            "{list}: {:?}",
            plan.problems
        );
        let mut acts = plan.acts.iter();
        let writes_it = acts.any(|act| {
            matches!(act, Act::Create { fields, .. }
                if fields.values().any(|it| it.to_string() == value))
        });
        assert!(!writes_it, "{list}");
    }
}

#[test]
fn a_problem_says_what_is_gone_since_when_and_what_to_do() {
    let facts = without("issueType", System::Jim2, "PRINTER");
    let plan = plan(&unknown(Some(ticket(json!({}))), None), &facts);
    let problem = plan
        .problems
        .iter()
        .find(|it| it.code == "lookup-gone")
        .unwrap();
    assert_eq!(
        problem.says,
        "Issue type \"12\" of Autotask stands for \"PRINTER\", which Jim2 does not have any more (gone since 23 Nov 2026 11:00)"
    );
    assert_eq!(
        problem.remedy.step,
        "crossbill lookups set issueType autotask \"12\" \"<Jim2 value>\"; or bring \"PRINTER\" back in Jim2, then: crossbill \
         lookups refresh"
    );
    assert!(problem.remedy.continues);
    assert_eq!(problem.field.as_deref(), Some("item"));
}

#[test]
fn an_issue_type_that_is_gone_in_autotask_is_not_written_there() {
    let facts = without("issueType", System::Autotask, "12");
    let item = FIELDS.iter().find(|field| field.name == "item").unwrap();
    let mapped = item.map(System::Autotask, &"PRINTER".into(), &facts);
    assert!(
        matches!(&mapped, sync::Mapped::Problem(it) if it.code == "lookup-gone"),
        "{mapped:?}"
    );
    // What stands for something else goes on.
    let other = item.map(System::Jim2, &14.into(), &facts);
    assert_eq!(other, sync::Mapped::Value("SALE".into()));
}
