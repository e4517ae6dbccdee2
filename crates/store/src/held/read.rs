//! What is held, for operators and for whoever claims the pair.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Group, HeldProblem, HeldRow, OpenProblem, Shown, Which};
use crate::{Db, Error, error, journal, pair::Page};

/// How much of a pair's journal explains a held item.
const JOURNAL: i64 = 50;

/// What is held, by problem, most items first.
pub async fn groups(db: &Db) -> Result<Vec<Group>, Error> {
    let rows = sqlx::query!(
        r#"select p.identity, p.code, p.subject, p.says, p.who, p.step, p.continues, p.opened_at,
                  count(distinct h.id) as "items!", min(h.since) as "since!",
                  (array_agg(distinct h.label))[1:3] as "labels!: Vec<String>",
                  (select sum(net) from held where archived_at is null and id in (
                       select held_id from held_problem where identity = p.identity)) as net,
                  (array_agg(distinct c.name) filter (where c.name is not null))[1:10]
                      as "companies: Vec<String>",
                  count(distinct c.name) as "companies_in_all!"
           from problem p
           join held_problem hp on hp.identity = p.identity
           join held h on h.id = hp.held_id and h.archived_at is null
           left join pair a on h.company_system = 'autotask' and a.kind = 'company'
                           and a.autotask_id = h.company_id and a.state <> 'earlier'
           left join pair j on h.company_system = 'jim2' and j.kind = 'company'
                           and j.jim2_id = h.company_id
           cross join lateral (
               select coalesce(nullif(a.label, ''), nullif(j.label, ''),
                   case h.company_system when 'autotask' then 'company ' || h.company_id
                                         when 'jim2' then 'card ' || h.company_id end) as name
           ) c
           group by p.identity
           order by count(distinct h.id) desc, p.identity"#
    )
    .fetch_all(&db.0)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Group {
            problem: OpenProblem {
                identity: row.identity,
                code: row.code,
                subject: row.subject,
                says: row.says,
                who: row.who,
                step: row.step,
                continues: row.continues,
                opened_at: row.opened_at,
            },
            items: row.items,
            since: row.since,
            net: row.net,
            labels: row.labels,
            companies: row.companies.unwrap_or_default(),
            companies_in_all: row.companies_in_all,
        })
        .collect())
}

/// A page of what is held, oldest first. Archived items are listed only by their ids.
pub async fn list(db: &Db, which: &Which, page: Page) -> Result<Vec<HeldRow>, Error> {
    sqlx::query_as!(
        Raw,
        "select id, pair_id, kind, system, record_id, label, queue, reason, since, last_at,
                attempts, net, archived_at
         from held h
         where (h.archived_at is null or $1::uuid[] is not null)
           and ($1::uuid[] is null or h.id = any($1))
           and ($2::text is null or exists (
               select from held_problem hp where hp.held_id = h.id and hp.identity = $2))
         order by since, id
         limit $3 offset $4",
        which.ids(),
        which.problem(),
        page.limit,
        page.offset,
    )
    .fetch_all(&db.0)
    .await?
    .into_iter()
    .map(HeldRow::try_from)
    .collect()
}

/// One held item with all that explains it.
pub async fn show(db: &Db, id: Uuid) -> Result<Option<Shown>, Error> {
    let page = Page {
        offset: 0,
        limit: 1,
    };
    let Some(item) = list(db, &Which::Ids(vec![id]), page).await?.pop() else {
        return Ok(None);
    };
    let message = sqlx::query!("select event, body from held where id = $1", id)
        .fetch_optional(&db.0)
        .await?
        .map_or(Value::Null, |row| match (row.event, row.body) {
            (Some(event), _) => event,
            (None, body) => String::from_utf8_lossy(&body.unwrap_or_default()).into(),
        });
    let problems = sqlx::query_as!(
        OpenProblem,
        "select p.identity, p.code, p.subject, hp.says, p.who, p.step, p.continues, p.opened_at
         from held_problem hp join problem p on p.identity = hp.identity
         where hp.held_id = $1
         order by p.identity, hp.field",
        id
    )
    .fetch_all(&db.0)
    .await?;
    let journal = match item.pair {
        Some(pair) => journal::of_pair(db, pair, JOURNAL).await?,
        None => Vec::new(),
    };
    Ok(Some(Shown {
        item,
        problems,
        journal,
        message,
    }))
}

/// The problems that hold something back.
pub async fn open_problems(db: &Db) -> Result<Vec<OpenProblem>, Error> {
    Ok(sqlx::query_as!(
        OpenProblem,
        "select identity, code, subject, says, who, step, continues, opened_at
         from problem p
         where exists (
             select from held_problem hp join held h on h.id = hp.held_id
             where hp.identity = p.identity and h.archived_at is null)
         order by opened_at, identity"
    )
    .fetch_all(&db.0)
    .await?)
}

/// What these pairs wait for, and since when.
pub(crate) async fn of_pairs(
    connection: &mut PgConnection,
    pairs: &[Uuid],
) -> Result<HashMap<Uuid, (DateTime<Utc>, Vec<HeldProblem>)>, Error> {
    let rows = sqlx::query!(
        r#"select h.pair_id as "pair!", h.since, hp.identity as "identity?", hp.field as "field?",
                  hp.says as "says?"
           from held h left join held_problem hp on hp.held_id = h.id
           where h.pair_id = any($1)
           order by h.pair_id, hp.identity, hp.field"#,
        pairs,
    )
    .fetch_all(connection)
    .await?;
    let mut held: HashMap<Uuid, (DateTime<Utc>, Vec<HeldProblem>)> = HashMap::new();
    for row in rows {
        let (_, problems) = held
            .entry(row.pair)
            .or_insert_with(|| (row.since, Vec::new()));
        if let (Some(identity), Some(says)) = (row.identity, row.says) {
            problems.push(HeldProblem {
                identity,
                field: row.field.filter(|field| !field.is_empty()),
                says,
            });
        }
    }
    Ok(held)
}

/// A row of `held` as Postgres has it.
struct Raw {
    id: Uuid,
    pair_id: Option<Uuid>,
    kind: Option<String>,
    system: Option<String>,
    record_id: Option<String>,
    label: String,
    queue: Option<String>,
    reason: String,
    since: DateTime<Utc>,
    last_at: DateTime<Utc>,
    attempts: i32,
    net: Option<Decimal>,
    archived_at: Option<DateTime<Utc>>,
}

impl TryFrom<Raw> for HeldRow {
    type Error = Error;

    fn try_from(raw: Raw) -> Result<Self, Error> {
        Ok(Self {
            id: raw.id,
            pair: raw.pair_id,
            kind: raw.kind.map(Into::into),
            system: raw
                .system
                .map(|word| error::system("held.system", &word))
                .transpose()?,
            record_id: raw.record_id.map(Into::into),
            label: raw.label,
            queue: raw.queue,
            reason: raw.reason,
            since: raw.since,
            last_at: raw.last_at,
            attempts: raw.attempts,
            net: raw.net,
            archived_at: raw.archived_at,
        })
    }
}
