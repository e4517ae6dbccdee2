//! The three-way merge of one pair, field by field. Pure.

use std::collections::BTreeMap;

use domain::{Kind, Problem, System, Value};

use crate::{
    Deed, Facts, Field, Fields, Flip, Half, Mapped, Notice, Rules, Shadow, Standing, Way, loops,
    plan::Foreign, refused::unwritable,
};

/// What the merge of two halves comes to.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    /// What to write on Autotask.
    pub(crate) autotask: Fields,
    /// What to write on Jim2.
    pub(crate) jim2: Fields,
    /// The shadow once all of it is written.
    pub(crate) shadow: Shadow,
    /// What holds single fields back.
    pub(crate) problems: Vec<Problem>,
    /// What the journal shall know.
    pub(crate) notices: Vec<Notice>,
}

impl Merged {
    /// What to write on `system`.
    pub(crate) fn writes(&mut self, system: System) -> &mut Fields {
        match system {
            System::Autotask => &mut self.autotask,
            System::Jim2 => &mut self.jim2,
        }
    }
}

/// Both halves, and what is known of their past.
pub(crate) struct Sides<'a> {
    pub(crate) autotask: &'a Half,
    pub(crate) jim2: &'a Half,
    pub(crate) shadow: &'a Shadow,
    /// Autotask values that somebody else wrote around the time of our own write, and that are not there (rule 10).
    pub(crate) foreign: &'a BTreeMap<&'static str, Foreign>,
    /// Whether differences that neither side made since are settled by the owner.
    pub(crate) settle: bool,
    /// Who is told to have changed each side, by its own names of people.
    pub(crate) by: BTreeMap<System, String>,
    /// Whether a person wants it tried again, whoever undid whom.
    pub(crate) is_replay: bool,
}

impl Sides<'_> {
    fn half(&self, system: System) -> &Half {
        match system {
            System::Autotask => self.autotask,
            System::Jim2 => self.jim2,
        }
    }

    /// A side changed if its raw value differs from its own half of the shadow (rule 8).
    fn changed(&self, system: System, field: &str, now: &Value) -> bool {
        self.shadow.is_changed(system, field, now)
    }
}

/// Merges every field of the table.
pub(crate) fn merge(rules: &dyn Rules, sides: &Sides<'_>, facts: &Facts) -> Merged {
    let mut merged = Merged {
        shadow: sides.shadow.clone(),
        ..Merged::default()
    };
    let kind = rules.kind();
    for field in rules.fields() {
        let (Some(autotask), Some(jim2)) = (
            sides.autotask.fields.get(field.name),
            sides.jim2.fields.get(field.name),
        ) else {
            continue; // Rule 7: a field that was not told takes no part.
        };
        if !rules.takes_part(field.name, sides.autotask, sides.jim2, facts) {
            continue;
        }
        Step {
            rules,
            kind: &kind,
            field,
            sides,
            facts,
        }
        .merge(autotask, jim2, &mut merged);
    }
    merged
}

/// One field of one pair.
struct Step<'a> {
    rules: &'a dyn Rules,
    kind: &'a Kind,
    field: &'a Field,
    sides: &'a Sides<'a>,
    facts: &'a Facts,
}

/// Who is right about a field, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Nothing to do.
    Agreed,
    /// This side was changed, the other was not.
    Follow(System),
    /// Both were; this side's value stays.
    Conflict(System),
    /// Neither was, yet they differ.
    Drift,
}

