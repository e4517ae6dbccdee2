//! Taking messages: order of the lanes, ends that are errors, and what comes back.

use std::time::Duration;

use broker::{Consumer, Error, Lane, Queues, testing::arrived};
use tokio_util::sync::CancellationToken;

use crate::site::{BULK, LIVE, SUSPECTS, Site, bodies, topology};

#[tokio::test]
async fn live_goes_first_and_bulk_has_a_tenth() {
    let site = Site::start().await;
    site.publish(Lane::Bulk, (0..100).map(|n| format!("b{n}")))
        .await;
    site.publish(Lane::Live, (0..100).map(|n| format!("l{n}")))
        .await;
    let mut consumer = site.consumer().await;
    arrived(&consumer).await;
    let first = site.batch(&mut consumer).await;
    let bulk = first.iter().filter(|taken| &*taken.queue == BULK).count();
    assert_eq!(first.len(), 100);
    assert_eq!(bulk, 10, "a tenth is bulk");
    let rest = site.batch(&mut consumer).await;
    assert_eq!(rest.len(), 100, "idle live lets bulk through");
    site.stop().await;
}

#[tokio::test]
async fn a_stopped_consumer_hands_out_an_empty_batch() {
    let site = Site::start().await;
    let mut consumer = site.consumer().await;
    let stop = CancellationToken::new();
    stop.cancel();
    let batch = consumer
        .next_batch(10, Duration::ZERO, &stop)
        .await
        .unwrap();
    assert!(batch.is_empty());
    site.stop().await;
}

#[tokio::test]
async fn a_deleted_queue_ends_the_consumer_with_an_error() {
    let site = Site::start().await;
    let mut consumer = site.consumer().await;
    site.vhost.delete_queue(LIVE);
    let ended = consumer.next_batch(10, Duration::ZERO, &site.stop).await;
    assert!(
        matches!(&ended, Err(Error::Cancelled { queue }) if queue == LIVE),
        "{ended:?}"
    );
    site.stop().await;
}

#[tokio::test]
async fn a_consumer_that_is_opened_again_finds_its_deleted_queues_declared() {
    let site = Site::start().await;
    for queue in [LIVE, BULK, SUSPECTS] {
        site.vhost.delete_queue(queue);
    }
    let mut consumer = site.consumer().await;
    site.publish(Lane::Live, ["a".to_owned()]).await;
    assert_eq!(bodies(&site.batch(&mut consumer).await), ["a"]);
    site.stop().await;
}

#[tokio::test]
async fn a_queue_that_is_not_there_cannot_be_consumed() {
    let site = Site::start().await;
    let queues = Queues {
        live: "nowhere".to_owned(),
        ..Queues::from(&topology().families[0])
    };
    let opened = Consumer::open(&site.broker, &queues, 10).await;
    assert!(
        matches!(&opened, Err(Error::NoQueue { queue }) if queue == "nowhere"),
        "{opened:?}"
    );
    site.stop().await;
}

#[tokio::test]
async fn what_a_dead_consumer_had_in_its_hands_comes_back() {
    let site = Site::start().await;
    site.publish(Lane::Live, (0..5).map(|n| n.to_string()))
        .await;
    let mut consumer = site.consumer().await;
    arrived(&consumer).await;
    let taken = site.batch(&mut consumer).await;
    assert_eq!(taken.len(), 5);
    site.vhost.cut("consumer").await;
    let ended = consumer.next_batch(10, Duration::ZERO, &site.stop).await;
    assert!(matches!(ended, Err(Error::Lost { .. })), "{ended:?}");
    let stale = site.settler.ack(&taken).await;
    assert!(matches!(stale, Err(Error::Stale { .. })), "{stale:?}");

    let mut consumer = site.consumer().await;
    let mut again = Vec::new();
    while again.len() < 5 {
        again.extend(site.batch(&mut consumer).await);
    }
    assert!(again.iter().all(|delivery| delivery.redelivered));
    site.settler.ack(&again).await.unwrap();
    consumer.close().await;
    assert_eq!(site.messages(LIVE).await, 0);
    site.stop().await;
}
