//! One life: a script, lived through to the end.

mod messages;
mod people;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Event, RecordId, System};
use store::held::{Resend, Which};

use super::{
    super::world::World,
    judge,
    lane::{Lane, Passing},
    script::{Batch, Step},
    violation::{Broken, Violation},
    without::Without,
};
use crate::{
    Crash, Engine,
    engine::{
        batch::{self, Work},
        settle::{Settling, fates},
    },
};

/// How long a call may be held up at most: a write that was sent arrives before whoever waits for it looks.
const HELD_UP: i64 = 110;
/// How long everything is waited for in the end: longer than any wait of ours.
const LONG: i64 = 700;
/// How often it is waited at most.
const ROUNDS: usize = 30;
/// How far Jim2's clock is behind Autotask's.
const BEHIND: i64 = 5000;

/// Lives a script. What it breaks comes back.
pub(super) async fn run(lane: &Lane, script: &[Step]) -> Result<(), Violation> {
    let life = Life::new(lane);
    life.world.state().behind = BEHIND;
    life.world.state().blind = lane.without.and_then(Without::blind);
    let world = life.world.clone();
    let lived = Box::pin(life.live(script)).await;
    let lived = match lived {
        Ok(()) => Ok(()),
        Err(found) => Err(found.told(&world, &lane.journal().await)),
    };
    lane.clear().await;
    lived
}

/// A thing, and what was done to it that no worker can mend.
#[derive(Debug, Clone)]
pub(super) struct Thing {
    pub(super) autotask: RecordId,
    /// The job that a person made for it.
    pub(super) by_hand: Option<RecordId>,
    pub(super) is_deleted: bool,
    pub(super) is_copied: bool,
    pub(super) is_moved: bool,
}

/// A message on the queue.
#[derive(Debug, Clone)]
struct Message {
    event: Event,
    first_seen: DateTime<Utc>,
    attempt: u32,
}

pub(super) struct Life<'a> {
    pub(super) lane: &'a Lane,
    pub(super) world: World,
    pub(super) things: Vec<Thing>,
    clock: Arc<Passing>,
    /// One that dies, and one that helps.
    workers: [Arc<Engine>; 2],
    queue: Vec<Message>,
    told: Vec<Event>,
    /// Jobs that carry a reference they have from another.
    copies: Vec<RecordId>,
    /// Seconds for which a call is held up.
    held_up: Option<i64>,
    entered: i64,
    /// Whether a write arrives later than any write may: a second one is then a problem, and no more can be had.
    pub(super) is_overdue: bool,
}

impl<'a> Life<'a> {
    fn new(lane: &'a Lane) -> Self {
        let (world, clock) = (World::default(), Arc::new(Passing::default()));
        let dies = {
            let world = world.clone();
            Crash::when(move |point| world.dies_at(point))
        };
        let first = lane.worker("first", &world, &clock, dies);
        let second = lane.worker("second", &world, &clock, Crash::default());
        Self {
            lane,
            world,
            things: Vec::new(),
            clock,
            workers: [Arc::new(first), Arc::new(second)],
            queue: Vec::new(),
            told: Vec::new(),
            copies: Vec::new(),
            held_up: None,
            entered: 0,
            is_overdue: false,
        }
    }

    async fn live(mut self, script: &[Step]) -> Result<(), Violation> {
        self.is_overdue = script.iter().any(Step::is_overdue);
        let mut rest = script;
        while let Some((step, after)) = rest.split_first() {
            rest = after;
            if let Step::Work(batch) = step {
                let (meanwhile, after) = rest.split_at(rest.len().min(batch.meanwhile.into()));
                rest = after;
                self.work(0, batch, meanwhile).await;
            } else {
                self.step(step).await;
            }
        }
        self.make_up().await;
        self.come_to_rest().await?;
        self.replay_held().await;
        self.come_to_rest().await?;
        judge::judge(&self).await
    }

    async fn step(&mut self, step: &Step) {
        match *step {
            Step::Make => self.make("Thing"),
            Step::Match => self.make_both(),
            Step::Edit(side, thing, what, value) => self.edit(side, thing, what, value),
            Step::Note(side, thing) => self.note(side, thing),
            Step::Reword(side, thing) => self.reword(side, thing),
            Step::Silent(side, thing, what) => self.silence(side, thing, what),
            Step::Tells(side, thing) => self.tells(side, thing),
            Step::Delete(side, thing) => self.delete(side, thing),
            Step::Copy(thing) => self.copy(thing).await,
            Step::Move(thing) => self.move_to(thing, 2),
            Step::Back(thing) => self.move_to(thing, 1),
            Step::Newer(thing) => self.newer(thing).await,
            Step::Older(thing) => self.older(thing).await,
            Step::Lag(side, reads) => self.world.state().lag(side, reads.into()),
            Step::Later(seconds) => self.later(seconds).await,
            Step::Again(place) => self.tell_again(place),
            Step::Work(batch) => Box::pin(self.work(1, &batch, &[])).await,
        }
    }

