//! What hangs under a record beside a ticket's notes: notes of a card, and the list of what is attached to a ticket.

use serde_json::{Value, json};

use super::{BEGINNING, Change, another, found, found_by, found_of_new, troubles, wanting};
use crate::check::{Settings, Trouble};

fn found_where_off(
    kind: &str,
    change: impl FnOnce(&mut Value, &mut Value),
) -> Vec<(Trouble, String)> {
    let mut settings: Settings = wanting(Some(BEGINNING));
    settings.made.remove(kind);
    found_by(&settings, change)
}

#[test]
fn a_note_of_a_card_without_its_words_or_author_differs_where_the_site_has_them_travel() {
    for note in [
        "Jane Citizen wrote:\nPays late.\n\n[jim2:1001-1]",
        "Pays on time.\n\n[jim2:1001-1]",
    ] {
        let change = |autotask: &mut Value, _: &mut Value| {
            autotask["CompanyNotes"][0]["note"] = json!(note);
        };
        let found = found(change);
        assert_eq!(troubles(&found), [Trouble::Differs], "{note}: {found:?}");
        assert_eq!(found_where_off("card-note", change), [], "{note}");
    }
}

#[test]
fn a_new_note_of_a_card_without_a_copy_is_missing_where_the_site_has_them_travel() {
    let forget = |autotask: &mut Value, _: &mut Value| autotask["CompanyNotes"] = json!([]);
    assert_eq!(found(forget), [], "it is from before");
    let of_new = found_of_new(forget);
    assert_eq!(troubles(&of_new), [Trouble::Missing], "{of_new:?}");
    assert!(
        of_new[0].1.contains("note of the card 1001-1 has no note"),
        "{of_new:?}"
    );
    assert_eq!(found_where_off("card-note", forget), []);
    let of_a_company_of_ours = found(|autotask, jim2| {
        forget(autotask, jim2);
        autotask["Companies"][0]["createdByResourceID"] = json!(99);
    });
    assert_eq!(troubles(&of_a_company_of_ours), [Trouble::Missing]);
}

#[test]
fn what_need_not_travel_of_a_card_is_not_missed() {
    let changes = [
        json!({"id": "1001-2", "text": " "}),
        json!({"id": "1001-2", "text": "See you.\n\n[autotask:20]"}),
        json!({"id": "1002-1", "CardNo": 1002}),
    ];
    for changes in changes {
        let found = found_of_new(|_, jim2| another(jim2, "CardFileNote", &changes));
        assert_eq!(found, [], "{changes}");
    }
}

#[test]
fn a_second_copy_of_a_cards_note_and_one_elsewhere_are_told_in_any_case() {
    let twice = |autotask: &mut Value, _: &mut Value| {
        another(autotask, "CompanyNotes", &json!({"id": 22}));
    };
    let elsewhere = |_: &mut Value, jim2: &mut Value| {
        jim2["CardFileNote"][0]["CardNo"] = json!(1002);
    };
    assert_eq!(troubles(&found(twice)), [Trouble::Twice]);
    assert_eq!(
        troubles(&found_where_off("card-note", twice)),
        [Trouble::Twice]
    );
    assert_eq!(troubles(&found(elsewhere)), [Trouble::Strayed]);
    assert_eq!(
        troubles(&found_where_off("card-note", elsewhere)),
        [Trouble::Strayed]
    );
}

#[test]
fn a_copy_whose_note_was_deleted_from_the_card_is_told() {
    let delete = |_: &mut Value, jim2: &mut Value| jim2["CardFileNote"] = json!([]);
    let found = found(delete);
    assert_eq!(troubles(&found), [Trouble::Missing], "{found:?}");
    assert!(found[0].1.contains("not there any more"), "{found:?}");
    assert_eq!(found_where_off("card-note", delete), []);
}

#[test]
fn a_list_that_says_something_else_than_what_is_attached_differs() {
    let changes: [Change; 4] = [
        |autotask, _| autotask["TicketAttachments"][0]["title"] = json!("photo.png"),
        |autotask, _| autotask["TicketAttachments"] = json!([]),
        |autotask, _| autotask["TicketAttachments"][1]["publish"] = json!(1),
        |_, jim2| {
            let list = "Attachments in Autotask:\n- screen.png\n- rates.xls\n\n[autotask:attachments-7001]";
            jim2["JobComment"][3]["comment"] = json!(list);
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let found = found(change);
        assert_eq!(
            troubles(&found),
            [Trouble::Differs],
            "change {number}: {found:?}"
        );
        let off = found_where_off("attachment", change);
        assert_eq!(off, [], "change {number}");
    }
}

#[test]
fn a_list_is_missing_only_of_what_came_since_the_site_wants_lists() {
    let forget = |_: &mut Value, jim2: &mut Value| {
        jim2["JobComment"].as_array_mut().unwrap().pop();
    };
    assert_eq!(found(forget), [], "it came before");
    let of_new = found_of_new(forget);
    assert_eq!(troubles(&of_new), [Trouble::Missing], "{of_new:?}");
    assert!(of_new[0].1.contains("screen.png"), "{of_new:?}");
    assert_eq!(found_where_off("attachment", forget), []);
    let internal = found_of_new(|autotask, jim2| {
        forget(autotask, jim2);
        autotask["TicketAttachments"][0]["publish"] = json!(2);
    });
    assert_eq!(internal, []);
    let follow_on = |at: &'static str| {
        found_of_new(move |autotask, jim2| {
            forget(autotask, jim2);
            jim2["Job"][0]["OurRef"] = json!("T20261123.0001/2");
            autotask["TicketAttachments"][0]["attachDate"] = json!(at);
        })
    };
    assert_eq!(
        follow_on("2026-11-23T00:00:30.000Z"),
        [],
        "the job follows another"
    );
    assert_eq!(
        troubles(&follow_on("2026-11-23T00:01:30.000Z")),
        [Trouble::Missing]
    );
}

#[test]
fn a_second_list_and_one_on_another_tickets_job_are_told_in_any_case() {
    let list = |jim2: &mut Value, of: i64| {
        let text = format!("Attachments in Autotask:\n- screen.png\n\n[autotask:attachments-{of}]");
        let more = json!({"id": "5001-10", "comment": text, "modifyinit": "API"});
        jim2["JobComment"].as_array_mut().unwrap().push(more);
    };
    let twice = |_: &mut Value, jim2: &mut Value| list(jim2, 7001);
    let strayed = |_: &mut Value, jim2: &mut Value| list(jim2, 7002);
    assert_eq!(troubles(&found(twice)), [Trouble::Twice]);
    assert_eq!(
        troubles(&found_where_off("attachment", twice)),
        [Trouble::Twice]
    );
    assert_eq!(troubles(&found(strayed)), [Trouble::Strayed]);
    assert_eq!(
        troubles(&found_where_off("attachment", strayed)),
        [Trouble::Strayed]
    );
    let by_people: Change = |_, jim2| {
        let text = "Look here [autotask:attachments-7002]";
        let theirs = json!({"id": "5001-10", "comment": text, "status": "", "modifyinit": "JC"});
        jim2["JobComment"].as_array_mut().unwrap().push(theirs);
    };
    assert_eq!(
        found_where_off("attachment", by_people)
            .iter()
            .filter(|(trouble, _)| *trouble == Trouble::Strayed)
            .count(),
        0
    );
}
