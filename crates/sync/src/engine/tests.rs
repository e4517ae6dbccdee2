//! The engine against a small world in memory and a real Postgres: each rule of correctness with the interleaving it closes.

mod awaiting;
mod bench;
mod brokered;
mod crashing;
mod dating;
mod handling;
mod matching;
mod merging;
mod model;
mod parting;
mod quieting;
mod reading;
mod refusing;
mod rules;
mod turns;
mod vanishing;
mod world;
