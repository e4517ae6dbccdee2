//! Jobs whose Date Out our writes moved to another month (rule 3). It is on the line of the write.

use std::ops::Range;

use chrono::{DateTime, Utc};
use domain::{Kind, RecordId};
use serde::Serialize;
use serde_json::Value;

use super::What;
use crate::{Db, Error};

/// What a body says of a job's Date Out that a write moved to another month: the job, `from` when and `to` when.
pub const DATE_OUT: &str = "date_out";

/// A job whose Date Out a write of ours moved to another month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// When.
    pub at: DateTime<Utc>,
    /// The job.
    pub job: String,
    /// The ticket or order that the job is for, as people know it, where it is one's still.
    pub owner: Option<String>,
    /// The kind of what was written.
    pub kind: Kind,
    /// The record of that kind that was written, by its id in Autotask.
    pub autotask_id: Option<RecordId>,
    /// As people know it.
    pub label: String,
    /// Whether it was made or changed.
    pub what: What,
    /// The fields that were written, by the kind's words.
    pub fields: Vec<String>,
    /// The Date Out before.
    pub from: DateTime<Utc>,
    /// The Date Out after.
    pub to: DateTime<Utc>,
}

/// The latest of them, at most `limit`: of a month, those that left it or came into it.
pub async fn date_out_moved(
    db: &Db,
    month: Option<&Range<DateTime<Utc>>>,
    limit: i64,
) -> Result<Vec<Moved>, Error> {
    let rows = sqlx::query!(
        r#"select j.at, j.kind, j.what, j.body, p.autotask_id as "autotask_id?", p.label as "label?",
                  (select o.label from pair o
                   where o.kind in ('ticket', 'order') and o.jim2_id = m.job
                   order by o.kind limit 1) as owner,
                  m.job as "job!", m.from_at as "from_at!", m.to_at as "to_at!"
           from journal j
           left join pair p on p.id = j.pair_id
           cross join lateral (
               select j.body #>> '{date_out,job}' as job,
                      (j.body #>> '{date_out,from}')::timestamptz as from_at,
                      (j.body #>> '{date_out,to}')::timestamptz as to_at) m
           where j.body ? 'date_out'
             -- A write is never before the Date Out that it made, but by the difference of two clocks.
             and ($1::timestamptz is null or j.at >= $1 - interval '1 day')
             and ($1::timestamptz is null
                  or m.from_at >= $1 and m.from_at < $2 or m.to_at >= $1 and m.to_at < $2)
           order by j.id desc
           limit $3"#,
        month.map(|month| month.start),
        month.map(|month| month.end),
        limit,
    )
    .fetch_all(&db.0)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Moved {
                at: row.at,
                job: row.job,
                owner: row.owner,
                kind: row.kind.into(),
                autotask_id: row.autotask_id.map(Into::into),
                label: row.label.unwrap_or_default(),
                what: What::read(&row.what)?,
                fields: written(&row.body),
                from: row.from_at,
                to: row.to_at,
            })
        })
        .collect()
}

/// The fields that a write was about: of a record that was made none is told, as it is all of it.
fn written(body: &Value) -> Vec<String> {
    let fields = body["before"].as_object().and(body["after"].as_object());
    let fields = fields.into_iter().flat_map(|fields| fields.keys().cloned());
    let beside = [("reference", "reference"), ("copy of", "comment")].into_iter();
    let beside = beside.filter(|(key, _)| body.get(key).is_some() && body.get("after").is_none());
    fields
        .chain(beside.map(|(_, word)| word.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::{Cause, Key, System};
    use serde_json::json;
    use sqlx::PgPool;

    use super::*;
    use crate::{
        Outcome,
        journal::Entry,
        remember,
        testing::{claimed, paired, ticket},
    };

    /// A write that moved a job's Date Out.
    fn moved(body: Value, from: &str, to: &str) -> Entry {
        let mut body = body;
        body["date_out"] = json!({"job": "5001", "from": from, "to": to});
        Entry {
            what: What::Updated,
            system: Some(System::Jim2),
            cause: Cause::Live,
            body,
            calls: 1,
        }
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn what_moved_is_told_with_whose_job_it_is_and_by_month(pool: PgPool) {
        let db = Db::from(pool);
        let first = claimed(&db, &ticket("7")).await;
        let status = json!({"before": {"status": "Booked"}, "after": {"status": "Checked"}});
        let of_ticket = Outcome {
            label: "T20261123.0001 Slow".to_owned(),
            journal: vec![
                moved(
                    status.clone(),
                    "2026-11-30T01:00:00Z",
                    "2026-12-01T01:00:00Z",
                ),
                Entry {
                    body: status,
                    ..moved(json!({}), "", "")
                },
            ],
            ..paired(&first, "5001")
        };
        remember(&db, &of_ticket).await.unwrap();
        let charge = Key::new(Kind::new("billing"), System::Autotask, "ticket-charge:9:1");
        let second = claimed(&db, &charge).await;
        let line = json!({"id": "5001-2", "after": {"net": "80"}});
        let of_line = Outcome {
            label: "ticket charge 9 Toner".to_owned(),
            journal: vec![moved(line, "2026-12-01T01:00:00Z", "2027-01-02T01:00:00Z")],
            ..paired(&second, "5001-2")
        };
        remember(&db, &of_line).await.unwrap();

        let all = date_out_moved(&db, None, 10).await.unwrap();
        let told: Vec<_> = all.iter().map(|it| (it.kind.as_str(), &*it.job)).collect();
        assert_eq!(told, [("billing", "5001"), ("ticket", "5001")]);
        let owners = all.iter().map(|it| it.owner.as_deref());
        assert!(owners.eq([Some("T20261123.0001 Slow"); 2]));
        assert_eq!(
            (&all[0].fields[..], &all[1].fields[..]),
            (&[][..], &["status".to_owned()][..])
        );
        let month = |from: &str, to: &str| from.parse().unwrap()..to.parse().unwrap();
        for (from, to, expected) in [
            ("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", 1),
            ("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z", 2),
            ("2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z", 1),
            ("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z", 0),
        ] {
            // The journal's own clock is that of the database.
            sqlx::query("update journal set at = $1::timestamptz")
                .bind(to)
                .execute(&db.0)
                .await
                .unwrap();
            let found = date_out_moved(&db, Some(&month(from, to)), 10).await;
            assert_eq!(found.unwrap().len(), expected, "{from}");
        }
    }
}
