//! Addresses: several fields that merge as one, in the same five parts on both sides.
//!
//! The street is one text of lines. Autotask has two lines, Jim2 as many as people type. A state
//! is read by its three letters: were its long name only translated, an address with another part
//! that Autotask cut would equal Jim2's in neither direction. The country is a field of its own, set when the other half is made: Autotask tells it as a
//! reference that only the list `country` translates.

use domain::{System, Told, Value};
use sync::{Facts, Fields, Half, Mapped};

const STREET: &str = "street";
const SUBURB: &str = "suburb";
const STATE: &str = "state";
const POSTCODE: &str = "postcode";

/// The most characters that each side takes, part by part.
struct Limits {
    line: usize,
    suburb: usize,
    state: usize,
    postcode: usize,
}

const JIM2: Limits = Limits {
    line: 250,
    suburb: 50,
    state: 3,
    postcode: 8,
};

const AUTOTASK: Limits = Limits {
    line: 128,
    suburb: 30,
    state: 40,
    postcode: 10,
};

const STATES: [(&str, &str); 8] = [
    ("AUSTRALIAN CAPITAL TERRITORY", "ACT"),
    ("NEW SOUTH WALES", "NSW"),
    ("NORTHERN TERRITORY", "NT"),
    ("QUEENSLAND", "QLD"),
    ("SOUTH AUSTRALIA", "SA"),
    ("TASMANIA", "TAS"),
    ("VICTORIA", "VIC"),
    ("WESTERN AUSTRALIA", "WA"),
];

/// The address that a record tells, or nothing where it did not tell all of it.
pub(crate) fn told(
    street: Option<String>,
    [suburb, state, postcode]: [&Told<String>; 3],
) -> Option<Value> {
    let part = |told: &Told<String>| told.clone().into_value();
    Some(Value::parts([
        (STREET, Value::text(street?)),
        (SUBURB, part(suburb)?),
        (STATE, part(state)?),
        (POSTCODE, part(postcode)?),
    ]))
}

/// The street as one text, where both of Autotask's lines were told.
pub(crate) fn joined(first: &Told<String>, second: &Told<String>) -> Option<String> {
    let lines = [first, second];
    if !lines.iter().all(|line| line.is_told()) {
        return None;
    }
    let lines = lines.into_iter().filter_map(Told::get);
    Some(lines.cloned().collect::<Vec<_>>().join("\n"))
}

/// The street as Autotask's two lines.
pub(crate) fn lines(address: &Value) -> (String, String) {
    let street = text(address, STREET);
    match street.split_once('\n') {
        Some((first, rest)) => (first.to_owned(), rest.to_owned()),
        None => (street, String::new()),
    }
}

/// One part as text.
pub(crate) fn street(address: &Value) -> String {
    text(address, STREET)
}

/// Suburb, state and postcode.
pub(crate) fn place(address: &Value) -> [String; 3] {
    [SUBURB, STATE, POSTCODE].map(|part| text(address, part))
}

/// What Jim2 has for an address of Autotask.
pub(crate) fn to_jim2(address: &Value, _: &Facts) -> Mapped {
    Mapped::Value(in_jim2(address))
}

/// What Autotask has for an address of Jim2.
pub(crate) fn to_autotask(address: &Value, _: &Facts) -> Mapped {
    Mapped::Value(in_autotask(address))
}

/// `planned`, with the parts of `now` kept that say the same at greater length: what was cut for
/// the other side is not written back over the whole.
fn keep_longer(now: &Value, planned: &Value, seen: fn(&Value) -> Value) -> Value {
    let (was, will) = (seen(now), seen(planned));
    let parts = [STREET, SUBURB, STATE, POSTCODE].map(|part| {
        let from = if was.part(part) == will.part(part) {
            now
        } else {
            planned
        };
        (part, from.part(part).cloned().unwrap_or(Value::Empty))
    });
    Value::parts(parts)
}

