use domain::Told;
use jim2::{Change, Object, Operation};

use chrono::TimeDelta;

use super::*;

#[test]
fn what_people_did_after_the_restore_is_not_what_was_last_known() {
    let at = |minute: i64| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::minutes(minute);
    let row = |position, minute: Option<i64>| Change {
        position,
        object: Object::Job,
        key: "5001".to_owned(),
        operation: Operation::Update,
        at: minute.map_or(Told::Not, |minute| Told::Is(at(minute))),
        by: Told::Not,
    };
    let changes = |rows: Vec<Change>| Changes {
        safe_mark: 9,
        oldest: Told::Not,
        identity: jim2::Identity {
            database_id: "live".to_owned(),
            epoch: 1,
        },
        training: None,
        rows,
    };
    // The backup is of minute 30, the restore was at 95; at 90 all was well.
    for (rows, expected) in [
        (
            vec![row(1, Some(10)), row(2, Some(30)), row(3, Some(96))],
            Some(at(30)),
        ),
        (vec![row(1, Some(30)), row(2, None)], Some(at(30))),
        (vec![row(3, Some(96))], None),
        (vec![], None),
    ] {
        assert_eq!(latest_before(&changes(rows), at(90)), expected);
    }
}

#[test]
fn a_lost_half_is_told_with_what_it_was_and_to_whom_it_matters() {
    let lost = |kind| told_lost(&Kind::new(kind), "T20261123.0001 Printer", ("8142", "5001"));
    let problem = lost("ticket");
    assert_eq!(
        problem.says,
        "T20261123.0001 Printer was paired with 5001 in Jim2, which is not there any more since Jim2's database was \
         restored or replaced"
    );
    let step = &problem.remedy.step;
    assert!(step.contains("crossbill pairs link ticket 8142"), "{step}");
    assert_eq!(problem.remedy.who, Fixer::Desk);
    assert_eq!(lost("billing").remedy.who, Fixer::Finance);
}
