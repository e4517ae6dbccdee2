//! The dead queue: who ends there, and how they leave it.

use broker::{
    Lane, PublishError, Route, Settled, Suspects,
    dead::{DeadQueue, Death},
    testing::eventually,
    topology::{DEAD_QUEUE, DELIVERY_LIMIT},
};
use futures_util::FutureExt as _;

use crate::site::{LIVE, SHORT, SUSPECTS, Site, bodies, outgoing, queues, topology};

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
    second_chances(&site).await;

    let (broker, queues) = (site.broker.clone(), queues());
    let suspects = Suspects::open(&broker, &queues).await.unwrap().unwrap();
    for _ in 0..=DELIVERY_LIMIT {
        let suspect = suspects.next().await.unwrap().unwrap();
        assert!(suspect.delivery.headers.alone);
        site.settler.give_back(suspect.delivery).await.unwrap();
    }
    eventually(async || site.messages(DEAD_QUEUE).await == 1).await;
    let dead = DeadQueue::open(&site.broker).await.unwrap();
    let letter = dead.take(10).await.unwrap().remove(0);
    assert_eq!(letter.death, Death::Limit);
    assert!(letter.second_chance().is_none(), "one chance, not two");
    let (route, outgoing) = letter.replay().unwrap();
    assert!(!outgoing.headers.alone);
    site.publisher.publish(route, outgoing).await.unwrap();
    letter.ack().await.unwrap();
    assert_eq!(site.messages(SUSPECTS).await, 1);
    site.stop().await;
}

/// Poison ends the process while an innocent suspect waits behind it, as often as it takes.
#[tokio::test]
async fn a_suspect_in_line_behind_poison_is_not_in_its_hands_when_it_kills() {
    let site = Site::start().await;
    site.publish(Lane::Live, ["poison", "innocent"].map(str::to_owned))
        .await;
    die_by_limit(&site).await;
    second_chances(&site).await;

    let queues = queues();
    for killed in 0..=DELIVERY_LIMIT {
        eventually(async || site.messages(SUSPECTS).await == 2).await;
        let suspects = Suspects::open(&site.broker, &queues).await.unwrap();
        let suspects = suspects.unwrap();
        let suspect = suspects.next().await.unwrap().unwrap();
        assert_eq!(suspect.delivery.body, "poison", "killed {killed} times");
        // All that the process had in its hands comes back, counted once more.
        suspects.close().await;
    }
    eventually(async || site.messages(DEAD_QUEUE).await == 1).await;
    let suspects = Suspects::open(&site.broker, &queues).await.unwrap();
    let suspects = suspects.unwrap();
    let innocent = suspects.next().await.unwrap().unwrap().delivery;
    assert_eq!(innocent.body, "innocent");
    assert!(!innocent.redelivered, "it was in nobody's hands");
    site.settler.ack(&[innocent]).await.unwrap();
    assert!(suspects.next().await.unwrap().is_none());
    site.stop().await;
}

#[tokio::test]
async fn nothing_is_handled_beside_a_suspect() {
    let site = Site::start().await;
    let mut suspect = outgoing("suspect");
    suspect.headers.alone = true;
    let queue = SUSPECTS.to_owned();
    let queues = queues();
    let route = Route::Queue { queue };
    site.publisher.publish(route, suspect).await.unwrap();
    let suspects = Suspects::open(&site.broker, &queues).await.unwrap();
    let suspects = suspects.unwrap();

    let batch = site.broker.together().await;
    assert!(
        suspects.next().now_or_never().is_none(),
        "a batch is handled"
    );
    drop(batch);
    let taken = suspects.next().await.unwrap().unwrap();
    assert!(site.broker.together().now_or_never().is_none());
    drop(taken);
    assert!(site.broker.together().now_or_never().is_some());
    site.stop().await;
}

#[tokio::test]
async fn a_tier_whose_return_queue_is_gone_holds_up_nobody_and_loses_nothing() {
    let site = Site::start().await;
    let tier = topology().tiers.at_least(SHORT).name();
    let to = |queue: &str| Route::Tier {
        tier: tier.clone(),
        queue: queue.to_owned(),
    };
    // More than the broker brings back from a tier at once.
    let homeless = (0..40).map(|_| (to("crossbill.retired.v1"), outgoing("homeless")));
    let messages = homeless.chain([(to(LIVE), outgoing("a"))]);
    for verdict in site.publisher.publish_all(messages).await {
        verdict.unwrap();
    }
    let mut consumer = site.consumer().await;
    assert_eq!(bodies(&site.batch(&mut consumer).await), ["a"]);

    eventually(async || site.messages(DEAD_QUEUE).await == 40).await;
    let dead = DeadQueue::open(&site.broker).await.unwrap();
    let letter = dead.take(1).await.unwrap().remove(0);
    assert_eq!(letter.death, Death::Homeless);
    assert_eq!(letter.died_in.as_deref(), Some("crossbill.retired.v1"));
    let (route, outgoing) = letter.way_home().unwrap();
    assert_eq!(outgoing.headers, letter.delivery.headers);
    let verdict = site.publisher.publish(route, outgoing).await;
    assert!(
        matches!(verdict, Err(PublishError::Unroutable { .. })),
        "{verdict:?}"
    );
    site.stop().await;
}

/// Takes all there is and gives it back until the broker has had enough.
async fn die_by_limit(site: &Site) {
    let waiting = site.messages(LIVE).await;
    let mut consumer = site.consumer().await;
    for _ in 0..=DELIVERY_LIMIT {
        let mut taken = Vec::new();
        while taken.len() < waiting as usize {
            taken.extend(site.batch(&mut consumer).await);
        }
        for taken in taken {
            site.settler.give_back(taken).await.unwrap();
        }
    }
    // Else it may take the next one too, and give it back when it is gone.
    consumer.close().await;
    eventually(async || site.messages(DEAD_QUEUE).await == waiting).await;
}

/// Gives every dead letter its second chance.
async fn second_chances(site: &Site) {
    let dead = DeadQueue::open(&site.broker).await.unwrap();
    for letter in dead.take(10).await.unwrap() {
        assert_eq!(letter.death, Death::Limit);
        assert_eq!(letter.died_in.as_deref(), Some(LIVE));
        let (route, outgoing) = letter.second_chance().unwrap();
        site.publisher.publish(route, outgoing).await.unwrap();
        letter.ack().await.unwrap();
    }
    dead.close().await;
}
