//! Each rule of correctness, taken out: the model must miss it, or it does not test it. Rules 13 and 14 live in `ingress`
//! and `broker`, with tests of their own.

use domain::{
    Cause, Floor,
    System::{Autotask, Jim2},
};
use sqlx::PgPool;

use super::{
    super::world::{Blind, Fault::Late},
    fail,
    generate::{EVERYTHING, generate},
    lane::Lane,
    life::run,
    script::{
        Batch, CALM, Step,
        Step::{Delete, Edit, Lag, Later, Make, Work},
        What::{Name, Remark, Status, Title},
    },
    violation::Broken,
    without::{Without, forget, last_is_owner, learn},
};

/// In so many lives a missing rule must show, from the seed on at which it has done so.
const LIVES: u64 = 100;

/// A write that arrives later than any may, right before the second one is sent.
const OVERDUE: &[Step] = &[
    Make,
    Work(Batch {
        faults: [Some(Late(200)), None, None],
        ..CALM
    }),
    Later(130),
    Work(Batch {
        at: 3,
        meanwhile: 1,
        ..CALM
    }),
    Later(95),
];

/// An edit of the side that is not written, told while the claim stands.
const MET: &[Step] = &[
    Make,
    Work(CALM),
    Edit(Autotask, 0, Title, 1),
    Work(Batch {
        at: 3,
        meanwhile: 2,
        ..CALM
    }),
    Edit(Autotask, 0, Remark, 1),
    Work(CALM),
];

/// A worker that is held up for longer than its claim holds, and another one that does its work meanwhile.
const TAKEN_OVER: &[Step] = &[
    Make,
    Work(CALM),
    Edit(Autotask, 0, Title, 1),
    Work(Batch {
        at: 2,
        meanwhile: 3,
        ..CALM
    }),
    Later(95),
    Edit(Autotask, 0, Title, 2),
    Work(CALM),
];

/// A job that vanishes, and an edit of its thing after that is known.
const VANISHED: &[Step] = &[
    Make,
    Work(CALM),
    Delete(Jim2, 0),
    Work(CALM),
    Edit(Autotask, 0, Title, 1),
];

/// A replica that does not show yet what its event tells.
const LAGGING: &[Step] = &[
    Make,
    Work(CALM),
    Lag(Autotask, 1),
    Edit(Autotask, 0, Title, 1),
    Work(CALM),
];

/// Names longer than the job takes.
const CUT: &[Step] = &[
    Make,
    Edit(Autotask, 0, Name, 1),
    Work(CALM),
    Edit(Autotask, 0, Name, 5),
];

/// A replica that does not show our own write yet.
const BEHIND: &[Step] = &[
    Make,
    Work(CALM),
    Edit(Jim2, 0, Status, 5),
    Lag(Autotask, 3),
    Work(CALM),
    Work(CALM),
];

/// A replica that does not show a new thing yet.
const UNSEEN: &[Step] = &[Lag(Autotask, 2), Make, Work(CALM)];

/// A life is found that breaks what the rule is for, and that is sound with the rule. `short` are lives for what chance comes
/// to too seldom, lived before those from seeds.
async fn is_missed(
    pool: &PgPool,
    without: Without,
    (short, first): (&[&[Step]], u64),
    broken: &[Broken],
) {
    let whole = Lane::new(pool, "whole", None).await;
    let lacking = Lane::new(pool, "lacking", Some(without)).await;
    let short = short.iter().map(|it| (0, it.to_vec()));
    let lives = short.chain((first..first + LIVES).map(|seed| (seed, generate(seed, &EVERYTHING))));
    for (seed, script) in lives {
        let Err(found) = run(&lacking, &script).await else {
            continue;
        };
        if let Err(found) = run(&whole, &script).await {
            fail(&whole, seed, &script, found).await;
        }
        if broken.contains(&found.broken) {
            println!("seed {seed} misses it: {:?}: {}", found.broken, found.says);
            return;
        }
    }
    panic!("it is missed by nobody: the model does not test it");
}

