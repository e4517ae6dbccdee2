//! Two records are made a pair by a person or a matching rule. It takes the claim protocol: a record
//! that a worker has in hand is refused, and the person tries again.

use domain::{Kind, RecordId};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Db, Error, error, journal};

/// A link that a person or a matching rule decided on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<'a> {
    /// The kind.
    pub kind: &'a Kind,
    /// The Autotask half.
    pub autotask_id: &'a RecordId,
    /// The Jim2 half.
    pub jim2_id: &'a RecordId,
    /// How people know it.
    pub label: &'a str,
    /// Which job of the ticket this is, from 1.
    pub generation: i32,
    /// Who decided.
    pub who: &'a str,
}

/// What became of a [`Link`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Linked {
    /// The two are a pair now.
    Made(Uuid),
    /// They were one before.
    Already(Uuid),
    /// They are not, and why.
    Refused {
        /// One plain sentence.
        why: String,
    },
}

/// A row that holds one of the ids to be linked.
struct Candidate {
    id: Uuid,
    autotask_id: Option<String>,
    jim2_id: Option<String>,
    claimed: bool,
    /// A write was sent, and may still arrive. Fifteen minutes are longer than any deadline that can be set.
    owes: bool,
}

/// Makes two records a pair.
#[tracing::instrument(name = "db.pair.link", skip_all, fields(kind = link.kind.as_str()))]
pub async fn link(db: &Db, link: &Link<'_>) -> Result<Linked, Error> {
    for _ in 1..error::ATTEMPTS {
        match attempt(db, link).await {
            Err(error) if error.is_collision() => {}
            linked => return linked,
        }
    }
    attempt(db, link).await
}

async fn attempt(db: &Db, link: &Link<'_>) -> Result<Linked, Error> {
    let mut tx = db.begin().await?;
    let rows = candidates(&mut tx, link).await?;
    if let [only] = rows.as_slice()
        && only.autotask_id.is_some()
        && only.jim2_id.is_some()
        && holds(only, link)
    {
        return Ok(Linked::Already(only.id));
    }
    if let Some(why) = rows.iter().find_map(|row| refusal(row, link)) {
        return Ok(Linked::Refused { why });
    }
    let id = match rows.split_first() {
        Some((kept, rest)) => {
            let rest: Vec<Uuid> = rest.iter().map(|row| row.id).collect();
            join_halves(&mut tx, kept.id, &rest, link).await?;
            kept.id
        }
        None => insert(&mut tx, link).await?,
    };
    let body = json!({
        "autotask": link.autotask_id, "jim2": link.jim2_id, "who": link.who,
        "generation": link.generation,
    });
    journal::note(&mut tx, id, journal::What::Linked, &body).await?;
    tx.commit().await?;
    Ok(Linked::Made(id))
}

async fn candidates(tx: &mut PgConnection, link: &Link<'_>) -> Result<Vec<Candidate>, Error> {
    Ok(sqlx::query_as!(
        Candidate,
        r#"select p.id, p.autotask_id, p.jim2_id,
                  coalesce(p.claimed_until > now(), false) as "claimed!",
                  exists (select from intent i where i.pair_id = p.id
                          and i.sent_at > now() - interval '15 minutes') as "owes!"
           from pair p
           where p.id in (
               select a.id from pair a
               where a.kind = $1 and a.autotask_id = $2 and a.state <> 'earlier'
               union all
               select j.id from pair j where j.kind = $1 and j.jim2_id = $3)
           order by p.id
           for update of p"#,
        link.kind.as_str(),
        link.autotask_id.as_str(),
        link.jim2_id.as_str(),
    )
    .fetch_all(tx)
    .await?)
}

/// Whether a row says nothing other than what `link` says.
fn holds(row: &Candidate, link: &Link<'_>) -> bool {
    row.autotask_id
        .as_deref()
        .is_none_or(|id| id == link.autotask_id.as_str())
        && row
            .jim2_id
            .as_deref()
            .is_none_or(|id| id == link.jim2_id.as_str())
}

fn refusal(row: &Candidate, link: &Link<'_>) -> Option<String> {
    let kind = link.kind;
    if !holds(row, link) {
        return Some(format!(
            "{kind} {} in Autotask is linked with {} in Jim2; unlink that first",
            row.autotask_id.as_deref().unwrap_or("(none)"),
            row.jim2_id.as_deref().unwrap_or("(none)"),
        ));
    }
    if row.claimed {
        return Some(format!(
            "{kind} {} is being worked on just now; try again in a minute",
            link.label
        ));
    }
    row.owes.then(|| {
        format!(
            "a write for {kind} {} may still arrive; try again in a quarter of an hour",
            link.label
        )
    })
}

async fn join_halves(
    tx: &mut PgConnection,
    kept: Uuid,
    rest: &[Uuid],
    link: &Link<'_>,
) -> Result<(), Error> {
    // The claim of an expired claimant ends here: its epoch is over.
    sqlx::query!("delete from pair where id = any($1)", rest)
        .execute(&mut *tx)
        .await?;
    super::end_earlier_life(&mut *tx, kept).await?;
    sqlx::query!(
        "update pair
         set autotask_id = $2, jim2_id = $3, label = $4, generation = $5, state = 'paired',
             shadow = null, epoch = epoch + 1, claimed_by = null, claimed_until = null,
             changed_at = now()
         where id = $1",
        kept,
        link.autotask_id.as_str(),
        link.jim2_id.as_str(),
        link.label,
        link.generation,
    )
    .execute(tx)
    .await?;
    Ok(())
}

async fn insert(tx: &mut PgConnection, link: &Link<'_>) -> Result<Uuid, Error> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into pair (id, kind, autotask_id, jim2_id, label, generation, state)
         values ($1, $2, $3, $4, $5, $6, 'paired')",
        id,
        link.kind.as_str(),
        link.autotask_id.as_str(),
        link.jim2_id.as_str(),
        link.label,
        link.generation,
    )
    .execute(tx)
    .await?;
    Ok(id)
}
