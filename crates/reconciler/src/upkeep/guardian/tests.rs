use std::time::Duration;

use autotask::{WebhookKind, Webhooks};
use sandbox::autotask::Options;
use sqlx::PgPool;

use domain::System;
use store::gap;

use super::*;
use crate::upkeep::testing::{Site, caller, hook};

/// Registers the one webhook, as `connect` does.
async fn connect(site: &Site) -> i64 {
    let own = site.upkeep.autotask.whoami().await.unwrap().unwrap().id;
    setting::set(&site.upkeep.db, sync::OWN_RESOURCE, &own)
        .await
        .unwrap();
    let wanted = site.upkeep.wanted.as_ref().unwrap();
    let hook = hook();
    let mended = wanted.mend(site.upkeep.place(), &hook, Secret::Renewed);
    let mended = mended.await.unwrap();
    assert!(mended.is_made);
    mended.row.autotask_id.unwrap()
}

async fn row(site: &Site) -> Webhook {
    webhook::list(&site.upkeep.db).await.unwrap().remove(0)
}

/// Somebody wants the webhook looked at, and it is.
async fn look(site: &Site) {
    webhook::want_check(&site.upkeep.db, "crossbill-ticket")
        .await
        .unwrap();
    check_once(&site.upkeep).await.unwrap();
}

fn in_autotask(site: &Site) -> Webhooks<'_> {
    site.upkeep.autotask.webhooks(WebhookKind::Ticket)
}

async fn edit(site: &Site, entity: &str, id: i64, set: Value) {
    site.hands("edit", json!({"entity": entity, "id": id, "set": set}))
        .await;
}

