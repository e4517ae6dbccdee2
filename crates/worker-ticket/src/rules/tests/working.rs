//! What becomes of a ticket that time or a charge waits for.

use sync::Next;

use super::*;

/// The same with time or a charge that waits.
fn with_work(known: Known) -> Known {
    Known {
        cause: Cause::Work,
        ..known
    }
}

#[test]
fn a_ticket_that_gets_no_job_before_there_is_work_gets_one_for_it() {
    for changes in [
        json!({"status": 5}),
        json!({"ticketType": 5}),
        json!({"source": 8}),
    ] {
        let known = unknown(Some(ticket(changes.clone())), None);
        let idle = plan(&known, &facts());
        assert!(matches!(idle.next, Next::Ignore(_)), "{changes}");
        let plan = plan(&with_work(known), &facts());
        assert_eq!(plan.next, Next::Write, "{changes}: {:?}", plan.problems);
    }
}

#[test]
fn work_on_a_ticket_that_is_none_of_jim2s_makes_no_job() {
    let mut filtered = facts();
    filtered
        .filters
        .insert((KIND, "queues".to_owned()), json!([8]));
    for (changes, facts) in [(json!({"companyID": 0}), facts()), (json!({}), filtered)] {
        let known = unknown(Some(ticket(changes.clone())), None);
        let plan = plan(&with_work(known), &facts);
        assert!(matches!(plan.next, Next::Ignore(_)), "{changes}");
    }
}

#[test]
fn only_an_invoiced_job_is_followed_by_another_and_only_for_work() {
    let is = |text: &str| Told::Is(text.to_owned());
    let jobs = [
        (base_job(), false),
        (
            Job {
                ready: Told::Is(true),
                ..base_job()
            },
            false,
        ),
        (
            Job {
                status: is("FINISH"),
                ..base_job()
            },
            false,
        ),
        (
            Job {
                inv_no: Told::Is(811),
                ..base_job()
            },
            true,
        ),
    ];
    for (job, is_over) in jobs {
        let told = format!("{job:?}");
        let known = known(Some(referred(ticket(json!({})))), Some(super::job(&job)));
        let quiet = plan(&known, &facts());
        assert_ne!(quiet.next, Next::FollowOn, "{told}");
        let followed = plan(&with_work(known), &facts());
        assert_eq!(followed.next == Next::FollowOn, is_over, "{told}");
        let invoice = followed.acts.iter().any(|act| act.on() == System::Autotask);
        assert_eq!(
            invoice, is_over,
            "its invoice goes to the ticket first: {told}"
        );
        let on_jim2 = followed.acts.iter().any(|act| act.on() == System::Jim2);
        assert!(!on_jim2 || !is_over, "{told}");
    }
}

#[test]
fn the_second_job_of_a_ticket_asks_for_no_filter_that_the_first_one_passed() {
    let mut facts = facts();
    facts
        .filters
        .insert((KIND, "queues".to_owned()), json!([8]));
    facts
        .settings
        .insert("starts_from".to_owned(), json!("2026-11-24"));
    let known = Known {
        generation: 2,
        ..unknown(Some(ticket(json!({"status": 5}))), None)
    };
    let plan = plan(&with_work(known), &facts);
    let Some(Act::Create { reference, .. }) = plan.acts.first() else {
        panic!("{plan:?}")
    };
    assert_eq!(reference, "T20261123.0001/2");
}
