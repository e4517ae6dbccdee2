//! What is held: looking at it, trying again, and putting it away.

use broker::{Headers, Outgoing, Publisher, Route};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::json;
use store::{
    Db,
    held::{Group, HeldRow, Replay, Resend, Shown, Which},
    pair::Page,
};
use sync::Publish;
use uuid::Uuid;

use super::mistake;

/// How many are taken and published at a time.
const BATCH: i64 = 200;

/// What is held, by problem.
pub(crate) async fn groups(db: &Db) -> anyhow::Result<Vec<Group>> {
    Ok(store::held::groups(db).await?)
}

/// Held items, oldest first.
pub(crate) async fn items(db: &Db, which: &Which, limit: i64) -> anyhow::Result<Vec<HeldRow>> {
    Ok(store::held::list(db, which, Page { offset: 0, limit }).await?)
}

/// One held item with all that explains it.
pub(crate) async fn show(db: &Db, id: Uuid) -> anyhow::Result<Shown> {
    match store::held::show(db, id).await? {
        Some(shown) => Ok(shown),
        None => mistake(format!(
            "there is no held item {id}; crossbill held list --items shows them"
        )),
    }
}

/// The money that is held up, where there is any, for a sentence that begins with how many items there are.
pub(crate) fn holding_up(net: Option<Decimal>) -> String {
    net.filter(|net| !net.is_zero())
        .map_or_else(String::new, |net| format!(" (${net:.2} ex GST)"))
}

/// Puts items away for good, which is written down with it. Answers how many.
pub(crate) async fn archive(db: &Db, which: &Which, who: &str) -> anyhow::Result<u64> {
    Ok(store::held::archive(db, which, who).await?)
}

/// What came of a replay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Replayed {
    /// Back on their queues.
    pub(crate) sent: usize,
    /// Not taken by the broker: still held.
    pub(crate) refused: usize,
}

/// Puts at most `limit` items back on their queues, oldest first. `done` is told of each so many.
pub(crate) async fn replay(
    db: &Db,
    (publish, publisher): (&Publish, &Publisher),
    (which, limit): (&Which, i64),
    (who, now): (&str, DateTime<Utc>),
    done: impl Fn(usize),
) -> anyhow::Result<Replayed> {
    // Counted once: what comes back held while we replay is not replayed again.
    let page = Page { offset: 0, limit };
    let wanted: Vec<Uuid> = store::held::list(db, which, page)
        .await?
        .into_iter()
        .map(|item| item.id)
        .collect();
    let mut replayed = Replayed::default();
    for chunk in wanted.chunks(BATCH.try_into()?) {
        let taken = store::held::take_for_replay(db, &Which::Ids(chunk.to_vec()), BATCH).await?;
        send(db, publish, publisher, taken, now, &mut replayed).await?;
        done(chunk.len());
    }
    let detail = json!({"which": words(which), "items": replayed});
    store::audit::write(db, who, "held replay", &detail).await?;
    Ok(replayed)
}

async fn send(
    db: &Db,
    publish: &Publish,
    publisher: &Publisher,
    taken: Vec<Replay>,
    now: DateTime<Utc>,
    replayed: &mut Replayed,
) -> anyhow::Result<()> {
    let (mut events, mut bodies) = (Vec::new(), Vec::new());
    for replay in taken {
        match replay.resend {
            Resend::Event(event) => events.push(*event),
            Resend::Body { queue, body } => bodies.push((replay.held, message(queue, body, now))),
        }
    }
    replayed.sent += events.len();
    publish.events(events).await?;
    let verdicts = publisher
        .publish_all(bodies.iter().map(|(_, message)| message.clone()))
        .await;
    let sent: Vec<Uuid> = bodies
        .iter()
        .zip(&verdicts)
        .filter(|(_, verdict)| verdict.is_ok())
        .map(|((held, _), _)| *held)
        .collect();
    replayed.refused += bodies.len() - sent.len();
    replayed.sent += sent.len();
    store::held::resent(db, &sent).await?;
    Ok(())
}

/// A dead letter as a message to the queue it died in.
fn message(queue: String, body: Vec<u8>, now: DateTime<Utc>) -> (Route, Outgoing) {
    let outgoing = Outgoing {
        id: Uuid::now_v7(),
        body: Bytes::from(body),
        headers: Headers::new(now),
    };
    (Route::Queue { queue }, outgoing)
}

fn words(which: &Which) -> serde_json::Value {
    match which {
        Which::Ids(ids) => json!(ids),
        Which::Problem(identity) => json!({"problem": identity}),
        Which::All => json!("all"),
    }
}
