//! The only place that prints: results on standard output, complaints on standard error.

use super::error::Error;

/// Prints a result.
#[expect(
    clippy::print_stdout,
    reason = "results of a command go to standard output"
)]
pub(crate) fn say(text: &str) {
    println!("{}", text.trim_end());
}

/// Prints why a command failed, down to the first cause.
#[expect(
    clippy::print_stderr,
    reason = "the caller of a command reads why it failed"
)]
pub(crate) fn complain(error: &Error) {
    eprintln!("sandbox: {error}");
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        eprintln!("  because: {deeper}");
        cause = deeper.source();
    }
}
