use domain::{Fixer, Problem, Remedy, Subject, System};
use sqlx::PgPool;
use store::{Db, held::DeadLetter};

use super::lookups::{entry, wanted, with_statuses};
use crate::operate::lookups::{self, Wanted};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_list_that_jim2_did_not_tell_takes_values_as_they_are_written(pool: PgPool) {
    let db = Db::from(pool);
    let autotask = [entry("1", "New"), entry("8", "In Progress")];
    store::lookup::replace_list(&db, "status", System::Autotask, &autotask)
        .await
        .unwrap();
    let decided = lookups::set(&db, &wanted("In Progress", Some("Proceed")), "jane")
        .await
        .unwrap();
    assert_eq!(decided.row.to_value.as_deref(), Some("Proceed"));
    assert!(
        decided.unchecked[0].contains("Jim2 has not told its list status"),
        "{decided:?}"
    );
    let error = lookups::set(&db, &wanted("Frozen", Some("Proceed")), "jane").await;
    assert!(error.is_err(), "the list that was told is still checked");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_steps_to_a_status_are_those_of_the_workflow(pool: PgPool) {
    let db = with_statuses(pool).await;
    let mut booked = entry("Booked", "Booked");
    booked.extra = Some("Proceed".to_owned());
    let links = [booked];
    store::lookup::replace_list(&db, store::mapping::STATUS_LINKS, System::Jim2, &links)
        .await
        .unwrap();
    let by = |path| Wanted {
        path: Some(path),
        ..wanted("New", Some("Proceed"))
    };
    let decided = lookups::set(&db, &by("booked"), "jane").await.unwrap();
    assert_eq!(decided.row.path.as_deref(), Some("Booked>Proceed"));
    let error = lookups::set(&db, &by("Booked>Call"), "jane").await;
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("no step from Booked to Call; from Booked it goes to Proceed"),
        "{error}"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn jobs_that_are_over_leave_their_tickets_also_where_names_are_equal(pool: PgPool) {
    let db = with_statuses(pool).await;
    let autotask =
        ["Finish", "Cancelled", "Booked"].map(|label| entry(&format!("1{label}"), label));
    let jim2 = [
        entry("FINISH", "Finish"),
        entry("CANCEL", "Cancelled"),
        entry("Booked", "Booked"),
    ];
    for (system, list) in [(System::Autotask, &autotask), (System::Jim2, &jim2)] {
        store::lookup::replace_list(&db, "status", system, list)
            .await
            .unwrap();
    }
    let cancel = Wanted {
        system: System::Jim2,
        ..wanted("CANCEL", Some("Cancelled"))
    };
    lookups::set(&db, &cancel, "jane").await.unwrap();
    lookups::match_names(&db, None, "jane").await.unwrap();
    let maps = store::lookup::maps(&db).await.unwrap().rows;
    let to = |value: &str| {
        let row = maps
            .iter()
            .find(|row| row.system == System::Jim2 && row.value == value);
        row.unwrap().to_value.as_deref()
    };
    assert_eq!(to("FINISH"), None);
    assert_eq!(to("CANCEL"), Some("1Cancelled"), "a person decided it");
    assert_eq!(to("Booked"), Some("1Booked"));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_value_that_something_is_held_for_is_mapped_though_no_list_has_it(pool: PgPool) {
    let db = with_statuses(pool).await;
    let new = wanted("27", Some("Call"));
    assert!(lookups::set(&db, &new, "jane").await.is_err());
    let letter = DeadLetter {
        queue: "crossbill.ticket.v1".to_owned(),
        event: None,
        body: Vec::new(),
        reason: "held".to_owned(),
        problem: Problem {
            code: "lookup-missing".to_owned(),
            subject: Subject::Lookup {
                list: "status".to_owned(),
                system: System::Autotask,
                value: "27".to_owned(),
            },
            field: None,
            says: "Status \"27\" of Autotask has no Jim2 counterpart".to_owned(),
            remedy: Remedy {
                who: Fixer::Integrator,
                step: "crossbill lookups set status autotask \"27\" …".to_owned(),
                continues: true,
            },
        },
    };
    store::held::bury(&db, &letter).await.unwrap();
    let decided = lookups::set(&db, &new, "jane").await.unwrap();
    assert_eq!(decided.row.value, "27");
    // Jim2 takes any title of a person.
    let titles = [entry("Mr", "Mr")];
    for system in System::BOTH {
        store::lookup::replace_list(&db, "prefix", system, &titles)
            .await
            .unwrap();
    }
    let title = Wanted {
        list: "prefix",
        system: System::Jim2,
        ..wanted("Capt", Some("Mr"))
    };
    let decided = lookups::set(&db, &title, "jane").await.unwrap();
    assert!(
        decided.unchecked[0].contains("takes any text"),
        "{decided:?}"
    );
}
