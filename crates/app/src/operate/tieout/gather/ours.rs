//! What our own database knows: pairs, what is held, what stands still. It is asked, and never relied on alone.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    ops::Range,
};

use chrono::{DateTime, Days, Utc};
use domain::{Key, RecordId, System};
use jim2::part_id;
use store::{Db, held::Which, mapping::Direction, pair::Page};
use uuid::Uuid;
use worker_billing::{
    KIND, Period,
    tieout::{Posted, Reason},
};

use super::{Gather, needs};
use crate::operate::status::standing as words;

/// Rows of a page.
const PAGE: i64 = 500;
/// Lines of a month may be made so long after it.
const LATE: Days = Days::new(31);

/// What our database knows of a period.
#[derive(Debug, Default)]
pub(crate) struct Ours {
    /// Lines by source.
    pub(crate) lines: HashMap<RecordId, RecordId>,
    /// The other halves of what the items refer to.
    pub(super) others: HashMap<Key, RecordId>,
    /// Jobs on which lines of the period may be.
    pub(super) jobs: BTreeSet<i64>,
    /// The pairs of the sources.
    pairs: HashMap<Uuid, RecordId>,
}

impl Gather<'_> {
    /// What our database knows of these items, and of the lines that were made in the period or soon after.
    pub(crate) async fn ours(
        &self,
        period: &Period,
        when: &Range<DateTime<Utc>>,
    ) -> anyhow::Result<Ours> {
        let others = store::pair::others(self.desk.db, &needs(period)).await?;
        let mut ours = Ours {
            jobs: others
                .iter()
                .filter_map(|(key, id)| job_of(key, id))
                .collect(),
            others,
            ..Ours::default()
        };
        let wanted: HashSet<&RecordId> = period.posted.iter().filter_map(Posted::source).collect();
        let until = when.end.checked_add_days(LATE).unwrap_or(when.end);
        let mut after = None;
        loop {
            let rows = store::pair::walk(self.desk.db, &KIND, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            for row in rows {
                let source = row.autotask_id.as_ref().filter(|id| wanted.contains(id));
                let times = [row.created_at, row.changed_at];
                let is_near = times.iter().any(|at| (when.start..until).contains(at));
                let line = row.jim2_id.as_ref();
                if source.is_some() || is_near {
                    ours.jobs.extend(line.and_then(job_of_line));
                }
                let Some(source) = source else { continue };
                ours.pairs.insert(row.id, source.clone());
                if let Some(line) = line {
                    ours.lines.insert(source.clone(), line.clone());
                }
            }
        }
        Ok(ours)
    }

    /// What our database holds of these items, with the first problem of each.
    pub(crate) async fn held(
        &self,
        period: &Period,
        ours: &Ours,
    ) -> anyhow::Result<HashMap<RecordId, Reason>> {
        let db = self.desk.db;
        let wanted: HashSet<&RecordId> = period.posted.iter().filter_map(Posted::source).collect();
        let mut held = HashMap::new();
        let mut page = Page {
            offset: 0,
            limit: PAGE,
        };
        loop {
            let rows = store::held::list(db, &Which::All, page).await?;
            if rows.is_empty() {
                return Ok(held);
            }
            page.offset += PAGE;
            for row in rows
                .into_iter()
                .filter(|row| row.kind.as_ref() == Some(&KIND))
            {
                let of_pair = row.pair.and_then(|pair| ours.pairs.get(&pair));
                let named = row.record_id.as_ref().filter(|id| wanted.contains(id));
                let Some(source) = of_pair.or(named).cloned() else {
                    continue;
                };
                let shown = store::held::show(db, row.id).await?;
                let problem = shown.and_then(|shown| shown.problems.into_iter().next());
                let replay = || format!("crossbill held replay {}", row.id);
                let reason = match problem {
                    Some(problem) => Reason::new(problem.code, problem.says, problem.step),
                    None => Reason::new("held", row.reason.clone(), replay()),
                };
                held.insert(source, reason);
            }
        }
    }
}

/// Why nothing at all is written just now: a system stands still, or a person is to look at the first lines.
pub(super) async fn standing(db: &Db) -> anyhow::Result<Option<Reason>> {
    for state in store::system::state(db).await? {
        if !state.is_running() {
            let says = format!(
                "{} is {}: it is carried after that",
                state.system,
                words(&state)
            );
            return Ok(Some(Reason::new("paused", says, "crossbill resume")));
        }
    }
    let into = Direction::into_system(System::Jim2);
    let switches = store::mapping::load(db).await?.switches;
    let own = switches
        .into_iter()
        .find(|switch| switch.kind == KIND && switch.direction == into);
    let braked = own.filter(|own| own.brake_at.is_some_and(|brake| own.created >= brake));
    Ok(braked.map(|own| {
        let says = format!(
            "{} lines were made, and more wait until somebody has looked",
            own.created
        );
        Reason::new("braked", says, format!("crossbill resume --release {KIND}"))
    }))
}

/// The job of a pair: of a ticket or an order itself, of a line the one that it is on.
fn job_of(key: &Key, id: &RecordId) -> Option<i64> {
    match key.kind.as_str() {
        "ticket" | "order" => id.number(),
        "billing" => job_of_line(id),
        _ => None,
    }
}

fn job_of_line(id: &RecordId) -> Option<i64> {
    part_id::split(id.as_str()).map(|(job, _)| job)
}
