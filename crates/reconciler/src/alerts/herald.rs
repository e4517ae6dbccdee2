//! The steps of telling: one looks, and each outlet tells by itself.

use std::time::Duration;

use chrono::NaiveDate;
use metrics::counter;
use store::alert::{self, Sent, Told};

use super::{
    alarming::alarming,
    cause::Cause,
    daily,
    decide::{Entry, decide},
    digest, facts,
    message::{Message, What},
    outlet::Outlet,
};
use crate::{
    metrics as names,
    trouble::{Trouble, chain},
    upkeep::{Step, Upkeep},
};

/// How long a process keeps the look: much longer than one takes.
const LOOK: Duration = Duration::from_mins(1);
/// How long a process keeps a message: longer than an outlet's deadline.
const LEASE: Duration = Duration::from_mins(3);
/// Messages of one step.
const HELPING: usize = 20;
/// Where more causes begin at once, one message tells of all of them.
const TOGETHER: usize = 5;

/// Writes down what is alarming, unless somebody else is at it.
pub(crate) async fn look_once(upkeep: &Upkeep) -> Result<Step, Trouble> {
    let (db, now) = (&upkeep.db, upkeep.clock.now());
    if !alert::take_look(db, &upkeep.holder, LOOK).await? {
        return Ok(Step::Rest);
    }
    let facts = facts::gather(db, &upkeep.trails, now, upkeep.alerts.patience).await?;
    let seen: Vec<_> = alarming(&facts).iter().map(Cause::seen).collect();
    alert::see(db, &upkeep.holder, &seen, now).await?;
    Ok(Step::Rest)
}

/// Tells by one outlet what is to be told, and the digest where it is due. An outlet that is away ends the step: the next
/// one tries again.
pub(crate) async fn tell_once(upkeep: &Upkeep, outlet: &Outlet) -> Result<Step, Trouble> {
    let (alerts, told) = (
        alert::list(&upkeep.db).await?,
        alert::told(&upkeep.db).await?,
    );
    let (now, window) = (upkeep.clock.now(), upkeep.alerts.window);
    let stored = alerts
        .iter()
        .filter_map(|alert| Some((alert, Cause::stored(&alert.body)?)));
    let stored: Vec<_> = stored.collect();
    let due = stored.iter().filter_map(|(alert, cause)| {
        let own = |told: &&Told| told.cause == alert.cause && told.outlet == outlet.name();
        let told = told.iter().find(own);
        let entry = Entry { cause, alert, told };
        decide(&entry, now, window).map(|what| (what, entry))
    });
    let (mut sent, mut refused) = (0, None);
    for (what, entries) in letters(due.collect()) {
        match tell(upkeep, outlet, what, entries).await {
            Ok(()) => sent += 1,
            // What is wrong with one message is not wrong with the next.
            Err(trouble) if trouble.is_of_one_message() => refused = Some(trouble),
            Err(trouble) => return Err(trouble),
        }
        if sent >= HELPING {
            return Ok(Step::Again);
        }
    }
    let due = upkeep.alerts.digest_at;
    if let Some(day) = due.and_then(|at| daily::due(now, at, upkeep.alerts.zone)) {
        tell_digest(upkeep, outlet, day).await?;
    }
    refused.map_or(Ok(Step::Rest), Err)
}

/// A letter a cause; where very many begin at once, as at a first load, one letter tells of all of them.
fn letters(due: Vec<(What, Entry<'_>)>) -> Vec<(What, Vec<Entry<'_>>)> {
    let begun = due.iter().filter(|(what, _)| *what == What::Raised).count();
    if begun <= TOGETHER {
        return due
            .into_iter()
            .map(|(what, entry)| (what, vec![entry]))
            .collect();
    }
    let (begun, others): (Vec<_>, Vec<_>) =
        due.into_iter().partition(|(what, _)| *what == What::Raised);
    let begun = begun.into_iter().map(|(_, entry)| entry).collect();
    let others = others.into_iter().map(|(what, entry)| (what, vec![entry]));
    std::iter::once((What::Raised, begun))
        .chain(others)
        .collect()
}

/// Tells of those that nobody else tells of just now, in one message.
async fn tell(
    upkeep: &Upkeep,
    outlet: &Outlet,
    what: What,
    entries: Vec<Entry<'_>>,
) -> Result<(), Trouble> {
    let (db, holder, now) = (&upkeep.db, upkeep.holder.as_str(), upkeep.clock.now());
    let on = |entry: &Entry<'_>| (entry.alert.cause.clone(), outlet.name());
    let mut ours = Vec::new();
    for entry in entries {
        let (cause, name) = on(&entry);
        if alert::claim(db, (&cause, name), entry.told, (holder, LEASE)).await? {
            ours.push(entry);
        }
    }
    let message = match ours.as_slice() {
        [] => return Ok(()),
        [one] => Message::about(what, one.cause, one.alert, now, upkeep.alerts.zone),
        many => Message::together(many.iter().map(|entry| entry.cause.clone()).collect(), now),
    };
    let sent = send(outlet, &message).await;
    for entry in &ours {
        let (cause, name) = on(entry);
        let on = (cause.as_str(), name);
        match &sent {
            Ok(()) => {
                if !alert::tell(db, on, holder, of(what, entry.cause), now).await? {
                    tracing::warn!(
                        outlet = name,
                        "a message took so long that it may come twice"
                    );
                }
            }
            Err(trouble) => alert::give_back(db, on, holder, &chain(trouble)).await?,
        }
    }
    sent
}

/// What is remembered of a message.
fn of(what: What, cause: &Cause) -> Sent {
    match what {
        What::Resolved => Sent::Over,
        What::Raised | What::Reminded | What::Digest | What::Test => Sent::There {
            items: cause.items,
            net: cause.net,
        },
    }
}

async fn tell_digest(upkeep: &Upkeep, outlet: &Outlet, day: NaiveDate) -> Result<(), Trouble> {
    let (db, holder, now) = (&upkeep.db, upkeep.holder.as_str(), upkeep.clock.now());
    let on = (day, outlet.name());
    let since = store::digest::last(db, Some(outlet.name())).await?;
    if !store::digest::claim(db, on, (holder, LEASE)).await? {
        return Ok(());
    }
    let digest = Box::pin(digest::digest(db, &upkeep.trails, now, since)).await?;
    if let Err(trouble) = send(outlet, &digest.message(upkeep.alerts.zone)).await {
        store::digest::give_back(db, on, holder, &chain(&trouble)).await?;
        return Err(trouble);
    }
    store::digest::tell(db, on, holder, now).await?;
    Ok(())
}

/// Sends a message, and counts it.
async fn send(outlet: &Outlet, message: &Message) -> Result<(), Trouble> {
    let sent = outlet.send(message).await;
    let what = if sent.is_ok() {
        message.what.as_str()
    } else {
        "failed"
    };
    counter!(names::ALERT_MESSAGES, "outlet" => outlet.name(), "what" => what).increment(1);
    Ok(sent?)
}

#[cfg(test)]
mod tests;
