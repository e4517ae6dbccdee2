//! The engine that all workers share: batch, coalesce, claim, read, plan, apply, remember, settle.
//!
//! Thinking is apart from doing: [`plan`] and everything under it is pure, and preview, the live
//! worker and the tests call the same function. A kind brings two things, [`Rules`] (pure) and
//! [`Hands`] (its reads and writes); the engine brings the rest.

mod act;
mod children;
mod facts;
mod family;
mod field;
mod half;
mod merge;
mod plan;
mod shadow;

pub use act::{Act, Fields};
pub use children::{Carry, ChildPair, Mark};
pub use facts::{Facts, Mapping};
pub use family::{Creation, Draft, Hands, Rules, Standing};
pub use field::{Compare, Field, Mapped, Transform, Way};
pub use half::{Child, Half, Pointer};
pub use plan::{Known, Next, Notice, Plan, plan};
pub use shadow::{ChildShadow, SHADOW_VERSION, Shadow};
