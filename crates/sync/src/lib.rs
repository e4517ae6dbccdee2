//! The engine that all workers share: batch, coalesce, claim, read, plan, apply, remember, settle.
//!
//! Thinking is apart from doing: [`plan`] and everything under it is pure, and preview, the live
//! worker and the tests call the same function. A kind brings two things, [`Rules`] (pure) and
//! [`Hands`] (its reads and writes); the engine brings the rest.

mod act;
mod any_hands;
mod billed;
mod children;
mod choices;
pub mod clocks;
pub mod contents;
mod engine;
mod facts;
mod family;
mod field;
pub mod finish;
mod freeze;
mod gate;
mod half;
mod hours;
mod lined;
mod lines;
mod loops;
mod mappings;
mod measure;
mod merge;
pub mod metrics;
mod plan;
mod publish;
mod ready;
mod refused;
mod seal;
mod session;
mod shadow;
mod sold;
mod trail;
pub mod wall_clock;
mod watch;
pub mod workflow;
mod working_days;

pub use act::{Act, Fields};
pub use any_hands::{Answer, AnyHands};
pub use billed::{Billed, unapproved, unbilled};
pub use children::{ALL_CHILDREN, Carry, ChildPair, Mark, NO_FIRST_COPY, shortened};
pub use choices::{Choices, Filter, Holds, List, Setting};
pub use engine::{Crash, Engine, Point, RoundError, Systems, Timing};
pub use facts::{Facts, Mapping, SIGNED_OFF};
pub use family::{Creation, Draft, Hands, Malformed, Match, Rules, Standing};
pub use field::{Compare, Field, Mapped, Transform, Way};
pub use freeze::Freeze;
pub use gate::{GateTask, SharedGate};
pub use half::{Child, Half, Pointer};
pub use hours::{Hours, NIGHT_HOURS, QUIET_HOURS, USUAL_NIGHT};
pub use lined::{InJim2, LinedHands, LinedRules, Number};
pub use lines::{
    CODED, LINES, Line, LineChange, Stock, doubled as doubled_lines, line_changes, lines_in,
    needs_of_lines, one_by_one, source_of, tell_lines,
};
pub use loops::Flip;
pub use mappings::Mappings;
pub use measure::measure;
pub use plan::{Known, Next, Notice, Plan, plan};
pub use publish::{Kept, Publish};
pub use ready::{waits_for_people, waits_for_ready};
pub use refused::{Deed, refusal, refused_fields};
pub use seal::{Seal, Unopened};
pub use session::{SealedSession, in_jim2s_words, top_job};
pub use shadow::{ChildShadow, SHADOW_VERSION, Shadow, Wrote};
pub use sold::{
    BILLING_TYPE_STOCK, CODE_AND_ROLE_STOCK, CODE_STOCK, ItemType, QUOTE_TYPE_STOCK, ROLE_STOCK,
    Sold,
};
pub use trail::{Absence, Asks, Shows, Trail};
pub use watch::{OWN_RESOURCE, POLL_ONLY, Watch, webhook_secret};
pub use working_days::WorkingDays;

/// The fact of a half of Jim2 that says the Date Out of its job; also what a line that is to be made on a job brings along
/// of it.
pub const DATE_OUT: &str = "date_out";

/// The kind of what hangs under a pair: notes and comments.
pub const NOTE: domain::Kind = domain::Kind::new("note");
