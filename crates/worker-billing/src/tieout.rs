//! What was posted in Autotask against what is on Jim2 jobs, each item with one verdict. Pure: no I/O, no clock.
//!
//! A line is known by the mark at its end, so that what our own database forgot, made twice or never heard of is found;
//! our pairs stand in only for a line whose mark was taken off.

mod reason;
mod sums;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::RecordId;
use rust_decimal::Decimal;
use sync::Half;

pub use self::{
    reason::{Reason, reason},
    sums::{Bill, Money, Paid, Sums, unlike_its_lines},
};

/// GST that is off by so much is rounding (business rule 9); an amount without GST never is.
const GST_ROUNDING: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// An item as it is posted now.
#[derive(Debug, Clone, PartialEq)]
pub struct Posted {
    /// Its id, which is another one each time its source is posted.
    pub item: i64,
    /// As people know it.
    pub label: String,
    /// The half that it is; none where it names no source that is carried.
    pub half: Option<Half>,
    /// Its company in Autotask.
    pub company: Option<i64>,
    /// The ticket that it hangs on.
    pub ticket: Option<i64>,
    /// The project.
    pub project: Option<i64>,
    /// The Autotask invoice.
    pub invoice: Option<i64>,
    /// When it was posted.
    pub posted_at: Option<DateTime<Utc>>,
    /// Its `webServiceDate`.
    pub exported_at: Option<DateTime<Utc>>,
    /// Dollars without GST.
    pub net: Option<Decimal>,
    /// The GST on that.
    pub gst: Option<Decimal>,
}

impl Posted {
    /// The identity of its line.
    pub fn source(&self) -> Option<&RecordId> {
        self.half.as_ref().map(|half| &half.id)
    }
}

/// A stock line as it is on its job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its id, as `5001-2`.
    pub id: RecordId,
    /// Job#.
    pub job: i64,
    /// The source that its mark names.
    pub source: Option<RecordId>,
    /// What it says.
    pub words: String,
    /// Dollars without GST.
    pub net: Option<Decimal>,
    /// The GST on that, where it is told.
    pub gst: Option<Decimal>,
}

impl Line {
    /// Whether it comes to nothing, as a line does whose source was taken back.
    fn is_nothing(&self) -> bool {
        self.net.is_some_and(|net| net.is_zero())
    }
}

/// What came of an item, or of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The line comes to what was posted.
    Matched,
    /// It does without GST, and GST is off by a cent at most.
    GstRounding,
    /// It is not carried yet, for a reason.
    Waits,
    /// The line comes to something else.
    Different,
    /// It should be on a job and is not.
    MissingInJim2,
    /// The line names a source for which nothing is posted.
    NotInAutotask,
    /// A second line of one source.
    Twice,
}

impl Verdict {
    /// As people read it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::GstRounding => "GST rounding only",
            Self::Waits => "waits",
            Self::Different => "different",
            Self::MissingInJim2 => "missing in Jim2",
            Self::NotInAutotask => "not in Autotask",
            Self::Twice => "twice",
        }
    }

    /// Whether nobody has to look.
    pub const fn is_explained(self) -> bool {
        matches!(self, Self::Matched | Self::GstRounding | Self::Waits)
    }
}

/// One item with its line, or one of them alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What was posted.
    pub posted: Option<Posted>,
    /// What is on a job.
    pub line: Option<Line>,
    /// What came of it.
    pub verdict: Verdict,
    /// Why, where it is not simply matched.
    pub why: Option<Reason>,
}

/// What is known beside both.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Lines by source, as our database has them.
    pub pairs: HashMap<RecordId, RecordId>,
    /// What our database holds a source for.
    pub held: HashMap<RecordId, Reason>,
    /// Why a source has no line, by the rules.
    pub reasons: HashMap<RecordId, Reason>,
    /// Sources for which something is posted in another period, or for somebody who was not asked for.
    pub elsewhere: HashSet<RecordId>,
}