impl Step<'_> {
    fn merge(&self, autotask: &Value, jim2: &Value, merged: &mut Merged) {
        let (way, owner) = self.facts.rule(self.kind, self.field);
        if way == Way::CreateOnly {
            return self.give_what_is_owed(autotask, jim2, merged);
        }
        if way == Way::Off {
            return;
        }
        if let Some(foreign) = self.sides.foreign.get(self.field.name)
            && self.heed(foreign, owner, (autotask, jim2), merged)
        {
            return;
        }
        if self.is_changed_in_autotask(autotask) {
            merged
                .shadow
                .replaced(System::Autotask, self.field.name, autotask);
        }
        match self.verdict(way, owner, autotask, jim2) {
            Verdict::Agreed => merged
                .shadow
                .agree(self.field.name, autotask.clone(), jim2.clone()),
            Verdict::Drift if self.sides.settle => self.follow(owner, autotask, jim2, merged),
            Verdict::Drift => self.drift(autotask, jim2, merged),
            Verdict::Follow(side) => self.follow(side, autotask, jim2, merged),
            Verdict::Conflict(winner) => {
                let kept = of(winner, autotask, jim2);
                let lost = of(winner.other(), autotask, jim2);
                let then = self.sides.shadow.side(winner.other()).get(self.field.name);
                // What the winner leaves as it is gives way to nothing.
                if self.field.map(winner.other(), kept, self.facts) != Mapped::Leave {
                    merged.notices.push(Notice::conflict(
                        self.field.name,
                        winner,
                        kept,
                        lost,
                        then,
                    ));
                }
                self.follow(winner, autotask, jim2, merged);
            }
        }
    }

    /// Rule 10: a value that our write took the place of comes back if the owner entered it and ours stands; else it is only
    /// told. Answers whether it comes back.
    fn heed(
        &self,
        foreign: &Foreign,
        owner: System,
        (autotask, jim2): (&Value, &Value),
        merged: &mut Merged,
    ) -> bool {
        let (name, value) = (self.field.name, &foreign.value);
        merged.shadow.told(System::Autotask, name, foreign.at);
        let stands = !foreign.is_replaced && !self.is_changed_in_autotask(autotask);
        if stands && owner == System::Autotask {
            self.restore(value, autotask, jim2, merged);
            return true;
        }
        merged.notices.push(if foreign.is_replaced {
            // Whoever has changed it since may have seen it.
            Notice::overwritten(name, autotask, value)
        } else if stands {
            Notice::conflict(name, owner, jim2, value, None)
        } else {
            Notice::conflict(name, System::Autotask, autotask, value, None)
        });
        false
    }

    fn is_changed_in_autotask(&self, autotask: &Value) -> bool {
        let name = self.field.name;
        self.sides.changed(System::Autotask, name, autotask)
    }

    /// What a half should have been made with and could not is written once.
    fn give_what_is_owed(&self, autotask: &Value, jim2: &Value, merged: &mut Merged) {
        let name = self.field.name;
        let lacks = |system: &System| self.sides.shadow.owes(*system, name);
        let Some(on) = System::BOTH.into_iter().find(lacks) else {
            return;
        };
        if self.field.equal(autotask, jim2, self.facts) {
            merged.shadow.agree(name, autotask.clone(), jim2.clone());
        } else {
            self.follow(on.other(), autotask, jim2, merged);
        }
    }

    /// Rule 11: declared owner and content decide, never the two systems' times.
    fn verdict(&self, way: Way, owner: System, autotask: &Value, jim2: &Value) -> Verdict {
        if self.field.equal(autotask, jim2, self.facts) {
            return Verdict::Agreed;
        }
        let name = self.field.name;
        let changed = (
            self.sides.changed(System::Autotask, name, autotask),
            self.sides.changed(System::Jim2, name, jim2),
        );
        let follows = |side: System| {
            if way.leads_to(side.other()) {
                Verdict::Follow(side)
            } else {
                Verdict::Conflict(side.other())
            }
        };
        match changed {
            (false, false) if self.was_left(way, autotask, jim2) => Verdict::Agreed,
            (false, false) if self.was_never_written() => {
                // Nothing is what the record was made with; a value is what somebody has entered since.
                let gives_way = of(owner, autotask, jim2).is_empty() && way.leads_to(owner);
                let side = if way.leads_to(owner.other()) && !gives_way {
                    owner
                } else {
                    owner.other()
                };
                Verdict::Follow(side)
            }
            (false, false) => Verdict::Drift,
            (true, false) => follows(System::Autotask),
            (false, true) => follows(System::Jim2),
            (true, true) if way.leads_to(owner.other()) => Verdict::Conflict(owner),
            (true, true) => Verdict::Conflict(owner.other()),
        }
    }

    /// Whether this is a record of our making to which the field could not be given yet.
    fn was_never_written(&self) -> bool {
        let known = |system| self.sides.shadow.side(system).contains_key(self.field.name);
        self.sides.shadow.baseline.is_none() && !known(System::Autotask) && !known(System::Jim2)
    }

    /// Neither side changed, and they differ: kept as it is, so that a later change of either is seen as one.
    fn drift(&self, autotask: &Value, jim2: &Value, merged: &mut Merged) {
        let name = self.field.name;
        let known = |system: System| self.sides.shadow.side(system).get(name);
        if known(System::Autotask) != Some(autotask) || known(System::Jim2) != Some(jim2) {
            merged.notices.push(Notice::drift(name, autotask, jim2));
        }
        merged.shadow.agree(name, autotask.clone(), jim2.clone());
    }

    /// Whether both sides are as they were when one was last left as it was.
    fn was_left(&self, way: Way, autotask: &Value, jim2: &Value) -> bool {
        let known = |system| self.sides.shadow.side(system).contains_key(self.field.name);
        known(System::Autotask)
            && known(System::Jim2)
            && self.field.is_left(way, autotask, jim2, self.facts)
    }

    /// Writes `side`'s value on the other side, as far as the other side takes it.
    fn follow(&self, side: System, autotask: &Value, jim2: &Value, merged: &mut Merged) {
        let to = side.other();
        let value = of(side, autotask, jim2);
        match self.field.map(to, value, self.facts) {
            Mapped::Leave => merged
                .shadow
                .agree(self.field.name, autotask.clone(), jim2.clone()),
            Mapped::Problem(problem) => merged.problems.push(problem),
            Mapped::Value(_)
                if self
                    .facts
                    .is_refused(to, self.kind, Deed::Update, self.field.name) =>
            {
                merged.problems.push(unwritable(to, self.kind, self.field));
            }
            Mapped::Value(mapped) => {
                match self
                    .rules
                    .standing(to, self.sides.half(to), self.field.name, self.facts)
                {
                    Standing::Closed(problem) => merged.problems.push(*problem),
                    Standing::Open => {
                        if let Err(problem) = self.turn(to, &mapped, merged) {
                            merged.problems.push(*problem);
                            return;
                        }
                        merged
                            .writes(to)
                            .insert(self.field.name.to_owned(), mapped.clone());
                        let (autotask, jim2) = match to {
                            System::Jim2 => (autotask.clone(), mapped),
                            System::Autotask => (mapped, jim2.clone()),
                        };
                        merged.shadow.agree(self.field.name, autotask, jim2);
                    }
                }
            }
        }
    }

    /// Takes note of the write that is next, unless it is one too many of two who undo each other.
    fn turn(&self, to: System, value: &Value, merged: &mut Merged) -> Result<(), Box<Problem>> {
        let name = self.field.name;
        let before = self.sides.shadow.flips.get(name);
        let before = before.filter(|_| !self.sides.is_replay);
        let before = before.map_or(&[][..], Vec::as_slice);
        let next = Flip {
            at: self.facts.now,
            on: to,
            value: value.clone(),
            by: self.sides.by.get(&to.other()).cloned(),
        };
        let about = (self.kind, self.field, self.sides.half(to));
        if let Some(problem) = loops::stops(before, &next, about, self.facts) {
            return Err(Box::new(problem));
        }
        let kept = loops::after(before, next, self.facts);
        merged.shadow.flips.insert(name.to_owned(), kept);
        Ok(())
    }

    /// Rule 10: somebody wrote `foreign` in Autotask between our read and our write, and our write took its place. The owner
    /// gets it back; what Jim2 has now gives way.
    fn restore(&self, foreign: &Value, autotask: &Value, jim2: &Value, merged: &mut Merged) {
        let (name, owner) = (self.field.name, System::Autotask);
        let mut lost = vec![autotask];
        if self.sides.changed(System::Jim2, name, jim2) {
            lost.push(jim2);
        }
        let notice = |lost: &Value| Notice::conflict(name, owner, foreign, lost, None);
        merged.notices.extend(lost.into_iter().map(notice));
        merged.autotask.insert(name.to_owned(), foreign.clone());
        self.follow(owner, foreign, jim2, merged);
    }
}

/// One side's of two values.
const fn of<'a>(side: System, autotask: &'a Value, jim2: &'a Value) -> &'a Value {
    match side {
        System::Autotask => autotask,
        System::Jim2 => jim2,
    }
}
