//! A rule in each system that puts a ticket's status back, for ever.

use super::*;

/// What is known when it is the turn of one of the two: even turns are Autotask's, which wants it in progress; odd ones
/// are Jim2's, which wants it booked. Somebody gives it a purchase order besides.
fn turn(turn: usize, shadow: Shadow, order: &str) -> Known {
    let is_autotasks = turn.is_multiple_of(2);
    let status = "Booked".to_owned();
    let told = Job {
        status: Told::Is(status),
        ..base_job()
    };
    let ticket = ticket(json!({"status": 8, "purchaseOrderNumber": order}));
    let mut known = known(Some(referred(ticket)), Some(job(&told)));
    let mut before = shadow;
    if is_autotasks {
        before.agree("status", 1.into(), "Booked".into());
    } else {
        before.agree("status", 8.into(), "Proceed".into());
    }
    known.shadow = Some(before);
    known
}

/// The plan of the first turn that is not made.
fn stopped(facts: &Facts) -> (usize, Plan) {
    let mut shadow = Shadow {
        customer: Some(12.into()),
        ..Shadow::default()
    };
    for number in 0..40 {
        let plan = plan(&turn(number, shadow, ""), facts);
        if !plan.problems.is_empty() {
            return (number, plan);
        }
        assert_eq!(plan.acts.len(), 1, "turn {number}: {:?}", plan.acts);
        shadow = plan.shadow;
    }
    panic!("they go on for ever");
}

#[test]
fn two_rules_that_undo_each_other_are_stopped_and_the_other_fields_go_on() {
    let facts = facts();
    let (number, first) = stopped(&facts);
    assert_eq!(number, 10, "five times each");
    assert_eq!(codes(&first.problems), ["written-to-and-fro"]);
    assert_eq!(first.acts, []);

    let plan = plan(&turn(number, first.shadow, "PO 7"), &facts);
    let order = fields([("cust_ref", "PO 7".into())]);
    assert_eq!(updates(&plan, System::Jim2), [order]);
    assert_eq!(plan.problems[0].field.as_deref(), Some("status"));
}

#[test]
fn a_replay_tries_it_again_from_the_beginning() {
    let facts = facts();
    let (number, first) = stopped(&facts);
    let mut again = turn(number, first.shadow, "");
    again.cause = Cause::Replay;
    let plan = plan(&again, &facts);
    assert_eq!((codes(&plan.problems).len(), plan.acts.len()), (0, 1));
}
