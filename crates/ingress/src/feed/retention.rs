//! Change tables are cleaned: what was there between the cursor and the oldest row that is left is not told any more, and
//! is a gap that the sweeps close.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{System, Told};
use jim2::Changes;
use store::{
    cursor::Cursor,
    gap::{self, NewGap},
};

use sync::clocks::SKEW;

use super::Feed;
use crate::trouble::Trouble;

/// Why events may be missing.
pub(super) const REASON: &str =
    "Jim2's change table was cleaned before all of it was read: nobody had read it for too long";
/// Where the table does not tell what is left of it: nobody cleans it sooner.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// Opens a gap where rows were cleaned away that nobody has read.
pub(super) async fn note(
    feed: &Feed,
    from: Option<&Cursor>,
    page: &Changes,
) -> Result<(), Trouble> {
    let Some(from) = from else {
        return Ok(());
    };
    let Some((since, until)) = lost(from, page, feed.clock.now()) else {
        return Ok(());
    };
    let missed = NewGap {
        system: System::Jim2,
        kind: None,
        reason: REASON,
        since,
        until: Some(until),
        missed: None,
    };
    gap::open(&feed.db, &missed).await?;
    tracing::warn!(%since, %until, "the change table was cleaned meanwhile, a gap is open");
    Ok(())
}

/// The span of which nothing is told any more: from when the cursor moved last to the oldest row that is left.
fn lost(
    from: &Cursor,
    page: &Changes,
    now: DateTime<Utc>,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let next = from.position.position + 1;
    let is_lost = match page.oldest {
        Told::Is(oldest) => oldest > next,
        Told::Empty => page.safe_mark >= next,
        Told::Not => now - from.moved_at > KEPT,
    };
    if !is_lost {
        return None;
    }
    let first = page.rows.first().and_then(|row| row.at.get().copied());
    let since = from.moved_at - SKEW;
    let until = first.map_or(now, |at| at + SKEW).min(now);
    Some((since, until.max(since)))
}

#[cfg(test)]
mod tests {
    use jim2::{Change, Identity, Object, Operation};
    use store::cursor::Position;

    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn cursor(position: i64) -> Cursor {
        Cursor {
            name: "jim2.changes".to_owned(),
            position: Position {
                position,
                ..Position::default()
            },
            moved_at: at(100),
        }
    }

    fn page(oldest: Told<i64>, first: Option<i64>) -> Changes {
        let row = |minute| Change {
            position: 60,
            object: Object::Job,
            key: "5001".to_owned(),
            operation: Operation::Update,
            at: Told::Is(at(minute)),
            by: Told::Not,
        };
        Changes {
            safe_mark: 60,
            oldest,
            identity: Identity {
                database_id: "live".to_owned(),
                epoch: 1,
            },
            training: None,
            rows: first.map(row).into_iter().collect(),
        }
    }

    #[test]
    fn a_cursor_behind_what_is_left_is_a_gap_up_to_the_oldest_row() {
        let skew = SKEW.num_minutes();
        for (position, oldest, first, expected) in [
            (50, Told::Is(51), Some(300), None),
            (50, Told::Is(3), Some(300), None),
            (50, Told::Is(52), Some(300), Some(300 + skew)),
            // All of it was cleaned: up to now.
            (50, Told::Empty, None, Some(1_000)),
            (59, Told::Empty, None, Some(1_000)),
            (60, Told::Empty, None, None),
            // Never later than now, nor before it begins.
            (50, Told::Is(52), Some(999), Some(1_000)),
            (50, Told::Is(52), Some(90), Some(100 - skew)),
            (60, Told::Is(60), None, None),
            // Not told: only a long absence is a reason to doubt it.
            (50, Told::Not, Some(300), None),
        ] {
            let lost = lost(&cursor(position), &page(oldest.clone(), first), at(1_000));
            let expected = expected.map(|until| (at(100 - skew), at(until)));
            assert_eq!(lost, expected, "{position} {oldest:?}");
        }
        let later = at(100) + KEPT + TimeDelta::minutes(1);
        let doubted = lost(&cursor(50), &page(Told::Not, Some(300)), later);
        assert_eq!(doubted, Some((at(100 - skew), at(300 + skew))));
    }
}
