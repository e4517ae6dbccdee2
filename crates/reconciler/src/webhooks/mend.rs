//! Making a webhook what it is to be.

use domain::Told;
use store::webhook::{self, Webhook as Row};

use super::{Error, Hook, Place, Secret, Seen, Wanted, compare::Findings, gap};

/// What came of mending a webhook.
#[derive(Debug)]
pub struct Mended {
    /// What is stored of it now.
    pub row: Row,
    /// Whether Autotask called it as it was.
    pub called: bool,
    /// Whether it was made just now.
    pub is_made: bool,
    /// What there is to say; what was not as it is to be was mended.
    pub findings: Findings,
}

pub(super) async fn mend(
    at: Place<'_>,
    hook: &Hook,
    seen: Seen,
    secret: Secret,
) -> Result<Mended, Error> {
    let webhooks = at.autotask.webhooks(hook.watch.entity);
    if seen.is_new {
        // Ingress must know the name before the first call comes.
        webhook::upsert(at.db, &seen.row).await?;
    }
    let has_moved = seen.has_moved();
    let id = match seen.id {
        Some(id) => {
            if seen.differs || has_moved || secret == Secret::Renewed {
                webhooks.update(id, &seen.draft).await?;
            }
            id
        }
        None => webhooks.create(&seen.draft).await?,
    };
    for (field, how) in seen.fields {
        webhooks.add_field(id, field, how).await?;
    }
    for udf in seen.udfs {
        webhooks
            .add_udf_field(id, udf, autotask::Subscription::Watched)
            .await?;
    }
    if let Some(own) = seen.exclude {
        webhooks.exclude(id, own).await?;
    }
    for orphan in seen.orphans {
        webhooks.delete(orphan).await?;
    }
    let now = webhooks.get(id).await?;
    let now = now.as_ref();
    let before = seen.row;
    let row = Row {
        autotask_id: now.map(|now| now.id),
        guid: now.and_then(|now| now.guid.get().cloned()),
        is_active: now.is_some_and(|now| now.is_active == Told::Is(true)),
        is_ready: now.is_some_and(|now| now.is_ready == Told::Is(true)),
        zone: seen.zone,
        ..before.clone()
    };
    let calls = row.is_active && row.is_ready;
    if !seen.calls && !seen.is_new {
        gap::open(at, hook, &before, calls).await?;
    } else if calls {
        gap::end(at, &before).await?;
        if has_moved {
            gap::moved(at, hook, &before).await?;
        }
    }
    webhook::upsert(at.db, &row).await?;
    Ok(Mended {
        row,
        called: seen.calls,
        is_made: seen.id.is_none(),
        findings: seen.findings,
    })
}

/// Gives a webhook its next secret. What was signed with the one before is taken for another hour, so that no call on
/// its way is lost; ended half way, the guardian goes on with it.
pub async fn rotate(wanted: &Wanted, at: Place<'_>, hook: &Hook) -> Result<Mended, Error> {
    webhook::rotate(at.db, hook.watch.name).await?;
    Box::pin(wanted.mend(at, hook, Secret::Renewed)).await
}
