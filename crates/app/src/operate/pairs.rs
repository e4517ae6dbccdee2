//! Which records belong together, and changing that by hand.

use domain::{Cause, Event, Key, Kind, RecordId, System};
use serde_json::json;
use store::{
    Db, PairRow,
    pair::{Filter, Link, Linked, Page, Unlinked},
};
use sync::Publish;

use super::{autotask_id, mistake};

/// A page of pairs.
pub(crate) async fn list(db: &Db, filter: &Filter, limit: i64) -> anyhow::Result<Vec<PairRow>> {
    let page = Page { offset: 0, limit };
    Ok(store::pair::list(db, filter, page).await?)
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

/// Makes two records a pair, by the claim protocol, and has it looked at.
/// `false`: they were a pair before.
pub(crate) async fn link(
    db: &Db,
    publish: &Publish,
    wanted: &Wanted<'_>,
    who: &str,
) -> anyhow::Result<bool> {
    let kind = wanted.kind;
    let autotask = autotask_id(db, kind, wanted.autotask).await?;
    let jim2 = RecordId::from(wanted.jim2);
    let key = Key::new(kind.clone(), System::Autotask, autotask.clone());
    let known = store::pair::find(db, &key).await?;
    let label = known.map_or_else(|| autotask.to_string(), |row| row.label);
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
