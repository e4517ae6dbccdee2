//! How faults are switched, and how often they strike.

use std::time::Duration;

use serde_json::{Value, json};

use super::setting::{Setting, Takes};
use super::switch::Switch;
use super::{About, Faults, Kind, read};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Trouble {
    Fire,
    Flood,
    Night,
    Delay,
    Crowd,
    Mood,
    Strangers,
}

impl Kind for Trouble {
    const TABLE: &'static [(Self, About)] = &[
        (Self::Fire, About::new("fire", "burns")),
        (Self::Flood, About::new("flood", "drowns")),
        (Self::Night, About::new("night", "is dark").lasting()),
        (
            Self::Delay,
            About::new("delay", "comes later").taking(Takes::Duration(Duration::from_secs(2))),
        ),
        (
            Self::Crowd,
            About::new("crowd", "is full").taking(Takes::Number {
                usual: 3,
                least: 1,
                most: 9,
            }),
        ),
        (
            Self::Mood,
            About::new("mood", "changes").taking(Takes::Word(&["sad", "glad"])),
        ),
        (
            Self::Strangers,
            About::new("strangers", "knocks").taking(Takes::Names("Ann+Bob")),
        ),
    ];

    fn knows(name: &str) -> bool {
        ["Ann", "Bob"].contains(&name)
    }
}

fn on(text: &str) -> Faults<Trouble> {
    let mut faults = Faults::new(1);
    faults.switch(&text.parse().unwrap()).unwrap();
    faults
}

fn struck(faults: &mut Faults<Trouble>, fault: Trouble) -> Vec<bool> {
    (0..1000).map(|_| faults.strikes(fault)).collect()
}

#[test]
fn a_counted_fault_strikes_so_often_and_no_more() {
    let mut faults = on("fire:count=2");
    assert_eq!(
        [0; 3].map(|_| faults.strikes(Trouble::Fire)),
        [true, true, false]
    );
    assert!(!faults.strikes(Trouble::Flood), "the others stay off");
    assert_eq!(faults.tell()[0]["on"], false);
    assert_eq!(faults.tell()[0]["struck"], 2);
}

#[test]
fn a_fault_without_limits_strikes_until_it_is_switched_off() {
    let mut faults = on("fire");
    assert!(
        struck(&mut faults, Trouble::Fire)
            .iter()
            .all(|struck| *struck)
    );
    let off = Switch::from_json(&json!({"name": "fire", "on": false}));
    assert_eq!(off, Ok(Switch::off("fire")));
    faults.switch(&Switch::off("fire")).unwrap();
    assert!(!faults.strikes(Trouble::Fire));
}

#[test]
fn a_rate_strikes_some_and_the_same_ones_for_the_same_seed() {
    let first = struck(&mut on("fire:rate=0.5"), Trouble::Fire);
    let share = first.iter().filter(|struck| **struck).count();
    assert!((400..600).contains(&share), "{share}");
    let mut again = on("fire:rate=0.5");
    again.switch(&"flood:rate=0.3".parse().unwrap()).unwrap();
    let beside_another: Vec<_> = (0..1000)
        .map(|_| {
            again.strikes(Trouble::Flood);
            again.strikes(Trouble::Fire)
        })
        .collect();
    assert_eq!(first, beside_another, "what else is on does not matter");
    let flood = struck(&mut on("flood:rate=0.5"), Trouble::Flood);
    assert_ne!(first, flood, "each draws for itself");
    let mut other = Faults::new(2);
    other.switch(&"fire:rate=0.5".parse().unwrap()).unwrap();
    assert_ne!(first, struck(&mut other, Trouble::Fire));
}

#[test]
fn a_count_ends_a_rate() {
    let mut faults = on("fire:rate=0.5,count=7");
    let strikes = struck(&mut faults, Trouble::Fire);
    assert_eq!(strikes.iter().filter(|struck| **struck).count(), 7);
}

