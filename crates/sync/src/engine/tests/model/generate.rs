//! From a seed to a life.

use domain::System;
use rand::{Rng as _, SeedableRng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;

use super::{
    super::world::Fault,
    script::{Batch, CALM, Step, What},
};
use crate::Point;

/// What lives are full of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Profile {
    /// How many steps, about.
    pub(super) steps: usize,
    /// How often each, in parts of their sum.
    pub(super) weights: Weights,
    /// In how many of a hundred writes something goes wrong.
    pub(super) faults: u32,
    /// In how many of a hundred batches the worker dies.
    pub(super) deaths: u32,
    /// In how many of a hundred batches something happens meanwhile.
    pub(super) meanwhile: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Weights {
    pub(super) matched: u32,
    pub(super) edit: u32,
    pub(super) note: u32,
    pub(super) silent: u32,
    pub(super) delete: u32,
    pub(super) copy: u32,
    pub(super) moved: u32,
    pub(super) newer: u32,
    pub(super) lag: u32,
    pub(super) later: u32,
    pub(super) again: u32,
    pub(super) work: u32,
}

/// A life with something of everything.
pub(super) const EVERYTHING: Profile = Profile {
    steps: 18,
    weights: Weights {
        matched: 1,
        edit: 30,
        note: 7,
        silent: 3,
        delete: 1,
        copy: 1,
        moved: 2,
        newer: 2,
        lag: 5,
        later: 12,
        again: 6,
        work: 40,
    },
    faults: 15,
    deaths: 20,
    meanwhile: 35,
};

/// The life of a seed.
pub(super) fn generate(seed: u64, profile: &Profile) -> Vec<Step> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut script = vec![Step::Make];
    while script.len() < profile.steps {
        let step = step(&mut random, profile);
        script.push(step);
        if let Step::Work(batch) = step {
            for _ in 0..batch.meanwhile {
                script.push(meanwhile(&mut random));
            }
        }
    }
    script
}

type Maker = fn(&mut ChaCha8Rng, &Profile) -> Step;

fn step(random: &mut ChaCha8Rng, profile: &Profile) -> Step {
    let w = &profile.weights;
    let makers: [(u32, Maker); 12] = [
        (w.matched, |random, _| {
            if random.random_bool(0.5) {
                Step::Match
            } else {
                Step::Make
            }
        }),
        (w.edit, |random, _| edit(random)),
        (w.note, |random, _| match random.random_range(0..3) {
            0 => Step::Reword(side(random), thing(random)),
            _ => Step::Note(side(random), thing(random)),
        }),
        (w.silent, |random, _| {
            if random.random_bool(0.7) {
                Step::Silent(side(random), thing(random), what(random))
            } else {
                Step::Tells(side(random), thing(random))
            }
        }),
        (w.delete, |random, _| {
            Step::Delete(side(random), thing(random))
        }),
        (w.copy, |random, _| Step::Copy(thing(random))),
        (w.moved, |random, _| {
            if random.random_bool(0.7) {
                Step::Move(thing(random))
            } else {
                Step::Back(thing(random))
            }
        }),
        (w.newer, |random, _| {
            if random.random_bool(0.6) {
                Step::Newer(thing(random))
            } else {
                Step::Older(thing(random))
            }
        }),
        (w.lag, |random, _| {
            Step::Lag(side(random), random.random_range(1..4))
        }),
        (w.later, |random, _| later(random)),
        (w.again, |random, _| Step::Again(random.random())),
        (w.work, work),
    ];
    let all: u32 = makers.iter().map(|(weight, _)| weight).sum();
    let mut at = random.random_range(0..all);
    for (weight, make) in makers {
        if at < weight {
            return make(random, profile);
        }
        at -= weight;
    }
    Step::Make
}

fn edit(random: &mut ChaCha8Rng) -> Step {
    Step::Edit(
        side(random),
        thing(random),
        what(random),
        random.random_range(0..60),
    )
}

fn later(random: &mut ChaCha8Rng) -> Step {
    let waits = [5, 50, 95, 130, 300, 700];
    Step::Later(*waits.choose(random).unwrap_or(&5))
}

fn work(random: &mut ChaCha8Rng, profile: &Profile) -> Step {
    let mut faults = [None; 3];
    for fault in &mut faults {
        if random.random_ratio(profile.faults, 100) {
            *fault = Some(self::fault(random));
        }
    }
    let dies = random.random_ratio(profile.deaths, 100);
    let is_met = random.random_ratio(profile.meanwhile, 100);
    Step::Work(Batch {
        take: random.random_range(1..5),
        from: random.random_range(0..4),
        faults,
        dies: dies.then(|| Point::ALL[random.random_range(0..10)]),
        at: if is_met { random.random_range(1..7) } else { 0 },
        meanwhile: if is_met { random.random_range(1..4) } else { 0 },
    })
}

fn fault(random: &mut ChaCha8Rng) -> Fault {
    let seconds = random.random_range(1..115);
    match random.random_range(0..9) {
        0 | 1 => Fault::LostAnswer,
        2 | 3 => Fault::Late(seconds),
        4 => Fault::KilledLate(seconds),
        5 => Fault::KilledAfter,
        6 => Fault::Stopped,
        7 => Fault::Refused,
        _ => Fault::Busy,
    }
}

/// What happens while a worker waits for an answer.
fn meanwhile(random: &mut ChaCha8Rng) -> Step {
    match random.random_range(0..10) {
        0..6 => edit(random),
        6 => Step::Note(side(random), thing(random)),
        7 => Step::Later(*[30, 95].choose(random).unwrap_or(&30)),
        _ => Step::Work(Batch {
            from: random.random_range(0..4),
            ..CALM
        }),
    }
}

fn side(random: &mut ChaCha8Rng) -> System {
    System::BOTH[random.random_range(0..2)]
}

/// Mostly the first, so that much happens to one.
fn thing(random: &mut ChaCha8Rng) -> u8 {
    u8::from(random.random_bool(0.25))
}

fn what(random: &mut ChaCha8Rng) -> What {
    What::ALL[random.random_range(0..4)]
}
