//! What `connect` tells: a bar while a step runs, one line when it is done, warnings again at the end.

use std::io::{self, BufRead as _, IsTerminal as _, Write};

use indicatif::{ProgressBar, ProgressStyle};

/// How many steps there are.
const STEPS: usize = 8;

/// Where the steps tell what they found.
pub(super) struct Report<'a> {
    out: &'a mut (dyn Write + Send),
    step: usize,
    bar: ProgressBar,
    warnings: Vec<String>,
    requests: Vec<String>,
}

impl<'a> Report<'a> {
    /// A report on `out`. The bar goes to stderr, where that is a terminal.
    pub(super) fn new(out: &'a mut (dyn Write + Send)) -> Self {
        Self {
            out,
            step: 0,
            bar: ProgressBar::hidden(),
            warnings: Vec::new(),
            requests: Vec::new(),
        }
    }

    /// Begins the next step, which looks at about `total` things (0: nobody knows).
    pub(super) fn begin(&mut self, what: &str, total: usize) {
        self.step += 1;
        self.bar.finish_and_clear();
        if io::stderr().is_terminal() {
            self.bar = bar(total);
            self.bar.set_prefix(format!("{}/{STEPS} {what}", self.step));
        }
    }

    /// One more thing is to be looked at in this step.
    pub(super) fn expect(&self, more: usize) {
        self.bar.inc_length(more as u64);
    }

    /// So many things of this step are looked at.
    pub(super) fn advance(&self, by: usize) {
        self.bar.inc(by as u64);
    }

    /// Ends the step with its result.
    pub(super) fn done(&mut self, result: &str) -> io::Result<()> {
        self.bar.finish_and_clear();
        writeln!(self.out, "{}/{STEPS} {result}", self.step)
    }

    /// A line below a result.
    pub(super) fn line(&mut self, text: &str) -> io::Result<()> {
        let out = &mut self.out;
        self.bar.suspend(|| writeln!(out, "    {text}"))
    }

    /// Something a person should know; told at once and again at the end.
    pub(super) fn warn(&mut self, text: impl Into<String>) -> io::Result<()> {
        let text = text.into();
        self.line(&format!("note: {text}"))?;
        self.warnings.push(text);
        Ok(())
    }

    /// Something that others have to do; told at the end.
    pub(super) fn request(&mut self, text: impl Into<String>) {
        self.requests.push(text.into());
    }

    /// Says all warnings and requests again.
    pub(super) fn repeat(&mut self) -> io::Result<()> {
        for (heading, texts) in [
            ("To be aware of:", &self.warnings),
            ("For others to do:", &self.requests),
        ] {
            if texts.is_empty() {
                continue;
            }
            writeln!(self.out, "\n{heading}")?;
            for text in texts {
                writeln!(self.out, "  - {}", text.replace('\n', "\n    "))?;
            }
        }
        Ok(())
    }

    /// What to run next.
    pub(super) fn next(&mut self, commands: &[&str]) -> io::Result<()> {
        writeln!(self.out, "\nNext:")?;
        for command in commands {
            writeln!(self.out, "  {command}")?;
        }
        Ok(())
    }

    /// Asks a question with yes or no, where there is somebody to ask.
    pub(super) fn ask(&mut self, question: &str) -> anyhow::Result<bool> {
        if !io::stdin().is_terminal() {
            anyhow::bail!(
                "{question} Nobody is here to be asked: say --yes, or run it in a terminal"
            );
        }
        let out = &mut self.out;
        self.bar.suspend(|| -> anyhow::Result<bool> {
            write!(out, "{question} [y/N] ")?;
            out.flush()?;
            let mut answer = String::new();
            io::stdin().lock().read_line(&mut answer)?;
            Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
        })
    }
}

fn bar(total: usize) -> ProgressBar {
    let (bar, template) = if total == 0 {
        (ProgressBar::new_spinner(), "{spinner} {prefix} {pos}")
    } else {
        let bar = ProgressBar::new(total as u64);
        (bar, "{prefix} [{bar:30}] {pos}/{len}")
    };
    let style = ProgressStyle::with_template(template).expect("the template is a constant");
    let bar = bar.with_style(style.progress_chars("=> "));
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    bar
}
