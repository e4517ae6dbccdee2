//! Any interleaving of edits on both sides, duplicates, reordering, lagging replicas, faults and deaths between any two
//! steps, with two workers at once, ends with both sides equal, and nothing made twice. Each seed is a short life of
//! three things; a failure prints its seed.

use domain::{Event, RecordId, System};
use rand::{Rng as _, SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;
use sqlx::PgPool;

use crate::Point;

use super::{
    bench::Bench,
    world::{Fault, World},
};

const SEEDS: u64 = 40;
const STEPS: usize = 25;
const FAULTS: [Fault; 4] = [
    Fault::LostAnswer,
    Fault::Stopped,
    Fault::Refused,
    Fault::Busy,
];

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn any_interleaving_ends_equal_and_nothing_is_made_twice(pool: PgPool) {
    let mut bench = Bench::new(pool).await;
    // What was made a moment ago may not be there yet.
    bench.engine.timing.unseen = std::time::Duration::from_mins(10);
    let second = bench.second().await;
    store::mapping::release_brake(&bench.db, &super::world::THING)
        .await
        .unwrap();
    for seed in 0..SEEDS {
        println!("seed {seed}");
        Life::new(&bench, &second, seed).live().await;
    }
}

struct Life<'a> {
    bench: &'a Bench,
    second: &'a Bench,
    random: ChaCha8Rng,
    queue: Vec<Event>,
    things: Vec<RecordId>,
}

impl<'a> Life<'a> {
    fn new(bench: &'a Bench, second: &'a Bench, seed: u64) -> Self {
        Self {
            bench,
            second,
            random: ChaCha8Rng::seed_from_u64(seed),
            queue: Vec::new(),
            things: Vec::new(),
        }
    }

    async fn live(mut self) {
        for _ in 0..STEPS {
            match self.random.random_range(0..10) {
                0 if self.things.len() < 3 => self.make(),
                0..=4 => self.edit(),
                5 => self.note(),
                _ => self.work().await,
            }
        }
        self.bench.world.state().faults.clear();
        self.bench.world.state().crash_at = None;
        for _ in 0..50 {
            self.later().await;
            self.queue.extend(self.bench.rescued().await);
            self.queue.extend(self.bench.published().await);
            if self.queue.is_empty() {
                break;
            }
            let batch = std::mem::take(&mut self.queue);
            self.queue = self.bench.handle(&batch).await;
        }
        assert!(self.queue.is_empty(), "no standstill: {:?}", self.queue);
        self.replay_held().await;
        for thing in &self.things {
            self.check(thing);
        }
    }

    fn make(&mut self) {
        let thing = self
            .bench
            .world
            .thing(&format!("Thing {}", self.things.len()));
        self.tell(System::Autotask, &thing);
        self.things.push(thing);
    }

    /// A person's edit on either side, and the event of it, sometimes twice.
    fn edit(&mut self) {
        let Some((system, id)) = self.anything() else {
            return;
        };
        let word = format!("word {}", self.random.random_range(0..5));
        match (self.random.random_range(0..3), system) {
            (0, _) => self.bench.world.state().edit(system, &id, "name", word),
            (1, System::Autotask) => self.bench.world.state().edit(system, &id, "title", word),
            (_, System::Autotask) => {
                let status = self.random.random_range(1..=3i64);
                self.bench.world.state().edit(system, &id, "status", status);
            }
            (_, System::Jim2) => {
                let status = ["Booked", "WAIT", "FINISH"][self.random.random_range(0..3)];
                self.bench.world.state().edit(system, &id, "status", status);
            }
        }
        self.tell(system, &id);
    }

    fn note(&mut self) {
        let Some((system, id)) = self.anything() else {
            return;
        };
        self.bench.world.state().note(system, &id, "a note");
        self.tell(system, &id);
    }

    /// Time passes: claims run out, writes have arrived or never will, replicas have caught up.
    async fn later(&self) {
        self.bench.world.state().catch_up();
        self.bench.later().await;
    }

