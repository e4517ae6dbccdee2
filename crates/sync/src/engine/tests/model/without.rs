//! How a rule of correctness is taken out: from outside, in the lane's database, in what the world shows, or in what events
//! bring. The engine that runs is the one that is released.

use domain::{Event, System};
use sqlx::PgPool;

use super::{
    super::world::{Blind, Entry, FIELDS, Past, State, World},
    lane::{Lane, execute},
};

/// A rule's mechanism that is not there.
#[derive(Debug, Clone, Copy)]
pub(super) enum Without {
    /// Every change of a pair's row is changed.
    Trigger(&'static str),
    /// The world does not show something.
    Blind(Blind),
    /// Events do not bring something.
    Events(fn(&mut Event)),
    /// The database is changed before each batch.
    Before(fn(&State) -> String),
    /// The database, and what is known in the world, is changed after each batch.
    After(fn(&mut State) -> String),
    /// A record that is not there is not waited for.
    Waiting,
    /// What a newer build left does not say so.
    Formats,
}

impl Without {
    /// Makes a lane's database ready.
    pub(super) async fn prepare(self, pool: &PgPool) {
        if let Self::Trigger(change) = self {
            let sql = format!(
                "create function change() returns trigger language plpgsql as
                     $$ begin {change}; return new; end $$;
                 create trigger change before update on pair
                     for each row execute function change()"
            );
            execute(pool, &sql).await;
        }
    }

    /// What the world does not show.
    pub(super) const fn blind(self) -> Option<Blind> {
        if let Self::Blind(blind) = self {
            Some(blind)
        } else {
            None
        }
    }

    /// Takes from an event what it does not bring.
    pub(super) fn strip(self, event: &mut Event) {
        if let Self::Events(strip) = self {
            strip(event);
        }
    }

    /// Before a worker takes a batch.
    pub(super) async fn before(self, lane: &Lane, world: &World) {
        if let Self::Before(sql) = self {
            let sql = sql(&world.state());
            execute(&lane.pool, &sql).await;
        }
    }

    /// After a worker has let go of a batch.
    pub(super) async fn after(self, lane: &Lane, world: &World) {
        if let Self::After(sql) = self {
            let sql = sql(&mut world.state());
            execute(&lane.pool, &sql).await;
        }
    }
}

/// Each field is owned by whoever entered something in it last.
pub(super) fn last_is_owner(state: &State) -> String {
    let mut sql = String::new();
    for field in FIELDS {
        let is_of = |it: &&Entry| it.field == field.name;
        if let Some(last) = state.past.iter().rev().filter_map(Past::entry).find(is_of) {
            let (name, way, owner) = (field.name, field.way.as_str(), last.on.as_str());
            sql = format!(
                "{sql} insert into field_rule values ('thing', '{name}', '{way}', '{owner}')
                 on conflict (kind, field) do update set owner = excluded.owner;"
            );
        }
    }
    sql
}

/// A job that is not there any more was never there, and nothing names it.
pub(super) fn forget(state: &mut State) -> String {
    let ids: Vec<String> = state.jim2.keys().map(ToString::to_string).collect();
    for record in state.autotask.values_mut() {
        record.reference = record.reference.take().filter(|it| ids.contains(it));
    }
    format!(
        "update pair set jim2_id = null, state = 'new', shadow = null
         where kind = 'thing' and autotask_id is not null and claimed_by is null
           and not jim2_id = any('{{{}}}'::text[])",
        ids.join(",")
    )
}

/// Every shadow shows the world as it is.
pub(super) fn learn(state: &mut State) -> String {
    let mut sql = String::new();
    for on in System::BOTH {
        let side = on.as_str();
        for (id, record) in state.side(on) {
            let fields = serde_json::to_string(&record.fields).unwrap();
            let fields = fields.replace('\'', "''");
            sql = format!(
                "{sql} update pair set shadow = jsonb_set(shadow, '{{{side}}}', '{fields}')
                 where {side}_id = '{id}' and kind = 'thing' and shadow is not null
                   and claimed_by is null;"
            );
        }
    }
    sql
}