#[test]
fn a_setting_is_what_was_said_or_the_usual() {
    for (text, fault, setting) in [
        ("fire", Trouble::Fire, Setting::Nothing),
        (
            "delay",
            Trouble::Delay,
            Setting::Duration(Duration::from_secs(2)),
        ),
        (
            "delay:value=250ms",
            Trouble::Delay,
            Setting::Duration(Duration::from_millis(250)),
        ),
        ("crowd", Trouble::Crowd, Setting::Number(3)),
        ("crowd:value=9", Trouble::Crowd, Setting::Number(9)),
        ("mood", Trouble::Mood, Setting::Word("sad")),
        ("mood:value=glad", Trouble::Mood, Setting::Word("glad")),
        (
            "strangers:value=Ann+Bob",
            Trouble::Strangers,
            Setting::Names(vec!["Ann".to_owned(), "Bob".to_owned()]),
        ),
    ] {
        assert_eq!(on(text).strike(fault), Some(setting), "{text}");
    }
}

#[test]
fn a_switch_that_makes_no_sense_is_refused_in_a_sentence() {
    for (text, sentence) in [
        ("storm", "there is no fault 'storm'; there are fire, flood"),
        ("fire:rate=0", "'0' is not a share above 0 and up to 1"),
        ("fire:rate=1.1", "'1.1' is not a share"),
        ("fire:rate=NaN", "'NaN' is not a share"),
        ("fire:rate=often", "'often' is not a share"),
        ("fire:count=0", "'0' is not a number of times"),
        ("fire:count=-1", "'-1' is not a number of times"),
        ("fire:hot", "'hot' is none of rate=SHARE"),
        ("fire:value=1", "'fire' takes no value"),
        ("night:rate=0.5", "'night' is on or off"),
        ("night:count=1", "'night' is on or off"),
        ("delay:value=25h", "'delay' takes a duration"),
        (
            "delay:value=soon",
            "'delay' takes a duration up to 24h (2s)",
        ),
        ("crowd:value=10", "'crowd' takes a number from 1 to 9 (3)"),
        ("mood:value=bad", "'mood' takes one of sad, glad"),
        ("strangers", "'strangers' takes names with + between them"),
        ("strangers:value=Ann+Eve", "such as Ann+Bob"),
    ] {
        let told = read::<Trouble>(text).unwrap_err();
        assert!(told.contains(sentence), "{text}: {told}");
    }
    let rate = Some(2.0);
    let often = Switch {
        rate,
        ..Switch::on("fire")
    };
    for wrong in [often, Switch::on("fire").times(0)] {
        let told = Faults::<Trouble>::new(1).switch(&wrong).unwrap_err();
        assert!(told.contains("'fire' takes a rate"), "{told}");
    }
    for body in [
        json!({}),
        json!({"name": 7}),
        json!({"name": "fire", "on": "yes"}),
        json!({"name": "fire", "rate": 0}),
        json!({"name": "fire", "rate": true}),
        json!({"name": "fire", "count": 1.5}),
    ] {
        assert!(Switch::from_json(&body).is_err(), "{body}");
    }
}

#[test]
fn the_list_tells_what_there_is_and_what_is_on() {
    let mut faults = on("delay:rate=0.5,count=3,value=1500ms");
    faults.switch(&"night".parse().unwrap()).unwrap();
    let told = faults.tell();
    assert_eq!(
        told[3],
        json!({
            "name": "delay", "does": "comes later", "takes": "a duration up to 24h (2s)", "on": true, "rate": 0.5, "count": 3,
            "value": "1500ms", "struck": 0,
        })
    );
    assert_eq!(told[0]["takes"], Value::Null);
    assert_eq!(
        (&told[2]["on"], &told[2]["rate"]),
        (&json!(true), &json!(null))
    );
}

#[test]
fn json_and_text_say_the_same() {
    let body = json!({"name": "crowd", "rate": 0.25, "count": 4, "value": 2});
    assert_eq!(
        Switch::from_json(&body),
        "crowd:rate=0.25,count=4,value=2".parse()
    );
    for switch in [
        Switch::on("mood").set_to("glad"),
        Switch::on("fire").times(3),
        Switch::off("fire"),
        "fire:rate=0.5".parse().unwrap(),
    ] {
        assert_eq!(Switch::from_json(&switch.to_json()), Ok(switch));
    }
}
