//! Rule 3: nothing is written to jobs while the books are frozen.

use super::*;

/// A site whose books are frozen at the end of each month, at this time.
fn frozen(now: &str) -> Facts {
    let mut facts = facts();
    facts.now = now.parse().unwrap();
    let days = ("billing_freeze".to_owned(), json!("30..2"));
    facts.settings.extend([days]);
    facts
}

#[test]
fn rule_3_a_line_waits_while_the_books_are_frozen_and_no_longer() {
    let plan = create(alone(&json!({})), &frozen("2026-11-30T01:00:00Z"));
    assert_eq!((plan.next, plan.acts), (Next::Hold, vec![]));
    assert_eq!(codes(&plan.problems), ["books-are-frozen"]);
    assert!(
        plan.problems[0].says.contains("before 3 Dec 2026 00:00"),
        "{}",
        plan.problems[0].says
    );
    let plan = create(alone(&json!({})), &frozen("2026-12-02T13:00:00Z"));
    assert_eq!(plan.next, Next::Write);
}

#[test]
fn rule_3_all_that_waits_for_it_is_one_problem() {
    let facts = frozen("2026-11-30T01:00:00Z");
    let other = alone(&json!({"ticketChargeID": 124}));
    let identities =
        [alone(&json!({})), other].map(|item| create(item, &facts).problems[0].identity());
    assert_eq!(identities[0], identities[1]);
}

#[test]
fn rule_3_a_change_of_a_line_waits_as_well() {
    let now =
        alone(&json!({"extendedPrice": 40, "internalCurrencyExtendedPrice": 40, "rate": 13.333}));
    let plan = updating::again_on(now, &frozen("2026-11-30T01:00:00Z"));
    assert!(plan.acts.iter().all(|act| act.on() == System::Autotask));
    assert!(
        codes(&plan.problems)
            .iter()
            .all(|code| *code == "books-are-frozen")
    );
    assert!(!plan.problems.is_empty());
}
