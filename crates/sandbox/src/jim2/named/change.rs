//! `crossbill_system` and `crossbill_changes`.

use serde_json::json;

use super::{ResultSet, date, number};
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

/// Which database this is, and what its server's clock says.
pub(super) fn system(world: &World) -> ResultSet {
    let options = &world.options;
    let mut row = vec![
        json!(options.database_id),
        json!(options.epoch),
        json!(options.build),
        json!(world.zone().name()),
        date(world, world.now()),
    ];
    let columns: &'static [(&str, &str)] = &[
        ("DatabaseId", "varchar"),
        ("Epoch", "int"),
        ("Build", "varchar"),
        ("TimeZone", "varchar"),
        ("ServerTime", "datetime"),
        ("DatabaseName", "varchar"),
        ("Training", "bit"),
    ];
    if !options.first_queries {
        row.extend([json!(options.database_name), json!(options.training)]);
    }
    ResultSet {
        columns: &columns[..row.len()],
        rows: vec![row],
    }
}

/// The safe mark, whose it is, and what is left of the table.
fn marks(world: &World, mark: i64) -> ResultSet {
    let options = &world.options;
    let mut row = vec![
        json!(mark),
        json!(options.database_id),
        json!(options.epoch),
    ];
    let columns: &'static [(&str, &str)] = &[
        ("SafeMark", "bigint"),
        ("DatabaseId", "varchar"),
        ("Epoch", "int"),
        ("OldestPosition", "bigint"),
        ("Training", "bit"),
    ];
    if !options.first_queries {
        row.extend([json!(world.changes.oldest()), json!(options.training)]);
    }
    ResultSet {
        columns: &columns[..row.len()],
        rows: vec![row],
    }
}

/// The safe mark, then the rows after the cursor up to it.
pub(super) fn changes(world: &World, cursor: &str, max: &str) -> Result<Vec<ResultSet>, Refusal> {
    let cursor = number(cursor, 1)?;
    let max = number(max, 2)?;
    let mark = world.changes.safe_mark();
    let safe = marks(world, mark);
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
