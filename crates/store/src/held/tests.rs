use domain::{Cause, Key, Problem, Subject, System};
use sqlx::PgPool;

use super::*;
use crate::{
    Db, Held, Outcome,
    lookup::{self, MapRow},
    pair::Page,
    remember, setting,
    testing::{COMPANY, claimed, held, live, paired, problem, ticket, unchanged, unmapped},
};

const ALL: Page = Page {
    offset: 0,
    limit: 100,
};

async fn hold(db: &Db, id: &str, problems: &[Problem]) {
    let claim = claimed(db, &ticket(id)).await;
    remember(db, &held(&claim, problems)).await.unwrap();
}

fn events(replays: &[Replay]) -> Vec<String> {
    replays
        .iter()
        .map(|replay| match &replay.resend {
            Resend::Event(event) => {
                assert_eq!(event.cause, Cause::Replay);
                event.key.id.to_string()
            }
            Resend::Body { queue, .. } => queue.clone(),
        })
        .collect()
}

/// Ten minutes later.
async fn wait(db: &Db) {
    sqlx::query("update held set replayed_at = replayed_at - interval '11 minutes'")
        .execute(&db.0)
        .await
        .unwrap();
}

/// Status 5 is decided on.
async fn map_five(db: &Db) {
    let row = MapRow {
        list: "status".to_owned(),
        system: System::Autotask,
        value: "5".to_owned(),
        to_value: None,
        path: None,
        decided_by: "mia".to_owned(),
    };
    lookup::set_map(db, &row).await.unwrap();
}

