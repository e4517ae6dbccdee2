//! First and last name, which merge as one: Autotask asks for both, Jim2 for either.

use domain::{Told, Value};
use sync::{Facts, Mapped};

const FIRST: &str = "first";
const LAST: &str = "last";

/// What Autotask has for a first name that there is not.
const NONE: &str = "-";

/// The most characters of each name that the two sides take.
const JIM2_MAX: usize = 25;
const AUTOTASK_MAX: usize = 50;

/// The name that a record tells, where it told both.
pub(crate) fn told(first: &Told<String>, last: &Told<String>) -> Option<Value> {
    Some(Value::parts([
        (FIRST, first.clone().into_value()?),
        (LAST, last.clone().into_value()?),
    ]))
}

/// First and last name as texts.
pub(crate) fn both(name: &Value) -> [String; 2] {
    [FIRST, LAST].map(|part| {
        let text = name.part(part).and_then(Value::as_text);
        text.unwrap_or_default().trim().to_owned()
    })
}

/// The name as people say it: without the dash that stands for a first name.
pub(crate) fn shown(name: &Value) -> String {
    let [first, last] = both(name);
    let first = if first == NONE { "" } else { &first };
    format!("{first} {last}").trim().to_owned()
}

/// What Jim2 has for a name of Autotask.
pub(crate) fn to_jim2(name: &Value, _: &Facts) -> Mapped {
    Mapped::Value(in_jim2(name))
}

/// What Autotask has for a name of Jim2. A name taken away leaves the contact's own, as it must have one.
pub(crate) fn to_autotask(name: &Value, _: &Facts) -> Mapped {
    if name.is_empty() {
        return Mapped::Leave;
    }
    Mapped::Value(in_autotask(name))
}

/// How Jim2 sees a name.
pub(crate) fn in_jim2(name: &Value) -> Value {
    let [first, last] = both(name);
    let first = if first == NONE { "" } else { &first };
    of(first, &last, JIM2_MAX)
}

/// How Autotask sees a name: one word is the last name.
pub(crate) fn in_autotask(name: &Value) -> Value {
    match both(name) {
        [first, last] if last.is_empty() => of(NONE, &first, AUTOTASK_MAX),
        [first, last] if first.is_empty() => of(NONE, &last, AUTOTASK_MAX),
        [first, last] => of(&first, &last, AUTOTASK_MAX),
    }
}

/// `planned`, with the parts of `now` kept that say the same at greater length: what was cut for
/// the other side is not written back over the whole.
pub(crate) fn keep_longer(now: &Value, planned: &Value, seen: fn(&Value) -> Value) -> Value {
    let (was, will) = (seen(now), seen(planned));
    Value::parts([FIRST, LAST].map(|part| {
        let same = was.part(part) == will.part(part);
        let from = if same { now } else { planned };
        (part, from.part(part).cloned().unwrap_or(Value::Empty))
    }))
}

fn of(first: &str, last: &str, max: usize) -> Value {
    let cut = |text: &str| {
        let cut: String = text.chars().take(max).collect();
        Value::text(cut.trim_end())
    };
    Value::parts([(FIRST, cut(first)), (LAST, cut(last))])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(first: &str, last: &str) -> Value {
        Value::parts([(FIRST, first.into()), (LAST, last.into())])
    }

    #[test]
    fn one_word_is_a_last_name_in_autotask_and_goes_home_as_it_came() {
        for (jim2, autotask) in [
            (name("Ann", "Lee"), name("Ann", "Lee")),
            (name("Reception", ""), name("-", "Reception")),
            (name("", "Lee"), name("-", "Lee")),
        ] {
            assert_eq!(in_autotask(&jim2), autotask);
        }
        assert_eq!(in_jim2(&name("-", "Reception")), name("", "Reception"));
        assert_eq!(shown(&name("", "Lee")), "Lee");
        assert_eq!(shown(&name("-", "Reception")), "Reception");
    }

    #[test]
    fn a_name_that_was_cut_keeps_its_length_when_the_other_one_changes() {
        let long = "Wolfeschlegelsteinhausenbergerdorff";
        let now = name("Ann", long);
        let planned = name("Anna", &long[..25]);
        assert_eq!(keep_longer(&now, &planned, in_jim2), name("Anna", long));
    }
}
