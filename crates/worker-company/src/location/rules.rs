//! How locations and ship cards stand to each other. Pure: no I/O, no clock.

use std::time::Duration;

use autotask::Presence;
use domain::{Fixer, Key, Kind, Problem, RecordId, System, Value};
use sync::{Asks, Creation, Facts, Field, Fields, Half, Rules, Shows, Trail, Transform, Way};

use super::KIND;
use crate::{KIND as COMPANY, address};

/// What of a location travels. Finance gives ship cards names of their own, so only the address does at first.
const FIELDS: &[Field] = &[
    Field {
        way: Way::Off,
        jim2_max: Some(100),
        autotask_max: Some(100),
        ..Field::text("name", "Name")
    },
    Field {
        way: Way::ToJim2,
        forward: Transform::By(address::to_jim2),
        back: Transform::By(address::to_autotask),
        ..Field::text("address", "Address")
    },
];

/// Autotask tells no change of a location (`autotask.md` §7.1): new ones are known by their ids, and all that are in use
/// are looked at once a week.
const TRAILS: &[Trail] = &[
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(30),
        shows: Shows::Autotask(autotask::Trail {
            new_by_id: true,
            ..locations()
        }),
    },
    Trail {
        name: "in_use",
        prefix: "",
        every: Duration::from_hours(7 * 24),
        shows: Shows::Autotask(autotask::Trail {
            open: Some(("isActive", true)),
            ..locations()
        }),
    },
    Trail::absent(
        "company locations",
        1,
        Asks::Autotask(Presence::by_id("CompanyLocations", "company location")),
    ),
    Trail::absent("ship cards", 1, Asks::Jim2(jim2::Presence::CardFiles)),
];

const fn locations() -> autotask::Trail {
    autotask::Trail::stamped("CompanyLocations", "company location", &[])
}

/// The thinking about locations and ship cards.
#[derive(Debug, Clone, Copy, Default)]
pub struct LocationRules;

impl Rules for LocationRules {
    fn kind(&self) -> Kind {
        KIND
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn trails(&self) -> &'static [Trail] {
        TRAILS
    }

    fn needs(&self, on: System, half: &Half) -> Vec<Key> {
        let id = half.fact(whose(on)).and_then(Value::as_number);
        id.map(|id| Key::new(COMPANY, on, id)).into_iter().collect()
    }

    /// Neither has a field for the other: a location in use is looked for by its name among its company's ship cards.
    fn seeks(&self, on: System, half: &Half) -> bool {
        on == System::Autotask && !half.is("inactive")
    }

    /// No API is known to say whose a new ship card is, and one that is nobody's is of no use to a job.
    fn create(&self, to: System, _: &Half, _generation: i32, _: &Facts) -> Creation {
        Creation::No(match to {
            System::Jim2 => "ship cards are made in Jim2, where their parent is set".to_owned(),
            System::Autotask => "locations are made in Autotask".to_owned(),
        })
    }

    /// A ship card below another company's card is another site.
    fn identity(&self, autotask: &Half, jim2: &Half, facts: &Facts) -> Result<(), Box<Problem>> {
        let parent = jim2.fact("parent").and_then(Value::as_number);
        let company = autotask.fact("company").and_then(Value::as_number);
        let card =
            company.and_then(|id| facts.other_half(&Key::new(COMPANY, System::Autotask, id)));
        match (parent, card.and_then(RecordId::number)) {
            (Some(parent), Some(card)) if parent != card => {
                Err(Box::new(elsewhere(autotask, jim2, (parent, card))))
            }
            _ => Ok(()),
        }
    }

    fn owes_reference(&self, _: System, _: &Half, _: &RecordId, _: i32) -> bool {
        false
    }

    /// The parts of an address that were only cut for the other side keep their length.
    fn steps(
        &self,
        on: System,
        half: &Half,
        fields: Fields,
        _: &Facts,
    ) -> Result<Vec<Fields>, Box<Problem>> {
        Ok(vec![address::kept_longer(on, half, fields)])
    }
}

/// The fact that names the company or the card of a half.
const fn whose(on: System) -> &'static str {
    match on {
        System::Autotask => "company",
        System::Jim2 => "parent",
    }
}

fn elsewhere(location: &Half, ship: &Half, (parent, card): (i64, i64)) -> Problem {
    let (id, ship_no) = (&location.id, &ship.id);
    let says = format!(
        "{} is a location of the company with card {card}; its ship card {ship_no}, {}, is below card {parent}",
        location.label, ship.label
    );
    let step = format!(
        "put card {card} back as the parent of card {ship_no} in Jim2, or: crossbill pairs unlink {KIND} {id}"
    );
    let (code, who) = ("not-the-same-record", (Fixer::Desk, step));
    location.problem(&KIND, System::Autotask, code, says, who)
}

#[cfg(test)]
mod tests;
