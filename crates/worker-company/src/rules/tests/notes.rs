//! Notes of cards on their way to companies.

use autotask::CompanyNote;
use domain::RecordId;
use jim2::CardNote;
use sync::{ChildPair, ChildShadow, Mark};

use super::*;
use crate::notes as travelling;

/// A note of card 12, written after the pair was linked.
fn note(no: i64, text: &str) -> CardNote {
    CardNote {
        card_no: 12,
        note_no: no,
        kind: Told::Is("Credit".to_owned()),
        text: Told::Is(text.to_owned()),
        init: Told::Is("JC".to_owned()),
        at: Told::Is("2026-11-23T01:00:00Z".parse().unwrap()),
    }
}

/// The card with these notes.
fn noted(notes: &[CardNote]) -> Half {
    let mut half = card(|_| ());
    travelling::tell_card(&mut half, notes);
    half
}

/// The company with these notes in Autotask.
fn copied(notes: &[(i64, &str)]) -> Half {
    let notes = notes.iter().map(|(id, text)| {
        let told = json!({"id": id, "companyID": 174, "note": text});
        serde_json::from_value::<CompanyNote>(told).unwrap()
    });
    let mut half = linked(&json!({}));
    travelling::tell_company(&mut half, &notes.collect::<Vec<_>>());
    half
}

/// The pair of a note and its copy, with what was copied.
fn pair(note: i64, copy: i64, text: &str) -> ChildPair {
    ChildPair {
        autotask: Some(copy.into()),
        jim2: Some(format!("12-{note}").into()),
        shadow: ChildShadow {
            source: System::Jim2,
            text: text.to_owned(),
        },
    }
}

fn carrying() -> Facts {
    let mut facts = facts();
    facts
        .settings
        .insert("notes.company".to_owned(), json!(true));
    let whom = ("technician".to_owned(), System::Jim2, "JC".to_owned());
    facts.labels.insert(whom, "Jo Carter".to_owned());
    facts
}

fn plan_of(autotask: Half, jim2: Half, children: &[ChildPair], facts: &Facts) -> Plan {
    let agreed = known(Some(linked(&json!({}))), Some(card(|_| ())));
    let shadow = Shadow {
        baseline: Some(now()),
        ..plan(&CompanyRules, &agreed, facts).shadow
    };
    let now = Known {
        shadow: Some(shadow),
        children: children.to_vec(),
        ..known(Some(autotask), Some(jim2))
    };
    plan(&CompanyRules, &now, facts)
}

#[test]
fn a_note_of_a_card_becomes_one_of_its_company_for_its_author_and_says_whose_it_is() {
    let facts = carrying();
    let plan = plan_of(copied(&[]), noted(&[note(3, "Pays late.\n")]), &[], &facts);
    let [
        Act::CreateChild {
            on: System::Autotask,
            under: Some(under),
            source,
            text,
            extra,
            ..
        },
    ] = plan.acts.as_slice()
    else {
        panic!("{:?}", plan.acts);
    };
    assert_eq!((under.as_str(), source.as_str()), ("174", "12-3"));
    assert_eq!(text, "Jo Carter wrote:\nPays late.\n\n[jim2:12-3]");
    assert_eq!(extra["resource"], 29.into());
    assert_eq!(extra["title"], "Jim2 note: Credit".into());
    assert_eq!(extra["at"], "2026-11-23T01:00:00+00:00".into());
}

#[test]
fn no_note_travels_before_the_site_wants_it_nor_one_from_before_the_link_nor_a_copy_nor_one_of_autotasks()
 {
    let of_old = CardNote {
        at: Told::Is("2026-11-22T23:59:00Z".parse().unwrap()),
        ..note(1, "From before")
    };
    let undated = CardNote {
        at: Told::Not,
        ..note(2, "Some day")
    };
    let company = || copied(&[(900, "Rang them."), (901, "Copied.\n\n[autotask:5]")]);
    let notes = [
        of_old,
        undated,
        note(4, "  "),
        note(5, "Ours\n\n[autotask:900]"),
    ];
    let plan = plan_of(company(), noted(&notes), &[], &carrying());
    assert_eq!((plan.acts, plan.problems), (Vec::new(), Vec::new()));
    let plan = plan_of(company(), noted(&[note(6, "New")]), &[], &facts());
    assert_eq!(plan.acts, [], "it is off");
}

#[test]
fn a_copy_whose_answer_was_lost_is_known_by_its_mark_and_an_edit_of_the_note_is_written_on_it() {
    let facts = carrying();
    let there = "Jo Carter wrote:\nPays late.\n\n[jim2:12-3]";
    let plan = plan_of(
        copied(&[(900, there)]),
        noted(&[note(3, "Pays late.")]),
        &[],
        &facts,
    );
    assert_eq!(plan.acts, []);
    assert_eq!(plan.links, [pair(3, 900, "Pays late.")]);

    let plan = plan_of(
        copied(&[(900, there)]),
        noted(&[note(3, "Pays on time.")]),
        &plan.links,
        &facts,
    );
    let [Act::UpdateChild { id, text, .. }] = plan.acts.as_slice() else {
        panic!("{:?}", plan.acts);
    };
    assert_eq!(*id, RecordId::from(900));
    assert_eq!(text, "Jo Carter wrote:\nPays on time.\n\n[jim2:12-3]");
}

#[test]
fn a_note_that_is_deleted_on_one_side_is_told_and_neither_made_nor_written_again() {
    let facts = carrying();
    let known = [pair(3, 900, "Pays late.")];
    let mark = Mark {
        system: System::Jim2,
        source: "12-3".into(),
    };
    let copy = mark.stamp("Jo Carter wrote:\nPays late.");
    let lost = plan_of(
        copied(&[]),
        noted(&[note(3, "Pays on time.")]),
        &known,
        &facts,
    );
    assert_eq!(lost.acts, []);
    assert_eq!(codes(&lost), ["note-deleted-in-autotask"]);
    let left = plan_of(copied(&[(900, &copy)]), noted(&[]), &known, &facts);
    assert_eq!(left.acts, []);
    assert_eq!(codes(&left), ["note-deleted-in-jim2"]);
    assert!(
        left.problems[0].says.contains("Pays late."),
        "{}",
        left.problems[0].says
    );

    let both = plan_of(copied(&[]), noted(&[]), &known, &facts);
    assert_eq!((both.acts, both.problems), (Vec::new(), Vec::new()));
    let untold = plan_of(linked(&json!({})), card(|_| ()), &known, &facts);
    assert_eq!(untold.problems, [], "absent is not empty");
}
