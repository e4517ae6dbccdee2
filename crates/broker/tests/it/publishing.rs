//! What a caller is told about its message, and when.

use std::{sync::Arc, time::Duration};

use broker::{AmqpUrl, Broker, Lane, Limits, PublishError, Publisher, Route, testing::eventually};
use domain::{Kind, System, SystemClock};
use tokio::time::Instant;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    mute::Mute,
    site::{BULK, LIVE, Site, event, nobody, outgoing},
};

#[tokio::test]
async fn a_confirmed_event_is_in_the_queue_of_its_lane() {
    let site = Site::start().await;
    site.publish(Lane::Live, ["a".to_owned()]).await;
    site.publish(Lane::Bulk, ["b".to_owned(), "c".to_owned()])
        .await;
    assert_eq!(site.messages(LIVE).await, 1);
    assert_eq!(site.messages(BULK).await, 2);
    site.stop().await;
}

#[tokio::test]
async fn an_event_that_no_queue_takes_is_unroutable() {
    let site = Site::start().await;
    let route = Route::Event {
        system: System::Autotask,
        kind: Kind::new("billing"),
        lane: Lane::Live,
    };
    let verdict = site.publisher.publish(route, outgoing("a")).await;
    let expected = PublishError::Unroutable {
        exchange: "crossbill.events".into(),
        key: "autotask.billing".into(),
    };
    assert_eq!(verdict, Err(expected));
    site.stop().await;
}

/// lapin gives a returned message to whichever confirm completes first; our verdicts must not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn among_many_in_flight_exactly_the_unroutable_ones_are_told_so() {
    let site = Site::start().await;
    let missing = |number: usize| number.is_multiple_of(3);
    let messages = (0..3_000).map(|number| {
        let queue = if missing(number) { "nowhere" } else { LIVE };
        let queue = queue.to_owned();
        (Route::Queue { queue }, outgoing(&number.to_string()))
    });
    let verdicts = site.publisher.publish_all(messages).await;
    for (number, verdict) in verdicts.iter().enumerate() {
        let unroutable = matches!(verdict, Err(PublishError::Unroutable { .. }));
        assert_eq!(unroutable, missing(number), "{number}: {verdict:?}");
        assert_eq!(verdict.is_ok(), !missing(number), "{number}: {verdict:?}");
    }
    assert_eq!(site.messages(LIVE).await, 2_000);
    site.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_broker_that_is_away_refuses_at_once() {
    let (publisher, task) = Publisher::new(&nobody(), Limits::default());
    let stop = CancellationToken::new();
    let started = Instant::now();
    let verdict = tokio::select! {
        () = task.run(stop) => panic!("the task goes on without a broker"),
        verdict = publisher.publish(event(Lane::Live), outgoing("a")) => verdict,
    };
    assert_eq!(verdict, Err(PublishError::Down));
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert!(!publisher.is_up());
}

#[tokio::test]
async fn a_cut_connection_is_opened_again() {
    let site = Site::start().await;
    site.vhost.cut("publisher").await;
    // Nothing is taken any more over what was cut, so that one that is stored came over a new connection.
    let publish = async || {
        site.publisher
            .publish(event(Lane::Live), outgoing("a"))
            .await
    };
    eventually(async || publish().await.is_ok()).await;
    assert_eq!(site.messages(LIVE).await, 1);
    site.stop().await;
}

#[tokio::test]
async fn full_queues_refuse_ingress_and_nobody_else() {
    let limits = Limits {
        queue_length: 2,
        watched: vec![LIVE.to_owned()],
        ..Limits::default()
    };
    let site = Site::with_limits(limits).await;
    let publish = async |route| site.publisher.publish(route, outgoing("a")).await;
    eventually(async || publish(event(Lane::Live)).await == Err(PublishError::Full)).await;
    assert_eq!(publish(event(Lane::Bulk)).await, Ok(()));
    let queue = LIVE.to_owned();
    assert_eq!(publish(Route::Queue { queue }).await, Ok(()));
    site.stop().await;
}

#[tokio::test]
async fn a_message_that_finds_no_queue_has_the_queues_declared_again() {
    let site = Site::start().await;
    for queue in [LIVE, BULK] {
        site.vhost.delete_queue(queue);
    }
    let publish = async || {
        site.publisher
            .publish(event(Lane::Live), outgoing("a"))
            .await
    };
    assert!(matches!(
        publish().await,
        Err(PublishError::Unroutable { .. })
    ));
    eventually(async || publish().await.is_ok()).await;
    assert_eq!(site.messages(LIVE).await, 1);
    site.stop().await;
}

#[tokio::test]
async fn a_broker_that_hears_and_never_answers_is_left() {
    let site = Site::start().await;
    let mute = Mute::before(site.vhost.url()).await;
    let url: AmqpUrl = mute.url().parse().unwrap();
    let broker = Broker::new(url, "test", Arc::new(SystemClock));
    let limits = Limits {
        confirm: Duration::from_secs(1),
        ..Limits::default()
    };
    let (publisher, task) = Publisher::new(&broker, limits);
    let running = TaskTracker::new().spawn(task.run(site.stop.clone()));
    let publish = async || publisher.publish(event(Lane::Live), outgoing("a")).await;
    eventually(async || publish().await.is_ok()).await;

    mute.silence();
    assert_eq!(publish().await, Err(PublishError::Timeout));
    assert!(publisher.is_up(), "it looks well");
    eventually(async || publish().await.is_ok()).await;
    site.stop().await;
    running.await.unwrap();
}
