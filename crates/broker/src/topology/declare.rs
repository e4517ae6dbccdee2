//! The declarations, the same on RabbitMQ 3.10 and 4.x.
//!
//! A queue's arguments cannot be changed later: there are few of them, and a change means a new version in the name.

use std::time::Duration;

use lapin::{
    Channel, ExchangeKind,
    options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions},
    types::{AMQPValue, FieldTable},
};

use super::{BACK, DEAD, DEAD_QUEUE, DELIVERY_LIMIT, EVENTS, RETURN, Tier, Topology};
use crate::{Error, Lane};

/// As good as none. RabbitMQ 4 sets 20 where nothing is said, and drops what exceeds it if there is nowhere to go.
const UNLIMITED: u32 = 1_000_000;

pub(crate) async fn declare(channel: &Channel, topology: &Topology) -> Result<(), Error> {
    exchange(channel, EVENTS, ExchangeKind::Topic, FieldTable::default()).await?;
    exchange(channel, RETURN, ExchangeKind::Direct, FieldTable::default()).await?;
    exchange(channel, BACK, ExchangeKind::Direct, or_else_dead()).await?;
    exchange(channel, DEAD, ExchangeKind::Fanout, FieldTable::default()).await?;
    queue(channel, DEAD_QUEUE, arguments(UNLIMITED)).await?;
    bind(channel, DEAD_QUEUE, DEAD, "").await?;
    for tier in topology.tiers.iter() {
        declare_tier(channel, tier).await?;
    }
    for family in &topology.families {
        declare_work(channel, &family.suspects()).await?;
        for lane in [Lane::Live, Lane::Bulk] {
            let name = family.queue(lane);
            declare_work(channel, &name).await?;
            for key in family.keys(lane) {
                bind(channel, &name, EVENTS, &key).await?;
            }
        }
    }
    Ok(())
}

async fn declare_tier(channel: &Channel, tier: &Tier) -> Result<(), Error> {
    let name = tier.name();
    exchange(channel, &name, ExchangeKind::Fanout, FieldTable::default()).await?;
    let mut arguments = with_dead_letters(arguments(UNLIMITED), BACK);
    arguments.insert("x-message-ttl".into(), milliseconds(tier.delay()));
    queue(channel, &name, arguments).await?;
    bind(channel, &name, &name, "").await
}

async fn declare_work(channel: &Channel, name: &str) -> Result<(), Error> {
    let arguments = with_dead_letters(arguments(DELIVERY_LIMIT), DEAD);
    queue(channel, name, arguments).await?;
    bind(channel, name, RETURN, name).await?;
    bind(channel, name, BACK, name).await
}

/// The arguments of an exchange whose messages never get stuck for want of a queue.
fn or_else_dead() -> FieldTable {
    let mut table = FieldTable::default();
    table.insert("alternate-exchange".into(), text(DEAD));
    table
}

fn arguments(delivery_limit: u32) -> FieldTable {
    let mut table = FieldTable::default();
    table.insert("x-queue-type".into(), text("quorum"));
    table.insert(
        "x-delivery-limit".into(),
        AMQPValue::LongLongInt(delivery_limit.into()),
    );
    table
}

/// At least once: the queue keeps a message until the other one has confirmed it. This needs `reject-publish`,
/// which refuses nothing as long as there is no maximum length.
fn with_dead_letters(mut table: FieldTable, exchange: &str) -> FieldTable {
    table.insert("x-dead-letter-exchange".into(), text(exchange));
    table.insert("x-dead-letter-strategy".into(), text("at-least-once"));
    table.insert("x-overflow".into(), text("reject-publish"));
    table
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}

fn milliseconds(delay: Duration) -> AMQPValue {
    AMQPValue::LongLongInt(i64::try_from(delay.as_millis()).unwrap_or(i64::MAX))
}

async fn exchange(
    channel: &Channel,
    name: &str,
    kind: ExchangeKind,
    arguments: FieldTable,
) -> Result<(), Error> {
    let options = ExchangeDeclareOptions {
        durable: true,
        ..ExchangeDeclareOptions::default()
    };
    channel
        .exchange_declare(name.into(), kind, options, arguments)
        .await
        .map_err(|source| Error::declaring(name, source))
}

async fn queue(channel: &Channel, name: &str, arguments: FieldTable) -> Result<(), Error> {
    let options = QueueDeclareOptions {
        durable: true,
        ..QueueDeclareOptions::default()
    };
    channel
        .queue_declare(name.into(), options, arguments)
        .await
        .map(drop)
        .map_err(|source| Error::declaring(name, source))
}

async fn bind(channel: &Channel, queue: &str, exchange: &str, key: &str) -> Result<(), Error> {
    let (options, arguments) = (QueueBindOptions::default(), FieldTable::default());
    channel
        .queue_bind(
            queue.into(),
            exchange.into(),
            key.into(),
            options,
            arguments,
        )
        .await
        .map_err(|source| Error::lost(format!("bind `{queue}` to `{exchange}`"), source))
}
