//! Reads and writes of locations and ship cards. Nothing is decided here.

use autotask::CompanyLocation;
use domain::{Failure, Fixer, Key, RecordId, System, Told, Value};
use jim2::{CardFile, CardFileChanges};
use sync::{Act, Facts, Half, Hands, Match};

use super::{KIND, halves};
use crate::{KIND as COMPANY, hands::draft::card_changes};

/// The reads and writes of locations.
#[derive(Debug)]
pub struct LocationHands {
    /// The caller of Autotask.
    pub autotask: autotask::Client,
    /// The caller of Jim2.
    pub jim2: jim2::Client,
}

impl Hands for LocationHands {
    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, on, first.clone());
        let numbers: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
        match on {
            System::Autotask => {
                let locations = self.autotask.by_ids::<CompanyLocation>(&numbers, &[]).await;
                let locations = locations.map_err(|error| error.into_failure(&key))?;
                Ok(locations.iter().map(halves::of_location).collect())
            }
            System::Jim2 => {
                let cards = self.jim2.cardfiles(&numbers).await;
                let cards = cards.map_err(|error| error.into_failure(&key))?;
                Ok(cards.iter().map(halves::of_card).collect())
            }
        }
    }

    /// The ship card of that name below the company's card. A name is not looked for where the company has no card.
    async fn counterpart(&self, on: System, half: &Half, facts: &Facts) -> Result<Match, Failure> {
        let key = Key::new(KIND, on, half.id.clone());
        let company = half.fact("company").and_then(Value::as_number);
        let card = company.and_then(|id| facts.other_half(&Key::new(COMPANY, on, id)));
        let name = half.fields.get("name").and_then(Value::as_text);
        let (Some(card), Some(name)) = (card.and_then(RecordId::number), name) else {
            return Ok(Match::None);
        };
        let ships = self.ships(name.trim(), card).await;
        let ships = ships.map_err(|error| error.into_failure(&key))?;
        Ok(match ships.as_slice() {
            [] => Match::None,
            [only] if only.parent_card_no == Told::Is(card) => Match::One(only.card_no.into()),
            several => Match::Doubtful(Box::new(doubtful(half, several))),
        })
    }

    async fn find(&self, _: &Act) -> Result<Vec<RecordId>, Failure> {
        Ok(Vec::new())
    }

    /// Only the address of a ship card is written: neither side is made here, nor has a field for the other.
    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        let Act::Update {
            on: System::Jim2,
            id,
            fields,
        } = act
        else {
            return Ok(None);
        };
        let key = Key::new(KIND, System::Jim2, id.clone());
        let Some(number) = id.number() else {
            return Ok(None);
        };
        let changes = card_changes(&self.jim2, number, fields).await;
        let changes: CardFileChanges = changes.map_err(|error| error.into_failure(&key))?;
        if !changes.is_empty() {
            let written = self.jim2.update_cardfile(number, &changes).await;
            written.map_err(|error| error.into_failure(&key))?;
        }
        Ok(None)
    }
}

impl LocationHands {
    /// The cards of this name that may be ship cards below `card`. Whose a card is, only a read by number tells.
    async fn ships(&self, name: &str, card: i64) -> Result<Vec<CardFile>, jim2::Error> {
        let named = self.jim2.cardfiles_like(name, &[]).await?;
        let numbers: Vec<i64> = named.iter().map(|card| card.card_no).collect();
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let mut ships = self.jim2.cardfiles(&numbers).await?;
        ships.retain(|ship| may_be(ship, card));
        Ok(ships)
    }
}

/// Whether a card may be a ship card below `parent`. A build of Jim2 that does not tell leaves it to a person.
fn may_be(card: &CardFile, parent: i64) -> bool {
    let is_below = match card.parent_card_no {
        Told::Is(known) => known == parent,
        Told::Empty => false,
        Told::Not => true,
    };
    is_below && card.is_ship != Told::Is(false) && card.card_no != parent
}

fn doubtful(location: &Half, ships: &[CardFile]) -> domain::Problem {
    let numbers: Vec<String> = ships.iter().map(|ship| ship.card_no.to_string()).collect();
    let says = format!(
        "{} may be any of these cards in Jim2: {}",
        location.label,
        numbers.join(", ")
    );
    let step = format!("crossbill pairs link {KIND} {} <CardNo>", location.id);
    let (code, who) = ("counterpart-doubtful", (Fixer::Desk, step));
    location.problem(&KIND, System::Autotask, code, says, who)
}

#[cfg(test)]
mod tests;
