//! Records that several others may belong to: they are kept out of the work, or the next event would make one more.
//!
//! Which records these are is stored beside their rows, as a person's own "ignore" is to stay. They are released when
//! a decision is given, or when the doubt is gone at the next `connect`.

use std::collections::BTreeSet;

use domain::{Key, Kind, System};

use super::{
    Doubt, Settled, in_autotask, rows,
    sign_off::{Decided, Decision, Decisions},
};
use crate::connect::Kit;

/// The records of a kind that are settled; those kept out by us are looked at again.
pub(super) async fn settled(kit: &Kit, kind: &Kind) -> anyhow::Result<Settled> {
    let mut settled = rows::settled(kit, kind).await?;
    for key in stored(kit, kind).await? {
        let row = store::pair::find(&kit.db, &key).await?;
        if row.is_some_and(|row| row.is_complete()) {
            continue;
        }
        match key.system {
            System::Autotask => key
                .id
                .number()
                .is_some_and(|id| settled.autotask.remove(&id)),
            System::Jim2 => settled.jim2.remove(key.id.as_str()),
        };
    }
    Ok(settled)
}

/// Keeps out what is in doubt now, both the record and what it may belong to, and takes up what no longer is.
pub(super) async fn keep_apart(
    kit: &Kit,
    kind: &Kind,
    doubts: impl Iterator<Item = &Doubt>,
    decisions: &Decisions,
) -> anyhow::Result<()> {
    let now: BTreeSet<Key> = doubts.flat_map(|doubt| in_doubt(kind, doubt)).collect();
    let before = stored(kit, kind).await?;
    for key in &now {
        rows::ignore(kit, key).await?;
    }
    let ignored: Vec<Key> = decisions
        .that(Decision::Ignore)
        .flat_map(Decided::keys)
        .collect();
    for key in before.difference(&now).filter(|key| !ignored.contains(key)) {
        rows::take_up(kit, key).await?;
    }
    if now != before {
        let ids: Vec<(System, &str)> = now
            .iter()
            .map(|key| (key.system, key.id.as_str()))
            .collect();
        store::setting::set(&kit.db, &setting(kind), &ids).await?;
    }
    Ok(())
}

/// A record with what it may belong to. One that nothing fits is no doubt: it is made if that is switched on.
fn in_doubt(kind: &Kind, doubt: &Doubt) -> Vec<Key> {
    let (Some(id), false) = (doubt.autotask, doubt.candidates.is_empty()) else {
        return Vec::new();
    };
    let candidates = doubt.candidates.iter();
    let mut keys = vec![in_autotask(kind, id)];
    keys.extend(candidates.map(|id| Key::new(kind.clone(), System::Jim2, id.as_str())));
    keys
}

/// The setting with the ids of these records.
fn setting(kind: &Kind) -> String {
    format!("connect.doubtful.{kind}")
}

async fn stored(kit: &Kit, kind: &Kind) -> Result<BTreeSet<Key>, store::Error> {
    let ids: Option<Vec<(System, String)>> = store::setting::get(&kit.db, &setting(kind)).await?;
    let ids = ids.unwrap_or_default().into_iter();
    Ok(ids
        .map(|(system, id)| Key::new(kind.clone(), system, id))
        .collect())
}
