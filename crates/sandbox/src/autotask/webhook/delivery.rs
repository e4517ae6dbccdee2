//! Sends the events of one lane, in order: five tries each, then the error log.

use std::error::Error;
use std::sync::Arc;

use serde_json::Value;
use tokio::time::{Instant, sleep, sleep_until};

use super::super::app::App;
use super::super::fault::Fault;
use super::super::row::{Row, stamp};
use super::super::schema::known;
use super::super::world::World;
use super::queue::{Event, Lane, Target};
use super::{body, subscription};

/// The longest text of an error log's columns.
const LOG_LENGTH: usize = 8000;

/// One call to be made.
struct Call {
    url: String,
    signature: String,
    body: String,
}

/// Sends until the lane is empty.
pub(in crate::autotask) async fn run(app: Arc<App>, lane: Lane) {
    while let Some((due, event)) = app.act(|world| world.queues.first(lane)) {
        sleep_until(due).await;
        send(&app, lane, &event).await;
    }
}

async fn send(app: &Arc<App>, lane: Lane, event: &Event) {
    let (tries, delay) = app.act(|world| {
        (
            world.options.webhook_tries,
            world.options.webhook_retry_delay,
        )
    });
    let mut failure = String::new();
    for attempt in 1..=tries {
        let Some(call) = app.act(|world| call(world, lane, event)) else {
            return app.act(|world| world.queues.forget(lane, event.sequence));
        };
        match post(app, call).await {
            Ok(()) => {
                repeat(app, lane, event).await;
                return app.act(|world| world.queues.sent(lane, event.sequence));
            }
            Err(reason) => failure = reason,
        }
        if attempt < tries {
            sleep(delay).await;
        }
    }
    app.act(|world| drop_event(world, lane, event, &failure));
}

/// Sends what has arrived again and again, where that is switched on; nobody looks at the answers.
async fn repeat(app: &Arc<App>, lane: Lane, event: &Event) {
    let Some(times) = app.act(|world| world.faults.strike(Fault::RepeatedWebhook)) else {
        return;
    };
    for _ in 1..times.number() {
        if let Some(call) = app.act(|world| call(world, lane, event)) {
            let _ = post(app, call).await;
        }
    }
}

/// The call as it has to be made now; none when the webhook has gone or been switched off.
fn call(world: &World, lane: Lane, event: &Event) -> Option<Call> {
    let (url, secret) = match &event.target {
        Target::Deactivation { url, secret } => (url.as_str(), secret.as_str()),
        Target::Webhook => {
            let webhook = world
                .row(lane.hooks, lane.webhook)
                .filter(|row| row.flag("isActive"))?;
            (webhook.text("webhookUrl"), webhook.text("secretKey"))
        }
    };
    Some(Call {
        url: url.to_owned(),
        signature: body::signature(secret, &event.body),
        body: event.body.clone(),
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the stand-in shares no code with our clients, the one way to send included"
)]
async fn post(app: &App, call: Call) -> Result<(), String> {
    let timeout = app.world().options.webhook_timeout;
    let begun = Instant::now();
    let request = app
        .http()
        .post(&call.url)
        .timeout(timeout)
        .header("Content-Type", "application/json");
    match request
        .header("X-Hook-Signature", call.signature)
        .body(call.body)
        .send()
        .await
    {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!(
            "The remote server returned an error: ({}).",
            answer.status().as_u16()
        )),
        Err(_) if begun.elapsed() >= timeout => Err("The operation has timed out.".to_owned()),
        Err(error) => Err(format!(
            "Unable to connect to the remote server: {}",
            chain(&error)
        )),
    }
}

fn chain(error: &reqwest::Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    told
}

fn drop_event(world: &mut World, lane: Lane, event: &Event, failure: &str) {
    let too_often = world.queues.failed(lane, event.sequence);
    let mut log = Row::default();
    let column = match lane.hooks {
        "CompanyWebhooks" => Some("accountWebhookID"),
        "ContactWebhooks" => Some("contactWebhookID"),
        _ => None,
    };
    if let Some(column) = column {
        log.set(column, lane.webhook);
    }
    log.set("createDateTime", stamp(world.now()));
    log.set("errorMessage", shortened(failure));
    log.set("payload", shortened(&event.body));
    log.set("sequenceNumber", event.sequence);
    world.insert(known("WebhookEventErrorLogs"), log);
    if too_often && matches!(event.target, Target::Webhook) {
        subscription::disable(world, known(lane.hooks), lane.webhook);
    }
}

fn shortened(text: &str) -> Value {
    text.chars().take(LOG_LENGTH).collect::<String>().into()
}