fn letter(event: Option<domain::Event>) -> DeadLetter {
    DeadLetter {
        queue: "tickets".to_owned(),
        event,
        body: b"{not json".to_vec(),
        reason: "it could not be read".to_owned(),
        problem: problem(
            Subject::Setting {
                name: "poison".to_owned(),
            },
            None,
        ),
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_goes_on_is_told_again_at_once_where_whoever_took_it_died_before_it_was_published(
    pool: PgPool,
) {
    let db = Db::from(pool);
    hold(&db, "1", &[unmapped("5")]).await;
    map_five(&db).await;
    let later = async |seconds: i32| {
        sqlx::query("update held set replayed_at = replayed_at - make_interval(secs => $1)")
            .bind(seconds)
            .execute(&db.0)
            .await
            .unwrap();
    };
    let told = solved(&db, 9).await.unwrap();
    assert_eq!(events(&told), ["1"]);
    later(29).await;
    assert_eq!(events(&solved(&db, 9).await.unwrap()), [""; 0]);
    later(2).await;
    let told = solved(&db, 9).await.unwrap();
    assert_eq!(events(&told), ["1"]);
    let ids: Vec<_> = told.iter().map(|it| it.held).collect();
    published(&db, &ids).await.unwrap();
    later(31).await;
    assert_eq!(
        events(&solved(&db, 9).await.unwrap()),
        [""; 0],
        "it is on its way"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_mapped_value_lets_all_its_items_go_on_once(pool: PgPool) {
    let db = Db::from(pool);
    hold(&db, "7", &[unmapped("5"), unmapped("6")]).await;
    hold(&db, "8", &[unmapped("5")]).await;
    hold(&db, "9", &[unmapped("6")]).await;
    assert_eq!(solved(&db, 10).await.unwrap(), []);

    map_five(&db).await;
    assert_eq!(
        events(&solved(&db, 1).await.unwrap()),
        ["7"],
        "oldest first"
    );
    assert_eq!(events(&solved(&db, 10).await.unwrap()), ["8"]);
    assert_eq!(solved(&db, 10).await.unwrap(), [], "they are on their way");
    wait(&db).await;
    assert_eq!(
        events(&solved(&db, 10).await.unwrap()),
        ["7", "8"],
        "they got lost"
    );

    hold(&db, "8", &[unmapped("5")]).await;
    wait(&db).await;
    assert_eq!(
        events(&solved(&db, 10).await.unwrap()),
        ["7"],
        "8 was judged with the new mapping and held all the same"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_complete_pair_lets_what_waited_for_it_go_on(pool: PgPool) {
    let db = Db::from(pool);
    let company = Key::new(COMPANY, System::Autotask, "c1");
    let unpaired = problem(
        Subject::Pair {
            kind: COMPANY,
            system: System::Autotask,
            id: "c1".into(),
        },
        None,
    );
    hold(&db, "7", &[unpaired]).await;
    let claim = claimed(&db, &company).await;
    assert_eq!(solved(&db, 10).await.unwrap(), []);
    remember(&db, &paired(&claim, "100")).await.unwrap();
    assert_eq!(events(&solved(&db, 10).await.unwrap()), ["7"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_waits_for_a_time_goes_on_when_it_has_come(pool: PgPool) {
    let db = Db::from(pool);
    let at = |text: &str| Subject::Time {
        until: text.parse().unwrap(),
    };
    hold(&db, "7", &[problem(at("2026-11-01T00:00:00Z"), None)]).await;
    hold(&db, "8", &[problem(at("9999-01-01T00:00:00Z"), None)]).await;
    assert_eq!(events(&solved(&db, 10).await.unwrap()), ["7"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_waits_for_a_job_is_looked_at_when_its_pair_is_changed_and_every_hour(pool: PgPool) {
    let db = Db::from(pool);
    let own = claimed(&db, &ticket("1")).await;
    remember(&db, &paired(&own, "1042")).await.unwrap();
    let ready = || problem(Subject::Job { number: 1042 }, None);
    hold(&db, "7", &[ready()]).await;
    hold(&db, "8", &[problem(Subject::Job { number: 1043 }, None)]).await;
    assert_eq!(solved(&db, 10).await.unwrap(), []);
    // Ready is taken off, or it is on an invoice: Jim2 tells of the job.
    let own = claimed(&db, &ticket("1")).await;
    remember(&db, &unchanged(&own)).await.unwrap();
    assert_eq!(events(&solved(&db, 10).await.unwrap()), ["7"]);
    wait(&db).await;
    hold(&db, "7", &[ready()]).await;
    assert_eq!(
        solved(&db, 10).await.unwrap(),
        [],
        "it is Ready all the same"
    );
    sqlx::query("update held set last_at = now() - interval '61 minutes', replayed_at = null")
        .execute(&db.0)
        .await
        .unwrap();
    assert_eq!(events(&solved(&db, 10).await.unwrap()), ["7", "8"]);
    wait(&db).await;
    assert_eq!(
        events(&solved(&db, 10).await.unwrap()),
        ["7"],
        "the other is on its way for an hour"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_changed_setting_is_a_reason_to_look_again(pool: PgPool) {
    let db = Db::from(pool);
    let unset = problem(
        Subject::Setting {
            name: "branch".to_owned(),
        },
        None,
    );
    let own = problem(
        Subject::Record {
            kind: crate::testing::TICKET,
            system: System::Autotask,
            id: "8".into(),
        },
        None,
    );
    hold(&db, "7", &[unset]).await;
    hold(&db, "8", &[own]).await;
    assert!(setting::set(&db, "branch", &"SYD").await.unwrap());
    assert_eq!(events(&solved(&db, 10).await.unwrap()), ["7"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_person_replays_one_a_group_or_all(pool: PgPool) {
    let db = Db::from(pool);
    hold(&db, "7", &[unmapped("5")]).await;
    hold(&db, "8", &[unmapped("6")]).await;
    hold(&db, "9", &[unmapped("6")]).await;
    let group = Which::Problem(unmapped("6").identity());
    assert_eq!(
        events(&take_for_replay(&db, &group, 1).await.unwrap()),
        ["8"]
    );
    assert_eq!(
        events(&take_for_replay(&db, &group, 9).await.unwrap()),
        ["8", "9"]
    );
    assert_eq!(
        events(&take_for_replay(&db, &Which::All, 9).await.unwrap()),
        ["7", "8", "9"]
    );
    let one = list(&db, &Which::All, ALL).await.unwrap().remove(0);
    assert_eq!(one.attempts, 2);
    let shown = show(&db, one.id).await.unwrap().unwrap();
    assert_eq!(shown.problems.len(), 1);
    assert_eq!(shown.message["id"], "7");
    assert_eq!(show(&db, Uuid::nil()).await.unwrap(), None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_archived_stays_so_until_something_new_is_wrong(pool: PgPool) {
    let db = Db::from(pool);
    hold(&db, "7", &[unmapped("5"), unmapped("6")]).await;
    assert_eq!(archive(&db, &Which::All, "mia").await.unwrap(), 1);
    assert_eq!(archive(&db, &Which::All, "mia").await.unwrap(), 0);
    assert_eq!(open_problems(&db).await.unwrap(), []);
    assert_eq!(take_for_replay(&db, &Which::All, 9).await.unwrap(), []);

    hold(&db, "7", &[unmapped("5")]).await;
    assert_eq!(groups(&db).await.unwrap(), [], "nothing new");
    hold(&db, "7", &[unmapped("9")]).await;
    assert_eq!(groups(&db).await.unwrap().len(), 1);
    let acts = crate::audit::latest(&db, 9).await.unwrap();
    assert_eq!((acts[0].who.as_str(), acts.len()), ("mia", 2));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_dead_letter_of_a_known_record_is_the_pairs_held_item(pool: PgPool) {
    let db = Db::from(pool);
    hold(&db, "7", &[unmapped("5")]).await;
    let letter = letter(Some(live(&ticket("7"))));
    let held = bury(&db, &letter).await.unwrap();
    assert_eq!(bury(&db, &letter).await.unwrap(), held);
    let items = list(&db, &Which::All, ALL).await.unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].queue.as_deref(), Some("tickets"));
    let row = claimed(&db, &ticket("7")).await;
    assert_eq!(row.held.len(), 2, "beside what it waits for already");

    let clear = Outcome {
        held: Held::Clear,
        ..unchanged(&row)
    };
    remember(&db, &clear).await.unwrap();
    assert_eq!(list(&db, &Which::All, ALL).await.unwrap(), []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_dead_letter_that_nobody_can_read_keeps_its_body(pool: PgPool) {
    let db = Db::from(pool);
    let held = bury(&db, &letter(None)).await.unwrap();
    assert_eq!(bury(&db, &letter(None)).await.unwrap(), held, "told twice");
    let replays = take_for_replay(&db, &Which::All, 9).await.unwrap();
    assert_eq!(
        replays[0].resend,
        Resend::Body {
            queue: "tickets".to_owned(),
            body: b"{not json".to_vec(),
        }
    );
    assert_eq!(resent(&db, &[held]).await.unwrap(), 1);
    assert_eq!(list(&db, &Which::All, ALL).await.unwrap(), []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_group_names_the_companies_that_its_items_belong_to_once_each(pool: PgPool) {
    let db = Db::from(pool);
    let company = Key::new(COMPANY, System::Autotask, 175);
    let row = claimed(&db, &company).await;
    let outcome = Outcome {
        jim2_id: Some("1002".into()),
        state: crate::State::Paired,
        label: "Bondi Bakery".to_owned(),
        ..unchanged(&row)
    };
    crate::remember(&db, &outcome).await.unwrap();
    let card = |id: i64| Key::new(COMPANY, System::Jim2, id);
    let unknown = Key::new(COMPANY, System::Autotask, 9);
    let belongs = [Some(company), Some(card(1002)), Some(unknown), None];
    for (id, company) in (1..).zip(belongs) {
        let row = claimed(&db, &ticket(&id.to_string())).await;
        let mut outcome = held(&row, &[unmapped("8")]);
        if let Held::Upsert { company: of_it, .. } = &mut outcome.held {
            *of_it = company.map(Box::new);
        }
        crate::remember(&db, &outcome).await.unwrap();
    }
    let group = groups(&db).await.unwrap().remove(0);
    assert_eq!(group.items, 4);
    assert_eq!(group.companies, ["Bondi Bakery", "company 9"]);
    assert_eq!(group.companies_in_all, 2);
}
