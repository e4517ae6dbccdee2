//! `connect` against both stand-ins, a database and a broker of its own each.

mod stage;

use domain::System;
use sandbox::autotask::Denial;
use serde_json::json;
use sqlx::PgPool;
use store::{State, lookup::MapRow};

use self::stage::{Stage, args};
use super::args::Create;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_fresh_site_is_connected_and_a_second_time_changes_nothing(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let before = stage.records().await;
    let told = stage.connect(args()).await.unwrap();
    assert!(told.contains("connected and paused"), "{told}");
    let first = stage.stored().await;
    assert!(
        first.pairs.iter().any(|(kind, _)| kind == "company"),
        "{told}"
    );
    assert!(
        first.pairs.iter().any(|(kind, _)| kind == "contact"),
        "{told}"
    );
    assert!(
        first.pairs.iter().any(|(kind, _)| kind == "ticket"),
        "{told}"
    );
    assert_eq!(
        first.settings["autotask.resource_id"],
        json!(sandbox::autotask::API_RESOURCE)
    );
    assert_eq!(first.settings["jim2.initials"], json!("API"));
    assert_eq!(first.settings["jim2.named_queries"], json!(true));
    assert_eq!(first.settings["jim2.sales_items"], json!(["SALE"]));
    assert_eq!(first.settings["note.publish.customer"], json!([1, 4]));
    assert_eq!(
        first.maps[&("status".to_owned(), System::Autotask, "8".to_owned())],
        Some("Proceed".to_owned())
    );
    assert_eq!(
        first.maps[&("issueType".to_owned(), System::Autotask, String::new())],
        Some("SERVICE".to_owned())
    );
    assert_eq!(
        first.maps[&("status".to_owned(), System::Jim2, "FINISH".to_owned())],
        None
    );
    assert_eq!(first.webhooks.len(), 4);
    assert!(
        first
            .webhooks
            .iter()
            .all(|webhook| webhook.is_active && webhook.is_ready),
        "{told}"
    );
    let watched = stage.watched().await;

    let told = stage.connect(args()).await.unwrap();
    assert!(told.contains("0 webhooks made, 4 mended"), "{told}");
    assert!(told.contains("company: 0 linked"), "{told}");
    assert_eq!(stage.stored().await, first);
    assert_eq!(stage.watched().await, watched, "no field is watched twice");
    assert_eq!(
        stage.records().await,
        before,
        "no record of either system is written"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_person_decided_stays(pool: PgPool) {
    let stage = Stage::new(pool).await;
    stage.connect(args()).await.unwrap();
    let decided = MapRow {
        list: "status".to_owned(),
        system: System::Autotask,
        value: "8".to_owned(),
        to_value: Some("Call".to_owned()),
        path: None,
        decided_by: "mia".to_owned(),
    };
    store::lookup::set_map(&stage.kit.db, &decided)
        .await
        .unwrap();
    store::setting::set(&stage.kit.db, "default.phone", &"0255501234")
        .await
        .unwrap();
    store::setting::set(&stage.kit.db, "starts_from", &"2026-11-01T00:00:00Z")
        .await
        .unwrap();
    stage.connect(args()).await.unwrap();
    let stored = stage.stored().await;
    assert_eq!(
        stored.maps[&("status".to_owned(), System::Autotask, "8".to_owned())],
        Some("Call".to_owned())
    );
    assert_eq!(stored.settings["default.phone"], json!("0255501234"));
    assert_eq!(
        stored.settings["starts_from"],
        json!("2026-11-01T00:00:00Z")
    );
    assert!(
        stored
            .switches
            .contains(&"ticket autotask-to-jim2 true".to_owned()),
        "{:?}",
        stored.switches
    );
    assert!(
        stored
            .switches
            .contains(&"company autotask-to-jim2 false".to_owned())
    );

    let mut more = args();
    more.create = vec![Create::Company];
    more.default_item = Some("network".to_owned());
    more.resume = true;
    let told = stage.connect(more).await.unwrap();
    assert!(told.contains("connected and running"), "{told}");
    let told = stage.connect(args()).await.unwrap();
    assert!(
        told.contains("connected and running"),
        "a running site is not paused: {told}"
    );
    let blank = ("issueType".to_owned(), System::Autotask, String::new());
    assert_eq!(
        stage.stored().await.maps[&blank],
        Some("NETWORK".to_owned())
    );
    let switches = stage.stored().await.switches;
    assert!(
        switches.contains(&"company jim2-to-autotask true".to_owned()),
        "{switches:?}"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn wrong_credentials_are_one_sentence_that_names_the_setting(pool: PgPool) {
    let mut stage = Stage::new(pool).await;
    let right = stage.kit.autotask.clone();
    stage.kit.autotask = stage.autotask_client("wrong");
    let error = stage.connect(args()).await.unwrap_err();
    assert!(error.contains("AUTOTASK_SECRET"), "{error}");

    stage.kit.autotask = right;
    stage.kit.jim2 = stage.jim2_client("wrong");
    let error = stage.connect(args()).await.unwrap_err();
    assert!(error.contains("JIM2_SECRET"), "{error}");
    assert!(!error.contains("wrong"), "{error}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn no_free_licence_stops_with_its_remedy(pool: PgPool) {
    let stage = Stage::with(pool, |_| (), |jim2| jim2.licences = 0).await;
    let error = stage.connect(args()).await.unwrap_err();
    assert!(error.contains("no free licence"), "{error}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_only_licence_is_given_back(pool: PgPool) {
    let mut stage = Stage::with(pool, |_| (), |jim2| jim2.licences = 1).await;
    stage.connect(args()).await.unwrap();
    stage.kit.jim2 = stage.jim2_client("sandbox-secret");
    stage.connect(args()).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_the_api_user_may_not_see_is_told_before_anything_is_stored(pool: PgPool) {
    for denial in [Denial::Forbidden, Denial::Text] {
        let denied = |options: &mut sandbox::autotask::Options| {
            options.denied.insert("Tickets".to_owned(), denial);
        };
        let stage = Stage::with(pool.clone(), denied, |_| ()).await;
        let error = stage.connect(args()).await.unwrap_err();
        assert!(
            error.contains("ticket") && error.contains("security level"),
            "{denial:?}: {error}"
        );
        assert!(stage.stored().await.settings.is_empty());
    }
    let hidden = |options: &mut sandbox::autotask::Options| {
        options.denied.insert("Tickets".to_owned(), Denial::Silence);
    };
    let told = Stage::with(pool, hidden, |_| ())
        .await
        .connect(args())
        .await
        .unwrap();
    assert!(told.contains("Autotask shows us no tickets"), "{told}");
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn without_named_queries_it_goes_on_and_says_what_to_send_to_happen(pool: PgPool) {
    let stage = Stage::with(pool, |_| (), |jim2| jim2.named_queries = false).await;
    let told = stage.connect(args()).await.unwrap();
    assert!(told.contains("Happen support: please install"), "{told}");
    assert!(told.contains("crossbill_changes"), "{told}");
    let stored = stage.stored().await;
    assert_eq!(stored.settings["jim2.named_queries"], json!(false));
    assert!(
        stored.pairs.iter().any(|(kind, _)| kind == "company"),
        "{told}"
    );
    assert!(
        stored.pairs.iter().any(|(kind, _)| kind == "ticket"),
        "{told}"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn poll_only_needs_no_address_and_makes_no_webhooks(pool: PgPool) {
    let mut stage = Stage::new(pool).await;
    stage.kit.public_url = None;
    let error = stage.connect(args()).await.unwrap_err();
    assert!(
        error.contains("INGRESS_PUBLIC_URL") && error.contains("--poll-only"),
        "{error}"
    );
    let mut polling = args();
    polling.poll_only = true;
    let told = stage.connect(polling).await.unwrap();
    assert!(told.contains("no webhooks"), "{told}");
    assert!(stage.stored().await.webhooks.is_empty());
    assert_eq!(
        stage.stored().await.settings["autotask.poll_only"],
        json!(true)
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_webhook_that_was_tampered_with_is_mended(pool: PgPool) {
    let stage = Stage::new(pool).await;
    stage.connect(args()).await.unwrap();
    let before = stage.watched().await;
    stage.spoil_webhooks().await;
    assert_ne!(stage.watched().await, before);
    stage.connect(args()).await.unwrap();
    assert_eq!(stage.watched().await, before);
    assert!(
        stage
            .stored()
            .await
            .webhooks
            .iter()
            .all(|webhook| webhook.is_active)
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_list_that_was_signed_off_is_taken_in(pool: PgPool) {
    let stage = Stage::new(pool).await;
    stage.connect(args()).await.unwrap();
    let list = stage.list();
    let (autotask, jim2) = list.two_lonely_companies();
    let decisions = format!(
        "kind,autotask_id,name,jim2_candidates,why,decision,jim2_id\n\
         company,{},Same business,,,link,{jim2}\ncompany,{},Other,,,ignore,\n",
        autotask[0], autotask[1]
    );
    let mut signed = args();
    signed.decisions = Some(stage.write("signed.csv", &decisions));
    let told = stage.connect(signed).await.unwrap();
    assert!(
        told.contains("company: 1 linked (by your decision)"),
        "{told}"
    );
    assert_eq!(
        stage.state_of("company", &autotask[0]).await,
        Some(State::Paired)
    );
    assert_eq!(
        stage.state_of("company", &autotask[1]).await,
        Some(State::Ignored)
    );
    stage.connect(args()).await.unwrap();
    let again = stage.list();
    for id in &autotask[..2] {
        assert!(!again.has("company", id), "{id} is decided");
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_ticket_that_two_jobs_may_belong_to_is_kept_out_until_one_is_left(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let (ticket, number) = stage.ticket_with_a_job().await;
    let twin = stage.job_for(&number).await;
    let told = stage.connect(args()).await.unwrap();
    assert!(stage.list().has("ticket", &ticket), "{told}");
    assert_eq!(
        stage.state_of("ticket", &ticket).await,
        Some(State::Ignored)
    );
    stage.rename_job(twin).await;
    stage.connect(args()).await.unwrap();
    assert_eq!(stage.state_of("ticket", &ticket).await, Some(State::Paired));
    assert!(!stage.list().has("ticket", &ticket));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_company_that_two_cards_may_be_is_kept_apart_until_one_is_left(pool: PgPool) {
    let stage = Stage::new(pool).await;
    stage.connect(args()).await.unwrap();
    let company = stage.list().company_without_candidates();
    assert_eq!(
        stage.state_of("company", &company).await,
        None,
        "one that no card fits is made where that is switched on"
    );
    let (card, twin) = (
        stage.card_like(&company).await,
        stage.card_like(&company).await,
    );
    let told = stage.connect(args()).await.unwrap();
    assert!(stage.list().has("company", &company), "{told}");
    let ignored = Some(State::Ignored);
    assert_eq!(stage.state_of("company", &company).await, ignored);
    assert_eq!(stage.state_in_jim2("company", card).await, ignored);
    assert_eq!(stage.state_in_jim2("company", twin).await, ignored);

    let body = json!({"entity": "CardFile", "id": twin.to_string(), "by": "SYS", "set": {"name": "Something Else"}});
    stage.hand(System::Jim2, "edit", body).await;
    stage.connect(args()).await.unwrap();
    let paired = Some(State::Paired);
    assert_eq!(stage.state_of("company", &company).await, paired);
    assert_eq!(stage.state_in_jim2("company", card).await, paired);
    assert_eq!(
        stage.state_in_jim2("company", twin).await,
        Some(State::New),
        "it is in doubt no more"
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_decision_to_ignore_outlives_the_doubt(pool: PgPool) {
    let stage = Stage::new(pool).await;
    stage.connect(args()).await.unwrap();
    let company = stage.list().company_without_candidates();
    let cards = [
        stage.card_like(&company).await,
        stage.card_like(&company).await,
    ];
    stage.connect(args()).await.unwrap();
    let mut signed = args();
    let decision = format!(
        "kind,autotask_id,name,jim2_candidates,why,decision,jim2_id\ncompany,{company},x,{} {},,ignore,\n",
        cards[0], cards[1]
    );
    signed.decisions = Some(stage.write("signed.csv", &decision));
    stage.connect(signed).await.unwrap();
    stage.connect(args()).await.unwrap();
    assert_eq!(
        stage.state_of("company", &company).await,
        Some(State::Ignored)
    );
    assert!(!stage.list().has("company", &company));
    let released = stage.state_in_jim2("company", cards[0]).await;
    assert_eq!(released, Some(State::New));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn tickets_come_from_the_jobs_that_an_argument_names(pool: PgPool) {
    let stage = Stage::new(pool).await;
    let from = |text: &str| {
        let mut args = args();
        args.create = vec![Create::TicketFromJob];
        args.tickets_from = text
            .split_whitespace()
            .map(|one| one.parse().unwrap())
            .collect();
        args
    };
    let error = stage.connect(from("")).await.unwrap_err();
    assert!(error.contains("--tickets-from job-type="), "{error}");
    assert!(
        stage.stored().await.settings.is_empty(),
        "it is refused before anything is stored"
    );
    for (wrong, says) in [
        ("job-type=Gossip", "no value \"Gossip\""),
        ("item=NOTHING", "no value \"NOTHING\""),
        ("customer=999999", "no customer"),
        ("customer=NOBODY.1", "no customer"),
    ] {
        let error = stage.connect(from(wrong)).await.unwrap_err();
        assert!(error.contains(says), "{wrong}: {error}");
    }

    let told = stage
        .connect(from("job-type=problem,Incident item=SERVER"))
        .await
        .unwrap();
    assert!(told.contains("tickets come from jobs of"), "{told}");
    let filters = store::mapping::load(&stage.kit.db).await.unwrap().filters;
    let filter = |name: &str| {
        let found = filters.iter().find(|filter| filter.name == name);
        found.map(|filter| filter.setting.clone())
    };
    assert_eq!(filter("job_types"), Some(json!(["Problem", "Incident"])));
    assert_eq!(filter("job_items"), Some(json!(["SERVER"])));
    assert_eq!(filter("job_customers"), None);
    let switches = stage.stored().await.switches;
    assert!(
        switches.contains(&"ticket jim2-to-autotask true".to_owned()),
        "{switches:?}"
    );
    stage.connect(from("")).await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn another_database_is_refused_until_it_is_meant(pool: PgPool) {
    let stage = Stage::new(pool).await;
    stage.connect(args()).await.unwrap();
    stage
        .hand(
            System::Jim2,
            "database",
            json!({"databaseId": "restored", "epoch": 2}),
        )
        .await;
    let error = stage.connect(args()).await.unwrap_err();
    assert!(
        error.contains("another database") && error.contains("--accept-database"),
        "{error}"
    );
    let mut meant = args();
    meant.accept_database = true;
    stage.connect(meant).await.unwrap();
}
