//! Records of the two systems as halves of a line. Pure.

mod item;
mod line;

pub(crate) use self::{
    item::{Around, POSTING, item, posting, taken_back},
    line::{beside, line, priced},
};