/// Gives each item one verdict, and each line that no item accounts for.
pub fn compare(mut posted: Vec<Posted>, lines: Vec<Line>, known: &Known) -> Vec<Row> {
    posted.sort_by_key(|item| item.item);
    let mut lines = Lines::of(lines);
    let mut seen = HashSet::new();
    let mut rows = Vec::new();
    for item in posted {
        let Some(source) = item.source().cloned() else {
            rows.push(nameless(item));
            continue;
        };
        let is_first = seen.insert(source.clone());
        let (line, more) = lines.take(&source, known.pairs.get(&source));
        let row = match line {
            Some(line) => judge(item, line, known.held.get(&source)),
            None if is_first => without_line(item, &source, known),
            None => second_posting(item, known.held.get(&source)),
        };
        rows.push(row);
        rows.extend(more.into_iter().map(|line| twice(line, &source)));
    }
    rows.extend(lines.left(known));
    rows
}

/// The lines that are not accounted for yet.
struct Lines {
    marked: HashMap<RecordId, Vec<Line>>,
    /// By id, those that name no source.
    plain: HashMap<RecordId, Line>,
}

impl Lines {
    fn of(all: Vec<Line>) -> Self {
        let mut lines = Self {
            marked: HashMap::new(),
            plain: HashMap::new(),
        };
        for line in all {
            match line.source.clone() {
                Some(source) => lines.marked.entry(source).or_default().push(line),
                None => {
                    lines.plain.insert(line.id.clone(), line);
                }
            }
        }
        lines
    }

    /// The line of a source, and the others of it that come to something. A line of nothing stands in where there is no
    /// other.
    fn take(&mut self, source: &RecordId, paired: Option<&RecordId>) -> (Option<Line>, Vec<Line>) {
        let mut own = self.marked.remove(source).unwrap_or_default();
        if own.is_empty() {
            return (paired.and_then(|id| self.plain.remove(id)), Vec::new());
        }
        own.sort_by_key(|line| (line.is_nothing(), Some(&line.id) != paired));
        let more = own.split_off(1);
        let more = more.into_iter().filter(|line| !line.is_nothing());
        (own.pop(), more.collect())
    }

    /// What is left in the end: of sources of another period only second lines are told.
    fn left(self, known: &Known) -> Vec<Row> {
        let mut rows = Vec::new();
        for (source, lines) in self.marked {
            let is_posted = known.elsewhere.contains(&source);
            let real = lines.into_iter().filter(|line| !line.is_nothing());
            for line in real.skip(usize::from(is_posted)) {
                rows.push(if is_posted {
                    twice(line, &source)
                } else {
                    not_posted(line, &source)
                });
            }
        }
        rows.sort_by(|one, other| id_of(one).cmp(&id_of(other)));
        rows
    }
}

fn id_of(row: &Row) -> Option<&RecordId> {
    row.line.as_ref().map(|line| &line.id)
}

/// Compares an item with its line.
fn judge(item: Posted, line: Line, held: Option<&Reason>) -> Row {
    let (verdict, says) = match (item.net, line.net) {
        (Some(posted), Some(on_job)) if posted == on_job => gst(&item, &line),
        (Some(posted), Some(on_job)) => (
            Verdict::Different,
            format!(
                "{} was posted at ${posted:.2} and line {} stands at ${on_job:.2}, without GST",
                item.label, line.id
            ),
        ),
        (None, _) => (
            Verdict::Different,
            format!("Autotask tells no amount of {}", item.label),
        ),
        (_, None) => (
            Verdict::Different,
            format!("Jim2 tells no price of line {}", line.id),
        ),
    };
    let step = held.map_or_else(
        || "put the line right in Jim2, or post the item anew in Autotask".to_owned(),
        |held| format!("{}: {}", held.says, held.step),
    );
    let why = (verdict != Verdict::Matched).then(|| Reason {
        code: held.map_or("total-differs", |held| &held.code).to_owned(),
        says,
        step: if verdict.is_explained() {
            String::new()
        } else {
            step
        },
    });
    Row {
        posted: Some(item),
        line: Some(line),
        verdict,
        why,
    }
}