/// A write of an address keeps at their length the parts of the half as it is that were only cut for the other side.
pub(crate) fn kept_longer(on: System, half: &Half, mut fields: Fields) -> Fields {
    let now = half.fields.get("address");
    if let (Some(now), Some(planned)) = (now, fields.get_mut("address")) {
        let seen = match on {
            System::Autotask => in_jim2,
            System::Jim2 => in_autotask,
        };
        *planned = keep_longer(now, planned, seen);
    }
    fields
}

/// How Jim2 sees an address.
pub(crate) fn in_jim2(address: &Value) -> Value {
    fitted(address, &clean_lines(address), &JIM2)
}

/// How Autotask sees an address: all lines of the street after the first are one.
pub(crate) fn in_autotask(address: &Value) -> Value {
    let mut lines = clean_lines(address);
    if lines.len() > 2 {
        let rest = lines.split_off(1);
        lines.push(rest.join(", "));
    }
    fitted(address, &lines, &AUTOTASK)
}

fn fitted(address: &Value, lines: &[String], limits: &Limits) -> Value {
    let lines: Vec<String> = lines.iter().map(|line| cut(line, limits.line)).collect();
    let part = |name: &str, max| Value::text(cut(&text(address, name), max));
    Value::parts([
        (STREET, Value::text(lines.join("\n"))),
        (SUBURB, part(SUBURB, limits.suburb)),
        (STATE, part(STATE, limits.state)),
        (POSTCODE, part(POSTCODE, limits.postcode)),
    ])
}

/// The lines of the street that say something.
fn clean_lines(address: &Value) -> Vec<String> {
    let street = text(address, STREET);
    let lines = street
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

/// The three letters of an Australian state; any other state as it is.
pub(crate) fn state(name: &str) -> String {
    let upper = name.trim().to_uppercase();
    let known = STATES
        .iter()
        .find(|(long, short)| *long == upper || *short == upper);
    known.map_or_else(|| name.trim().to_owned(), |(_, short)| (*short).to_owned())
}

fn text(address: &Value, part: &str) -> String {
    let text = address.part(part).and_then(Value::as_text);
    text.unwrap_or_default().to_owned()
}

fn cut(text: &str, max: usize) -> String {
    let cut: String = text.trim().chars().take(max).collect();
    cut.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(street: &str, suburb: &str, state: &str) -> Value {
        Value::parts([
            (STREET, street.into()),
            (SUBURB, suburb.into()),
            (STATE, state.into()),
            (POSTCODE, "0800".into()),
        ])
    }

    #[test]
    fn australian_states_have_three_letters_at_most_and_others_stay() {
        for (name, expected) in [
            ("New South Wales", "NSW"),
            (" northern territory", "NT"),
            ("vic", "VIC"),
            ("Auckland", "Auckland"),
            ("", ""),
        ] {
            assert_eq!(state(name), expected, "{name}");
        }
    }

    #[test]
    fn a_street_of_many_lines_becomes_two_and_two_come_back_as_they_are() {
        let many = address("Level 2\r\nTower 1\n9 Bay St\n", "Perth", "WA");
        let two = in_autotask(&many);
        assert_eq!(
            lines(&two),
            ("Level 2".to_owned(), "Tower 1, 9 Bay St".to_owned())
        );
        assert_eq!(in_jim2(&two), two);
        assert_eq!(
            joined(&Told::Is("Level 2".to_owned()), &Told::Empty),
            Some("Level 2".to_owned())
        );
        assert_eq!(joined(&Told::Empty, &Told::Not), None);
    }

    #[test]
    fn a_part_that_was_cut_keeps_its_length_when_another_part_changes() {
        let long = "Saint Mary of the Cross MacKillop Heights";
        let in_full = address("1 High St", long, "WA");
        let mut back = in_jim2(&in_autotask(&in_full));
        assert_ne!(back.part(SUBURB), in_full.part(SUBURB));
        if let Value::Parts(parts) = &mut back {
            parts.insert(STREET.to_owned(), "2 High St".into());
        }
        assert_eq!(
            keep_longer(&in_full, &back, in_autotask),
            address("2 High St", long, "WA")
        );
    }
}
