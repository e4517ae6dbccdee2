//! One life: a script, lived through to the end.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Clock as _, Event, Evidence, Key, RecordId, System, Value};
use store::held::{Resend, Which};

use super::{
    super::world::{Entry, FIELDS, THING, ThingRules, World},
    judge,
    lane::{self, Lane, Passing, execute},
    script::{Batch, Step, What},
    violation::{Broken, Violation},
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
    life.world.state().blind = lane.without.and_then(|it| it.blind());
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
    workers: [Arc<Engine<ThingRules, World>>; 2],
    queue: Vec<Message>,
    told: Vec<Event>,
    /// Seconds for which a call is held up.
    held_up: Option<i64>,
    entered: i64,
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
            held_up: None,
            entered: 0,
        }
    }

    async fn live(mut self, script: &[Step]) -> Result<(), Violation> {
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
            Step::Copy(thing) => self.copy(thing),
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

    // ------------------------------------------------------------------------------------ people

    fn make(&mut self, name: &str) {
        if self.things.len() >= 3 {
            return;
        }
        let autotask = self.world.thing(&format!("{name} {}", self.things.len()));
        if let Some(record) = self.world.state().autotask.get_mut(&autotask) {
            record.facts.insert("owner", 1.into());
            record.fields.insert("remark".to_owned(), Value::Empty);
        }
        self.tell(System::Autotask, &autotask, None);
        self.things.push(Thing {
            autotask,
            by_hand: None,
            is_deleted: false,
            is_copied: false,
            is_moved: false,
        });
    }

    /// A job as well, of another name, each with the other's reference.
    fn make_both(&mut self) {
        let before = self.things.len();
        self.make("Desk");
        let Some(thing) = self.things.get_mut(before) else {
            return;
        };
        let job = {
            let mut state = self.world.state();
            let id = state.fresh_id();
            let mut record = state.autotask[&thing.autotask].clone();
            record.fields.insert("name".to_owned(), "Shop".into());
            record.fields.insert("status".to_owned(), "Booked".into());
            record.facts = [("customer", 1.into())].into();
            record.reference = Some(format!("{}/1", thing.autotask));
            record.changed = state.tick(System::Jim2);
            state.jim2.insert(id.clone(), record);
            if let Some(record) = state.autotask.get_mut(&thing.autotask) {
                record.reference = Some(id.to_string());
            }
            id
        };
        thing.by_hand = Some(job);
    }

    fn edit(&mut self, side: System, thing: u8, what: What, value: u8) {
        let Some((_, id)) = self.record(side, thing) else {
            return;
        };
        self.entered += 1;
        let value = entered(side, what, value, self.entered);
        self.world.state().edit(side, &id, what.name(), value);
        self.tell_entry(side, &id);
    }

    fn note(&mut self, side: System, thing: u8) {
        let Some((_, id)) = self.record(side, thing) else {
            return;
        };
        self.entered += 1;
        let text = format!("note {}", self.entered);
        self.world.state().note(side, &id, &text);
        self.tell(side, &id, None);
    }

    fn reword(&mut self, side: System, thing: u8) {
        let Some((_, id)) = self.record(side, thing) else {
            return;
        };
        self.entered += 1;
        let text = format!("note {} put another way", self.entered);
        if self.world.state().reword(side, &id, &text) {
            self.tell(side, &id, None);
        }
    }

    fn silence(&mut self, side: System, thing: u8, what: What) {
        let Some((_, id)) = self.record(side, thing) else {
            return;
        };
        if let Some(record) = self.world.state().side(side).get_mut(&id) {
            record.silent.insert(what.name());
        }
        self.tell(side, &id, None);
    }

    fn tells(&mut self, side: System, thing: u8) {
        let Some((_, id)) = self.record(side, thing) else {
            return;
        };
        if let Some(record) = self.world.state().side(side).get_mut(&id) {
            record.silent.clear();
        }
        self.tell(side, &id, None);
    }

    /// Only of a pair that is known as one: what was lost before is another matter.
    fn delete(&mut self, side: System, thing: u8) {
        let Some((place, id)) = self.record(side, thing) else {
            return;
        };
        let Some((_, other)) = self.record(side.other(), thing) else {
            return;
        };
        if !self.is_paired(place) {
            return;
        }
        self.things[place].is_deleted = true;
        {
            let mut state = self.world.state();
            state.catch_up();
            state.side(side).remove(&id);
            let other = (side.other(), other);
            state
                .off_limits
                .insert(other, "its other half has vanished");
        }
        self.tell(side, &id, None);
    }

    fn copy(&mut self, thing: u8) {
        let Some((place, id)) = self.record(System::Jim2, thing) else {
            return;
        };
        self.things[place].is_copied = true;
        let copy = {
            let mut state = self.world.state();
            let mut record = state.jim2[&id].clone();
            record.children.clear();
            let copy = state.fresh_id();
            state.jim2.insert(copy.clone(), record);
            let off = (System::Jim2, copy.clone());
            state.off_limits.insert(off, "it is a copy");
            copy
        };
        self.tell(System::Jim2, &copy, None);
    }

    fn move_to(&mut self, thing: u8, customer: i64) {
        let (Some((place, job)), Some((_, ticket))) = (
            self.record(System::Jim2, thing),
            self.record(System::Autotask, thing),
        ) else {
            return;
        };
        if !self.is_paired(place) {
            return;
        }
        let is_away = customer != 1;
        self.things[place].is_moved = is_away;
        {
            let mut state = self.world.state();
            // A read from before could not know.
            state.catch_up();
            if let Some(record) = state.jim2.get_mut(&job) {
                record.facts.insert("customer", customer.into());
            }
            for half in [(System::Jim2, job.clone()), (System::Autotask, ticket)] {
                if is_away {
                    state.off_limits.insert(half, "it changed hands");
                } else {
                    state.off_limits.remove(&half);
                }
            }
        }
        self.tell(System::Jim2, &job, None);
    }

    // ------------------------------------------------------------------------------------ a newer build

    async fn newer(&mut self, thing: u8) {
        let Some((_, ticket)) = self.record(System::Autotask, thing) else {
            return;
        };
        let v = if self.lane.without == Some(super::without::Without::Formats) {
            1
        } else {
            99
        };
        let sql = format!(
            "update pair set shadow = jsonb_build_object(
                 'v', {v}, 'autotask', '{{}}'::jsonb, 'jim2', '{{}}'::jsonb, 'kept', shadow)
             where kind = 'thing' and autotask_id = '{ticket}' and shadow is not null
               and claimed_by is null and not shadow ? 'kept'"
        );
        let done = sqlx::query(sqlx::AssertSqlSafe(sql))
            .execute(&self.lane.pool)
            .await
            .unwrap();
        if done.rows_affected() > 0 {
            let job = self.record(System::Jim2, thing).map(|(_, id)| id);
            let mut state = self.world.state();
            for half in [
                Some((System::Autotask, ticket)),
                job.map(|id| (System::Jim2, id)),
            ] {
                if let Some(half) = half {
                    state
                        .off_limits
                        .entry(half)
                        .or_insert("a newer build has it");
                }
            }
        }
    }

    async fn older(&mut self, thing: u8) {
        let place = usize::from(thing) % self.things.len().max(1);
        let Some(Thing {
            autotask: ticket, ..
        }) = self.things.get(place).cloned()
        else {
            return;
        };
        let sql = format!(
            "update pair set shadow = shadow -> 'kept'
             where kind = 'thing' and autotask_id = '{ticket}' and shadow ? 'kept'"
        );
        execute(&self.lane.pool, &sql).await;
        let job = self.record(System::Jim2, thing).map(|(_, id)| id);
        let mut state = self.world.state();
        for half in [
            Some((System::Autotask, ticket)),
            job.map(|id| (System::Jim2, id)),
        ] {
            if let Some(half) = half
                && state.off_limits.get(&half) == Some(&"a newer build has it")
            {
                state.off_limits.remove(&half);
            }
        }
    }

    // ------------------------------------------------------------------------------------ time and messages

    async fn later(&mut self, seconds: i64) {
        let seconds = match &mut self.held_up {
            Some(left) => {
                let seconds = seconds.min(*left);
                *left -= seconds;
                seconds
            }
            None => seconds,
        };
        self.clock.pass(seconds);
        {
            let mut state = self.world.state();
            state.pass(seconds);
            if seconds >= 120 {
                state.catch_up();
            }
        }
        self.lane.pass(seconds).await;
        if seconds >= 60 {
            let rescued = self.lane.rescued().await;
            self.put(rescued);
        }
    }

    fn tell_again(&mut self, place: u8) {
        if !self.told.is_empty() {
            let event = self.told[usize::from(place) % self.told.len()].clone();
            self.put([event]);
        }
    }

    /// The system tells that a person changed a record.
    fn tell_entry(&mut self, side: System, id: &RecordId) {
        let entry = self.world.state().last_entry().cloned();
        let at = self.world.state().time(side);
        let evidence = entry.map(|entry| Evidence {
            at,
            fields: match side {
                System::Autotask if entry.value != entry.before => named(&entry),
                System::Autotask | System::Jim2 => [].into(),
            },
            by: Some(entry.by),
        });
        self.tell(side, id, evidence);
    }

    fn tell(&mut self, side: System, id: &RecordId, evidence: Option<Evidence>) {
        let mut event = Event::new(Key::new(THING, side, id.clone()), domain::Cause::Live);
        event.floor.at = Some(self.world.state().time(side));
        event.evidence.extend(evidence);
        self.told.push(event.clone());
        self.put([event]);
    }

    fn put(&mut self, events: impl IntoIterator<Item = Event>) {
        let first_seen = self.clock.now();
        for mut event in events {
            if let Some(without) = self.lane.without {
                without.strip(&mut event);
            }
            self.queue.push(Message {
                event,
                first_seen,
                attempt: 0,
            });
        }
    }

    fn take(&mut self, batch: &Batch) -> Vec<Message> {
        let mut taken = Vec::new();
        for _ in 0..batch.take {
            if !self.queue.is_empty() {
                let at = usize::from(batch.from) % self.queue.len();
                taken.push(self.queue.remove(at));
            }
        }
        taken
    }

    // ------------------------------------------------------------------------------------ workers

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

    // ------------------------------------------------------------------------------------ the end

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

    // ------------------------------------------------------------------------------------ who is who

    /// A thing's place, and its record on a side.
    fn record(&self, side: System, thing: u8) -> Option<(usize, RecordId)> {
        let place = usize::from(thing) % self.things.len().max(1);
        let thing = self.things.get(place)?;
        let id = match side {
            System::Autotask => Some(thing.autotask.clone()),
            System::Jim2 => self.job_of(thing),
        }?;
        let is_there = self.world.state().side(side).contains_key(&id);
        is_there.then_some((place, id))
    }

    /// The job of a thing: that of a person, or the first that we made.
    pub(super) fn job_of(&self, thing: &Thing) -> Option<RecordId> {
        thing.by_hand.clone().or_else(|| {
            self.world
                .state()
                .made_for(&thing.autotask)
                .first()
                .cloned()
        })
    }

    /// Whether our reference is in Autotask: the pair was remembered before that.
    fn is_paired(&self, place: usize) -> bool {
        let thing = &self.things[place];
        let state = self.world.state();
        let record = state.autotask.get(&thing.autotask);
        thing.by_hand.is_none() && record.is_some_and(|it| it.reference.is_some())
    }
}

/// The value that a person enters. Three of four are like no other; the rest come again and again.
fn entered(side: System, what: What, value: u8, number: i64) -> Value {
    let word = match value % 4 {
        0 => format!("word {}", value / 4 % 3),
        _ => format!("{} {number}", what.name()),
    };
    match (what, side) {
        (What::Status, _) => {
            let number = i64::from(value) % lane::STATUSES + 1;
            match side {
                System::Autotask => number.into(),
                System::Jim2 => lane::status(number).into(),
            }
        }
        (What::Title | What::Remark, _) if value == 4 => Value::Empty,
        (What::Name, System::Autotask) if value % 4 == 1 => format!("{word} is long").into(),
        _ => word.into(),
    }
}

/// The values of an entry as a webhook names them.
fn named(entry: &Entry) -> std::collections::BTreeMap<String, Value> {
    let field = FIELDS.iter().find(|field| field.name == entry.field);
    let names = field.map_or(&[][..], |field| field.webhook_names);
    names
        .iter()
        .map(|name| ((*name).to_owned(), entry.value.clone()))
        .collect()
}
