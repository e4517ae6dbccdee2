//! Which records belong together, and changing that by hand.

use std::ops::Range;

use chrono::{DateTime, Utc};
use domain::{Cause, Event, Key, Kind, RecordId, System};
use serde_json::json;
use store::{
    Db, PairRow,
    journal::Moved,
    pair::{Filter, Link, Linked, Unlinked},
};
use sync::Publish;

use super::{autotask_id, mistake, preview};
use crate::kinds::Work;

/// The pairs that were changed last.
pub(crate) async fn list(db: &Db, filter: &Filter, limit: i64) -> anyhow::Result<Vec<PairRow>> {
    Ok(store::pair::list(db, filter, limit).await?)
}

/// The jobs whose Date Out we moved to another month, latest first.
pub(crate) async fn date_out_moved(
    db: &Db,
    month: Option<&Range<DateTime<Utc>>>,
    limit: i64,
) -> anyhow::Result<Vec<Moved>> {
    Ok(store::journal::date_out_moved(db, month, limit).await?)
}

/// Two records to be made a pair, as an operator names them.
#[derive(Debug, Clone)]
pub(crate) struct Wanted<'a> {
    /// The kind.
    pub(crate) kind: &'a Kind,
    /// The Autotask record: an id, or the name of one that is known.
    pub(crate) autotask: &'a str,
    /// The Jim2 record.
    pub(crate) jim2: &'a str,
}

/// Makes two records a pair that both are there, by the claim protocol, and has it looked at.
/// `false`: they were a pair before.
pub(crate) async fn link(
    (db, work): (&Db, &Work),
    publish: &Publish,
    wanted: &Wanted<'_>,
    who: &str,
) -> anyhow::Result<bool> {
    let kind = wanted.kind;
    let autotask = autotask_id(db, kind, wanted.autotask).await?;
    let jim2 = jim2_id(kind, wanted.jim2)?;
    let label = label_of(work, System::Autotask, &autotask).await?;
    label_of(work, System::Jim2, &jim2).await?;
    let key = Key::new(kind.clone(), System::Autotask, autotask.clone());
    let link = Link {
        kind,
        autotask_id: &autotask,
        jim2_id: &jim2,
        label: &label,
        generation: 1,
        who,
    };
    let is_new = match store::pair::link(db, &link).await? {
        Linked::Made(_) => true,
        Linked::Already(_) => false,
        Linked::Refused { why } => return mistake(why),
    };
    let detail = json!({"kind": kind, "autotask": autotask, "jim2": jim2});
    store::audit::write(db, who, "pairs link", &detail).await?;
    publish.events([Event::new(key, Cause::Replay)]).await?;
    Ok(is_new)
}

/// The Jim2 id that an operator means.
fn jim2_id(kind: &Kind, text: &str) -> anyhow::Result<RecordId> {
    let text = text.trim();
    let Some((_, what, parts)) = IN_TWO_PARTS.iter().find(|(it, ..)| *it == kind.as_str()) else {
        return match text.parse::<i64>() {
            Ok(number) => Ok(number.into()),
            Err(_) => mistake(format!(
                "\"{text}\" is no number of Jim2; give a Job#, Card#, Project#, Asset# or Stock#"
            )),
        };
    };
    match id_in_two_parts(text) {
        Some(id) => Ok(id.into()),
        None => mistake(format!("\"{text}\" is no {what} of Jim2; write {parts}")),
    }
}

/// Kinds whose records of Jim2 are parts of another: kind, what they are, and how they are written.
const IN_TWO_PARTS: [(&str, &str, &str); 2] = [
    ("contact", "contact", "its Card# and Cont# as 1002-1"),
    (
        "time",
        "line of labour",
        "its Job# and the number of the line as 5001-2",
    ),
];

/// The number of a part of a record of Jim2 as it is stored: `12-01` is `12-1`. `None`: it is none.
pub(crate) fn id_in_two_parts(text: &str) -> Option<String> {
    jim2::part_id::split(text).map(|(of, no)| jim2::part_id::join(of, no))
}

/// What people call a record, which has to be there.
async fn label_of(work: &Work, on: System, id: &RecordId) -> anyhow::Result<String> {
    let halves = work.hands.read(on, std::slice::from_ref(id)).await;
    let halves = halves.map_err(preview::unreadable)?;
    match halves.into_iter().find(|half| half.id == *id) {
        Some(half) => Ok(half.label),
        None => mistake(format!(
            "{on} has no {} {id}, or does not show it to us",
            work.rules.kind()
        )),
    }
}

/// The complete pair that an operator names by its Autotask half.
pub(crate) async fn complete(db: &Db, kind: &Kind, autotask: &str) -> anyhow::Result<PairRow> {
    let id = autotask_id(db, kind, autotask).await?;
    let key = Key::new(kind.clone(), System::Autotask, id);
    match store::pair::find(db, &key).await? {
        Some(row) if row.is_complete() => Ok(row),
        _ => mistake(format!(
            "{kind} {autotask} is in no pair; crossbill pairs list --kind {kind} shows those that are"
        )),
    }
}

/// Takes a pair apart. Both records are left alone from then on.
pub(crate) async fn unlink(db: &Db, row: &PairRow, who: &str) -> anyhow::Result<()> {
    match store::pair::unlink(db, row.id, who).await? {
        Unlinked::Done => {}
        Unlinked::Busy => {
            return mistake(format!(
                "{} {} is being worked on just now; try again in a minute",
                row.kind, row.label
            ));
        }
        Unlinked::NotFound => {
            return mistake(format!("{} {} is in no pair any more", row.kind, row.label));
        }
    }
    let detail = json!({"kind": row.kind, "autotask": row.autotask_id, "jim2": row.jim2_id});
    Ok(store::audit::write(db, who, "pairs unlink", &detail).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_told_by_two_numbers_and_others_by_one() {
        for (kind, text, expected) in [
            ("contact", " 12-01 ", Some("12-1")),
            ("contact", "12", None),
            ("time", "5001-2", Some("5001-2")),
            ("time", "5001", None),
            ("contact", "12-+1", None),
            ("contact", "AAD-5f3c", None),
            ("ticket", "05001", Some("5001")),
            ("ticket", "12-1", None),
        ] {
            let id = jim2_id(&Kind::from(kind.to_owned()), text).ok();
            assert_eq!(id.as_ref().map(RecordId::as_str), expected, "{kind} {text}");
        }
    }
}
