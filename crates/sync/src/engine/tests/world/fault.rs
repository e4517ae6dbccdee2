//! What goes wrong between the engine and the world: writes that fail in their ways, deaths, and replicas that lag.

use std::collections::BTreeMap;

use domain::{Failure, Problem, RecordId, System};

use super::{Record, State, World, refusal};
use crate::{Act, Point};

/// What goes wrong with a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is done, and the answer is lost.
    LostAnswer,
    /// The process is killed before it is sent.
    KilledBefore,
    /// The process is killed after it was done.
    KilledAfter,
    /// The answer is lost, and it is done so many seconds later.
    Late(i64),
    /// The process is killed after it was sent, and it is done so many seconds later.
    KilledLate(i64),
    /// The system refuses this record.
    Refused,
    /// The system is busy; it is not done.
    Busy,
    /// The system refuses us altogether.
    Stopped,
    /// There is no room for the call now.
    NotItsTurn,
}

impl State {
    /// The next `reads` reads of a side are answered from its state as it is now.
    pub(crate) fn lag(&mut self, system: System, reads: usize) {
        let now = self.side(system).clone();
        self.lagging.insert(system, (reads, now));
        self.lags_since = self.passed;
    }

    /// Why Jim2 does not take the first field that it knows nothing of.
    pub(super) fn refuses(&self, act: &Act) -> Option<Failure> {
        let (fields, refused) = match act {
            Act::Create { fields, .. } => (fields, &self.refused_at_create),
            Act::Update { fields, .. } => (fields, &self.refused_at_update),
            Act::Refer { .. } | Act::CreateChild { .. } | Act::UpdateChild { .. } => return None,
        };
        let field = refused
            .iter()
            .find(|field| act.on() == System::Jim2 && fields.contains_key(**field))?;
        let problem = Problem {
            code: Problem::NOT_WRITABLE.to_owned(),
            field: Some((*field).to_owned()),
            ..refusal()
        };
        Some(Failure::Hold {
            problems: vec![problem],
        })
    }

    /// Time passes in our own clock. What was on its way arrives. No replica lags for longer than two minutes, nor hides what
    /// came late: who waits for a lost answer waits for one or the other.
    pub(crate) fn pass(&mut self, seconds: i64) {
        self.passed += seconds;
        if self.passed - self.lags_since >= 120 {
            self.catch_up();
        }
        let (due, late) = std::mem::take(&mut self.late)
            .into_iter()
            .partition(|(at, _)| *at <= self.passed);
        self.late = late;
        let mut due: Vec<(i64, Act)> = due;
        due.sort_by_key(|(at, _)| *at);
        for (_, act) in due {
            self.catch_up();
            let before = self.past.len();
            self.write(&act, true);
            self.answer_nobody(before);
        }
    }

    fn send(&mut self, act: &Act, seconds: i64) {
        self.late.push((self.passed + seconds, act.clone()));
    }

    /// Every replica has caught up.
    pub(crate) fn catch_up(&mut self) {
        self.lagging.clear();
    }

    /// A side as a read finds it.
    pub(super) fn as_read(&mut self, system: System) -> BTreeMap<RecordId, Record> {
        match self.lagging.get_mut(&system) {
            Some((reads, then)) if *reads > 0 => {
                *reads -= 1;
                then.clone()
            }
            _ => self.side(system).clone(),
        }
    }
}

impl World {
    /// Lets others act on a write while our claim stands.
    pub(super) async fn told_of_write(&self) {
        let edit = self.state().edit_on_write.take();
        if let Some((system, id, field, value)) = edit {
            self.state().edit(system, &id, field, value);
            self.wrote.notify_one();
            self.go_on.notified().await;
        }
    }

    /// Whether the process is killed at this point.
    pub(crate) fn dies_at(&self, point: Point) -> bool {
        let dies = self.state().crash_at.take_if(|it| *it == point).is_some();
        if dies {
            self.killed.notify_one();
        }
        dies
    }

    async fn die<T>(&self) -> T {
        self.killed.notify_one();
        std::future::pending().await
    }

    /// What becomes of a write that goes wrong.
    pub(super) async fn fail(&self, fault: Fault, act: &Act) -> Result<Option<RecordId>, Failure> {
        match fault {
            Fault::LostAnswer => {
                let before = self.state().past.len();
                self.write(act);
                self.state().answer_nobody(before);
                Err(cut_off())
            }
            Fault::Late(seconds) => {
                self.state().send(act, seconds);
                Err(cut_off())
            }
            Fault::KilledLate(seconds) => {
                self.state().send(act, seconds);
                self.die().await
            }
            Fault::Busy => Err(Failure::retry("busy")),
            Fault::Stopped => Err(Failure::Stop {
                system: act.on(),
                reason: domain::StopReason::Credentials("HTTP 401".to_owned()),
                after: std::time::Duration::from_mins(5),
                source: "401".into(),
            }),
            Fault::NotItsTurn => Err(Failure::Defer {
                after: std::time::Duration::from_mins(1),
                source: "60 % are used".into(),
            }),
            Fault::Refused => Err(Failure::Hold {
                problems: vec![refusal()],
            }),
            Fault::KilledBefore => self.die().await,
            Fault::KilledAfter => {
                self.write(act);
                self.die().await
            }
        }
    }
}

fn cut_off() -> Failure {
    Failure::Unsure {
        source: "the line was cut".into(),
    }
}
