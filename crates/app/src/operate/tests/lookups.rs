use domain::{Fixer, Problem, Remedy, Subject, System};
use sqlx::PgPool;
use store::{Db, held::DeadLetter, lookup::Entry};

use crate::operate::lookups::{self, Wanted};

fn entry(value: &str, label: &str) -> Entry {
    Entry {
        value: value.to_owned(),
        label: label.to_owned(),
        active: true,
        is_default: false,
        extra: None,
    }
}

async fn with_statuses(pool: PgPool) -> Db {
    let db = Db::from(pool);
    let autotask = [
        entry("1", "New"),
        entry("8", "In Progress"),
        entry("12", "Call"),
    ];
    let jim2 = [
        entry("Booked", "Booked"),
        entry("Proceed", "Proceed"),
        entry("Call", "Call"),
    ];
    store::lookup::replace_list(&db, "status", System::Autotask, &autotask)
        .await
        .unwrap();
    store::lookup::replace_list(&db, "status", System::Jim2, &jim2)
        .await
        .unwrap();
    db
}

fn wanted<'a>(value: &'a str, to: Option<&'a str>) -> Wanted<'a> {
    Wanted {
        list: "status",
        system: System::Autotask,
        value,
        to,
        path: None,
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn values_are_told_by_name_and_stored_by_id(pool: PgPool) {
    let db = with_statuses(pool).await;
    let decided = lookups::set(&db, &wanted("in progress", Some("proceed")), "jane")
        .await
        .unwrap();
    let row = decided.row;
    assert_eq!(decided.unchecked, Vec::<String>::new());
    assert_eq!(
        (row.value.as_str(), row.to_value.as_deref()),
        ("8", Some("Proceed"))
    );
    let left = lookups::set(&db, &wanted("1", None), "jane").await.unwrap();
    assert_eq!(left.row.to_value, None);
    let blank = lookups::set(&db, &wanted("", Some("Booked")), "jane")
        .await
        .unwrap();
    assert_eq!(blank.row.value, "");
    let lines = lookups::list(&db, Some("status")).await.unwrap();
    let decided: Vec<_> = lines
        .iter()
        .filter(|line| line.decision.is_some())
        .map(|line| line.label.as_str())
        .collect();
    assert_eq!(decided, ["(blank)", "In Progress", "New"]);
    assert!(
        lookups::forget(&db, &wanted("8", None), "jane")
            .await
            .unwrap()
    );
    assert!(
        !lookups::forget(&db, &wanted("8", None), "jane")
            .await
            .unwrap()
    );
    assert_eq!(store::audit::latest(&db, 10).await.unwrap().len(), 5);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_unknown_value_or_list_is_refused_with_where_to_look(pool: PgPool) {
    let db = with_statuses(pool).await;
    for (wanted, says) in [
        (wanted("Frozen", Some("Booked")), "has no value \"Frozen\""),
        (
            wanted("New", Some("Frozen")),
            "list status of Jim2 has no value \"Frozen\"",
        ),
        (wanted("New", Some("Bookd")), "did you mean Booked?"),
        (
            wanted("Frozen", Some("Booked")),
            "crossbill connect reads the lists again",
        ),
        (
            Wanted {
                list: "statuses",
                ..wanted("New", Some("Booked"))
            },
            "there is no list statuses; did you mean status?",
        ),
        (
            Wanted {
                path: Some("Proceed>Lunch"),
                ..wanted("New", Some("Booked"))
            },
            "list status of Jim2 has no value \"Lunch\"",
        ),
        (
            Wanted {
                system: System::Jim2,
                path: Some("Proceed"),
                ..wanted("Booked", Some("New"))
            },
            "a path belongs to a status of Autotask",
        ),
    ] {
        let error = lookups::set(&db, &wanted, "jane")
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(says), "{error}");
    }
    let error = lookups::list(&db, Some("colour"))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("there are status"), "{error}");
    assert!(store::lookup::maps(&db).await.unwrap().rows.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_exported_is_imported_with_only_what_changed(pool: PgPool) {
    let db = with_statuses(pool).await;
    let matched = lookups::match_names(&db, None, "jane").await.unwrap();
    assert_eq!((matched[0].0.as_str(), matched[0].1.matched), ("status", 2));
    let sheet = lookups::write(&lookups::list(&db, None).await.unwrap()).unwrap();
    let same = lookups::changes(&db, lookups::read(&sheet, "jane").unwrap())
        .await
        .unwrap();
    assert!(same.is_empty(), "{same:?}");
    let edited = sheet.replace("status,autotask,1,New,,", "status,autotask,1,New,Booked,");
    let changes = lookups::changes(&db, lookups::read(&edited, "jane").unwrap())
        .await
        .unwrap();
    assert_eq!(changes.len(), 1, "{sheet}");
    assert_eq!(lookups::import(&db, &changes, "jane").await.unwrap(), 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_sheet_with_wrong_rows_is_refused_as_a_whole_with_their_numbers(pool: PgPool) {
    let db = with_statuses(pool).await;
    let sheet = "list,system,value,label,to,to_label,path\n\
        status,autotask,1,,Booked,,\n\
        status,autotask,New,,Proceed,,\n\
        colour,autotask,1,,Red,,\n\
        status,autotask,99,,Booked,,\n\
        status,autotask,8,,Nowhere,,\n\
        status,autotask,12,,Call,,Lunch>Call\n";
    let error = lookups::changes(&db, lookups::read(sheet, "jane").unwrap())
        .await
        .unwrap_err()
        .to_string();
    for says in [
        "row 3: row 2 decides on the same value",
        "row 4: there is no list colour",
        "row 5: list status of Autotask has no value \"99\"",
        "row 6: list status of Jim2 has no value \"Nowhere\"",
        "row 7: list status of Jim2 has no value \"Lunch\"",
    ] {
        assert!(error.contains(says), "{says}: {error}");
    }
    assert!(!error.contains("row 2:"), "{error}");
    assert!(store::lookup::maps(&db).await.unwrap().rows.is_empty());
}

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
