use super::*;
use crate::alerts::testing::{ZONE, at, cause, noon, there};

fn about(what: What, cause: &Cause) -> Message {
    Message::about(what, cause, &there(cause), noon(), ZONE)
}

#[test]
fn a_message_tells_what_waits_for_whom_since_when_and_the_one_next_step() {
    let message = about(What::Raised, &cause(12));
    assert_eq!(
        message.subject,
        "12 records wait: billing code Onsite AH has no Jim2 stock code – $4,310.20 ex GST"
    );
    assert_eq!(
        message.text(),
        "Affected: Bondi Bakery, O'Brien & Sons.\n\
         Held up: $4,310.20 ex GST.\n\
         Since Fri 27 Nov 14:02 (Australia/Sydney).\n\
         Next, for the bookkeeper: crossbill lookups set billingCodeStock autotask 29 <stock code>. It continues by \
         itself after that."
    );
}

#[test]
fn a_reminder_and_the_end_say_so_first() {
    let reminder = about(What::Reminded, &cause(1));
    assert!(
        reminder
            .subject
            .starts_with("Still: 1 record waits: billing"),
        "{}",
        reminder.subject
    );
    let gone = cause(12);
    let alert = Alert {
        over_at: Some(at("2026-11-27T05:10:00Z")),
        ..there(&gone)
    };
    let over = Message::about(What::Resolved, &gone, &alert, noon(), ZONE);
    assert!(
        over.subject.starts_with("Over: 12 records wait: billing"),
        "{}",
        over.subject
    );
    let text = over.text();
    assert!(
        text.contains("From Fri 27 Nov 14:02 to Fri 27 Nov 16:10."),
        "{text}"
    );
    assert!(!text.contains("Next"), "{text}");
}

#[test]
fn ten_companies_are_named_and_the_others_counted() {
    let mut many = cause(40);
    many.companies = (1..=10).map(|number| format!("Company {number}")).collect();
    many.companies_in_all = 17;
    let text = about(What::Raised, &many).text();
    assert!(
        text.starts_with("Affected: Company 1, ") && text.contains("Company 10 and 7 more."),
        "{text}"
    );
}

#[test]
fn what_does_not_go_on_by_itself_needs_the_reader() {
    let mut held = cause(2);
    held.continues = false;
    let text = about(What::Raised, &held).text();
    assert!(
        text.ends_with("It needs you after that: crossbill held replay."),
        "{text}"
    );
    let paused = Cause {
        class: "paused".to_owned(),
        ..held
    };
    let text = about(What::Raised, &paused).text();
    assert!(text.ends_with("It needs you."), "{text}");
}

#[test]
fn a_long_sentence_leaves_the_number_and_the_money_on_the_line_and_the_line_is_one() {
    let mut long = cause(12);
    long.says = format!("the ticket\nBcc: {} has no job", "x".repeat(500));
    let subject = about(What::Raised, &long).subject;
    assert!(
        subject.starts_with("12 records wait: the ticket Bcc: x"),
        "{subject}"
    );
    assert!(subject.ends_with("… – $4,310.20 ex GST"), "{subject}");
    assert!(
        !subject.contains('\n') && subject.chars().count() < 200,
        "{subject}"
    );
}