/// Two equal amounts may still be taxed otherwise.
fn gst(item: &Posted, line: &Line) -> (Verdict, String) {
    let (Some(posted), Some(on_job)) = (item.gst, line.gst) else {
        return (Verdict::Matched, String::new());
    };
    let off = (posted - on_job).abs();
    let says = format!(
        "GST of {} is ${posted:.2} in Autotask and ${on_job:.2} on line {}",
        item.label, line.id
    );
    if off.is_zero() {
        (Verdict::Matched, String::new())
    } else if off <= GST_ROUNDING {
        (Verdict::GstRounding, says)
    } else {
        (Verdict::Different, says)
    }
}

/// What is in our pairs was carried once, and no reason not to carry it explains that it is gone.
fn without_line(item: Posted, source: &RecordId, known: &Known) -> Row {
    let held = known.held.get(source);
    if let Some(line) = known.pairs.get(source) {
        let says = format!(
            "line {line} was made for {}{} and is not there any more, or names another source",
            item.label,
            money(item.net)
        );
        let step = format!(
            "enter it again on a job with the words it had and crossbill pairs link billing {source} <job-line>, or take the posting back"
        );
        let step = held.map_or(step, |held| format!("{}: {}", held.says, held.step));
        return alone(
            item,
            Verdict::MissingInJim2,
            Reason::new("line-gone", says, step),
        );
    }
    if let Some(why) = held.or_else(|| known.reasons.get(source)) {
        let why = why.clone();
        return alone(item, Verdict::Waits, why);
    }
    let says = format!(
        "{}{} is on no job, and nothing is known to keep it",
        item.label,
        money(item.net)
    );
    let step = format!(
        "crossbill preview billing {source} tells what would be written; crossbill sweep billing --since <the day it was posted> writes it"
    );
    alone(
        item,
        Verdict::MissingInJim2,
        Reason::new("missing", says, step),
    )
}

/// A line can carry only one item of a source.
fn second_posting(item: Posted, held: Option<&Reason>) -> Row {
    if let Some(held) = held {
        let held = held.clone();
        return alone(item, Verdict::Waits, held);
    }
    let says = format!(
        "{}{} was posted a second time with the same sub-type, and its line carries the first",
        item.label,
        money(item.net)
    );
    let step = "take one of the two postings back in Autotask and post the sum";
    let why = Reason::new("two-items-of-one-source", says, step);
    alone(item, Verdict::MissingInJim2, why)
}

/// What names nothing that is carried, such as a retainer.
fn nameless(item: Posted) -> Row {
    let says = format!(
        "item {} {}{} names no source that Crossbill carries",
        item.item,
        item.label,
        money(item.net)
    );
    let step = "bill it in Jim2 by hand";
    let verdict = if item.net.is_some_and(|net| net.is_zero()) {
        Verdict::Waits
    } else {
        Verdict::MissingInJim2
    };
    alone(item, verdict, Reason::new("no-source", says, step))
}

fn alone(item: Posted, verdict: Verdict, why: Reason) -> Row {
    Row {
        posted: Some(item),
        line: None,
        verdict,
        why: Some(why),
    }
}

fn twice(line: Line, source: &RecordId) -> Row {
    let says = format!(
        "line {}{} is a second line of {source}",
        line.id,
        money(line.net)
    );
    let step = format!(
        "delete line {} in Jim2, or raise a Return From Customer where it is invoiced",
        line.id
    );
    stray(line, Verdict::Twice, Reason::new("twice", says, step))
}

fn not_posted(line: Line, source: &RecordId) -> Row {
    let says = format!(
        "line {}{} names {source}, for which nothing is posted in Autotask",
        line.id,
        money(line.net)
    );
    let step = format!(
        "post it again in Autotask, or delete line {} in Jim2 (raise a Return From Customer where it is invoiced)",
        line.id
    );
    stray(
        line,
        Verdict::NotInAutotask,
        Reason::new("not-posted", says, step),
    )
}

fn stray(line: Line, verdict: Verdict, why: Reason) -> Row {
    Row {
        posted: None,
        line: Some(line),
        verdict,
        why: Some(why),
    }
}

fn money(net: Option<Decimal>) -> String {
    net.map_or_else(String::new, |net| format!(" (${net:.2} ex GST)"))
}

#[cfg(test)]
mod tests;
