//! Declaring, and being told what is wrong with what is there already.

use broker::{Error, testing::Vhost};

use crate::site::{BULK, LIVE, nobody, topology};

#[tokio::test]
async fn declaring_twice_changes_nothing() {
    let vhost = Vhost::create();
    let broker = vhost.broker();
    for _ in 0..2 {
        broker.declare(&topology()).await.unwrap();
    }
    for queue in [LIVE, BULK, broker::topology::DEAD_QUEUE] {
        assert_eq!(broker.depth(queue).await.unwrap().messages, 0, "{queue}");
    }
    broker.ping().await.unwrap();
}

#[tokio::test]
async fn a_queue_declared_otherwise_is_named() {
    let vhost = Vhost::create();
    vhost.declare_queue(BULK);
    let error = vhost.broker().declare(&topology()).await.unwrap_err();
    assert!(
        matches!(&error, Error::Mismatch { name, .. } if name == BULK),
        "{error:?}"
    );
    assert!(error.to_string().contains(BULK), "{error}");
}

#[tokio::test]
async fn a_queue_that_is_not_there_is_named() {
    let vhost = Vhost::create();
    let broker = vhost.broker();
    let error = broker.depth(LIVE).await.unwrap_err();
    assert!(
        matches!(&error, Error::NoQueue { queue } if queue == LIVE),
        "{error:?}"
    );
    broker.ping().await.unwrap();
}

#[tokio::test]
async fn a_broker_that_is_away_is_named_without_its_password() {
    let error = nobody().ping().await.unwrap_err();
    assert!(matches!(error, Error::Connect { .. }), "{error:?}");
    assert!(error.to_string().contains("127.0.0.1:1"), "{error}");
    assert!(!format!("{error:?}").contains("guest"), "{error:?}");
}
