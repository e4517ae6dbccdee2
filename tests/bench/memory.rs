//! A burst of changed tickets through everything in one process: what Autotask is asked for it, and what memory it takes,
//! with few pairs and with many.

use crate::{
    it::{
        figures::{Aim, Row},
        system::memory,
    },
    stage::{PATIENCE, Stage, float},
};

/// Bursts with as many pairs; each takes its time, and none differs much.
const MOST_BURSTS: usize = 3;

/// What bursts came to.
#[derive(Debug, Default)]
struct Bursts {
    /// Reads of Autotask for each change.
    reads: Vec<f64>,
    /// Memory after it, in MB.
    after: Vec<f64>,
    /// The most memory at any time, in MB.
    peak: Vec<f64>,
}

/// The rows `reads`, `memory` and `flat`.
pub(crate) async fn measure(stage: &Stage, rounds: usize) -> Vec<Row> {
    stage.burst().await;
    let [few, many] = stage.scale.pairs;
    have_pairs(stage, few).await;
    let with_few = bursts(stage, rounds, "F").await;
    have_pairs(stage, many).await;
    let with_many = bursts(stage, rounds, "M").await;
    vec![
        Row {
            name: "reads",
            what: "Autotask calls to read a burst of changed tickets ÷ tickets",
            unit: "",
            aim: Aim::AtMost(0.05),
            samples: [with_few.reads, with_many.reads].concat(),
            made_of: vec![("tickets", "", vec![float(stage.scale.tickets)])],
        },
        Row {
            name: "memory",
            what: "memory of `crossbill serve` after the burst, 100,000 pairs",
            unit: "MB",
            aim: Aim::AtMost(80.0),
            samples: with_many.after.clone(),
            made_of: vec![("at most", "MB", with_many.peak)],
        },
        Row {
            name: "flat",
            what: "the same ÷ with 10,000 pairs",
            unit: "",
            aim: Aim::AtMost(1.1),
            samples: Row::ratios(&with_many.after, &with_few.after),
            made_of: vec![("with 10,000", "MB", with_few.after)],
        },
    ]
}

/// Bursts, one after the other, through a process that begins with the first.
async fn bursts(stage: &Stage, rounds: usize, word: &str) -> Bursts {
    let (system, burst) = (&stage.system, stage.burst().await);
    let process = stage.serve().await;
    system.quiet_within(PATIENCE).await;
    system.doorway.open();
    let mut bursts = Bursts::default();
    for round in 0..rounds.min(MOST_BURSTS) {
        let before = reads(stage).await;
        burst.change(stage, &format!("{word}{round}")).await;
        system.quiet_within(PATIENCE).await;
        let spent = reads(stage).await - before;
        bursts.reads.push(spent / float(burst.tickets.len()));
        bursts.after.push(memory(&process, "VmRSS").unwrap());
        bursts.peak.push(memory(&process, "VmHWM").unwrap());
    }
    system.doorway.hold();
    stage.end(process).await;
    bursts
}

async fn reads(stage: &Stage) -> f64 {
    let stats = stage.system.hands.autotask.stats().await.unwrap();
    stats["calls"]["reads"].as_f64().unwrap()
}

/// Fills up to so many pairs of tickets, copies of one with ids that no system has.
async fn have_pairs(stage: &Stage, count: i64) {
    let pool = &stage.system.database.pool;
    let filled = sqlx::query(
        "insert into pair (id, kind, autotask_id, jim2_id, state, label, shadow, mapping_version, epoch, written_at)
         select gen_random_uuid(), kind, (1000000000 + n)::text, (1000000000 + n)::text, state,
                'T20200101.' || n || ' Long ago', shadow, mapping_version, epoch, written_at
         from (select * from pair where kind = 'ticket' and state = 'paired' and shadow is not null limit 1) p,
              generate_series((select count(*) from pair) + 1, $1) n",
    );
    filled.bind(count).execute(pool).await.unwrap();
    let analyzed = sqlx::query("analyze pair");
    analyzed.execute(pool).await.unwrap();
}
