//! Stand-ins of Autotask and Jim2 over HTTP, with state, filled with a believable Australian provider's data.
//!
//! They share no type with our clients, so that a field the clients misread is not misread here as well.

pub mod autotask;
mod card_code;
pub mod check;
pub mod day;
pub mod fault;
pub mod jim2;
mod only;
mod plain;
pub mod provider;
pub mod screen;
mod wall;
