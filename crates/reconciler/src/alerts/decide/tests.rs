use super::*;
use crate::alerts::testing::{cause, noon, there};

const WINDOW: TimeDelta = TimeDelta::hours(4);

fn after(minutes: i64) -> DateTime<Utc> {
    noon() + TimeDelta::minutes(minutes)
}

/// What was told at `minutes`, of so many items.
fn told(minutes: i64, items: i64, is_open: bool) -> Told {
    Told {
        cause: cause(1).identity,
        outlet: "mail".to_owned(),
        told_at: Some(after(minutes)),
        is_open,
        items,
        net: cause(1).net,
        trouble: None,
    }
}

/// What is to be told of a cause that is there since noon and over since `over`, so many minutes after noon.
fn decided(cause: &Cause, over: Option<i64>, told: Option<&Told>, minutes: i64) -> Option<What> {
    let alert = Alert {
        over_at: over.map(after),
        ..there(cause)
    };
    let entry = Entry {
        cause,
        alert: &alert,
        told,
    };
    decide(&entry, after(minutes), WINDOW)
}

#[test]
fn a_cause_is_told_of_once_it_lasted_long_enough() {
    for (minutes, what) in [
        (4, None),
        (5, Some(What::Raised)),
        (900, Some(What::Raised)),
    ] {
        assert_eq!(decided(&cause(3), None, None, minutes), what, "{minutes}");
    }
    let in_vain = Told {
        told_at: None,
        trouble: Some("nobody answers".to_owned()),
        ..told(5, 0, false)
    };
    assert_eq!(
        decided(&cause(3), None, Some(&in_vain), 6),
        Some(What::Raised)
    );
}

#[test]
fn it_is_told_again_at_most_once_a_window_and_only_where_it_got_worse_or_a_day_has_passed() {
    for (items, minutes, what) in [
        (99, 5 + 239, None),
        (4, 5 + 240, Some(What::Reminded)),
        (3, 5 + 240, None),
        (2, 5 + 240, None),
        (3, 5 + 1439, None),
        (3, 5 + 1440, Some(What::Reminded)),
    ] {
        let said = decided(&cause(items), None, Some(&told(5, 3, true)), minutes);
        assert_eq!(said, what, "{items} items after {minutes}");
    }
    let mut dearer = cause(3);
    dearer.net = Some("4310.21".parse().unwrap());
    let said = decided(&dearer, None, Some(&told(5, 3, true)), 245);
    assert_eq!(said, Some(What::Reminded));
}

#[test]
fn that_it_is_over_is_told_at_once_to_whoever_was_told_and_to_nobody_else() {
    let gone = cause(3);
    assert_eq!(
        decided(&gone, Some(7), Some(&told(5, 3, true)), 7),
        Some(What::Resolved)
    );
    assert_eq!(decided(&gone, Some(7), None, 8), None, "it was never told");
    assert_eq!(
        decided(&gone, Some(7), Some(&told(5, 3, false)), 900),
        None,
        "it was told"
    );
}

#[test]
fn a_system_that_is_tried_again_is_over_only_after_a_while() {
    let mut stopped = cause(0);
    stopped.calm_seconds = 600;
    assert_eq!(
        decided(&stopped, Some(7), Some(&told(5, 0, true)), 16),
        None
    );
    let said = decided(&stopped, Some(7), Some(&told(5, 0, true)), 17);
    assert_eq!(said, Some(What::Resolved));
}

#[test]
fn what_comes_back_after_it_was_over_is_told_of_in_the_next_window() {
    assert_eq!(
        decided(&cause(3), None, Some(&told(0, 3, false)), 239),
        None
    );
    let said = decided(&cause(3), None, Some(&told(0, 3, false)), 240);
    assert_eq!(said, Some(What::Raised));
}
