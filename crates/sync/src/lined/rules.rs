//! The thinking of such a kind, of which it brings only what is its own. Pure.

use domain::{Fixer, Key, Kind, Problem, RecordId, System, Value};

use super::STATUS;
use crate::{
    Choices, Creation, Draft, Facts, Field, Fields, Half, LINES, Rules, Standing, Trail,
    doubled_lines, needs_of_lines, one_by_one,
};

/// The kind whose pairs say which card is a vendor's or a customer's.
const COMPANY: Kind = Kind::new("company");

/// What a kind's rules bring of their own; all else follows, as [`Rules`] has it. Its halves in Jim2 are made by us and
/// named by Our Ref, which nobody can change through the API.
pub trait LinedRules: Send + Sync {
    /// The kind.
    const KIND: Kind;
    /// Its mapping table, with [`LINES`] in it.
    const FIELDS: &'static [Field];
    /// Where its changes show.
    const TRAILS: &'static [Trail];
    /// What a site can choose of it.
    const CHOICES: Choices;
    /// Who sees to what is wrong with it.
    const WHO: Fixer;
    /// Statuses in which Jim2 changes no line any more, in small letters.
    const CLOSED: &'static [&'static str];
    /// What a half of Autotask that is no order any more is called, which is also the name of the flag that says so.
    const ENDED: &'static str;
    /// The field of Autotask that is written a part an act.
    const EACH: &'static str = LINES.name;

    /// Why no half is made of one of Autotask, beside what holds of all such kinds.
    fn against(&self, half: &Half, facts: &Facts) -> Option<&'static str>;
}

impl<R: LinedRules> Rules for R {
    fn kind(&self) -> Kind {
        R::KIND
    }

    fn fields(&self) -> &'static [Field] {
        R::FIELDS
    }

    fn trails(&self) -> &'static [Trail] {
        R::TRAILS
    }

    fn choices(&self) -> Choices {
        R::CHOICES
    }

    fn needs(&self, on: System, half: &Half) -> Vec<Key> {
        if on == System::Jim2 {
            return Vec::new();
        }
        needs_of_lines(half).chain([company(half)]).collect()
    }

    fn create(&self, to: System, half: &Half, generation: i32, facts: &Facts) -> Creation {
        let kind = R::KIND;
        let number = half.fact("number").and_then(Value::as_text);
        let number = match (number, self.against(half, facts)) {
            _ if to == System::Autotask => {
                return Creation::No(format!("{kind}s that people make in Jim2 are theirs"));
            }
            _ if !facts.may_create(&kind, to) => {
                return Creation::No(format!("making {kind}s in Jim2 is off"));
            }
            _ if half.is(R::ENDED) => return Creation::No(format!("it is {}", R::ENDED)),
            (_, Some(why)) => return Creation::No(why.to_owned()),
            (None, None) => return Creation::No("it has no number".to_owned()),
            (Some(number), None) => number,
        };
        match facts.partner(half, company(half)) {
            Ok(card) => Creation::Yes(Draft {
                reference: format!("{number}/{generation}"),
                extra: [("customer".to_owned(), card.into())].into(),
            }),
            Err(problem) => Creation::Held(vec![*problem]),
        }
    }

    /// Whether Our Ref still names the other half, where it names any.
    fn identity(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Result<(), Box<Problem>> {
        let named = jim2.points_to.as_ref().map(|pointer| pointer.to.as_str());
        let number = autotask.fact("number").and_then(Value::as_text);
        if named.is_none() || named == number {
            return Ok(());
        }
        let (label, named) = (&jim2.label, named.unwrap_or_default());
        let says = format!(
            "{label} was made for {} and names {named} now",
            autotask.label
        );
        let step = format!("crossbill pairs unlink {} {}", R::KIND, autotask.id);
        let code = "not-the-same-record";
        let problem = jim2.problem(&R::KIND, System::Jim2, code, says, (R::WHO, step));
        Err(Box::new(problem))
    }

    /// The vendor or customer is what a job's customer is: it stays, or it is another record.
    fn customer(&self, jim2: &Half) -> Option<Value> {
        jim2.fact("card").cloned()
    }

    fn company(&self, autotask: &Half) -> Option<Value> {
        autotask.fact("company").cloned()
    }

    fn problems(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Vec<Problem> {
        let has_ended = autotask.is(R::ENDED) && closed::<R>(jim2).is_none();
        let ended = has_ended.then(|| {
            let (ended, label) = (R::ENDED, &jim2.label);
            let says = format!("{} is {ended}, and {label} is not", autotask.label);
            let step = format!("cancel {label} in Jim2");
            jim2.problem(&R::KIND, System::Jim2, ended, says, (R::WHO, step))
        });
        let ended = ended.into_iter();
        ended.chain(doubled_lines(&R::KIND, jim2)).collect()
    }

    /// A half's external number is that of the other one, unless somebody has put another there.
    fn owes_reference(&self, on: System, half: &Half, _: &RecordId, _: i32) -> bool {
        on == System::Autotask && half.is("no_reference")
    }

    fn standing(&self, on: System, half: &Half, field: &str, _: &Facts) -> Standing {
        let is_of_lines = on == System::Jim2 && field == LINES.name;
        let problem = closed::<R>(half).or_else(|| doubled_lines(&R::KIND, half));
        match problem.filter(|_| is_of_lines) {
            None => Standing::Open,
            Some(problem) => Standing::Closed(Box::new(Problem {
                field: Some(field.to_owned()),
                ..problem
            })),
        }
    }

    /// The status comes last: it may be one in which no line is taken any more.
    fn steps(
        &self,
        on: System,
        half: &Half,
        mut fields: Fields,
        _: &Facts,
    ) -> Result<Vec<Fields>, Box<Problem>> {
        if on == System::Autotask {
            return Ok(one_by_one(half, R::EACH, fields));
        }
        let status = fields.remove_entry(STATUS);
        let mut steps = one_by_one(half, LINES.name, fields);
        steps.retain(|step| !step.is_empty());
        steps.extend(status.map(|status| Fields::from([status])));
        Ok(steps)
    }
}

/// The record of Autotask whose pair says which card the half is for.
fn company(autotask: &Half) -> Key {
    let id = autotask.fact("company").and_then(Value::as_number);
    Key::new(COMPANY, System::Autotask, id.unwrap_or_default())
}

/// Why no line is changed any more.
fn closed<R: LinedRules>(jim2: &Half) -> Option<Problem> {
    let status = jim2.fact("status").and_then(Value::as_text)?;
    let is_closed = R::CLOSED.contains(&status.trim().to_lowercase().as_str());
    is_closed.then(|| {
        let says = format!("{} is {status} and cannot be changed", jim2.label);
        let step = "make the change in Jim2 by hand where it matters, then archive this item";
        let code = format!("{}-is-closed", R::KIND);
        let who = (R::WHO, step.to_owned());
        jim2.problem(&R::KIND, System::Jim2, &code, says, who)
    })
}
