//! The shell under `ops/lib`, run in bash against folders of its own.

mod addresses;
mod installing;
mod services;
mod shell;
mod strangers;
