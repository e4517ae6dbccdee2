//! What must be true when a life has come to rest.
//!
//! **No entry is swallowed.** A value that a person enters is accounted for if
//! - it changed nothing: it was there before, or was taken back before we had written anything of it; or, at the end,
//! - it is still there, on the side on which it was entered; or
//! - a person replaced it: a later entry was made over it, or over its copy on the other side; or
//! - the journal knows that it was lost: as the loser of a conflict, or (in Jim2, which tells who changed a record and not
//!   what) by its author as possibly overwritten; or
//! - an intent that is kept open on a held pair owes this to the journal; or
//! - it was entered in a record of our making before the field was ever agreed on, and the journal has it as what our
//!   first write of that field took the place of.
//!
//! That we journal every other write with the value before it does not count: it would excuse every loss.
//! Values are told apart by what they are; where two people enter the same, one of them stands for both.

use domain::{RecordId, System, Value};
use sqlx::Row as _;

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
         from (select id, pair_id, what, body, system from journal
               union all
               select null, pair_id, owed ->> 'what', owed -> 'body', null
               from intent, jsonb_array_elements(body -> 'notices') as owed) j
         left join pair p on p.id = j.pair_id order by j.id",
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

/// A row of the journal, with the halves of its pair.
type Row = (
    String,
    serde_json::Value,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// The values that our first writes to fields took the place of, by side, record and field. What a record was made with
/// was given to it before.
fn firsts(journal: &[Row]) -> Vec<(String, Option<Value>)> {
    let mut firsts: Vec<(String, Option<Value>)> = Vec::new();
    for (what, body, system, autotask, jim2) in journal {
        let (Some(system), Some(autotask), Some(jim2)) = (system, autotask, jim2) else {
            continue;
        };
        let fields = |name: &str| {
            let fields = body.get(name).and_then(serde_json::Value::as_object);
            fields.into_iter().flatten()
        };
        let mut note = |side: &str, field: &str, before: Option<Value>| {
            let id = if side == "jim2" { jim2 } else { autotask };
            let name = format!("{side}.{id}.{field}");
            if !firsts.iter().any(|(known, _)| *known == name) {
                firsts.push((name, before));
            }
        };
        for (field, value) in fields("before") {
            note(system, field, serde_json::from_value(value.clone()).ok());
        }
        if what == "created" {
            for (field, _) in fields("after") {
                note("jim2", field, None);
                note("autotask", field, None);
            }
        }
    }
    firsts
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
                            && !self.was_emptied(on.other(), name)
                    });
                    if emptied.is_some() {
                        return Err(Violation::new(Broken::Emptied, format!("{act:?}")));
                    }
                    self.drifted(*on, id, act)?;
                }
                Past::Wrote(..) | Past::Made(..) | Past::Entered(_) => {}
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

    fn was_emptied(&self, on: System, field: &str) -> bool {
        self.entries()
            .any(|it| it.on == on && it.field == field && it.value.is_empty())
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
        if notice.by == Some(field.owner) && is_entered && !is_later {
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

    /// Whether an entry is accounted for, as the top of this file says.
    fn accounted(&self, entry: &Entry, thing: &Thing, job: &RecordId) -> Result<(), Violation> {
        let Some(field) = FIELDS.iter().find(|it| it.name == entry.field) else {
            return Ok(());
        };
        let is_blank = field.name == "remark" && entry.value.is_empty();
        let is_there = field
            .compare
            .same(&self.value(entry.on, &entry.id, field.name), &entry.value);
        let ours = |it: &&Entry| {
            it.field == entry.field
                && match it.on {
                    System::Autotask => it.id == thing.autotask,
                    System::Jim2 => it.id == *job,
                }
        };
        let replaced = |it: &Entry| {
            if it.on == entry.on {
                return field.compare.same(&it.before, &entry.value);
            }
            match it.on {
                System::Autotask => field.equal(&it.before, &entry.value, &self.facts),
                System::Jim2 => field.equal(&entry.value, &it.before, &self.facts),
            }
        };
        let later = self.entries().skip_while(|it| it.by != entry.by).skip(1);
        let known = |it: &Notice| match it.what.as_str() {
            "conflict" => {
                // Where our copy of it gave way to evidence, the loser is told in Autotask's words.
                let is_copy = entry.on == System::Jim2
                    && it.by == Some(System::Autotask)
                    && field.equal(&it.lost, &entry.value, &self.facts);
                it.field == field.name && (is_copy || field.compare.same(&it.lost, &entry.value))
            }
            "possibly-overwritten" => {
                it.lost == entry.by.as_str().into()
                    || it.field == field.name && field.compare.same(&it.lost, &entry.value)
            }
            _ => false,
        };
        if self.changes_nothing(entry, field)
            || is_blank
            || is_there
            || later.filter(ours).any(replaced)
            || self.notices.iter().any(known)
            || self.was_first(entry)
        {
            Ok(())
        } else {
            Err(Violation::new(Broken::Swallowed, format!("{entry:?}")))
        }
    }

    /// Whether the field holds again what it held before, and we have not touched it since.
    fn changes_nothing(&self, entry: &Entry, field: &Field) -> bool {
        let past = self.state.past.iter().rev();
        let is_it = |it: &&Past| it.entry().is_some_and(|other| other.by == entry.by);
        for past in past.skip_while(|it| !is_it(it)) {
            match past {
                Past::Entered(it) => {
                    let is_same = (it.on, &it.id, &it.field) == (entry.on, &entry.id, &entry.field);
                    if is_same && field.compare.same(&it.before, &entry.value) {
                        return true;
                    }
                }
                Past::Wrote(Act::Update { fields, .. }, _)
                | Past::Made(Act::Create { fields, .. }, _)
                    if fields.contains_key(&entry.field) =>
                {
                    return false;
                }
                Past::Wrote(..) | Past::Made(..) | Past::Trespassed(..) => {}
            }
        }
        false
    }

    fn was_first(&self, entry: &Entry) -> bool {
        let name = format!("{}.{}.{}", entry.on.as_str(), entry.id, entry.field);
        let is_it = |(known, before): &(String, Option<Value>)| {
            *known == name && before.as_ref() == Some(&entry.value)
        };
        self.firsts.iter().any(is_it)
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
