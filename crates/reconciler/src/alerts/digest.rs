//! The digest: up to when all is complete, what needs a person, and what healed by itself.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::{Kind, System};
use serde::Serialize;
use store::{Db, audit, digest::Released, gap::Gap};

use super::{
    alarming::alarming,
    cause::Cause,
    facts,
    message::{Message, What, by_who, in_short, listed},
    words::{capital, counted, money, sentence, time},
};
use crate::{Trailed, upkeep::GUARDIAN};

/// What a digest is made of.
#[derive(Debug, Clone, Serialize)]
pub struct Digest {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// From when on it tells what healed.
    pub since: DateTime<Utc>,
    /// Up to when all changes were met, by kind and side; `None` where that was never so yet.
    pub complete: BTreeMap<Kind, BTreeMap<System, Option<DateTime<Utc>>>>,
    /// What needs somebody.
    pub causes: Vec<Cause>,
    /// What waits for a day to come, and needs nobody.
    pub for_later: Vec<String>,
    /// Held items that went on.
    pub released: Vec<Released>,
    /// Gaps that were closed.
    pub gaps: Vec<Gap>,
    /// What the guardian mended of our webhooks.
    pub mended: Vec<String>,
}

/// Makes the digest at `now` of what was since `since`, or of a day.
pub async fn digest(
    db: &Db,
    trails: &[Trailed],
    now: DateTime<Utc>,
    since: Option<DateTime<Utc>>,
) -> Result<Digest, store::Error> {
    let since = since.unwrap_or(now - TimeDelta::days(1));
    let facts = facts::gather(db, trails, now, TimeDelta::zero()).await?;
    let mended = audit::of_since(db, GUARDIAN, since).await?;
    let for_later = facts
        .held
        .iter()
        .filter(|group| group.problem.subject["is"] == "time");
    let for_later = for_later.map(|group| {
        let net = group.net.filter(|net| !net.is_zero()).map(money);
        let net = net.map_or_else(String::new, |net| format!(" – {net}"));
        let says = group.problem.says.trim_end_matches('.');
        format!("{}: {says}{net}", counted(group.items, "record"))
    });
    Ok(Digest {
        at: now,
        since,
        complete: complete(db, trails).await?,
        for_later: for_later.collect(),
        causes: alarming(&facts),
        released: store::digest::released(db, since).await?,
        gaps: store::gap::closed_since(db, since).await?,
        mended: mended
            .iter()
            .filter_map(|act| Some((act.detail["webhook"].as_str()?, act.detail["it"].as_str()?)))
            .map(|(webhook, it)| format!("the webhook {webhook} was mended: it {it}"))
            .collect(),
    })
}

/// Of all trails of a kind on a side that look for changes and are repeated, the one that is furthest behind.
async fn complete(
    db: &Db,
    trails: &[Trailed],
) -> Result<BTreeMap<Kind, BTreeMap<System, Option<DateTime<Utc>>>>, store::Error> {
    let rows = store::sweep::list(db).await?;
    let mut complete: BTreeMap<Kind, BTreeMap<System, Option<DateTime<Utc>>>> = BTreeMap::new();
    for trailed in trails {
        if !trailed.trail.shows_changes() || trailed.every.is_none() {
            continue;
        }
        let of = trailed.swept();
        let row = rows.iter().find(|row| row.of == of);
        let to = row.and_then(|row| row.complete_to);
        let sides = complete.entry(of.kind).or_default();
        sides
            .entry(of.system)
            .and_modify(|earliest| *earliest = (*earliest).min(to))
            .or_insert(to);
    }
    Ok(complete)
}

impl Digest {
    /// In words.
    pub fn message(&self, zone: Tz) -> Message {
        let day = self.at.with_timezone(&zone).format("%a %-d %b");
        let mut lines = self.complete_lines(zone);
        lines.push(String::new());
        lines.extend(self.causes_lines());
        if !self.for_later.is_empty() {
            lines.push(String::new());
            lines.push("Waits for a day to come, and continues by itself:".to_owned());
            lines.extend(listed(self.for_later.iter().cloned()));
        }
        lines.push(String::new());
        lines.extend(self.healed_lines(zone));
        Message {
            what: What::Digest,
            subject: format!("Digest of {day}: {}", self.in_short()),
            lines,
            at: self.at,
            causes: self.causes.clone(),
        }
    }

    fn in_short(&self) -> String {
        if self.causes.is_empty() {
            "nothing needs you".to_owned()
        } else {
            in_short(&self.causes)
        }
    }

    fn complete_lines(&self, zone: Tz) -> Vec<String> {
        let mut lines = vec![format!("Complete up to ({zone}):")];
        for (kind, sides) in &self.complete {
            let sides = sides.iter().map(|(system, to)| {
                let to = to.map_or_else(|| "not yet".to_owned(), |to| time(to, zone));
                format!("{system} {to}")
            });
            lines.push(format!(
                "  {kind}: {}",
                sides.collect::<Vec<_>>().join(", ")
            ));
        }
        lines
    }

    fn causes_lines(&self) -> Vec<String> {
        if self.causes.is_empty() {
            return vec!["Nothing needs a person.".to_owned()];
        }
        let mut lines = vec!["Needs a person:".to_owned()];
        lines.extend(by_who(&self.causes));
        lines
    }

    fn healed_lines(&self, zone: Tz) -> Vec<String> {
        let since = time(self.since, zone);
        let items: i64 = self.released.iter().map(|of| of.items).sum();
        let mut healed = Vec::new();
        if items > 0 {
            let kinds = self.released.iter();
            let kinds: Vec<String> = kinds
                .map(|of| format!("{} {}", of.items, of.kind))
                .collect();
            healed.push(format!(
                "{} went on that had been held: {}",
                counted(items, "record"),
                kinds.join(", ")
            ));
        }
        healed.extend(self.mended.iter().cloned());
        healed.extend(self.gaps.iter().map(|gap| sentence(gap, zone)));
        if healed.is_empty() {
            return vec![format!("Nothing had to heal by itself since {since}.")];
        }
        let mut lines = vec![format!("Healed by itself since {since}:")];
        lines.extend(listed(healed.into_iter().map(|line| capital(&line))));
        lines
    }
}

#[cfg(test)]
mod tests;
