//! What people do in a life, and a newer build.

use domain::{RecordId, System, Value};

use super::{
    super::{
        super::world::Record,
        lane::{self, execute},
        script::What,
        without::Without,
    },
    Life, Thing,
};

/// Why a record that a newer build has is off limits.
const NEWER: &str = "a newer build has it";

impl Life<'_> {
    pub(super) fn make(&mut self, name: &str) {
        if self.things.len() >= 3 {
            return;
        }
        let autotask = self.world.thing(&format!("{name} {}", self.things.len()));
        if let Some(record) = self.world.state().autotask.get_mut(&autotask) {
            record.facts.insert("owner", 1.into());
        }
        self.tell(System::Autotask, &autotask, None);
        self.things.push(Thing {
            autotask,
            by_hand: None,
            is_deleted: false,
            is_copied: false,
            is_moved: false,
        });
    }

    /// A job as well, of another name, each with the other's reference.
    pub(super) fn make_both(&mut self) {
        let before = self.things.len();
        self.make("Desk");
        let Some(thing) = self.things.get_mut(before) else {
            return;
        };
        let job = {
            let mut state = self.world.state();
            let id = state.fresh_id();
            let mut record = state.autotask[&thing.autotask].clone();
            record.fields.insert("name".to_owned(), "Shop".into());
            record.fields.insert("status".to_owned(), "Booked".into());
            record.facts = [("customer", 1.into())].into();
            record.reference = Some(format!("{}/1", thing.autotask));
            record.changed = state.tick(System::Jim2);
            state.jim2.insert(id.clone(), record);
            if let Some(record) = state.autotask.get_mut(&thing.autotask) {
                record.reference = Some(id.to_string());
            }
            id
        };
        thing.by_hand = Some(job);
    }

    pub(super) fn edit(&mut self, side: System, thing: u8, what: What, value: u8) {
        let Some((_, id)) = self.record(side, thing) else {
            return;
        };
        self.entered += 1;
        let value = entered(side, what, value, self.entered);
        self.world.state().edit(side, &id, what.name(), value);
        self.tell_entry(side, &id);
    }

    pub(super) fn note(&mut self, side: System, thing: u8) {
        let Some((_, id)) = self.record(side, thing) else {
            return;
        };
        self.entered += 1;
        let text = format!("note {}", self.entered);
        self.world.state().note(side, &id, &text);
        self.tell(side, &id, None);
    }

    pub(super) fn reword(&mut self, side: System, thing: u8) {
        let Some((_, id)) = self.record(side, thing) else {
            return;
        };
        self.entered += 1;
        let text = format!("note {} put another way", self.entered);
        if self.world.state().reword(side, &id, &text) {
            self.tell(side, &id, None);
        }
    }

    pub(super) fn silence(&mut self, side: System, thing: u8, what: What) {
        let Some((_, id)) = self.record(side, thing) else {
            return;
        };
        if let Some(record) = self.world.state().side(side).get_mut(&id) {
            record.silent.insert(what.name());
        }
        self.tell(side, &id, None);
    }

    /// What changed on the other side meanwhile had no part in anything: the next sweep finds it.
    pub(super) fn tells(&mut self, side: System, thing: u8) {
        let Some((_, id)) = self.record(side, thing) else {
            return;
        };
        let was_silent = {
            let mut state = self.world.state();
            let silent = state.side(side).get_mut(&id).map(|it| &mut it.silent);
            silent.is_some_and(|it| !std::mem::take(it).is_empty())
        };
        if was_silent {
            self.sweep(side, &id);
        }
    }

    /// Only of a pair that is known as one: what was lost before is another matter.
    pub(super) fn delete(&mut self, side: System, thing: u8) {
        let Some((place, id)) = self.record(side, thing) else {
            return;
        };
        let Some((_, other)) = self.record(side.other(), thing) else {
            return;
        };
        if !self.is_paired(place) {
            return;
        }
        self.things[place].is_deleted = true;
        {
            let mut state = self.world.state();
            state.catch_up();
            state.side(side).remove(&id);
            let other = (side.other(), other);
            state
                .off_limits
                .insert(other, "its other half has vanished");
        }
        self.tell(side, &id, None);
    }

    /// Where there is no job yet, a job of somebody else's gets the reference that ours will have.
    pub(super) async fn copy(&mut self, thing: u8) {
        let Some((place, ticket)) = self.record(System::Autotask, thing) else {
            return;
        };
        let job = self.record(System::Jim2, thing);
        if job.is_none() && self.has_intent().await {
            return; // From here on it could be the one that we are making.
        }
        self.things[place].is_copied = true;
        let copy = {
            let mut state = self.world.state();
            let mut record = match job {
                Some((_, job)) => state.jim2[&job].clone(),
                None => Record {
                    reference: Some(format!("{ticket}/1")),
                    ..state.autotask[&ticket].clone()
                },
            };
            record.children.clear();
            record.changed = state.tick(System::Jim2);
            let copy = state.fresh_id();
            state.jim2.insert(copy.clone(), record);
            let off = (System::Jim2, copy.clone());
            state.off_limits.insert(off, "it is a copy");
            copy
        };
        self.copies.push(copy.clone());
        self.tell(System::Jim2, &copy, None);
    }

    async fn has_intent(&self) -> bool {
        sqlx::query_scalar("select exists (select from intent)")
            .fetch_one(&self.lane.pool)
            .await
            .unwrap()
    }

    pub(super) fn move_to(&mut self, thing: u8, customer: i64) {
        let (Some((place, job)), Some((_, ticket))) = (
            self.record(System::Jim2, thing),
            self.record(System::Autotask, thing),
        ) else {
            return;
        };
        if !self.is_paired(place) {
            return;
        }
        let is_away = customer != 1;
        self.things[place].is_moved = is_away;
        {
            let mut state = self.world.state();
            // A read from before could not know.
            state.catch_up();
            if let Some(record) = state.jim2.get_mut(&job) {
                record.facts.insert("customer", customer.into());
            }
            for half in [(System::Jim2, job.clone()), (System::Autotask, ticket)] {
                if is_away {
                    state.off_limits.insert(half, "it changed hands");
                } else {
                    state.off_limits.remove(&half);
                }
            }
        }
        self.tell(System::Jim2, &job, None);
    }

    pub(super) async fn newer(&mut self, thing: u8) {
        let Some((_, ticket)) = self.record(System::Autotask, thing) else {
            return;
        };
        let v = if matches!(self.lane.without, Some(Without::Formats)) {
            1
        } else {
            99
        };
        let sql = format!(
            "update pair set shadow = jsonb_build_object(
                 'v', {v}, 'autotask', '{{}}'::jsonb, 'jim2', '{{}}'::jsonb, 'kept', shadow)
             where kind = 'thing' and autotask_id = '{ticket}' and shadow is not null
               and claimed_by is null and not shadow ? 'kept'"
        );
        let done = sqlx::query(sqlx::AssertSqlSafe(sql))
            .execute(&self.lane.pool)
            .await
            .unwrap();
        if done.rows_affected() > 0 {
            let halves = self.halves(thing);
            let mut state = self.world.state();
            for half in halves {
                state.off_limits.entry(half).or_insert(NEWER);
            }
        }
    }

    pub(super) async fn older(&mut self, thing: u8) {
        let place = usize::from(thing) % self.things.len().max(1);
        let Some(Thing {
            autotask: ticket, ..
        }) = self.things.get(place).cloned()
        else {
            return;
        };
        let sql = format!(
            "update pair set shadow = shadow -> 'kept'
             where kind = 'thing' and autotask_id = '{ticket}' and shadow ? 'kept'"
        );
        execute(&self.lane.pool, &sql).await;
        let halves = self.halves(thing);
        let mut state = self.world.state();
        state
            .off_limits
            .retain(|half, why| *why != NEWER || !halves.contains(half));
    }

    /// The records of a thing that are there.
    fn halves(&self, thing: u8) -> Vec<(System, RecordId)> {
        let half = |side| Some((side, self.record(side, thing)?.1));
        System::BOTH.into_iter().filter_map(half).collect()
    }

    /// A thing's place, and its record on a side.
    pub(super) fn record(&self, side: System, thing: u8) -> Option<(usize, RecordId)> {
        let place = usize::from(thing) % self.things.len().max(1);
        let thing = self.things.get(place)?;
        let id = match side {
            System::Autotask => Some(thing.autotask.clone()),
            System::Jim2 => self.job_of(thing),
        }?;
        let is_there = self.world.state().side(side).contains_key(&id);
        is_there.then_some((place, id))
    }

    /// The job of a thing: that of a person, or the first that we made.
    pub(super) fn job_of(&self, thing: &Thing) -> Option<RecordId> {
        thing.by_hand.clone().or_else(|| {
            self.world
                .state()
                .made_for(&thing.autotask)
                .first()
                .cloned()
        })
    }

    /// Whether our reference is in Autotask: the pair was remembered before that.
    pub(super) fn is_paired(&self, place: usize) -> bool {
        let thing = &self.things[place];
        let state = self.world.state();
        let record = state.autotask.get(&thing.autotask);
        thing.by_hand.is_none() && record.is_some_and(|it| it.reference.is_some())
    }
}

/// The value that a person enters. Three of four are like no other; the rest come again and again.
fn entered(side: System, what: What, value: u8, number: i64) -> Value {
    let word = match value % 4 {
        0 => format!("word {}", value / 4 % 3),
        _ => format!("{} {number}", what.name()),
    };
    match (what, side) {
        (What::Status, _) => {
            let number = i64::from(value) % lane::STATUSES + 1;
            match side {
                System::Autotask => number.into(),
                System::Jim2 => lane::status(number).into(),
            }
        }
        (What::Title | What::Remark, _) if value == 4 => Value::Empty,
        (What::Name, System::Autotask) if value % 4 == 1 => format!("{word} is long").into(),
        _ => word.into(),
    }
}
