//! The gauges of what is alarming, as the reconcilers last saw it.

use std::collections::{BTreeMap, BTreeSet};

use metrics::gauge;
use reconciler::alerts::Cause;
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use store::{Db, alert};

use super::gauges::count;
use crate::metrics as names;

/// Class, code, and who can solve it.
type Labels = [(&'static str, String); 3];

/// Gauges that were set before: what is over is 0, as no gauge goes away.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    causes: BTreeSet<Labels>,
    outlets: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct Sum {
    causes: i64,
    items: i64,
    net: Decimal,
}

impl Alarms {
    /// Takes them.
    pub(super) async fn take(&mut self, db: &Db) -> Result<(), store::Error> {
        let looked_at = alert::looked_at(db).await?;
        if let Some(at) = looked_at {
            gauge!(names::ALERTS_LOOKED_AT).set(count(at.timestamp()));
        }
        let known = std::mem::take(&mut self.causes).into_iter();
        let mut sums: BTreeMap<Labels, Sum> = known.map(|it| (it, Sum::default())).collect();
        let mut there = BTreeSet::new();
        for row in alert::list(db).await? {
            let lasts = looked_at.map_or(0, |at| (at - row.since).num_seconds());
            let cause = Cause::stored(&row.body).filter(|_| row.over_at.is_none());
            let Some(cause) = cause.filter(|cause| lasts >= cause.patience_seconds) else {
                continue;
            };
            there.insert(row.cause);
            let labels = [
                ("class", cause.class),
                ("code", cause.code),
                ("who", cause.who),
            ];
            let sum = sums.entry(labels).or_default();
            sum.causes += 1;
            sum.items += cause.items;
            sum.net += cause.net.unwrap_or_default();
        }
        for (labels, sum) in sums {
            gauge!(names::ALERT_CAUSES, &labels).set(count(sum.causes));
            gauge!(names::ALERT_ITEMS, &labels).set(count(sum.items));
            gauge!(names::ALERT_DOLLARS, &labels).set(sum.net.to_f64().unwrap_or_default());
            self.causes.insert(labels);
        }
        self.unsent(db, &there).await
    }

    async fn unsent(&mut self, db: &Db, there: &BTreeSet<String>) -> Result<(), store::Error> {
        let known = self.outlets.iter().map(|outlet| (outlet.clone(), 0));
        let mut unsent: BTreeMap<String, i64> = known.collect();
        for told in alert::told(db).await? {
            let waits = told.trouble.is_some() && (told.is_open || there.contains(&told.cause));
            *unsent.entry(told.outlet).or_default() += i64::from(waits);
        }
        for (outlet, messages) in unsent {
            gauge!(names::ALERTS_UNSENT, "outlet" => outlet.clone()).set(count(messages));
            self.outlets.insert(outlet);
        }
        Ok(())
    }
}
