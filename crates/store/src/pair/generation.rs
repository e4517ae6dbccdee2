//! The next generation: a ticket that goes on with another job leaves the one before it behind.

use domain::{Cause, Event, Key, System};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Error,
    claim::{Waiting, WaitingColumns},
    dirty,
};

/// Who a new generation's row is claimed by until its event is published.
const HOLDER: &str = "next generation";

/// Begins the next generation of a pair that has just become an earlier one. Its row waits with an event of its own,
/// which whoever dies before publishing it leaves to the rescuer. Notes stay with the generation they were copied in.
pub(crate) async fn begin_next(
    tx: &mut PgConnection,
    earlier: Uuid,
) -> Result<Option<Waiting>, Error> {
    sqlx::query!(
        "update pair set state = 'earlier', changed_at = now()
         where parent = $1 and state = 'paired'",
        earlier
    )
    .execute(&mut *tx)
    .await?;
    let before = sqlx::query!(
        r#"select kind, autotask_id as "autotask_id!" from pair
           where id = $1 and autotask_id is not null"#,
        earlier
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(before) = before else {
        return Ok(None);
    };
    let key = Key::new(before.kind.into(), System::Autotask, before.autotask_id);
    let row = sqlx::query_as!(
        WaitingColumns,
        "insert into pair (id, kind, autotask_id, label, generation, dirty, claimed_by, claimed_until)
         select $2, kind, autotask_id, label, generation + 1, $3, $4, now() from pair where id = $1
         returning id, kind, autotask_id, jim2_id, state, epoch, dirty",
        earlier,
        Uuid::now_v7(),
        dirty::write(&[Event::new(key, Cause::Rescue)])?,
        HOLDER,
    )
    .fetch_one(tx)
    .await?;
    Waiting::try_from(row).map(Some)
}
