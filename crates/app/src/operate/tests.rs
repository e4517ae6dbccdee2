//! The operators' functions against a real database and broker, and both stand-ins.

mod adopting;
mod choices;
mod held;
mod lookups;
mod pairs;
mod previewing;
mod standing;
mod sweeping;
mod tieing;
mod timing;
mod unlisted;
