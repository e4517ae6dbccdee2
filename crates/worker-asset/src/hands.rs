//! Reads and writes of configuration items and assets. Every decision was made before.

mod draft;
mod looking;
mod reading;
mod refused;

use autotask::ConfigurationItem;
use domain::{Failure, Key, RecordId, System, Value};
use sync::{Act, Facts, Fields, Half, Hands, Malformed, Match};

use crate::{AssetSettings, KIND};

/// The hands of this kind.
#[derive(Debug, Clone)]
pub struct AssetHands {
    /// Autotask.
    pub autotask: autotask::Client,
    /// Jim2.
    pub jim2: jim2::Client,
    /// The site.
    pub settings: AssetSettings,
}

impl Hands for AssetHands {
    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, on, first.clone());
        let numbers: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
        match on {
            System::Autotask => {
                let items = self.items(&numbers).await;
                items.map_err(|error| error.into_failure(&key))
            }
            System::Jim2 => {
                let assets = self.assets(&numbers).await;
                assets.map_err(|error| error.into_failure(&key))
            }
        }
    }

    async fn counterpart(&self, on: System, half: &Half, facts: &Facts) -> Result<Match, Failure> {
        self.of_serial(on, half, facts).await
    }

    /// What Autotask has already is a person's to link. In Jim2 the engine looks by [`Hands::find`].
    async fn prepare(&self, act: Act) -> Result<Act, Failure> {
        if act.on() == System::Autotask
            && let Act::Create { from, .. } = &act
            && let Some(found) = self.find(&act).await?.first()
        {
            return Err(looking::made_before(from, found));
        }
        Ok(act)
    }

    async fn find(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        match act {
            Act::Create {
                on, from, fields, ..
            } => self.made(*on, from, fields).await,
            Act::Update { .. }
            | Act::Refer { .. }
            | Act::CreateChild { .. }
            | Act::UpdateChild { .. } => Ok(Vec::new()),
        }
    }

    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        match act {
            Act::Create {
                on, from, fields, ..
            } => self.make(*on, from, fields).await.map(Some),
            Act::Update { on, id, fields } => self.change(*on, id, fields).await.map(|()| None),
            // Neither has a field for the other, and neither has children.
            Act::Refer { .. } | Act::CreateChild { .. } | Act::UpdateChild { .. } => Ok(None),
        }
    }
}

impl AssetHands {
    async fn make(
        &self,
        on: System,
        from: &RecordId,
        fields: &Fields,
    ) -> Result<RecordId, Failure> {
        let key = Key::new(KIND, on.other(), from.clone());
        match on {
            System::Jim2 => {
                let asset = draft::new_asset(fields)
                    .ok_or_else(|| Failure::retry(Malformed("an asset without an owner")))?;
                let made = self.jim2.create_asset(&asset).await;
                let made = made.map_err(|error| refused::failure(error, &key, fields))?;
                Ok(made.into())
            }
            System::Autotask => {
                let draft = draft::new_item(fields);
                let made = self.autotask.create::<ConfigurationItem>((), &draft).await;
                Ok(made.map_err(|error| error.into_failure(&key))?.into())
            }
        }
    }

    async fn change(&self, on: System, id: &RecordId, fields: &Fields) -> Result<(), Failure> {
        let key = Key::new(KIND, on, id.clone());
        let number = id
            .number()
            .ok_or_else(|| Failure::retry(Malformed("a number that is none")))?;
        match on {
            System::Jim2 => {
                let changes = draft::asset(fields);
                if changes.is_empty() {
                    return Ok(());
                }
                let written = self.jim2.update_asset(number, &changes).await;
                written.map_err(|error| refused::failure(error, &key, fields))
            }
            System::Autotask => {
                let draft = draft::item(fields);
                if draft.is_empty() {
                    return Ok(());
                }
                let written = self
                    .autotask
                    .update::<ConfigurationItem>((), number, &draft);
                written.await.map_err(|error| error.into_failure(&key))
            }
        }
    }
}

/// A number of a plan's fields.
fn number(fields: &Fields, name: &str) -> Option<i64> {
    fields.get(name).and_then(Value::as_number)
}

#[cfg(test)]
mod tests;
