//! **No entry is swallowed.** A value that a person enters is accounted for if
//! - it changed nothing: it was there before, or was taken back before we had written anything of it, or before we could
//!   know that we had; or, at the end,
//! - it is still there, on the side on which it was entered; or
//! - a person replaced it: a later entry was made over it, or over its copy on the other side; or
//! - the journal knows that it was lost: as the loser of a conflict, or (in Jim2, which tells who changed a record and not
//!   what) by its author as possibly overwritten; or
//! - it was entered in a record of our making before the field was ever agreed on, and the journal has it as what our
//!   first write of that field took the place of.
//!
//! That we journal every other write with the value before it does not count: it would excuse every loss.
//! Values are told apart by what they are; where two people enter the same, one of them stands for both.

use domain::{RecordId, System, Value};

use super::{
    super::{
        super::world::{Entry, FIELDS, Past},
        life::Thing,
        violation::{Broken, Violation},
    },
    Rest,
};
use crate::{Act, Field, Notice};

/// A row of the journal, with the halves of its pair.
pub(super) type Row = (
    String,
    serde_json::Value,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// The values that our first writes to fields took the place of, by side, record and field. What a record was made with
/// was given to it before.
pub(super) fn firsts(journal: &[Row]) -> Vec<(String, Option<Value>)> {
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
    /// Whether an entry is accounted for.
    pub(super) fn accounted(
        &self,
        entry: &Entry,
        thing: &Thing,
        job: &RecordId,
    ) -> Result<(), Violation> {
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
            "possibly-overwritten" if it.field.is_empty() => it.lost == entry.by.as_str().into(),
            "possibly-overwritten" => {
                it.field == field.name && field.compare.same(&it.lost, &entry.value)
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

    /// Whether we may never know that this was written.
    fn is_unanswered(&self, act: &Act) -> bool {
        let mut past = self.state.past.iter();
        past.any(|it| matches!(it, Past::Unanswered(other) if other == act))
    }

    /// Whether the field holds again what it held before, and we have not touched it since, or cannot know that we have.
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
                Past::Wrote(act @ Act::Update { on, id, fields }, before)
                    if fields.contains_key(&entry.field) =>
                {
                    let is_own = (*on, id) == (entry.on, &entry.id);
                    let was = before.get(&entry.field);
                    return is_own && was == Some(&entry.value) && self.is_unanswered(act);
                }
                Past::Made(Act::Create { fields, .. }, _) if fields.contains_key(&entry.field) => {
                    return false;
                }
                Past::Wrote(..) | Past::Unanswered(_) | Past::Made(..) | Past::Trespassed(..) => {}
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
}
