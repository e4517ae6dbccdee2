//! Autotask's contracts and Jim2's projects, which Jim2's screens call contracts or managed service agreements.
//!
//! Neither has a field for the other's number, so they are paired by what both say: the number, else the name, under the
//! same customer and unique on both sides. [`ContractRules`] thinks and never asks anybody; [`ContractHands`] reads and
//! writes and never decides. What a contract sells is told and not written: a project's billing lines have no API.

mod alike;
mod halves;
mod hands;
mod rules;
mod settings;

use domain::Kind;

pub use hands::ContractHands;
pub use rules::{ContractRules, FIELDS};
pub use settings::ContractSettings;

/// Contracts and projects.
pub const KIND: Kind = Kind::new("contract");

/// The kind whose pairs say which card is a company's.
const COMPANY: Kind = Kind::new("company");
