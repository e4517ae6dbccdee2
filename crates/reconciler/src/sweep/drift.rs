//! What a page of records that a full sweep read is not as agreed in, and why.

use std::collections::HashMap;

use domain::{Event, RecordId, System};
use store::{
    PairRow,
    contents::{self, Cause, Drift},
};
use sync::{Facts, Half, Shadow};

use super::{cause::cause, contents::Scale, found, pass::Pass};
use crate::{metrics as names, trouble::Trouble};

/// What a page came to.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) compared: i64,
    pub(super) events: Vec<Event>,
    pub(super) drift: Vec<Drift>,
}

impl Pass<'_> {
    /// Holds a page against what was agreed.
    pub(super) async fn judge_page(
        &self,
        scale: &Scale,
        halves: Vec<Half>,
    ) -> Result<Found, Trouble> {
        let (db, on) = (&self.sweeps.db, self.of.system);
        let ids: Vec<RecordId> = halves.iter().map(|half| half.id.clone()).collect();
        let rows = contents::at_rest(db, self.of, &ids).await?;
        let pairs: Vec<(PairRow, Shadow)> = rows.into_iter().filter_map(agreed).collect();
        let rules = &*scale.reader.rules;
        let facts = Facts {
            pairs: sync::contents::named(db, rules, &pairs).await?,
            ..scale.facts.clone()
        };
        let halves: HashMap<&RecordId, &Half> =
            halves.iter().map(|half| (&half.id, half)).collect();
        let mut found = Found::default();
        for (row, shadow) in &pairs {
            let Some(half) = row.id_in(on).and_then(|id| halves.get(id)) else {
                continue;
            };
            found.compared += 1;
            let fields = sync::contents::changed(rules, (on, half), shadow, &facts);
            if fields.is_empty() {
                let kind = rules.kind();
                let differs =
                    |field| sync::contents::was_seen_to_differ(field, shadow, &kind, &facts);
                let differing = rules.fields().iter().find(|field| differs(field));
                // Told of once, though both sides see it: only a person, or `mapping apply`, settles it (rule 8).
                if let Some(field) = differing.filter(|_| on == System::Autotask) {
                    found.add(Cause::Mapping, &row.label, &[field.name]);
                }
                continue;
            }
            let id = half.id.clone();
            found.events.push(found::event(&self.of.kind, on, id));
            let changed = half.changed_at.map(|at| scale.in_our_time(at));
            // What was changed just now would have been told of.
            if let Some(why) = cause(changed, row.changed_at, &scale.gaps, (on, facts.now)) {
                found.add(why, &row.label, &fields);
            }
        }
        self.unmet(scale, &halves, &mut found).await?;
        Ok(found)
    }

    /// Records that nobody has met, though they were made or changed since the pass before.
    async fn unmet(
        &self,
        scale: &Scale,
        halves: &HashMap<&RecordId, &Half>,
        found: &mut Found,
    ) -> Result<(), Trouble> {
        let on = self.of.system;
        let at = |half: &Half| {
            let at = half.changed_at.max(half.created_at);
            at.map(|at| scale.in_our_time(at))
        };
        let is_news = |half: &&&Half| at(half).is_some_and(|at| at >= scale.since);
        let news = halves.values().filter(is_news);
        let news: Vec<RecordId> = news.map(|half| half.id.clone()).collect();
        for id in contents::unmet(&self.sweeps.db, self.of, &news).await? {
            let Some(half) = halves.get(&id) else {
                continue;
            };
            let why = cause(at(half), scale.since, &scale.gaps, (on, scale.facts.now));
            // What was changed just now would have been told of.
            if let Some(why) = why {
                found.events.push(found::event(&self.of.kind, on, id));
                found.add(why, &half.label, &["never seen"]);
            }
        }
        Ok(())
    }

    pub(super) fn tell_drift(&self, drift: &[Drift]) {
        for one in drift {
            let labels = [
                ("kind", self.of.kind.to_string()),
                ("system", self.of.system.as_str().to_owned()),
                ("cause", one.cause.as_str().to_owned()),
            ];
            let pairs = u64::try_from(one.pairs).unwrap_or_default();
            metrics::counter!(names::DRIFT, &labels).increment(pairs);
        }
    }
}

impl Found {
    fn add(&mut self, cause: Cause, label: &str, fields: &[&str]) {
        match self.drift.iter_mut().find(|drift| drift.cause == cause) {
            Some(drift) => drift.pairs += 1,
            None => self.drift.push(Drift {
                cause,
                pairs: 1,
                example: format!("{label}: {}", fields.join(", ")),
            }),
        }
    }
}

/// A pair whose agreement this build can read.
fn agreed(row: PairRow) -> Option<(PairRow, Shadow)> {
    let shadow = serde_json::from_value(row.shadow.clone()?).ok()?;
    Some((row, shadow))
}