    /// Batches of some of the queue for two workers, in any order, with a fault or two, a death between two steps of the
    /// first one, and replicas that lag; sometimes time passes.
    async fn work(&mut self) {
        if self.random.random_bool(0.3) {
            self.later().await;
            self.queue.extend(self.bench.rescued().await);
        }
        self.queue.extend(self.bench.published().await);
        self.queue.shuffle(&mut self.random);
        let rest = self.queue.split_off(self.queue.len().min(4));
        let mut batch = std::mem::replace(&mut self.queue, rest);
        let others = if self.random.random_bool(0.4) {
            batch.split_off(batch.len() / 2)
        } else {
            Vec::new()
        };
        self.trouble();
        let (back, too) = tokio::join!(self.bench.handle(&batch), self.second.handle(&others));
        {
            let mut state = self.bench.world.state();
            state.faults.clear();
            state.crash_at = None;
        }
        self.queue.extend(back);
        self.queue.extend(too);
    }

    fn trouble(&mut self) {
        let point = Point::ALL[self.random.random_range(0..Point::ALL.len())];
        let lagging = System::BOTH[self.random.random_range(0..2)];
        let (dies, lags) = (self.random.random_bool(0.3), self.random.random_bool(0.2));
        let faults: Vec<Option<Fault>> = (0..3)
            .map(|_| {
                self.random
                    .random_bool(0.25)
                    .then(|| FAULTS[self.random.random_range(0..FAULTS.len())])
            })
            .collect();
        let mut state = self.bench.world.state();
        state.faults.extend(faults);
        state.crash_at = dies.then_some(point);
        if lags {
            state.lag(lagging, 3);
        }
    }

    /// The faults are over: what was refused, and only that, is replayed by a person.
    async fn replay_held(&mut self) {
        let held = store::held::take_for_replay(&self.bench.db, &store::held::Which::All, 100)
            .await
            .unwrap();
        for item in held {
            let store::held::Resend::Event(event) = item.resend else {
                panic!("not an event")
            };
            assert_eq!(self.bench.handle(&[*event]).await, []);
            let again = self.bench.published().await;
            self.bench.handle(&again).await;
        }
        assert!(
            self.bench.problems().await.is_empty(),
            "{:?}",
            self.bench.problems().await
        );
    }

    fn check(&self, thing: &RecordId) {
        let world: &World = &self.bench.world;
        let made = world.made_for(thing);
        assert_eq!(
            made.len(),
            1,
            "thing {thing} has {} records in Jim2",
            made.len()
        );
        let (name, job) = (world.field(System::Autotask, thing, "name"), &made[0]);
        assert_eq!(name, world.field(System::Jim2, job, "name"));
        assert_eq!(
            world.field(System::Autotask, thing, "title"),
            world.field(System::Jim2, job, "title")
        );
        let status = match world.field(System::Autotask, thing, "status").as_number() {
            Some(1) => "Booked",
            Some(2) => "WAIT",
            _ => "FINISH",
        };
        assert_eq!(world.field(System::Jim2, job, "status"), status.into());
        let state = world.state();
        let (here, there) = (&state.autotask[thing], &state.jim2[job]);
        assert_eq!(here.reference, Some(job.to_string()));
        assert_eq!(
            here.children.len(),
            there.children.len(),
            "each note has one copy"
        );
        let copies = here
            .children
            .iter()
            .chain(&there.children)
            .filter(|child| child.ours)
            .count();
        assert_eq!(
            copies,
            here.children.len(),
            "a note was copied twice or not at all"
        );
    }

    fn anything(&mut self) -> Option<(System, RecordId)> {
        let thing = self
            .things
            .get(self.random.random_range(0..self.things.len().max(1)))?
            .clone();
        let made = self.bench.world.made_for(&thing);
        match made.first() {
            Some(job) if self.random.random_bool(0.5) => Some((System::Jim2, job.clone())),
            _ => Some((System::Autotask, thing)),
        }
    }

    fn tell(&mut self, system: System, id: &RecordId) {
        let event = self.bench.fresh_event(system, id);
        for _ in 0..if self.random.random_bool(0.3) { 2 } else { 1 } {
            self.queue.push(event.clone());
        }
    }
}
