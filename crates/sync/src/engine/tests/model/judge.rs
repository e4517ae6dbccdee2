//! What must be true when a life has come to rest.

mod entries;

use domain::{RecordId, System, Value};
use sqlx::Row as _;

use self::entries::{Row, firsts};
use super::{
    super::world::{Entry, FIELDS, Past, State, author},
    life::{Life, Thing},
    violation::{Broken, Violation},
};
use crate::{Act, Facts, Field, Mark, Notice, Way};

/// What is left of a life.
pub(super) struct Rest<'a> {
    pub(super) life: &'a Life<'a>,
    pub(super) state: &'a State,
    facts: Facts,
    /// What the journal says was decided.
    notices: Vec<Notice>,
    /// What our first write of a field took the place of.
    firsts: Vec<(String, Option<Value>)>,
    /// What still waits, by code.
    problems: Vec<String>,
    /// Who is paired with whom.
    pairs: Vec<(Option<String>, Option<String>)>,
}

/// Judges a life that has come to rest.
pub(super) async fn judge(life: &Life<'_>) -> Result<(), Violation> {
    let pool = &life.lane.pool;
    let journal: Vec<Row> = sqlx::query_as(
        "select what, body, system, autotask_id, jim2_id
         from journal j left join pair p on p.id = j.pair_id order by j.id",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let firsts = firsts(&journal);
    let notices = journal
        .into_iter()
        .filter(|(what, ..)| matches!(&**what, "conflict" | "possibly-overwritten" | "drift"))
        .map(|(_, body, ..)| serde_json::from_value(body).unwrap());
    let rows = sqlx::query(
        "select autotask_id, jim2_id from pair where kind = 'thing' and state = 'paired'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let problems = store::held::open_problems(&life.lane.db).await.unwrap();
    let state = life.world.state().clone();
    let rest = Rest {
        life,
        state: &state,
        facts: life.lane.mappings.facts(chrono::DateTime::UNIX_EPOCH),
        notices: notices.collect(),
        firsts,
        problems: problems.into_iter().map(|it| it.code).collect(),
        pairs: rows.iter().map(|row| (row.get(0), row.get(1))).collect(),
    };
    rest.never()?;
    rest.waits_for_cause()?;
    for thing in life.things.iter().filter(|thing| !thing.is_deleted) {
        rest.thing(thing)?;
    }
    Ok(())
}

impl Rest<'_> {
    /// What must not happen at any time.
    fn never(&self) -> Result<(), Violation> {
        let mut made: Vec<&str> = Vec::new();
        for past in &self.state.past {
            match past {
                Past::Trespassed(act, why) => {
                    return Err(Violation::new(Broken::Trespass, format!("{why}: {act:?}")));
                }
                Past::Made(Act::Create { reference, .. }, _) if made.contains(&&**reference) => {
                    if !self.life.is_overdue || !self.is_known_as_double() {
                        return Err(self.made_again(reference));
                    }
                }
                Past::Made(Act::Create { reference, .. }, _) => made.push(reference),
                Past::Wrote(act @ Act::Update { on, id, fields }, before) => {
                    let emptied = fields.iter().find(|(name, value)| {
                        value.is_empty()
                            && before.get(*name).is_some_and(|it| !it.is_empty())
                            && !self.was_emptied(name)
                    });
                    if emptied.is_some() {
                        return Err(Violation::new(Broken::Emptied, format!("{act:?}")));
                    }
                    self.drifted(*on, id, act)?;
                }
                Past::Wrote(..) | Past::Unanswered(_) | Past::Made(..) | Past::Entered(_) => {}
            }
        }
        for notice in self.notices.iter().filter(|it| it.what == "conflict") {
            self.owner_won(notice)?;
        }
        Ok(())
    }

    fn made_again(&self, reference: &str) -> Violation {
        let mut things = self.life.things.iter();
        let was_deleted = things.any(|thing| {
            thing.is_deleted && reference.split('/').next() == Some(thing.autotask.as_str())
        });
        let broken = if was_deleted {
            Broken::MadeAgain
        } else {
            Broken::MadeTwice
        };
        Violation::new(broken, format!("{reference} was made twice"))
    }

    fn is_known_as_double(&self) -> bool {
        let mut problems = self.problems.iter();
        problems.any(|code| code == "doubled" || code == "made-before")
    }

    /// Whether a person did, on either side: what he emptied may be emptied again.
    fn was_emptied(&self, field: &str) -> bool {
        self.entries()
            .any(|it| it.field == field && it.value.is_empty())
    }

    /// Two that a person linked differ as they did before, until a person enters something.
    fn drifted(&self, on: System, id: &RecordId, act: &Act) -> Result<(), Violation> {
        let mut things = self.life.things.iter();
        let Some(thing) = things.find(|it| match on {
            System::Autotask => it.by_hand.is_some() && it.autotask == *id,
            System::Jim2 => it.by_hand.as_ref() == Some(id),
        }) else {
            return Ok(());
        };
        let Act::Update { fields, .. } = act else {
            return Ok(());
        };
        let is_of = |it: &&Entry| it.id == thing.autotask || thing.by_hand.as_ref() == Some(&it.id);
        let untouched = fields
            .keys()
            .find(|name| !self.entries().filter(is_of).any(|it| it.field == **name));
        match untouched {
            Some(_) => Err(Violation::new(Broken::Drifted, format!("{act:?}"))),
            None => Ok(()),
        }
    }

    /// The owner's value stays: one that was entered there, and none that was entered there later gives way to it.
    fn owner_won(&self, notice: &Notice) -> Result<(), Violation> {
        let Some(field) = FIELDS.iter().find(|it| it.name == notice.field) else {
            return Ok(());
        };
        let entries: Vec<&Entry> = self.entries().filter(|it| it.field == field.name).collect();
        let places = |value: &Value| -> Vec<usize> {
            let same = entries.iter().enumerate();
            let same = same.filter(|(_, it)| field.compare.same(&it.value, value));
            same.map(|(place, _)| place).collect()
        };
        let (kept, lost) = (places(&notice.kept), places(&notice.lost));
        let is_owners = |place: &usize| entries[*place].on == field.owner;
        // A value that several entered says nothing of who entered it when.
        let is_later = match (kept.as_slice(), lost.as_slice()) {
            ([kept], [lost]) => kept < lost && is_owners(kept) && is_owners(lost),
            _ => false,
        };
        // Where only one side is carried, the other gives way to what was there from the beginning, too.
        let is_entered = field.way != Way::Both || kept.iter().any(is_owners);
        // Of two that both were entered in Autotask, the one that our write took the place of gives way to a later one.
        let both = [&kept, &lost];
        let are_autotasks = notice.by == Some(System::Autotask)
            && both.iter().all(|it| {
                it.iter()
                    .any(|place| entries[*place].on == System::Autotask)
            });
        if notice.by == Some(field.owner) && is_entered && !is_later || are_autotasks && !is_later {
            Ok(())
        } else {
            Err(Violation::new(Broken::NotTheOwner, format!("{notice:?}")))
        }
    }

    /// Only what was planted waits.
    fn waits_for_cause(&self) -> Result<(), Violation> {
        let things = &self.life.things;
        let is_planted = |code: &str| match code {
            "not-the-same-record" | "moved" => things.iter().any(|it| it.is_moved),
            "vanished" => things.iter().any(|it| it.is_deleted),
            "reference-copied" | "reference-unconfirmed" | "doubled" | "made-before" => {
                self.life.is_overdue || things.iter().any(|it| it.is_copied)
            }
            _ => false,
        };
        match self.problems.iter().find(|code| !is_planted(code)) {
            Some(code) => Err(Violation::new(Broken::HeldForNothing, code)),
            None => Ok(()),
        }
    }

    fn thing(&self, thing: &Thing) -> Result<(), Violation> {
        let row = self
            .pairs
            .iter()
            .find(|(autotask, _)| autotask.as_deref() == Some(thing.autotask.as_str()));
        let job = row.and_then(|(_, job)| job.clone()).map(RecordId::from);
        let waits = (thing.is_copied || self.life.is_overdue) && self.is_known_as_double();
        let Some(job) = job else {
            return if waits {
                Ok(())
            } else {
                Err(Violation::new(
                    Broken::Unequal,
                    format!("thing {} has no job", thing.autotask),
                ))
            };
        };
        let ours = self
            .state
            .past
            .iter()
            .any(|it| matches!(it, Past::Made(_, made) if *made == job));
        if !ours && thing.by_hand.as_ref() != Some(&job) {
            return Err(Violation::new(
                Broken::Stranger,
                format!("{job} is the job of {}", thing.autotask),
            ));
        }
        for field in FIELDS {
            if !thing.is_moved && !waits {
                self.equal(thing, &job, field)?;
            }
        }
        for entry in self.entries() {
            if entry.id == thing.autotask && entry.on == System::Autotask
                || entry.id == job && entry.on == System::Jim2
            {
                self.accounted(entry, thing, &job)?;
            }
        }
        if thing.is_moved || waits {
            return Ok(());
        }
        self.notes(thing, &job)
    }

    fn equal(&self, thing: &Thing, job: &RecordId, field: &Field) -> Result<(), Violation> {
        let here = self.value(System::Autotask, &thing.autotask, field.name);
        let there = self.value(System::Jim2, job, field.name);
        let is_listed = |it: &Notice| {
            it.what == "drift" && it.field == field.name && it.kept == here && it.lost == there
        };
        let is_fine = field.equal(&here, &there, &self.facts)
            || field.is_left(field.way, &here, &there, &self.facts)
            || thing.by_hand.is_some() && self.notices.iter().any(is_listed);
        if is_fine {
            Ok(())
        } else {
            Err(Violation::new(
                Broken::Unequal,
                format!("{} of {}: {here:?}, {there:?}", field.name, thing.autotask),
            ))
        }
    }

    fn notes(&self, thing: &Thing, job: &RecordId) -> Result<(), Violation> {
        let halves = [(System::Autotask, &thing.autotask), (System::Jim2, job)];
        for (on, id) in halves {
            let other = match on {
                System::Autotask => (System::Jim2, job),
                System::Jim2 => (System::Autotask, &thing.autotask),
            };
            for note in self.children(on, id).iter().filter(|it| !it.ours) {
                let mark = Mark {
                    system: on,
                    source: note.id.clone(),
                };
                let copies: Vec<_> = self
                    .children(other.0, other.1)
                    .iter()
                    .filter(|it| it.mark.as_ref() == Some(&mark))
                    .collect();
                let broken = match copies.as_slice() {
                    [copy] if !copy.text.starts_with(author(on)) => Broken::NoteAuthor,
                    [copy] if copy.text.ends_with(&format!(": {}", note.text)) => continue,
                    [] | [_] => Broken::NoteLost,
                    _ => Broken::NoteTwice,
                };
                return Err(Violation::new(broken, format!("{note:?}: {copies:?}")));
            }
            let bounced = self.children(on, id).iter().find(|it| {
                let originals = self.children(other.0, other.1);
                let is_of =
                    |mark: &Mark| originals.iter().any(|it| it.id == mark.source && !it.ours);
                it.ours && !it.mark.as_ref().is_some_and(is_of)
            });
            if let Some(copy) = bounced {
                return Err(Violation::new(Broken::NoteTwice, format!("{copy:?}")));
            }
        }
        Ok(())
    }

    fn children(&self, on: System, id: &RecordId) -> &[crate::Child] {
        self.records(on).get(id).map_or(&[], |it| &it.children)
    }

    fn value(&self, on: System, id: &RecordId, field: &str) -> Value {
        let record = self.records(on).get(id);
        let value = record.and_then(|it| it.fields.get(field).cloned());
        value.unwrap_or(Value::Empty)
    }

    fn records(
        &self,
        on: System,
    ) -> &std::collections::BTreeMap<RecordId, super::super::world::Record> {
        match on {
            System::Autotask => &self.state.autotask,
            System::Jim2 => &self.state.jim2,
        }
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.state.past.iter().filter_map(Past::entry)
    }
}
