//! The rules of notes on cardfiles. Only people write them: no document shows an API that does, or that tells them.

use chrono::{DateTime, Utc};

use super::change::{Object, Operation};
use super::input::Input;
use super::record::{CardFile, CardNote};
use super::refusal::Refusal;
use super::world::{Actor, World};

impl World {
    /// Adds a note to a cardfile and answers its number.
    pub(crate) fn create_note(
        &mut self,
        card: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<i64, Refusal> {
        let mut card = self.editable_card(card, actor)?;
        let mut note = CardNote {
            no: card.last_note + 1,
            kind: "General".to_owned(),
            text: String::new(),
            made: self.stamp(actor),
        };
        set_note(&mut note, fields)?;
        let no = note.no;
        card.last_note = no;
        card.notes.push(note);
        self.save_note(card, no, Operation::Insert, actor);
        Ok(no)
    }

    /// Changes a note. Who wrote it, and when, stays.
    pub(crate) fn edit_note(
        &mut self,
        card: i64,
        no: i64,
        actor: &Actor,
        fields: &[Input],
    ) -> Result<(), Refusal> {
        let mut card = self.editable_card(card, actor)?;
        let place = place(&card, no)?;
        set_note(&mut card.notes[place], fields)?;
        self.save_note(card, no, Operation::Update, actor);
        Ok(())
    }

    /// Removes a note.
    pub(crate) fn delete_note(&mut self, card: i64, no: i64, actor: &Actor) -> Result<(), Refusal> {
        let mut card = self.editable_card(card, actor)?;
        let place = place(&card, no)?;
        card.notes.remove(place);
        self.save_note(card, no, Operation::Delete, actor);
        Ok(())
    }

    /// The card's own time of change stays as it is: no document says that notes move it.
    fn save_note(&mut self, card: CardFile, no: i64, operation: Operation, actor: &Actor) {
        let key = format!("{}-{no}", card.no);
        self.cards.insert(card.no, card);
        self.log(Object::CardFileNote, key, operation, actor);
    }
}

fn place(card: &CardFile, no: i64) -> Result<usize, Refusal> {
    let place = card.notes.iter().position(|note| note.no == no);
    place.ok_or_else(|| Refusal::not_found("CardFileNote", no))
}

fn set_note(note: &mut CardNote, fields: &[Input]) -> Result<(), Refusal> {
    for field in fields {
        match field.name.as_str() {
            "text" => note.text = field.long_text()?,
            "type" => note.kind = field.text(30)?,
            "date" => note.made.at = date(field)?,
            _ => return Err(field.unknown()),
        }
    }
    if note.text.is_empty() {
        return Err(Refusal::invalid("text-required", "A note needs a text."));
    }
    Ok(())
}

/// People may date a note back.
fn date(field: &Input) -> Result<DateTime<Utc>, Refusal> {
    let at = field.value.as_str().and_then(|text| text.parse().ok());
    at.ok_or_else(|| field.wrong("a moment with its zone"))
}
