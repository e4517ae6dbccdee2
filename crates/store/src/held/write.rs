//! Holding and letting go, inside the transaction that remembers the pair.

use std::collections::BTreeMap;

use domain::{Event, Key, Problem};
use rust_decimal::Decimal;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Error, error};

/// What is held of a pair.
pub(crate) struct Item<'a> {
    pub(crate) event: &'a Event,
    pub(crate) label: &'a str,
    pub(crate) reason: &'a str,
    /// The money it holds up, without GST; where that is not known, what was known last stands.
    pub(crate) net: Option<Decimal>,
    /// The company that its record belongs to; the same.
    pub(crate) company: Option<&'a Key>,
    pub(crate) mapping_version: i64,
}

/// Holds a pair because of `problems`, and of no others: one row, however often.
pub(crate) async fn upsert(
    tx: &mut PgConnection,
    pair: Uuid,
    item: &Item<'_>,
    problems: &[Problem],
) -> Result<(), Error> {
    let held = upsert_beside(&mut *tx, pair, item, problems).await?;
    let (identities, fields) = keys(problems);
    let dropped = sqlx::query_scalar!(
        "delete from held_problem
         where held_id = $1
           and (identity, field) not in (select * from unnest($2::text[], $3::text[]))
         returning identity",
        held,
        &identities,
        &fields,
    )
    .fetch_all(&mut *tx)
    .await?;
    close_problems(tx, &dropped).await
}

/// Holds a pair because of `problems` too, beside what it waits for already. Answers the held item.
pub(super) async fn upsert_beside(
    tx: &mut PgConnection,
    pair: Uuid,
    item: &Item<'_>,
    problems: &[Problem],
) -> Result<Uuid, Error> {
    open_problems(&mut *tx, problems).await?;
    let held = hold(&mut *tx, pair, item, problems).await?;
    link(tx, held, problems, item.mapping_version).await?;
    Ok(held)
}

/// Lets go of what is held of a pair, which is journalled unless a person had put it away.
pub(crate) async fn clear(tx: &mut PgConnection, pair: Uuid) -> Result<(), Error> {
    let dropped = sqlx::query_scalar!(
        "with problems as (
             delete from held_problem
             where held_id in (select id from held where pair_id = $1) returning identity
         ), item as (
             delete from held where pair_id = $1
             returning pair_id, kind, event, reason, since, archived_at
         ), told as (
             insert into journal (pair_id, kind, what, cause, body)
             select pair_id, kind, 'released', coalesce(event->>'cause', 'replay'),
                    jsonb_build_object('reason', reason, 'since', since)
             from item where kind is not null and archived_at is null
         )
         select identity from problems",
        pair
    )
    .fetch_all(&mut *tx)
    .await?;
    close_problems(tx, &dropped).await
}

