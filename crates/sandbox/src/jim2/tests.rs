//! The rules of this Jim2, over HTTP, from the right side and the wrong one.

mod bad_days;
mod cards;
mod creating;
mod faults;
mod jobs;
mod lines;
mod lists;
mod money;
mod orders;
mod queries;
mod running;
mod screens;
mod sessions;
mod signing;
mod site;
