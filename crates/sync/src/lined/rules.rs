//! What such kinds think alike.

use domain::{Fixer, Key, Kind, Problem, System, Value};

use crate::{Draft, Facts, Half, Standing, doubled_lines};

/// The kind whose pairs say which card is a vendor's or a customer's.
const COMPANY: Kind = Kind::new("company");

/// The thinking of such a kind about its identity and its lines. Pure.
#[derive(Debug)]
pub struct LinedRules {
    /// The kind.
    pub kind: Kind,
    /// Who sees to what is wrong with it.
    pub who: Fixer,
    /// Statuses in which Jim2 changes no line any more, in small letters.
    pub closed: &'static [&'static str],
}

impl LinedRules {
    /// The record of Autotask whose pair says which card the half is for.
    pub fn company(&self, autotask: &Half) -> Key {
        let id = autotask.fact("company").and_then(Value::as_number);
        Key::new(COMPANY, System::Autotask, id.unwrap_or_default())
    }

    /// What is made of a half: for its company's card, named by its number.
    pub fn draft(
        &self,
        autotask: &Half,
        generation: i32,
        facts: &Facts,
    ) -> Result<Draft, Box<Problem>> {
        let number = autotask.fact("number").and_then(Value::as_text);
        let card = facts.partner(autotask, self.company(autotask))?;
        Ok(Draft {
            reference: format!("{}/{generation}", number.unwrap_or_default()),
            extra: [("customer".to_owned(), card.into())].into(),
        })
    }

    /// Whether Our Ref still names the other half, where it names any.
    pub fn identity(&self, autotask: &Half, jim2: &Half) -> Result<(), Box<Problem>> {
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
        let step = format!("crossbill pairs unlink {} {}", self.kind, autotask.id);
        let code = "not-the-same-record";
        let problem = jim2.problem(&self.kind, System::Jim2, code, says, (self.who, step));
        Err(Box::new(problem))
    }

    /// Why no line is changed any more.
    pub fn closed(&self, jim2: &Half) -> Option<Problem> {
        let status = jim2.fact("status").and_then(Value::as_text)?;
        let is_closed = self.closed.contains(&status.trim().to_lowercase().as_str());
        is_closed.then(|| {
            let says = format!("{} is {status} and cannot be changed", jim2.label);
            let step = "make the change in Jim2 by hand where it matters, then archive this item";
            let code = format!("{}-is-closed", self.kind);
            let who = (self.who, step.to_owned());
            jim2.problem(&self.kind, System::Jim2, &code, says, who)
        })
    }

    /// Whether Jim2 takes lines of the half.
    pub fn standing(&self, on: System, half: &Half, field: &str) -> Standing {
        let problem = self
            .closed(half)
            .or_else(|| doubled_lines(&self.kind, half));
        match problem.filter(|_| on == System::Jim2) {
            None => Standing::Open,
            Some(problem) => Standing::Closed(Box::new(Problem {
                field: Some(field.to_owned()),
                ..problem
            })),
        }
    }
}
