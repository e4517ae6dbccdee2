//! The rules of this Jim2, over HTTP, from the right side and the wrong one.

mod cards;
mod creating;
mod faults;
mod jobs;
mod lines;
mod lists;
mod queries;
mod screens;
mod signing;
mod site;
