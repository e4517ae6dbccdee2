//! The mappings in force: a snapshot of Postgres, reloaded when a claim says that it is old.

use std::sync::RwLock;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use store::Db;

use crate::{Facts, Hours, Mapping, Way};

/// A snapshot of mappings, rules, filters and settings.
#[derive(Debug)]
pub struct Mappings {
    facts: RwLock<Facts>,
}

impl Mappings {
    /// The site's time zone.
    pub fn zone(&self) -> Tz {
        self.version().1
    }

    /// Loads the mappings of a site in `zone`.
    pub async fn load(db: &Db, zone: Tz) -> Result<Self, store::Error> {
        let raw = store::mapping::load(db).await?;
        Ok(Self {
            facts: RwLock::new(facts(raw, zone)),
        })
    }

    /// Reloads where the snapshot is older than `version`.
    pub async fn reload_if_older(&self, db: &Db, version: i64) -> Result<(), store::Error> {
        let (known, zone) = self.version();
        if known < version {
            let raw = store::mapping::load(db).await?;
            self.take(facts(raw, zone));
        }
        Ok(())
    }

    /// Takes a snapshot, unless a newer one came in while it was read.
    fn take(&self, fresh: Facts) {
        let mut facts = self
            .facts
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if facts.version < fresh.version {
            *facts = fresh;
        }
    }

    /// The snapshot, as of `now`.
    pub fn facts(&self, now: DateTime<Utc>) -> Facts {
        let facts = self
            .facts
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        Facts {
            now,
            ..facts.clone()
        }
    }

    /// Until when nothing is written, where `now` is one of the site's quiet hours.
    pub fn quiet_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let facts = self
            .facts
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        Hours::quiet(&facts)?.until(now, facts.zone)
    }

    fn version(&self) -> (i64, Tz) {
        let facts = self
            .facts
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        (facts.version, facts.zone)
    }
}

/// A snapshot in the words of planning.
fn facts(raw: store::mapping::Mappings, zone: Tz) -> Facts {
    let mut facts = Facts::empty(zone, DateTime::<Utc>::UNIX_EPOCH);
    facts.version = raw.version;
    for link in raw.links() {
        let steps = link.entry.extra.iter().flat_map(|steps| words(steps));
        facts
            .workflow
            .entry(link.entry.value.clone())
            .or_default()
            .extend(steps);
    }
    for map in raw.maps {
        let mapping = Mapping {
            to: map.to_value,
            path: map.path.as_deref().map(words).unwrap_or_default(),
        };
        facts
            .mappings
            .insert((map.list, map.system, map.value), mapping);
    }
    for row in raw.lookups {
        let value = (row.list, row.system, row.entry.value);
        if let Some(since) = row.gone_at {
            facts.gone.insert(value.clone(), since);
        }
        facts.labels.insert(value, row.entry.label);
    }
    for rule in raw.field_rules {
        if let Some(way) = Way::named(&rule.way) {
            facts
                .rules
                .insert((rule.kind, rule.field), (way, rule.owner));
        }
    }
    for filter in raw.filters {
        facts
            .filters
            .insert((filter.kind, filter.name), filter.setting);
    }
    for switch in raw
        .switches
        .into_iter()
        .filter(|switch| switch.create_enabled)
    {
        facts.creates.push((switch.kind, switch.direction.target()));
    }
    facts.settings = raw.settings;
    facts
}

/// Statuses as they are kept in one column: `Proceed>Checked`, or with commas.
fn words(text: &str) -> Vec<String> {
    text.split(['>', ','])
        .map(|word| word.trim().to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_that_was_read_before_a_newer_one_does_not_take_its_place() {
        let of = |version| Facts {
            version,
            ..Facts::empty(Tz::UTC, DateTime::UNIX_EPOCH)
        };
        let mappings = Mappings {
            facts: RwLock::new(of(1)),
        };
        for (came, stays) in [(3, 3), (2, 3), (4, 4)] {
            mappings.take(of(came));
            assert_eq!(mappings.version().0, stays, "after {came}");
        }
    }
}
