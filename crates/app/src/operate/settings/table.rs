//! The settings that there are: those of the whole site, and what kinds say of themselves. No other can be set.

use std::sync::LazyLock;

use sync::{Holds, Setting};

use crate::kinds;

/// Every setting.
pub(crate) static SETTINGS: LazyLock<Vec<Setting>> = LazyLock::new(|| {
    let of_kinds = kinds::choices().flat_map(|choices| {
        let learnt = choices.learnt.iter();
        let learnt = learnt.map(|name| Setting::new(name, Holds::Found, LEARNT, UNTAKEN));
        choices.settings.iter().copied().chain(learnt)
    });
    OF_THE_SITE.iter().copied().chain(of_kinds).collect()
});

/// How it is found out what Jim2 does not take.
const LEARNT: &str = "none; learnt from refusals, and forgotten by connect";

/// What of a kind is learnt so.
const UNTAKEN: &str = "fields that this build of Jim2 takes only once such a record is made, if at all (create), or lets \
    nobody change through its API (update)";

/// What is of no kind.
const OF_THE_SITE: &[Setting] = &[
    Setting::new(
        "working_days",
        Holds::WorkingDays,
        "mon..fri",
        "the days of the week on which people work: what waits for a Ready job is held once one of them has passed",
    ),
    Setting::new(
        sync::QUIET_HOURS,
        Holds::Hours,
        "none",
        "hours in the site's time zone in which nothing is written to either system, such as sun 02:00-04:00 while Jim2's \
         server is backed up: events are collected, and go on after them",
    ),
    Setting::new(
        sync::NIGHT_HOURS,
        Holds::Hours,
        sync::USUAL_NIGHT,
        "hours in the site's time zone in which work may be done that is much and for which nobody waits, such as full \
         sweeps",
    ),
    Setting::new(
        "loop_limit",
        Holds::Number(None),
        "5",
        "how often the same value of a field is written again for two who undo each other, before a person is asked; 0: \
         as often as it takes",
    ),
    Setting::new(
        "loop_minutes",
        Holds::Number(None),
        "15",
        "within how many minutes",
    ),
    Setting::new(
        "jim2.initials",
        Holds::Text,
        "found by e-mail address",
        "the initials that Jim2 stamps on what we do",
    ),
    Setting::new(
        "jim2.date_reading",
        Holds::OneOf(&["instant", "wall-clock"]),
        "instant; connect finds it where Jim2 tells its clock",
        "whether Jim2's /Date(ms)/ counts true time, or the server's wall clock as if it were UTC",
    ),
    Setting::new(
        "jim2.contact_ids",
        Holds::OneOf(&["cardno-contno", "contno"]),
        "cardno-contno; connect finds it where a card has a contact",
        "how this build of Jim2 writes a contact's id",
    ),
    Setting::new(
        "jim2.named_queries",
        Holds::Found,
        "crossbill connect",
        "whether Jim2 has the named queries",
    ),
    Setting::new(
        "jim2.comments_writable",
        Holds::Found,
        "crossbill connect",
        "whether comments can be written on jobs",
    ),
    Setting::new(
        "autotask.poll_only",
        Holds::Found,
        "crossbill connect --poll-only",
        "whether Autotask is polled instead of telling by webhooks",
    ),
    Setting::new(
        "autotask.resource_id",
        Holds::Found,
        "crossbill connect",
        "who we are in Autotask",
    ),
];
