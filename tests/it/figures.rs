//! What `ops/bench` makes of its samples: their spread, whether an aim is met, the table, and what has changed since an
//! earlier run. Pure.

mod earlier;
mod row;
mod spread;
mod table;

pub(crate) use earlier::{Earlier, compare};
pub(crate) use row::{Aim, Row};
pub(crate) use spread::{Spread, percentile};
pub(crate) use table::table;
