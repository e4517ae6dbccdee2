use domain::Kind;

use super::*;
use crate::ApiError;

fn next(error: Error) -> Failure {
    error.into_failure(&Key::new(Kind::new("ticket"), System::Jim2, 5001))
}

fn refused(status: u16) -> Error {
    Error::Refused {
        status,
        errors: vec![ApiError {
            detail: Some("CustRef takes at most 50 characters.".to_owned()),
            ..ApiError::default()
        }],
    }
}

#[test]
fn what_passes_by_itself_is_tried_again() {
    for (error, expected) in [
        (Error::Locked { by: None }, Some(LOCKED)),
        (Error::JobReady, Some(READY)),
        (Error::NotFound, None),
        (refused(500), None),
        (Error::SlowDown { after: Some(AWAY) }, Some(AWAY)),
    ] {
        let failure = next(error);
        assert!(
            matches!(&failure, Failure::Retry { after, .. } if *after == expected),
            "{failure:?}"
        );
    }
}

#[test]
fn what_concerns_all_of_jim2_stops_it_and_holds_nothing() {
    for (error, word) in [
        (Error::NoLicence, "licence"),
        (Error::Away("gone".into()), "away"),
        (
            Error::OtherDatabase(domain::StopReason::Identity("a copy".to_owned())),
            "identity",
        ),
        (
            Error::OtherDatabase(domain::StopReason::Restored("it went back".to_owned())),
            "restored",
        ),
        (
            Error::Unauthorized {
                setting: "the base URL",
            },
            "credentials",
        ),
    ] {
        let failure = next(error);
        assert!(
            matches!(&failure, Failure::Stop { system: System::Jim2, reason, .. } if reason.as_str() == word),
            "{failure:?}"
        );
    }
}

#[test]
fn a_lost_answer_is_neither_done_nor_failed() {
    let failure = next(Error::MaybeDone("reset".into()));
    assert!(matches!(failure, Failure::Unsure { .. }), "{failure:?}");
}

#[test]
fn a_refusal_is_held_and_says_what_jim2_said_about_which_record() {
    let Failure::Hold { problems } = next(refused(422)) else {
        panic!("not held");
    };
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code, "refused-by-jim2");
    assert_eq!(
        problems[0].says,
        "ticket 5001 in Jim2: Jim2 refused with 422: CustRef takes at most 50 characters."
    );
    assert!(problems[0].remedy.step.contains("replay"));
}

#[test]
fn each_refusal_has_a_code_of_its_own() {
    let workflow = Error::Workflow {
        from: "Booked".to_owned(),
        to: "FINISH".to_owned(),
        detail: "not linked".to_owned(),
    };
    for (error, code) in [
        (Error::JobInvoiced { invoice: None }, "job-invoiced"),
        (workflow, "status-step-refused"),
        (
            Error::NotWritable {
                attribute: "Name".to_owned(),
            },
            "not-writable-in-jim2",
        ),
        (
            Error::NoSuchQuery("crossbill_jobs".to_owned()),
            "query-missing",
        ),
        (Error::unreadable("x", "odd"), "unreadable-answer"),
        (
            Error::Forbidden {
                detail: "no".to_owned(),
            },
            "forbidden-by-jim2",
        ),
    ] {
        let Failure::Hold { problems } = next(error) else {
            panic!("not held: {code}");
        };
        assert_eq!(problems[0].code, code);
    }
}

#[test]
fn what_is_wrong_with_the_site_is_one_problem_for_all_records() {
    let identity = |id: i64| {
        let key = Key::new(Kind::new("ticket"), System::Jim2, id);
        let error = Error::NotWritable {
            attribute: "Name".to_owned(),
        };
        let Failure::Hold { problems } = error.into_failure(&key) else {
            panic!("not held");
        };
        problems[0].identity()
    };
    assert_eq!(identity(1), identity(2));
}
