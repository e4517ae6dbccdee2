//! The kind of these tests: simple enough to see through, with a field for each way in which values go.

use domain::{Key, Kind, Problem, RecordId, Subject, System, Value};

use crate::{
    Carry, Child, Compare, Creation, Draft, Facts, Field, Fields, Half, Mapped, Rules, Transform,
    Way,
};

/// Things.
pub(crate) const THING: Kind = Kind::new("thing");

pub(crate) static FIELDS: &[Field] = &[
    Field {
        owner: System::Jim2,
        jim2_max: Some(12),
        required: true,
        webhook_names: &["Name"],
        ..Field::text("name", "Name")
    },
    Field {
        way: Way::ToJim2,
        back: Transform::None,
        webhook_names: &["Title"],
        ..Field::text("title", "Title")
    },
    Field {
        forward: Transform::Lookup("status"),
        back: Transform::Lookup("status"),
        compare: Compare::Exact,
        required: true,
        webhook_names: &["Status"],
        ..Field::text("status", "Status")
    },
    Field {
        forward: Transform::By(unless_blank),
        webhook_names: &["Remark"],
        ..Field::text("remark", "Remark")
    },
    Field {
        way: Way::CreateOnly,
        back: Transform::None,
        ..Field::text("colour", "Colour")
    },
    // Nothing counts before a test says so.
    Field {
        way: Way::Off,
        owner: System::Jim2,
        forward: Transform::None,
        back: Transform::Same,
        compare: Compare::Exact,
        moved_on: Some(System::Autotask),
        ..Field::text("count", "Count")
    },
];

/// A blank one says nothing to the other side.
fn unless_blank(value: &Value, _facts: &Facts) -> Mapped {
    if value.is_empty() {
        Mapped::Leave
    } else {
        Mapped::Value(value.clone())
    }
}

/// Statuses to which Jim2 leads through WAIT only.
const FAR: [&str; 4] = ["S7", "S10", "S14", "S18"];

/// Its rules: everything in Autotask is made in Jim2, nothing the other way.
#[derive(Debug)]
pub(crate) struct ThingRules;

impl Rules for ThingRules {
    fn kind(&self) -> Kind {
        THING
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn needs(&self, on: System, half: &Half) -> Vec<Key> {
        before(half)
            .filter(|_| on == System::Autotask)
            .into_iter()
            .collect()
    }

    fn waits_for_work(&self, _: System, half: &Half, _: &Facts) -> Option<String> {
        half.is("lazy")
            .then(|| "nobody has worked on it".to_owned())
    }

    fn seeks(&self, _: System, half: &Half) -> bool {
        half.is("sought")
    }

    fn is_over(&self, jim2: &Half) -> bool {
        jim2.is("over")
    }

    fn outlives(&self, _: System, half: &Half, _: &Facts) -> Option<Fields> {
        half.is("outlives")
            .then(|| [("title".to_owned(), "removed".into())].into())
    }

    fn create(&self, to: System, half: &Half, generation: i32, facts: &Facts) -> Creation {
        if let Some(key) = before(half).filter(|key| facts.other_half(key).is_none()) {
            let problem = Problem {
                code: "not-paired".to_owned(),
                subject: Subject::Pair {
                    kind: key.kind.clone(),
                    system: key.system,
                    id: key.id.clone(),
                },
                ..refusal()
            };
            return Creation::Awaits(key, vec![problem]);
        }
        match to {
            System::Jim2 => {
                // A new one begins as Booked; the way from there is walked step by step.
                let waits = half.fields.get("status") == Some(&3.into());
                let status = waits.then_some(Value::Empty).map(|it| ("status", it));
                let owner = half.fact("owner").map(|it| ("customer", it.clone()));
                let extra = status.into_iter().chain(owner);
                Creation::Yes(Draft {
                    reference: format!("{}/{generation}", half.id),
                    extra: extra.map(|(name, it)| (name.to_owned(), it)).collect(),
                })
            }
            System::Autotask => Creation::No("things begin in Autotask".to_owned()),
        }
    }

    fn company(&self, autotask: &Half) -> Option<Value> {
        autotask.fact("owner").cloned()
    }

    fn ownership(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Result<(), Box<Problem>> {
        let moved = match (autotask.fact("owner"), jim2.fact("customer")) {
            (Some(owner), Some(customer)) => owner != customer,
            _ => false,
        };
        if moved {
            Err(Box::new(Problem {
                code: "moved".to_owned(),
                ..refusal()
            }))
        } else {
            Ok(())
        }
    }

    fn retires(&self, _: &Half, _: &Half, _: &Facts) -> Option<Fields> {
        Some([("status".to_owned(), "CANCEL".into())].into())
    }

    fn customer(&self, jim2: &Half) -> Option<Value> {
        jim2.fact("customer").cloned()
    }

    fn owes_reference(&self, on: System, half: &Half, to: &RecordId, _generation: i32) -> bool {
        on == System::Autotask && half.points_to.as_ref().map(|pointer| &pointer.to) != Some(to)
    }

    fn steps(
        &self,
        on: System,
        half: &Half,
        fields: Fields,
        _: &Facts,
    ) -> Result<Vec<Fields>, Box<Problem>> {
        let leads = |status: &Value| status.as_text().is_some_and(|to| FAR.contains(&to));
        let is_far = on == System::Jim2 && fields.get("status").is_some_and(leads);
        if !is_far || half.fields.get("status") == Some(&"WAIT".into()) {
            return Ok(vec![fields]);
        }
        let last = fields
            .get("status")
            .cloned()
            .map(|it| ("status".to_owned(), it));
        let mut first = fields;
        first.insert("status".to_owned(), "WAIT".into());
        Ok(vec![first, last.into_iter().collect()])
    }

    fn carry(&self, _from: System, child: &Child, _facts: &Facts) -> Carry {
        Carry::Yes {
            text: format!("{}: {}", child.author, child.text),
            internal: true,
            extra: Fields::new(),
        }
    }
}

/// The thing that has to be paired before this one is made.
fn before(half: &Half) -> Option<Key> {
    let id = half.fact("behind")?.as_text()?;
    Some(Key::new(THING, System::Autotask, id))
}

pub(super) fn refusal() -> Problem {
    Problem {
        code: "refused".to_owned(),
        subject: domain::Subject::Setting {
            name: "any".to_owned(),
        },
        field: None,
        says: "Jim2 refuses it".to_owned(),
        remedy: domain::Remedy {
            who: domain::Fixer::Desk,
            step: "mend it".to_owned(),
            continues: true,
        },
    }
}
