//! What can go wrong with Jim2 on demand.

use std::time::Duration;

use crate::fault::setting::Takes;
use crate::fault::{About, Kind};

/// Something that can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Unavailable,
    HtmlPage,
    Refused,
    Hangs,
    Slow,
    LostAnswer,
    Error500,
    NoLicence,
    LicencesTaken,
    LostToken,
    TokenExpires,
    LoggedOff,
    PasswordChanged,
    ApiLevel,
    Locked,
    MadeReady,
    QueueSlow,
    QueueFails,
    StockInactive,
    ClockAhead,
    ClockBehind,
    OtherTimeZone,
    LocalDates,
    LateCommit,
    Restored,
}

/// The faults of this Jim2.
pub(crate) type Faults = crate::fault::Faults<Fault>;

/// What becomes of open sessions when the password is changed.
pub(crate) const SESSIONS_END: &str = "sessions-end";
/// What becomes of a finished job before a write to it.
pub(crate) const INVOICED: &str = "invoiced";
/// What a restored database tells of itself.
pub(crate) const EPOCH_KEPT: &str = "epoch-kept";

const SECONDS_30: Takes = Takes::Duration(Duration::from_secs(30));

impl Kind for Fault {
    const TABLE: &'static [(Self, About)] = &[
        (
            Self::Unavailable,
            About::new(
                "unavailable",
                "answers 503 to every call to the API and does nothing",
            ),
        ),
        (
            Self::HtmlPage,
            About::new(
                "html-page",
                "answers 502 with a page of HTML, as a proxy before a dead server does",
            ),
        ),
        (
            Self::Refused,
            About::new(
                "refused",
                "refuses every connection, the sandbox's own too, for so long",
            )
            .taking(SECONDS_30)
            .lasting(),
        ),
        (
            Self::Hangs,
            About::new(
                "hangs",
                "does nothing, answers nothing for so long, then cuts the connection",
            )
            .taking(Takes::Duration(Duration::from_mins(5))),
        ),
        (
            Self::Slow,
            About::new("slow", "does what is asked and answers that much later")
                .taking(Takes::Duration(Duration::from_secs(2))),
        ),
        (
            Self::LostAnswer,
            About::new(
                "lost-answer",
                "does the write, then cuts the connection without an answer",
            ),
        ),
        (
            Self::Error500,
            About::new(
                "error-500",
                "answers 500 to every call to the API and does nothing",
            ),
        ),
        (
            Self::NoLicence,
            About::new("no-licence", "has no licence free for a sign-in that needs one"),
        ),
        (
            Self::LicencesTaken,
            About::new("licences-taken", "has this many licences taken by other users")
                .taking(Takes::Number {
                    usual: 1,
                    least: 1,
                    most: 1_000,
                })
                .lasting(),
        ),
        (
            Self::LostToken,
            About::new(
                "lost-token",
                "opens the session and cuts the connection: its licence is taken until it expires",
            ),
        ),
        (
            Self::TokenExpires,
            About::new(
                "token-expires",
                "ends the session of a call just before it: 401, and nothing is done",
            ),
        ),
        (
            Self::LoggedOff,
            About::new(
                "logged-off",
                "ends every session of the API just before a call, as somebody else's logoff does",
            ),
        ),
        (
            Self::PasswordChanged,
            About::new(
                "password-changed",
                "refuses the secret that was right; open sessions live on or end",
            )
            .taking(Takes::Word(&["sessions-live-on", SESSIONS_END]))
            .lasting(),
        ),
        (
            Self::ApiLevel,
            About::new("api-level", "gives the API's user this status level")
                .taking(Takes::Number {
                    usual: 1,
                    least: 1,
                    most: 10,
                })
                .lasting(),
        ),
        (
            Self::Locked,
            About::new(
                "locked",
                "has the record of a write opened by somebody just before it, for so long",
            )
            .taking(SECONDS_30),
        ),
        (
            Self::MadeReady,
            About::new(
                "made-ready",
                "has a finished job made Ready, or invoiced as well, just before a write to it",
            )
            .taking(Takes::Word(&["ready", INVOICED])),
        ),
        (
            Self::QueueSlow,
            About::new("queue-slow", "processes a queued request so much later").taking(SECONDS_30),
        ),
        (
            Self::QueueFails,
            About::new(
                "queue-fails",
                "fails a queued request, which then waits for somebody to process it again",
            ),
        ),
        (
            Self::StockInactive,
            About::new("stock-inactive", "takes these stock codes for inactive")
                .taking(Takes::Names("PARTS+TRAVEL"))
                .lasting(),
        ),
        (
            Self::ClockAhead,
            About::new("clock-ahead", "has a clock that is so much ahead")
                .taking(Takes::Duration(Duration::from_mins(2)))
                .lasting(),
        ),
        (
            Self::ClockBehind,
            About::new("clock-behind", "has a clock that is so much behind")
                .taking(Takes::Duration(Duration::from_mins(2)))
                .lasting(),
        ),
        (
            Self::OtherTimeZone,
            About::new("other-time-zone", "has a server whose walls show this zone's time")
                .taking(Takes::Names("Australia/Perth"))
                .lasting(),
        ),
        (
            Self::LocalDates,
            About::new(
                "local-dates",
                "tells local wall time as if it were UTC in getdata",
            )
            .lasting(),
        ),
        (
            Self::LateCommit,
            About::new(
                "late-commit",
                "lets a write take its position in the change table at once and commit so much later",
            )
            .taking(Takes::Duration(Duration::from_secs(2))),
        ),
        (
            Self::Restored,
            About::new(
                "restored",
                "puts the last backup (/sandbox/backup) in the place of the database just before a call",
            )
            .taking(Takes::Word(&["epoch-raised", EPOCH_KEPT])),
        ),
    ];

    /// Stock codes and time zones.
    fn knows(name: &str) -> bool {
        let is_stock = super::stock::seeded(0)
            .iter()
            .any(|stock| stock.code.eq_ignore_ascii_case(name));
        is_stock || name.parse::<chrono_tz::Tz>().is_ok()
    }
}
