//! Sends the events of one lane, in order: five tries each, then the error log.

use std::error::Error;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::super::app::App;
use super::super::fault::Fault;
use super::super::schema::known;
use super::super::world::World;
use super::queue::{Event, Lane, Target};
use super::{body, log, subscription};

/// One call to be made.
struct Call {
    url: String,
    signature: Option<String>,
    body: String,
}

/// Sends until the lane is empty.
pub(in crate::autotask) async fn run(app: Arc<App>, lane: Lane) {
    while let Some((due, event)) = app.act(|world| world.queues.first(lane)) {
        wait(&app, lane, &event, due).await;
        if matches!(event.target, Target::Webhook) {
            room(&app, lane.hooks).await;
        }
        if event.is_copy {
            copy(&app, lane, &event).await;
        } else {
            send(&app, lane, &event).await;
        }
    }
}

/// Waits until then, or until the event is dropped.
async fn wait(app: &App, lane: Lane, event: &Event, end: Instant) {
    loop {
        let mut moved = pin!(app.moved().notified());
        moved.as_mut().enable();
        if !app.world().queues.holds(lane, event.sequence) {
            return;
        }
        tokio::select! {
            () = sleep_until(end) => return,
            () = moved => {}
        }
    }
}

/// Waits until the entity's webhooks may be called once more in this hour.
async fn room(app: &App, hooks: &'static str) {
    loop {
        let mut moved = pin!(app.moved().notified());
        moved.as_mut().enable();
        let Err(wait) = call_out(&mut app.world(), hooks) else {
            return;
        };
        tokio::select! {
            () = sleep(wait) => {}
            () = moved => {}
        }
    }
}

fn call_out(world: &mut World, hooks: &'static str) -> Result<(), Duration> {
    let most = world.faults.setting(Fault::WebhookThreshold);
    let most = most.and_then(|most| usize::try_from(most.number()).ok());
    let now = world.now();
    world.queues.call_out(hooks, now, most)
}

async fn send(app: &Arc<App>, lane: Lane, event: &Event) {
    let (tries, delay) = {
        let options = &app.world().options;
        (options.webhook_tries, options.webhook_retry_delay)
    };
    let mut failure = String::new();
    for attempt in 1..=tries {
        let Some(call) = app.act(|world| call(world, lane, event)) else {
            return app.act(|world| world.queues.forget(lane, event.sequence));
        };
        match post(app, call).await {
            Ok(()) => {
                repeat(app, lane, event).await;
                return app.act(|world| sent(world, lane, event));
            }
            Err(reason) => failure = reason,
        }
        if attempt < tries {
            wait(app, lane, event, Instant::now() + delay).await;
        }
    }
    app.act(|world| drop_event(world, lane, event, &failure));
}

/// Sends what has been taken before; whether it is taken again does not matter.
async fn copy(app: &Arc<App>, lane: Lane, event: &Event) {
    if let Some(call) = app.act(|world| call(world, lane, event)) {
        let _ = post(app, call).await;
    }
    app.act(|world| world.queues.forget(lane, event.sequence));
}

/// Takes the event off its queue, and may send it again much later.
fn sent(world: &mut World, lane: Lane, event: &Event) {
    world.queues.sent(lane, event.sequence);
    if matches!(event.target, Target::Webhook)
        && let Some(late) = world.faults.strike(Fault::LateCopy)
    {
        let copy = Event {
            is_copy: true,
            ..event.clone()
        };
        let aside = lane.aside(event.sequence);
        world.queues.push(aside, copy, late.duration());
    }
}

/// Gives the event up; a webhook that has failed too often is switched off.
fn drop_event(world: &mut World, lane: Lane, event: &Event, failure: &str) {
    let too_often = world.queues.failed(lane, event.sequence);
    log::write(world, lane, event, failure);
    if too_often && matches!(event.target, Target::Webhook) {
        subscription::disable(world, known(lane.hooks), lane.webhook);
    }
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

/// The call as it has to be made now; none when the event was dropped, as the webhook had ended meanwhile.
fn call(world: &World, lane: Lane, event: &Event) -> Option<Call> {
    if !world.queues.holds(lane, event.sequence) {
        return None;
    }
    let (url, secret) = match &event.target {
        Target::Deactivation { url, secret } => (url.as_str(), secret.as_deref()),
        Target::Webhook => {
            let webhook = world
                .row(lane.hooks, lane.webhook)
                .filter(|row| row.flag("isActive"))?;
            (webhook.text("webhookUrl"), Some(webhook.text("secretKey")))
        }
    };
    Some(Call {
        url: url.to_owned(),
        signature: secret.map(|secret| body::signature(secret, &event.body)),
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
    let mut request = app
        .http()
        .post(&call.url)
        .timeout(timeout)
        .header("Content-Type", "application/json");
    if let Some(signature) = call.signature {
        request = request.header("X-Hook-Signature", signature);
    }
    match request.body(call.body).send().await {
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
