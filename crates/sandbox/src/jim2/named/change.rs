//! `crossbill_system` and `crossbill_changes`.

use serde_json::json;

use super::{ResultSet, date, number};
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

/// Which database this is, and what its server's clock says.
pub(super) fn system(world: &World) -> ResultSet {
    let options = &world.options;
    ResultSet {
        columns: &[
            ("DatabaseId", "varchar"),
            ("Epoch", "int"),
            ("Build", "varchar"),
            ("TimeZone", "varchar"),
            ("ServerTime", "datetime"),
        ],
        rows: vec![vec![
            json!(options.database_id),
            json!(options.epoch),
            json!(options.build),
            json!(world.zone().name()),
            date(world, world.now()),
        ]],
    }
}

/// The safe mark, then the rows after the cursor up to it.
pub(super) fn changes(world: &World, cursor: &str, max: &str) -> Result<Vec<ResultSet>, Refusal> {
    let cursor = number(cursor, 1)?;
    let max = number(max, 2)?;
    let mark = world.changes.safe_mark();
    let safe = ResultSet {
        columns: &[
            ("SafeMark", "bigint"),
            ("DatabaseId", "varchar"),
            ("Epoch", "int"),
        ],
        rows: vec![vec![
            json!(mark),
            json!(world.options.database_id),
            json!(world.options.epoch),
        ]],
    };
    let rows = world.changes.between(cursor, mark, max).map(|change| {
        vec![
            json!(change.position),
            json!(change.object.name()),
            json!(change.key),
            json!(change.operation.letter()),
            date(world, change.at),
            json!(change.by),
        ]
    });
    let found = ResultSet {
        columns: &[
            ("Position", "bigint"),
            ("Object", "varchar"),
            ("ObjectKey", "varchar"),
            ("Operation", "varchar"),
            ("ChangedAt", "datetime"),
            ("ChangedBy", "varchar"),
        ],
        rows: rows.collect(),
    };
    Ok(vec![safe, found])
}
