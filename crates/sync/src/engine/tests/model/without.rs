//! The rules of correctness, each taken out from outside: in the test's database, in what the world shows, or in what
//! events bring. The engine that runs is the one that is released.

use domain::Event;
use sqlx::PgPool;

use super::{
    super::world::{Blind, FIELDS, Past, World},
    lane::{Lane, execute},
};

/// A rule's mechanism that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Without {
    /// Rule 1: what is read again is learnt.
    Judging,
    /// Rule 2: a late claimant is not told that it is late.
    Epochs,
    /// Rule 2: nobody waits for a write that may still arrive.
    Patience,
    /// Rule 3: what meets a claim is dropped.
    Dirty,
    /// Rule 4: what was about to be written is not kept.
    Intents,
    /// Rule 5: nobody looks for what a lost answer has made.
    LookUps,
    /// Rule 6: whose a record is, is not asked.
    Identity,
    /// Rule 7: what is not told counts as empty.
    Silence,
    /// Rule 9: a read may be older than its event.
    Floors,
    /// Rule 9: what is not there at once never was.
    Waiting,
    /// Rule 10: what the sources tell of a change does not travel.
    Evidence,
    /// Rule 11: who came last is right.
    Owners,
    /// Rule 12: marks of notes say nothing.
    Marks,
    /// Rule 15: what a newer build left is taken for our own.
    Formats,
}

impl Without {
    /// What is not there in the database.
    pub(super) async fn prepare(self, pool: &PgPool) {
        let change = match self {
            Self::Epochs => "new.epoch := old.epoch",
            Self::Dirty => "new.dirty := null",
            _ => return,
        };
        let sql = format!(
            "create function change() returns trigger language plpgsql as
                 $$ begin {change}; return new; end $$;
             create trigger change before update on pair for each row execute function change()"
        );
        execute(pool, &sql).await;
    }

    /// What the world does not show.
    pub(super) const fn blind(self) -> Option<Blind> {
        match self {
            Self::LookUps => Some(Blind::LookUp),
            Self::Identity => Some(Blind::Identity),
            Self::Silence => Some(Blind::Silence),
            Self::Marks => Some(Blind::Marks),
            _ => None,
        }
    }

    /// What an event does not bring.
    pub(super) fn strip(self, event: &mut Event) {
        match self {
            Self::Floors => event.floor = domain::Floor::default(),
            Self::Evidence => event.evidence.clear(),
            _ => {}
        }
    }

    /// Before a worker takes a batch.
    pub(super) async fn before(self, lane: &Lane, world: &World) {
        if self == Self::Owners {
            let sql = owners(world);
            execute(&lane.pool, &sql).await;
        }
    }

    /// After a worker has let go of a batch.
    pub(super) async fn after(self, lane: &Lane, world: &World) {
        let sql = match self {
            Self::Patience => "update intent set sent_at = sent_at - interval '1 hour'".to_owned(),
            Self::Intents => "delete from intent".to_owned(),
            Self::Judging => learnt(world),
            _ => return,
        };
        execute(&lane.pool, &sql).await;
    }
}

/// Each field is owned by whoever entered something in it last.
fn owners(world: &World) -> String {
    let state = world.state();
    FIELDS.iter().fold(String::new(), |sql, field| {
        let last = state.past.iter().rev().find_map(|it| match it {
            Past::Entered(entry) if entry.field == field.name => Some(entry.on),
            _ => None,
        });
        let Some(last) = last else { return sql };
        let way = field.way.as_str();
        let (name, last) = (field.name, last.as_str());
        sql + &format!(
            "insert into field_rule values ('thing', '{name}', '{way}', '{last}')
             on conflict (kind, field) do update set owner = excluded.owner;"
        )
    })
}

/// Every shadow shows the world as it is.
fn learnt(world: &World) -> String {
    let state = world.state();
    let sides = [("autotask", &state.autotask), ("jim2", &state.jim2)];
    let mut sql = String::new();
    for (side, records) in sides {
        for (id, record) in records {
            let fields = serde_json::to_string(&record.fields).unwrap();
            sql += &format!(
                "update pair set shadow = jsonb_set(shadow, '{{{side}}}', '{}')
                 where {side}_id = '{id}' and kind = 'thing' and shadow is not null and claimed_by is null;",
                fields.replace('\'', "''")
            );
        }
    }
    sql
}
