//! What the engine does to a system: one remote write each.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{RecordId, System, Told, Value};
use serde::{Deserialize, Serialize};

use crate::DATE_OUT;

/// Values by the kind's field names.
pub type Fields = BTreeMap<String, Value>;

/// One remote write. Acts are stored in the intent before the first of them is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Act {
    /// Makes the missing half.
    Create {
        /// Where.
        on: System,
        /// The existing half.
        from: RecordId,
        /// Which generation of it this is.
        generation: i32,
        /// The text by which a lost answer is found again (`T20261123.0001/1`, a CardCode, `1001-2`).
        reference: String,
        /// Raw values of the system it is made in.
        fields: Fields,
    },
    /// Changes fields of an existing half.
    Update {
        /// Where.
        on: System,
        /// Which.
        id: RecordId,
        /// Raw values of that system.
        fields: Fields,
    },
    /// Writes the reference back: an owed step of its own.
    Refer {
        /// Where it is written.
        on: System,
        /// Which record.
        id: RecordId,
        /// The other half; `None` until a [`Act::Create`] before it was answered.
        to: Option<RecordId>,
        /// The other half's generation.
        generation: i32,
        /// What the kind wants to know of that record, as it was read for the plan ([`crate::Rules::to_refer`]); where it is
        /// not there, the kind's hands ask for it.
        #[serde(default, skip_serializing_if = "Fields::is_empty")]
        knowing: Fields,
    },
    /// Copies a child to the other side.
    CreateChild {
        /// Where.
        on: System,
        /// Under which record; `None` until a [`Act::Create`] before it was answered.
        under: Option<RecordId>,
        /// The child it copies, on the other side.
        source: RecordId,
        /// What it says, the mark included as its last token.
        text: String,
        /// Whether only our own people may see it.
        internal: bool,
        /// What the kind's hands need beside the text, by names that they know.
        #[serde(default, skip_serializing_if = "Fields::is_empty")]
        extra: Fields,
    },
    /// Brings the copy of a child up to date.
    UpdateChild {
        /// Where.
        on: System,
        /// Under which record.
        under: RecordId,
        /// The copy.
        id: RecordId,
        /// The child it copies, on the other side.
        source: RecordId,
        /// What it says now, the mark included as its last token.
        text: String,
    },
}

impl Act {
    /// The system it writes to.
    pub const fn on(&self) -> System {
        match self {
            Self::Create { on, .. }
            | Self::Update { on, .. }
            | Self::Refer { on, .. }
            | Self::CreateChild { on, .. }
            | Self::UpdateChild { on, .. } => *on,
        }
    }

    /// The fields that it gives to a half.
    pub const fn fields(&self) -> Option<&Fields> {
        match self {
            Self::Create { fields, .. } | Self::Update { fields, .. } => Some(fields),
            Self::Refer { .. } | Self::CreateChild { .. } | Self::UpdateChild { .. } => None,
        }
    }

    /// Whether both make the half of the same record.
    pub(crate) fn makes_the_half_of(&self, other: &Self) -> bool {
        let made = |act: &Self| match act {
            Self::Create {
                on,
                from,
                generation,
                ..
            } => Some((*on, from.clone(), *generation)),
            Self::Update { .. }
            | Self::Refer { .. }
            | Self::CreateChild { .. }
            | Self::UpdateChild { .. } => None,
        };
        made(self).is_some() && made(self) == made(other)
    }

    /// A line that is to be made on a job brings along the Date Out that the job has before ([`crate::DATE_OUT`]).
    #[must_use]
    pub fn on_job_of(mut self, date_out: &Told<DateTime<Utc>>) -> Self {
        if let (Self::Create { fields, .. }, Some(at)) = (&mut self, date_out.get()) {
            fields.insert(DATE_OUT.to_owned(), at.to_rfc3339().into());
        }
        self
    }

    /// Whether doing it twice would make a second record.
    pub const fn creates(&self) -> bool {
        matches!(self, Self::Create { .. } | Self::CreateChild { .. })
    }
}
