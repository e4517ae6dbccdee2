//! Notes and comments.

use super::*;

fn note(changes: serde_json::Value) -> TicketNote {
    let mut note = json!({
        "id": 900, "ticketID": 7001, "title": "Call", "description": "Called Bob.", "noteType": 3, "publish": 1,
        "creatorResourceID": 29_682_885, "createDateTime": "2026-11-23T00:00:00Z",
    });
    merge(&mut note, changes);
    serde_json::from_value(note).unwrap()
}

fn comment(text: &str, by: &str, include: bool) -> JobComment {
    JobComment {
        job_no: 5001,
        line_id: 2,
        include: Told::Is(include),
        comment: Told::Is(text.to_owned()),
        modify_init: Told::Is(by.to_owned()),
        ..JobComment::default()
    }
}

/// The texts that go to the other side, and whether they are internal.
fn carried(
    note: Option<&TicketNote>,
    comment: Option<&JobComment>,
    facts: &Facts,
) -> Vec<(String, bool)> {
    let notes: Vec<&TicketNote> = note.into_iter().collect();
    let comments: Vec<&JobComment> = comment.into_iter().collect();
    let ticket = referred(ticket_of(json!({}), &company(json!({})), &notes));
    let plan = plan(
        &known(Some(ticket), Some(job_with(&base_job(), &comments))),
        facts,
    );
    plan.acts
        .into_iter()
        .filter_map(|act| match act {
            Act::CreateChild { text, internal, .. } => Some((text, internal)),
            Act::Create { .. }
            | Act::Update { .. }
            | Act::Refer { .. }
            | Act::UpdateChild { .. } => None,
        })
        .collect()
}

fn with(name: &str, value: serde_json::Value) -> Facts {
    let mut facts = facts();
    facts.settings.insert(name.to_owned(), value);
    facts
}

#[test]
fn a_note_for_customers_becomes_a_comment_with_its_author() {
    let text = "Jane Citizen wrote:\nCalled Bob.\n\n[autotask:900]".to_owned();
    assert_eq!(
        carried(Some(&note(json!({}))), None, &facts()),
        [(text, false)]
    );
    let by_contact = note(json!({"createdByContactID": 30}));
    assert!(
        carried(Some(&by_contact), None, &facts())[0]
            .0
            .starts_with("Bob Baker wrote:")
    );
}

#[test]
fn what_is_internal_or_written_by_a_system_stays() {
    for (changes, facts, travels) in [
        (json!({"publish": 2}), facts(), false),
        (json!({"publish": null}), facts(), false),
        (json!({"publish": 4}), facts(), true),
        (
            json!({"publish": 4}),
            with("note.publish.customer", json!([1])),
            false,
        ),
        (
            json!({"publish": 2}),
            with("notes.internal_to_jim2", json!(true)),
            true,
        ),
        (json!({"noteType": 13}), facts(), false),
        (
            json!({"noteType": 13, "publish": 2}),
            with("notes.internal_to_jim2", json!(true)),
            false,
        ),
        (json!({"description": " "}), facts(), false),
        (
            json!({}),
            with("jim2.comments_writable", json!(false)),
            false,
        ),
    ] {
        let carried = carried(Some(&note(changes.clone())), None, &facts);
        assert_eq!(!carried.is_empty(), travels, "{changes}");
    }
}

#[test]
fn a_comment_becomes_an_internal_note_unless_the_site_publishes_included_ones() {
    let publishing = with("notes.publish_to_customers", json!(true));
    for (include, facts, internal) in [
        (false, &facts(), true),
        (true, &facts(), true),
        (false, &publishing, true),
        (true, &publishing, false),
    ] {
        let carried = carried(
            None,
            Some(&comment("Parts are here.", "JC", include)),
            facts,
        );
        let text = "Jane Citizen wrote:\nParts are here.\n\n[jim2:5001-2]".to_owned();
        assert_eq!(carried, [(text, internal)]);
    }
}

#[test]
fn stamps_labour_lines_and_copies_are_no_comments() {
    let labour = with("notes.labour_prefix", json!("Labour:"));
    for (text, by, facts) in [
        ("", "JC", &facts()),
        ("Labour: 1.5 h", "JC", &labour),
        ("Bob wrote:\nhello\n\n[autotask:900]", "API", &facts()),
        (
            "Bob wrote:\nhello, mended\n\n[autotask:900]",
            "JC",
            &facts(),
        ),
        ("said by our user", "API", &facts()),
    ] {
        assert_eq!(
            carried(None, Some(&comment(text, by, true)), facts),
            [],
            "{text}"
        );
    }
}

#[test]
fn our_own_note_is_recognised_by_its_mark_and_not_copied_back() {
    let ours = note(
        json!({"creatorResourceID": 29_682_999, "description": "JC wrote:\nhi\n\n[jim2:5001-2]"}),
    );
    let ticket = referred(ticket_of(json!({}), &company(json!({})), &[&ours]));
    let said = comment("hi", "JC", false);
    let plan = plan(
        &known(Some(ticket), Some(job_with(&base_job(), &[&said]))),
        &facts(),
    );
    assert_eq!(plan.acts, []);
    assert_eq!(plan.links[0].jim2, Some("5001-2".into()));
}

#[test]
fn a_very_long_note_leaves_room_for_its_mark() {
    let long = note(json!({"description": "y".repeat(32_000)}));
    let (text, _) = carried(Some(&long), None, &facts()).remove(0);
    assert!(text.chars().count() < 32_000);
    assert!(text.ends_with("…\n\n[autotask:900]"));
}

#[test]
fn a_comment_that_says_what_a_line_of_labour_says_stays_without_any_setting() {
    for (labour, travels) in [
        (vec!["Changed the  fan.\r\n"], false),
        (vec!["Changed"], true),
        (vec![], true),
    ] {
        let labour: Vec<String> = labour.into_iter().map(str::to_owned).collect();
        let mut half = job_with(&base_job(), &[&comment("Changed the fan.", "JC", false)]);
        halves::tell_labour(&mut half, &labour);
        let pair = known(Some(referred(ticket(json!({})))), Some(half));
        let copied = plan(&pair, &facts())
            .acts
            .iter()
            .any(|act| matches!(act, Act::CreateChild { .. }));
        assert_eq!(copied, travels, "{labour:?}");
    }
}
