//! What is told in a life, and the time that passes.

use chrono::SubsecRound as _;
use domain::{Clock as _, Event, Evidence, Key, RecordId, System, Value};

use super::{
    super::{
        super::world::{Entry, FIELDS, THING},
        script::Batch,
    },
    Life, Message,
};

impl Life<'_> {
    pub(super) async fn later(&mut self, seconds: i64) {
        let seconds = match &mut self.held_up {
            Some(left) => {
                let seconds = seconds.min(*left);
                *left -= seconds;
                seconds
            }
            None => seconds,
        };
        self.clock.pass(seconds);
        self.world.state().pass(seconds);
        self.lane.pass(seconds).await;
        if seconds >= 60 {
            let rescued = self.lane.rescued().await;
            self.put(rescued);
        }
    }

    pub(super) fn tell_again(&mut self, place: u8) {
        if !self.told.is_empty() {
            let event = self.told[usize::from(place) % self.told.len()].clone();
            self.put([event]);
        }
    }

    /// The system tells that a person changed a record.
    pub(super) fn tell_entry(&mut self, side: System, id: &RecordId) {
        let entry = self.world.state().last_entry().cloned();
        let at = self.world.state().time(side).trunc_subsecs(0);
        let evidence = entry.map(|entry| Evidence {
            at,
            fields: match side {
                System::Autotask if entry.value != entry.before => named(&entry),
                System::Autotask | System::Jim2 => [].into(),
            },
            by: Some(entry.by),
        });
        self.tell(side, id, evidence);
    }

    pub(super) fn tell(&mut self, side: System, id: &RecordId, evidence: Option<Evidence>) {
        let mut event = Event::new(Key::new(THING, side, id.clone()), domain::Cause::Live);
        event.floor.at = Some(self.world.state().time(side));
        event.evidence.extend(evidence);
        self.told.push(event.clone());
        self.put([event]);
    }

    /// A sweep finds that a record differs.
    pub(super) fn sweep(&mut self, side: System, id: &RecordId) {
        let key = Key::new(THING, side, id.clone());
        self.put([Event::new(key, domain::Cause::Sweep)]);
    }

    pub(super) fn put(&mut self, events: impl IntoIterator<Item = Event>) {
        let first_seen = self.clock.now();
        for mut event in events {
            if let Some(without) = self.lane.without {
                without.strip(&mut event);
            }
            self.queue.push(Message {
                event,
                first_seen,
                attempt: 0,
            });
        }
    }

    pub(super) fn take(&mut self, batch: &Batch) -> Vec<Message> {
        let mut taken = Vec::new();
        for _ in 0..batch.take {
            if !self.queue.is_empty() {
                let at = usize::from(batch.from) % self.queue.len();
                taken.push(self.queue.remove(at));
            }
        }
        taken
    }
}

/// The values of an entry as a webhook names them.
fn named(entry: &Entry) -> std::collections::BTreeMap<String, Value> {
    let field = FIELDS.iter().find(|field| field.name == entry.field);
    let names = field.map_or(&[][..], |field| field.webhook_names);
    names
        .iter()
        .map(|name| ((*name).to_owned(), entry.value.clone()))
        .collect()
}
