//! Pairs under a pair, such as the notes of a ticket: remembered with it, never claimed on their own.

use domain::{Kind, RecordId};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::State;
use crate::Error;

/// A child and its copy, as they are to be remembered.
#[derive(Debug, Clone, PartialEq)]
pub struct ChildRow {
    /// Its kind, such as `note`.
    pub kind: Kind,
    /// The Autotask half.
    pub autotask_id: Option<RecordId>,
    /// The Jim2 half.
    pub jim2_id: Option<RecordId>,
    /// The generation of the pair in which it was made.
    pub generation: i32,
    /// What became of it.
    pub state: State,
    /// How people know it.
    pub label: String,
    /// What was copied.
    pub shadow: Option<Value>,
}

/// Remembers children under `parent`: a child that is known by either id is changed, another is added.
pub(crate) async fn write(
    tx: &mut PgConnection,
    parent: Uuid,
    children: &[ChildRow],
) -> Result<(), Error> {
    if children.is_empty() {
        return Ok(());
    }
    let new_ids: Vec<Uuid> = children.iter().map(|_| Uuid::now_v7()).collect();
    let kinds = texts(children, |child| child.kind.as_str());
    let states = texts(children, |child| child.state.as_str());
    let labels = texts(children, |child| &child.label);
    let autotask_ids = ids(children, |child| child.autotask_id.as_ref());
    let jim2_ids = ids(children, |child| child.jim2_id.as_ref());
    let generations: Vec<i32> = children.iter().map(|child| child.generation).collect();
    let shadows: Vec<Option<Value>> = children.iter().map(|child| child.shadow.clone()).collect();
    sqlx::query!(
        "with told as (
             select * from unnest(
                 $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[],
                 $9::jsonb[])
                 as t(id, kind, autotask_id, jim2_id, generation, state, label, shadow)
         ), known as (
             update pair c
             set autotask_id = coalesce(t.autotask_id, c.autotask_id),
                 jim2_id = coalesce(t.jim2_id, c.jim2_id),
                 generation = t.generation, state = t.state, label = t.label,
                 shadow = coalesce(t.shadow, c.shadow), changed_at = now()
             from told t
             where c.parent = $1 and c.kind = t.kind
               and (c.autotask_id = t.autotask_id or c.jim2_id = t.jim2_id)
             returning t.id as told_id
         )
         insert into pair (id, kind, autotask_id, jim2_id, parent, generation, state, label, shadow)
         select t.id, t.kind, t.autotask_id, t.jim2_id, $1, t.generation, t.state, t.label, t.shadow
         from told t
         where t.id not in (select told_id from known)",
        parent,
        &new_ids,
        &kinds,
        &autotask_ids as &[Option<String>],
        &jim2_ids as &[Option<String>],
        &generations,
        &states,
        &labels,
        &shadows as &[Option<Value>],
    )
    .execute(tx)
    .await?;
    Ok(())
}

fn texts<'a>(children: &'a [ChildRow], column: impl Fn(&'a ChildRow) -> &'a str) -> Vec<String> {
    children
        .iter()
        .map(|child| column(child).to_owned())
        .collect()
}

fn ids<'a>(
    children: &'a [ChildRow],
    column: impl Fn(&'a ChildRow) -> Option<&'a RecordId>,
) -> Vec<Option<String>> {
    children
        .iter()
        .map(|child| column(child).map(|id| id.as_str().to_owned()))
        .collect()
}
