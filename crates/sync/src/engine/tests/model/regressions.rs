//! Lives that the model found to break a rule, as short as it could make them.

use domain::System::{Autotask, Jim2};
use sqlx::PgPool;

use super::{
    super::world::Fault::{KilledAfter, KilledLate, Late, LostAnswer, Refused, Stopped},
    lane::Lane,
    life::run,
    script::{
        Batch, CALM, Step,
        Step::{Edit, Lag, Later, Make, Move, Note, Reword, Silent, Work},
        What::{Name, Remark, Status, Title},
    },
};
use crate::Point;

macro_rules! sound {
    ($($name:ident: $script:expr;)+) => {
        $(
            #[sqlx::test(migrations = false)]
            async fn $name(pool: PgPool) {
                let lane = Lane::new(&pool, "model", None).await;
                let script: &[Step] = $script;
                assert_eq!(run(&lane, script).await, Ok(()));
            }
        )+
    };
}

sound! {
    the_loser_of_a_conflict_is_told_of_though_the_answer_was_lost_and_the_value_changed_since: &[
        Make,
        Work(CALM),
        Edit(Jim2, 0, Title, 27),
        Work(Batch { faults: [Some(LostAnswer), None, None], ..CALM }),
        Edit(Jim2, 0, Title, 2),
    ];
    a_field_that_was_not_told_when_the_record_was_made_is_not_emptied_by_it: &[
        Make,
        Silent(Autotask, 0, Name),
        Work(CALM),
    ];
    who_edited_a_job_before_a_late_write_of_ours_took_its_place_is_told_of: &[
        Make,
        Work(CALM),
        Edit(Jim2, 0, Title, 31),
        Work(Batch { faults: [Some(KilledLate(97)), None, None], ..CALM }),
        Edit(Jim2, 0, Title, 56),
    ];
    each_who_edited_a_job_in_that_time_is_told_of: &[
        Make,
        Work(CALM),
        Edit(Jim2, 0, Title, 31),
        Work(Batch { faults: [Some(KilledLate(97)), None, None], ..CALM }),
        Edit(Jim2, 0, Title, 56),
        Edit(Jim2, 0, Title, 30),
    ];
    an_edit_that_a_lagging_read_did_not_show_is_known_by_its_evidence_though_the_re_read_lags_too: &[
        Make,
        Edit(Autotask, 0, Name, 19),
        Work(Batch { at: 5, meanwhile: 1, ..CALM }),
        Later(95),
        Lag(Autotask, 3),
        Step::Again(37),
        Edit(Autotask, 0, Status, 15),
        Edit(Jim2, 0, Status, 32),
        Work(CALM),
    ];
    what_was_written_over_before_a_record_changed_hands_is_told_of_though_the_pair_is_held: &[
        Make,
        Work(Batch { at: 4, meanwhile: 3, ..CALM }),
        Edit(Jim2, 0, Status, 45),
        Edit(Autotask, 0, Title, 32),
        Work(CALM),
        Work(Batch { faults: [Some(KilledLate(19)), None, None], ..CALM }),
        Move(0),
        Edit(Jim2, 0, Title, 51),
    ];
    a_note_that_is_put_in_other_words_before_its_copy_is_found_again_has_the_copy_follow: &[
        Make,
        Note(Autotask, 0),
        Work(Batch { faults: [None, None, Some(LostAnswer)], ..CALM }),
        Reword(Autotask, 0),
    ];
    a_jim2_edit_made_since_is_told_of_when_an_overwritten_one_in_autotask_is_restored: &[
        Make,
        Work(CALM),
        Edit(Jim2, 0, Status, 51),
        Work(Batch { at: 3, meanwhile: 1, ..CALM }),
        Edit(Autotask, 0, Status, 41),
        Edit(Jim2, 0, Status, 18),
    ];
    what_an_intent_that_came_to_nothing_would_have_made_is_not_in_the_journal: &[
        Make,
        Work(Batch { dies: Some(Point::BeforeWrite), ..CALM }),
        Later(300),
        Edit(Autotask, 0, Status, 42),
        Work(CALM),
        Edit(Jim2, 0, Status, 59),
    ];
    a_copy_is_not_taken_for_the_record_whose_making_was_not_answered: &[
        Make,
        Work(Batch { faults: [Some(LostAnswer), None, None], ..CALM }),
        Edit(Autotask, 0, Status, 3),
        Later(700),
        Step::Copy(0),
        Work(Batch { from: 2, take: 1, ..CALM }),
    ];
    what_the_owner_entered_before_a_late_write_is_told_of_though_the_pair_is_held: &[
        Make,
        Work(CALM),
        Edit(Jim2, 0, Status, 23),
        Work(Batch { faults: [Some(Late(57)), None, None], ..CALM }),
        Edit(Autotask, 0, Status, 36),
        Move(0),
    ];
    what_was_written_over_comes_back_though_its_first_restoring_is_refused: &[
        Make,
        Work(CALM),
        Edit(Jim2, 0, Remark, 1),
        Work(Batch { at: 3, meanwhile: 1, ..CALM }),
        Edit(Autotask, 0, Remark, 8),
        Work(Batch { faults: [Some(Refused), None, None], ..CALM }),
    ];
    who_edited_a_job_before_our_last_write_but_one_is_told_of: &[
        Make,
        Work(CALM),
        Edit(Autotask, 0, Status, 28),
        Work(Batch { at: 3, meanwhile: 3, ..CALM }),
        Edit(Jim2, 0, Title, 18),
        Edit(Jim2, 0, Status, 50),
        Edit(Autotask, 0, Remark, 48),
        Work(Batch { take: 1, ..CALM }),
    ];
    evidence_that_was_told_of_is_none_any_more_though_the_answer_was_lost: &[
        Make,
        Work(CALM),
        Edit(Jim2, 0, Status, 7),
        Work(Batch { at: 3, meanwhile: 1, ..CALM }),
        Edit(Autotask, 0, Status, 50),
        Edit(Autotask, 0, Status, 24),
        Work(Batch { faults: [Some(Late(80)), None, None], ..CALM }),
    ];
    an_edit_that_was_written_over_is_restored_on_both_sides_though_one_refuses_it_at_first: &[
        Make,
        Edit(Autotask, 0, Name, 52),
        Work(Batch { take: 1, ..CALM }),
        Edit(Jim2, 0, Status, 14),
        Work(Batch { at: 2, meanwhile: 1, ..CALM }),
        Edit(Autotask, 0, Status, 39),
        Work(Batch { faults: [None, Some(Refused), None], ..CALM }),
    ];
    an_edit_back_to_what_was_agreed_is_told_of_though_the_answer_to_what_it_took_back_was_lost: &[
        Make,
        Work(CALM),
        Edit(Jim2, 0, Status, 8),
        Work(Batch { faults: [Some(KilledAfter), None, None], ..CALM }),
        Edit(Jim2, 0, Status, 40),
        Edit(Autotask, 0, Status, 23),
    ];
    a_status_on_its_way_goes_on_though_its_second_step_is_refused_at_first: &[
        Make,
        Work(CALM),
        Edit(Autotask, 0, Status, 6),
        Work(Batch { faults: [None, Some(Refused), None], ..CALM }),
    ];
    what_was_written_over_is_told_of_though_somebody_has_changed_it_since_and_a_later_act_was_stopped: &[
        Make,
        Work(CALM),
        Edit(Jim2, 0, Title, 19),
        Note(Autotask, 0),
        Edit(Jim2, 0, Name, 9),
        Work(Batch { faults: [None, None, Some(Stopped)], at: 2, meanwhile: 1, ..CALM }),
        Edit(Autotask, 0, Name, 21),
        Edit(Autotask, 0, Name, 18),
    ];
    the_loser_of_a_conflict_is_told_of_though_the_answer_was_lost_and_the_field_is_not_told_any_more: &[
        Make,
        Work(CALM),
        Edit(Autotask, 0, Status, 12),
        Edit(Jim2, 0, Status, 33),
        Work(Batch { faults: [Some(KilledAfter), None, None], ..CALM }),
        Later(95),
        Later(50),
        Silent(Jim2, 1, Status),
        Work(CALM),
    ];
    what_a_write_of_a_field_never_judged_took_the_place_of_is_told_though_its_answer_was_lost: &[
        Make,
        Lag(Jim2, 3),
        Work(CALM),
        Work(CALM),
        Edit(Autotask, 0, Remark, 55),
        Work(CALM),
        Work(Batch { faults: [Some(KilledAfter), None, None], at: 2, meanwhile: 2, ..CALM }),
        Edit(Autotask, 0, Remark, 29),
        Edit(Jim2, 0, Remark, 9),
        Edit(Jim2, 0, Remark, 30),
    ];
    of_two_edits_that_were_written_over_the_later_is_restored_though_it_is_told_of_later: &[
        Make,
        Work(CALM),
        Edit(Jim2, 0, Remark, 1),
        Work(Batch { at: 3, meanwhile: 2, ..CALM }),
        Edit(Autotask, 0, Remark, 8),
        Edit(Autotask, 0, Remark, 9),
        Work(Batch { take: 1, ..CALM }),
    ];
    what_was_written_over_does_not_come_back_over_an_edit_made_since_though_it_is_told_of_later: &[
        Make,
        Work(CALM),
        Edit(Jim2, 0, Remark, 1),
        Work(Batch { at: 3, meanwhile: 1, ..CALM }),
        Edit(Autotask, 0, Remark, 8),
        Edit(Autotask, 0, Remark, 9),
        Work(Batch { from: 1, take: 1, ..CALM }),
    ];
    an_edit_that_lost_is_told_of_once_though_it_came_right_after_a_write_of_ours: &[
        Make,
        Work(CALM),
        Edit(Jim2, 0, Name, 22),
        Work(Batch { dies: Some(Point::BeforeRemember), ..CALM }),
        Edit(Autotask, 0, Name, 59),
        Edit(Jim2, 0, Name, 58),
        Later(95),
        Edit(Jim2, 0, Title, 14),
        Work(Batch { at: 5, meanwhile: 1, ..CALM }),
        Later(95),
    ];
}