/// What was mended, as the audit log says.
async fn mended(site: &Site) -> Vec<String> {
    let acts = audit::latest(&site.upkeep.db, 50).await.unwrap();
    let mut says: Vec<_> = acts
        .iter()
        .filter(|act| act.who == WHO)
        .map(|act| act.detail["it"].as_str().unwrap().to_owned())
        .collect();
    says.reverse();
    says
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_webhook_that_is_as_it_should_be_costs_six_reads_and_is_left_alone(pool: PgPool) {
    let site = Site::start(pool).await;
    let id = connect(&site).await;
    look(&site).await;
    let seen = row(&site).await;
    assert!(seen.is_active && seen.is_ready && !seen.check_wanted);
    assert_eq!(seen.autotask_id, Some(id));
    assert!(seen.guid.is_some());
    assert_eq!(mended(&site).await, [""; 0]);
    assert_eq!(gap::list(&site.upkeep.db).await.unwrap(), []);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_deleted_webhook_is_made_again_and_the_time_without_it_is_a_gap(pool: PgPool) {
    let site = Site::start(pool).await;
    let id = connect(&site).await;
    let seen = row(&site).await;
    in_autotask(&site).delete(id).await.unwrap();
    look(&site).await;
    let now = row(&site).await;
    assert!(now.is_active && now.is_ready);
    assert_ne!(now.autotask_id, Some(id));
    let new = now.autotask_id.unwrap();
    assert_eq!(in_autotask(&site).fields(new).await.unwrap().len(), 3);
    assert_eq!(in_autotask(&site).excluded(new).await.unwrap().len(), 1);
    assert_eq!(mended(&site).await, ["was not there"]);
    let gaps = gap::list(&site.upkeep.db).await.unwrap();
    assert_eq!(gaps.len(), 1);
    assert_eq!(gaps[0].kind, Some(Kind::new("ticket")));
    assert_eq!(gaps[0].since, seen.checked_at.unwrap());
    assert!(gaps[0].until.is_some(), "it is on again");
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn one_that_was_switched_off_is_on_again_without_anybody(pool: PgPool) {
    let site = Site::start(pool).await;
    let id = connect(&site).await;
    edit(&site, "TicketWebhooks", id, json!({"isActive": false})).await;
    look(&site).await;
    assert!(row(&site).await.is_active);
    assert_eq!(mended(&site).await, ["was switched off"]);
    let gaps = gap::list(&site.upkeep.db).await.unwrap();
    assert_eq!(gaps.len(), 1);
    assert!(gaps[0].until.is_some());
    site.stop().await;
}

/// A site whose zone is discovered, and whose webhook was looked at in the first.
async fn in_the_first_zone(pool: PgPool) -> (Site, i64) {
    let mut site = Site::start(pool).await;
    site.upkeep.autotask = caller(&site.autotask, false);
    let id = connect(&site).await;
    let zone = row(&site).await.zone.unwrap();
    assert!(zone.starts_with(&site.autotask.base_url()), "{zone}");
    assert!(!zone.contains("/zone2/"), "{zone}");
    (site, id)
}

/// The tenant is moved, and some call or other finds it out.
async fn moves(site: &Site) {
    site.hands("fault", json!({"name": "zone-moved"})).await;
    site.upkeep.autotask.whoami().await.unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_webhook_that_is_gone_after_a_move_is_made_again_in_the_new_zone_at_once(pool: PgPool) {
    let (site, id) = in_the_first_zone(pool).await;
    let seen = row(&site).await;
    in_autotask(&site).delete(id).await.unwrap();
    check_once(&site.upkeep).await.unwrap();
    assert_eq!(
        mended(&site).await,
        [""; 0],
        "nobody wants it looked at yet"
    );
    moves(&site).await;
    check_once(&site.upkeep).await.unwrap();
    let now = row(&site).await;
    assert!(now.is_active && now.is_ready);
    assert_ne!(now.autotask_id, Some(id));
    assert!(now.zone.unwrap().contains("/zone2/"));
    let all = [
        "was in another zone, which the tenant has left",
        "was not there",
    ];
    assert_eq!(mended(&site).await, all);
    let gaps = gap::list(&site.upkeep.db).await.unwrap();
    assert_eq!(gaps.len(), 1);
    assert_eq!(gaps[0].since, seen.checked_at.unwrap());
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_webhook_that_moved_along_gets_its_secret_again_and_the_move_is_a_gap(pool: PgPool) {
    let (site, id) = in_the_first_zone(pool).await;
    let seen = row(&site).await;
    let secret = site.secret().await;
    edit(&site, "TicketWebhooks", id, json!({"secretKey": "another"})).await;
    moves(&site).await;
    for _ in 0..2 {
        check_once(&site.upkeep).await.unwrap();
    }
    assert_eq!(row(&site).await.autotask_id, Some(id));
    assert_eq!(site.secret().await, secret);
    let told = ["was in another zone, which the tenant has left"];
    assert_eq!(mended(&site).await, told);
    let gaps = gap::list(&site.upkeep.db).await.unwrap();
    assert_eq!(
        gaps.len(),
        1,
        "the move is one gap, however often it is looked at"
    );
    assert_eq!(gaps[0].since, seen.checked_at.unwrap());
    assert!(gaps[0].until.is_some());
    let reason = "the tenant was moved to another zone of Autotask, and with it the webhook crossbill-ticket";
    assert_eq!(gaps[0].reason, reason);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_somebody_changed_of_it_is_put_back_and_told_once(pool: PgPool) {
    let site = Site::start(pool).await;
    let id = connect(&site).await;
    let webhooks = in_autotask(&site);
    let changed = json!({
        "webhookUrl": "http://127.0.0.1:1/elsewhere", "isSubscribedToDeleteEvents": false,
    });
    edit(&site, "TicketWebhooks", id, changed).await;
    let status = webhooks.field_choices().await.unwrap().number("status");
    let fields = webhooks.fields(id).await.unwrap();
    let row_of = fields
        .iter()
        .find(|it| it.field_id.get().copied() == status);
    let field = row_of.unwrap().id;
    let excluded = webhooks.excluded(id).await.unwrap().remove(0).id;
    for (entity, id) in [
        ("TicketWebhookFields", field),
        ("TicketWebhookExcludedResources", excluded),
    ] {
        site.hands("delete", json!({"entity": entity, "id": id}))
            .await;
    }
    for _ in 0..2 {
        look(&site).await;
    }
    assert_eq!(
        mended(&site).await,
        [
            "called http://127.0.0.1:1/elsewhere",
            "did not tell of deletions",
            "did not watch status",
            "told of our own changes too",
        ]
    );
    assert_eq!(webhooks.fields(id).await.unwrap().len(), 3);
    assert_eq!(webhooks.excluded(id).await.unwrap().len(), 1);
    let url = webhooks.get(id).await.unwrap().unwrap().webhook_url;
    let ours = "http://127.0.0.1:1/autotask/webhooks/crossbill-ticket";
    assert_eq!(url.get().map(String::as_str), Some(ours));
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn another_webhook_at_our_address_is_deleted_and_strangers_are_left_alone(pool: PgPool) {
    let site = Site::start(pool).await;
    let id = connect(&site).await;
    let webhooks = in_autotask(&site);
    let mut made = Vec::new();
    for url in [
        "http://127.0.0.1:1/autotask/webhooks/crossbill-old",
        "http://127.0.0.1:1/others",
    ] {
        let draft = autotask::WebhookDraft {
            name: "other".to_owned(),
            webhook_url: url.to_owned(),
            deactivation_url: format!("{url}/gone"),
            secret: "0123456789abcdef".into(),
            notification_email: String::new(),
        };
        made.push(webhooks.create(&draft).await.unwrap());
    }
    look(&site).await;
    let left: Vec<i64> = webhooks
        .list()
        .await
        .unwrap()
        .iter()
        .map(|it| it.id)
        .collect();
    assert_eq!(left, [id, made[1]]);
    let says = format!("was not the only one that calls us ({})", made[0]);
    assert_eq!(mended(&site).await, [says]);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn each_is_looked_at_now_and_then_and_none_while_autotask_is_stopped_or_polled(pool: PgPool) {
    let site = Site::start(pool).await;
    let id = connect(&site).await;
    in_autotask(&site).delete(id).await.unwrap();
    check_once(&site.upkeep).await.unwrap();
    assert_eq!(
        row(&site).await.autotask_id,
        Some(id),
        "nobody asked, and it is fresh"
    );
    let eager = Upkeep {
        timing: crate::Timing {
            check: Duration::ZERO,
            ..crate::Timing::default()
        },
        ..site.upkeep.clone()
    };
    let away = domain::StopReason::Away;
    system::stop(&eager.db, System::Autotask, &away, Duration::from_mins(1))
        .await
        .unwrap();
    check_once(&eager).await.unwrap();
    assert_eq!(row(&site).await.autotask_id, Some(id), "Autotask is away");
    system::clear_stop(&eager.db, System::Autotask)
        .await
        .unwrap();
    setting::set(&eager.db, POLL_ONLY, &true).await.unwrap();
    check_once(&eager).await.unwrap();
    assert_eq!(row(&site).await.autotask_id, Some(id), "nobody needs it");
    setting::set(&eager.db, POLL_ONLY, &false).await.unwrap();
    check_once(&eager).await.unwrap();
    assert_ne!(row(&site).await.autotask_id, Some(id));
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_rotation_that_was_ended_half_way_is_brought_to_its_end(pool: PgPool) {
    let site = Site::start(pool).await;
    connect(&site).await;
    webhook::rotate(&site.upkeep.db, "crossbill-ticket")
        .await
        .unwrap();
    let before = site.secret().await;
    check_once(&site.upkeep).await.unwrap();
    assert_eq!(row(&site).await.secret_version, 2);
    assert_ne!(site.secret().await, before);
    let wanted = site.upkeep.wanted.as_ref().unwrap();
    let rotated = webhooks::rotate(wanted, site.upkeep.place(), &hook()).await;
    assert_eq!(rotated.unwrap().row.secret_version, 3);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn calls_that_autotask_gave_up_are_a_gap_with_their_number_and_leave_its_log(pool: PgPool) {
    let options = Options {
        webhook_tries: 1,
        ..Options::default()
    };
    let site = Site::start_with(pool, options).await;
    connect(&site).await;
    // Nobody listens at the address.
    let ids = autotask::Query::everything().only(&["id"]);
    let tickets: Vec<autotask::Ticket> = site.upkeep.autotask.query_all(&ids).await.unwrap();
    let id = tickets[0].id;
    for title in ["one", "two"] {
        edit(&site, "Tickets", id, json!({"title": title})).await;
    }
    let logged = async || site.upkeep.autotask.given_up().await.unwrap().len();
    broker::testing::eventually(async || logged().await == 2).await;
    look(&site).await;
    let gaps = gap::list(&site.upkeep.db).await.unwrap();
    let told: Vec<_> = gaps
        .iter()
        .map(|gap| (gap.reason.as_str(), gap.missed))
        .collect();
    let reason = "Autotask gave up calling the webhook crossbill-ticket";
    assert_eq!(told, [(reason, Some(2))]);
    assert!(gaps[0].since <= gaps[0].until.unwrap());
    assert_eq!(gaps[0].kind, Some(Kind::new("ticket")));
    assert_eq!(logged().await, 0, "what was seen to is off the log");
    look(&site).await;
    assert_eq!(gap::list(&site.upkeep.db).await.unwrap()[0].missed, Some(2));
    site.stop().await;
}

/// Numbers of calls, as the engine records them.
async fn called(site: &Site, guid: &str, numbers: &[i64]) {
    let calls: Vec<(String, i64)> = numbers
        .iter()
        .map(|number| (guid.to_owned(), *number))
        .collect();
    store::sequence::record(&site.upkeep.db, &calls)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn calls_that_stay_away_become_a_gap_and_their_numbers_are_forgotten(pool: PgPool) {
    let site = Site::start(pool).await;
    connect(&site).await;
    let mut row = row(&site).await;
    row.guid = Some("g-1".to_owned());
    webhook::upsert(&site.upkeep.db, &row).await.unwrap();
    called(&site, "g-1", &[40, 41, 45, 43]).await;
    called(&site, "g-2", &[7, 9]).await;
    check_once(&site.upkeep).await.unwrap();
    let gaps = async || gap::list(&site.upkeep.db).await.unwrap();
    assert_eq!(gaps().await, [], "they may still come");

    // `g-2` is filled late, by less than ten minutes.
    called(&site, "g-2", &[8]).await;
    sqlx::query("update webhook_missing set since = since - interval '11 minutes'")
        .execute(&site.pool)
        .await
        .unwrap();
    let away = domain::StopReason::Away;
    let minute = std::time::Duration::from_mins(1);
    system::stop(&site.upkeep.db, System::Autotask, &away, minute)
        .await
        .unwrap();
    for _ in 0..2 {
        check_once(&site.upkeep).await.unwrap();
    }
    let found = gaps().await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].kind, Some(Kind::new("ticket")));
    assert_eq!(
        found[0].reason,
        "calls of the webhook crossbill-ticket never came"
    );
    let until = found[0].until.unwrap();
    assert!(found[0].since < until, "{found:?}");
    let left: i64 = sqlx::query_scalar("select count(*) from webhook_missing")
        .fetch_one(&site.pool)
        .await
        .unwrap();
    assert_eq!(left, 0);

    called(&site, "g-1", &[50]).await;
    sqlx::query("update webhook_missing set since = since - interval '11 minutes'")
        .execute(&site.pool)
        .await
        .unwrap();
    check_once(&site.upkeep).await.unwrap();
    let widened = gaps().await;
    assert_eq!(widened.len(), 1, "one a webhook, not one a jump");
    assert_eq!(widened[0].id, found[0].id);
    assert!(widened[0].until.unwrap() > until, "{widened:?}");
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_webhook_that_is_no_longer_ours_is_named_by_its_guid(pool: PgPool) {
    let site = Site::start(pool).await;
    called(&site, "g-old", &[1, 3]).await;
    sqlx::query("update webhook_missing set since = since - interval '11 minutes'")
        .execute(&site.pool)
        .await
        .unwrap();
    check_once(&site.upkeep).await.unwrap();
    let found = gap::list(&site.upkeep.db).await.unwrap();
    assert_eq!(found[0].kind, None);
    assert_eq!(found[0].reason, "calls of the webhook g-old never came");
    site.stop().await;
}
