use autotask::{Subscription, WebhookDraft};
use sqlx::PgPool;

use super::*;
use crate::upkeep::testing::Site;

/// A ticket webhook that Autotask calls, and our row of it.
async fn hook(site: &Site) -> i64 {
    let webhooks = site.upkeep.autotask.webhooks(WebhookKind::Ticket);
    let draft = WebhookDraft {
        name: "crossbill-ticket".to_owned(),
        webhook_url: "https://hooks.example/t".to_owned(),
        deactivation_url: "https://hooks.example/t/deactivated".to_owned(),
        secret: "0123456789abcdef".into(),
        notification_email: String::new(),
    };
    let id = webhooks.create(&draft).await.unwrap();
    let choices = webhooks.field_choices().await.unwrap();
    let title = choices.number("title").unwrap();
    webhooks
        .add_field(id, title, Subscription::Watched)
        .await
        .unwrap();
    let row = Webhook {
        name: draft.name,
        entity: "Ticket".to_owned(),
        autotask_id: Some(id),
        guid: None,
        secret_version: 4,
        is_active: false,
        is_ready: false,
        checked_at: None,
        check_wanted: false,
    };
    webhook::upsert(&site.upkeep.db, &row).await.unwrap();
    id
}

async fn row(site: &Site) -> Webhook {
    webhook::list(&site.upkeep.db).await.unwrap().remove(0)
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_webhook_is_looked_at_when_wanted_and_believed_only_from_autotask(pool: PgPool) {
    let site = Site::start(pool).await;
    let id = hook(&site).await;
    check_once(&site.upkeep).await.unwrap();
    assert!(!row(&site).await.is_active, "nobody asked, and it is fresh");

    webhook::want_check(&site.upkeep.db, "crossbill-ticket")
        .await
        .unwrap();
    check_once(&site.upkeep).await.unwrap();
    let seen = row(&site).await;
    assert!(
        seen.is_active && seen.is_ready && !seen.check_wanted,
        "{seen:?}"
    );
    assert!(seen.guid.is_some());
    assert_eq!(seen.secret_version, 4, "what Autotask does not tell stays");
    assert!(gap::list(&site.upkeep.db).await.unwrap().is_empty());

    let webhooks = site.upkeep.autotask.webhooks(WebhookKind::Ticket);
    webhooks.delete(id).await.unwrap();
    webhook::want_check(&site.upkeep.db, "crossbill-ticket")
        .await
        .unwrap();
    check_once(&site.upkeep).await.unwrap();
    assert!(!row(&site).await.is_active);
    let gaps = gap::list(&site.upkeep.db).await.unwrap();
    assert_eq!(gaps.len(), 1);
    assert_eq!(gaps[0].kind, Some(Kind::new("ticket")));
    assert_eq!(
        (gaps[0].since, gaps[0].until),
        (seen.checked_at.unwrap(), None)
    );
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn each_is_looked_at_now_and_then_and_none_while_autotask_is_stopped(pool: PgPool) {
    let site = Site::start(pool).await;
    hook(&site).await;
    let eager = Upkeep {
        timing: crate::Timing {
            check: std::time::Duration::ZERO,
            ..crate::Timing::default()
        },
        ..site.upkeep.clone()
    };
    let minute = std::time::Duration::from_mins(1);
    let away = domain::StopReason::Away;
    system::stop(&eager.db, System::Autotask, &away, minute)
        .await
        .unwrap();
    check_once(&eager).await.unwrap();
    assert!(!row(&site).await.is_active);
    system::clear_stop(&eager.db, System::Autotask)
        .await
        .unwrap();
    check_once(&eager).await.unwrap();
    assert!(row(&site).await.is_active);
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_repaired_webhook_ends_the_span_of_its_gap_and_leaves_it_open(pool: PgPool) {
    let site = Site::start(pool).await;
    hook(&site).await;
    let lasts = Webhook {
        autotask_id: None,
        ..row(&site).await
    };
    let gaps = async || gap::list(&site.upkeep.db).await.unwrap();
    let look = async || {
        webhook::want_check(&site.upkeep.db, "crossbill-ticket")
            .await
            .unwrap();
        check_once(&site.upkeep).await.unwrap();
    };
    let well = row(&site).await;
    webhook::upsert(&site.upkeep.db, &lasts).await.unwrap();
    for _ in 0..2 {
        look().await;
        assert_eq!(gaps().await.len(), 1);
        assert_eq!(gaps().await[0].until, None);
    }
    // As `connect` leaves it behind.
    let repaired = Webhook {
        is_active: true,
        is_ready: true,
        ..well
    };
    webhook::upsert(&site.upkeep.db, &repaired).await.unwrap();
    let repaired_at = row(&site).await.checked_at;
    look().await;
    let ended = gaps().await;
    assert_eq!(ended.len(), 1, "what was missed is still missed");
    assert_eq!(ended[0].until, repaired_at);
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
    hook(&site).await;
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

#[test]
fn an_entity_is_found_however_it_is_spelt() {
    for (entity, kind) in [
        ("Company", "company"),
        ("ticketnote", "ticket"),
        ("CONTACT", "contact"),
    ] {
        assert_eq!(watched(entity).map(|(_, kind)| kind), Some(Kind::new(kind)));
    }
    assert!(watched("Spaceship").is_none());
}