macro_rules! missed {
    ($($name:ident: $without:expr, [$($short:ident),*] $(from $first:literal)? => $($broken:ident)|+;)+) => {
        $(
            #[sqlx::test(migrations = false)]
            async fn $name(pool: PgPool) {
                let first = 0 $(+ $first)?;
                let broken = [$(Broken::$broken),+];
                is_missed(&pool, $without, (&[$($short),*], first), &broken).await;
            }
        )+
    };
}

/// Whoever lost a claim goes on as if it were his.
const NO_EPOCH: &str = "
    new.epoch := old.epoch;
    if new.claimed_by is null and old.claimed_by is not null then
        new.claimed_by := old.claimed_by;
        new.claimed_until := now() - interval '1 second';
    end if";

/// A value of the job is compared with what the thing's was.
const ONE_SHADOW: &str = "
    update pair set shadow = jsonb_set(shadow, '{jim2,name}', shadow #> '{autotask,name}')
    where kind = 'thing' and shadow #> '{autotask,name}' is not null and claimed_by is null";

missed! {
    rule_1_is_missed_where_a_re_read_teaches:
        Without::After(learn), [] => Unequal | Swallowed;
    rule_2_is_missed_where_nobody_waits_for_a_late_write:
        Without::After(|_| "update intent set sent_at = sent_at - interval '1 hour'".to_owned()), [] from 35
        => MadeTwice;
    rule_2_is_missed_where_a_late_claimant_is_not_told_so:
        Without::Trigger(NO_EPOCH), [TAKEN_OVER] => NotTheOwner | Unequal;
    rule_2_is_missed_where_nobody_looks_again:
        Without::Blind(Blind::Twins), [OVERDUE] => MadeTwice;
    rule_3_is_missed_where_what_meets_a_claim_is_dropped:
        Without::Trigger("new.dirty := null"), [MET] => Unequal;
    rule_4_is_missed_where_no_intent_is_kept:
        Without::After(|_| "delete from intent".to_owned()), []
        => MadeTwice | HeldForNothing | Swallowed | NoteTwice;
    rule_5_is_missed_where_nobody_looks_for_what_a_lost_answer_made:
        Without::Blind(Blind::LookUp), [] from 35 => MadeTwice;
    rule_5_is_missed_where_one_side_is_enough:
        Without::Blind(Blind::OneSided), [] => Stranger | Trespass;
    rule_6_is_missed_where_it_is_not_asked_whose_a_record_is:
        Without::Blind(Blind::Identity), [] => Trespass;
    rule_6_is_missed_where_what_vanished_never_was:
        Without::After(forget), [VANISHED] => MadeAgain;
    rule_7_is_missed_where_what_is_not_told_counts_as_empty:
        Without::Blind(Blind::Silence), [] => Emptied;
    rule_8_is_missed_where_every_difference_is_settled:
        Without::Events(|event| event.cause = Cause::Apply), [] from 25 => Drifted;
    rule_8_is_missed_where_a_value_is_compared_with_the_other_sides:
        Without::After(|_| ONE_SHADOW.to_owned()), [CUT] => NotTheOwner;
    rule_9_is_missed_where_a_read_may_be_older_than_its_event:
        Without::Events(|event| event.floor = Floor::default()), [LAGGING] => Unequal;
    rule_9_is_missed_where_a_read_may_be_older_than_our_write:
        Without::After(|_| "update pair set written_at = written_at - interval '1 hour'".to_owned()),
        [BEHIND] => Unequal | Swallowed;
    rule_9_is_missed_where_what_is_not_there_at_once_never_was:
        Without::Waiting, [UNSEEN] => Unequal;
    rule_10_is_missed_where_evidence_does_not_travel:
        Without::Events(|event| event.evidence.clear()), [] from 40 => Swallowed;
    rule_11_is_missed_where_who_came_last_is_right:
        Without::Before(last_is_owner), [] => NotTheOwner;
    rule_12_is_missed_where_marks_say_nothing:
        Without::Blind(Blind::Marks), [] from 30 => NoteTwice;
    rule_15_is_missed_where_a_newer_build_is_not_left_alone:
        Without::Formats, [] from 55 => Trespass;
}
