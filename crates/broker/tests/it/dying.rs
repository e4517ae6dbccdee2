//! The dead queue: who ends there, and how they leave it.

use broker::{
    Lane, Settled,
    dead::{DeadQueue, Death},
    testing::eventually,
    topology::DEAD_QUEUE,
};

use crate::site::{LIVE, Site, bodies};

#[tokio::test]
async fn a_buried_message_says_where_and_why_and_stays_until_it_is_acknowledged() {
    let site = Site::start().await;
    site.publish(Lane::Live, ["not json".to_owned()]).await;
    let mut consumer = site.consumer().await;
    let taken = site.batch(&mut consumer).await.remove(0);
    let settled = site.settler.bury(&taken, "not an event").await;
    assert!(matches!(settled, Ok(Settled::Done)), "{settled:?}");

    let dead = DeadQueue::open(&site.broker).await.unwrap();
    let letter = dead.take(10).await.unwrap().remove(0);
    assert_eq!(letter.death, Death::Buried("not an event".to_owned()));
    assert_eq!(letter.died_in.as_deref(), Some(LIVE));
    assert!(letter.second_chance().is_none());
    dead.close().await;
    eventually(async || site.messages(DEAD_QUEUE).await == 1).await;

    let dead = DeadQueue::open(&site.broker).await.unwrap();
    let letter = dead.take(10).await.unwrap().remove(0);
    letter.ack().await.unwrap();
    dead.close().await;
    assert_eq!(site.messages(DEAD_QUEUE).await, 0);
    site.stop().await;
}

#[tokio::test]
async fn poison_dies_by_the_delivery_limit_and_has_one_second_chance_alone() {
    let site = Site::start().await;
    site.publish(Lane::Live, ["poison".to_owned()]).await;
    die_by_limit(&site).await;
    let dead = DeadQueue::open(&site.broker).await.unwrap();
    let letter = dead.take(10).await.unwrap().remove(0);
    assert_eq!(letter.death, Death::Limit);
    assert_eq!(letter.died_in.as_deref(), Some(LIVE));
    let (route, outgoing) = letter.second_chance().unwrap();
    site.publisher.publish(route, outgoing).await.unwrap();
    letter.ack().await.unwrap();

    die_by_limit(&site).await;
    let letter = dead.take(10).await.unwrap().remove(0);
    assert_eq!(letter.death, Death::Limit);
    assert!(letter.delivery.headers.alone);
    assert!(letter.second_chance().is_none(), "one chance, not two");
    let (route, outgoing) = letter.replay().unwrap();
    assert!(!outgoing.headers.alone);
    site.publisher.publish(route, outgoing).await.unwrap();
    letter.ack().await.unwrap();
    let mut consumer = site.consumer().await;
    assert_eq!(bodies(&site.batch(&mut consumer).await), ["poison"]);
    site.stop().await;
}

/// Takes the only message and gives it back until the broker has had enough.
async fn die_by_limit(site: &Site) {
    let mut consumer = site.consumer().await;
    for _ in 0..=broker::topology::DELIVERY_LIMIT {
        let taken = site.batch(&mut consumer).await.remove(0);
        site.settler.give_back(taken).await.unwrap();
    }
    // Else it may take the next one too, and give it back when it is gone.
    consumer.close().await;
    eventually(async || site.messages(DEAD_QUEUE).await == 1).await;
}