    /// A worker handles a batch. Before one of its calls the steps of `meanwhile` are taken, or else after it.
    async fn work(&mut self, worker: usize, batch: &Batch, meanwhile: &[Step]) {
        let published = self.lane.published().await;
        self.put(published);
        let messages = self.take(batch);
        let troubles = {
            let mut state = self.world.state();
            state.calls = 0;
            state.stop_at = (!meanwhile.is_empty()).then(|| batch.at.into());
            if worker == 0 {
                state.crash_at = batch.dies;
            }
            let faults = batch.faults.into_iter().collect();
            std::mem::replace(&mut state.faults, faults)
        };
        self.handle(worker, messages, meanwhile).await;
        self.world.state().faults = troubles;
    }

    async fn handle(&mut self, worker: usize, messages: Vec<Message>, meanwhile: &[Step]) {
        if let Some(without) = self.lane.without {
            without.before(self.lane, &self.world).await;
        }
        let works = messages
            .iter()
            .enumerate()
            .map(|(index, it)| Work::new(it.event.clone(), it.first_seen, it.attempt, index));
        let works = batch::coalesce(works.collect());
        let engine = Arc::clone(&self.workers[worker]);
        let (killed, called) = (
            Arc::clone(&self.world.killed),
            Arc::clone(&self.world.called),
        );
        let before = self.world.state().past.len();
        let mut process = Box::pin(engine.process(works));
        let mut meanwhile = Some(meanwhile).filter(|it| !it.is_empty());
        let settled = loop {
            tokio::select! {
                biased;
                settled = &mut process => break Some(settled),
                () = killed.notified() => break None,
                () = called.notified() => {
                    self.held_up = Some(HELD_UP);
                    for step in meanwhile.take().unwrap_or_default() {
                        self.step(step).await;
                    }
                    self.held_up = None;
                    self.world.go_on.notify_one();
                }
            }
        };
        drop(process);
        if settled.is_none() {
            self.world.state().answer_nobody(before);
        }
        if let Some(without) = self.lane.without {
            without.after(self.lane, &self.world).await;
        }
        self.come_back(messages, settled);
        for step in meanwhile.unwrap_or_default() {
            self.world.state().stop_at = None;
            self.step(step).await;
        }
    }

    /// What is not done comes again, and so does everything that a dead worker had in its hands.
    fn come_back(&mut self, messages: Vec<Message>, settled: Option<Vec<(Vec<usize>, Settling)>>) {
        let Some(settled) = settled else {
            self.queue.extend(messages);
            return;
        };
        let fates = fates(messages.len(), settled);
        for (mut message, fate) in messages.into_iter().zip(fates) {
            match fate {
                Settling::Done => continue,
                Settling::Retry(..) => message.attempt += 1,
                Settling::Defer(..) | Settling::Bury(_) => {}
            }
            self.queue.push(message);
        }
    }

    /// Nothing goes wrong any more: all is told, and nothing lags.
    async fn make_up(&mut self) {
        for place in 0..u8::try_from(self.things.len()).unwrap_or(0) {
            self.older(place).await;
            for side in System::BOTH {
                self.tells(side, place);
            }
        }
        let mut state = self.world.state();
        state.faults.clear();
        state.crash_at = None;
        state.catch_up();
    }

    async fn come_to_rest(&mut self) -> Result<(), Violation> {
        for _ in 0..ROUNDS {
            self.later(LONG).await;
            let published = self.lane.published().await;
            self.put(published);
            if self.queue.is_empty() {
                return Ok(());
            }
            let messages = std::mem::take(&mut self.queue);
            self.handle(1, messages, &[]).await;
        }
        Err(Violation::new(
            Broken::Standstill,
            format!("{:?}", self.queue),
        ))
    }

    /// What was refused is replayed by a person.
    async fn replay_held(&mut self) {
        let held = store::held::take_for_replay(&self.lane.db, &Which::All, 100)
            .await
            .unwrap();
        let events = held.into_iter().filter_map(|item| match item.resend {
            Resend::Event(event) => Some(*event),
            Resend::Body { .. } => None,
        });
        self.put(events.collect::<Vec<_>>());
    }
}
