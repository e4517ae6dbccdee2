//! Retry, defer, bury: a copy is stored before the original is gone.

use std::time::Duration;

use broker::{Lane, Limits, PublishError, Publisher, Route, Settled, Settler, testing::eventually};

use crate::site::{LIVE, LONG, SHORT, Site, bodies, nobody, topology};

#[tokio::test]
async fn a_retry_comes_back_to_its_queue_with_one_more_attempt() {
    let site = Site::start().await;
    site.publish(Lane::Live, ["a".to_owned()]).await;
    let mut consumer = site.consumer().await;
    let first = site.batch(&mut consumer).await.remove(0);
    let settled = site
        .settler
        .retry(&first, Duration::ZERO, "Jim2 did not answer")
        .await;
    assert!(matches!(settled, Ok(Settled::Done)), "{settled:?}");

    let second = site.batch(&mut consumer).await.remove(0);
    assert_eq!(second.id, first.id);
    assert_eq!(second.body, first.body);
    assert_eq!(&*second.queue, LIVE);
    assert_eq!(second.headers.attempt, 1);
    assert_eq!(second.headers.first_seen, first.headers.first_seen);
    assert_eq!(
        second.headers.reason.as_deref(),
        Some("Jim2 did not answer")
    );

    let settled = site.settler.defer(&second, SHORT, "Jim2 is stopped").await;
    assert!(matches!(settled, Ok(Settled::Done)), "{settled:?}");
    let third = site.batch(&mut consumer).await.remove(0);
    assert_eq!(third.headers.attempt, 1, "deferring is no attempt");
    site.stop().await;
}

#[tokio::test]
async fn a_copy_in_its_tier_is_the_only_one_left() {
    let site = Site::start().await;
    site.publish(Lane::Live, ["a".to_owned()]).await;
    let mut consumer = site.consumer().await;
    let taken = site.batch(&mut consumer).await.remove(0);
    let settled = site.settler.retry(&taken, SHORT * 2, "later").await;
    assert!(matches!(settled, Ok(Settled::Done)), "{settled:?}");
    consumer.close().await;
    let tier = topology().tiers.at_least(LONG).name();
    eventually(async || site.messages(&tier).await == 1).await;
    assert_eq!(site.messages(LIVE).await, 0);
    site.stop().await;
}

#[tokio::test]
async fn an_original_stays_in_our_hands_while_its_copy_is_not_confirmed() {
    let site = Site::start().await;
    site.publish(Lane::Live, ["a".to_owned()]).await;
    let mut consumer = site.consumer().await;
    let taken = site.batch(&mut consumer).await.remove(0);
    let (publisher, _task) = Publisher::new(&nobody(), Limits::default());
    let cut_off = Settler::new(publisher, topology().tiers);

    let Ok(Settled::Spill(unsent)) = cut_off.retry(&taken, SHORT, "later").await else {
        panic!("nothing was confirmed");
    };
    assert_eq!(unsent.why, PublishError::Down);
    assert_eq!(unsent.due_in, SHORT);
    assert_eq!(unsent.outgoing.headers.attempt, 1);
    let queue = LIVE.to_owned();
    assert_eq!(unsent.route, Route::Queue { queue });
    let Ok(Settled::Spill(unsent)) = cut_off.bury(&taken, "unreadable").await else {
        panic!("nothing was confirmed");
    };
    assert_eq!(unsent.route, Route::Dead);

    consumer.close().await;
    eventually(async || site.messages(LIVE).await == 1).await;
    site.stop().await;
}

#[tokio::test]
async fn a_spilled_copy_survives_postgres_and_is_delivered_later() {
    let site = Site::start().await;
    let route = Route::Queue {
        queue: LIVE.to_owned(),
    };
    let kept = serde_json::to_string(&route).unwrap();
    let outgoing = crate::site::outgoing("a");
    let headers = serde_json::to_string(&outgoing.headers).unwrap();
    assert_eq!(
        serde_json::from_str::<broker::Headers>(&headers).unwrap(),
        outgoing.headers
    );
    let route = serde_json::from_str(&kept).unwrap();
    site.publisher.publish(route, outgoing).await.unwrap();
    let mut consumer = site.consumer().await;
    assert_eq!(bodies(&site.batch(&mut consumer).await), ["a"]);
    site.stop().await;
}
