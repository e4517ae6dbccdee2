//! `crossbill tieout`.

use clap::Args;

/// Compare what was posted in Autotask in a month with what is on Jim2 jobs, invoiced and paid. Writes nothing.
#[derive(Debug, Clone, Args)]
#[command(
    long_about = "Lists, for each company and each ticket, project or invoice, what was posted in Autotask in a month and what \
        of it is on Jim2 jobs, invoiced and paid, with and without GST. Each item has one verdict: matched, waits (with \
        the reason), GST rounding only, different, missing in Jim2, not in Autotask, or twice. Lines are found by the \
        mark at their end, whether or not Crossbill's own database knows them. Writes nothing.\n\n\
        The exit code is 0 only when all is explained: matched, waiting for a reason, or GST off by a cent.",
    after_long_help = "Examples:\n  crossbill tieout\n  crossbill tieout --period 2026-11\n  \
        crossbill tieout --company \"Harbour Cafe\"\n  crossbill tieout --period 2026-10 --csv > october.csv"
)]
pub(crate) struct Tieout {
    /// The month, in the site's time, by when it was posted; else this one.
    #[arg(long, value_name = "YEAR-MONTH", value_parser = super::period)]
    pub(crate) period: Option<(i32, u32)>,
    /// Only this company: its name, or its id in Autotask.
    #[arg(long, value_name = "NAME|ID")]
    pub(crate) company: Option<String>,
    /// As CSV, a row for each item.
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
    /// As JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
