//! Records of the two systems as halves of a line. Pure.

mod item;
mod line;

use domain::Value;
use sync::Half;

pub(crate) use self::{
    item::{Around, item, taken_back},
    line::{beside, line, priced},
};

/// Adds a fact, where it is told and not empty.
fn know(half: &mut Half, name: &'static str, value: Option<Value>) {
    let value = value.filter(|value| !value.is_empty());
    half.facts.extend(value.map(|value| (name, value)));
}