/// Makes sure that each problem is there and open. Sorted, so that no two transactions lock crosswise.
pub(super) async fn open_problems(
    tx: &mut PgConnection,
    problems: &[Problem],
) -> Result<(), Error> {
    let distinct: BTreeMap<String, &Problem> = problems
        .iter()
        .map(|problem| (problem.identity(), problem))
        .collect();
    let identities: Vec<String> = distinct.keys().cloned().collect();
    let texts = |text: fn(&Problem) -> String| -> Vec<String> {
        distinct.values().map(|problem| text(problem)).collect()
    };
    let subjects: Vec<Value> = distinct
        .values()
        .map(|problem| error::to_json("problem.subject", &problem.subject))
        .collect::<Result<_, _>>()?;
    let continues: Vec<bool> = distinct
        .values()
        .map(|problem| problem.remedy.continues)
        .collect();
    sqlx::query!(
        "insert into problem (identity, code, subject, subject_text, says, who, step, continues)
         select * from unnest(
             $1::text[], $2::text[], $3::jsonb[], $4::text[], $5::text[], $6::text[], $7::text[],
             $8::bool[])
         on conflict do nothing",
        &identities,
        &texts(|problem| problem.code.clone()),
        &subjects,
        &texts(|problem| problem.subject.to_string()),
        &texts(|problem| problem.says.clone()),
        &texts(|problem| problem.remedy.who.as_str().to_owned()),
        &texts(|problem| problem.remedy.step.clone()),
        &continues,
    )
    .execute(&mut *tx)
    .await?;
    // Only what must change is locked: a thousand items of one problem are held at the same time.
    sqlx::query!(
        "update problem p
         set says = o.says, step = o.step, continues = o.continues, solved_at = null,
             opened_at = case when p.solved_at is null then p.opened_at else now() end
         from unnest($1::text[], $2::text[], $3::text[], $4::bool[]) as o(identity, says, step, continues)
         where p.identity = o.identity
           and (p.solved_at is not null or p.step <> o.step or p.continues <> o.continues)",
        &identities,
        &texts(|problem| problem.says.clone()),
        &texts(|problem| problem.remedy.step.clone()),
        &continues,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes the row itself. What a person archived stays archived unless a problem is new.
async fn hold(
    tx: &mut PgConnection,
    pair: Uuid,
    item: &Item<'_>,
    problems: &[Problem],
) -> Result<Uuid, Error> {
    let key = &item.event.key;
    let (identities, _) = keys(problems);
    Ok(sqlx::query_scalar!(
        "insert into held (id, pair_id, kind, system, record_id, label, event, reason, net,
                           company_system, company_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $10, $11, $12)
         on conflict (pair_id) do update
         set kind = excluded.kind, system = excluded.system, record_id = excluded.record_id,
             label = excluded.label, event = excluded.event, reason = excluded.reason,
             net = coalesce(excluded.net, held.net),
             company_system = coalesce(excluded.company_system, held.company_system),
             company_id = coalesce(excluded.company_id, held.company_id),
             last_at = now(), attempts = held.attempts + 1, replayed_at = null,
             archived_at = case when $9::text[] <@ array(
                 select identity from held_problem where held_id = held.id)
                 then held.archived_at end
         returning id",
        Uuid::now_v7(),
        pair,
        key.kind.as_str(),
        key.system.as_str(),
        key.id.as_str(),
        item.label,
        error::to_json("held.event", item.event)?,
        item.reason,
        &identities,
        item.net,
        item.company.map(|company| company.system.as_str()),
        item.company.map(|company| company.id.as_str()),
    )
    .fetch_one(tx)
    .await?)
}

/// Ties problems to a held item.
pub(super) async fn link(
    tx: &mut PgConnection,
    held: Uuid,
    problems: &[Problem],
    mapping_version: i64,
) -> Result<(), Error> {
    let distinct: BTreeMap<(String, &str), &str> = problems
        .iter()
        .map(|problem| {
            let field = problem.field.as_deref().unwrap_or_default();
            ((problem.identity(), field), problem.says.as_str())
        })
        .collect();
    let mut identities = Vec::new();
    let mut fields = Vec::new();
    let mut says = Vec::new();
    for ((identity, field), text) in distinct {
        identities.push(identity);
        fields.push(field.to_owned());
        says.push(text.to_owned());
    }
    sqlx::query!(
        "insert into held_problem (held_id, identity, field, says, mapping_version)
         select $1, identity, field, says, $5
         from unnest($2::text[], $3::text[], $4::text[]) as p(identity, field, says)
         on conflict (held_id, identity, field) do update
         set says = excluded.says, mapping_version = excluded.mapping_version",
        held,
        &identities,
        &fields,
        &says,
        mapping_version,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Marks problems as solved that hold nothing any more.
pub(super) async fn close_problems(
    tx: &mut PgConnection,
    identities: &[String],
) -> Result<(), Error> {
    if identities.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "update problem p set solved_at = now()
         where identity = any($1) and solved_at is null
           and not exists (select from held_problem h where h.identity = p.identity)",
        identities,
    )
    .execute(tx)
    .await?;
    Ok(())
}

fn keys(problems: &[Problem]) -> (Vec<String>, Vec<String>) {
    problems
        .iter()
        .map(|problem| {
            (
                problem.identity(),
                problem.field.clone().unwrap_or_default(),
            )
        })
        .unzip()
}
