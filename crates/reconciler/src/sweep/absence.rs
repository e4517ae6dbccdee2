//! One pass over the pairs of a kind: which of them one side does not tell any more.
//!
//! An event never says that a record is gone: the worker reads it by itself, and judges. What a listing has lost and that
//! read finds is nothing. Many at once are told of to nobody before a person has looked.

use std::collections::BTreeSet;

use domain::{Lane, RecordId, System};
use jim2::Listing;
use store::{
    absence::{self, Asking},
    sweep::{Mark, Passed, Taken},
};
use sync::{Absence, Asks, CODED};

use super::{
    found,
    pass::{HELPING, Pass},
};
use crate::trouble::Trouble;

/// Records asked after at once.
pub(super) const AT_ONCE: usize = 200;

impl Pass<'_> {
    /// Asks after all pairs, page by page, and has those looked at that were not told.
    pub(super) async fn ask_after(
        &self,
        absence: &Absence,
        taken: &Taken,
    ) -> Result<Passed, Trouble> {
        let sweeps = self.sweeps;
        let when = (sweeps.clock.now(), absence.within);
        let asking = absence::begin(&sweeps.db, self.of, &sweeps.holder, when).await?;
        let mut asking = asking.ok_or(Trouble::Overtaken)?;
        if asking.asked > 0 {
            let listing = match absence.asks {
                Asks::Autotask(_) => None,
                Asks::Jim2(of) => sweeps.jim2.listing(of),
            };
            match listing {
                Some(listing) => self.list(listing, &asking).await?,
                None => self.ask(absence, &mut asking).await?,
            }
        }
        self.judge(absence).await?;
        Ok(Passed {
            from: taken.mark.at,
            to: asking.began_at,
            found: self.tell_absent().await?,
            asked: Some(asking.asked),
            mark: Mark {
                at: asking.began_at,
                last_id: None,
            },
        })
    }

    /// Asks by ids, from where the pass stands.
    async fn ask(&self, absence: &Absence, asking: &mut Asking) -> Result<(), Trouble> {
        let sweeps = self.sweeps;
        let page = sweeps.pacing.page_rows.min(AT_ONCE);
        let limit = i64::try_from(page).unwrap_or(i64::MAX);
        loop {
            let place = asking.place.as_deref();
            let ids = absence::next(&sweeps.db, self.of, place, limit).await?;
            let Some(last) = ids.last().cloned() else {
                return Ok(());
            };
            self.may_go_on().await?;
            let there = self.there(absence, &ids).await?;
            self.take_away(&there, (place, Some(&last))).await?;
            asking.place = Some(last);
        }
    }

    /// Those of these records that are told: all of what they are made of, where it is that which is asked after.
    async fn there(&self, absence: &Absence, ids: &[String]) -> Result<Vec<String>, Trouble> {
        let Some(field) = absence.parts else {
            return self.told_by_id(absence, ids).await;
        };
        let made_of = absence::parts(&self.sweeps.db, self.of, field, ids).await?;
        let row = |part: &str| part.strip_suffix(CODED).unwrap_or(part).to_owned();
        let rows: BTreeSet<String> = made_of.iter().map(|(_, part)| row(part)).collect();
        let rows: Vec<String> = rows.into_iter().collect();
        let told: BTreeSet<String> = self.told_by_id(absence, &rows).await?.into_iter().collect();
        let lost = made_of
            .iter()
            .filter(|(_, part)| !told.contains(&row(part)));
        let lost: BTreeSet<&String> = lost.map(|(record, _)| record).collect();
        Ok(ids
            .iter()
            .filter(|id| !lost.contains(id))
            .cloned()
            .collect())
    }

    async fn told_by_id(&self, absence: &Absence, ids: &[String]) -> Result<Vec<String>, Trouble> {
        match absence.asks {
            Asks::Autotask(presence) => {
                let autotask = self.sweeps.autotask.lane(Lane::Bulk);
                let there = autotask.present(&presence, ids).await;
                there.map_err(Trouble::of_sweep)
            }
            Asks::Jim2(of) => Ok(self.sweeps.jim2.present(of, ids).await?),
        }
    }

    /// Reads the list of all there is, in whatever order. One that was broken off is read from its beginning.
    async fn list(&self, mut listing: Listing, asking: &Asking) -> Result<(), Trouble> {
        let place = asking.place.as_deref();
        loop {
            self.may_go_on().await?;
            let Some(ids) = self.sweeps.jim2.listed(&mut listing).await? else {
                return Ok(());
            };
            self.take_away(&ids, (place, place)).await?;
        }
    }

    async fn take_away(
        &self,
        there: &[String],
        moved: (Option<&str>, Option<&str>),
    ) -> Result<(), Trouble> {
        let (db, holder) = (&self.sweeps.db, &self.sweeps.holder);
        if absence::told(db, self.of, holder, there, moved).await? {
            Ok(())
        } else {
            Err(Trouble::Overtaken)
        }
    }

    /// Whether what is left may be believed.
    async fn judge(&self, absence: &Absence) -> Result<(), Trouble> {
        let left = absence::left(&self.sweeps.db, self.of).await?;
        if !left.is_too_many {
            return Ok(());
        }
        Err(Trouble::Absent {
            absent: left.absent,
            asked: left.asked,
            records: absence.records,
            system: self.of.system,
            cause: match self.of.system {
                System::Autotask => {
                    "was a permission or line of business of our Autotask user changed"
                }
                System::Jim2 => "was a right of our Jim2 user changed, or a backup restored",
            },
            kind: self.of.kind.clone(),
        })
    }

    /// Has all that is absent looked at, which was not since it is. How many that were.
    async fn tell_absent(&self) -> Result<i64, Trouble> {
        let (db, mut told) = (&self.sweeps.db, 0);
        let limit = i64::try_from(HELPING).unwrap_or(i64::MAX);
        loop {
            let ids: Vec<RecordId> = absence::unpublished(db, self.of, limit).await?;
            if ids.is_empty() {
                return Ok(told);
            }
            self.may_go_on().await?;
            let event = |id: &RecordId| found::event(&self.of.kind, self.of.system, id.clone());
            told += self.publish(ids.iter().map(event).collect()).await?;
            absence::published(db, self.of, &ids).await?;
        }
    }
}
