//! What may be created, and the brake: the first records of a kind are few until a person has looked.

use domain::{Kind, System};
use serde::Serialize;

use crate::{Db, Error};

/// A way in which records are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Made in Jim2 for a record of Autotask.
    AutotaskToJim2,
    /// Made in Autotask for a record of Jim2.
    Jim2ToAutotask,
}

impl Direction {
    /// The direction in which records are made in `system`.
    pub const fn into_system(system: System) -> Self {
        match system {
            System::Jim2 => Self::AutotaskToJim2,
            System::Autotask => Self::Jim2ToAutotask,
        }
    }

    /// Where records are made.
    pub const fn target(self) -> System {
        match self {
            Self::AutotaskToJim2 => System::Jim2,
            Self::Jim2ToAutotask => System::Autotask,
        }
    }

    /// The word used in the column and on screens.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AutotaskToJim2 => "autotask-to-jim2",
            Self::Jim2ToAutotask => "jim2-to-autotask",
        }
    }

    fn read(word: &str) -> Result<Self, Error> {
        [Self::AutotaskToJim2, Self::Jim2ToAutotask]
            .into_iter()
            .find(|direction| direction.as_str() == word)
            .ok_or_else(|| Error::Word {
                column: "switch.direction",
                word: word.to_owned(),
            })
    }
}

/// A row of `switch`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Switch {
    /// The kind.
    pub kind: Kind,
    /// The direction.
    pub direction: Direction,
    /// Whether records may be made at all.
    pub create_enabled: bool,
    /// How many were made.
    pub created: i32,
    /// How many may be made before a person has looked; `None` once the brake is released.
    pub brake_at: Option<i32>,
}

/// Whether one more record may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brake {
    /// It may.
    Go,
    /// This many were made; a person looks first.
    Braked {
        /// How many.
        created: i32,
    },
    /// Records of this kind are not made in this direction, or nobody has said that they are.
    Off,
}

/// Whether one more record may be made. Nothing is counted yet.
pub async fn brake(db: &Db, kind: &Kind, direction: Direction) -> Result<Brake, Error> {
    let switch = sqlx::query!(
        r#"select created, brake_at is not null and created >= brake_at as "braked!"
           from switch where kind = $1 and direction = $2 and create_enabled"#,
        kind.as_str(),
        direction.as_str(),
    )
    .fetch_optional(&db.0)
    .await?;
    Ok(match switch {
        None => Brake::Off,
        Some(switch) if switch.braked => Brake::Braked {
            created: switch.created,
        },
        Some(_) => Brake::Go,
    })
}

/// Counts one record that is about to be made, unless the brake is on.
pub async fn count_create(db: &Db, kind: &Kind, direction: Direction) -> Result<Brake, Error> {
    let counted = sqlx::query_scalar!(
        "update switch set created = created + 1
         where kind = $1 and direction = $2 and create_enabled
           and (brake_at is null or created < brake_at)
         returning created",
        kind.as_str(),
        direction.as_str(),
    )
    .fetch_optional(&db.0)
    .await?;
    match counted {
        Some(_) => Ok(Brake::Go),
        None => brake(db, kind, direction).await,
    }
}

/// Releases the brake of a kind, in both directions. `false` if it was not on.
pub async fn release_brake(db: &Db, kind: &Kind) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update switch set brake_at = null where kind = $1 and brake_at is not null",
        kind.as_str(),
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Says whether records of a kind are made in a direction. A new switch has its brake on.
pub async fn set_switch(
    db: &Db,
    kind: &Kind,
    direction: Direction,
    create_enabled: bool,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into switch (kind, direction, create_enabled) values ($1, $2, $3)
         on conflict (kind, direction) do update set create_enabled = excluded.create_enabled",
        kind.as_str(),
        direction.as_str(),
        create_enabled,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

pub(super) async fn all(db: &Db) -> Result<Vec<Switch>, Error> {
    let rows = sqlx::query!(
        "select kind, direction, create_enabled, created, brake_at from switch
         order by kind, direction"
    )
    .fetch_all(&db.0)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Switch {
                kind: row.kind.into(),
                direction: Direction::read(&row.direction)?,
                create_enabled: row.create_enabled,
                created: row.created,
                brake_at: row.brake_at,
            })
        })
        .collect()
}
