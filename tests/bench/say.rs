//! How the run speaks: what happens now on standard error, so that standard output stays for the table.

#[expect(clippy::print_stderr, reason = "what a run is looked at for")]
pub(crate) fn note(sentence: &str) {
    eprintln!("bench: {sentence}");
}

#[expect(clippy::print_stdout, reason = "what a run is made for")]
pub(crate) fn tell(text: &str) {
    println!("{text}");
}
