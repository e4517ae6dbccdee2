//! The words of the business and the rules between them. No I/O, no async.

mod clock;
mod event;
mod failure;
mod lane;
mod money;
mod order;
mod problem;
mod record;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod told;
mod value;

pub use clock::{CALENDAR, Clock, FixedClock, SystemClock};
pub use event::{Cause, EVENT_VERSION, Event, Evidence, Floor};
pub use failure::{Failure, Source, StopReason};
pub use lane::Lane;
pub use money::{InvalidMoney, Money};
pub use order::{Order, OrderFor};
pub use problem::{Fixer, Problem, Remedy, Subject};
pub use record::{Key, Kind, RecordId, System};
pub use told::Told;
pub use value::{Value, keepable};
